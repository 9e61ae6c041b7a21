"""Who stands behind a cell of a return: as many as it counts, each with where they stood, or the step they took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiceng.reports.form import MOVED, OPENING, Column
from jiceng.reports.lines import Line
from jiceng.reports.masks import NOWHERE, people, steps
from jiceng.reports.returns import Behind, Worked


@dataclass(frozen=True)
class Person:
    """A worker behind a cell, by number. `key`: the padded code of where they stand, stood before the period, or came to or
    left; `other`: the other end of a step; `post`, `worker_class`: numbers, None where the step is all that is known."""

    subject: int
    key: int
    post: int | None = None
    worker_class: int | None = None
    day: int | None = None
    other: int = NOWHERE
    cause: str | None = None


def people_behind(worked: Worked, line: Line, column: Column) -> list[Person]:
    """The workers behind a cell, by place and number; a column of movements has one for each step.

    Errors  ValueError for what a rule answers about the place
    """
    behind = worked.behind
    if column.measure == MOVED:
        found = _opening(behind, line) if column.of == OPENING else _stepping(behind, line, column)
        return sorted(found, key=lambda person: (person.day or 0, person.key, person.subject))
    here = _here(behind, line) & people(column, behind.traits, on=worked.period.on)
    return [_standing(behind, int(n)) for n in np.flatnonzero(here)]


def subjects_behind(worked: Worked, line: Line, column: Column) -> list[int]:
    """Their numbers, rising."""
    return sorted(person.subject for person in people_behind(worked, line, column))


def _here(behind: Behind, line: Line) -> NDArray[np.bool_]:
    here = np.zeros(len(behind.traits), bool)
    for low, high in line.spans:
        here |= (behind.traits.place_key >= low) & (behind.traits.place_key <= high)
    return here


def _standing(behind: Behind, n: int) -> Person:
    traits = behind.traits
    return Person(int(traits.subject[n]), int(traits.place_key[n]), int(traits.codes["post"][n]), int(traits.codes["worker_class"][n]))


def _stepping(behind: Behind, line: Line, column: Column) -> list[Person]:
    flows = behind.flows
    found = []
    for n in np.flatnonzero(steps(column, flows, line.spans)):
        came = column.of in ("arrivals", "moved_in")
        here, other = (flows.destination, flows.origin) if came else (flows.origin, flows.destination)
        cause = flows.cause[n] if flows.destination[n] == NOWHERE else None
        found.append(Person(int(flows.subject[n]), int(here[n]), day=int(flows.day[n]), other=int(other[n]), cause=cause))
    return found


def _opening(behind: Behind, line: Line) -> list[Person]:
    """Who served here before the first day: whoever serves now and took no step, and whose first step began here."""
    flows = behind.flows
    moved, first = np.unique(flows.subject, return_index=True)
    began = flows.inside(flows.origin, line.spans)[first]
    stayed = _here(behind, line) & ~np.isin(behind.traits.subject, moved)
    found = [_standing(behind, int(n)) for n in np.flatnonzero(stayed)]
    return [*found, *(Person(int(flows.subject[n]), int(flows.origin[n])) for n in first[began])]

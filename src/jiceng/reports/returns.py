"""A return worked out: counts by place from arrays, answers of rules by place; the same from kept rows and from the ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiceng.law.load import Law
from jiceng.reports.asked import Answered, answers_of, summed_rules
from jiceng.reports.form import CAUSE, FLOWS, MOVED, OPENING, Column, Form, form
from jiceng.reports.lines import Line, arranged, lines
from jiceng.reports.masks import NOWHERE, Flows, flows_of, people
from jiceng.runs.law import installed_law
from jiceng.runs.movements import movements
from jiceng.runs.standing import PAGE_SECONDS, moment_for
from jiceng.runs.traits import Traits, fresh_traits, kept_traits

Cell = int | Answered
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Period:
    """What a return speaks of: movements from `since` on, and the state at the end of `on`."""

    since: date
    on: date

    @property
    def until(self) -> date:
        """The first day after it."""
        return self.on + timedelta(days=1)


@dataclass(frozen=True)
class Behind:
    """The workers and steps behind the figures, by number and without names."""

    traits: Traits
    flows: Flows


@dataclass(frozen=True)
class Worked:
    """A return with its cells in the order of lines and columns, and who stands behind them."""

    form: Form
    place: int
    period: Period
    known_by: datetime | None
    law_hash: str
    lines: tuple[Line, ...]
    cells: tuple[tuple[Cell, ...], ...]
    behind: Behind

    def cell(self, key: str, column: str) -> Cell | None:
        """One cell by the key of its line and the id of its column."""
        at, across = self._lines.get(key), self._columns.get(column)
        return None if at is None or across is None else self.cells[at][across]

    def line(self, key: str) -> Line | None:
        """A line by its key."""
        at = self._lines.get(key)
        return None if at is None else self.lines[at]

    @cached_property
    def _lines(self) -> dict[str, int]:
        return {line.key: at for at, line in enumerate(self.lines)}

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {column.id: at for at, column in enumerate(self.form.columns)}


def worked_out(
    name: str, place: int, *, period: Period, known_by: datetime | None, today: date, seconds: float | None = PAGE_SECONDS
) -> Worked:  # fmt: skip
    """A return of a place from the kept rows of its day, under the law installed.

    Shape   the place, everything below it that counts, to three levels; columns as the form has them
    Time    state at the end of the period's last day, movements of its days, as known by `known_by`
    Errors  Refusal runs.catching_up, runs.building if the rows of that day are not ready within `seconds`
    """
    law = installed_law()
    moment = moment_for(on=period.on, known_by=known_by, today=today, seconds=seconds)
    made = form(name, law)
    traits = kept_traits(moment, place=place, rules=[*made.worker_rules, *summed_rules(law, place, on=period.on)], seconds=seconds)
    flows = flows_of(movements(place, since=period.since, until=period.until, known_by=known_by))
    behind = Behind(traits, flows)
    return _worked(made, place, period, known_by, law, lines(place, on=period.on, keys=keys_of(behind)), behind)


def worked_anew(
    made: Form, place: int, *, period: Period, known_by: datetime | None, law: Law, named: Sequence[tuple[int, str]]
) -> Worked:  # fmt: skip
    """The same from the ledger alone, keeping and using nothing kept: how a frozen return is worked out again.

    `named`: the places (code, name) the return has lines for, as the tree was when it was frozen
    """
    rules = [*made.worker_rules, *summed_rules(law, place, on=period.on)]
    traits = fresh_traits(place=place, rules=rules, on=period.on, known_by=known_by, law=law)
    flows = flows_of(movements(place, since=period.since, until=period.until, known_by=known_by))
    behind = Behind(traits, flows)
    return _worked(made, place, period, known_by, law, arranged(place, named, keys_of(behind)), behind)


def keys_of(behind: Behind) -> NDArray[np.int64]:
    """Padded codes at which somebody stands, or from or to which somebody moved."""
    ends = np.concatenate([behind.flows.origin, behind.flows.destination])
    return np.concatenate([behind.traits.place_key, ends[ends != NOWHERE]])


def _worked(
    made: Form, place: int, period: Period, known_by: datetime | None, law: Law, found: tuple[Line, ...], behind: Behind
) -> Worked:  # fmt: skip
    counted = _counts(made, found, behind, period)
    asked = answers_of(made, place, found, behind.traits, on=period.on, known_by=known_by, law=law)
    places = [n for n, column in enumerate(made.columns) if column.counted]
    ordered = {column.id: k for k, column in enumerate(made.columns[n] for n in places)}
    cells = tuple(
        tuple(int(counted[row, ordered[c.id]]) if c.counted else asked[row][c.of] for c in made.columns) for row in range(len(found))
    )
    return Worked(made, place, period, known_by, law.hash, found, cells, behind)


def _counts(made: Form, found: Sequence[Line], behind: Behind, period: Period) -> Counts:
    """Lines by counted columns."""
    columns = [column for column in made.columns if column.counted]
    keys = behind.traits.place_key  # in order
    spans = _Spans(found)
    table = np.zeros((len(found), len(columns)), np.int64)
    for at, column in enumerate(columns):
        if column.measure != MOVED:
            table[:, at] = spans.sums(keys, people(column, behind.traits, on=period.on))
    moved = _Moved(found, behind.flows, spans)
    serving = spans.sums(keys, np.ones(len(keys), bool))
    for at, column in enumerate(columns):
        if column.measure == MOVED:
            table[:, at] = moved(column) if column.of != OPENING else serving - _net(moved)
    return table


class _Spans:
    """The spans of all lines end to end, so that one pass counts for every line."""

    def __init__(self, found: Sequence[Line]) -> None:
        flat = [(low, high) for line in found for low, high in line.spans]
        self.low = np.array([low for low, _ in flat], np.int64)
        self.high = np.array([high for _, high in flat], np.int64)
        self.starts = np.cumsum([0, *(len(line.spans) for line in found)])[:-1]

    def sums(self, keys: NDArray[np.int64], mask: NDArray[np.bool_]) -> Counts:
        """How many of these keys (rising) lie in each line's spans where the mask holds."""
        so_far = np.concatenate([[0], np.cumsum(mask)])
        inside = so_far[np.searchsorted(keys, self.high, "right")] - so_far[np.searchsorted(keys, self.low, "left")]
        return np.add.reduceat(inside, self.starts)


class _Moved:
    """Counts of steps by line; the steps between places of the return are few and are looked at line by line."""

    def __init__(self, found: Sequence[Line], flows: Flows, spans: _Spans) -> None:
        self.spans, self.flows = spans, flows
        self.by_origin, self.by_destination = np.argsort(flows.origin), np.argsort(flows.destination)
        between = np.flatnonzero((flows.origin != NOWHERE) & (flows.destination != NOWHERE))
        some = Flows(flows.subject[between], flows.day[between], flows.origin[between], flows.destination[between], ())
        self.stayed = np.array(
            [int((some.inside(some.origin, one.spans) & some.inside(some.destination, one.spans)).sum()) for one in found], np.int64
        )

    def __call__(self, column: Column) -> Counts:
        flows = self.flows
        from_outside, to_outside = flows.origin == NOWHERE, flows.destination == NOWHERE
        if column.of == "arrivals":
            return self._ending(from_outside)
        if column.of == "moved_in":
            return self._ending(~from_outside) - self.stayed
        if column.of == "moved_out":
            return self._beginning(~to_outside) - self.stayed
        if column.of == CAUSE:
            to_outside = to_outside & np.array([cause == column.cause for cause in flows.cause], bool)
        return self._beginning(to_outside)

    def _ending(self, mask: NDArray[np.bool_]) -> Counts:
        return self.spans.sums(self.flows.destination[self.by_destination], mask[self.by_destination])

    def _beginning(self, mask: NDArray[np.bool_]) -> Counts:
        return self.spans.sums(self.flows.origin[self.by_origin], mask[self.by_origin])


def _net(moved: _Moved) -> Counts:
    arrivals, moved_in, departures, moved_out = (moved(Column(name, "", "", MOVED, name)) for name in FLOWS[1:])
    return arrivals + moved_in - departures - moved_out

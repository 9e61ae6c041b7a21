"""Which workers stand behind a column: one condition on arrays a column, used for the count, for the list and for differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jiceng.base.dates import day_number
from jiceng.base.kinds import LOWEST, AnswerKind, mark
from jiceng.places import tree
from jiceng.reports.form import ALL, ANSWERED, CODED, MONTHS, YEARS, Column
from jiceng.runs.movements import Movements
from jiceng.runs.structure import born_last
from jiceng.runs.traits import NO_DAY, Traits

Mask = NDArray[np.bool_]
NOWHERE = -1
_VALUES = LOWEST + int(AnswerKind.no_rule)
"""Encoded answers above it are values."""


def people(column: Column, traits: Traits, *, on: date) -> Mask:
    """The workers a column counts. Columns of movements and of answers about places count none of these."""
    if column.measure == ALL:
        return np.ones(len(traits), bool)
    if column.measure == CODED:
        return np.isin(traits.codes[column.of], column.codes)
    if column.measure == YEARS:
        return _in_years(column, traits, on)
    if column.measure == MONTHS:
        return _in_months(column, traits.answers[column.of])
    if column.measure == ANSWERED:
        return _answered(column, traits.answers[column.of], on)
    raise ValueError(f"{column.id} does not count those in service")


def _in_years(column: Column, traits: Traits, on: date) -> Mask:
    """By the same birthdays that bound the age bands of the workbench, worked out by the rules' own calendar."""
    if column.low is None or column.high is None:
        return np.asarray(traits.birth <= NO_DAY)
    first, last = born_last(column.high, on), born_last(column.low, on)
    return np.asarray((traits.birth > max(NO_DAY, day_number(first))) & (traits.birth <= day_number(last)))


def _in_months(column: Column, months: NDArray[np.int64]) -> Mask:
    known = months > _VALUES
    if column.low is None or column.high is None:
        return np.asarray(~known)
    years = np.where(known, months, 0) // 12
    return np.asarray(known & (years >= column.low) & (years < column.high))


def _answered(column: Column, answers: NDArray[np.int64], on: date) -> Mask:
    if column.kind != AnswerKind.value:
        return np.asarray(answers == mark(AnswerKind(column.kind)))
    if column.equals is not None:
        return np.asarray(answers == column.equals)
    low = day_number(on)
    return np.asarray((answers >= low) & (answers < low + (column.days or 0)) & (answers > _VALUES))


@dataclass(frozen=True)
class Flows:
    """Steps of a period as arrays of one length: whose, on which day, from where, to where (padded codes, NOWHERE outside), for
    what cause. In order of day and worker."""

    subject: NDArray[np.int64]
    day: NDArray[np.int64]
    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    cause: tuple[str, ...]

    def inside(self, ends: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> Mask:
        """Steps of which this end lies in one of the spans."""
        found = np.zeros(len(ends), bool)
        for low, high in spans:
            found |= (ends >= low) & (ends <= high)
        return found


def flows_of(found: Movements) -> Flows:
    """Movements as arrays."""

    def keys(codes: list[int]) -> NDArray[np.int64]:
        return np.array([tree.padded(code) if code else NOWHERE for code in codes], np.int64)

    return Flows(
        np.array([step.subject for step in found.steps], np.int64),
        np.array([day_number(step.day) for step in found.steps], np.int64),
        keys([step.origin for step in found.steps]), keys([step.destination for step in found.steps]),
        tuple(step.cause for step in found.steps),
    )  # fmt: skip


def steps(column: Column, flows: Flows, spans: Sequence[tuple[int, int]]) -> Mask:
    """The steps a column of movements counts at a place; of `opening` there is none, it is worked out."""
    origin, destination = flows.inside(flows.origin, spans), flows.inside(flows.destination, spans)
    if column.of == "arrivals":
        return destination & (flows.origin == NOWHERE)
    if column.of == "moved_in":
        return destination & ~origin & (flows.origin != NOWHERE)
    if column.of == "moved_out":
        return origin & ~destination & (flows.destination != NOWHERE)
    left = origin & (flows.destination == NOWHERE)
    return left if column.of == "departures" else left & np.array([cause == column.cause for cause in flows.cause], bool)

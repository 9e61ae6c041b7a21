"""Which rows of a moment match: filters and search over its columns, inside a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.ledger.identity import find_by_id_number
from jiceng.places import tree
from jiceng.runs import narrow
from jiceng.runs.columns import NO_DAY, PAGE_SECONDS, Array, Table, table_of
from jiceng.runs.law import installed_law
from jiceng.runs.models import State
from jiceng.runs.narrow import HIGH, LEAST_VALUE

Ranges = Sequence[tuple[int, int]]
"""Inclusive spans of padded place codes (tree.span) that a viewer may see. Empty: nothing."""
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class AnswerFilter:
    """Rows by what a rule answers: `kind` other than value, or a value equal, or a date within `days` from the day on, or a
    number from `least` to before `below`."""

    rule: str
    kind: AnswerKind = AnswerKind.value
    equals: int | None = None
    from_day: date | None = None
    days: int | None = None
    least: int | None = None
    below: int | None = None


@dataclass(frozen=True)
class RosterFilter:
    """What a roster list is narrowed to; empty fields narrow nothing. `born`: inclusive periods of birth days; `birth_untold`:
    those whose birthday nobody has recorded. `answers` must all hold, of `either` one."""

    place: int = 0
    state: int = State.in_service
    search: str = ""
    posts: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()
    educations: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()
    sexes: tuple[int, ...] = ()
    politicals: tuple[int, ...] = ()
    grades: tuple[int, ...] = ()
    born: tuple[tuple[date, date], ...] = ()
    birth_untold: bool = False
    answers: tuple[AnswerFilter, ...] = field(default=())
    either: tuple[AnswerFilter, ...] = field(default=())


def asks_for_a_number(text: str) -> bool:
    """Whether a search is a whole ID number, looked up by itself and never in names."""
    return len(text) in (15, 18) and text[:-1].isdigit()


_CODED = (
    ("post", "posts"), ("worker_class", "classes"), ("education", "educations"), ("certificate", "certificates"),
    ("sex", "sexes"), ("political", "politicals"), ("grade", "grades"),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What a filter leaves: places in the table's columns, in tree order."""

    moment: int
    table: Table
    at: Positions

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def subjects(self) -> NDArray[np.int64]:
        """Workers, in tree order."""
        return self.table.plain["subject"][self.at]

    def count_inside(self, code: int) -> int:
        """How many of them stand inside a place."""
        low, high = tree.span(code)
        return int(np.searchsorted(self.place_keys, high, side="right") - np.searchsorted(self.place_keys, low))

    @cached_property
    def place_keys(self) -> NDArray[np.int64]:
        """Padded codes of the places they stand in."""
        return self.table.plain["place_key"][self.at]


def find(moment: int, *, ranges: Ranges, filters: RosterFilter, rules: Iterable[str] = (), seconds: float | None = PAGE_SECONDS) -> Found:
    """Every row that matches.

    `rules`: further worker rules whose answers will be asked of the table
    Errors  Refusal runs.building if the columns are being read for the first time
    """
    text = filters.search.strip()
    by_name = bool(text) and not asks_for_a_number(text)
    asked = {*rules, *(one.rule for one in (*filters.answers, *filters.either))}
    table = table_of(moment, rules=_every_rule(asked), names=by_name, seconds=seconds)
    if filters.place:
        ranges = _common(ranges, tree.span(filters.place))
    parts = [_inside(table, first, last, filters) for first, last in _apart(ranges)]
    at = np.concatenate(parts) if parts else np.empty(0, np.int64)
    if text:
        hit = np.zeros(len(table), bool)
        hit[table.places_of(_searched(table, text))] = True
        at = at[hit[at]]
    return Found(moment, table, at)


def _every_rule(asked: Iterable[str]) -> tuple[str, ...]:
    """All worker rules of the law as soon as one is asked for: the rows' answers are read once, not once a rule."""
    wanted = set(asked)
    if not wanted:
        return ()
    rules = (rule for document in installed_law().documents for rule in document.rules)
    every = {rule.id for rule in rules if rule.of == "worker" and not rule.total and not rule.asked}
    return tuple(sorted(every | wanted))


def _common(ranges: Ranges, span: tuple[int, int]) -> list[tuple[int, int]]:
    both = [(max(first, span[0]), min(last, span[1])) for first, last in ranges]
    return [(first, last) for first, last in both if first <= last]


def _apart(ranges: Ranges) -> list[tuple[int, int]]:
    """The ranges in order, those that touch made one."""
    apart: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        else:
            apart.append((first, last))
    return apart


def _inside(table: Table, first: int, last: int, filters: RosterFilter) -> Positions:
    """Places of the rows of one range that match."""
    keys = table.plain["place_key"]
    low, high = int(np.searchsorted(keys, first)), int(np.searchsorted(keys, last, side="right"))
    held = np.ones(high - low, bool)
    if filters.state:
        held &= table.plain["state"][low:high] == filters.state
    for column, name in _CODED:
        if wanted := getattr(filters, name):
            held &= _any_of(table.plain[column][low:high], wanted)
    if filters.born or filters.birth_untold:
        birth = table.plain["birth"][low:high]
        born = (birth == NO_DAY) if filters.birth_untold else np.zeros(len(held), bool)
        for since, until in filters.born:
            born |= (birth != NO_DAY) & (birth >= day_number(since)) & (birth <= day_number(until))
        held &= born
    for one in filters.answers:
        held &= answered(table.answer(one.rule)[low:high], one)
    if filters.either:
        held &= np.logical_or.reduce([answered(table.answer(one.rule)[low:high], one) for one in filters.either])
    return np.flatnonzero(held) + low


def _any_of(column: Array, wanted: Sequence[int]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = column == wanted[0]
    for number in wanted[1:]:
        found |= column == number
    return found


def answered(held: Array, wanted: AnswerFilter) -> NDArray[np.bool_]:
    """Where a column of answers holds what is asked for."""
    if wanted.kind != AnswerKind.value:
        return narrow.equal(held, mark(wanted.kind))
    if wanted.equals is not None:
        return narrow.equal(held, wanted.equals)
    return narrow.between(held, *_bounds(wanted))


def _bounds(wanted: AnswerFilter) -> tuple[int, int]:
    """Values asked for, from the first to before the second; every value lies above the marks."""
    if wanted.from_day is None:
        return LEAST_VALUE if wanted.least is None else wanted.least, HIGH if wanted.below is None else wanted.below
    low = day_number(wanted.from_day)
    return low, HIGH if wanted.days is None else day_number(wanted.from_day + timedelta(days=wanted.days))


def _searched(table: Table, text: str) -> NDArray[np.int64]:
    """Workers by a whole ID number (through the blind index), by the beginning of a pinyin key, or by a part of the name."""
    if asks_for_a_number(text):
        return np.array([find_by_id_number(text.upper()) or 0])
    assert table.names is not None
    if text.isascii():
        return table.names.beginning(text.lower().replace(" ", ""))
    return table.names.containing(text)

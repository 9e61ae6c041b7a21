"""What law hands to a rule beside plain numbers: tables, bands, values by date; and a record of a history as a rule sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jiceng.base.kinds import DEFAULT_STEPS_IN, AnswerKind, kind_of
from jiceng.rules.language import Unanswerable, field_id
from jiceng.rules.types import TypeRef


@dataclass(frozen=True)
class Table:
    """Cells by the numbers of their axes. A cell that the text does not print is absent, and reading it is 无法回答."""

    axes: tuple[TypeRef, ...]
    cells: dict[tuple[int, ...], int]
    title: str = field(default="", compare=False)

    def __getitem__(self, key: int | tuple[int, ...]) -> int:
        found = self.cells.get(key if isinstance(key, tuple) else (key,))
        if found is None:
            raise Unanswerable(AnswerKind.open, f"“{self.title}”这一格未载明" if self.title else "表中没有印这一格")
        return _value(found, "表中这一格没有数值")


@dataclass(frozen=True)
class Bands:
    """Bands (low, high, value), both ends included; high None is open-ended (以上)."""

    bands: tuple[tuple[int, int | None, int], ...]


@dataclass(frozen=True)
class ByDate:
    """A value of the law as of any place and day: `look(place, day)` gives a value or a mark, encoded."""

    look: Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a rule sees it: since, until, place, and its fields. A field nobody filled makes the answer missing."""

    since: int
    until: int
    place: int
    values: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        found = self.values.get(field_id(name))
        if found is None:
            raise Unanswerable(AnswerKind.missing, f"记录里没有填“{field_id(name)}”")
        return found


def filled(row: Row, name: str) -> bool:
    """Whether a record has a field: what `known(a.field)` becomes."""
    return field_id(name) in row.values


def present(value: int | None, name: str) -> int:
    """An argument with `= None`, read as a value: without one the answer is missing."""
    if value is None:
        raise Unanswerable(AnswerKind.missing, f"没有“{name}”", absent=name)
    return value


def known(value: int | None) -> bool:
    """Whether an argument with `= None` has a value."""
    return value is not None


def band(bands: Bands, number: int) -> int:
    """The value of the band that holds a number: none is 无法回答, two are 条文不明 with both as options."""
    hits = tuple(v for low, high, v in bands.bands if low <= number and (high is None or number <= high))
    if not hits:
        raise Unanswerable(AnswerKind.open, "不在任何一档之内")
    if len(hits) > 1:
        raise Unanswerable(AnswerKind.ambiguous, "同时落在两档之内", hits)
    return _value(hits[0], "这一档没有数值")


def at(by_date: ByDate, row: Row, default: int | None = None) -> int:
    """The law's value at a record's own place and date; the default steps in where nothing was in force then."""
    found = by_date.look(row.place, row.since)
    if kind_of(found) in DEFAULT_STEPS_IN and default is not None:
        return default
    return _value(found, "当时当地没有这项规定")


def _value(number: int, why: str) -> int:
    kind = kind_of(number)
    if kind is not AnswerKind.value:
        raise Unanswerable(kind, why)
    return number

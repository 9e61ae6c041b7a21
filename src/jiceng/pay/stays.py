"""Who stands on the sheets of a month: everybody who served a day of it, by the sub-district served in, asked on the last such day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jiceng.base.dates import OPEN_END
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.places.tree import Level


@dataclass(frozen=True)
class Stay:
    """A person's service in one sub-district in a month: first and last day there, and the place served in on the last day.

    `days`     days of the month served there, each once

    `unit`     the sub-district, or the wider place itself where somebody is appointed to one
    `elsewhere` another sub-district in which the person served on one of the same days, 0 if none
    """

    subject: int
    unit: int
    place: int
    first: date
    last: date
    days: int
    elsewhere: int = 0


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_end(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - timedelta(days=1)


def month_name(month: date) -> str:
    """2026年10月."""
    return f"{month.year}年{month.month}月"


def unit_of(place: int) -> int:
    """The place whose sheet a place's people stand on: its sub-district; a wider place stands for itself."""
    return tree.up(place, Level.street) if tree.level_of(place) >= Level.street else place


def stays_of(subject: int, appointments: Iterable[FactRow], departures: Iterable[FactRow], *, month: date) -> list[Stay]:
    """A person's stays of one month, in the order they ended.

    Shape   one a sub-district; every day of service belongs to one stay. Who serves in two places on a day stands where the
            later of the two began, as the rules take the post begun last for the present one
    Empty   somebody who served on no day of the month has none
    """
    start, end = month_of(month), month_end(month)
    left = sorted(row.since for row in departures)
    spans: list[_Span] = []
    for row in appointments:
        if row.place is None:
            continue
        # Who left after it began no longer serves in it, as the rule in_service says.
        gone = next((day for day in left if day > row.since), OPEN_END)
        first, last = max(row.since, start), min(row.until, gone, end + timedelta(days=1)) - timedelta(days=1)
        if first <= last:
            spans.append(_Span(row.since, row.place, first, last))
    if len(spans) == 1:
        one = spans[0]
        return [Stay(subject, unit_of(one.place), one.place, one.first, one.last, (one.last - one.first).days + 1)]
    return _day_by_day(subject, spans)


@dataclass(frozen=True)
class _Span:
    """The days of the month that one appointment covers."""

    began: date
    place: int
    first: date
    last: date


def _day_by_day(subject: int, spans: Sequence[_Span]) -> list[Stay]:
    days: dict[int, list[tuple[date, int]]] = {}
    beside: dict[int, int] = {}
    for number in sorted({n for one in spans for n in range(one.first.toordinal(), one.last.toordinal() + 1)}):
        day = date.fromordinal(number)
        there = [one for one in spans if one.first <= day <= one.last]
        main = max(there, key=lambda one: (one.began, one.place))
        unit = unit_of(main.place)
        days.setdefault(unit, []).append((day, main.place))
        for other in there:
            if unit_of(other.place) != unit:
                beside[unit] = unit_of(other.place)
    stays = [
        Stay(subject, unit, served[-1][1], served[0][0], served[-1][0], len(served), beside.get(unit, 0)) for unit, served in days.items()
    ]
    return sorted(stays, key=lambda stay: (stay.last, stay.unit))

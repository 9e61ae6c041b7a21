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

    Shape   one a sub-district, from the first to the last day of the month served there
    Empty   somebody who served on no day of the month has none
    """
    start, end = month_of(month), month_end(month)
    left = sorted(row.since for row in departures)
    spans: list[tuple[int, int, date, date]] = []
    for row in appointments:
        if row.place is None:
            continue
        # Who left after it began no longer serves in it, as the rule in_service says.
        gone = next((day for day in left if day > row.since), OPEN_END)
        first, last = max(row.since, start), min(row.until, gone, end + timedelta(days=1)) - timedelta(days=1)
        if first <= last:
            spans.append((unit_of(row.place), row.place, first, last))
    return [] if not spans else _by_unit(subject, spans)


def _by_unit(subject: int, spans: Sequence[tuple[int, int, date, date]]) -> list[Stay]:
    found = []
    for unit in dict.fromkeys(one[0] for one in spans):
        own = [one for one in spans if one[0] == unit]
        first, last = min(one[2] for one in own), max(one[3] for one in own)
        place = max((one for one in own if one[3] == last), key=lambda one: one[2])[1]
        others = [o[0] for o in spans if o[0] != unit and any(o[2] <= one[3] and one[2] <= o[3] for one in own)]
        days = {day for one in own for day in range(one[2].toordinal(), one[3].toordinal() + 1)}
        found.append(Stay(subject, unit, place, first, last, len(days), others[0] if others else 0))
    return sorted(found, key=lambda stay: (stay.last, stay.unit))

"""A sheet beside the kept one of the month before, as page and command line show it: remembered, for both are frozen mostly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from jiceng.pay import frozen
from jiceng.pay.differences import Difference, Key, OfCause, by_cause, differences
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Sheet
from jiceng.pay.stays import month_before

_MEMORY: dict[tuple[str, str], Compared] = {}
_REMEMBERED = 24


@dataclass(frozen=True)
class Compared:
    """Two months of a place, net in fen. The nets of `groups` add up to `after − before`, their employer's parts likewise."""

    month: date
    before: int
    after: int
    employer_before: int
    employer_after: int
    found: tuple[Difference, ...]
    groups: tuple[OfCause, ...]

    @property
    def net(self) -> int:
        """By how much the whole differs, in fen."""
        return self.after - self.before

    @property
    def employer(self) -> int:
        """By how much the employer's cost differs, in fen."""
        return self.employer_after - self.employer_before

    @property
    def keys(self) -> frozenset[Key]:
        """Who differs."""
        return frozenset((one.subject, one.unit) for one in self.found)


def with_month_before(sheet: Sheet) -> Compared | None:
    """A sheet against the kept one of the same place for the month before; None where there is none."""
    kept = PaySheet.objects.filter(place=sheet.place, month=month_before(sheet.month)).first()
    if kept is None:
        return None
    key = (kept.hash, frozen.digest(frozen.written(sheet))[1])
    if key not in _MEMORY:
        while len(_MEMORY) >= _REMEMBERED:
            _MEMORY.pop(next(iter(_MEMORY)))
        _MEMORY[key] = _compared(frozen.thawed(kept), sheet)
    return _MEMORY[key]


def _compared(before: Sheet, after: Sheet) -> Compared:
    found, was, now = differences(after, before), before.totals, after.totals
    return Compared(before.month, was.net, now.net, was.employer, now.employer, found, by_cause(found))


def by_person(group: OfCause) -> dict[Key, list[Difference]]:
    """The differences of a group by person, in their order."""
    told: dict[Key, list[Difference]] = defaultdict(list)
    for one in group.differences:
        told[one.subject, one.unit].append(one)
    return told

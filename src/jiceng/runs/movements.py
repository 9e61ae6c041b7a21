"""Who came, left or moved between two days, and why: from the ledger's appointments and departures, one step a change.

In service means here what it means in the standing rows, so that for any place
opening in service + arrivals − departures + moved in − moved out = closing in service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from jiceng.base.dates import OPEN_END
from jiceng.ledger import reading
from jiceng.ledger.boundaries import with_boundary
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs.binding import serving
from jiceng.runs.law import installed_law

UNRECORDED = ""
"""The cause of a departure for which nobody recorded one: the appointment ended, and that is all that is known."""


@dataclass(frozen=True)
class Movement:
    """One change of where a worker serves. `origin` 0: came into service; `destination` 0: left it, for `cause`.

    `cause` is an id of the code list DepartureCause, UNRECORDED, or UNRECORDED for steps that are no departure
    """

    subject: int
    day: date
    origin: int
    destination: int
    cause: str = UNRECORDED


@dataclass(frozen=True)
class Movements:
    """Every change of service that touches some places over a period, in order of day and worker.

    Counts are of steps: who left and came again in the period did both.
    """

    places: tuple[int, ...]
    since: date
    until: date
    steps: tuple[Movement, ...]

    @cached_property
    def arrivals(self) -> tuple[Movement, ...]:
        """Who came into service here, from nowhere that the ledger knows."""
        return tuple(step for step in self.steps if not step.origin and self._here(step.destination))

    @cached_property
    def departures(self) -> tuple[Movement, ...]:
        """Who left service here."""
        return tuple(step for step in self.steps if not step.destination and self._here(step.origin))

    @cached_property
    def moved_in(self) -> tuple[Movement, ...]:
        """Who came from another place."""
        return tuple(step for step in self.steps if step.origin and self._here(step.destination) and not self._here(step.origin))

    @cached_property
    def moved_out(self) -> tuple[Movement, ...]:
        """Who went to another place."""
        return tuple(step for step in self.steps if step.destination and self._here(step.origin) and not self._here(step.destination))

    @cached_property
    def by_cause(self) -> dict[str, tuple[Movement, ...]]:
        """Departures by cause, in the order of the code list, UNRECORDED last; a cause of nobody has no entry."""
        found: dict[str, list[Movement]] = defaultdict(list)
        for step in self.departures:
            found[step.cause].append(step)
        causes = [item.id for item in installed_law().terms.codes["DepartureCause"].items]
        return {cause: tuple(found[cause]) for cause in [*causes, UNRECORDED] if cause in found}

    @property
    def net(self) -> int:
        """What the steps add to the number in service."""
        return len(self.arrivals) - len(self.departures) + len(self.moved_in) - len(self.moved_out)

    def inside(self, place: int) -> Movements:
        """The same for a place inside: moves between two places of the whole are moves in and out here.

        Errors  ValueError if the place lies outside, where not every step is known
        """
        if not any(tree.contains(outer, place) for outer in self.places):
            raise ValueError(f"{place} lies outside {self.places}")
        low, high = tree.span(place)
        touching = (s for s in self.steps if any(code and low <= tree.padded(code) <= high for code in (s.origin, s.destination)))
        return Movements((place,), self.since, self.until, tuple(touching))

    def _here(self, code: int) -> bool:
        return bool(code) and any(low <= tree.padded(code) <= high for low, high in self._spans)

    @cached_property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return tuple(tree.span(place) for place in self.places)


def movements(places: int | Sequence[int], *, since: date, until: date, known_by: datetime | None) -> Movements:
    """Every arrival, departure and move that touches these places over a period.

    Shape   one step a change of where somebody serves, by day and worker
    Time    changes that took effect on a day of [since, until), as known by `known_by` (None: now); opening is the state at
            the end of the day before `since`, closing at the end of the day before `until`
    Empty   no places, no steps
    """
    codes = (places,) if isinstance(places, int) else tuple(places)
    terms = installed_law().terms
    ranges = [pair for code in codes for pair in tree.ranges(code)]
    moved = with_boundary(ranges, since=since, until=until, placed="appointment", events=("departure",), terms=terms)
    told: dict[int, list[FactRow]] = defaultdict(list)
    for row in reading.history(moved, on=OPEN_END, known_by=known_by, kinds=("appointment", "departure"), terms=terms):
        told[row.subject].append(row)
    steps = [step for subject, rows in told.items() for step in _steps(subject, rows, since=since, until=until)]
    whole = Movements(codes, since, until, tuple(sorted(steps, key=lambda step: (step.day, step.subject))))
    return Movements(codes, since, until, tuple(s for s in whole.steps if whole._here(s.origin) or whole._here(s.destination)))


def _steps(subject: int, rows: list[FactRow], *, since: date, until: date) -> Iterable[Movement]:
    appointments = [row for row in rows if row.kind == "appointment"]
    departures = sorted((row for row in rows if row.kind == "departure"), key=lambda row: row.since)
    days = {day for row in appointments for day in (row.since, row.until)} | {row.since for row in departures}
    at = _place(appointments, departures, since - timedelta(days=1))
    for day in sorted(day for day in days if since <= day < until):
        now = _place(appointments, departures, day)
        if now != at:
            cause = UNRECORDED if now else _cause(appointments, departures, day)
            yield Movement(subject, day, at, now, cause)
        at = now


def _place(appointments: list[FactRow], departures: list[FactRow], on: date) -> int:
    row = serving(appointments, departures, on)
    return row.place or 0 if row else 0


def _cause(appointments: list[FactRow], departures: list[FactRow], day: date) -> str:
    """Of the departure recorded for the day service ended, or for a later one while nobody had taken the person on again."""
    again = min((row.since for row in appointments if row.since > day), default=OPEN_END)
    return next((row.data["cause"] for row in departures if day <= row.since < again), UNRECORDED)

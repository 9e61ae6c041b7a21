"""What a county's invented history is made of: lives, and acts in the order in which an office would have recorded them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from jiceng.demo.people import Person

OPENING = date(2016, 3, 1)
"""The day on which the counties' books were opened."""

HEADS = frozenset({"secretary_director", "secretary", "director"})
COMMITTEE = HEADS | {"deputy_secretary", "deputy_director", "committee"}
WHOLE_KINDS = ("appointment", "term", "training", "assessment", "certificate")


@dataclass(frozen=True)
class Begin:
    """A fact begins (or an event happens). `worker` 0: the fact is of the place itself."""

    worker: int
    kind: str
    since: date
    fields: dict[str, Any]
    place: int = 0
    until: date | None = None


@dataclass(frozen=True)
class End:
    """What holds of this kind (at this place, if given) ends on `day`."""

    worker: int
    kind: str
    day: date
    place: int = 0


@dataclass(frozen=True)
class Amend:
    """What was recorded of this kind with these fields was wrong; `fields` is right."""

    worker: int
    kind: str
    was: dict[str, Any]
    fields: dict[str, Any]


Line = Begin | End | Amend


@dataclass(frozen=True)
class Act:
    """One entry of the ledger to be: recorded on `day` in the county's book."""

    day: date
    county: int
    basis: str
    lines: tuple[Line, ...]


@dataclass
class Life:
    """One worker while the story runs. `post` and `since` are those of the present appointment."""

    number: int
    person: Person
    community: int
    post: str
    worker_class: str
    origin: str
    since: date
    started: date
    education: str
    political: str
    left: date | None = None
    trained: date | None = None
    certificate: str = ""
    certificate_registered: date | None = None
    in_service_education: str = ""
    contract_kind: str = ""
    contract_ends: date | None = None
    assessed: tuple[int, str] | None = None
    backup_for: int = 0
    only_in_workbook: bool = False
    settled: bool = False
    """A person whose story is told by hand: the dice leave it alone."""

    @property
    def head(self) -> bool:
        return self.post in HEADS


@dataclass
class Story:
    """One county's ten years while they are being written."""

    county: int
    on: date
    dice: Random
    communities: dict[int, str]
    numbers: Iterator[int]
    taken: set[str]
    lives: list[Life] = field(default_factory=list)
    written: dict[tuple[date, str], list[Line]] = field(default_factory=dict)

    def note(self, day: date, basis: str, *lines: Line) -> None:
        """Adds lines to the act of that day and basis; what would be recorded on `on` or later is not written."""
        if day < self.on:
            self.written.setdefault((day, basis), []).extend(lines)

    def serving(self, community: int = 0) -> list[Life]:
        """Workers in service now (in one community, or all)."""
        return [life for life in self.lives if life.left is None and (not community or life.community == community)]

    def acts(self) -> list[Act]:
        """Everything written, in time order."""
        return [Act(day, self.county, basis, tuple(lines)) for (day, basis), lines in sorted(self.written.items())]

    def day_in(self, year: int, first: tuple[int, int], days: int) -> date:
        """A day by dice, within `days` of (month, day)."""
        return date(year, *first) + timedelta(days=self.dice.randrange(days))

"""What answers are given about: a subject with its facts and histories as believed on a day, and where each came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from jiceng.base.dates import OPEN_END


@dataclass(frozen=True)
class Provenance:
    """Who recorded a fact, when, on what basis. `entry` is 0 where the fact is given by hand (a case, `--given`)."""

    entry: int = 0
    fact: int = 0
    actor: str = ""
    known: datetime | None = None
    basis: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Known:
    """One fact's value, encoded as an integer of its type."""

    value: int
    provenance: Provenance = Provenance()


@dataclass(frozen=True)
class Record:
    """One record of a history. `values` are encoded by field; a field nobody filled is absent."""

    since: date
    until: date
    place: int
    values: dict[str, int]
    provenance: Provenance = Provenance()


@dataclass(frozen=True)
class History:
    """Records sorted by `since`. `complete_from`: from that date on nothing is missing; None: nobody has said so.

    `whole`: complete_from lies on or before the start of the subject's first appointment (or is date.min).
    """

    records: tuple[Record, ...] = ()
    complete_from: date | None = None
    whole: bool = False

    @property
    def recent(self) -> bool:
        """Complete from the latest record on; without records only a whole history is."""
        if not self.records:
            return self.whole
        return self.complete_from is not None and self.complete_from <= self.records[-1].since


@dataclass(frozen=True)
class Total:
    """Sum of a worker rule over a place's subtree, with how many members had no value (by kind of answer).

    `until`: the first later day on which a member's answer may change with nothing recorded; None: nobody has said.
    """

    value: int
    members: int
    without: dict[int, int] = field(default_factory=dict)
    until: date | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Subject:
    """A worker, a place or a request on one day.

    `place` decides the law in force (0: only national law). `around` is the place a worker works in, so that worker
    rules may ask for facts of the place. `totals` are keyed by the summed rule's name. What is recorded already for days
    to come: `moves` is the first later day on which the place may be another, `later` the first on which a fact, or how
    complete a history is, changes (by name).
    """

    id: int
    of: str
    place: int
    facts: dict[str, Known] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    around: Subject | None = None
    totals: dict[str, Total] = field(default_factory=dict)
    moves: date = OPEN_END
    later: dict[str, date] = field(default_factory=dict)

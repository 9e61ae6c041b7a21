"""Moves that were made: who came from where, what was carried over, and where that would come out otherwise by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jiceng.base.dates import OPEN_END
from jiceng.base.quantities import yuan_text
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.ids import LINE_BITS
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import rows
from jiceng.runs import law_sets
from jiceng.runs.law import installed_law
from jiceng.runs.transfers import answers_about, carried_over, held


@dataclass(frozen=True)
class Recomputed:
    """One figure carried over: as recorded at the move, and as the facts believed now give it by the same law."""

    title: str
    recorded: str
    now: str


def recomputed(carried: FactRow) -> tuple[Recomputed, ...]:
    """Where what was carried over would come out otherwise by what is known now; the recorded figure stands until somebody corrects it.

    Time    as of the last day at the place left, by the law set of the move, by what is known now
    Errors  Refusal runs.law_set
    """
    law, data = law_sets.law_of(carried.data["law"]), carried.data
    last = date.fromisoformat(data["as_of"])
    told = reading.history([carried.subject], on=OPEN_END, terms=law.terms)
    left, steps = answers_about(carried.subject, told, on=last, law=law)
    now, _ = carried_over(steps, held(told, "grading", "grade", last), left=left, last=last, law=law)
    kind = law.terms.kinds["carried"]
    names = {entry: kind.fields[entry].name for entry in ("from_place", "grade", "pay", "years_since")}
    return tuple(
        Recomputed(title, _said(entry, data.get(entry)), _said(entry, now.get(entry)))
        for entry, title in names.items()
        if data.get(entry) != now.get(entry)
    )


def _said(entry: str, value: Any) -> str:
    if value is None:
        return "没有"
    return yuan_text(value) if entry == "pay" else f"{value} 级" if entry == "grade" else str(value)


@dataclass(frozen=True)
class Done:
    """A move that was made: the event, what was carried over (None inside one scheme), and what now differs (None: not to be checked)."""

    event: FactRow
    carried: FactRow | None
    differing: tuple[Recomputed, ...] | None


def transfers(ranges: Sequence[tuple[int, int]], *, on: date, known_by: datetime | None, most: int) -> list[Done]:
    """Moves to places inside these ranges up to a day, the latest first.

    Shape   at most `most`; each carried figure is worked out again
    """
    terms = installed_law().terms
    subjects = reading.ever_placed_in(ranges, kind="transfer", known_by=known_by, terms=terms)
    told = reading.history(subjects, on=on, known_by=known_by, kinds=("transfer", "carried"), terms=terms)
    inside = [f for f in told if f.kind == "transfer" and any(low <= (f.place or 0) <= high for low, high in ranges)]
    latest = sorted(inside, key=lambda fact: (fact.since, fact.id), reverse=True)[:most]
    return [_done(event, told) for event in latest]


def transfers_of(subject: int, *, on: date, known_by: datetime | None) -> list[Done]:
    """The moves of one worker up to a day, the latest first."""
    told = reading.history([subject], on=on, known_by=known_by, kinds=("transfer", "carried"), terms=installed_law().terms)
    return [_done(event, told) for event in reversed(told) if event.kind == "transfer"]


def _done(event: FactRow, told: Sequence[FactRow]) -> Done:
    carried = next((f for f in told if f.kind == "carried" and f.subject == event.subject and f.since == event.since), None)
    if carried is None or "law" not in carried.data:
        return Done(event, carried, () if carried is None else None)
    try:
        return Done(event, carried, recomputed(carried))
    except Refusal:
        return Done(event, carried, None)


def subject_moved_by(batch: int) -> int | None:
    """The worker whom an act of this number moved; None for any other act.

    Shape   one statement, whether there is such an act or not
    """
    found = rows(_MOVED, [LINE_BITS, LINE_BITS, batch])
    return int(found[0][0]) if found else None


_MOVED = """
SELECT f.subject FROM ledger_entry e JOIN ledger_fact f ON f.id >= (e.id << %s) AND f.id < ((e.id + 1) << %s)
WHERE e.batch = %s AND e.act = 'move' LIMIT 1
"""

"""Every change of where a worker serves, or of whether they count there, on any day: made from the ledger, kept, followed.

Sums of these rows give any place on any day, so that a trend needs no rows of past days. A change is found where the
ledger's periods begin and end and where the answer itself says that it may turn out otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from jiceng.answers.answer import answer
from jiceng.answers.population import encoded
from jiceng.answers.subject import Subject
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import among, insert, no_collector, run
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.models import Shift
from jiceng.runs.tallies import WITHOUT

COUNTED = "workers_total"
"""The place answer whose summed worker rule says whether a worker counts."""
NO_RULE = mark(AnswerKind.no_rule)
MARKS = {kind: mark(kind) for kind in WITHOUT}
_COLUMNS = ("moment_id", "subject", "day", "month", "before", "after", "counted_before", "counted_after")


class _At(NamedTuple):
    """Where somebody serves (padded, 0: nowhere) and what the counting rule answers."""

    place: int
    counted: int


_NOWHERE = _At(0, NO_RULE)


def month_of(day: date) -> int:
    """A day's month, counted from year 0."""
    return day.year * 12 + day.month - 1


def make(moment: int, ids: Sequence[int], *, known_by: datetime | None, law: Law) -> None:
    """Write the changes of these workers anew. Belongs into the caller's transaction.

    Empty   a worker without an appointment has no change
    """
    with no_collector():
        rows = list(_rows(moment, ids, known_by=known_by, law=law))
    condition, numbers = among("subject", ids)
    run(f"DELETE FROM runs_shift WHERE moment_id = %s AND {condition}", [moment, numbers])
    insert("runs_shift", _COLUMNS, rows)


def _rows(moment: int, ids: Sequence[int], *, known_by: datetime | None, law: Law) -> Iterator[tuple[object, ...]]:
    facts: dict[int, list[FactRow]] = defaultdict(list)
    for row in reading.history(ids, on=OPEN_END, known_by=known_by, terms=law.terms):
        facts[row.subject].append(row)
    places = {row.place for rows in facts.values() for row in rows if row.kind == "appointment" and row.place}
    around = binding.PlaceHistories(places, known_by=known_by, terms=law.terms)
    for subject in ids:
        before = _NOWHERE
        for day, after in _walk(subject, facts[subject], around=around, law=law):
            if after != before:
                yield moment, subject, day.isoformat(), month_of(day), before.place, after.place, before.counted, after.counted
            before = after


def _walk(subject: int, rows: list[FactRow], *, around: binding.PlaceHistories, law: Law) -> Iterator[tuple[date, _At]]:
    """Every day from which something may be otherwise, with what holds from then on."""
    appointments = [row for row in rows if row.kind == "appointment"]
    departures = [row for row in rows if row.kind == "departure"]
    bounds = sorted({day for row in appointments for day in (row.since, row.until)} | {row.since for row in departures})
    day = bounds[0] if appointments else OPEN_END
    while day < OPEN_END:
        following = next((bound for bound in bounds if bound > day), OPEN_END)
        if binding.serving(appointments, departures, day) is None:
            yield day, _NOWHERE
        else:
            bound = binding.bind(subject, rows, on=day, terms=law.terms, surroundings=_Around(around, day), sources=False)
            counted, horizon = _counted(bound, on=day, law=law)
            yield day, _At(tree.padded(bound.place), counted)
            following = min(following, horizon)
        day = following


def _counted(subject: Subject, *, on: date, law: Law) -> tuple[int, date]:
    """What the counting rule in force there answers, and until when."""
    regime = law.regime(subject.place, on)
    definition = regime.definitions.get(COUNTED)
    summed = definition.rule.total if definition and definition.rule else ""
    if not summed:
        return NO_RULE, regime.until
    step = answer(law, subject, summed, on=on)
    return encoded(step), min(step.horizon, regime.until)


class _Around:
    """Surroundings of one day, out of what is read for all days."""

    def __init__(self, told: binding.PlaceHistories, on: date) -> None:
        self.told, self.day = told, on

    def at(self, place: int) -> Subject:
        return self.told.on(place, self.day)


def serving_at(moment: int, places: Iterable[int]) -> list[int]:
    """Workers who serve, ever, at exactly these places."""
    keys = [tree.padded(place) for place in places]
    return sorted(set(Shift.objects.filter(moment_id=moment, after__in=keys).values_list("subject", flat=True)))

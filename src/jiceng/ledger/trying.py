"""A change looked at before it is made: the facts it would write and end, worked out as the real act does, nothing kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from jiceng.ledger.appending import check_size, next_entry
from jiceng.ledger.books import number_of
from jiceng.ledger.changes import Change
from jiceng.ledger.drafting import corrected_facts, draft
from jiceng.ledger.identity import refuse_taken
from jiceng.ledger.ids import first_fact
from jiceng.ledger.models import Book, microseconds
from jiceng.ledger.reading import FactRow, fact_rows
from jiceng.terms.registry import Terms


@dataclass(frozen=True)
class Tried:
    """What an entry would do: `facts` it would write, ids of the facts it would end, every subject it is about."""

    facts: tuple[FactRow, ...]
    ended: frozenset[int]
    subjects: tuple[int, ...]

    def over(self, rows: Iterable[FactRow], *, about: Iterable[int]) -> list[FactRow]:
        """These rows as they would be believed afterwards, for the subjects asked `about`, in the order of their days."""
        wanted = set(about)
        left = [row for row in rows if row.id not in self.ended]
        return sorted([*left, *(fact for fact in self.facts if fact.subject in wanted)], key=lambda row: (row.since, row.id))


def tried(book: Book | int, changes: Sequence[Change], *, known: datetime, terms: Terms) -> Tried:
    """What an entry with these changes would write and end. Nothing is written, no lock is taken, no key is made.

    Time    facts carry the ids they would get if nobody else wrote meanwhile, and `known` as the time of becoming known
    Errors  the refusals of `record`
    """
    number = number_of(book)
    corrected = corrected_facts(changes)
    made = draft(changes, corrected=corrected, terms=terms, new=False, trial=True)
    lines, endings = made.plan.facts, made.plan.endings
    check_size(lines, endings)
    refuse_taken(made.id_numbers)
    first, moment = first_fact(next_entry(number)), microseconds(known)
    found = [
        (first + at, subject, kind, slot, since, until, place, data, sealed, moment)
        for at, (_, subject, kind, slot, since, until, place, data, sealed) in enumerate(lines)
    ]
    subjects = dict.fromkeys([*(line.subject for line in lines), *(line.subject for line in corrected.values())])
    return Tried(tuple(fact_rows(found, terms)), frozenset(endings), tuple(subjects))

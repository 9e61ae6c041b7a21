"""After a change of the tree: facts placed at an old code are restated at the new one, in one entry a book."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction

from jiceng.base.dates import OPEN_END
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Entry
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.places.changes import Restated
from jiceng.runs.commit import Change, Clock, Correct, Record, commit
from jiceng.runs.law import installed_law


@transaction.atomic
def restate(restated: Restated, *, actor: str, why: str, clock: Clock) -> list[Entry]:
    """Facts at each old place from the day on stand at the new place; what held before the day stays where it was.

    So the roster of the new place on a later day, and of the old one on an earlier, are both one range. Learning of an old
    change late is an ordinary late entry. After a merger the place's own figures (residents) are left to a person.
    Shape   one entry a book that had anything to restate; none if nobody was there
    Errors  Refusal from the ledger; nothing is written then, and the caller's change of the tree goes with it
    """
    merged = {new for _, new in restated.moves if sum(other == new for _, other in restated.moves) > 1}
    changes: dict[int, list[Change]] = defaultdict(list)
    for old, new in restated.moves:
        own = not restated.assign and new not in merged
        changes[book_of(old).id] += [*_placed(old, new, restated.day), *(_own_figures(old, new, restated.day) if own else ())]
    return [
        commit(book, found, actor=actor, act="recode", basis=restated.basis, why=why, clock=clock)
        for book, found in sorted(changes.items())
        if found
    ]


def _placed(old: int, new: int, day: date) -> list[Change]:
    changes: list[Change] = []
    terms = installed_law().terms
    for kind in (kind.id for kind in terms.kinds.values() if kind.placed):
        subjects = reading.subjects_at(old, kind=kind, until_after=day, terms=terms)
        for fact in reading.history(subjects, on=OPEN_END, kinds=[kind], terms=terms):
            if fact.place == old and fact.until > day:
                changes += _moved(fact, fact.subject, day, place=new)
    return changes


def _own_figures(old: int, new: int, day: date) -> list[Change]:
    was, becomes = (tree.subject_of(code, tree.level_of(code)) for code in (old, new))
    changes: list[Change] = []
    for fact in reading.history([was], on=OPEN_END, terms=installed_law().terms):
        if fact.until > day:
            changes += _moved(fact, becomes, day, place=None)
    return changes


def _moved(fact: FactRow, subject: int, day: date, *, place: int | None) -> list[Change]:
    """The fact up to the day as it was, from the day on at the new place (or about the new place)."""
    since = max(fact.since, day)
    ended = Correct(fact.id, fact.since, day, fact.data) if fact.since < day else Correct(fact.id, None, None, None)
    return [ended, Record(subject, fact.kind, since, None if fact.until == OPEN_END else fact.until, fact.data, place=place)]

"""The writing door of the ledger. Only `runs` may come through it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from jiceng.ledger.appending import Clock, Header, append, ready_to_write
from jiceng.ledger.books import lock_books, lock_for, new_subjects, number_of
from jiceng.ledger.changes import Change, Correct, Record
from jiceng.ledger.drafting import corrected_facts, draft
from jiceng.ledger.erasing import erase
from jiceng.ledger.identity import refresh_lookups
from jiceng.ledger.models import Book, Entry
from jiceng.ledger.reading import touched
from jiceng.ledger.undoing import undo, undo_batch
from jiceng.terms.registry import Terms, base_terms


def record(
    book: Book | int,
    changes: Sequence[Change],
    *,
    actor: str,
    act: str = "record",
    basis: str,
    why: str,
    clock: Clock,
    batch: int | None = None,
    loaded: bool = False,
    terms: Terms | None = None,
) -> Entry:
    """One entry with these changes, in order; all of them or none. In the caller's transaction if there is one.

    Time    known is max(clock, the book's last known + 1 µs); the book's lock is held to the end of the transaction
    Errors  Refusal ledger.* (docs/errors), naming the kind and field
    Source  terms: the registry that declares the kinds; without it the shipped one
    """
    number = number_of(book)
    with transaction.atomic():
        ready_to_write()
        corrected = corrected_facts(changes)
        subjects = {change.subject if isinstance(change, Record) else corrected[change.fact].subject for change in changes}
        lock_for(number, subjects)
        made = draft(changes, corrected=corrected, terms=terms or base_terms(), new=False)
        header = Header(actor, act, basis, why, batch, None, loaded)
        entry = append(number, header, made.plan.facts, made.plan.endings, clock=clock)
        if made.identified:
            refresh_lookups(made.identified)
    return entry


__all__ = ["Change", "Correct", "Record", "erase", "lock_books", "new_subjects", "record", "touched", "undo", "undo_batch"]

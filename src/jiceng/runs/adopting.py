"""Adopting a document: a named office confirmed its text against its own paper. An act recorded about the document."""

from __future__ import annotations

from datetime import date

from jiceng.law.model import TRUSTS
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Entry
from jiceng.runs.commit import Clock, Record, commit
from jiceng.runs.law import document_subject, installed_law


def adopt(
    document: str, *, office: str, place: int, since: date, actor: str, basis: str, why: str, clock: Clock, loaded: bool = False
) -> Entry:  # fmt: skip
    """Record the confirmation in the book of the office's place; the law in use knows it at once.

    Errors  Refusal from the ledger
    """
    data = {"document": document, "office": office, "trust": TRUSTS["adopted"]}
    change = Record(document_subject(document), "adoption", since, None, data)
    entry = commit(book_of(place).id, [change], actor=actor, act="adopt", basis=basis, why=why, clock=clock, loaded=loaded)
    installed_law(reload=True)
    return entry

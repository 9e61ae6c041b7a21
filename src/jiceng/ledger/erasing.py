"""Erasure: a subject's key and look-ups are destroyed, an entry says so. What the law keeps of a personnel file stays, nameless."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.ledger import attachments
from jiceng.ledger.appending import Clock, Header, append, ready_to_write
from jiceng.ledger.books import lock_for
from jiceng.ledger.drafting import refuse_erased
from jiceng.ledger.ids import home_book
from jiceng.ledger.models import Entry, Key, Lookup
from jiceng.ledger.planning import Line
from jiceng.ledger.tables import among, anything_about, rows, run
from jiceng.terms.registry import base_terms

_log = logging.getLogger(__name__)
ERASURE = base_terms().kinds["erasure"].number


def erase(subject: int, *, actor: str, basis: str, why: str, clock: Clock, loaded: bool = False) -> Entry:
    """Destroy a worker's identity for good. Name, ID number, phone, address and documents attached can no longer be read; the
    rest stays.

    Time    the erasure is dated by the local day of `clock`
    Errors  Refusal ledger.no_subject, ledger.erased if it was done before
    """
    book = home_book(subject)
    if book is None or not anything_about(subject, subject):
        raise Refusal("ledger.no_subject", f"台账里没有编号 {subject} 的人员", do="请核对编号")
    with transaction.atomic():
        ready_to_write()
        lock_for(book, [subject])
        refuse_erased([subject])
        destroy_keys([subject])
        day = timezone.localdate(clock()).isoformat()
        line = Line(0, subject, ERASURE, None, day, OPEN_END.isoformat(), None, "{}", None)
        entry = append(book, Header(actor, "erase", basis, why, loaded=loaded), [line], [], clock=clock)
        transaction.on_commit(lambda: attachments.forget([subject]))
        transaction.on_commit(_scrub_after_commit)
    return entry


def destroy_keys(subjects: Iterable[int]) -> None:
    """Delete keys and look-ups of subjects."""
    condition, numbers = among("subject", subjects)
    for model in (Key, Lookup):
        run(f"DELETE FROM {model._meta.db_table} WHERE {condition}", [numbers])


def erased_subjects() -> list[int]:
    """Everyone whose identity was ever erased, from the ledger."""
    return [row[0] for row in rows("SELECT DISTINCT subject FROM ledger_fact WHERE kind = %s ORDER BY subject", [ERASURE])]


def scrub() -> bool:
    """Make deleted keys vanish from the files: empties the SQLite log, vacuums on PostgreSQL. Outside a transaction.

    False: a reader was in the way (SQLite); call again. What it cannot reach: copies of the file, archived logs, backups.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(cursor.fetchone()[0] == 0)
        cursor.execute("VACUUM ledger_key, ledger_lookup")
        return True


def _scrub_after_commit() -> None:
    if not scrub():
        _log.warning("an erased key may still stand in the database's log: a reader was in the way, scrub again")

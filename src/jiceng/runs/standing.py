"""Today's standing rows kept true: after each entry, as days pass, when law changes. Any other day is in moments.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from jiceng.answers.population import WORTH_COMPILING
from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.ledger import reading, tables
from jiceng.ledger.tables import no_collector
from jiceng.runs import bound, kept_files, moments
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, Moment, Standing
from jiceng.runs.rows import FEW, make_loops, make_rows
from jiceng.runs.writing import empty, remove, write

CHUNK = 1_000
MANY_DUE = 3_000
PAGE_SECONDS = 8.0
"""How long a page works before it says that it is not ready; what it has done by then stays done."""
_LOCKED_SECONDS = 5.0
_LOCKED_PAUSE = 0.02

Progress = Callable[[int, int], None]


def counted() -> None:
    """Let the database count the ledger and its rows after many came in, so that it plans for what is there."""
    tables.counted(Standing._meta.db_table)


def refresh(subjects: Iterable[int], *, on: date, law: Law | None = None, progress: Progress | None = None) -> int:
    """Make today's rows of these workers anew; gives how many rows were written. Belongs into the entry's transaction.

    Empty   a worker without an appointment believed has no row, and loses the one there was
    """
    ids = list(dict.fromkeys(subjects))
    law = law or installed_law()
    _note(on, law)
    if len(ids) >= WORTH_COMPILING:
        make_loops(law)
    written = 0
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        with no_collector():
            rows = make_rows(some, moment=TODAY, on=on, law=law)
        written += write(rows)
        gone = set(some) - {row.subject for row in rows}
        if gone:
            remove(TODAY, gone)
        if progress:
            progress(min(start + CHUNK, len(ids)), len(ids))
    return written


def _note(on: date, law: Law) -> None:
    """Keep what is said of all of today's rows true: made under one law, on no later day than that noted."""
    kept, new = Moment.objects.get_or_create(id=TODAY, defaults={"on": on, "law_hash": law.hash, "key": "today", "ready": True})
    if not new and kept.law_hash not in ("", law.hash):
        Moment.objects.filter(id=TODAY).update(law_hash="")
    if not new and (kept.on is None or kept.on < on):
        Moment.objects.filter(id=TODAY).update(on=on)


def _due(on: date, law: Law) -> QuerySet[Standing]:
    """Today's rows that have to be made anew; one look into an index where all were made under this law."""
    rows = Standing.objects.filter(moment_id=TODAY)
    if Moment.objects.filter(id=TODAY, law_hash=law.hash, on__lte=on).exists():
        return rows.filter(next_change__lte=on)
    return rows.filter(Q(next_change__lte=on) | ~Q(law_hash=law.hash) | Q(made_on__gt=on))


def _nothing_due(on: date, law: Law) -> bool:
    """The usual case, told by one statement: all rows made under this law, none of them due."""
    due = Standing.objects.filter(moment_id=TODAY, next_change__lte=on)
    made = Moment.objects.filter(id=TODAY, law_hash=law.hash, on__lte=on)
    return made.annotate(due=Exists(due)).values_list("due", flat=True).first() is False


def ensure(on: date, *, seconds: float | None = None) -> int:
    """Bring today's rows to the day `on`: only those whose next change has come, or that were made under another law.

    Many short transactions: an entry never waits long, and several callers share the work. Rows that an entry holds are
    made anew by that entry.
    Errors  Refusal runs.catching_up if more is due than can be done in `seconds`; what was done stays done
    """
    law = installed_law()
    if _nothing_due(on, law):
        return 0
    due, began, written = _due(on, law), time.monotonic(), 0
    if not due.exists():
        # Said once, so that the next page need not look through the rows.
        Moment.objects.filter(id=TODAY).update(law_hash=law.hash, on=on)
        return 0
    waiting = due.count()
    if seconds is None and waiting >= WORTH_COMPILING:
        make_loops(law)
    step = 2 * CHUNK if waiting > MANY_DUE else FEW
    while True:
        with transaction.atomic():
            ids = list(due.select_for_update(skip_locked=True).order_by("next_change").values_list("subject", flat=True)[:step])
            written += refresh(ids, on=on, law=law) if ids else 0
        spent = time.monotonic() - began
        if not ids:
            if not due.exists():
                break
            if spent > (seconds or _LOCKED_SECONDS):
                return written
            time.sleep(_LOCKED_PAUSE)
        elif seconds is not None and spent > seconds and (left := due.count()):
            raise _catching_up(waiting - left, waiting)
    Moment.objects.filter(id=TODAY).update(law_hash=law.hash, on=on)
    return written


def _catching_up(done: int, rows: int) -> Refusal:
    return Refusal(
        "runs.catching_up",
        f"名册正在按新的日期或法规重算，已完成 {max(done, 0):,} / {rows:,} 人",
        why="到期的人太多，一页等不了这么久",
        do="请稍候刷新本页，重算会接着进行",
    )


def rebuild(on: date, *, progress: Progress | None = None) -> int:
    """Today's rows from nothing. The old rows stay readable until the new ones are committed."""
    with transaction.atomic():
        _note(on, installed_law())
        empty(TODAY)
        return refresh(reading.subjects_of("appointment"), on=on, progress=progress)


def tighten(on: date, *, limit: int | None = None) -> int:
    """Work out exact next-change dates for rows that came through the loops, so that tomorrow has less to do."""
    loose = Standing.objects.filter(moment_id=TODAY, next_change=on + timedelta(days=1), made_on=on)
    ids = list(loose.values_list("subject", flat=True)[:limit])
    law = installed_law()
    for start in range(0, len(ids), FEW):
        with transaction.atomic():
            # By worker alone: told the day as well, the database would look through every loose row each time.
            mine = Standing.objects.filter(moment_id=TODAY, subject__in=ids[start : start + FEW]).select_for_update(skip_locked=True)
            refresh(mine.values_list("subject", flat=True), on=on, law=law)
    return len(ids)


def moment_for(*, on: date, known_by: datetime | None, today: date, seconds: float | None = PAGE_SECONDS) -> int:
    """Id of the moment to read: today's own rows, or the rows of that day, built now if nobody has asked before.

    A past day as known now follows the ledger: only workers touched since are made anew.
    Errors  Refusal runs.catching_up, runs.building if it takes longer than `seconds`; a job then finishes it meanwhile
    """
    from jiceng.runs import jobs  # which come back here

    try:
        if on == today and known_by is None:
            ensure(today, seconds=seconds)
            return TODAY
        return moments.built(on=on, known_by=known_by, law=installed_law(), seconds=seconds)
    except Refusal as refusal:
        if refusal.id == "runs.catching_up":
            jobs.catch_up_later()
        elif refusal.id == "runs.building":
            jobs.build_later(on, known_by)
        raise


def forget(subject: int) -> None:
    """Take a worker's name out of the rows of every moment, drop the lists kept to be fetched and the facts bound for simulations;
    part of erasure."""
    moments.forget(subject)
    kept_files.clear()
    bound.clear()


def row(subject: int, *, moment: int) -> Standing | None:
    """One worker's row at a moment."""
    return Standing.objects.filter(moment_id=moment, subject=subject).first()


def is_fresh(kept: Standing, *, on: date) -> bool:
    """Whether a row of today still says what is true on a day."""
    return kept.law_hash == installed_law().hash and kept.made_on <= on < kept.next_change


def row_on(subject: int, *, on: date, known_by: datetime | None, today: date) -> Standing | None:
    """One worker's row on any day, without building the rows of everybody else."""
    law = installed_law()
    if on == today and known_by is None:
        kept = row(subject, moment=TODAY)
        # No row is made as days pass: without one nothing is believed of the worker that would put him on the roster.
        return kept if kept is None or is_fresh(kept, on=on) else row(subject, moment=moment_for(on=on, known_by=None, today=today))
    rows = make_rows([subject], moment=TODAY, on=on, known_by=known_by, law=law)
    return Standing(**rows[0]._asdict()) if rows else None

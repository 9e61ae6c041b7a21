"""The standing projection kept true: after each entry, as days pass, when law changes; and past days built on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from jiceng.base.dates import OPEN_END
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, Moment, Standing
from jiceng.runs.rows import make_rows

CHUNK = 5_000
KEPT_MOMENTS = 8
_COLUMNS = [f.name for f in Standing._meta.concrete_fields if f.name not in ("id", "moment", "subject")]

Progress = Callable[[int, int], None]


def refresh(subjects: Iterable[int], *, on: date, law: Law | None = None, progress: Progress | None = None) -> int:
    """Make today's rows of these workers anew; gives how many rows were written. Belongs into the entry's transaction."""
    ids = list(dict.fromkeys(subjects))
    law = law or installed_law()
    Moment.objects.get_or_create(id=TODAY)
    written = 0
    for start in range(0, len(ids), CHUNK):
        written += _write(make_rows(ids[start : start + CHUNK], moment=TODAY, on=on, law=law))
        if progress:
            progress(min(start + CHUNK, len(ids)), len(ids))
    return written


def _write(rows: Sequence[Standing]) -> int:
    Standing.objects.bulk_create(rows, batch_size=500, update_conflicts=True, unique_fields=["moment", "subject"], update_fields=_COLUMNS)
    return len(rows)


def ensure(on: date) -> int:
    """Bring today's rows to the day `on`: only those whose next change has come, or that were made under another law."""
    law = installed_law()
    stale = Standing.objects.filter(moment_id=TODAY).filter(Q(next_change__lte=on) | ~Q(law_hash=law.hash) | Q(made_on__gt=on))
    ids = list(stale.values_list("subject", flat=True))
    if not ids:
        return 0
    with transaction.atomic():
        return refresh(ids, on=on, law=law)


def rebuild(on: date, *, progress: Progress | None = None) -> int:
    """Today's rows from nothing. The old rows stay readable until the new ones are committed."""
    with transaction.atomic():
        Standing.objects.filter(moment_id=TODAY).delete()
        return refresh(reading.subjects_of("appointment"), on=on, progress=progress)


def tighten(on: date, *, limit: int) -> int:
    """Work out exact next-change dates for rows that came through the loops, so that tomorrow has less to do."""
    loose = Standing.objects.filter(moment_id=TODAY, next_change=on + timedelta(days=1), made_on=on)
    ids = list(loose.values_list("subject", flat=True)[:limit])
    law = installed_law()
    with transaction.atomic():
        for start in range(0, len(ids), 50):
            _write(make_rows(ids[start : start + 50], moment=TODAY, on=on, law=law))
    return len(ids)


def moment_for(*, on: date, known_by: datetime | None, today: date) -> int:
    """Id of the moment to read: today's own rows, or the rows of that day, built now if nobody has asked before.

    A past day as known now is built anew once the ledger has moved on; a day with `known_by` in the past never changes.
    """
    if on == today and known_by is None:
        ensure(today)
        return TODAY
    law = installed_law()
    position = "" if known_by else _position()
    with transaction.atomic():
        kept = Moment.objects.filter(on=on, known_by=known_by, position=position, law_hash=law.hash).first()
        if kept:
            kept.save(update_fields=["used"])
            return kept.id
        Moment.objects.get_or_create(id=TODAY)
        moment = Moment.objects.create(on=on, known_by=known_by, position=position, law_hash=law.hash)
        ids = reading.subjects_of("appointment", known_by=known_by)
        for start in range(0, len(ids), CHUNK):
            rows = make_rows(ids[start : start + CHUNK], moment=moment.id, on=on, known_by=known_by, law=law)
            Standing.objects.bulk_create(rows, batch_size=500)
        _forget_old()
    return moment.id


def _forget_old() -> None:
    old = Moment.objects.exclude(id=TODAY).order_by("-used").values_list("id", flat=True)[KEPT_MOMENTS:]
    for id in list(old):
        Standing.objects.filter(moment_id=id).delete()
        Moment.objects.filter(id=id).delete()


def _position() -> str:
    heads = sorted((book, sequence) for book, (sequence, _) in reading.heads().items())
    return hashlib.sha256(repr(heads).encode()).hexdigest()


def forget(subject: int) -> None:
    """Remove a worker's rows of every moment; part of erasure."""
    Standing.objects.filter(subject=subject).delete()


def drop_gone(subjects: Iterable[int]) -> None:
    """Remove today's rows of workers who have no appointment believed any more."""
    ids = list(subjects)
    still = {fact.subject for fact in reading.history(ids, on=OPEN_END, kinds=["appointment"])}
    Standing.objects.filter(moment_id=TODAY, subject__in=[id for id in ids if id not in still]).delete()


def row(subject: int, *, moment: int) -> Standing | None:
    """One worker's row at a moment."""
    return Standing.objects.filter(moment_id=moment, subject=subject).first()

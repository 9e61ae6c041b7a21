"""Rows of any other day than today, or as known then: built on demand a piece at a time, kept, and following the ledger.

Each piece is a short transaction that holds the moment's own row. So two who ask at once share the work, a builder that is
killed leaves what it has done, and an entry waits for one piece at most.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from jiceng.answers.population import WORTH_COMPILING
from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.ids import DOCUMENT, PLACE, SEQ_BITS, first_fact
from jiceng.ledger.models import Book, Ending, Entry, Fact, microseconds
from jiceng.ledger.tables import no_collector
from jiceng.places import tree
from jiceng.runs import shifts
from jiceng.runs.models import TODAY, Moment, Standing
from jiceng.runs.pinyin import search_keys
from jiceng.runs.rows import ERASED, make_loops, make_rows
from jiceng.runs.writing import mark_of_writing, remove, write

PIECE = 1_000
KEPT_MOMENTS = 8
KEPT_SHIFTS = 3
_FACTS_A_STEP = 20_000
_USED_AGAIN = timedelta(minutes=10)


def built(*, on: date | None, known_by: datetime | None, law: Law, seconds: float | None) -> int:
    """Id of the moment, complete and up to the ledger; without a day, that of every change of service (runs.shifts).

    Errors  Refusal runs.building if it takes longer than `seconds`; what was built stays
    """
    key = hashlib.sha256(repr((on, known_by, law.hash)).encode()).hexdigest()
    kept = Moment.objects.filter(key=key).first() or _begun(key, on=on, known_by=known_by, law=law)
    deadline = None if seconds is None else time.monotonic() + seconds
    if not kept.ready:
        _build(kept.pk, law, deadline)
        _forget_old()
    if kept.heads != (now := _heads(known_by)):
        _follow(kept.pk, now, law, deadline)
    if kept.used < timezone.now() - _USED_AGAIN:
        Moment.objects.filter(pk=kept.pk).update(used=timezone.now())
    return int(kept.pk)


def _begun(key: str, *, on: date | None, known_by: datetime | None, law: Law) -> Moment:
    # The heads are read before the first row: a row can be newer than they say, never older.
    told = {"on": on, "known_by": known_by, "law_hash": law.hash, "heads": _heads(known_by)}
    with transaction.atomic():
        Moment.objects.get_or_create(id=TODAY, defaults={"key": "today", "ready": True})
        return Moment.objects.get_or_create(key=key, defaults=told)[0]


def _build(id: int, law: Law, deadline: float | None) -> None:
    ids: list[int] | None = None
    while True:
        with transaction.atomic():
            moment = Moment.objects.select_for_update().get(pk=id)
            if moment.ready:
                return
            if ids is None:
                ids = reading.subjects_of("appointment", known_by=moment.known_by)
                if deadline is None and len(ids) >= WORTH_COMPILING:
                    make_loops(law)
            at = bisect_right(ids, moment.reached)
            piece = ids[at : at + PIECE]
            _make(moment, piece, law)
            moment.reached, moment.ready = (piece[-1] if piece else moment.reached), at + len(piece) >= len(ids)
            moment.save(update_fields=["reached", "ready"])
        if moment.ready:
            return
        if deadline and time.monotonic() > deadline:
            raise _building(moment, at + len(piece), len(ids))


def _make(moment: Moment, ids: list[int], law: Law) -> None:
    if moment.on is None:
        shifts.make(int(moment.pk), ids, known_by=moment.known_by, law=law)
        return
    with no_collector():
        rows = make_rows(ids, moment=int(moment.pk), on=moment.on, known_by=moment.known_by, law=law)
    write(rows)
    gone = set(ids) - {row.subject for row in rows}
    if gone:
        remove(int(moment.pk), gone)


def _follow(id: int, now: dict[str, int], law: Law, deadline: float | None) -> None:
    """Make anew the workers that entries since then have touched, some entries at a time."""
    for book, last in now.items():
        seen = 0
        while seen < last:
            with transaction.atomic():
                moment = Moment.objects.select_for_update().get(pk=id)
                seen = moment.heads.get(book, 0)
                if seen >= last:
                    break
                upto = _some(int(book), seen, last)
                touched = _touched(moment, int(book), seen + 1, upto)
                for at in range(0, len(touched), PIECE):
                    _make(moment, touched[at : at + PIECE], law)
                moment.heads[book] = seen = upto
                moment.save(update_fields=["heads"])
            if deadline and time.monotonic() > deadline and seen < last:
                raise _building(moment, seen, last, "号条目")


def _some(book: int, seen: int, last: int) -> int:
    """The last of the entries to follow in one step: as many as have some ten thousand facts, one at least."""
    facts = 0
    for seq, wrote, ended in (
        Entry.objects.filter(book=book, seq__gt=seen, seq__lte=last).order_by("seq").values_list("seq", "facts", "endings")[:1_000]
    ):
        facts += wrote + ended
        upto = seq
        if facts > _FACTS_A_STEP:
            break
    return upto


def _touched(moment: Moment, book: int, first: int, last: int) -> list[int]:
    """Workers about whom these entries of a book said anything or ended a fact, or about the place they stand at."""
    low, high = book << SEQ_BITS | first, book << SEQ_BITS | last
    told = Fact.objects.filter(id__gte=first_fact(low), id__lt=first_fact(high + 1)).values("subject")
    ended = Ending.objects.filter(entry__gte=low, entry__lte=high).values("fact")
    about = Fact.objects.filter(id__in=ended).values("subject")
    subjects = {row["subject"] for row in told.union(about)}
    places = [tree.code_of(subject) for subject in subjects if subject >= PLACE]
    there = (standing_at if moment.on else shifts.serving_at)(int(moment.pk), places)
    return sorted({subject for subject in subjects if subject < DOCUMENT} | set(there))


def standing_at(id: int, places: Sequence[int]) -> list[int]:
    """Workers who stand at exactly these places at a moment."""
    found = Standing.objects.filter(moment_id=id, place_key__in=[tree.padded(place) for place in places], place__in=places)
    return list(found.order_by("subject").values_list("subject", flat=True))


def _heads(known_by: datetime | None) -> dict[str, int]:
    """Book → number of its last entry known by then. Today's end is a `known_by` too, and entries still come until then."""
    told = Entry.objects.filter(book=OuterRef("id"))
    if known_by is not None:
        told = told.filter(known__lte=microseconds(known_by))
    last = told.order_by().values("book").annotate(last=Max("seq")).values("last")
    found = Book.objects.annotate(last=Subquery(last)).order_by("id").values_list("id", "last")
    return {str(book): number for book, number in found if number is not None}


def _forget_old() -> None:
    kept = Moment.objects.exclude(id=TODAY).order_by("-used").values_list("id", flat=True)
    for id in [*kept.filter(on__isnull=False)[KEPT_MOMENTS:], *kept.filter(on=None)[KEPT_SHIFTS:]]:
        with transaction.atomic():
            Standing.objects.filter(moment_id=id).delete()
            Moment.objects.filter(id=id).delete()


def forget(subject: int) -> None:
    """Take a worker's name out of every moment. Waits for pieces being built, which may hold the name in memory."""
    list(Moment.objects.select_for_update().exclude(id=TODAY).order_by("id").values_list("id", flat=True))
    for moment in Standing.objects.filter(subject=subject).order_by("moment").values_list("moment_id", flat=True):
        blank = {"name": ERASED, "pinyin": search_keys(ERASED), "id_masked": "", "written": mark_of_writing(moment)}
        Standing.objects.filter(moment_id=moment, subject=subject).update(**blank)


def _building(moment: Moment, done: int, whole: int, what: str = "人") -> Refusal:
    of = f"{moment.on:%Y-%m-%d}的名册" if moment.on else "历月人员变动"
    return Refusal(
        "runs.building",
        f"{of}正在整理，已完成 {done:,} / {whole:,} {what}",
        why="第一次查看，人数较多",
        do="请稍候刷新本页，整理会接着进行",
    )

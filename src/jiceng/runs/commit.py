"""The write door: everything above the ledger writes here. An entry and the standing rows it touches, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from jiceng.ledger import bulk
from jiceng.ledger import record as ledger
from jiceng.ledger.ids import DOCUMENT, PLACE
from jiceng.ledger.models import Entry
from jiceng.ledger.record import Change, Correct, Record, new_subjects
from jiceng.places import tree
from jiceng.runs import jobs, moments, standing
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY
from jiceng.runs.rows import FEW

__all__ = ["Change", "Correct", "Record", "commit", "erase", "land", "new_subjects", "undo", "undo_batch"]

Clock = Callable[[], datetime]


def rising(clock: Clock) -> Clock:
    """A clock that never tells the same moment twice, so that entries of one act in several books keep their order."""
    last: datetime | None = None

    def tick() -> datetime:
        nonlocal last
        now = clock()
        last = now if last is None or now > last else last + timedelta(microseconds=1)
        return last

    return tick


def local_day(clock: Clock) -> date:
    """The calendar day here at the clock's time."""
    return clock().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _workers(subjects: Iterable[int]) -> list[int]:
    """The workers among these subjects, and those who stand at the places among them: their rules may ask for its facts."""
    told = list(subjects)
    places = [tree.code_of(subject) for subject in told if subject >= PLACE]
    return [*(subject for subject in told if subject < DOCUMENT), *(moments.standing_at(TODAY, places) if places else ())]


def commit(
    book: int, changes: Sequence[Change], *, actor: str, act: str = "record", basis: str, why: str, clock: Clock,
    batch: int | None = None, loaded: bool = False,
) -> Entry:  # fmt: skip
    """Record changes as one entry and refresh the rows of the workers touched.

    `loaded` marks entries replayed by the demo loader: their clock is in the past, and the loader rebuilds standing once
    at the end.
    Errors  Refusal from the ledger; nothing is written then
    """
    terms = installed_law().terms
    with transaction.atomic():
        entry = ledger.record(
            book, changes, actor=actor, act=act, basis=basis, why=why, clock=clock, batch=batch, loaded=loaded, terms=terms
        )
        if not loaded:
            standing.refresh(_workers(ledger.touched(entry)), on=local_day(clock))
    return entry


def undo(entry_id: int, *, actor: str, why: str, clock: Clock) -> Entry:
    """Undo one entry: what it wrote is no longer believed, what it ended is believed again.

    Shape   of an act in two books (a move) every entry, in one transaction; gives the undo of the one asked for
    """
    batch = act_of_two_books(entry_id)
    if batch is not None:
        entries = undo_batch(batch, actor=actor, why=why, clock=rising(clock))
        return next(entry for entry in entries if entry.undoes == entry_id)
    with transaction.atomic():
        entry = ledger.undo(entry_id, actor=actor, why=why, clock=clock, terms=installed_law().terms)
        standing.refresh(_workers(ledger.touched(entry)), on=local_day(clock))
    return entry


def act_of_two_books(entry_id: int) -> int | None:
    """The number of the move, or of the undo of one, that an entry is part of; None for any other entry."""
    found = Entry.objects.filter(id=entry_id).first()
    root = found
    while root is not None and root.undoes is not None:
        root = Entry.objects.filter(id=root.undoes).first()
    return found.batch if found is not None and root is not None and root.act == "move" else None


def undo_batch(batch: int, *, actor: str, why: str, clock: Clock, progress: standing.Progress | None = None) -> list[Entry]:
    """Undo every entry of an import, newest first, all or nothing."""
    with transaction.atomic():
        entries = ledger.undo_batch(batch, actor=actor, why=why, clock=clock, terms=installed_law().terms)
        touched = {subject for entry in entries for subject in ledger.touched(entry)}
        standing.refresh(_workers(sorted(touched)), on=local_day(clock), progress=progress)
    return entries


def erase(subject: int, *, actor: str, basis: str, why: str, clock: Clock) -> Entry:
    """Deletion on request: key, look-ups and rows go; the ledger keeps its seals."""
    with transaction.atomic():
        entry = ledger.erase(subject, actor=actor, basis=basis, why=why, clock=clock)
        standing.forget(subject)
    return entry


def land(
    book: int, chunks: Iterable[Sequence[tuple[int, Sequence[Change]]]], *, actor: str, basis: str, why: str, clock: Clock,
    batch: int | None, act: str = "import", progress: standing.Progress | None = None,
) -> list[Entry]:  # fmt: skip
    """Land many subjects: entries of at most 5,000, one batch, one transaction with the rows it makes.

    Source  batch: without one, the number of the first entry
    """
    with transaction.atomic():
        touched: list[int] = []

        def noted() -> Iterable[Sequence[tuple[int, Sequence[Change]]]]:
            for chunk in chunks:
                touched.extend(subject for subject, _ in chunk)
                yield chunk

        terms = installed_law().terms
        entries = bulk.land(book, noted(), actor=actor, basis=basis, why=why, clock=clock, batch=batch, act=act, terms=terms)
        if len(touched) > FEW:
            standing.counted()
        standing.refresh(_workers(touched), on=local_day(clock), progress=progress)
        if len(touched) > FEW:
            transaction.on_commit(jobs.catch_up_later)
    return entries

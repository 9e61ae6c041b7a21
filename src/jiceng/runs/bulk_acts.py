"""One act for many workers: what it would write about each and who is refused, then everything as one batch or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.ids import COUNTER_BITS, LINE_BITS, SEQ_BITS, first_fact
from jiceng.ledger.models import Entry
from jiceng.ledger.reading import FactRow
from jiceng.ledger.record import Change, lock_books
from jiceng.ledger.tables import among, rows
from jiceng.ledger.trying import tried
from jiceng.runs import commit
from jiceng.runs.models import TODAY, Standing
from jiceng.terms.registry import Terms

MOST = 5_000
"""So many workers a batch."""

Clock = Callable[[], datetime]
Changes = Mapping[int, Sequence[Change]]
"""By worker: what is to be recorded."""


@dataclass(frozen=True)
class Planned:
    """What the changes of each worker would do. `same`: workers about whom nothing new is said.

    `wrote`, `ended`: by worker, the facts that would be written, and those they would take the place of
    """

    wrote: dict[int, tuple[FactRow, ...]]
    ended: dict[int, tuple[FactRow, ...]]
    same: frozenset[int]
    refused: dict[int, Refusal] = field(default_factory=dict)


def planned(wanted: Changes, *, book: int, clock: Clock, terms: Terms) -> Planned:
    """Each worker's changes looked at by themselves; nothing is written.

    Errors  none for a worker: the ledger's refusal stands in `refused`
    """
    held: dict[int, list[FactRow]] = defaultdict(list)
    for row in reading.history(wanted, on=OPEN_END, terms=terms):
        held[row.subject].append(row)
    refused: dict[int, Refusal] = {}
    wrote: dict[int, list[FactRow]] = {subject: [] for subject in wanted}
    ended: set[int] = set()
    try:
        together = [tried(book, [change for changes in wanted.values() for change in changes], known=clock(), terms=terms)]
    except Refusal:
        # Somebody is refused: one by one, to tell who and why. Without a refusal two reads are enough for all.
        together = []
        for subject, changes in wanted.items():
            try:
                together.append(tried(book, changes, known=clock(), terms=terms))
            except Refusal as refusal:
                refused[subject] = refusal
    for what in together:
        ended |= what.ended
        for fact in what.facts:
            wrote[fact.subject].append(fact)
    gone = {subject: tuple(row for row in held[subject] if row.id in ended) for subject in wanted}
    same = {s for s in wanted if s not in refused and _nothing_new(wrote[s], gone[s], held[s], terms)}
    return Planned({s: tuple(facts) for s, facts in wrote.items()}, gone, frozenset(same), refused)


def _nothing_new(wrote: Sequence[FactRow], ended: Sequence[FactRow], held: Sequence[FactRow], terms: Terms) -> bool:
    """What would be written says exactly what it ends says; an event that stands in the ledger already with the same words."""
    if ended:
        return sorted(map(_said, wrote)) == sorted(map(_said, ended))
    there = {_said(row) for row in held}
    return all(terms.kinds[fact.kind].cardinality == "event" and _said(fact) in there for fact in wrote)


def _said(row: FactRow) -> tuple[str, ...]:
    return (row.kind, row.slot or "", row.since.isoformat(), row.until.isoformat(), str(row.place), repr(sorted(row.data.items())))


def book_heads() -> dict[int, int]:
    """Book → number of its last entry: what a look was based on. Read before the look, it can be too old, never too new."""
    return {book: seq for book, (seq, _) in reading.heads().items()}


def moved_since(then: Mapping[int, int], subjects: Sequence[int]) -> dict[int, int]:
    """Entries made since then that said or ended anything about these workers: entry → how many of them."""
    found: dict[int, set[int]] = defaultdict(set)
    whose, numbers = among("f.subject", subjects)
    for book, last in book_heads().items():
        low, high = book << SEQ_BITS | then.get(book, 0) + 1, book << SEQ_BITS | last
        if low > high:
            continue
        told = f"SELECT f.id >> {LINE_BITS}, f.subject FROM ledger_fact f WHERE f.id >= %s AND f.id < %s AND {whose}"
        gone = "SELECT e.entry, f.subject FROM ledger_ending e JOIN ledger_fact f ON f.id = e.fact"
        gone += f" WHERE e.entry BETWEEN %s AND %s AND {whose}"
        for entry, subject in [
            *rows(told, [first_fact(low), first_fact(high + 1), numbers]),
            *rows(gone, [low, high, numbers]),
        ]:
            found[entry].add(subject)
    return {entry: len(who) for entry, who in sorted(found.items())}


def record_many(
    by_book: Mapping[int, Changes], *, heads: Mapping[int, int], actor: str, basis: str, why: str, clock: Clock,
    progress: Callable[[int, int], None] | None = None,
) -> int:  # fmt: skip
    """All of it as one batch in one transaction: an entry a book; gives the batch.

    Errors  Refusal bulk.moved if entries since `heads` spoke of these workers; refusals of the ledger. Nothing is written then
    """
    subjects = [subject for wanted in by_book.values() for subject in wanted]
    batch: int | None = None
    done = 0
    with transaction.atomic():
        lock_books(sorted({*by_book, *(subject >> COUNTER_BITS for subject in subjects)}))
        refuse_moved(heads, subjects)
        for book in sorted(by_book):
            wanted = by_book[book]
            entries = commit.land(
                book, [list(wanted.items())], actor=actor, basis=basis, why=why, clock=clock, batch=batch, act="record"
            )  # fmt: skip
            batch = batch or entries[0].batch
            done += len(wanted)
            if progress:
                progress(done, len(subjects))
    assert batch is not None
    return batch


def refuse_moved(heads: Mapping[int, int], subjects: Sequence[int]) -> None:
    """Refuse an act whose look is out of date.

    Errors  Refusal bulk.moved if entries since `heads` spoke of these workers
    """
    moved = moved_since(heads, subjects)
    if not moved:
        return
    entries = Entry.objects.in_bulk(list(moved)[:5])
    told = "；".join(f"{entry}由 {entry.actor} 记入，涉及所选 {moved[number]} 人" for number, entry in entries.items())
    more = f"；另有 {len(moved) - 5} 号" if len(moved) > 5 else ""
    raise Refusal("bulk.moved", "预览之后台账又有变化，本次没有记入", why=told + more, do="已按现在的台账重新算过，请看过再确认")


def entries_of(batch: int) -> dict[int, bool]:
    """The entries of a batch: number → whether it has been undone since."""
    numbers = list(Entry.objects.filter(batch=batch).order_by("known", "id").values_list("id", flat=True))
    undone = set(Entry.objects.filter(undoes__in=numbers).values_list("undoes", flat=True))
    return {number: number in undone for number in numbers}


def places_of_batch(batch: int) -> set[int]:
    """Places the entries of a batch speak about: who undoes it must be allowed to at all of them.

    Shape   one statement, whether there is such a batch or not
    """
    return {place for (place,) in rows(_SPOKEN, [LINE_BITS, LINE_BITS, batch, batch, TODAY])}


# Of the facts written and ended that have a place, and of their workers as they stand today.
_SPOKEN = """
WITH told AS (
    SELECT f.subject, f.place FROM ledger_entry e JOIN ledger_fact f ON f.id >= (e.id << %s) AND f.id < ((e.id + 1) << %s)
    WHERE e.batch = %s
    UNION
    SELECT f.subject, f.place FROM ledger_entry e JOIN ledger_ending d ON d.entry = e.id JOIN ledger_fact f ON f.id = d.fact
    WHERE e.batch = %s
)
SELECT place FROM told WHERE place IS NOT NULL
UNION SELECT s.place FROM told JOIN runs_standing s ON s.moment_id = %s AND s.subject = told.subject
"""


def standing_rows(subjects: Sequence[int], *, moment: int = TODAY) -> dict[int, Standing]:
    """Rows of these workers at a moment, in tree order; one who has no row is left out."""
    found: list[Standing] = []
    for at in range(0, len(subjects), 500):
        found += Standing.objects.filter(moment_id=moment, subject__in=subjects[at : at + 500])
    return {row.subject: row for row in sorted(found, key=lambda row: (row.place_key, row.subject))}

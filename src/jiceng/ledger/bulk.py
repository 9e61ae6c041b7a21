"""Landing many subjects at once: entries of at most 5,000 subjects under one batch, in one transaction."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from django.db import connection, transaction

from jiceng.base.refusals import Refusal
from jiceng.ledger.appending import Clock, Header, append, next_entry, ready_to_write
from jiceng.ledger.books import lock_books, lock_for, number_of
from jiceng.ledger.changes import Change
from jiceng.ledger.drafting import corrected_facts, draft
from jiceng.ledger.identity import add_lookups, refresh_lookups
from jiceng.ledger.models import Book, Entry
from jiceng.ledger.tables import anything_about, no_collector
from jiceng.terms.registry import Terms, base_terms

SUBJECTS_AN_ENTRY = 5_000
BYTES_A_FACT = 200  # measured: 157 with indexes, keys and look-ups on top

Piece = Sequence[tuple[int, Sequence[Change]]]


def land(
    book: Book | int,
    chunks: Iterable[Piece],
    *,
    actor: str,
    basis: str,
    why: str,
    clock: Clock,
    batch: int | None = None,
    loaded: bool = False,
    act: str = "import",
    terms: Terms | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Entry]:
    """Land chunks of (subject, changes), new subjects and known ones; everything or nothing.

    Shape   `chunks` is read once, so it may be a generator; `progress` is told the subjects landed so far
    Time    each entry's known is later than the one before; readers see nothing until the commit
    Errors  as `record`; a chunk's subject without changes is passed over
    Source  batch: without one, the number of the first entry
    """
    number = number_of(book)
    entries: list[Entry] = []
    subjects = 0
    with transaction.atomic(), no_collector():
        ready_to_write()
        lock_books([number])
        batch = batch or next_entry(number)
        header = Header(actor, act, basis, why, batch, None, loaded)
        for piece in _pieces(chunks):
            entries.append(_land(number, piece, header, clock, terms or base_terms(), landed=sum(entry.facts for entry in entries)))
            subjects += len(piece)
            if progress:
                progress(subjects)
    return entries


def _land(book: int, piece: Piece, header: Header, clock: Clock, terms: Terms, *, landed: int) -> Entry:
    changes = [change for _, wanted in piece for change in wanted]
    subjects = [subject for subject, _ in piece]
    lock_for(book, subjects)
    new = not anything_about(min(subjects), max(subjects))
    made = draft(changes, corrected=corrected_facts(changes), terms=terms, new=new)
    facts = made.plan.facts
    refuse_full_disk(landed, len(facts))
    entry = append(book, header, facts, made.plan.endings, clock=clock)
    if new and not made.several:
        add_lookups(made.id_numbers)
    elif made.identified:
        refresh_lookups(made.identified)
    return entry


def refuse_full_disk(landed: int, coming: int) -> None:
    """On SQLite every fact needs room twice: in the log now, in the file when the log is taken over.

    Errors  Refusal ledger.disk if the disk has no room for what was landed and what is coming
    """
    path = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not path.is_file():
        return
    needed = landed * BYTES_A_FACT + coming * 2 * BYTES_A_FACT
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise Refusal(
            "ledger.disk",
            f"磁盘剩余 {free >> 20:,} MB，还需要 {(needed >> 20) + 1:,} MB",
            where=str(path.parent),
            why="写入时日志和数据文件各要占一份空间",
            do="请清理磁盘后重新导入；这次没有写进任何内容",
        )


def _pieces(chunks: Iterable[Piece]) -> Iterator[Piece]:
    for chunk in chunks:
        touched = [pair for pair in chunk if pair[1]]
        for at in range(0, len(touched), SUBJECTS_AN_ENTRY):
            yield touched[at : at + SUBJECTS_AN_ENTRY]

"""The last step of every write: give the entry its number and time, seal it, store it. Called under the book's lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection

from jiceng.base.refusals import Refusal
from jiceng.ledger.canonical import NO_SEAL, clean_text, root_of, seal_of
from jiceng.ledger.guards import check_guards
from jiceng.ledger.ids import ENTRIES_A_BOOK, FACTS_AN_ENTRY, SEQ_BITS, first_fact, seq_of
from jiceng.ledger.keys import ring
from jiceng.ledger.models import Entry, microseconds
from jiceng.ledger.planning import Line
from jiceng.ledger.tables import ENDING_COLUMNS, FACT_COLUMNS, insert, rows

Clock = Callable[[], datetime]

ACTS = {
    "record": "记录",
    "correct": "更正",
    "undo": "撤销",
    "import": "导入",
    "erase": "删除身份信息",
    "recode": "区划变更",
    "move": "调动",
    "merge": "并档",
    "adopt": "确认文件",
    "import_text": "导入原文",
    "put_in_force": "施行法规文件夹",
}

_ENTRY_COLUMNS = tuple(column.attname for column in Entry._meta.concrete_fields)
_guarded: set[object] = set()


@dataclass(frozen=True)
class Header:
    """What an entry says of itself. `loaded`: recorded by a loader with a clock of its own (a replay of past years)."""

    actor: str
    act: str
    basis: str
    why: str
    batch: int | None = None
    undoes: int | None = None
    loaded: bool = False


def checked_header(header: Header) -> Header:
    """The header with clean texts.

    Errors  Refusal ledger.act, ledger.actor, ledger.text
    """
    if header.act not in ACTS:
        raise Refusal("ledger.act", f"没有“{header.act}”这种分录", do=f"可用：{'、'.join(ACTS)}")
    if not header.actor.strip():
        raise Refusal("ledger.actor", "分录没有经办人", do="请登录后再办")
    texts = [clean_text(text, where="分录") for text in (header.actor, header.basis, header.why)]
    return Header(texts[0], header.act, texts[1], texts[2], header.batch, header.undoes, header.loaded)


def ready_to_write() -> None:
    """Refuse to write into a database whose guards are missing; looked at once for each connection's database."""
    key = (connection.alias, str(connection.settings_dict["NAME"]))
    if key not in _guarded:
        check_guards(connection.alias)
        _guarded.add(key)


def next_entry(book: int) -> int:
    """The number the book's next entry will get. Certain only under the book's lock.

    Errors  Refusal ledger.book_full
    """
    return _next(book)[0]


def _next(book: int) -> tuple[int, int, bytes]:
    """Number of the next entry; known and seal of the last one."""
    last = rows("SELECT seq, known, seal FROM ledger_entry WHERE book = %s ORDER BY seq DESC LIMIT 1", [book])
    seq, known, seal = last[0] if last else (0, 0, NO_SEAL)
    if seq + 1 >= ENTRIES_A_BOOK:
        raise Refusal("ledger.book_full", "这本账簿的分录号用完了", where=f"账簿 {book}", do="请新设一本账簿")
    return book << SEQ_BITS | seq + 1, known, bytes(seal)


def check_size(lines: Sequence[Line], endings: Sequence[int]) -> None:
    """That an entry holds something, and not too much.

    Errors  Refusal ledger.nothing, ledger.too_many
    """
    if not lines and not endings:
        raise Refusal("ledger.nothing", "没有要记的内容", do="请填写后再提交")
    if len(lines) > FACTS_AN_ENTRY:
        raise Refusal("ledger.too_many", f"一条分录最多 {FACTS_AN_ENTRY:,} 条事实，这里有 {len(lines):,} 条", do="请分批提交")


def append(book: int, header: Header, lines: Sequence[Line], endings: Sequence[int], *, clock: Clock) -> Entry:
    """Store one entry with its facts and endings, in the given order. The caller holds the book's lock.

    Time    known is the clock's time, but always later than the book's last entry, even when the clock was set back
    Errors  Refusal ledger.nothing, ledger.too_many, ledger.book_full
    """
    header = checked_header(header)
    check_size(lines, endings)
    number, last_known, previous = _next(book)
    known = max(microseconds(clock()), last_known + 1)
    first = first_fact(number)
    facts = [
        (first + at, subject, kind, slot, since, until, known, place, data, sealed)
        for at, (_, subject, kind, slot, since, until, place, data, sealed) in enumerate(lines)
    ]
    ended = sorted(endings)
    form = ring().suite.form
    entry = Entry(
        id=number,
        book=book,
        seq=seq_of(number),
        known=known,
        **asdict(header),
        form=form,
        facts=len(facts),
        endings=len(ended),
        root=root_of(form, facts, ended),
        previous=previous,
    )
    entry.seal = seal_of_entry(entry)
    insert("ledger_fact", FACT_COLUMNS, facts)
    insert("ledger_ending", ENDING_COLUMNS, [(fact, number, known) for fact in ended])
    insert("ledger_entry", _ENTRY_COLUMNS, [tuple(getattr(entry, column) for column in _ENTRY_COLUMNS)])
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def seal_of_entry(entry: Entry) -> bytes:
    """The seal an entry's row must bear."""
    return seal_of(
        entry.form,
        book=entry.book,
        seq=entry.seq,
        known=entry.known,
        actor=entry.actor,
        act=entry.act,
        basis=entry.basis,
        why=entry.why,
        batch=entry.batch,
        undoes=entry.undoes,
        loaded=entry.loaded,
        facts=entry.facts,
        endings=entry.endings,
        root=bytes(entry.root),
        previous=bytes(entry.previous),
    )

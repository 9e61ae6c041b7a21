"""Is the ledger what it was when it was written? Recomputes every seal, and compares with heads kept elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jiceng.base.refusals import Problem
from jiceng.ledger import attachments
from jiceng.ledger.appending import seal_of_entry
from jiceng.ledger.canonical import HASHES, NO_SEAL, root_of
from jiceng.ledger.ids import COUNTER_BITS, LINE_BITS, SEQ_BITS, entry_name, entry_of, first_fact
from jiceng.ledger.models import Book, Entry
from jiceng.ledger.tables import BELIEVED, FACT_SQL, rows, streamed
from jiceng.terms.registry import Terms, base_terms

_STRAY = "有事实或终止记在不存在的分录名下"

Progress = Callable[[int], None]
Row = tuple[Any, ...]


@dataclass
class Findings:
    """What `verify` looked at and what it found; without problems the ledger is whole."""

    entries: int = 0
    facts: int = 0
    endings: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def add(self, id: str, message: str, where: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(id, message, where))


def verify(
    book: int | None = None,
    *,
    heads: Mapping[int, tuple[int, str]] | None = None,
    progress: Progress | None = None,
    terms: Terms | None = None,
    files: bool = True,
) -> Findings:
    """Check one book or all: chain, seals, content of every entry, endings, one fact at a time per slot; of all books the
    documents attached too, unless not `files`.

    Shape   `heads`: book → (number, seal in hex), as printed on a return or a backup; finds a tail cut off or sealed anew
    Time    entries recorded while it runs are left for the next run; needs no lock
    """
    found = Findings()
    books = [book] if book is not None else _numbers()
    for number in books:
        _check_book(number, found, progress)
    if book is None:
        _check_strays(found)
    if book is None and files:
        found.problems += attachments.check()
    _check_slots(book, found, terms or base_terms())
    found.problems += compare_heads({n: head for n, head in (heads or {}).items() if book in (None, n)})
    return found


def compare_heads(heads: Mapping[int, tuple[int, str]]) -> list[Problem]:
    """Where the ledger does not go through these heads: a tail cut off, or sealed anew after a change."""
    found = Findings()
    for book, (seq, seal) in heads.items():
        _check_head(book, seq, seal, found)
    return found.problems


def _numbers() -> list[int]:
    return sorted({*Book.objects.values_list("id", flat=True), *Entry.objects.values_list("book", flat=True).distinct()})


def _check_book(book: int, found: Findings, progress: Progress | None) -> None:
    entries = Entry.objects.filter(book=book).order_by("seq")
    last = entries.values_list("id", flat=True).last()
    if last is None:
        return
    facts = _Grouped(_facts(book, last))
    endings = _Grouped(_endings(book, last))
    previous, known, seq = NO_SEAL, 0, 0
    for entry in entries.filter(id__lte=last).iterator():
        seq += 1
        _check_entry(entry, seq, known, previous, facts.of(entry.id), endings.of(entry.id), found)
        previous, known, seq = bytes(entry.seal), entry.known, entry.seq
        found.entries += 1
        if progress and not found.entries % 1_000:
            progress(found.facts)
    for stray in sorted({*facts.rest(), *endings.rest()}):
        found.add("ledger.stray", _STRAY, entry_name(stray))


def _check_entry(entry: Entry, seq: int, known: int, previous: bytes, facts: list[Row], endings: list[Row], found: Findings) -> None:
    where = entry_name(entry.id)
    found.facts += len(facts)
    found.endings += len(endings)
    if entry.seq != seq or entry.id != entry.book << SEQ_BITS | entry.seq:
        found.add("ledger.gap", f"分录号不连续：应为第 {seq} 号", where)
    if entry.known <= known:
        found.add("ledger.known", "知悉时间不晚于上一号分录", where)
    if bytes(entry.previous) != previous:
        found.add("ledger.chain", "与上一号分录的封印接不上", where)
    if entry.form not in HASHES:
        found.add("ledger.seal", f"不认识的封印形式 {entry.form}", where)
        return
    if (len(facts), len(endings)) != (entry.facts, entry.endings):
        message = f"应有事实 {entry.facts} 条、终止 {entry.endings} 条，现有 {len(facts)} 条、{len(endings)} 条"
        found.add("ledger.count", message, where)
    elif root_of(entry.form, facts, [row[0] for row in endings]) != bytes(entry.root):
        found.add("ledger.content", "内容与封印不符：有事实或终止被改过", where)
    if any(row[6] != entry.known for row in facts) or any(row[2] != entry.known for row in endings):
        found.add("ledger.known_copy", "事实或终止上的知悉时间与分录不符", where)
    if any(row[0] >= first_fact(entry.id) and entry_of(row[0]) >> SEQ_BITS == entry.book for row in endings):
        found.add("ledger.ending", "终止了后来才记的事实", where)
    if seal_of_entry(entry) != bytes(entry.seal):
        found.add("ledger.seal", "封印与分录不符：分录的内容或封印被改过", where)


def _facts(book: int, last: int) -> Iterator[tuple[int, Row]]:
    first = first_fact(book << SEQ_BITS)
    sql = f"SELECT {FACT_SQL} FROM ledger_fact f WHERE f.id >= %s AND f.id < %s ORDER BY f.id"
    for row in streamed(sql, [first, first_fact(last + 1)]):
        yield row[0] >> LINE_BITS, row


def _endings(book: int, last: int) -> Iterator[tuple[int, Row]]:
    sql = "SELECT fact, entry, known FROM ledger_ending WHERE entry >= %s AND entry <= %s ORDER BY entry, fact"
    for row in streamed(sql, [book << SEQ_BITS, last]):
        yield row[1], row


class _Grouped:
    """Rows that come in order of their entry, handed out entry by entry; `strays` belong to entries never asked for."""

    def __init__(self, numbered: Iterator[tuple[int, Row]]) -> None:
        self._numbered = numbered
        self._next = next(numbered, None)
        self._strays: set[int] = set()

    def of(self, entry: int) -> list[Row]:
        """Rows of an entry; entries are asked for in rising order."""
        group: list[Row] = []
        while self._next is not None and self._next[0] <= entry:
            number, row = self._next
            if number == entry:
                group.append(row)
            else:
                self._strays.add(number)
            self._next = next(self._numbered, None)
        return group

    def rest(self) -> list[int]:
        """Entries that rows name but nobody asked for."""
        while self._next is not None:
            self._strays.add(self._next[0])
            self._next = next(self._numbered, None)
        return sorted(self._strays)


def _check_strays(found: Findings) -> None:
    """Endings of facts that do not exist; facts and endings numbered outside every book's entries."""
    sql = "SELECT e.fact, e.entry FROM ledger_ending e WHERE NOT EXISTS (SELECT 1 FROM ledger_fact f WHERE f.id = e.fact)"
    for fact, entry in rows(sql):
        found.add("ledger.ending", f"终止了不存在的事实 {fact}", entry_name(entry))
    after = 0
    strays: set[int] = set()
    for first, last in [*rows("SELECT MIN(id), MAX(id) FROM ledger_entry GROUP BY book ORDER BY 1"), (1 << 43, None)]:
        # Almost always empty ranges. What a writer has committed since the numbers were read has its entry by now.
        named = "NOT EXISTS (SELECT 1 FROM ledger_entry x WHERE x.id = s.entry)"
        bounds = [first_fact(after), first_fact(first) - 1, after, first - 1]
        facts = f"SELECT f.id >> {LINE_BITS} AS entry FROM ledger_fact f WHERE f.id BETWEEN %s AND %s"
        endings = "SELECT e.entry FROM ledger_ending e WHERE e.entry BETWEEN %s AND %s"
        strays |= {row[0] for row in rows(f"SELECT s.entry FROM ({facts} UNION {endings}) s WHERE {named}", bounds)}
        after = (last or 0) + 1
    for entry in sorted(strays):
        found.add("ledger.stray", _STRAY, entry_name(entry))


def _check_slots(book: int | None, found: Findings, terms: Terms) -> None:
    """Of `one` and `many` kinds no two believed facts of a slot overlap."""
    kinds = ",".join(str(kind.number) for kind in terms.kinds.values() if kind.cardinality != "event")
    whose, bounds = "", []
    if book is not None:
        whose, bounds = "AND f.subject >= %s AND f.subject < %s", [book << COUNTER_BITS, (book + 1) << COUNTER_BITS]
    sql = f"""
        SELECT id, later, subject FROM (
          SELECT f.id, f.subject, f.until, LEAD(f.id) OVER w AS later, LEAD(f.since) OVER w AS next
          FROM ledger_fact f WHERE f.kind IN ({kinds}) {whose} AND {BELIEVED}
          WINDOW w AS (PARTITION BY f.subject, f.kind, f.slot ORDER BY f.since, f.until)
        ) s WHERE next < until
    """
    for fact, later, subject in rows(sql, bounds):
        found.add("ledger.overlap", f"事实 {fact} 与 {later} 同一时间都有效", f"编号 {subject}")


def _check_head(book: int, seq: int, seal: str, found: Findings) -> None:
    number = book << SEQ_BITS | seq
    there = Entry.objects.filter(id=number).values_list("seal", flat=True).first()
    if there is None:
        found.add("ledger.cut", f"外存的封印到第 {seq} 号，台账里没有这一号：尾部被截去或恢复了旧备份", f"账簿 {book}")
    elif bytes(there).hex() != seal:
        found.add("ledger.resealed", "与外存的封印不符：这一号或之前的分录被改后重新封印", entry_name(number))

"""Numbers that survive merging books: entry = book<<25|seq, fact = entry<<20|line, worker = book<<40|counter.

Places are (1<<62)|…, documents (1<<61)|…; so a subject's kind and a fact's entry and book can be read off the number.
"""

from __future__ import annotations

SEQ_BITS, LINE_BITS, COUNTER_BITS = 25, 20, 40
FACTS_AN_ENTRY = 1 << LINE_BITS
LINE_MASK = FACTS_AN_ENTRY - 1
ENTRIES_A_BOOK = 1 << SEQ_BITS
BOOKS = 1 << 18
DOCUMENT = 1 << 61
PLACE = 1 << 62


def entry_of(fact: int) -> int:
    """The entry that wrote a fact."""
    return fact >> LINE_BITS


def first_fact(entry: int) -> int:
    """Lowest fact id of an entry; the entry's facts are [first_fact(entry), first_fact(entry + 1))."""
    return entry << LINE_BITS


def book_of_entry(entry: int) -> int:
    """The book of an entry."""
    return entry >> SEQ_BITS


def seq_of(entry: int) -> int:
    """The number of an entry inside its book, from 1."""
    return entry & (ENTRIES_A_BOOK - 1)


def subject_range(sort: str) -> tuple[int, int]:
    """First and last number of a sort of subject."""
    return {"worker": (1, DOCUMENT - 1), "document": (DOCUMENT, PLACE - 1), "place": (PLACE, 2**63 - 1)}[sort]


def home_book(subject: int) -> int | None:
    """The book that numbered a worker; places and documents have none."""
    return subject >> COUNTER_BITS if subject < DOCUMENT else None


def entry_name(entry: int) -> str:
    """How people see an entry: 账簿 3 第 12 号."""
    return f"账簿 {book_of_entry(entry)} 第 {seq_of(entry)} 号"

"""Books: one chain of entries for each county-level place, else for the home place. Locks and new worker numbers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Max

from jiceng.base.refusals import Refusal
from jiceng.ledger.ids import BOOKS, COUNTER_BITS, home_book
from jiceng.ledger.models import Book
from jiceng.ledger.tables import rows
from jiceng.places.tree import ancestors

# Writers hold this lock shared until they commit; a reader that pins a moment takes it alone for an instant.
_PINNING = 0x6A6C6564


def ensure_book(place: int, title: str) -> Book:
    """The book kept by a place, opened if it has none.

    Errors  Refusal ledger.books_full
    """
    with transaction.atomic():
        there = Book.objects.filter(place=place).first()
        if there is not None:
            return there
        number = (Book.objects.aggregate(last=Max("id"))["last"] or 0) + 1
        if number >= BOOKS:
            raise Refusal("ledger.books_full", "账簿已满", do="请新设节点")
        return Book.objects.create(id=number, place=place, title=title)


def book_of(place: int) -> Book:
    """The book that a place's entries go into: its own or the nearest place above with one, else the first (home) book.

    Errors  Refusal ledger.no_book if there is no book at all
    """
    chain = [place, *reversed(ancestors(place))]
    found = {book.place: book for book in Book.objects.filter(place__in=chain)}
    for code in chain:
        if code in found:
            return found[code]
    first = Book.objects.order_by("id").first()
    if first is None:
        raise Refusal("ledger.no_book", "还没有账簿", do="请先运行 jiceng init，或为本地设一本账簿")
    return first


def number_of(book: Book | int) -> int:
    """A book's number; doors take either.

    Errors  Refusal ledger.no_book
    """
    if isinstance(book, Book):
        return book.id
    if not Book.objects.filter(id=book).exists():
        raise Refusal("ledger.no_book", f"没有编号 {book} 的账簿", do="请核对账簿编号")
    return book


def new_subjects(book: Book | int, n: int) -> range:
    """Fresh worker numbers of a book. Numbers are never given twice; those of a rolled-back transaction come again."""
    number = number_of(book)
    with transaction.atomic():
        lock_books([number])
        locked = Book.objects.get(id=number)
        first = locked.subjects + 1
        locked.subjects += n
        locked.save(update_fields=["subjects"])
    start = (number << COUNTER_BITS) + first
    return range(start, start + n)


def lock_for(book: int, subjects: Iterable[int]) -> None:
    """Lock the book to be written and the home books of the subjects, lowest number first, until commit.

    A subject may be written from two books after a move; its home book's lock keeps two writers out of one slot. Places
    and documents have no home book: the first book stands in.
    """
    homes = {home_book(subject) for subject in subjects}
    numbers = {book, *(number for number in homes if number is not None)}
    if None in homes:
        numbers.add(rows("SELECT MIN(id) FROM ledger_book")[0][0])
    lock_books(numbers)


def lock_books(numbers: Iterable[int]) -> None:
    """Lock books in the order of their numbers until commit. Whoever writes into two books locks both first."""
    # On SQLite the transaction (IMMEDIATE) is the lock.
    if connection.vendor == "postgresql":
        rows("SELECT pg_advisory_xact_lock_shared(%s)", [_PINNING])
        rows("SELECT id FROM ledger_book WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(numbers)])


def wait_for_writers() -> None:
    """Return when every entry begun before has been committed, so that a pinned `known_by` never gains rows.

    On SQLite the transaction begins IMMEDIATE, so beginning one is the waiting.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            rows("SELECT pg_advisory_xact_lock(%s)", [_PINNING])

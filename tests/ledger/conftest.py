"""A book, workers in it, and a clock that ticks a second at every look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from jiceng.ledger.books import ensure_book, new_subjects
from jiceng.ledger.changes import Record
from jiceng.ledger.models import Book

COUNTY = 513301
COMMUNITY = 513301001001


class Ticking:
    """A clock that begins at a moment and moves on by itself; `back` sets it back."""

    def __init__(self, start: datetime = datetime(2024, 5, 1, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def back(self, by: timedelta) -> None:
        self.now -= by


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def book(db: None) -> Book:
    return ensure_book(COUNTY, "康定市")


@pytest.fixture
def worker(book: Book) -> int:
    return new_subjects(book, 1)[0]


Writing = dict[str, object]


@pytest.fixture
def by(clock: Callable[[], datetime]) -> Writing:
    """What every write needs besides its content."""
    return {"actor": "测试员", "why": "试", "clock": clock}


def post(subject: int, since: date, until: date | None = None, *, post: str = "staff", place: int = COMMUNITY) -> Record:
    """An appointment."""
    return Record(subject, "appointment", since, until, {"post": post}, place=place)


def person(subject: int, name: str = "甲某", number: str = "110101199003070011") -> Record:
    """An identity."""
    return Record(subject, "person", date(2024, 1, 1), None, {}, {"name": name, "id_number": number, "id_type": "身份证"})

"""Small things the ledger's tests are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from jiceng.ledger.changes import Record

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


def post(subject: int, since: date, until: date | None = None, *, post: str = "staff", place: int = COMMUNITY) -> Record:
    """An appointment."""
    return Record(subject, "appointment", since, until, {"post": post}, place=place)


def person(subject: int, name: str = "甲某", number: str = "110101199003070011") -> Record:
    """An identity."""
    return Record(subject, "person", date(2024, 1, 1), None, {}, {"name": name, "id_number": number, "id_type": "身份证"})

"""A small real world for tests of runs: a county with a book and workers whose facts went through the write door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from jiceng.ledger.books import ensure_book
from jiceng.ledger.models import Book, Entry
from jiceng.places import tree
from jiceng.runs.commit import Change, Record, commit, new_subjects

CITY = 5133
COUNTY = 513324  # 九龙县：周期读法由县里的示例文件改为自然年度
PLAIN_COUNTY = 513322  # 泸定县：周年
COMMUNITY = 513324100001
PLAIN_COMMUNITY = 513322100001
TODAY = date(2026, 11, 24)


def at(day: date, hour: int = 9) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def book(place: int = COUNTY) -> Book:
    return ensure_book(place, str(place))


def id_number(n: int, born: date) -> str:
    """A well-formed number that belongs to nobody: area 513324, sequence n, check digit."""
    body = f"513324{born:%Y%m%d}{n:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


class Worker:
    """Writes facts of one new worker."""

    def __init__(self, name: str, *, n: int, community: int = COMMUNITY, born: date = date(1985, 6, 1)) -> None:
        self.home = book(tree.ancestors(community)[2])
        self.subject = new_subjects(self.home, 1)[0]
        self.community = community
        identity = {"name": name, "id_number": id_number(n, born), "id_type": "居民身份证"}
        self.write(
            [
                Record(self.subject, "person", born, None, {}, sealed=identity),
                Record(self.subject, "birth", born, None, {"date": born.isoformat()}),
                Record(self.subject, "sex", born, None, {"sex": "female"}),
            ],
            on=date(2016, 1, 4),
        )

    def write(self, changes: Sequence[Change], *, on: date) -> Entry:
        return commit(self.home, changes, actor="测试员", basis="测试", why="测试", clock=at(on))

    def record(
        self, of: str, since: date, until: date | None = None, *, on: date | None = None, place: int | None = None, **fields: Any
    ) -> Entry:  # fmt: skip
        return self.write([Record(self.subject, of, since, until, fields, place=place)], on=on or since)

    def appoint(self, since: date, until: date | None = None, *, post: str = "staff", on: date | None = None) -> Entry:
        staff = post in ("staff", "grid", "station")
        return self.record(
            "appointment", since, until, on=on, place=self.community, post=post,
            **{"class": "full_time_staff" if staff else "committee_full_time"},
            origin="open_recruitment" if staff else "elected", appointed_by="county",
        )  # fmt: skip

    def train(self, day: date) -> Entry:
        return self.record("training", day, level="county", kind="in_service")

    def complete(self, kind: str, since: date = date(1900, 1, 1), *, on: date) -> Entry:
        return self.write([Record(self.subject, "complete", since, None, {"kind": kind, "from": since.isoformat()})], on=on)


def population(place: int, residents: int, *, on: date) -> Entry:
    """Record a place's urban residents."""
    subject = tree.subject_of(place, tree.level_of(place))
    data = {"urban_residents": residents, "source": "示例", "year": on.year}
    change = Record(subject, "population", on, None, data)
    return commit(book(place), [change], actor="测试员", basis="示例年鉴", why="测试", clock=at(on))

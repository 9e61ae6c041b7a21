"""`on` and `known_by`, the two dates every reading takes."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from jiceng.base.refusals import Refusal
from jiceng.ui.moment import FIRST, LAST, ZONE, Moment, day_asked


class When(Schema):
    """The moment a reading is about."""

    on: str | None = Field(
        None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="哪一天结束时的情况，如 2024-03-31；不写为今天", examples=["2024-03-31"]
    )
    known_by: str | None = Field(
        None,
        pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$",
        description="只算这个时刻以前已登记的内容；日期（到当日结束）或 RFC 3339 时间，不写时区为北京时间",
        examples=["2024-04-15", "2024-04-15T12:00:00+08:00"],
    )

    @property
    def moment(self) -> Moment:
        """The moment itself.

        Errors  Refusal page.date
        """
        today = timezone.now().astimezone(ZONE).date()
        return Moment(day_asked(self.on or "", today=today), known(self.known_by), today)


def known(text: str | None) -> datetime | None:
    """A knowledge time as programs write it; None: everything recorded up to now.

    Errors  Refusal page.date
    """
    if text is None:
        return None
    try:
        if "T" not in text:
            at = datetime.combine(date.fromisoformat(text), datetime.max.time(), tzinfo=ZONE)
        else:
            read = datetime.fromisoformat(text)
            at = read if read.tzinfo else read.replace(tzinfo=ZONE)
    except ValueError:
        at = None
    if at is None or not FIRST <= at.date() <= LAST:
        raise Refusal(
            "page.date", f"“{text}”不是能用的时间", where="known_by", why="没有这个时间，或不在 1949-10-01 到 2199-12-31 之间",
            do="请写成 2024-04-15 或 2024-04-15T12:00:00+08:00",
        )  # fmt: skip
    return at


def day(text: str) -> date:
    """A day as written.

    Errors  Refusal api.day
    """
    try:
        found: date | None = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST <= found <= LAST:
        raise Refusal("api.day", f"“{text}”不能用", why="没有这一天，或不在 1949-10-01 到 2199-12-31 之间", do="请写成 2024-03-05")
    return found


def maybe_day(text: str | None) -> date | None:
    """A day that need not be given.

    Errors  Refusal api.day
    """
    return None if text is None else day(text)


def told(moment: Moment) -> dict[str, str | None]:
    """The moment as every answer repeats it."""
    return {"on": moment.on.isoformat(), "known_by": moment.known_by.isoformat() if moment.known_by else None}

"""Calendar dates as days since 1970-01-01, and the open end of a period. Periods are half-open: [since, until)."""

from __future__ import annotations

from datetime import date, timedelta

OPEN_END = date(9999, 12, 31)
"""`until` of a period without an end. Never shown to people; pages print 至今."""

_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_date(number: int) -> date:
    """The date of a day number; numbers outside year 1..9999 raise OverflowError or ValueError."""
    return date.fromordinal(number + _EPOCH)


def day_after(day: date) -> date:
    """The next day; after 9999-12-31 there is none, and that day itself is given."""
    return day if day == OPEN_END else day + timedelta(days=1)


def chinese_date(day: date) -> str:
    """2024年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"

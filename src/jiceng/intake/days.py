"""Dates as people write them in Chinese offices, read with the precision they were written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jiceng.intake.texts import cell_text, folded

_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(7306, 73051)
"""Excel serials taken for dates: 1920-01-01 to 2099-12-31."""

_DIGITS = {
    sign: str(value)
    for value, signs in enumerate(("〇零○O", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for sign in signs
}
_CHINESE = "".join(_DIGITS) + "十拾廿卅"
_CHINESE_DATE = re.compile(rf"^([{_CHINESE}\d]{{2,4}})年(?:([{_CHINESE}\d]{{1,3}})月(?:份|([{_CHINESE}\d]{{1,3}})[日号]?)?)?$")
_SEPARATED = re.compile(r"^(\d{4})[-./,、_\\](\d{1,2})(?:[-./,、_\\](\d{1,2}))?[-./]?$")
_MIXED = re.compile(r"^(\d{4})年?[-./]?(\d{1,2})月?[-./]?(?:(\d{1,2})[日号]?)?$")
_SHORT_YEAR = re.compile(r"^(\d{2})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?月?$")
_ENGLISH = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_TAIL = re.compile(r"(?:至今|起|开始|入职|到岗|生|左右|前后|许)$")


@dataclass(frozen=True, slots=True)
class Day:
    """A date and how much of it was written: "day", "month" or "year"; what was not written is 1."""

    day: date
    precision: str


@dataclass(frozen=True, slots=True)
class NotRead:
    """A cell that could not be read: refusal id, the reason, what to do, and a text that would be right."""

    id: str
    why: str
    do: str


def read_day(cell: object) -> Day | NotRead:
    """A cell as a date.

    Source  notations seen: 2024年3月5日, 2024.3.5, 2024/3/5, 2024-03, 20240305, 202403, 二〇二四年三月五日, serial numbers, date cells
    """
    if isinstance(cell, datetime):
        return Day(cell.date(), "day")
    if isinstance(cell, date):
        return Day(cell, "day")
    if isinstance(cell, bool):
        return _unreadable(cell_text(cell))
    if isinstance(cell, int | float):
        return _number(float(cell))
    if isinstance(cell, str):
        return _text(folded(_TIME.sub("", cell_text(cell))))
    return _unreadable(str(cell))


def _number(value: float) -> Day | NotRead:
    """20240305, 202403, a serial number, or 2024.3 typed without a text mark."""
    whole = int(value)
    if value == whole:
        if whole in _SERIALS:
            return Day(_SERIAL_ZERO + timedelta(days=whole), "day")
        return _text(str(whole))
    if whole in _SERIALS:  # a date with a time of day
        return Day(_SERIAL_ZERO + timedelta(days=whole), "day")
    text = f"{value:.2f}".rstrip("0")
    if text.endswith(".1") and 1900 <= whole <= 2099:
        return NotRead("intake.date_lost_zero", f"“{text}”存成了数字，分不清 1 月还是 10 月", f"请写成 {whole}年1月 或 {whole}年10月")
    return _text(text)


def _text(text: str) -> Day | NotRead:
    if not text:
        return _unreadable(text)
    for form in dict.fromkeys((text, _TAIL.sub("", text))):
        parts = _parts(form)
        if parts is not None:
            return _made(*parts, text)
    return _unreadable(text)


def _parts(text: str) -> tuple[int, int | None, int | None] | None:
    """Year, month, day; what is not written is None."""
    if text.isdigit():
        if len(text) == 8:
            return int(text[:4]), int(text[4:6]), int(text[6:])
        if len(text) == 6:
            return int(text[:4]), int(text[4:]), None
        if len(text) == 4 and "1900" <= text <= "2099":
            return int(text), None, None
        if len(text) == 5 and int(text) in _SERIALS:
            day = _SERIAL_ZERO + timedelta(days=int(text))
            return day.year, day.month, day.day
        return None
    found = _SEPARATED.match(text) or _MIXED.match(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    found = _CHINESE_DATE.match(text)
    if found:
        year = _chinese_number(found[1])
        month, day = (_chinese_number(part) if part else None for part in found.groups()[1:])
        return _century(year) if len(found[1]) == 2 else year, month, day
    found = _SHORT_YEAR.match(text)
    if found:
        return _century(int(found[1])), int(found[2]), int(found[3]) if found[3] else None
    found = _ENGLISH.match(text)
    if found and int(found[2]) > 12:  # 3/25/2024 can only be month first; 3/5/2024 could be either
        return int(found[3]), int(found[1]), int(found[2])
    return None


def _century(year: int) -> int:
    """Two-digit years of living people: 40 to 99 are last century's."""
    return 1900 + year if 40 <= year < 100 else 2000 + year if year < 40 else year


def _chinese_number(text: str) -> int:
    """二〇二四 → 2024, 十二 → 12, 二十 → 20, 三十一 → 31, 廿五 → 25."""
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十").replace("拾", "十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(_DIGITS.get(tens, tens or "1")) * 10 + int(_DIGITS.get(ones, ones or "0")) if len(tens) < 2 and len(ones) < 2 else 0
    return int("".join(_DIGITS.get(sign, sign) for sign in text))


def _made(year: int, month: int | None, day: int | None, text: str) -> Day | NotRead:
    precision = "day" if day is not None else "month" if month is not None else "year"
    if not 1900 <= year <= 2099:
        return NotRead("intake.date_range", f"“{text}”的年份 {year} 不合理", "请核对年份")
    try:
        return Day(date(year, 1 if month is None else month, 1 if day is None else day), precision)
    except ValueError:
        return NotRead("intake.date_impossible", f"没有“{text}”这一天", "请按证件或档案更正")


def _unreadable(text: str) -> NotRead:
    return NotRead("intake.date_unreadable", f"“{text[:30]}”不是认得出的日期", "请写成 2024年3月5日、2024.3.5 或 2024-03-05")

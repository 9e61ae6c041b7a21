"""Cells, periods and columns of a return in words: the same on the page, in the workbook, in the PDF and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from jiceng.base.dates import chinese_date
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.base.quantities import MILLION, plain
from jiceng.reports.form import Column
from jiceng.reports.returns import Cell, Period


@dataclass(frozen=True)
class Said:
    """A cell in words. `number` is None where there is no value; `note` says what is missing, and the partial sum as such."""

    text: str
    number: int | Decimal | None
    note: str = ""
    kind: str = "value"


def said(cell: Cell, column: Column) -> Said:
    """A cell as people read it. What has no answer reads as its kind, never as 0."""
    if isinstance(cell, int):
        return Said(f"{cell:,}", cell)
    if cell.value is not None:
        return Said(_text(cell.value, column), _number(cell.value, column))
    kind = AnswerKind(cell.kind)
    if cell.untold:
        note = "" if cell.partial is None else f"其余各地 {_text(cell.partial, column)}"
        return Said(f"缺 {len(cell.untold)} 地", None, note, kind.name)
    if cell.missing:
        return Said(f"缺：{'、'.join(cell.missing)}", None, "", kind.name)
    return Said(KIND_NAMES[kind], None, cell.why, kind.name)


def _text(value: int, column: Column) -> str:
    if column.type != "Ratio":
        return f"{value:,}"
    near = round(value, -4)  # two places; the card and the workbook have all
    return ("" if near == value else "≈") + plain(near)


def _number(value: int, column: Column) -> int | Decimal:
    return Decimal(value) / MILLION if column.type == "Ratio" else value


def period_text(period: Period) -> str:
    """2026年10月; 2026年1—10月; 2026年; else 2026年3月5日至2026年4月2日."""
    since, on = period.since, period.on
    ends_month = (on + timedelta(days=1)).day == 1
    if since.day == 1 and ends_month and since.year == on.year:
        if (since.month, on.month) == (1, 12):
            return f"{since.year}年"
        if since.month == on.month:
            return f"{since.year}年{since.month}月"
        return f"{since.year}年{since.month}—{on.month}月"
    return f"{chinese_date(since)}至{chinese_date(on)}"


def usual_periods(on: date) -> tuple[tuple[str, date], ...]:
    """(name, first day) of the month, quarter and year that a day lies in."""
    quarter = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return ("本月", on.replace(day=1)), ("本季", quarter), ("本年", on.replace(month=1, day=1))


def month_before(on: date) -> Period:
    """The last whole month before a day."""
    last = on.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)

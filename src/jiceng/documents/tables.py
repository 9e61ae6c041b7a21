"""A table as it leaves the house: declared once, written as a workbook, as CSV or into a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from jiceng.base.refusals import Refusal

Value = str | int | float | Decimal | Fraction | date | datetime | None
Kind = Literal["text", "integer", "number", "date", "ratio", "identity"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind`    text, integer, number, date, ratio (0.2 prints as 20%) or identity (a number nobody calculates with, kept as text)
    `width`   in characters of half width, as spreadsheets count
    `digits`  places after the point of a number or ratio
    `group`   heading above; neighbours of the same group share it
    """

    name: str
    kind: Kind = "text"
    width: float = 12
    digits: int = 1
    group: str = ""

    @property
    def full_name(self) -> str:
        """The name with its group before it, where there is one row of headings only."""
        return f"{self.group}：{self.name}" if self.group else self.name


@dataclass(frozen=True)
class Total:
    """A row that sums others: printed bold."""

    cells: Sequence[Value]


@dataclass(frozen=True)
class Table:
    """What stands around the rows.

    `notes`  lines between title and headings (the unit, who filled it in)
    `foot`   lines under the rows (day, known by, sources, who exported it and when: `stamp.lines`)
    `kept`   how many columns stay in view when scrolled sideways and are repeated on every printed page
    `paper`  A4 or A3, always landscape, fitted to the width of the page
    """

    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    sheet: str = ""
    paper: Literal["A4", "A3"] = "A4"
    kept: int = 0
    filters: bool = False

    @property
    def grouped(self) -> bool:
        """Whether the headings take two rows."""
        return any(column.group for column in self.columns)


Row = Sequence[Value] | Total


def cells_of(row: Row, table: Table, *, at: int) -> Sequence[Value]:
    """The cells of a row, one for each column.

    Errors  Refusal documents.row if it has more or fewer
    """
    cells = row.cells if isinstance(row, Total) else row
    if len(cells) != len(table.columns):
        raise Refusal(
            "documents.row", f"“{table.title}”第 {at} 行有 {len(cells)} 格，表头是 {len(table.columns)} 格", do="这是程序的错误，请报告"
        )
    return cells

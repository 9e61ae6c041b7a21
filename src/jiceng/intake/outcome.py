"""What the checks say: refusals beside their cells, the values of each sheet, the rows that can land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jiceng.intake.cells import Value
from jiceng.intake.days import NotRead
from jiceng.intake.identity import Identity
from jiceng.intake.layout import Layout
from jiceng.intake.whereabouts import NoPlace


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """One thing wrong with one row: where, what, what to do. `candidates` (code, name) may be chosen from on the page."""

    sheet: str
    row: int
    column: str
    heading: str
    id: str
    message: str
    do: str
    written: str = ""
    candidates: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        """第 27 行“社区”：找不到“新兴社区”。……。请……。"""
        where = f"第 {self.row} 行" + (f"“{self.heading}”" if self.heading else "")
        return f"{where}：{self.message.rstrip('。')}。" + (f"{self.do.rstrip('。')}。" if self.do else "")


@dataclass(frozen=True)
class CheckedSheet:
    """One sheet read. `values` by column id, one value for each body row; `accepted` are positions in the body."""

    layout: Layout
    values: Mapping[str, Sequence[Value]]
    identities: Sequence[Identity | NotRead | None]
    places: Sequence[int | NoPlace]
    accepted: Sequence[int]

    def row_number(self, position: int) -> int:
        """Row in the sheet, from 1, of a position in the body."""
        return self.layout.rows[position] + 1


@dataclass(frozen=True)
class Checked:
    """A workbook read and judged: accepted rows, refusals, sheets left out and why, what was taken with a remark.

    Of one that left from here prefilled: how many rows came back `untouched`, and which workers' rows are `missing`.
    """

    sheets: tuple[CheckedSheet, ...]
    refusals: tuple[RowRefusal, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    remarks: Mapping[str, int] = field(default_factory=dict)
    as_of: date = date.min
    scope: int = 0
    untouched: int = 0
    missing: tuple[int, ...] = ()

    @property
    def accepted(self) -> int:
        """Rows that can land, with those that came back untouched."""
        return sum(len(sheet.accepted) for sheet in self.sheets) + self.untouched

    @property
    def refused_rows(self) -> set[tuple[str, int]]:
        """(sheet, row from 1) of every refused row."""
        return {(refusal.sheet, refusal.row) for refusal in self.refusals}

    @property
    def rows(self) -> int:
        """Rows of persons in the file."""
        return sum(len(sheet.layout.rows) for sheet in self.sheets) + self.untouched

"""A department's form written: cells set in a copy of its own workbook, what is not held marked, a sheet of sources added.

The only use of openpyxl in the product: it keeps a stranger's formats, merged cells and formulas while cells are set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from jiceng.base.dates import chinese_date
from jiceng.documents.sheets import formula_like
from jiceng.intake.held_cells import HeldRow
from jiceng.intake.sheets import column_letter
from jiceng.packets.asked import Held
from jiceng.packets.forms import Form
from jiceng.packets.models import Filling

SOURCES: Final = "数据来源"
_TO_COLLECT = PatternFill("solid", fgColor="FFF2CC")


@dataclass(frozen=True)
class Filled:
    """A form filled: the workbook, how many cells were filled, of how many persons; rows of persons that are not known here."""

    content: bytes
    cells: int
    people: int
    unknown: tuple[tuple[int, str], ...]


def written(
    content: bytes, form: Form, lines: Iterable[tuple[int, HeldRow]], held: Mapping[int, Mapping[str, Held]],
    unknown: Sequence[tuple[int, str]], filling: Filling,
) -> Filled:  # fmt: skip
    """The form with its blank cells filled.

    Shape   a line of the form each (row, person); `held` as `held_of` gives it; `unknown` rows are told of in the sheet of sources
    """
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book[form.sheet]
    sources: list[tuple[str, str, str]] = []
    people = cells = 0
    for row, person in lines:
        people += 1
        if not form.single and not form.rows:
            _begin(sheet, form, row, people)
        for one in form.asked:
            at = form.blanks[one.heading] if form.single else (row, one.index)
            cell = _blank_cell(sheet, *at)
            if cell is None:
                continue
            found = held[person.subject].get(one.column)
            if found is None:
                cell.fill = _TO_COLLECT
                continue
            _put(cell, found.text)
            cells += 1
            sources.append((f"{column_letter(at[1])}{at[0] + 1}", one.heading, found.source))
    for one in form.asked:
        if not one.held and not form.single:
            _note(sheet, one.row + 1, one.index + 1)
    _add_sources(book, form, sources, unknown, filling)
    out = BytesIO()
    book.save(out)
    return Filled(out.getvalue(), cells, people, tuple(unknown))


def _begin(sheet: Worksheet, form: Form, row: int, number: int) -> None:
    """A line of an empty form: its running number, and the look of the first line or at least the lines of the heading."""
    assert form.layout is not None
    for read in form.layout.columns:
        cell, model = sheet.cell(row + 1, read.index + 1), sheet.cell(form.first + 1, read.index + 1)
        if not isinstance(cell, Cell):
            continue
        if read.rule == "serial" and cell.value in (None, ""):
            cell.value = number
        if cell.has_style:
            continue
        if row > form.first and model.has_style:
            cell._style = copy(model._style)
        else:
            cell.border = copy(sheet.cell(form.first, read.index + 1).border)


def _blank_cell(sheet: Worksheet, row: int, column: int) -> Cell | None:
    """The cell to fill; None where something stands or where a merged cell covers it."""
    cell = sheet.cell(row + 1, column + 1)
    return cell if isinstance(cell, Cell) and cell.value in (None, "") else None


def _put(cell: Cell, text: str) -> None:
    """Text stays text: an ID number keeps its digits, nothing becomes a formula."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    if formula_like(text):
        cell.quotePrefix = True


def _note(sheet: Worksheet, row: int, column: int) -> None:
    """A note on a heading; a merged one carries it in its first cell."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            row, column = area.min_row, area.min_col
    heading = sheet.cell(row, column)
    if isinstance(heading, Cell) and heading.comment is None:
        heading.comment = Comment("台账里没有，需另行收集", "基层治理平台")


def _add_sources(
    book: openpyxl.Workbook, form: Form, sources: Sequence[tuple[str, str, str]], unknown: Sequence[tuple[int, str]], filling: Filling
) -> None:
    name = SOURCES
    while name in book.sheetnames:
        name += "1"
    sheet = book.create_sheet(name)
    bold = Font(bold=True)
    rest = [one for one in form.asked if not one.held]
    lines: list[tuple[str, ...]] = [
        (f"{filling.name}：{len(form.asked)} 项，台账已有 {form.held} 项，需另行收集 {len(rest)} 项",),
        (f"截至{chinese_date(filling.on)}；只填了原来空着的格，没有改动已写的内容。标黄的格台账里没有。",),
        (),
        ("需另行收集：" + ("、".join(f"{one.heading}（{one.letter} 列）" if not form.single else one.heading for one in rest) or "没有"),),
    ]
    lines += [(f"第 {row + 1} 行没有填：{why}",) for row, why in unknown]
    lines += [(), ("单元格", "列", "来源")]
    for line in (*lines, *sources):
        sheet.append(["" for _ in line] if not line else list(line))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.cell(1, 1).font = bold
    for cell in sheet[len(lines)]:
        cell.font = bold
    for letter, width in (("A", 12), ("B", 22), ("C", 70)):
        sheet.column_dimensions[letter].width = width

"""What was copied in Excel or WPS and pasted as text: rows of cells, the heading found, and a workbook the import reads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from jiceng.base.refusals import Refusal
from jiceng.documents.sheets import open_workbook
from jiceng.intake.headings import Headings
from jiceng.intake.roster import ROSTER, SERIAL_NAMES
from jiceng.intake.sheets import read_sheets
from jiceng.intake.texts import cell_text

NAMED = "粘贴 "
"""How the name of an upload begins that was pasted."""
MOST_ROWS = 2_000
MOST_COLUMNS = 60
HEADED_WITHIN = 6
"""Rows in which a heading is looked for: a title and a note often stand above it."""
# A quoted cell holds line breaks or doubled quotes and no tab; any other quotation mark is one that somebody typed.
_QUOTED = re.compile(r'"((?:[^"\t]|"")*)"(?=\t|\n|\Z)')
_PLACES = ("county", "street", "community")

Rows = list[list[str]]


@dataclass(frozen=True)
class Grid:
    """Headings and rows of the same width."""

    headings: list[str]
    rows: Rows

    @property
    def text(self) -> str:
        """As text again, the way a spreadsheet copies it."""
        return text_of([self.headings, *self.rows])


def rows_of(text: str) -> Rows:
    """Rows of cells of pasted text; blank rows at the end and blank columns at the right are left out.

    Shape   rows as they came, not padded; a blank row in the middle stays, so that row numbers stay true
    """
    left = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    rows: Rows = [[]]
    at = 0
    while at <= len(left):
        quoted = _QUOTED.match(left, at) if left[at : at + 1] == '"' else None
        if quoted and ("\n" in quoted[1] or '""' in quoted[1]):
            cell, at = quoted[1].replace('""', '"'), quoted.end()
        else:
            end = next((place for place in range(at, len(left)) if left[place] in "\t\n"), len(left))
            cell, at = left[at:end], end
        rows[-1].append(cell.strip(" \u00a0"))
        if at >= len(left):
            break
        if left[at] == "\n":
            rows.append([])
        at += 1
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def text_of(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text, cells with line breaks or quotation marks quoted."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def _quoted(cell: str) -> str:
    plain = cell.replace("\t", " ")
    return '"' + plain.replace('"', '""') + '"' if "\n" in plain or '"' in plain else plain


def grid_of(text: str, *, columns: Sequence[str], remembered: Mapping[str, str], fill_places: bool) -> Grid:
    """The pasted text as a grid. Without a heading row the cells are those of `columns`, in their order.

    `fill_places`: a blank county, street or community takes the one above, as merged cells are copied
    Errors  Refusal paste.empty, paste.too_many, paste.too_wide
    """
    rows = rows_of(text)
    if not any(rows):
        raise Refusal("paste.empty", "没有贴上内容", why="格子都是空的", do="请在 Excel 或 WPS 里选中人员所在的行复制，再贴到这里")
    reader = Headings(ROSTER, remembered)
    scores = [_headings_in(row, reader) for row in rows[:HEADED_WITHIN]]
    at = max(range(len(scores)), key=lambda row: (scores[row], -row))
    headings, body = (rows[at], rows[at + 1 :]) if scores[at] >= 2 else (list(columns), rows)
    width = max([len(headings), *(len(row) for row in body)])
    if len(body) > MOST_ROWS:
        raise Refusal(
            "paste.too_many", f"贴了 {len(body):,} 行", why=f"网格一次最多 {MOST_ROWS:,} 行", do="请分几次贴，或存成文件从“导入表格”上传"
        )
    if width > MOST_COLUMNS:
        raise Refusal("paste.too_wide", f"贴了 {width} 列", why=f"网格最多 {MOST_COLUMNS} 列", do="请只选有内容的列复制")
    if not body:
        raise Refusal("paste.empty", "只有表头，没有人员", why="表头下面是空的", do="请连同人员所在的行一起复制")
    found = Grid(_padded(headings, width), [_padded(row, width) for row in body])
    return _filled(found, reader) if fill_places else found


def _headings_in(row: Sequence[str], reader: Headings) -> int:
    """How many cells of a row are names of columns."""
    return sum(cell.strip() in SERIAL_NAMES or reader.named(cell) is not None for cell in row if cell)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _filled(grid: Grid, reader: Headings) -> Grid:
    placed = [at for at, text in enumerate(grid.headings) if (column := reader.named(text)) and column.id in _PLACES]
    above = [""] * len(grid.headings)
    rows = []
    for row in grid.rows:
        kept = list(row)
        for at in placed if any(row) else ():
            kept[at] = above[at] = row[at] or above[at]
        rows.append(kept)
    return Grid(grid.headings, rows)


def workbook_of(grid: Grid) -> bytes:
    """The grid as a workbook of text, for the same reader as every file sent up."""
    out = BytesIO()
    with open_workbook(out) as book:
        sheet = book.add_worksheet("粘贴")
        for at, row in enumerate([grid.headings, *grid.rows]):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(at, column, cell[:32_000])
    return out.getvalue()


def grid_in(path: Path) -> Grid:
    """The grid that was kept."""
    sheet = read_sheets(path)[0]
    rows = [[cell_text(cell) for cell in sheet.row(at)] for at in range(sheet.height)]
    return Grid(rows[0], rows[1:])

"""Sheets of a workbook as columns of cells, read by content whatever the file is called."""

from __future__ import annotations

import csv
import ctypes
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from jiceng.base.refusals import Refusal
from jiceng.intake import containers

Cell = str | float | int | bool | date | datetime | time | timedelta
"""A blank cell is ""."""

_CHUNK = 4_000
_LARGE = 2 * 2**20


@dataclass(frozen=True)
class Sheet:
    """One sheet, column by column; rows and columns count from 0 here and from 1 / A where people see them.

    `titles`: what stood above a form that was made into a table; above an ordinary table they stand in the cells.
    """

    name: str
    columns: list[list[Cell]]
    height: int
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    notes: tuple[str, ...] = field(default=())
    titles: tuple[str, ...] = field(default=())

    def row(self, index: int) -> list[Cell]:
        """Cells of one row."""
        return [column[index] for column in self.columns]


def column_letter(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_sheets(source: Path | bytes) -> list[Sheet]:
    """Every sheet with anything in it, hidden ones too (and marked so).

    Shape   columns of equal length, from the first column and row of the sheet
    Empty   a workbook in which every sheet is blank is refused
    Errors  Refusal intake.empty_file, .too_large, .encrypted, .format, .damaged, .bomb, .xml, .far_cell, .too_many_rows,
            .encoding, .blank
    """
    raw = containers.content(source)
    form = containers.format_of(raw)
    if form == "text":
        sheets = [_from_rows("", _text_rows(raw))]
    elif form == "html":
        sheets = [_from_rows("", _html_rows(raw))]
    else:
        sheets = _workbook(raw, containers.hidden_parts(raw) if form == "xlsx" else {})
        if len(raw) > _LARGE:
            _give_back()
    sheets = [sheet for sheet in sheets if sheet.height]
    if not sheets:
        raise Refusal("intake.blank", "表里没有任何内容", do="请确认保存的是填好的那一份")
    return sheets


def _give_back() -> None:
    """Returns to the system what the reader of a large workbook has freed; the C library keeps it otherwise (75 MB of 100,000 rows)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _workbook(raw: bytes, hidden: dict[str, containers.Hidden]) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(raw)) as book:
            return [
                _sheet(book.get_sheet_by_name(meta.name), hidden.get(meta.name), meta.visible is not SheetVisibleEnum.Visible)
                for meta in book.sheets_metadata
                if meta.typ is SheetTypeEnum.WorkSheet
            ]
    except PasswordError as error:
        raise containers.encrypted() from error
    except (CalamineError, ValueError, OSError) as error:
        raise containers.damaged() from error


def _sheet(sheet: CalamineSheet, hidden: containers.Hidden | None, invisible: bool) -> Sheet:
    if sheet.end is not None and sheet.end[0] + 1 > containers.MAX_ROWS:
        raise containers.too_many_rows(sheet.name, sheet.end[0] + 1)
    left = sheet.start[1] if sheet.start else 0
    columns = _columns(sheet.iter_rows() if sheet.end is not None else (), left)
    height = len(columns[0]) if columns else 0
    merged = tuple((top, near, bottom, far) for (top, near), (bottom, far) in sheet.merged_cell_ranges or ())
    return Sheet(
        sheet.name,
        columns,
        height,
        merged,
        frozenset(hidden.rows if hidden else ()),
        frozenset(hidden.columns if hidden else ()),
        invisible,
    )


def _from_rows(name: str, rows: list[list[str]]) -> Sheet:
    if len(rows) > containers.MAX_ROWS:
        raise containers.too_many_rows(name, len(rows))
    width = max((len(row) for row in rows), default=0)
    columns = _columns(([*row, *[""] * (width - len(row))] for row in rows), 0)
    return Sheet(name, columns, len(columns[0]) if columns else 0)


def _columns(rows: Iterable[Sequence[Cell]], left: int) -> list[list[Cell]]:
    """Rows turned into columns, the same text kept once, blank rows at the end left off."""
    columns: list[list[Cell]] = []
    seen: list[dict[str, str]] = []
    height = last = 0
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        if not columns:
            columns = [[] for _ in range(left + len(chunk[0]))]
            seen = [{} for _ in columns]
        for column in columns[:left]:
            column.extend([""] * len(chunk))
        for column, known, cells in zip(columns[left:], seen[left:], zip(*chunk, strict=True), strict=True):
            if len(known) > 20_000:
                known.clear()
            column.extend([known.setdefault(cell, cell) if type(cell) is str else cell for cell in cells])
        for offset in range(len(chunk) - 1, -1, -1):
            if any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in chunk[offset]):
                last = height + offset + 1
                break
        height += len(chunk)
    for column in columns:
        del column[last:]
    return columns if last else []


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(
        "intake.encoding", "文字编码认不出来", why="试过 UTF-8、UTF-16 和 GBK（GB18030）", do="请用 Excel 或 WPS 打开，另存为 .xlsx"
    )


def _text_rows(raw: bytes) -> list[list[str]]:
    """Rows of a CSV or tab-separated text."""
    text = _decoded(raw)
    head = "\n".join(text.splitlines()[:20])
    # A comma inside a title or a note is no separator: the sign that stands in most lines wins.
    delimiter = max("\t,;|，", key=lambda sign: (sum(sign in line for line in head.splitlines()), head.count(sign)))
    csv.field_size_limit(2**20)
    try:
        return [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise containers.damaged() from error


class _Tables(HTMLParser):
    """The rows of every table of a page, spans written out; web systems export such pages named .xls."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = []
            span = dict(attrs).get("colspan") or "1"
            self.span = min(int(span), 100) if span.isdigit() else 1
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].extend(["".join(self.cell).strip(), *[""] * (self.span - 1)])
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)


def _html_rows(raw: bytes) -> list[list[str]]:
    page = _Tables()
    page.feed(_decoded(raw))
    return page.rows

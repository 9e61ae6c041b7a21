"""The one way a workbook or CSV leaves the house. Text stays text: nothing typed by anybody becomes a formula or a link."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiceng.documents.tables import Column, Row, Table, Total, Value, cells_of
from jiceng.ui.moment import ZONE

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
LAST_ROW: Final = 1_048_576
# A spreadsheet keeps 15 digits of a number; longer ones are written as text.
_EXACT: Final = 10**15
_LONGEST: Final = 32_000
_CUT: Final = "……（全文过长，未完）"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PAPER: Final = {"A4": 9, "A3": 8}
_SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def formula_like(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula when somebody edits the cell or opens a CSV."""
    return text.startswith(_RISKY)


def open_workbook(target: Path | BytesIO, *, streaming: bool = False, made: datetime | None = None) -> xlsxwriter.Workbook:
    """A workbook in which text stays text. `streaming`: rows go to disk as they come and must be written in order."""
    book = xlsxwriter.Workbook(target, {**_SAFE, "constant_memory": streaming, "default_date_format": "yyyy-mm-dd"})
    if made is not None:
        book.set_properties({"created": made.astimezone(ZONE).replace(tzinfo=None)})
    return book


def write_xlsx(table: Table, rows: Iterable[Row], target: Path | BytesIO, *, made: datetime | None = None) -> int:
    """A table into a workbook; gives the number of rows. A million rows stream through; past the last line a second sheet goes on.

    Shape   title, notes, headings (two rows where columns have groups), rows, foot; headings and the kept columns are repeated
            on every printed page, which carries its number
    Errors  Refusal documents.row
    """
    with open_workbook(target, streaming=True, made=made) as book:
        styles = _Styles(book, table)
        count, part, waiting = 0, 1, iter(rows)
        while True:
            sheet = book.add_worksheet(_sheet_name(table, part))
            at = _head(sheet, table, styles)
            room = LAST_ROW - at - len(table.foot) - 1
            written = _body(sheet, table, waiting, styles, at=at, room=room, before=count)
            count += written
            _foot(sheet, table, styles, at=at, end=at + written)
            if written < room:
                return count
            part += 1


def write_sheets(parts: Sequence[tuple[Table, Sequence[Row]]], target: Path | BytesIO, *, made: datetime | None = None) -> None:
    """Several small tables into one workbook, a sheet each, as `write_xlsx` writes one.

    Errors  Refusal documents.row
    """
    with open_workbook(target, made=made) as book:
        for table, rows in parts:
            sheet, styles = book.add_worksheet(_sheet_name(table, 1)), _Styles(book, table)
            at = _head(sheet, table, styles)
            written = _body(sheet, table, iter(rows), styles, at=at, room=LAST_ROW - at - len(table.foot), before=0)
            _foot(sheet, table, styles, at=at, end=at + written)


def csv_lines(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """A table as CSV, a piece at a time: headings and rows only, UTF-8 with a mark so that spreadsheets read it as such.

    Text that looks like a formula has a ' before it. For programs: a spreadsheet that opens CSV takes long numbers for numbers;
    people get the workbook.
    """
    out = StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([_csv_text(column.full_name) for column in table.columns])
    for at, row in enumerate(rows, 1):
        writer.writerow([_csv_text(value) for value in cells_of(row, table, at=at)])
        if out.tell() > 32_000:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _csv_text(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if formula_like(value) else value
    if isinstance(value, datetime):
        return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"
    if isinstance(value, Fraction):
        return str(float(value))
    return "" if value is None else str(value)


class _Styles:
    """The formats of one workbook: by column, plain or bold, and one each for what stands around the rows."""

    def __init__(self, book: xlsxwriter.Workbook, table: Table) -> None:
        head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#EAF1F8"}
        self.title: Format = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.note: Format = book.add_format({"text_wrap": True, "valign": "vcenter", "font_color": "#404040"})
        self.head: Format = book.add_format(head)
        self.cells: dict[tuple[int, bool, str], Format] = {}
        made: dict[tuple[tuple[str, object], ...], Format] = {}
        for index, column in enumerate(table.columns):
            for strong in (False, True):
                for form in ("own", "text", "risky"):
                    wanted = _format_of(column, form, strong)
                    self.cells[index, strong, form] = made.setdefault(tuple(wanted.items()), book.add_format(wanted))


def _format_of(column: Column, form: str, strong: bool) -> dict[str, object]:
    wanted: dict[str, object] = {"border": 1, "valign": "vcenter"}
    if strong:
        wanted |= {"bold": True, "bg_color": "#F5F5F5"}
    if form == "own" and column.kind not in ("text", "identity"):
        places = f".{'0' * column.digits}" if column.digits else ""
        number = {"integer": "#,##0", "number": f"#,##0{places}", "ratio": f"0{places}%", "date": "yyyy-mm-dd"}[column.kind]
        return wanted | {"num_format": number, "align": "center" if column.kind == "date" else "right"}
    wanted |= {"num_format": "@", "text_wrap": column.kind != "identity"}
    if column.kind not in ("text", "identity"):
        wanted["align"] = "center"
    # quote_prefix: text that begins like a formula stays text when somebody edits the cell.
    return wanted | {"quote_prefix": True} if form == "risky" else wanted


def _sheet_name(table: Table, part: int) -> str:
    name = "".join("_" if sign in "[]:*?/\\" else sign for sign in (table.sheet or table.title)).strip("'")[:24] or "表"
    return name if part == 1 else f"{name}（续{part - 1}）"


def _head(sheet: Worksheet, table: Table, styles: _Styles) -> int:
    """Title, notes and headings; gives the first row of the body."""
    width, last = sum(column.width for column in table.columns), len(table.columns) - 1
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
    sheet.set_row(0, 32)
    _across(sheet, 0, last, table.title, styles.title)
    for row, note in enumerate(table.notes, 1):
        sheet.set_row(row, 17 * _lines(note, width))
        _across(sheet, row, last, note, styles.note)
    top = 1 + len(table.notes)
    bottom = top + 1 if table.grouped else top
    _headings(sheet, table, styles, top=top, bottom=bottom)
    sheet.set_landscape()
    sheet.set_paper(_PAPER[table.paper])
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.repeat_rows(top, bottom)
    if table.kept:
        sheet.repeat_columns(0, table.kept - 1)
    sheet.set_footer("&C第 &P 页　共 &N 页")
    sheet.freeze_panes(bottom + 1, table.kept)
    return bottom + 1


def _headings(sheet: Worksheet, table: Table, styles: _Styles, *, top: int, bottom: int) -> None:
    tallest = max(_lines(column.name, column.width) for column in table.columns)
    sheet.set_row(top, 20 if table.grouped else 17 * tallest + 6)
    if table.grouped:
        sheet.set_row(bottom, 17 * tallest + 6)
    for index, column in enumerate(table.columns):
        first = not column.group or index == 0 or table.columns[index - 1].group != column.group
        sheet.write_string(top, index, (column.group or column.name) if first else "", styles.head)
    if not table.grouped:
        return
    for index, column in enumerate(table.columns):
        sheet.write_string(bottom, index, column.name if column.group else "", styles.head)
    for group, members in groupby(enumerate(table.columns), lambda pair: pair[1].group):
        places = [index for index, _ in members]
        # Both rows are written already; merge_range would write them again, which a streaming workbook refuses.
        if group and len(places) > 1:
            sheet.merge.append([top, places[0], top, places[-1]])
        elif not group:
            sheet.merge.extend([top, index, bottom, index] for index in places)


def _body(sheet: Worksheet, table: Table, rows: Iterator[Row], styles: _Styles, *, at: int, room: int, before: int) -> int:
    """Rows as long as there is room; gives how many."""
    cells = styles.cells
    for done in range(room):
        row = next(rows, None)
        if row is None:
            return done
        strong = isinstance(row, Total)
        line = at + done
        for index, value in enumerate(cells_of(row, table, at=before + done + 1)):
            if isinstance(value, str) and value:
                sheet.write_string(line, index, _fitting(value), cells[index, strong, "risky" if formula_like(value) else "text"])
            elif value is None or value == "":
                sheet.write_blank(line, index, None, cells[index, strong, "own"])
            else:
                _write(sheet, line, index, value, table.columns[index], styles, strong)
    return room


def _write(sheet: Worksheet, line: int, index: int, value: Value, column: Column, styles: _Styles, strong: bool) -> None:
    if isinstance(value, datetime):
        sheet.write_string(line, index, f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}", styles.cells[index, strong, "text"])
    elif isinstance(value, date):
        if column.kind == "date" and value.year >= 1900:
            sheet.write_datetime(line, index, value, styles.cells[index, strong, "own"])
        else:
            sheet.write_string(line, index, value.isoformat(), styles.cells[index, strong, "text"])
    elif column.kind in ("text", "identity") or abs(value) >= _EXACT:  # type: ignore[arg-type,operator]
        sheet.write_string(line, index, str(value), styles.cells[index, strong, "text"])
    else:
        assert isinstance(value, int | float | Decimal | Fraction)
        sheet.write_number(line, index, value, styles.cells[index, strong, "own"])


def _foot(sheet: Worksheet, table: Table, styles: _Styles, *, at: int, end: int) -> None:
    width, last = sum(column.width for column in table.columns), len(table.columns) - 1
    for line, text in enumerate(table.foot, end):
        sheet.set_row(line, 17 * _lines(text, width))
        _across(sheet, line, last, text, styles.note)
    for index, column in enumerate(table.columns):
        if column.kind == "identity" and end > at:
            sheet.ignore_errors({"number_stored_as_text": xlsxwriter.utility.xl_range(at, index, end - 1, index)})
    if table.filters and end > at:
        sheet.autofilter(at - 1, 0, end - 1, last)


def _across(sheet: Worksheet, row: int, last: int, text: str, style: Format) -> None:
    """A line over the whole width of the table."""
    if last:
        sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, _fitting(text), style)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell of a width: a Chinese character is as wide as two others."""
    return max(1, ceil(sum(2 if ord(sign) > 0x2000 else 1 for sign in text) / max(width, 1)))


def _fitting(text: str) -> str:
    """A cell holds 32,767 characters; what is longer says that it goes on."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT

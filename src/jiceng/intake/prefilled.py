"""The roster of a place with what is held today already in it, to be corrected and sent back.

Three things tell on its return where it came from, because spreadsheet programs keep them differently: document properties, a
line of the first sheet, and a hidden last column with the number of each worker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from jiceng.base.dates import chinese_date
from jiceng.documents.sheets import formula_like, open_workbook
from jiceng.intake.held_cells import SEALED, HeldRow
from jiceng.intake.roster import GUIDE_SHEET, KEY_NAME, LISTS_SHEET, ROSTER, Column
from jiceng.intake.templates_out import HINTS, offer, words_for
from jiceng.terms.registry import Terms
from jiceng.ui.moment import ZONE

PROPERTY: Final = "jiceng"
CODE: Final = re.compile(r"JC-\d{1,12}-\d{2,12}-[0-9a-f]{8}")
"""The number of a workbook sent out: round, place, and a word that only the sender knows."""
_SPARE: Final = 60
_RULES: Final = (
    "一、表里已填好台账现有的内容，请逐人核对：对的不用动，错的直接改，缺的补上。",
    "二、新来的人写在最后一人下面的空行里，身份证号必须写全 18 位。",
    "三、已经离任的人，删去那一行。删行不等于办理离任：收表的单位会逐人核对后另行登记。",
    "四、没有的填“无”，不清楚的空着。空着不会改动台账。",
    "五、带星号（*）的号码是为保护个人信息遮住的，不用补全；号码有变的，请写出完整的新号码。",
    "六、请不要改动第三行的列名；可以调整列宽、排序、筛选。",
    "七、用 Excel 或 WPS 都可以，存成 .xls 或 .xlsx 均可，文件可以改名。",
    "八、填好后原样交回。交过以后又有更正的，改好再交一次。",
)


@dataclass(frozen=True)
class Sending:
    """What stands around the rows of one workbook: its number, title, the day its rows are of, lines about who asks until when."""

    code: str
    place: int
    name: str
    title: str
    on: date
    made: datetime
    lines: tuple[str, ...] = ()


def columns_of(chosen: Sequence[str]) -> list[Column]:
    """The columns of a workbook sent out: all that are offered, or the chosen ones with those no row can do without."""
    return [column for column in ROSTER if (column.id in chosen or column.needed if chosen else column.offered)]


def write_prefilled(
    rows: Sequence[HeldRow], target: Path | BytesIO, *, sending: Sending, columns: Sequence[Column], plain: bool, terms: Terms
) -> None:
    """One place's workbook.

    Shape   first sheet how to fill it in, then the roster (title, hint, headings, one row a worker, blank rows), hidden lists
    Units   `plain`: sealed columns as they are; else masked, which says nothing new when it comes back
    """
    with open_workbook(target) as book:
        book.set_properties({"title": sending.title, "created": sending.made.astimezone(ZONE).replace(tzinfo=None)})
        book.set_custom_property(PROPERTY, sending.code)
        styles = _Styles(book)
        _guide(book.add_worksheet(GUIDE_SHEET), sending, len(rows), styles)
        sheet = book.add_worksheet("花名册")
        lists = book.add_worksheet(LISTS_SHEET)
        lists.hide()
        _head(sheet, sending, columns, [_width(rows, column) for column in columns], styles)
        for at, row in enumerate(rows):
            _row(sheet, at + 3, row, columns, plain, styles)
        _foot(sheet, lists, sending, columns, len(rows) + _SPARE, terms)
        sheet.activate()


class _Styles:
    """The formats of one workbook; what may be written in is not locked."""

    def __init__(self, book: Workbook) -> None:
        head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "locked": True}
        self.title: Format = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.hint: Format = book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "vcenter"})
        self.head: Format = book.add_format({**head, "bg_color": "#DDEBF7"})
        self.needed: Format = book.add_format({**head, "bg_color": "#FCE4D6"})
        self.open: Format = book.add_format({"num_format": "@", "locked": False})
        self.cell: Format = book.add_format({"num_format": "@", "locked": False, "border": 1, "border_color": "#BFBFBF"})
        self.risky: Format = book.add_format({"num_format": "@", "locked": False, "border": 1, "quote_prefix": True})
        self.masked: Format = book.add_format({"num_format": "@", "locked": False, "border": 1, "font_color": "#7F7F7F"})
        self.line: Format = book.add_format({"text_wrap": True, "valign": "top", "font_size": 12})
        self.code: Format = book.add_format({"font_color": "#7F7F7F"})


def _guide(sheet: Worksheet, sending: Sending, held: int, styles: _Styles) -> None:
    sheet.set_column(0, 0, 84)
    sheet.set_paper(9)
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, sending.title, styles.title)
    asked = (f"填报单位：{sending.name}", *sending.lines, f"表里现有 {held} 人，以{chinese_date(sending.on)}台账为准。")
    for at, line in enumerate((*asked, "", *_RULES)):
        sheet.set_row(at + 1, 40 if len(line) > 40 else 20)
        sheet.write_string(at + 1, 0, line, styles.line)
    sheet.write_string(len(asked) + len(_RULES) + 3, 0, f"本表编号 {sending.code}（请保留，交回时凭它认表）", styles.code)
    sheet.protect()
    sheet.fit_to_pages(1, 0)


def _head(sheet: Worksheet, sending: Sending, columns: Sequence[Column], widths: Sequence[float], styles: _Styles) -> None:
    last = len(columns)
    sheet.merge_range(0, 0, 0, last, f"{sending.title}（{sending.name}）", styles.title)
    hint = f"橙色列必填。没有的填“无”，不清楚的空着。台账截至{chinese_date(sending.on)}，对的不用动。"
    sheet.merge_range(1, 0, 1, last, hint, styles.hint)
    for row, height in ((0, 30), (1, 22), (2, 34)):
        sheet.set_row(row, height)
    sheet.write_string(2, 0, "序号", styles.head)
    sheet.set_column(0, 0, 6, styles.open)
    for at, column in enumerate(columns, 1):
        sheet.set_column(at, at, widths[at - 1], styles.open)
        sheet.write_string(2, at, column.name, styles.needed if column.needed else styles.head)
        if column.id in HINTS:
            sheet.write_comment(2, at, HINTS[column.id])
    sheet.write_string(0, last + 1, sending.code, styles.code)
    sheet.write_string(2, last + 1, KEY_NAME, styles.head)
    sheet.set_column(last + 1, last + 1, 14, styles.open, {"hidden": True})


def _width(rows: Sequence[HeldRow], column: Column) -> float:
    """Wide enough for what stands in it, no wider than a long name of a community."""
    longest = max((sum(1 + (sign > "\xff") for sign in row.text(column.id)) for row in rows), default=0)
    least = 20 if column.reader == "id_number" else 16 if column.id == "remark" else 9
    return min(max(longest + 2, least, min(len(column.name) * 2 + 1, 12)), 34)


def _row(sheet: Worksheet, at: int, row: HeldRow, columns: Sequence[Column], plain: bool, styles: _Styles) -> None:
    sheet.write_number(at, 0, at - 2, styles.cell)
    for column, declared in enumerate(columns, 1):
        hidden = declared.id in SEALED and not plain
        text = row.masked(declared.id) if hidden else row.text(declared.id)
        style = styles.masked if hidden and text else styles.risky if formula_like(text) else styles.cell
        if text:
            sheet.write_string(at, column, text, style)
        else:
            sheet.write_blank(at, column, None, style)
    sheet.write_string(at, len(columns) + 1, str(row.subject), styles.open)


def _foot(sheet: Worksheet, lists: Worksheet, sending: Sending, columns: Sequence[Column], rows: int, terms: Terms) -> None:
    """What holds for the whole table: lists to choose from, headings kept in sight and on paper, headings not to be typed over."""
    for at, column in enumerate(columns, 1):
        words = words_for(column, sending.place, on=sending.on, terms=terms)
        if words:
            offer(sheet, lists, at, words, rows=rows)
    sheet.freeze_panes(3, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(2)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(f"A1:{xl_rowcol_to_cell(rows + 2, len(columns))}")
    # Rows may be added, taken out, sorted; only the headings hold still. No password: it is a guard rail, not a lock.
    allowed = ("insert_rows", "delete_rows", "sort", "autofilter", "format_cells", "format_columns", "format_rows")
    sheet.protect("", dict.fromkeys(allowed, True))

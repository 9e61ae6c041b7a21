"""The workbook that goes back: refused rows as they came, the reason beside them and on the cells, ready to be mended and sent again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiceng.documents.sheets import formula_like, open_workbook
from jiceng.intake.outcome import Checked, CheckedSheet, RowRefusal
from jiceng.intake.roster import KEY_NAME, OWN_NAMES
from jiceng.intake.sheets import Cell
from jiceng.intake.texts import cell_text

_REASON, _REMEDY = OWN_NAMES
_LOST: Final = 1e15


def write_returned(checked: Checked, target: Path | BytesIO) -> int:
    """Refused rows into a workbook; gives how many.

    Shape   one sheet for each sheet with refused rows: title and heading rows as they were, then the refused rows in their
            order, two columns more at the end (退回原因, 怎么改); cells at fault are coloured and carry a note
    Empty   without refused rows no file is written
    """
    by_sheet: dict[str, dict[int, list[RowRefusal]]] = {}
    for refusal in checked.refusals:
        by_sheet.setdefault(refusal.sheet, {}).setdefault(refusal.row, []).append(refusal)
    if not by_sheet:
        return 0
    with open_workbook(target) as book:
        styles = _Styles(book)
        for sheet in checked.sheets:
            rows = by_sheet.get(sheet.layout.sheet.name)
            if rows:
                _write_sheet(book.add_worksheet(sheet.layout.sheet.name or "退回"), sheet, rows, styles)
    return sum(len(rows) for rows in by_sheet.values())


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        # quote_prefix: text that begins like a formula stays text when somebody edits the cell.
        plain = {"num_format": "@", "valign": "top"}
        fault = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.head: Format = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
        self.own: Format = book.add_format({"bold": True, "border": 1, "bg_color": "#FFF2CC", "align": "center", "valign": "vcenter"})
        self.reason: Format = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#9C0006"})
        self.cell: dict[tuple[str, bool], Format] = {}
        for bad in (False, True):
            extra = fault if bad else {}
            self.cell["text", bad] = book.add_format({**plain, **extra})
            self.cell["risky", bad] = book.add_format({**plain, **extra, "quote_prefix": True})
            self.cell["day", bad] = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", **extra})
            self.cell["number", bad] = book.add_format({"valign": "top", **extra})


def _write_sheet(out: Worksheet, sheet: CheckedSheet, rows: dict[int, list[RowRefusal]], styles: _Styles) -> None:
    layout = sheet.layout
    width = len(layout.sheet.columns)
    top, bottom = layout.head
    for row in range(bottom + 1):
        for column, cell in enumerate(layout.sheet.row(row)):
            text = cell_text(cell)
            if text and text not in OWN_NAMES:
                out.write_string(row, column, text, styles.head if row >= top else styles.title)
    for first, near, last, far in layout.sheet.merged:
        if last <= bottom and far < width:
            text = cell_text(layout.sheet.columns[near][first])
            out.merge_range(first, near, last, far, text, styles.head if first >= top else styles.title)
    keep = [index for index in range(width) if cell_text(layout.sheet.columns[index][bottom]) not in OWN_NAMES]
    end = max(keep, default=-1) + 1
    out.write_string(bottom, end, _REASON, styles.own)
    out.write_string(bottom, end + 1, _REMEDY, styles.own)
    out.set_column(0, end - 1, 14)
    out.set_column(end, end + 1, 46)
    for read in layout.columns:
        if read.heading == KEY_NAME:
            out.set_column(read.index, read.index, 14, None, {"hidden": True})
    out.freeze_panes(bottom + 1, 0)
    for at, row in enumerate(sorted(rows), bottom + 1):
        refusals = rows[row]
        faults = {refusal.column: refusal for refusal in refusals if refusal.column}
        for read in layout.columns:
            if read.index in keep:
                filled = layout.filled.get(read.index, {})
                cell = filled.get(row - 1, layout.sheet.columns[read.index][row - 1])
                _write_cell(out, at, read.index, cell, faults.get(read.letter), styles)
        out.write_string(at, end, _joined([_message(refusal) for refusal in refusals]), styles.reason)
        out.write_string(at, end + 1, _joined([refusal.do for refusal in refusals]), styles.reason)


def _write_cell(out: Worksheet, row: int, column: int, cell: Cell, fault: RowRefusal | None, styles: _Styles) -> None:
    bad = fault is not None
    note = fault.message if fault else ""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= _LOST:
            # Its last digits are gone: written back as text it could pass for a right number.
            note = f"原单元格是数字 {int(cell)}，后三位已丢失，请重新填写。{note}"
            out.write_blank(row, column, None, styles.cell["text", True])
        else:
            out.write_number(row, column, cell, styles.cell["number", bad])
    elif isinstance(cell, date) and not isinstance(cell, datetime):
        out.write_datetime(row, column, cell, styles.cell["day", bad])
    else:
        text = cell_text(cell)
        if text or bad:
            out.write_string(row, column, text, styles.cell["risky" if formula_like(text) else "text", bad])
    if note:
        out.write_comment(row, column, note, {"x_scale": 2})


def _message(refusal: RowRefusal) -> str:
    return f"“{refusal.heading}”{refusal.message}" if refusal.heading else refusal.message


def _joined(texts: Sequence[str]) -> str:
    seen = list(dict.fromkeys(text.rstrip("。") for text in texts if text))
    return "；".join(seen) + ("。" if seen else "")

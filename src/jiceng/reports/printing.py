"""A return as tables that leave the house: a sheet of the workbook, a page of the PDF for each sheet of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from jiceng.documents.pdf import tables_pdf
from jiceng.documents.sheets import write_sheets
from jiceng.documents.stamp import Stamp, lines
from jiceng.documents.tables import Column as Printed
from jiceng.documents.tables import Row, Table, Total
from jiceng.law.bounds import cite
from jiceng.reports.asked import Answered
from jiceng.reports.form import Column, Sheet
from jiceng.reports.lines import Line, depths
from jiceng.reports.returns import Cell, Worked
from jiceng.reports.saying import period_text, said
from jiceng.runs.law import installed_law

_INDENT = "　"


@dataclass(frozen=True)
class Standing:
    """What a printed return says of itself: its state in words, its version, and the digest it is frozen under."""

    state: str
    version: int
    hash: str


def workbook(worked: Worked, standing: Standing, *, sheets: Sequence[Sheet], deep: int, by: str, made: datetime) -> bytes:
    """The return as an Excel workbook."""
    out = BytesIO()
    write_sheets([_table(worked, standing, sheet, deep=deep, by=by, made=made, exact=True) for sheet in sheets], out, made=made)
    return out.getvalue()


def paper(worked: Worked, standing: Standing, *, sheets: Sequence[Sheet], deep: int, by: str, made: datetime) -> bytes:
    """The return as PDF.

    Errors  Refusal documents.no_font
    """
    return tables_pdf([_table(worked, standing, sheet, deep=deep, by=by, made=made, exact=False) for sheet in sheets], made=made)


def shown_lines(worked: Worked, *, deep: int) -> list[tuple[int, Line]]:
    """(place of the line, line) down to so many levels below the place."""
    depth = depths(worked.lines)
    return [(at, line) for at, line in enumerate(worked.lines) if depth[line.key] <= deep]


def _table(
    worked: Worked, standing: Standing, sheet: Sheet, *, deep: int, by: str, made: datetime, exact: bool
) -> tuple[Table, list[Row]]:  # fmt: skip
    columns = worked.form.on_sheet(sheet)
    titles = {group.id: group.title for group in worked.form.groups}
    head = Printed("地方", "text", 22)
    printed = (head, *(_printed(column, titles[column.group]) for column in columns))
    version = f"，第 {standing.version} 版" if standing.version > 1 else ""
    note = f"单位：{worked.form.unit}　　期间：{period_text(worked.period)}　　状态：{standing.state}{version}"
    stamp = Stamp(worked.period.on, worked.known_by, by, made, sources=("台账", *_marks(worked, columns)))
    foot = [*lines(stamp), *_notes(worked, columns)]
    if standing.hash:
        foot.append(f"摘要：{standing.hash}")
    title = f"{worked.lines[0].name}{worked.form.title}"
    table = Table(title, printed, notes=(note,), foot=tuple(foot), sheet=sheet.title, paper="A3" if len(printed) > 12 else "A4", kept=1)
    depth = depths(worked.lines)
    order = [at for at, column in enumerate(worked.form.columns) if column in columns]
    rows: list[Row] = []
    for at, line in shown_lines(worked, deep=deep):
        cells = [_value(worked.cells[at][k], worked.form.columns[k], exact=exact) for k in order]
        row = [f"{_INDENT * depth[line.key]}{line.name}", *cells]
        rows.append(Total(row) if depth[line.key] == 0 else row)
    return table, rows


def _printed(column: Column, group: str) -> Printed:
    if column.counted:
        return Printed(column.title, "integer", 9, group=group)
    return Printed(column.title, "number" if column.type == "Ratio" else "integer", 13, digits=2, group=group)


def _value(cell: Cell, column: Column, *, exact: bool) -> object:
    """A number where there is one; else why there is none. A sum over some of the places never stands as a number."""
    words = said(cell, column)
    if words.number is not None:
        return words.number if exact or column.counted else words.text
    return f"{words.text}（{words.note}）" if words.note and words.kind == "missing" else words.text


def _marks(worked: Worked, columns: Sequence[Column]) -> list[str]:
    """The clauses the sheet's figures come from."""
    definitions = installed_law().regime(worked.place, worked.period.on).definitions
    found = {}
    for column in columns:
        cell = worked.cell(worked.lines[0].key, column.id)
        if isinstance(cell, Answered):
            found[cell.mark] = None
        elif column.rule in definitions:
            found[cite(definitions[column.rule].document, definitions[column.rule].clause)] = None
    return [mark for mark in found if mark]


def _notes(worked: Worked, columns: Sequence[Column]) -> list[str]:
    """What a column counts, and which places a total misses."""
    told = [f"{column.title}：{column.note}" for column in columns if column.note]
    missing = {code for column in columns for code in getattr(worked.cell(worked.lines[0].key, column.id), "untold", ())}
    names = {line.code: line.name for line in worked.lines if not line.own}
    if missing:
        told.append("没有报数的地方：" + "、".join(names.get(code, str(code)) for code in sorted(missing)) + "；合计因此不能作答，不按零计")
    return [f"注：{'；'.join(told)}"] if told else []

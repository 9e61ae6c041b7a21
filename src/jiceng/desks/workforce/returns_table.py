"""A return as a page shows it: one sheet of its columns, lines to a depth, every number a link to what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from jiceng.law.bounds import cite
from jiceng.reports.form import Column, Form, Sheet
from jiceng.reports.lines import Line, depths
from jiceng.reports.printing import shown_lines
from jiceng.reports.returns import Worked
from jiceng.reports.saying import said
from jiceng.runs.law import installed_law

_SAME = "同左"
MOST_CELLS = 3_000
"""More would make a page nobody scrolls through; the workbook has all of them."""


@dataclass(frozen=True)
class ShownColumn:
    """A heading with the clause that decides it, if one does."""

    title: str
    note: str
    mark: str
    rule: str


@dataclass(frozen=True)
class ShownCell:
    """`href` "" where nothing stands behind: a zero. `card`: it leads to an answer's card, not to people."""

    text: str
    note: str
    kind: str
    href: str
    card: bool = False


@dataclass(frozen=True)
class ShownLine:
    """One place. `code` 0: the line of what belongs to no place below."""

    code: int
    name: str
    depth: int
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ShownTable:
    """A sheet. `groups`: (heading, how many columns); `cut`: lines left out because the page would be too long."""

    sheet: Sheet
    sheets: tuple[Sheet, ...]
    groups: tuple[tuple[str, int], ...]
    columns: tuple[ShownColumn, ...]
    lines: tuple[ShownLine, ...]
    cut: int


def asked_sheet(form: Form, id: str) -> Sheet:
    """The sheet of the address, else the first."""
    return next((sheet for sheet in form.sheets if sheet.id == id), form.sheets[0])


def shown_table(worked: Worked, sheet: Sheet, *, deep: int) -> ShownTable:
    """One sheet of a return."""
    columns = worked.form.on_sheet(sheet)
    titles = {group.id: group.title for group in worked.form.groups}
    groups = tuple((titles[id], len(list(members))) for id, members in groupby(columns, lambda column: column.group))
    order = [at for at, column in enumerate(worked.form.columns) if column in columns]
    depth = depths(worked.lines)
    wanted = shown_lines(worked, deep=deep)
    kept = wanted[: max(1, MOST_CELLS // len(columns))]
    lines = tuple(_line(worked, line, at, order, depth[line.key]) for at, line in kept)
    return ShownTable(sheet, worked.form.sheets, groups, _columns(worked, columns), lines, len(wanted) - len(kept))


def _columns(worked: Worked, columns: Sequence[Column]) -> tuple[ShownColumn, ...]:
    definitions = installed_law().regime(worked.place, worked.period.on).definitions
    found = []
    for column in columns:
        definition = definitions.get(column.rule)
        mark = cite(definition.document, definition.clause) if definition else ""
        found.append(ShownColumn(column.title, column.note, mark, column.rule))
    return tuple(found)


def _line(worked: Worked, line: Line, at: int, order: Sequence[int], depth: int) -> ShownLine:
    cells = [_cell(worked, line, at, k) for k in order]
    # Five cells in a row that miss the same fact say so once.
    alike = [bool(n) and one.kind != "value" and (one.text, one.note) == (cells[n - 1].text, "") for n, one in enumerate(cells)]
    cells = [replace(one, text=_SAME) if same else one for one, same in zip(cells, alike, strict=True)]
    return ShownLine(0 if line.own else line.code, line.name, depth, tuple(cells))


def _cell(worked: Worked, line: Line, at: int, k: int) -> ShownCell:
    column, cell = worked.form.columns[k], worked.cells[at][k]
    words = said(cell, column)
    if isinstance(cell, int):
        href = f"rows/?p={line.key}&c={column.id}" if cell else ""
        return ShownCell(words.text, "", "value", href)
    href = "" if line.own else f"card/?p={line.key}&c={column.id}"
    return ShownCell(words.text, words.note if words.kind == "missing" else "", words.kind, href, bool(href))

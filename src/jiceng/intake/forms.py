"""Sheets that are no plain table: registration forms (label, value, label, value), and two tables side by side.

Both are turned into sheets of the plain kind, so that everything after them is the same: what was read is shown, refused and
sent back as a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jiceng.intake import headings
from jiceng.intake.layout import Layout
from jiceng.intake.roster import ROSTER, Column
from jiceng.intake.sheets import Cell, Sheet, column_letter
from jiceng.intake.texts import cell_text, folded

_MANY = 2_000
"""Rows beyond which a sheet is no stack of forms."""


def lacking(layout: Layout) -> list[Column]:
    """Columns that a roster cannot do without and that this table has not; a community may stand elsewhere."""
    taken = layout.by_id()
    return [column for column in ROSTER if column.needed and column.id not in taken and column.id != "community"]


def flattened(sheet: Sheet, *, remembered: Mapping[str, str]) -> Sheet | None:
    """The forms of a sheet as a table with one row a person, in the row where the form names the person; None if there is no form.

    Shape   one column for each label that has a value beside it; the heading stands in the row above the first person's
    """
    if sheet.height > _MANY:
        return None
    reader = headings.Headings(ROSTER, remembered)
    covered = {
        (row, column): far for top, near, last, far in sheet.merged for row in range(top, last + 1) for column in range(near, far + 1)
    }
    persons: list[tuple[int, dict[str, Cell]]] = []
    for row in range(sheet.height):
        pairs = _pairs(sheet, row, reader, covered)
        if any(column.id == "name" for column, _, _ in pairs):
            if sum(column.id == "name" for column, _, _ in pairs) > 1:
                return None  # forms side by side: whose number is whose is not for us to say
            persons.append((row, {}))
        if persons:
            for _, label, value in pairs:
                persons[-1][1].setdefault(label, value)
    whole = [values for _, values in persons if any(reader.names[headings.key(label)][0].id == "id_number" for label in values)]
    if not persons or len(whole) * 2 < len(persons):
        return None
    return _table(sheet, persons)


def _pairs(sheet: Sheet, row: int, reader: headings.Headings, covered: Mapping[tuple[int, int], int]) -> list[tuple[Column, str, Cell]]:
    """Labels of one row with the cell at their right, where that is a value: neither blank nor a label itself."""
    found = []
    for index, cell in enumerate(sheet.row(row)):
        known = reader.names.get(headings.key(cell_text(cell))) if isinstance(cell, str) and cell else None
        beside = covered.get((row, index), index) + 1
        if known is None or beside >= len(sheet.columns):
            continue
        value = sheet.columns[beside][row]
        text = cell_text(value)
        if text and headings.key(text) not in reader.names:
            found.append((known[0], folded(cell_text(cell)), value))
    return found


def _table(sheet: Sheet, persons: Sequence[tuple[int, dict[str, Cell]]]) -> Sheet:
    labels = list(dict.fromkeys(label for _, values in persons for label in values))
    first = persons[0][0]
    shift = 0 if first else 1
    titles = tuple(text for row in range(first) for cell in sheet.row(row) if (text := cell_text(cell)))
    columns: list[list[Cell]] = []
    for label in labels:
        column: list[Cell] = [""] * (sheet.height + shift)
        column[max(first - 1, 0)] = label
        for row, values in persons:
            column[row + shift] = values.get(label, "")
        columns.append(column)
    note = f"这张表是登记表样式，按“列名、右边一格”读成 {len(persons)} 人；行号是表里写姓名的那一行"
    return replace(
        sheet,
        columns=columns,
        height=sheet.height + shift,
        merged=(),
        hidden_columns=frozenset(),
        titles=titles,
        notes=(*sheet.notes, note),
    )


def beside(layout: Layout) -> tuple[Sheet, ...]:
    """Tables side by side as sheets of their own, each with its cells where they were; empty if there is but one."""
    again = [read.index for read in layout.columns if read.rule == "double" and _names_a_key(layout, read.index)]
    if not again:
        return ()
    cut = _start(layout, again)
    sheet, name = layout.sheet, layout.sheet.name
    blank: list[Cell] = [""] * sheet.height
    left = [column if at < cut else blank for at, column in enumerate(sheet.columns)][:cut]
    right = [column if at >= cut else blank for at, column in enumerate(sheet.columns)]
    note = f"一张表里并排着两张，从 {column_letter(cut)} 列起是另一张，分开读"
    parts = []
    for part, columns, inside in (("左", left, range(cut)), ("右", right, range(cut, len(sheet.columns)))):
        merged = tuple(area for area in sheet.merged if area[1] in inside and area[3] in inside)
        parts.append(replace(sheet, name=f"{name[:26]}（{part}）", columns=columns, merged=merged, notes=(*sheet.notes, note)))
    return tuple(parts)


def _names_a_key(layout: Layout, index: int) -> bool:
    """Whether a repeated column is a second 身份证号 that holds something: a second list of persons."""
    same = {folded(read.heading) for read in layout.columns if read.column and read.column.id == "id_number"}
    cells = layout.sheet.columns[index][layout.head[1] + 1 :]
    return folded(layout.columns[index].heading) in same and any(cell_text(cell) for cell in cells)


def _start(layout: Layout, again: Sequence[int]) -> int:
    """Where the right table begins: behind the last blank column before the second 身份证号, else at its first repeated heading."""
    taken = next(read.index for read in layout.columns if read.column and read.column.id == "id_number")
    gaps = [read.index for read in layout.columns if read.rule == "blank" and taken < read.index < again[0]]
    if gaps:
        return gaps[-1] + 1
    headings_before = [folded(read.heading) for read in layout.columns[: again[0]]]
    return (
        next(at for at, text in enumerate(headings_before) if text and text in headings_before[:at])
        if len(set(headings_before)) < len(headings_before)
        else again[0]
    )

"""The table of a return as programs read it: columns, places and cells, every cell with its kind."""

from __future__ import annotations

from jiceng.api import shapes_returns as shapes
from jiceng.base.kinds import AnswerKind
from jiceng.reports.form import Column
from jiceng.reports.lines import depths
from jiceng.reports.printing import shown_lines
from jiceng.reports.returns import Cell, Worked
from jiceng.reports.saying import said


def figures_of(worked: Worked, *, deep: int) -> shapes.Figures:
    """All columns of a return, down to so many levels below its place."""
    titles = {group.id: group.title for group in worked.form.groups}
    depth = depths(worked.lines)
    columns = worked.form.columns
    return shapes.Figures(
        columns=[
            shapes.ReturnColumn(
                id=one.id, title=one.title, group=one.group, group_title=titles[one.group], counted=one.counted, type=one.type,
                unit=one.unit, rule=one.rule,
            )
            for one in columns
        ],
        rows=[
            shapes.ReturnRow(
                key=line.key, code=line.code, own=line.own, name=line.name, depth=depth[line.key],
                cells=[cell(value, column) for value, column in zip(worked.cells[at], columns, strict=True)],
            )
            for at, line in shown_lines(worked, deep=deep)
        ],
    )  # fmt: skip


def cell(value: Cell, column: Column) -> shapes.Cell:
    """One cell; what has no answer has no value."""
    text = said(value, column).text
    if isinstance(value, int):
        return shapes.Cell(kind="value", value=value, text=text, clause="", missing=[], why="", untold=[], partial=None)
    return shapes.Cell(
        kind=AnswerKind(value.kind).name, value=value.value, text=text, clause=value.mark, missing=list(value.missing), why=value.why,
        untold=list(value.untold), partial=value.partial,
    )  # fmt: skip

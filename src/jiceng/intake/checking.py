"""The whole-file pass: every cell read, every row judged, nothing written. Column by column, so that 100,000 rows take seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jiceng.base.refusals import Refusal
from jiceng.intake.forms import lacking
from jiceng.intake.identity import Identity
from jiceng.intake.judging import Judged
from jiceng.intake.layout import Layout
from jiceng.intake.outcome import Checked
from jiceng.terms.registry import Terms


def check(
    layouts: Sequence[Layout], *, scope: int, as_of: date, terms: Terms, choices: Mapping[str, int] | None = None,
    left_out: Sequence[tuple[str, str]] = (),
) -> Checked:  # fmt: skip
    """Every row of a workbook judged against the roster's declaration.

    Shape   refusals in order of sheet and row; a row with any refusal is not accepted; of several sheets those that lack a
            needed column are left out and said so, after those of `left_out`
    Time    `as_of` is the day the roster states; places are those of that day; nothing may lie after it
    Errors  Refusal intake.column_missing if no sheet has every needed column
    """
    everywhere: dict[str, list[tuple[int, int]]] = {}
    sheets: list[Judged] = []
    out = list(left_out)
    first: Refusal | None = None
    for layout in layouts:
        try:
            _require(layout)
            sheet = Judged(layout, scope=scope, as_of=as_of, terms=terms, choices=choices or {})
        except Refusal as refusal:
            if refusal.id != "intake.column_missing":
                raise
            first = first or refusal
            out.append((layout.sheet.name, refusal.what))
            continue
        for position, identity in enumerate(sheet.identities):
            if isinstance(identity, Identity):
                everywhere.setdefault(identity.number, []).append((len(sheets), position))
        sheets.append(sheet)
    if first is not None and not sheets:
        raise first
    _refuse_repeated(everywhere, sheets)
    remarks: dict[str, int] = {f"工作表“{name}”没有读：{why}": 1 for name, why in out}
    for sheet in sheets:
        for text, times in sheet.remarks.items():
            remarks[text] = remarks.get(text, 0) + times
    refusals = tuple(refusal for sheet in sheets for refusal in sorted(sheet.refusals, key=lambda r: r.row))
    return Checked(tuple(sheet.result() for sheet in sheets), refusals, tuple(out), remarks, as_of, scope)


def _require(layout: Layout) -> None:
    missing = [column.name for column in lacking(layout)]
    if missing:
        name = layout.sheet.name
        raise Refusal(
            "intake.column_missing", f"缺少{'、'.join(f'“{text}”' for text in missing)}列", where=f"工作表“{name}”" if name else "",
            why="没有这一列就认不出人或岗位", do="请在表里补上这一列；如果表里有而没有认出，请在本页“列的读法”里指定",
        )  # fmt: skip


def _refuse_repeated(everywhere: Mapping[str, Sequence[tuple[int, int]]], sheets: Sequence[Judged]) -> None:
    """One person twice: an exact repeat is refused after the first, rows that differ are all refused."""
    for seen in everywhere.values():
        if len(seen) < 2:
            continue
        rows = [_content(sheets[number], position) for number, position in seen]
        same = all(row == rows[0] for row in rows)
        names = [_named(sheets[number], position, sheets) for number, position in seen]
        for at, (number, position) in enumerate(seen):
            others = "、".join(name for i, name in enumerate(names) if i != at)
            if same and at:
                sheets[number].refuse(position, "id_number", "intake.repeated", f"与{names[0]}完全相同，是重复的一行", "请删去这一行")
            elif not same:
                sheets[number].refuse(
                    position,
                    "id_number",
                    "intake.repeated_differs",
                    f"与{others}是同一个身份证号，内容不一样",
                    "请核对后只保留一行；确属同时在两处任职的，请先录一处，再在人员页补记另一处",
                )


def _content(sheet: Judged, position: int) -> tuple[Any, ...]:
    return tuple(values[position] for values in sheet.values.values())


def _named(sheet: Judged, position: int, sheets: Sequence[Judged]) -> str:
    row = f"第 {sheet.layout.rows[position] + 1} 行"
    return row if len(sheets) == 1 else f"工作表“{sheet.layout.sheet.name}”{row}"

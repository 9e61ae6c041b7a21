"""A value of the law as boxes to type into, in its own shape (one number, a code, a table, bands), and what was typed read back
as changes of a scenario; each fault stands at its box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from jiceng.answers.card import clause_of, value_text
from jiceng.answers.printing import number_text
from jiceng.base.kinds import AnswerKind, kind_of
from jiceng.base.quantities import plain
from jiceng.law.layers import Law
from jiceng.law.scalars import scalar, type_of_unit
from jiceng.law.settable import Settable
from jiceng.rules.tables import Bands, Table
from jiceng.rules.types import TypeRef
from jiceng.runs.scenarios import ValueChange
from jiceng.terms.registry import Terms

NUMBER, CODE, TABLE, BANDS = "number", "code", "table", "bands"
NOT_SET = "未定"
_LOWEST = -(2**60)
_WANTED = {"Yuan": "金额，至多两位小数，如 2600 或 2600.50", "Ratio": "比例或数，如 20%", "int": "整数", "Date": "日期，如 2027-01-01"}
_SUMMED = ("Yuan", "Ratio", "int")


@dataclass(frozen=True)
class Cell:
    """One box. `field`: its name in the form; `now`: what stands in force; `typed`: what stands in the box. `labels`: how a
    scenario calls the cell, nothing for a value that is one number. `becomes`: the text changed to, "" if it stays."""

    field: str
    label: str
    now: str
    typed: str
    wrong: str = ""
    labels: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True)
class Line:
    """A line of boxes."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ValueField:
    """A value to be set anew. `wrong`: what is said against it as a whole, by the check of the law."""

    settable: Settable
    shape: str
    unit: str
    now: str
    clause: Mapping[str, Any]
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    options: tuple[str, ...] = ()
    each: Cell | None = None
    wrong: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.settable.name

    @property
    def title(self) -> str:
        return self.settable.title

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every box of a cell, in reading order."""
        return tuple(cell for line in self.lines for cell in line.cells)

    @property
    def changes(self) -> tuple[ValueChange, ...]:
        """What was typed that differs from what stands."""
        return tuple(ValueChange(self.name, cell.becomes, cell.labels) for cell in self.cells if cell.becomes)

    @property
    def faulty(self) -> bool:
        """Whether a box, or the value as a whole, is wrong."""
        return bool(self.wrong) or any(cell.wrong for cell in self.cells) or bool(self.each and self.each.wrong)


@dataclass(frozen=True)
class _Boxes:
    """What the boxes of one value share."""

    name: str
    kind: TypeRef
    unit: str
    given: Mapping[str, str]
    terms: Terms

    def read(self, text: str) -> tuple[int | None, str]:
        """The number typed, and what is wrong with it."""
        number = scalar(text, self.kind, unit=self.unit, terms=self.terms)
        if number is not None:
            return number, ""
        return None, f"“{text}”不能用：这里应是{_WANTED.get(self.kind.name, '所列的一项')}"

    def text(self, number: int) -> str:
        return typed_text(number, self.kind, self.unit, self.terms)

    def cell(self, key: str, label: str, now: int | None, *, labels: tuple[str, ...] = (), added: int = 0) -> Cell:
        """A box and what it changes; one left blank changes nothing."""
        at, held = f"to-{self.name}{key}", "" if now is None else self.text(now)
        typed = self.given.get(at, held).strip()
        if not typed:
            return Cell(at, label, held, typed, labels=labels)
        number, wrong = self.read(typed)
        if number is None or number + added == now:
            return Cell(at, label, held, typed, wrong, labels)
        return Cell(at, label, held, typed, "", labels, becomes=self.text(number + added) if added else typed)


def value_field(settable: Settable, given: Mapping[str, str], *, law: Law) -> ValueField:
    """The boxes of a value, filled with what was typed, else with what is in force."""
    definition = settable.definition
    now = definition.at.parsed if definition.at and not definition.delegated else None
    kind, unit, terms = definition.type, definition.unit, law.terms
    each: Cell | None = None
    heads: tuple[str, ...]
    if isinstance(now, Bands):
        result = kind.parameters[-1] if kind.parameters else type_of_unit(unit, terms)
        boxes = _Boxes(settable.name, result, unit, given, terms)
        shape, heads, lines = BANDS, ("改为",), _bands(boxes, now, definition.at.raw if definition.at else ())
    elif isinstance(now, Table):
        shape, boxes = TABLE, _Boxes(settable.name, kind.parameters[-1], unit, given, terms)
        each, added = _each(boxes)
        heads, lines = _table(boxes, now, tuple(kind.parameters[:-1]), added)
    else:
        boxes = _Boxes(settable.name, kind, unit, given, terms)
        shape, heads = CODE if _codes(kind, terms) else NUMBER, ("改为",)
        lines = (Line("", (boxes.cell("", "改为", now),)),)
    said = value_text(now, kind, unit, terms) if now is not None else NOT_SET
    shown = "" if unit in terms.codes or unit in ("比", "日期", "是否") else unit
    return ValueField(settable, shape, shown, said, clause_of(definition), heads, lines, options=_codes(boxes.kind, terms), each=each)


def changeable(settable: Settable) -> bool:
    """Whether it can be typed: an empty table has no shape to type into; that takes a draft."""
    at, kind = settable.definition.at, settable.definition.type.name
    if kind in ("Table", "Bands"):
        return at is not None and not settable.definition.delegated and isinstance(at.parsed, (Table, Bands))
    return True


def _codes(kind: TypeRef, terms: Terms) -> tuple[str, ...]:
    if kind.name == "bool":
        return ("是", "否")
    return tuple(item.name for item in terms.codes[kind.name].items) if kind.name in terms.codes else ()


def typed_text(value: int, kind: TypeRef, unit: str, terms: Terms) -> str:
    """A number as somebody would type it: 2600, 20%, 18, 2026-01-01, 四舍五入."""
    if kind.name == "Yuan":
        return plain(value * 10_000).replace(",", "")
    if kind.name == "Ratio":
        return f"{plain(value * 100)}%" if unit in ("比", "%", "") else plain(value).replace(",", "")
    if kind.name == "int":
        return str(value)
    return number_text(value, kind, "", terms)


def _table(boxes: _Boxes, now: Table, axes: tuple[TypeRef, ...], added: int) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    every = [sorted({key[depth] for key in now.cells}) for depth in range(len(axes))]
    said = [{part: number_text(part, axis, "", boxes.terms) for part in parts} for axis, parts in zip(axes, every, strict=True)]
    lines = []
    for head in product(*every[:-1]):
        before = tuple(said[depth][part] for depth, part in enumerate(head))
        cells = []
        for last, label in said[-1].items():
            key = (*head, last)
            at = "".join(f"-{part}" for part in key)
            cells.append(boxes.cell(at, label, now.cells.get(key), labels=(*before, label), added=added))
        lines.append(Line("·".join(before), tuple(cells)))
    return tuple(said[-1].values()), tuple(lines)


def _each(boxes: _Boxes) -> tuple[Cell | None, int]:
    """The box for what is added to every cell of a table, and the number; only to numbers."""
    if boxes.kind.name not in _SUMMED:
        return None, 0
    at = f"each-{boxes.name}"
    typed = boxes.given.get(at, "").strip()
    number, wrong = boxes.read(typed) if typed else (0, "")
    return Cell(at, "每格都加（减写负数）", "", typed, wrong), number or 0


def _bands(boxes: _Boxes, now: Bands, raw: Any) -> tuple[Line, ...]:
    """One box a band; where bands begin and end is changed by a draft."""
    lines = []
    for place, ((low, high, value), written) in enumerate(zip(now.bands, raw, strict=True)):
        ends = "以下" if low < _LOWEST else f"{low:,}", "以上" if high is None else f"{high:,}"
        told = value if kind_of(value) is AnswerKind.value else None
        labels = (str(written[0]), str(written[1]))
        lines.append(Line("—".join(ends) if high is not None else "".join(ends), (boxes.cell(f"-{place}", "改为", told, labels=labels),)))
    return tuple(lines)

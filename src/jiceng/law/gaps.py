"""Where a value says nothing, or two things: bands that overlap or leave a gap, and cells a table does not print."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from jiceng.law.findings import Finding, about_one
from jiceng.law.layers import Law, in_period
from jiceng.law.lined import Entries
from jiceng.law.model import Definition, Document, ValueAt, ValueDef
from jiceng.law.scalars import scalar
from jiceng.law.values import flaws_of_bands
from jiceng.rules.definition import RuleDef
from jiceng.rules.tables import Bands, Table
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import Terms

WIDEST = 2_000
"""A table with more possible cells (codes of counties, of bands of years) is not looked through."""
_MOSTLY = 0.7
_AT_MOST, _AT_LEAST = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)

Key = tuple[int, ...]


def bands_flawed(document: Document) -> Iterator[Finding]:
    """Bands that overlap or leave a gap, naming the document; a number there gets no single answer."""
    for value in document.values:
        for at in value.by_date:
            for flaw, text in flaws_of_bands(at.parsed) if isinstance(at.parsed, Bands) else ():
                what = "两档重叠，答案是“条文不明”" if flaw == "overlap" else "不在任何一档，答案是“无法回答”"
                what = f"{document.title}：“{value.title or value.name}”自 {at.since} 起，{text} {what}"
                place: dict[str, Any] = {"name": value.name, "since": at.since, "path": f"{document.id}/values.yaml", "line": value.line}
                yield about_one(f"bands_{flaw}", what, document, value.clause, text, **place)


def holes(law: Law, document: Document) -> Iterator[Finding]:
    """Cells a table does not print within what the rules in force there allow: grades 1 to 18, and nothing for 11.

    Shape   one finding a table and day
    Empty   a table whose keys nobody bounds is only held to what it names itself, and to a hole in an unbroken row
    """
    for value in document.values:
        for at in value.by_date:
            if isinstance(at.parsed, Table) and in_period(document, at.since):
                missing = _missing(law, document, value, at, at.parsed)
                if missing:
                    title = law.titles.get(value.name, value.name)
                    what = f"{document.title}：“{title}”自 {at.since} 起，没有“{missing}”的数，答案是“无法回答”"
                    place: dict[str, Any] = {
                        "name": value.name,
                        "since": at.since,
                        "path": f"{document.id}/values.yaml",
                        "line": value.line,
                    }
                    yield about_one("hole", what, document, value.clause, missing, **place)


def _missing(law: Law, document: Document, value: ValueDef, at: ValueAt, table: Table) -> str:
    """The cells that are not there, in words; "" if none is missing."""
    wanted: set[Key] = set(_named(at.raw, value.type.parameters[:-1], law.terms))
    definitions = law.regime(document.jurisdiction, at.since).definitions
    asked = _indexes(definitions.values(), value.name)
    limits = _limits(definitions)
    axes = [_axis(k, value, table, document, wanted) for k in range(len(value.axes))]
    numbered = [k for k, axis in enumerate(value.axes) if axis.name == "int"]
    fixed = [axis for k, axis in enumerate(axes) if k not in numbered]
    if len(numbered) <= 1:
        for others in product(*fixed):
            row = [*others]
            for k in numbered:
                keys = {key[k] for key in table.cells if _without(key, k) == tuple(others)}
                span = _span(k, asked, limits, definitions, dict(zip(_names(asked, numbered), others, strict=False)), keys)
                wanted |= {(*row[:k], number, *row[k:]) for number in span}
            if not numbered:
                wanted.add(tuple(row))
    if not table.cells:
        return "任何一格"
    return _printed(wanted - table.cells.keys(), value.axes, law.terms)


def _axis(k: int, value: ValueDef, table: Table, document: Document, named: set[Key]) -> list[int]:
    """The codes of one axis that this table or another of its document speaks of."""
    axis = value.axes[k]
    found = {key[k] for key in (*table.cells, *named)}
    for other in document.values if axis.name != "int" else ():
        for j, same in enumerate(other.axes):
            if same == axis and len(other.axes) == len(value.axes) == 1:
                found |= {key[j] for at in other.by_date if isinstance(at.parsed, Table) for key in at.parsed.cells}
    return sorted(found)


def _without(key: Key, k: int) -> Key:
    return (*key[:k], *key[k + 1 :])


def _named(raw: Any, axes: tuple[TypeRef, ...], terms: Terms, key: Key = ()) -> Iterator[Key]:
    """Cells that the folder names, with a number or with 未见."""
    if not isinstance(raw, Entries) or not axes:
        return
    for label, body in raw.items():
        number = scalar(label, axes[0], unit="", terms=terms)
        if number is not None:
            if len(axes) == 1:
                yield (*key, number)
            else:
                yield from _named(body, axes[1:], terms, (*key, number))


@dataclass(frozen=True)
class _Limit:
    """What a rule compares a name with: at least or at most a value, or the cell of a table under another name."""

    low: bool
    value: str
    index: str
    strict: bool


def _indexes(definitions: Iterable[Definition], table: str) -> list[tuple[str, ...]]:
    """The names by which rules look the table up, axis by axis; "" where it is no plain name."""
    found = []
    for definition in definitions:
        rule = definition.rule
        if rule is not None and rule.node is not None and any(argument.name == table for argument in rule.arguments):
            for node in ast.walk(rule.node):
                if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == table:
                    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                    found.append(tuple(part.id if isinstance(part, ast.Name) else "" for part in parts))
    return found


def _names(asked: list[tuple[str, ...]], numbered: list[int]) -> list[str]:
    """The names of the other axes, in order."""
    return [name for k, name in enumerate(asked[0]) if k not in numbered] if asked else []


def _limits(definitions: Mapping[str, Definition]) -> dict[str, list[_Limit]]:
    """Per name, what rules in force bound it by: `floor[post] <= grade`, `min(grade_max, …)` as a result."""
    found: dict[str, list[_Limit]] = {}
    for definition in definitions.values():
        rule = definition.rule
        if rule is None or rule.node is None:
            continue
        for node in ast.walk(rule.node):
            if isinstance(node, ast.Compare):
                for (left, right), op in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True):
                    _compared(left, op, right, found)
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
                _least(rule, node.value, found)
    return found


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, found: dict[str, list[_Limit]]) -> None:
    if not isinstance(op, (*_AT_MOST, *_AT_LEAST)):
        return
    strict = isinstance(op, ast.Lt | ast.Gt)
    for name, bound, low in ((left, right, isinstance(op, _AT_LEAST)), (right, left, isinstance(op, _AT_MOST))):
        value, index = _bound(bound)
        if isinstance(name, ast.Name) and value:
            found.setdefault(name.id, []).append(_Limit(low, value, index, strict))


def _least(rule: RuleDef, call: ast.Call, found: dict[str, list[_Limit]]) -> None:
    if isinstance(call.func, ast.Name) and call.func.id == "min":
        for part in call.args:
            value, index = _bound(part)
            if value:
                found.setdefault(rule.id, []).append(_Limit(False, value, index, False))


def _bound(node: ast.expr) -> tuple[str, str]:
    if isinstance(node, ast.Name):
        return node.id, ""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return node.value.id, node.slice.id if isinstance(node.slice, ast.Name) else ""
    return "", ""


def _span(
    k: int, asked: list[tuple[str, ...]], limits: dict[str, list[_Limit]], definitions: Mapping[str, Definition],
    row: Mapping[str, int], keys: set[int],
) -> range:  # fmt: skip
    """The numbers an axis should print in one row."""
    names = {index[k] for index in asked if len(index) > k}
    if "" in names or not keys:
        return range(0)
    lows, highs = [min(keys)], [max(keys)]
    bounded = False
    for limit in (limit for name in names for limit in limits.get(name, ())):
        for number in _numbers(definitions.get(limit.value), row.get(limit.index)):
            (lows if limit.low else highs).append(number + (limit.strict if limit.low else -limit.strict))
            bounded = bounded or not limit.low
    span = range(min(lows), max(highs) + 1)
    if bounded:
        return span if len(span) <= WIDEST else range(0)
    return span if len(keys) >= 3 and len(keys) >= _MOSTLY * len(span) else range(0)


def _numbers(definition: Definition | None, key: int | None) -> list[int]:
    """What a bound is: a whole number, the cell of a row, or every cell of its table."""
    if definition is None or definition.at is None or definition.delegated:
        return []
    parsed = definition.at.parsed
    if isinstance(parsed, Table) and len(parsed.axes) == 1 and parsed.axes and definition.type.parameters[-1].name == "int":
        return [parsed.cells[(key,)]] if key is not None and (key,) in parsed.cells else list(parsed.cells.values())
    return [parsed] if isinstance(parsed, int) and definition.type.name == "int" else []


def _printed(missing: set[Key], axes: tuple[TypeRef, ...], terms: Terms) -> str:
    """Cells in words, rows of numbers drawn together: 正职 5—6、8 级."""
    by_head: dict[Key, list[int]] = {}
    for key in sorted(missing):
        by_head.setdefault(key[:-1], []).append(key[-1])
    said = []
    for head, lasts in by_head.items():
        words = [_label(number, axis, terms) for number, axis in zip(head, axes, strict=False)]
        said.append(" ".join([*words, "、".join(_runs(lasts, axes[-1], terms))]))
    return "；".join(said)


def _runs(numbers: list[int], axis: TypeRef, terms: Terms) -> list[str]:
    if axis.name != "int":
        return [_label(number, axis, terms) for number in numbers]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs]


def _label(number: int, axis: TypeRef, terms: Terms) -> str:
    code = terms.codes.get(axis.name)
    return code.by_number[number].name if code and number in code.by_number else str(number)

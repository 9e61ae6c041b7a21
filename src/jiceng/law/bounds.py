"""What an upper document binds a lower one to: range, floor, cap, forbid (refused), about (noticed). Two laws at one level."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

from jiceng.law.findings import Finding, about_two
from jiceng.law.layers import binds, in_period, supposed, value_definition
from jiceng.law.model import BOUNDS, Document, ValueAt, ValueDef
from jiceng.law.values import bound_text, cells_of
from jiceng.rules.tables import Table

_SILENT = ("比", "是否", "日期")
_BINDING = (*BOUNDS, "forbid", "about")


def check_bounds(documents: tuple[Document, ...]) -> Iterator[Finding]:
    """Every bound against everything below it, on every date on which either side changes.

    Time    each finding once, with the first day it holds
    Errors  outside, forbidden (refuse); about, unbounded (notices)
    """
    for upper in documents:
        for bound in upper.values:
            if bound.kind in _BINDING:
                for lower in documents:
                    if binds(upper, lower):
                        yield from _against(upper, bound, lower)


def _against(upper: Document, bound: ValueDef, lower: Document) -> Iterator[Finding]:
    for rule in lower.rules:
        if rule.id == bound.name and _together(upper, lower):
            sides = (upper, bound.clause, _said(bound, bound.on(max(upper.in_force, lower.in_force)))), (lower, rule.clause, "由规则算出")
            if bound.kind == "forbid":
                what = f"“{bound.title or bound.name}”不得由下级另行规定，见{cite(upper, bound.clause)}"
                yield about_two("forbidden", what, *sides, name=bound.name, path=rule.path, line=rule.line)
            else:
                what = f"“{bound.title or bound.name}”由规则算出，载入时不能核对是否符合{cite(upper, bound.clause)}"
                yield about_two("unbounded", what, *sides, name=bound.name, path=rule.path, line=rule.line)
    for value in lower.values:
        if value.name == bound.name and value.kind != "delegate":
            seen: set[str] = set()
            for day in _days(upper, bound, lower, value):
                for finding in _on(day, upper, bound, lower, value):
                    if finding.kind not in seen:
                        seen.add(finding.kind)
                        yield finding


def _days(upper: Document, bound: ValueDef, lower: Document, value: ValueDef) -> list[date]:
    days = {upper.in_force, lower.in_force, *(at.since for at in (*bound.by_date, *value.by_date))}
    return sorted(day for day in days if in_period(upper, day) and in_period(lower, day))


def _on(day: date, upper: Document, bound: ValueDef, lower: Document, value: ValueDef) -> Iterator[Finding]:
    definition = value_definition(lower, value, day)
    limit = bound.on(day)
    where = cite(upper, bound.clause)
    if definition is None or definition.at is None:
        return
    says = raw_text(definition.at)
    sides = (upper, bound.clause, _said(bound, limit)), (lower, value.clause, with_unit(definition.at, value.unit))
    place: dict[str, Any] = {"name": value.name, "since": day, "path": f"{lower.id}/values.yaml", "line": value.line}
    if bound.kind == "forbid":
        if limit is not None or not bound.by_date:
            yield about_two("forbidden", f"“{value.title or value.name}”不得由下级另行规定，见{where}", *sides, **place)
        return
    if limit is None:
        return
    if bound.kind == "about":
        if limit.parsed != definition.at.parsed:
            yield about_two(
                "about", f"“{value.title or value.name}”自 {day} 起是 {says}，{where}定的是“约 {raw_text(limit)}”", *sides, **place
            )
        return
    if _outside(bound, limit.parsed, definition.at.parsed):
        what = f"“{value.title or value.name}”自 {day} 起是 {says}，超出{where}规定的“{bound_text(bound, limit)}”"
        yield about_two("outside", what, *sides, **place)


def _said(bound: ValueDef, limit: ValueAt | None) -> str:
    """A bound as its document says it."""
    if bound.kind == "forbid":
        return "下级不得另定"
    if limit is None:
        return ""
    return f"约 {with_unit(limit, bound.unit)}" if bound.kind == "about" else bound_text(bound, limit)


def _outside(bound: ValueDef, limit: Any, parsed: Any) -> bool:
    """Whether any cell leaves its bound; a table under a table is compared cell by cell."""
    if isinstance(limit, Table) and isinstance(parsed, Table):
        pairs = [(limit.cells[key], cell) for key, cell in parsed.cells.items() if key in limit.cells]
    elif isinstance(limit, tuple):
        return any(not limit[0] <= cell <= limit[1] for cell in cells_of(parsed))
    else:
        pairs = [(edge, cell) for edge in cells_of(limit) for cell in cells_of(parsed)]
    return any(cell < edge if bound.kind == "floor" else cell > edge for edge, cell in pairs)


def raw_text(at: ValueAt) -> str:
    """A value of one day as its folder writes it."""
    return at.raw if isinstance(at.raw, str) else "、".join(str(one) for one in _leaves(at.raw))


def with_unit(at: ValueAt, unit: str) -> str:
    """The same with its unit, where that is one to be said aloud (元, 级), and not a kind of number (比) or a code list."""
    return f"{raw_text(at)} {unit}".strip() if unit not in _SILENT and not unit.isascii() else raw_text(at)


def _leaves(raw: object) -> Iterator[str]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            yield from (f"{key} {leaf}" if isinstance(value, str) else leaf for leaf in _leaves(value))
    elif isinstance(raw, list):
        for value in raw:
            yield from _leaves(value)
    else:
        yield str(raw)


def cite(document: Document, clause: str) -> str:
    """〔意见·8〕."""
    return f"〔{document.short}·{clause}〕"


def _together(one: Document, other: Document) -> bool:
    day = max(one.in_force, other.in_force)
    return in_period(one, day) and in_period(other, day)


def check_same_level(documents: tuple[Document, ...]) -> Iterator[Finding]:
    """Two documents of one place that say the same name at the same time: the later one stands, and says so.

    Errors  same_name if both came into force on one day; else the notice succeeds
    """
    for one, other in combinations(documents, 2):
        if one.jurisdiction != other.jurisdiction or not _together(one, other):
            continue
        shared = sorted({name for name, _ in _lines(one)} & {name for name, _ in _lines(other)})
        if not shared:
            continue
        earlier, later = sorted((one, other), key=lambda document: document.in_force)
        if earlier.in_force == later.in_force and (supposed(one) or supposed(other)):
            continue
        titles = {value.name: value.title for value in later.values} | {rule.id: rule.title for rule in later.rules}
        names = "、".join(titles[name] or name for name in shared)
        lines = dict(_lines(later))
        sides = tuple((document, _clause_of(document, shared[0]), names) for document in (earlier, later))
        place: dict[str, Any] = {"name": shared[0], "since": later.in_force, "path": later.id, "line": lines[shared[0]]}
        if earlier.in_force == later.in_force:
            what = f"“{names}”在同一地方、同一天施行的两个文件里都有：{earlier.title}（{earlier.id}）、{later.title}（{later.id}）"
            yield about_two("same_name", what, *sides, **place)
        else:
            what = f"“{names}”自 {later.in_force} 起以{later.title}为准，{earlier.title}（{earlier.id}）里的不再适用"
            yield about_two("succeeds", what, *sides, **place)


def _clause_of(document: Document, name: str) -> str:
    lines = {**{value.name: value.clause for value in document.values}, **{rule.id: rule.clause for rule in document.rules}}
    return lines[name]


def _lines(document: Document) -> Iterator[tuple[str, int]]:
    yield from ((value.name, value.line) for value in document.values)
    yield from ((rule.id, rule.line) for rule in document.rules)

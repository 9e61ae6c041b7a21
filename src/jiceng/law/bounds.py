"""What an upper document binds a lower one to: range, floor, cap, forbid (refused), about (noticed). Two laws at one level."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

from jiceng.base.refusals import Problem
from jiceng.law.layers import binds, in_period, supposed, value_definition
from jiceng.law.model import BOUNDS, Document, ValueAt, ValueDef
from jiceng.law.values import bound_text, cells_of
from jiceng.rules.tables import Table

_BINDING = (*BOUNDS, "forbid", "about")


def check_bounds(documents: tuple[Document, ...]) -> Iterator[Problem]:
    """Every bound against everything below it, on every date on which either side changes.

    Time    each finding once, with the first day it holds
    Errors  law.outside, law.forbidden (refuse); law.about, law.unbounded (notices)
    """
    for upper in documents:
        for bound in upper.values:
            if bound.kind in _BINDING:
                for lower in documents:
                    if binds(upper, lower):
                        yield from _against(upper, bound, lower)


def _against(upper: Document, bound: ValueDef, lower: Document) -> Iterator[Problem]:
    for rule in lower.rules:
        if rule.id == bound.name and _together(upper, lower):
            if bound.kind == "forbid":
                message = f"“{bound.name}”不得由下级另行规定，见{cite(upper, bound.clause)}"
                yield Problem("law.forbidden", message, rule.path, rule.line)
            else:
                message = f"“{bound.name}”由规则算出，载入时不能核对是否符合{cite(upper, bound.clause)}"
                yield Problem("law.unbounded", message, rule.path, rule.line, notice=True)
    for value in lower.values:
        if value.name == bound.name and value.kind != "delegate":
            seen: set[str] = set()
            for day in _days(upper, bound, lower, value):
                for problem in _on(day, upper, bound, lower, value):
                    if problem.id not in seen:
                        seen.add(problem.id)
                        yield problem


def _days(upper: Document, bound: ValueDef, lower: Document, value: ValueDef) -> list[date]:
    days = {upper.in_force, lower.in_force, *(at.since for at in (*bound.by_date, *value.by_date))}
    return sorted(day for day in days if in_period(upper, day) and in_period(lower, day))


def _on(day: date, upper: Document, bound: ValueDef, lower: Document, value: ValueDef) -> Iterator[Problem]:
    definition = value_definition(lower, value, day)
    limit = bound.on(day)
    path, where = f"{lower.id}/values.yaml", cite(upper, bound.clause)
    if definition is None or definition.at is None:
        return
    if bound.kind == "forbid":
        if limit is not None or not bound.by_date:
            yield Problem("law.forbidden", f"“{value.name}”不得由下级另行规定，见{where}", path, value.line)
        return
    if limit is None:
        return
    if bound.kind == "about":
        if limit.parsed != definition.at.parsed:
            message = f"“{value.name}”自 {day} 起是 {_text(definition.at)}，{where}定的是“约 {_text(limit)}”"
            yield Problem("law.about", message, path, value.line, notice=True)
        return
    if _outside(bound, limit.parsed, definition.at.parsed):
        message = f"“{value.name}”自 {day} 起是 {_text(definition.at)}，超出{where}规定的“{bound_text(bound, limit)}”"
        yield Problem("law.outside", message, path, value.line)


def _outside(bound: ValueDef, limit: Any, parsed: Any) -> bool:
    """Whether any cell leaves its bound; a table under a table is compared cell by cell."""
    if isinstance(limit, Table) and isinstance(parsed, Table):
        pairs = [(limit.cells[key], cell) for key, cell in parsed.cells.items() if key in limit.cells]
    elif isinstance(limit, tuple):
        return any(not limit[0] <= cell <= limit[1] for cell in cells_of(parsed))
    else:
        pairs = [(edge, cell) for edge in cells_of(limit) for cell in cells_of(parsed)]
    return any(cell < edge if bound.kind == "floor" else cell > edge for edge, cell in pairs)


def _text(at: ValueAt) -> str:
    return at.raw if isinstance(at.raw, str) else "、".join(str(one) for one in _leaves(at.raw))


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


def check_same_level(documents: tuple[Document, ...]) -> Iterator[Problem]:
    """Two documents of one place that say the same name at the same time: the later one stands, and says so.

    Errors  law.same_name if both came into force on one day; else the notice law.succeeds
    """
    for one, other in combinations(documents, 2):
        if one.jurisdiction != other.jurisdiction or not _together(one, other):
            continue
        shared = sorted({name for name, _ in _lines(one)} & {name for name, _ in _lines(other)})
        if not shared:
            continue
        earlier, later = sorted((one, other), key=lambda document: document.in_force)
        names = "、".join(shared)
        line = dict(_lines(later))[shared[0]]
        if earlier.in_force == later.in_force and (supposed(one) or supposed(other)):
            continue
        if earlier.in_force == later.in_force:
            message = f"“{names}”在同一地方、同一天施行的两个文件里都有：{earlier.title}（{earlier.id}）、{later.title}（{later.id}）"
            yield Problem("law.same_name", message, later.id, line)
        else:
            message = f"“{names}”自 {later.in_force} 起以{later.title}为准，{earlier.title}（{earlier.id}）里的不再适用"
            yield Problem("law.succeeds", message, later.id, line, notice=True)


def _lines(document: Document) -> Iterator[tuple[str, int]]:
    yield from ((value.name, value.line) for value in document.values)
    yield from ((rule.id, rule.line) for rule in document.rules)

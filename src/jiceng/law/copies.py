"""The same figures claimed for two places: whole tables, or most of the amounts of two documents, under places of which
neither lies in the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from jiceng.law.findings import Finding, Side
from jiceng.law.model import Document, ValueDef
from jiceng.law.values import NOT_PRINTED
from jiceng.places.tree import contains
from jiceng.rules.tables import Bands, Table

LEAST, MOST_OF = 4, 0.8
"""Equal amounts that make a copy, and the share of what both print. Below, equal figures are a coincidence."""
_COMMON = 30
"""An amount that so many documents print (100 元) says nothing."""

Cell = tuple[str, tuple[int, ...]]


def copied(documents: tuple[Document, ...]) -> Iterator[Finding]:
    """Pairs of documents of unrelated places whose amounts are the same.

    Shape   one finding a pair of documents, with the equal ones named
    Units   amounts of money by name and cell; coefficients only as whole tables. Zero is no figure
    """
    told = {document.id: _cells(document) for document in documents}
    by_id = {document.id: document for document in documents}
    holders: dict[tuple[Cell, int], list[str]] = defaultdict(list)
    for document in documents:
        for cell, number in told[document.id].items():
            holders[cell, number].append(document.id)
    equal: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        if 1 < len(ids) <= _COMMON:
            equal.update(combinations(ids, 2))
    for (one, other), number in sorted(equal.items()):
        common = len(told[one].keys() & told[other].keys())
        if number >= LEAST and number >= MOST_OF * common and _apart(by_id[one], by_id[other]):
            yield _finding(by_id[one], by_id[other], told, number, common)


def _apart(one: Document, other: Document) -> bool:
    a, b = one.jurisdiction, other.jurisdiction
    return not contains(a, b) and not contains(b, a)


def _cells(document: Document) -> dict[Cell, int]:
    """Every amount a document ever prints, by name and key; the latest day's where it changed."""
    found: dict[Cell, int] = {}
    for value in document.values:
        for at in value.by_date:
            parsed = at.parsed
            if isinstance(parsed, Table) and _is_figure(value, whole=len(parsed.cells) >= LEAST):
                found |= {(value.name, key): number for key, number in parsed.cells.items() if number}
            elif isinstance(parsed, Bands) and _is_figure(value):
                found |= {(value.name, (low,)): number for low, _, number in parsed.bands if number > 0}
            elif isinstance(parsed, int) and parsed and _is_figure(value):
                found[value.name, ()] = parsed
    return found


def _is_figure(value: ValueDef, *, whole: bool = False) -> bool:
    cell = value.type.parameters[-1] if value.type.parameters else value.type
    return value.unit == "元" or cell.name == "Yuan" or (whole and cell.name == "Ratio")


def _finding(one: Document, other: Document, told: dict[str, dict[Cell, int]], number: int, common: int) -> Finding:
    earlier, later = sorted((one, other), key=lambda document: (document.in_force, document.id))
    shared = [name for name, key in told[earlier.id] if told[later.id].get((name, key)) == told[earlier.id][name, key]]
    values = {value.name: value for value in earlier.values}
    names = list(dict.fromkeys(shared))
    titles = "、".join(dict.fromkeys(values[name].title or name for name in names))
    all_of = "全同" if number == common else f"{common} 个里有 {number} 个相同"
    what = f"{earlier.title}（{earlier.id}）与{later.title}（{later.id}）：“{titles}”等 {number} 个数{all_of}，两地互不相属"
    if len(names) == 1:
        what = what.replace("”等 ", "”的 ")
    sides = tuple(
        Side(document.id, _clause(document, names[0]), _says(document, names, told[document.id])) for document in (earlier, later)
    )
    places = (later.jurisdiction, earlier.jurisdiction)
    return Finding("copied", what, places, sides, names[0], later.in_force, f"{later.id}/values.yaml", _line(later, names[0]))


def _says(document: Document, names: list[str], cells: dict[Cell, int]) -> str:
    """The figures of one side, in the order printed."""
    values = {value.name: value for value in document.values}
    said = []
    for name in names:
        raw = next((at.raw for at in reversed(values[name].by_date) if at.parsed is not None), "")
        words = (
            "、".join(f"{key} {text}" for key, text in raw.items() if isinstance(text, str) and text not in NOT_PRINTED)
            if isinstance(raw, dict)
            else str(raw)
        )
        said.append(f"{values[name].title or name}：{words} {values[name].unit}".strip())
    return "；".join(said)


def _clause(document: Document, name: str) -> str:
    return next(value.clause for value in document.values if value.name == name)


def _line(document: Document, name: str) -> int:
    return next(value.line for value in document.values if value.name == name)

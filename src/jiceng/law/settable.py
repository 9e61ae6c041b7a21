"""Values that a place may set anew: what stands there, what an upper document allows, and which lower places have set their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jiceng.law.bounds import cite
from jiceng.law.layers import Law, asks, in_period
from jiceng.law.model import BOUNDS, Definition, Document, ValueDef
from jiceng.law.values import bound_text
from jiceng.places.tree import contains


@dataclass(frozen=True)
class Limit:
    """What an upper document allows: 不低于 100 元, with its mark. `binding`: whether passing it is refused, or only noticed."""

    text: str
    mark: str
    binding: bool


@dataclass(frozen=True)
class Settable:
    """A value in force at a place. `below`: documents of places inside that say it themselves; setting it above does not reach them."""

    name: str
    title: str
    definition: Definition
    limits: tuple[Limit, ...]
    below: tuple[Document, ...]


def settables(law: Law, place: int, *, on: date, names: Iterable[str] | None = None) -> list[Settable]:
    """Values in force at a place on a day, or those of them under these names, in the order of documents.

    Empty   a name that is a rule there, or not in force, is left out; so is what an upper document forbids to set
    """
    standing = law.regime(place, on).definitions
    wanted = standing if names is None else dict.fromkeys(names)
    found = []
    for name in wanted:
        definition = standing.get(name)
        if definition is None or definition.value is None:
            continue
        bounds = [one for document in law.documents for one in _bounds(document, name, place=place, on=on)]
        if not any(value.kind == "forbid" for _, value in bounds):
            limits = tuple(limit for document, value in bounds if (limit := _limit(document, value, on)))
            below = tuple(d for d in law.documents if d.jurisdiction != place and contains(place, d.jurisdiction) and _says(d, name, on))
            found.append(Settable(name, law.titles[name], definition, limits, below))
    return found


def _bounds(document: Document, name: str, *, place: int, on: date) -> list[tuple[Document, ValueDef]]:
    if document.jurisdiction == place or not contains(document.jurisdiction, place) or not in_period(document, on):
        return []
    return [(document, value) for value in document.values if value.name == name and value.kind in (*BOUNDS, "forbid", "about")]


def _limit(document: Document, value: ValueDef, on: date) -> Limit | None:
    at = value.on(on)
    if at is None:
        return None
    unit = "" if value.unit in ("比", "%") else value.unit
    text = f"约 {at.raw} {unit}".strip() if value.kind == "about" else bound_text(value, at)
    return Limit(text, cite(document, value.clause), value.kind != "about")


def _says(document: Document, name: str, on: date) -> bool:
    if not in_period(document, on):
        return False
    return any(rule.id == name for rule in document.rules) or any(v.name == name and v.kind != "delegate" for v in document.values)


def behind_money(law: Law, place: int, *, on: date) -> list[str]:
    """Names of the values that worker rules giving money rest on, at a place on a day."""
    standing = law.regime(place, on).definitions
    waiting = [d.name for d in law.regime(place, on).rules("worker") if d.type.name == "Yuan"]
    found: dict[str, None] = {}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in standing:
            continue
        seen.add(name)
        if standing[name].value is not None:
            found[name] = None
        waiting += asks(standing[name])
    return list(found)

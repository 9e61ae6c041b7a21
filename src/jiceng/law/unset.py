"""What an upper document left to a lower one, some rule asks for there, and nobody has set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from jiceng.law.bounds import cite, raw_text
from jiceng.law.contradictions import ordered
from jiceng.law.findings import Finding, Side
from jiceng.law.layers import Law, Regime, asks
from jiceng.law.model import Definition


def unset_at(law: Law, places: Iterable[int], *, on: date) -> tuple[Finding, ...]:
    """What an upper document left to these places, a rule asks for, and nobody has set.

    Time    the law in force at the end of `on`
    Shape   one finding a document and name, with the places that are without; a reading that stands in is told with it
    """
    found: dict[tuple[str, str], tuple[Definition, date, list[int]]] = {}
    for place in sorted(set(places)):
        regime = law.regime(place, on)
        for definition in _unset(regime):
            key = (definition.document.id, definition.name)
            found.setdefault(key, (definition, regime.since, []))[2].append(place)
    return ordered(_finding(law, definition, since, without) for definition, since, without in found.values())


def _unset(regime: Regime) -> Iterator[Definition]:
    asked = {name for definition in regime.definitions.values() for name in asks(definition)}
    for name in sorted(asked):
        definition = regime.definitions.get(name)
        if definition is not None and definition.value is not None and (definition.delegated or definition.assumed):
            yield definition


def _finding(law: Law, definition: Definition, since: date, places: list[int]) -> Finding:
    value, document = definition.value, definition.document
    assert value is not None
    says = f"暂按“{raw_text(definition.at)}”" if definition.assumed and definition.at else "答“无法回答”"
    title = law.titles.get(definition.name, definition.name)
    what = f"“{title}”{cite(document, value.clause)}交由下级确定，{len(places)} 处没有定，{says}"
    sides = (Side(document.id, value.clause, value.note or says),)
    return Finding("unset", what, tuple(places), sides, definition.name, since, f"{document.id}/values.yaml", value.line)

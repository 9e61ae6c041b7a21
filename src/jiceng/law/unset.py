"""What an upper document left to a lower one, some rule asks for there, and nobody has set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from jiceng.law.bounds import cite, raw_text
from jiceng.law.contradictions import ordered
from jiceng.law.findings import Finding, Side
from jiceng.law.layers import Law, Regime, asks


def unset_at(law: Law, places: Iterable[int], *, on: date) -> tuple[Finding, ...]:
    """What an upper document left to these places, a rule asks for, and nobody has set.

    Time    the law in force at the end of `on`
    Shape   one finding a place and name; a reading that stands in until then is told with it
    """
    return ordered(finding for place in sorted(set(places)) for finding in _unset(law, law.regime(place, on), place))


def _unset(law: Law, regime: Regime, place: int) -> Iterator[Finding]:
    asked = {name for definition in regime.definitions.values() for name in asks(definition)}
    for name in sorted(asked):
        definition = regime.definitions.get(name)
        if definition is None or definition.value is None or not (definition.delegated or definition.assumed):
            continue
        value, document = definition.value, definition.document
        reading = f"，暂按“{raw_text(definition.at)}”" if definition.assumed and definition.at else "，答“无法回答”"
        title = law.titles.get(name, name)
        what = f"“{title}”{cite(document, value.clause)}交由下级确定，这里没有定{reading}"
        sides = (Side(document.id, value.clause, value.note),)
        yield Finding("unset", what, (place, document.jurisdiction), sides, name, regime.since, f"{document.id}/values.yaml", value.line)

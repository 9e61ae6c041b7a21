"""In which order rules run over many subjects at once: a list, where each rule comes after those it asks.

The names of several cities can form a circle when put together though each city alone has none, so the order is over
rules, not names, and regimes whose rules cannot stand in one list get a list of their own.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from jiceng.law.layers import Law, Regime
from jiceng.rules.definition import RuleDef

Shape = tuple[tuple[str, RuleDef], ...]
"""Which rule answers each needed name in a regime, in order of names."""


@dataclass(frozen=True, eq=False)
class Turn:
    """One rule's turn: it runs for the subjects whose regime (by number) is in `where`."""

    rule: RuleDef
    where: frozenset[int]


def turns(law: Law, regimes: Sequence[Regime], *, of: str, names: Sequence[str], settled: Container[str] = ()) -> tuple[Turn, ...]:
    """The rules that these names need, in an order that is right for every regime; without those of `settled` names.

    Shape   a rule appears once for each list it stands in, nearly always once
    Empty   names that no rule answers in any regime need no turn
    """
    lists: list[_List] = []
    by_shape: dict[tuple[int, ...], tuple[Shape, list[int]]] = {}
    for number, regime in enumerate(regimes):
        shape = _shape(law, regime, of, names, settled)
        by_shape.setdefault(tuple(id(rule) for _, rule in shape), (shape, []))[1].append(number)
    for shape, numbers in by_shape.values():
        graph = _graph(shape)
        if not any(one.takes(graph, shape, numbers) for one in lists):
            lists.append(_List({}, {}, {}))
            lists[-1].takes(graph, shape, numbers)
    return tuple(turn for one in lists for turn in one.turns())


def needed(law: Law, regimes: Sequence[Regime], *, of: str, names: Sequence[str], settled: Container[str] = ()) -> tuple[str, ...]:
    """The names themselves and all that the rules behind them ask, in any of the regimes; nothing behind `settled` ones."""
    found: dict[str, None] = dict.fromkeys(names)
    for regime in regimes:
        found |= dict.fromkeys(_closure(law, regime, of, names, settled))
    return tuple(found)


def own(law: Law, name: str, of: str) -> bool:
    """Whether a name is asked of the subject itself rather than of the place around it."""
    other = law.of.get(name, of)
    return other == of or other != "place"


def _closure(law: Law, regime: Regime, of: str, names: Sequence[str], settled: Container[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = None
        definition = regime.definitions.get(name) if name not in settled else None
        if definition is not None and definition.rule is not None and own(law, name, of):
            waiting.extend(argument.name for argument in definition.rule.arguments)
    return list(found)


def _shape(law: Law, regime: Regime, of: str, names: Sequence[str], settled: Container[str]) -> Shape:
    rules = {}
    for name in _closure(law, regime, of, names, settled):
        definition = regime.definitions.get(name) if name not in settled else None
        if definition is not None and definition.rule is not None and own(law, name, of):
            rules[name] = definition.rule
    return tuple(sorted(rules.items(), key=lambda item: item[0]))


def _graph(shape: Shape) -> dict[int, set[int]]:
    """Each rule and the rules it asks, by id. A dated value looks at values only, so it asks no rule."""
    rules = dict(shape)
    return {id(rule): {id(rules[a.name]) for a in rule.arguments if a.name in rules and a.type.name != "ByDate"} for rule in rules.values()}


@dataclass(eq=False)
class _List:
    """Rules that can stand in one order."""

    rules: dict[int, RuleDef]
    asks: dict[int, set[int]]
    where: dict[int, set[int]]

    def takes(self, graph: dict[int, set[int]], shape: Shape, numbers: list[int]) -> bool:
        """Take a shape in if the whole still has an order."""
        together = {rule: self.asks.get(rule, set()) | graph.get(rule, set()) for rule in self.asks.keys() | graph.keys()}
        try:
            TopologicalSorter(together).prepare()
        except CycleError:
            return False
        self.asks = together
        for _name, rule in shape:
            self.rules[id(rule)] = rule
            self.where.setdefault(id(rule), set()).update(numbers)
        return True

    def turns(self) -> Iterator[Turn]:
        for rule in TopologicalSorter(self.asks).static_order():
            yield Turn(self.rules[rule], frozenset(self.where[rule]))

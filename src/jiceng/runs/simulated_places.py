"""Rules about places in a simulation: quotas, gaps, totals, at the place itself and at every place inside it that tells figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import numpy as np

from jiceng.answers.population import answer_many
from jiceng.base.dates import day_number
from jiceng.law.layers import Law
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs import binding
from jiceng.runs.affected import grounds_of_law
from jiceng.runs.kept_rows import Array, Rows, in_order, padded_all
from jiceng.runs.pooling import Ground, Pool, pooled
from jiceng.runs.tallies import Grouped, Tally, grouped, tallied
from jiceng.terms.registry import Terms


def sums_behind(laws: Sequence[Law], names: Sequence[str], *, place: int, on: date) -> list[str]:
    """Worker rules that these place rules, or those they ask, sum up anywhere inside a place."""
    found: dict[str, None] = {}
    for law in laws:
        for ground in grounds_of_law(laws[0], laws[-1], place):
            definitions = law.regime(ground, on).definitions
            waiting, seen = list(names), set[str]()
            while waiting:
                definition = definitions.get(name := waiting.pop())
                if name not in seen and definition is not None and definition.rule is not None:
                    seen.add(name)
                    found |= {definition.rule.total: None} if definition.rule.total else {}
                    waiting += [argument.name for argument in definition.rule.arguments]
    return list(found)


class Grounds:
    """The places a simulation looks at, with their facts: the place, the cities and counties in it, and whatever tells a figure."""

    def __init__(self, place: int, *, on: date, known_by: datetime | None, terms: Terms) -> None:
        self.place, self.on, self.terms = place, on, terms
        self.untold: tuple[int, ...] = ()
        wide = [level for level in (Level.city, Level.county) if level > tree.level_of(place)]
        inside = [one.code for level in wide for one in places.within(place, on=on, level=level)]
        told = [row for row in _place_facts(on=on, known_by=known_by, terms=terms) if tree.contains(place, tree.code_of(row.subject))]
        self.codes = sorted({place, *inside, *(tree.code_of(row.subject) for row in told)})
        histories = binding.PlaceHistories(self.codes, known_by=known_by, terms=terms, rows=told)
        self.subjects = {code: histories.on(code, on) for code in self.codes}
        self.counties = [code for code in inside if tree.level_of(code) is Level.county]

    def rows(self, law: Law, names: Sequence[str], tallies: Mapping[str, Tally]) -> Rows:
        """Answers about every one of these places under a law."""
        asked = [self._pool(code, tallies).subject for code in self.codes]
        answers = answer_many(law, asked, on=self.on, names=names)
        subjects = np.array([subject.id for subject in asked], np.int64)
        days = np.full(len(asked), day_number(self.on), np.int32)
        return in_order(subjects, np.array(self.codes, np.int64), days, answers)

    def whole(self, law: Law, names: Sequence[str], tallies: Mapping[str, Tally]) -> dict[str, int]:
        """Answers about the place itself, over the counties that have told their figures; see `untold`."""
        pool = self._pool(self.place, tallies, partial=True)
        self.untold = pool.untold
        answers = answer_many(law, [pool.subject], on=self.on, names=names)
        return {name: int(found[0]) for name, found in answers.items()}

    def _pool(self, code: int, tallies: Mapping[str, Tally], *, partial: bool = False) -> Pool:
        wide = tree.level_of(code) < Level.county
        counties = {one: str(one) for one in self.counties if wide and tree.contains(code, one)}
        return pooled(Ground(code, counties, {}, self.subjects), on=self.on, terms=self.terms, tallies=tallies, partial=partial)


def tallies_of(places: Array, answers: Mapping[str, Array], names: Sequence[str]) -> dict[str, Tally]:
    """Sums of worker rules by place; `places` are where the workers stand."""
    return tallies_by(grouped(padded_all(places)), answers, names)


def tallies_by(places: Grouped, answers: Mapping[str, Array], names: Sequence[str]) -> dict[str, Tally]:
    """The same for workers who are grouped already."""
    return {name: tallied(name, places, answers[name]) for name in names}


def _place_facts(*, on: date, known_by: datetime | None, terms: Terms) -> list[FactRow]:
    kinds = sorted({name.fact[0] for name in terms.names.values() if name.fact and name.of == "place"})
    return [row for kind in kinds for row in reading.as_of_kind(kind, on=on, known_by=known_by, terms=terms)]

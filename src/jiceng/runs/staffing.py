"""Figures of places worked out twice: as they stand, and with some workers and facts of places otherwise. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.answers.answer import answer_all
from jiceng.answers.population import encoded
from jiceng.answers.subject import Subject
from jiceng.base.dates import OPEN_END
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.ids import PLACE
from jiceng.ledger.reading import FactRow
from jiceng.ledger.trying import Tried
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs import binding
from jiceng.runs.ask import summed_rules
from jiceng.runs.models import State
from jiceng.runs.pooling import Ground, pooled
from jiceng.runs.roster import RosterFilter, columns
from jiceng.runs.standing import moment_for
from jiceng.runs.tallies import Tally
from jiceng.runs.writing import StandingRow
from jiceng.terms.registry import Terms

WIDEST = Level.city
"""Above a prefecture one worker moves no figure that anybody acts on, and summing a province takes a page's whole time."""
MOST = 40

Rows = Mapping[int, StandingRow]
Both = tuple[Rows, Rows]
Encoded = dict[str, int]


@dataclass(frozen=True)
class Figures:
    """What the figures of some places come from today: workers' answers by place, the facts of places, the counties inside."""

    codes: tuple[int, ...]
    counties: Mapping[int, Mapping[int, str]]
    told: Sequence[FactRow]
    tallies: Mapping[str, Tally]
    standing: Rows

    def compared(self, rows: Both, what: Tried, *, on: date, law: Law) -> list[tuple[int, Encoded, Encoded]]:
        """Code, answers as they stand and answers after the change, for a day.

        Time    workers not touched count as they stand today; law and facts of places are those of the day
        """
        before, after = (self._tallies(side) for side in rows)
        changed = what.over(self.told, about=[tree.subject_of(code) for code in self._every()])
        old, new = (self._subjects(told, on=on, terms=law.terms) for told in (self.told, changed))
        sides = ((old, before), (new, after))
        found = []
        for code in self.codes:
            was, becomes = (self._answers(code, subjects, tallies, on=on, law=law) for subjects, tallies in sides)
            found.append((code, was, becomes))
        return found

    def _subjects(self, told: Sequence[FactRow], *, on: date, terms: Terms) -> dict[int, Subject]:
        histories = binding.PlaceHistories(self._every(), known_by=None, terms=terms, rows=told)
        return {code: histories.on(code, on) for code in self._every()}

    def _tallies(self, side: Rows) -> dict[str, Tally]:
        return {name: tally.replaced(self.standing.values(), side.values()) for name, tally in self.tallies.items()}

    def _answers(self, code: int, subjects: dict[int, Subject], tallies: Mapping[str, Tally], *, on: date, law: Law) -> Encoded:
        wanted = {name: tallies[name] for name in summed_rules(code, on=on) if name in tallies}
        ground = Ground(code, dict(self.counties[code]), {}, subjects)
        pool = pooled(ground, on=on, terms=law.terms, tallies=wanted)
        return {name: encoded(step) for name, step in answer_all(law, pool.subject, on=on).items()}

    def _every(self) -> list[int]:
        return list(dict.fromkeys([*self.codes, *(county for inside in self.counties.values() for county in inside)]))


def touched(rows: Both, what: Tried, *, within: Sequence[int]) -> tuple[int, ...]:
    """Places whose figures a change may move: those of workers who come, leave or change, of facts of places, and all above
    them that lie in `within`, the widest first. Of very many the lowest are left out."""
    own = {row.place for side in rows for row in side.values() if row.place}
    own |= {tree.code_of(subject) for subject in what.subjects if subject >= PLACE}
    every = {code for place in own for code in (*tree.ancestors(place), place) if tree.level_of(code) >= WIDEST}
    seen = {code for code in every if any(tree.contains(outer, code) for outer in within)}
    level = Level.community
    while len(seen) > MOST and level > WIDEST:
        seen = {code for code in seen if tree.level_of(code) < level}
        level = Level(level - 1)
    return tuple(sorted(seen, key=lambda code: (tree.level_of(code), code)))


def figures(codes: Sequence[int], standing: Rows, *, days: Iterable[date], today: date, law: Law) -> Figures:
    """What the figures of these places come from, read once for all days.

    `standing`: the rows, as they stand today, of the workers whose change is looked at
    """
    counties = {code: _counties(code, on=today) for code in codes}
    every = list(dict.fromkeys([*codes, *(county for inside in counties.values() for county in inside)]))
    summed = sorted({name for code in codes for day in days for name in summed_rules(code, on=day)})
    outer = [code for code in codes if not any(other != code and tree.contains(other, code) for other in codes)]
    filters = RosterFilter(state=State.in_service)
    moment = moment_for(on=today, known_by=None, today=today)
    found = columns(moment, ranges=[tree.span(code) for code in outer], filters=filters, rules=summed) if summed else None
    tallies = {name: found.tally(name) for name in summed} if found else {}
    told = reading.history([tree.subject_of(code) for code in every], on=OPEN_END, terms=law.terms)
    return Figures(tuple(codes), counties, told, tallies, standing)


def _counties(code: int, *, on: date) -> dict[int, str]:
    """The counties a wide place's figures are pooled from; none for a county and below."""
    if tree.level_of(code) > Level.city:
        return {}
    return {place.code: place.name for place in places.within(code, on=on, level=Level.county)}

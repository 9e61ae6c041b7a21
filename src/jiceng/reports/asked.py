"""What rules answer about the places of a return. An answer that is missing says what it misses and at how many places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.answers.answer import answer
from jiceng.answers.step import Step, missing
from jiceng.answers.subject import Subject
from jiceng.base.kinds import AnswerKind
from jiceng.law.bounds import cite
from jiceng.law.load import Law
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.reports.form import Form
from jiceng.reports.lines import Line
from jiceng.runs import binding
from jiceng.runs.pooling import Ground, pooled
from jiceng.runs.tallies import grouped, tallied
from jiceng.runs.traits import Traits


@dataclass(frozen=True)
class Answered:
    """A rule's answer in a cell.

    `kind`    AnswerKind; `value` as encoded where there is one
    `missing` titles of the facts it misses; `why` of an answer without a value
    `untold`  places that have not told their figure; `partial` the value over the others, None where there is none
    `mark`    the clause that decides it here
    """

    kind: int
    value: int | None = None
    missing: tuple[str, ...] = ()
    why: str = ""
    untold: tuple[int, ...] = ()
    partial: int | None = None
    mark: str = ""


NOTHING = Answered(int(AnswerKind.not_applicable), why="只对整个地方作答")
"""What stands in the line of what belongs to no place below: rules answer about places."""


def summed_rules(law: Law, place: int, *, on: date) -> list[str]:
    """Worker rules that the place rules of a place, and of any jurisdiction inside it, sum."""
    inside = [place, *(code for code in law.jurisdictions() if code and tree.contains(place, code))]
    return sorted({d.rule.total for code in inside for d in law.regime(code, on).rules("place") if d.rule and d.rule.total})


def answers_of(
    made: Form, place: int, found: Sequence[Line], traits: Traits, *, on: date, known_by: datetime | None, law: Law
) -> list[dict[str, Answered]]:  # fmt: skip
    """Answers by line: rule → Answered."""
    asking = _Asking(made, place, found, traits, on=on, known_by=known_by, law=law)
    return [dict.fromkeys(made.place_rules, NOTHING) if line.own else asking.about(line) for line in found]


def step_of(
    rule: str, code: int, *, place: int, found: Sequence[Line], traits: Traits, on: date, known_by: datetime | None, law: Law, made: Form
) -> Step:  # fmt: skip
    """One answer with all its steps, for its card."""
    asking = _Asking(made, place, found, traits, on=on, known_by=known_by, law=law)
    pool = pooled(asking.ground(code), on=on, terms=law.terms, tallies=asking.tallies)
    return answer(law, binding.with_entries(pool.subject), rule, on=on)


class _Asking:
    """The places of one return and what their answers come from, read once."""

    def __init__(
        self, made: Form, place: int, found: Sequence[Line], traits: Traits, *, on: date, known_by: datetime | None, law: Law
    ) -> None:  # fmt: skip
        self.made, self.law, self.on = made, law, on
        codes = [line.code for line in found if not line.own]
        self.names = {line.code: line.name for line in found if not line.own}
        self.subjects = {s.place: s for s in binding.place_subjects(codes, on=on, known_by=known_by, terms=law.terms)}
        places = grouped(traits.place_key)
        self.tallies = {rule: tallied(rule, places, traits.answers[rule]) for rule in summed_rules(law, place, on=on)}
        self._kept: dict[tuple[object, ...], Answered] = {}
        self._lacking: dict[tuple[object, ...], Answered] = {}

    def ground(self, code: int) -> Ground:
        """A place and, of a wide one, the counties its figures are pooled from."""
        if tree.level_of(code) > Level.city:
            return Ground(code, {}, {}, self.subjects)
        counties = {one: name for one, name in self.names.items() if tree.level_of(one) is Level.county and tree.contains(code, one)}
        return Ground(code, counties, {}, self.subjects)

    def about(self, line: Line) -> dict[str, Answered]:
        """Every asked rule about one place."""
        ground = self.ground(line.code)
        pool = pooled(ground, on=self.on, terms=self.law.terms, tallies=self.tallies)
        if ground.counties:
            partial = None
            if pool.told and pool.untold:
                partial = pooled(ground, on=self.on, terms=self.law.terms, tallies=self.tallies, partial=True).subject
            return self._answers(pool.subject, untold=pool.untold, partial=partial)
        return self._shared(pool.subject)

    def _shared(self, subject: Subject) -> dict[str, Answered]:
        """Places that differ in nothing a rule can see share their answers; where a fact is missing, whatever their totals."""
        regime = self.law.regime(subject.place, self.on)
        facts = tuple(sorted((name, known.value) for name, known in subject.facts.items()))
        totals = tuple((name, t.value, t.members, tuple(sorted(t.without.items()))) for name, t in sorted(subject.totals.items()))
        alike = (id(regime), tree.level_of(subject.place), facts)
        whole = not any(t.without for t in subject.totals.values())
        found = {}
        for rule in self.made.place_rules:
            key = (rule, *alike)
            held = (self._lacking.get(key) if whole else None) or self._kept.get((*key, totals))
            if held is None:
                step = answer(self.law, subject, rule, on=self.on)
                held = self._kept[(*key, totals)] = _answered(step, untold=(), some=None)
                if whole and lacks_a_fact(step):
                    self._lacking[key] = held
            found[rule] = held
        return found

    def _answers(self, subject: Subject, *, untold: tuple[int, ...], partial: Subject | None) -> dict[str, Answered]:
        found = {}
        for rule in self.made.place_rules:
            step = answer(self.law, subject, rule, on=self.on)
            some = answer(self.law, partial, rule, on=self.on) if partial is not None and step.kind is AnswerKind.missing else None
            found[rule] = _answered(step, untold=untold, some=some)
        return found


def lacks_a_fact(step: Step) -> bool:
    """Whether it is missing because, at the bottom, a fact of the place is: no total can change that."""
    if step.kind is not AnswerKind.missing:
        return False
    return step.source == "fact" or any(lacks_a_fact(one) for one in step.inputs)


def _answered(step: Step, *, untold: tuple[int, ...], some: Step | None) -> Answered:
    cited = cite(step.definition.document, step.definition.clause) if step.definition else ""
    if step.kind is AnswerKind.value:
        return Answered(int(step.kind), step.value, mark=cited)
    lacking = tuple(title for _, title in missing(step))
    partial = some.value if some is not None and some.kind is AnswerKind.value else None
    left_out = untold if step.kind is AnswerKind.missing else ()
    return Answered(int(step.kind), None, lacking, step.why, left_out, partial, cited)

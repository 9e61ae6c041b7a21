"""Look before you sign: what a scenario does to the people and places inside a place, computed directly, before and after.

Only rules that can come out otherwise are run a second time (see affected.py). Which clause did what is told step by step, in the
order of the scenario, each step on top of the ones before; so the steps add up to the whole, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from jiceng.answers.chunk import NO_RULE
from jiceng.answers.population import run_over
from jiceng.law.bounds import cite
from jiceng.law.layers import Law
from jiceng.law.model import Definition
from jiceng.runs.affected import Affected, Step, affected, grounds_of_law, steps
from jiceng.runs.kept_answers import asked
from jiceng.runs.kept_rows import Array, Rows, padded_all
from jiceng.runs.law import installed_law
from jiceng.runs.people import People, people_of
from jiceng.runs.scenarios import Scenario, law_with
from jiceng.runs.simulated import SUMMED, VALUES, Cause, Mask, Moved, Simulation
from jiceng.runs.simulated_money import Ledgered, Money, both, money_of, weights_of
from jiceng.runs.simulated_places import Grounds, sums_behind, tallies_by
from jiceng.runs.tallies import grouped

Answers = Mapping[str, Array]
WORTH_COMPILING = 2_000
"""Rules asked twice or more of so many people are compiled, once and for all; for fewer plain Python is done sooner."""

WORTH_COMPILING_OVER_DAYS = 10_000
"""The same for people times days, where the same is asked day after day: so long it takes plain Python, and every time."""


def simulate(
    scenario: Scenario, *, place: int, on: date, known_by: datetime | None = None, names: Sequence[str] | None = None,
    seconds: float | None = None, law: Law | None = None, also: Sequence[str] = (),
) -> Simulation:  # fmt: skip
    """What a scenario does to everybody in service at a place on a day, against the law as installed.

    Shape   `names`: worker rules to look at; without, every rule that can change and the lines of the pay forms there. `also`:
            worker rules asked under the law after besides, where the law has them; in `extra`
    Units   money in fen a month: lines of the pay form in force where each stands, else the rules of unit 元 among `names`
    Time    state at the end of `on`, as known by `known_by`
    Errors  as `law_with`; Refusal runs.building if the facts are not bound yet and that takes longer than `seconds`
    """
    base = law or installed_law()
    after = law_with(scenario, place=place, law=base)
    wanted = None if names is None else asked(after, names)
    reached = affected(base, after, place=place, on=on)
    people = people_of(place, on=on, known_by=known_by, law=after, seconds=seconds)
    shown = [name for name in reached.rules["worker"] if wanted is None or name in wanted]
    summed = sums_behind((base, after), reached.rules["place"], place=place, on=on)
    run = _Run(base, after, people, reached, shown, wanted, place, summed)
    extra = run.under(after, [name for name in also if name in after.titles])
    grounds = Grounds(place, on=on, known_by=known_by, terms=after.terms) if reached.rules["place"] else None
    sides = [run.places(grounds, law, answers) for law, answers in ((base, run.old), (after, run.new))]
    money = run.money
    causes = tuple(run.causes(scenario, grounds, *sides))
    rows = [people.rows(answers, run.told) for answers in (run.old, run.new)]
    moved = [*_moved(run, *rows), *_moved_places(run, grounds, *sides)]
    return Simulation(
        scenario, place, on, known_by, base, after, reached, rows[0], rows[1], sides[0], sides[1], money, tuple(moved), causes,
        len(causes) > 1, tuple(_notes(run, scenario, grounds)), extra,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Paid:
    """Who is in service and what is paid for each on a day, before and after; `extra` as in a simulation."""

    on: date
    subjects: Array
    places: Array
    money: Money
    extra: Mapping[str, Array]


def paid(
    before: Law, after: Law, *, place: int, on: date, known_by: datetime | None, names: Sequence[str] | None, seconds: float | None,
    also: Sequence[str], days: int = 1,
) -> Paid:  # fmt: skip
    """The money of `simulate` alone, without which clause did what and what else moved: a fraction of the work.

    Shape   `days`: about so many days the same is asked in turn, which makes compiling worth it for fewer people
    Errors  Refusal runs.building as `simulate`
    """
    wanted = None if names is None else asked(after, names)
    people = people_of(place, on=on, known_by=known_by, law=after, seconds=seconds)
    run = _Run(before, after, people, affected(before, after, place=place, on=on), [], wanted, place, [], days=days)
    return Paid(on, people.subjects, people.places, run.money, run.under(after, [name for name in also if name in after.titles]))


class _Run:
    """The same people under the law before, the law after, and those of the steps between; what cannot differ is asked once."""

    def __init__(
        self, before: Law, after: Law, people: People, reached: Affected, shown: list[str], wanted: Sequence[str] | None, place: int,
        summed: list[str], *, days: int = 1,
    ) -> None:  # fmt: skip
        self.before, self.after, self.people, self.reached, self.place = before, after, people, reached, place
        self.on = people.on
        self.compiled = True if len(people) > WORTH_COMPILING or len(people) * days > WORTH_COMPILING_OVER_DAYS else None
        self.grouped = grouped(padded_all(people.places))
        self.movable = {*reached.rules["worker"], *reached.rules["place"], *(one.name for one in reached.changed)}
        self.weights = [weights_of(law, people.places, on=self.on, names=wanted) for law in (before, after)]
        self.shown = shown
        self.told = list(dict.fromkeys([*shown, *both(*self.weights)]))
        self.summed = summed
        every = [*dict.fromkeys([*self.told, *self.summed])]
        self.old, self.fixed = self._before(every)
        self.new = self.under(after, every)

    @property
    def money(self) -> Money:
        """What is paid, before and after."""
        return money_of(self.weights[0], self.weights[1], self.old, self.new, len(self.people))

    def _before(self, names: Sequence[str]) -> tuple[dict[str, Array], dict[str, Array]]:
        edge = [name for name in self._edge(names) if name not in names and name in self.before.titles]
        key = (self.before.hash, *names, *edge)
        if key not in self.people.answered:
            found = self._answers(self.before, [*names, *edge])
            self.people.answered.clear()
            self.people.answered[key] = found
        found = self.people.answered[key]
        return {name: found[name] for name in names}, {
            name: answers for name, answers in found.items() if name not in self.movable and name in self.before.titles
        }

    def _answers(self, law: Law, names: Sequence[str], *, settled: Answers | None = None) -> dict[str, Array]:
        known = [name for name in names if name in law.titles]
        found = run_over(law, self.people.source, on=self.on, names=known, compiled=self.compiled, settled=settled).answers
        # A name that only the other law has: there is no rule under this one.
        return {name: found[name] if name in found else np.full(len(self.people), NO_RULE, np.int64) for name in names}

    def _edge(self, names: Sequence[str]) -> list[str]:
        """Rules that cannot differ and are asked by rules that can: up to there the second run need not go."""
        found: dict[str, None] = {}
        for ground in grounds_of_law(self.before, self.after, self.place):
            for law in (self.before, self.after):
                definitions = law.regime(ground, self.on).definitions
                waiting, seen = list(names), set[str]()
                while waiting:
                    definition = definitions.get(name := waiting.pop())
                    if name in seen or definition is None or definition.rule is None:
                        continue
                    seen.add(name)
                    if name in self.movable:
                        waiting += [argument.name for argument in definition.rule.arguments if argument.type.name != "ByDate"]
                    elif law.of.get(name) == "worker":
                        found[name] = None
        return list(found)

    def under(self, law: Law, names: Sequence[str]) -> dict[str, Array]:
        """Answers under another law."""
        wanted = [name for name in names if name in self.movable or name not in self.fixed]
        found = self._answers(law, wanted, settled=self.fixed) if wanted else {}
        return {name: found[name] if name in found else self.fixed[name] for name in names}

    def places(self, grounds: Grounds | None, law: Law, answers: Answers) -> Rows:
        """Answers of the place rules that can change."""
        names = self.reached.rules["place"]
        if grounds is None:
            return _no_rows(names)
        return grounds.rows(law, names, tallies_by(self.grouped, answers, self.summed))

    def causes(self, scenario: Scenario, grounds: Grounds | None, places: Rows, last: Rows) -> Iterator[Cause]:
        """What each changed clause did, on top of those before it."""
        first = [change.name for change in scenario.values]
        ledgered = Ledgered(self.weights[0], self.weights[1], self.old, self.new, len(self.people))
        held: Answers = self.old
        for step in steps(self.before, self.after, self.reached.changed, first=first, place=self.place, on=self.on):
            if step.law is self.after:
                answers, there = self.new, last
            else:
                answers = self.under(step.law, [*self.old])
                there = self.places(grounds, step.law, answers)
            gain, cost = ledgered.step(answers)
            moved = np.zeros(len(self.people), bool)
            for name in self.told:
                moved |= held[name] != answers[name]
            differing = np.zeros(len(places), bool)
            for name, old in places.answers.items():
                differing |= old != there.answers[name]
            yield _cause(step, self, int(moved.sum()), int(differing.sum()), gain, cost)
            held, places = answers, there


def _no_rows(names: Sequence[str]) -> Rows:
    nothing = np.zeros(0, np.int64)
    return Rows(nothing, nothing, np.zeros(0, np.int32), {name: nothing for name in names})


def _cause(step: Step, run: _Run, people: int, places: int, gain: Array, cost: Array) -> Cause:
    names = tuple(one.name for one in step.changed)
    # The clause that is changed: the one in force now; for what is new, the draft's own.
    told = [one.before or one.after for one in step.changed] if all(one.before for one in step.changed) else [
        one.after or one.before for one in step.changed
    ]  # fmt: skip
    definition = told[0]
    assert definition is not None
    marks = "".join(dict.fromkeys(cite(one.document, one.clause) for one in told if one is not None))
    return Cause(
        names, "、".join(run.after.titles[name] for name in names), definition.document.id, definition.clause, marks, people, places,
        int((gain > 0).sum()), int((gain < 0).sum()), int(gain.sum()), int(cost.sum()),
    )  # fmt: skip


def _moved(run: _Run, before: Rows, after: Rows) -> Iterator[Moved]:
    for name in run.shown:
        old, new = before.answers[name], after.answers[name]
        differing = old != new
        if differing.any():
            valued = (old > VALUES) & (new > VALUES)
            sums = (int(old[valued].sum()), int(new[valued].sum())) if run.after.types[name].name in SUMMED else (None, None)
            yield _moved_one(run, name, "worker", differing, valued, new, old, *sums)


def _moved_places(run: _Run, grounds: Grounds | None, before: Rows, after: Rows) -> Iterator[Moved]:
    if grounds is None:
        return
    names = run.reached.rules["place"]
    whole = [
        grounds.whole(law, names, tallies_by(run.grouped, answers, run.summed))
        for law, answers in ((run.before, run.old), (run.after, run.new))
    ]
    for name, old in before.answers.items():
        new = after.answers[name]
        differing = old != new
        if differing.any():
            valued = (old > VALUES) & (new > VALUES)
            yield _moved_one(run, name, "place", differing, valued, new, old, whole[0][name], whole[1][name])


def _moved_one(
    run: _Run, name: str, of: str, differing: Mask, valued: Mask, new: Array, old: Array, before: int | None, after: int | None
) -> Moved:
    definition = _definition(run, name)
    document = definition.document if definition else None
    return Moved(
        name, run.after.titles[name], run.after.units.get(name, ""), run.after.types[name].name, of, document.id if document else "",
        definition.clause if definition else "", cite(document, definition.clause) if document and definition else "",
        int(differing.sum()), int((valued & (new > old)).sum()), int((valued & (new < old)).sum()), int((differing & ~valued).sum()),
        before, after,
    )  # fmt: skip


def _definition(run: _Run, name: str) -> Definition | None:
    """The definition of a name, after or before, at the first place inside that has one."""
    for law in (run.after, run.before):
        for ground in grounds_of_law(run.before, run.after, run.place):
            if (found := law.regime(ground, run.on).definitions.get(name)) is not None:
                return found
    return None


def _notes(run: _Run, scenario: Scenario, grounds: Grounds | None) -> Iterator[str]:
    """What a reader must know: who is not reached, what money is summed over, what the checks remarked."""
    if run.on < scenario.since:
        yield f"计算日期 {run.on} 早于起始日 {scenario.since}，方案还没有生效"
    if run.weights[1].formed.any() and (run.on + timedelta(days=1)).day != 1:
        yield f"工资表按月末计算，{run.on} 不是月末：按天计发的只计到这一天"
    changed = {one.name for one in run.reached.changed}
    for change in dict.fromkeys(change.name for change in scenario.values):
        title = run.after.titles[change]
        if change not in changed:
            yield f"“{title}”在计算日期没有变化：数值相同，或那里以更晚或下级的规定为准"
        below = [law_of for law_of in _set_below(run, change)]
        if below:
            yield f"“{title}”在下级另有规定，改上级的数值到不了那里：{'、'.join(below)}"
    if grounds is not None and (untold := grounds.untold):
        yield f"有 {len(untold)} 个县（市、区）没有报人口，{run.place} 的数按已报的县合计"
    if run.reached.rules["worker"] and not run.weights[1].names:
        yield "此地没有工资表，又没有指明看哪些金额，所以没有合计金额；各条规则的变化见下"
    elif not run.weights[1].formed.all():
        without = int((~run.weights[1].formed).sum())
        if run.weights[1].formed.any():
            yield f"有 {without} 人所在的地方没有工资表，没有计入金额"
    new = {id(document) for document in run.after.documents} - {id(document) for document in run.before.documents}
    ids = {document.id for document in run.after.documents if id(document) in new}
    for notice in run.after.notices:
        if any(notice.path.startswith(f"{one}/") for one in ids):
            yield notice.message


def _set_below(run: _Run, name: str) -> list[str]:
    """Documents of places inside that say a name themselves."""
    found = []
    for ground in grounds_of_law(run.before, run.after, run.place)[1:]:
        definition = run.after.regime(ground, run.on).definitions.get(name)
        if definition is not None and definition.document.jurisdiction != run.place and definition.document.jurisdiction == ground:
            found.append(definition.document.short)
    return list(dict.fromkeys(found))

"""Rows of a month worked out from the ledger: facts read once, rules asked on each person's last day of service in the month."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from jiceng.answers.answer import answer
from jiceng.answers.order import needed
from jiceng.answers.population import CHUNK, answer_many
from jiceng.answers.step import Step, missing, walk
from jiceng.answers.subject import Known, Subject
from jiceng.base.dates import OPEN_END, day_number
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of
from jiceng.base.refusals import Refusal
from jiceng.law.layers import Regime
from jiceng.law.load import Law
from jiceng.law.model import Definition
from jiceng.law.payform import PayForm
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import no_collector
from jiceng.pay.shapes import Row
from jiceng.pay.stays import Stay, month_end, month_name, stays_of
from jiceng.places import tree
from jiceng.rules.loops import available
from jiceng.runs import binding

MANY = 100_000
"""From so many people on compiled loops are made where there are none: making them takes as long as asking as many in plain Python."""
SERVICE = ("appointment", "departure")
_ALWAYS = (*SERVICE, "complete", "community_start")
"""Kinds of facts every sheet reads: who serves where, and how complete what is known about somebody is."""
_NOTHING = frozenset({AnswerKind.not_applicable})
"""Answers that mean: this line does not concern this person. They add nothing and lack nothing."""


@dataclass(frozen=True)
class Month:
    """One month of one place to be worked out: by which form, law and knowledge. `deadline`: a monotonic time to be done by."""

    place: int
    month: date
    form: PayForm
    law: Law
    known_by: datetime | None
    deadline: float | None = None


@dataclass
class Worked:
    """Rows with what stands behind them: the regimes met, by title of the fact who lacks it, and what the form's checks ask of
    each person (name → person and sub-district → answer)."""

    rows: list[Row] = field(default_factory=list)
    regimes: dict[int, Regime] = field(default_factory=dict)
    missing: dict[str, list[int]] = field(default_factory=dict)
    beside: dict[str, dict[tuple[int, int], int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Present:
    """A person's stay with the facts believed, bound for the day the rules are asked about."""

    stay: Stay
    subject: Subject
    facts: tuple[FactRow, ...]


def serving_in(month: Month) -> list[int]:
    """Everybody with an appointment inside the place on a day of the month, rising."""
    end = month_end(month.month)
    return reading.placed_in(
        tree.ranges(month.place), on=end, ending_after=month.month, known_by=month.known_by, terms=month.law.terms
    )  # fmt: skip


def worked(month: Month, ids: Sequence[int]) -> Worked:
    """The rows of these people on the place's sheet, in tree order of places, then by person.

    Time    each asked at the end of the last day served in the month, as known by `known_by`
    Empty   who served on no day of the month inside the place has no row
    Errors  Refusal pay.slow if it takes longer than until `deadline`
    """
    names = month.form.names
    beside = [name for name in names if all(name != line.rule for line in month.form.lines)]
    # No page waits for loops to be made; a command for many does, once.
    loops = True if month.deadline is None and len(ids) >= MANY and available() else None
    found = Worked(beside={name: {} for name in beside})
    for some in present(month, ids):
        if month.deadline is not None and time.monotonic() > month.deadline:
            where = f"{month_name(month.month)}，区划 {month.place}"
            raise Refusal("pay.slow", "工资表还没有算完", where=where, why="人数较多", do="请按街道（乡镇）编制，或用 jiceng pay 计算")
        by_day: dict[date, list[Present]] = defaultdict(list)
        for one in some:
            by_day[one.stay.last].append(one)
        for day in sorted(by_day):
            people = by_day[day]
            for one in people:
                regime = month.law.regime(one.subject.place, day)
                found.regimes[id(regime)] = regime
            answers = answer_many(month.law, [one.subject for one in people], on=day, names=names, compiled=loops)
            columns = [answers[line.rule].tolist() for line in month.form.lines]
            for one, cells in zip(people, zip(*columns, strict=True), strict=True):
                found.rows.append(_row(month, one, cells, found.missing))
            for name in beside:
                told = zip(people, answers[name].tolist(), strict=True)
                found.beside[name].update(((one.stay.subject, one.stay.unit), number) for one, number in told)
    found.rows.sort(key=lambda row: (tree.padded(row.place), row.place, row.subject))
    return found


def present(
    month: Month, ids: Sequence[int], *, sources: bool = False, told: dict[int, tuple[FactRow, ...]] | None = None
) -> Iterator[list[Present]]:
    """These people's stays of the month inside the place, bound to what is believed, some thousand at a time.

    `told` takes the facts of everybody, also of those who have no stay
    """
    terms = month.law.terms
    kinds, around = _read_for(month)
    surroundings = binding.Surroundings(on=month_end(month.month), known_by=month.known_by, terms=terms) if around else None
    for start in range(0, len(ids), CHUNK):
        with no_collector():
            facts: dict[int, list[FactRow]] = defaultdict(list)
            for row in reading.history(ids[start : start + CHUNK], on=OPEN_END, known_by=month.known_by, kinds=kinds, terms=terms):
                facts[row.subject].append(row)
            if surroundings:
                surroundings.read({row.place for told in facts.values() for row in told if row.kind == "appointment" and row.place})
            bound = []
            for id, rows in facts.items():
                if told is not None:
                    told[id] = tuple(rows)
                for stay in _stays(id, rows, month):
                    subject = binding.bind(id, rows, on=stay.last, terms=terms, surroundings=surroundings, sources=sources)
                    bound.append(Present(stay, _with_stay(subject, stay), tuple(rows)))
        yield bound


def _with_stay(subject: Subject, stay: Stay) -> Subject:
    """The person with what only the sheet knows: from which day, and on how many days of the month, they served there."""
    given = {"stay_since": Known(day_number(stay.first)), "stay_days": Known(stay.days)}
    return replace(subject, facts={**subject.facts, **given})


def _stays(id: int, told: Sequence[FactRow], month: Month) -> list[Stay]:
    appointments = [row for row in told if row.kind == "appointment"]
    departures = [row for row in told if row.kind == "departure"]
    return [one for one in stays_of(id, appointments, departures, month=month.month) if tree.contains(month.place, one.place)]


def _read_for(month: Month) -> tuple[list[str], bool]:
    """The kinds of facts that the lines can ask for, and whether any is asked of the place around."""
    law = month.law
    kinds, around = dict.fromkeys(_ALWAYS), False
    for name in needed(law, regimes_of(month), of="worker", names=month.form.names):
        term = law.terms.names.get(name)
        if law.of.get(name, "worker") == "place":
            around = True
        elif term is not None and term.history:
            kinds[term.history] = None
        elif term is not None and term.fact:
            kinds[term.fact[0]] = None
    return list(kinds), around


def regimes_of(month: Month) -> list[Regime]:
    """Every law in force inside the place on a day of the month."""
    law = month.law
    codes = [month.place, *(code for code in law.jurisdictions() if code and tree.contains(month.place, code))]
    days = [month.month, month_end(month.month)]
    days += [day for code in codes for day in law.boundaries(code) if days[0] < day < days[1]]
    return list({id(one): one for code in codes for day in days for one in [law.regime(code, day)]}.values())


def _row(month: Month, one: Present, cells: tuple[int, ...], lacking: dict[str, list[int]]) -> Row:
    sums = {"gross": 0, "deduction": 0, "employer": 0}
    words: list[str] = []
    for line, cell in zip(month.form.lines, cells, strict=True):
        kind = kind_of(cell)
        if kind is AnswerKind.value:
            sums[line.group] += cell
        elif kind not in _NOTHING:
            step = answer(month.law, one.subject, line.rule, on=one.stay.last)
            for title, word in _lacks(step):
                words.append(word)
                if one.stay.subject not in lacking.setdefault(title, []):
                    lacking[title].append(one.stay.subject)
    stay = one.stay
    if words:
        return Row(stay.subject, stay.place, stay.last, cells, None, None, None, None, tuple(dict.fromkeys(words)), "", stay.elsewhere)
    gross, taken, employer = sums["gross"], sums["deduction"], sums["employer"]
    return Row(stay.subject, stay.place, stay.last, cells, gross, taken, gross - taken, employer, (), "", stay.elsewhere)


def _lacks(step: Step) -> list[tuple[str, str]]:
    """(title, words) of what an answer lacks: facts by title, or else the reason there is none."""
    kinds = {one.name: one.kind for one in walk(step)}
    named = [(title, f"{title}（需核实）" if kinds[name] is AnswerKind.unchecked else title) for name, title in missing(step)]
    why = f"{step.title}：{KIND_NAMES[step.kind]}" + (f"（{step.why}）" if step.why else "")
    return named or [(why, why)]


def behind(regime: Regime, names: Iterable[str]) -> list[Definition]:
    """Every definition that these names rest on in a regime, each once."""
    key = f"pay behind {' '.join(names)}"
    kept: list[Definition] | None = regime.remembered.get(key)
    if kept is None:
        found: dict[str, Definition] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            definition = regime.definitions.get(name)
            if definition is None or name in found:
                continue
            found[name] = definition
            if definition.rule is not None:
                waiting.extend(argument.name for argument in definition.rule.arguments)
        kept = regime.remembered[key] = list(found.values())
    return kept

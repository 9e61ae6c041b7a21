"""What the workbench shows about a place: figures answered by rules, counts with the list behind each, lines by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.answers.answer import answer_all
from jiceng.answers.step import Step
from jiceng.base.kinds import AnswerKind
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs import binding
from jiceng.runs.ask import Steps, summed_rules
from jiceng.runs.law import installed_law
from jiceng.runs.models import State
from jiceng.runs.pooling import Ground, ground, pooled
from jiceng.runs.roster import AnswerFilter, RosterFilter, answers_of, find
from jiceng.runs.standing import moment_for
from jiceng.runs.structure import YEARS_RULE, Breakdown, structure
from jiceng.runs.tallies import Tally

ENDING_SOON_DAYS = 60
OVERDUE = "training_overdue"


@dataclass(frozen=True)
class Count:
    """A number of workers with the roster filter that lists them and the rule that decides it."""

    rule: str
    title: str
    number: int
    filters: RosterFilter


@dataclass(frozen=True)
class Line:
    """One place inside the one looked at, with its place answers and how many are late with their training
    (None: no rule says so there)."""

    code: int
    name: str
    members: int
    steps: Steps
    overdue: int | None


@dataclass(frozen=True)
class Overview:
    """The workbench of a place at a moment.

    `steps`    the place's own answers; strict: one county without a figure makes the whole missing
    `partial`  the same over the counties that have told, empty if nothing was left out; `untold` names the others
    `lines`    the places one level below that have workers; `below` all of them, code → name
    `structure` what those in service are made of
    `to_ask`   places that keep a figure to themselves: (code, name) of places with workers and no residents figure
    """

    place: int
    on: date
    in_service: int
    steps: Steps
    partial: Steps
    untold: tuple[tuple[int, str], ...]
    counts: tuple[Count, ...]
    lines: tuple[Line, ...]
    below: Mapping[int, str]
    structure: tuple[Breakdown, ...]
    to_ask: tuple[tuple[int, str], ...]


def overview(code: int, *, on: date, today: date, known_by: datetime | None = None, counted: Sequence[tuple[str, str]]) -> Overview:
    """Everything the workbench shows about one place.

    `counted` lists what to count, as (kind of count, worker rule): ("true", rule) counts workers for whom it holds,
    ("false", rule) for whom it does not, ("unchecked", rule) those to be checked, ("missing", rule) those without a fact it
    needs, ("soon", rule) those whose date falls within the next 60 days
    """
    law = installed_law()
    moment = moment_for(on=on, known_by=known_by, today=today)
    summed = summed_rules(code, on=on)
    wanted = [_wanted(kind, rule, on=on) for kind, rule in counted]
    filters = RosterFilter(place=code, state=State.in_service)
    names = {*summed, *(one.rule for one in wanted), YEARS_RULE, OVERDUE}
    listed = find(moment, ranges=[tree.span(code)], filters=filters, rules=names)
    found = answers_of(listed, names)
    tallies = {name: found.tally(name) for name in summed}
    read = ground(code, on=on, known_by=known_by, terms=law.terms, below=True)
    pool = pooled(read, on=on, terms=law.terms, tallies=tallies)
    partial: Steps = {}
    if pool.told and pool.untold:
        some = pooled(read, on=on, terms=law.terms, tallies=tallies, partial=True)
        partial = answer_all(law, some.subject, on=on)
    untold = tuple((c, read.counties[c]) for c in pool.untold)
    return Overview(
        place=code, on=on, in_service=len(found.place_keys), steps=answer_all(law, pool.subject, on=on), partial=partial, untold=untold,
        counts=tuple(
            Count(one.rule, law.titles.get(one.rule, one.rule), found.count(one), RosterFilter(place=code, answers=(one,)))
            for one in wanted
        ),
        lines=_lines(read, on=on, tallies=tallies, overdue=found.tally(OVERDUE)), below=read.below,
        structure=structure(listed, on=on, terms=law.terms),
        to_ask=untold if tree.level_of(code) < Level.county else (),
    )  # fmt: skip


def _wanted(kind: str, rule: str, *, on: date) -> AnswerFilter:
    return {
        "true": AnswerFilter(rule, equals=1),
        "false": AnswerFilter(rule, equals=0),
        "unchecked": AnswerFilter(rule, kind=AnswerKind.unchecked),
        "missing": AnswerFilter(rule, kind=AnswerKind.missing),
        "soon": AnswerFilter(rule, from_day=on, days=ENDING_SOON_DAYS),
    }[kind]


def _lines(read: Ground, *, on: date, tallies: dict[str, Tally], overdue: Tally) -> tuple[Line, ...]:
    law = installed_law()
    lines = []
    for code, name in read.below.items():
        totals = {summed: counted.of(code) for summed, counted in tallies.items()}
        members = max((total.members for total in totals.values()), default=0)
        if members:
            steps = answer_all(law, binding.with_totals(read.subjects[code], totals), on=on)
            late = overdue.of(code).value if OVERDUE in law.regime(code, on).definitions else None
            lines.append(Line(code, name, members, steps, late))
    return tuple(lines)


def has_value(step: Step | None) -> bool:
    """Whether an answer gives a value."""
    return step is not None and step.kind == AnswerKind.value

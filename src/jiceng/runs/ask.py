"""Questions answered: every rule about a worker, a place or a request, on a day, as known then. Page, API and command
line all ask here, so they say the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from jiceng.answers.answer import answer, answer_all
from jiceng.answers.step import Step
from jiceng.answers.subject import Known, Subject
from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.law import installed_law
from jiceng.runs.models import State
from jiceng.runs.pooling import ground, pooled
from jiceng.runs.roster import RosterFilter, columns
from jiceng.runs.standing import moment_for
from jiceng.runs.tallies import Tally

Steps = dict[str, Step]


def ask_worker(subject: int, *, on: date, known_by: datetime | None = None, rule: str = "") -> Steps:
    """Answers about a worker, with who recorded each fact.

    Shape   rule name → Step, every worker rule in force where the worker stands; with `rule` only that one
    Time    state at the end of `on`, as known by `known_by`
    Errors  Refusal answer.no_subject if nothing is believed about the subject by then
    """
    law = installed_law()
    bound = binding.workers([subject], on=on, known_by=known_by, terms=law.terms)[0]
    if not bound.facts and not any(record.since <= on for history in bound.histories.values() for record in history.records):
        raise Refusal(
            "answer.no_subject",
            f"{on:%Y-%m-%d} 时台账里没有人员 {subject}",
            why="当日尚无此人的事实，或编号有误",
            do="请核对编号或换一个日期",
        )
    return _ask(law, binding.with_entries(bound), on=on, rule=rule)


def ask_place(
    code: int, *, on: date, today: date, known_by: datetime | None = None, rule: str = "",
    tallies: Mapping[str, Tally] | None = None, partial: bool = False,
) -> Steps:  # fmt: skip
    """Answers about a place: its own facts (a wide place: those of its counties) and totals over its workers.

    `partial`: over the counties that have told their figure, leaving out the others and saying so
    """
    law = installed_law()
    tallies = tallies if tallies is not None else totals_for(code, on=on, today=today, known_by=known_by)
    found = ground(code, on=on, known_by=known_by, terms=law.terms)
    pool = pooled(found, on=on, terms=law.terms, tallies=tallies, partial=partial)
    return _ask(law, binding.with_entries(pool.subject), on=on, rule=rule)


def totals_for(code: int, *, on: date, today: date, known_by: datetime | None = None) -> dict[str, Tally]:
    """The tallies that place rules in and under a place need: summed rule → Tally over the place's subtree."""
    moment = moment_for(on=on, known_by=known_by, today=today)
    summed = summed_rules(code, on=on)
    filters = RosterFilter(state=State.in_service)
    found = columns(moment, ranges=[tree.span(code)], filters=filters, rules=summed) if summed else None
    return {name: found.tally(name) for name in summed} if found else {}


def summed_rules(code: int, *, on: date) -> list[str]:
    """Worker rules of which place rules here need sums."""
    return sorted({d.rule.total for d in installed_law().regime(code, on).rules("place") if d.rule and d.rule.total})


def ask_request(given: Mapping[str, int], *, place: int, on: date, rule: str = "") -> Steps:
    """Answers about a request, from what the applicant states (encoded facts by name)."""
    law = installed_law()
    subject = Subject(0, "request", place, {name: Known(value) for name, value in given.items()})
    return _ask(law, subject, on=on, rule=rule)


def _ask(law: Law, subject: Subject, *, on: date, rule: str) -> Steps:
    if rule:
        return {rule: answer(law, subject, rule, on=on)}
    return answer_all(law, subject, on=on)

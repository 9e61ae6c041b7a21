"""Behind the numbers of a simulation: the people of a group, and one person's answers under both laws, each with its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.answer import answer
from jiceng.answers.card import as_dict, face, replaced_of
from jiceng.answers.step import Step, walk
from jiceng.base.quantities import yuan_text
from jiceng.base.refusals import Refusal
from jiceng.desks.policy import trials
from jiceng.desks.policy.models import Trial
from jiceng.desks.policy.simulation_page import place_in, said
from jiceng.desks.policy.trial_figures import WHAT, Figures
from jiceng.law.layers import Law
from jiceng.places import reading as places
from jiceng.runs import binding, reading
from jiceng.runs.kept_rows import Array
from jiceng.ui.pages import PAGE_SIZE, moment_in, page, scope_in


@dataclass(frozen=True)
class Person:
    """One line of a list. `before`, `after`: of the rule asked for, else what he has in hand a month."""

    subject: int
    name: str
    place: str
    before: str
    after: str
    gain: int


@dataclass(frozen=True)
class Answered:
    """One answer of a person before and after."""

    name: str
    title: str
    before: str
    after: str
    changed: bool


@page("simulate")
def people(request: HttpRequest, number: int) -> HttpResponse:
    """The people behind a number, a page at a time: in tree order, or those with the most to gain or lose first.

    Errors  Concealed; Refusal page.filter for what the simulation does not have
    """
    trial = trials.seen(scope_in(request), number, account=request.user.pk or 0)
    found = trials.figures(trial)
    what, rule = request.GET.get("of", "all"), request.GET.get("rule", "")
    if what not in WHAT or (rule and rule not in found.before):
        raise Refusal("page.filter", "试算里没有这一组人", where="网址", do="请从试算页点开数字")
    place = place_in(request, trial)
    every = found.group(what, place=place, rule=rule)
    most = request.GET.get("sort") == "most"
    rows, after = paged(every, found.columns["gain"] if most else None, request.GET.get("after", ""))
    context = {
        "trial": trial, "what": what, "title": WHAT[what], "rule": rule, "rule_title": trial.told["names"][rule]["title"] if rule else "",
        "number": len(every), "people": shown(request, trial, found, rows, rule), "after": after, "place": place, "most": most,
        "place_name": places.full_name(place, on=moment_in(request).today), "first": not request.GET.get("after"),
    }  # fmt: skip
    return render(request, "policy/simulation_people.html", context)


def paged(every: Array, by: Array | None, after: str, *, size: int = PAGE_SIZE) -> tuple[Array, str]:
    """One page of row numbers and the key of the next ("" at the end). A key is (size of change, row number): both never move."""
    keys = np.zeros(len(every), np.int64) if by is None else -np.abs(by[every])
    order = np.lexsort((every, keys))
    every, keys = every[order], keys[order]
    start = 0
    size_text, dash, row_text = after.rpartition("_")
    if dash and row_text.isdigit() and size_text.isdigit() and len(after) < 40:
        key, row = -int(size_text), int(row_text)
        start = int(np.count_nonzero((keys < key) | ((keys == key) & (every <= row))))
    page = every[start : start + size]
    more = start + size < len(every)
    return page, f"{-int(keys[start + size - 1])}_{int(page[-1])}" if more else ""


def shown(request: HttpRequest, trial: Trial, found: Figures, rows: Array, rule: str) -> list[Person]:
    """People of some rows, names as the account may see them where each stands."""
    scope = scope_in(request)
    subjects, at = found.subjects[rows].tolist(), found.places[rows].tolist()
    names = reading.names_of(subjects)
    full = places.full_names(at, on=moment_in(request).today, above=trial.place)
    lines = []
    for row, subject, place in zip(rows.tolist(), subjects, at, strict=True):
        if rule:
            words = [said(int(side[rule][row]), rule, trial) for side in (found.before, found.after)]
        else:
            words = [yuan_text(int(found.columns[side][row])) for side in ("hand_before", "hand_after")]
        name = scope.shown_name(names.get(subject, ("（不在名册）", 0))[0], place=place)
        lines.append(Person(subject, name, full.get(place, str(place)), words[0], words[1], int(found.columns["gain"][row])))
    return lines


@page("simulate")
def person(request: HttpRequest, number: int, subject: int) -> HttpResponse:
    """One person: every answer that can change, before and after, and both cards of one of them.

    Errors  Concealed for a simulation that may not be seen, and for somebody who is not in it
    """
    scope = scope_in(request)
    trial = trials.seen(scope, number, account=request.user.pk or 0)
    found = trials.figures(trial)
    at = np.flatnonzero(found.subjects == subject)
    if len(at) != 1:
        raise scope.conceal("simulate", what=f"查看第 {number} 号试算里编号 {subject} 的人员")
    row = int(at[0])
    answers = _answers(trial, found, row)
    rule = request.GET.get("rule", "") or _telling(trial, answers)
    if rule and rule not in found.before:
        raise Refusal("page.filter", "试算里没有这一项", where="网址里的 rule", do="请从试算页点开")
    place = int(found.places[row])
    line = shown(request, trial, found, np.array([row]), "")[0]
    context: dict[str, Any] = {
        "trial": trial, "person": line, "answers": [one for one in answers if one.changed],
        "same": [one for one in answers if not one.changed], "rule": rule, "place_name": places.full_name(place, on=trial.on),
    }  # fmt: skip
    if rule:
        context |= {"title": trial.told["names"][rule]["title"], "cards": cards(trial, subject, rule)}
    return render(request, "policy/simulation_person.html", context)


def _answers(trial: Trial, found: Figures, row: int) -> list[Answered]:
    lines = []
    for name, held in found.before.items():
        old, new = int(held[row]), int(found.after[name][row])
        lines.append(Answered(name, trial.told["names"][name]["title"], said(old, name, trial), said(new, name, trial), old != new))
    return lines


def _telling(trial: Trial, answers: list[Answered]) -> str:
    """The answer whose cards open first: a line of pay that changed, else whatever changed, else a line of pay."""
    changed = [one.name for one in answers if one.changed]
    lines = trial.told["lines"]
    return next((name for name in (*(n for n in lines if n in changed), *changed, *lines)), "")


def cards(trial: Trial, subject: int, rule: str) -> list[Mapping[str, Any]]:
    """The answer as the law stands and as the scenario has it: both worked out from the ledger as it was known then."""
    found: list[Mapping[str, Any]] = []
    laws = trials.laws_of(trial)
    for law in laws:
        bound = binding.with_entries(binding.workers([subject], on=trial.on, known_by=trial.known_by, terms=law.terms)[0])
        found.append(card_of(answer(law, bound, rule, on=trial.on), law, laws[0]))
    return found


def card_of(step: Step, law: Law, installed: Law) -> dict[str, Any]:
    """The card; clauses of documents that nobody has put in force have no page to be opened on. `changed`: the steps that stand on
    such a clause, with what it replaced."""
    issued = {(document.id, document.hash) for document in installed.documents}
    there = {document.id for document in law.documents if (document.id, document.hash) in issued}
    card = as_dict(step, law.terms)
    _unlink(card, there)
    card["changed"] = [face(one, law.terms) | {"replaced": _replaced(one, law)} for one in walk(step) if _new(one, there)]
    return card


def _new(step: Step, there: set[str]) -> bool:
    return step.definition is not None and step.definition.document.id not in there


def _replaced(step: Step, law: Law) -> dict[str, Any] | None:
    """What stood there before, with its clause."""
    return replaced_of(step.replaced[0], law.terms) if step.replaced else None


def _unlink(card: dict[str, Any], there: set[str]) -> None:
    for clause in (card["clause"], *card["replaced"]):
        if clause and clause["document"] not in there:
            clause["unlinked"] = True
    for one in card["inputs"]:
        _unlink(one, there)

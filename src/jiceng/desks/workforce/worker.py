"""One worker: every rule's answer with its mark, the facts behind them, and the entries that wrote the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access import reveals
from jiceng.access.actors import shown_actors
from jiceng.answers.card import face
from jiceng.answers.step import Step
from jiceng.base.dates import day_date
from jiceng.base.kinds import AnswerKind, kind_of
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.lists import LISTS
from jiceng.desks.workforce.showing import Line, line
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.attachments import KINDS
from jiceng.places import reading as places
from jiceng.runs.ask import ask_worker
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing
from jiceng.runs.seen import worker_seen
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import fact_text
from jiceng.ui.moment import Moment
from jiceng.ui.pages import moment_in, page, scope_in

# Kinds no form records: an identity comes with entering a person, the mark of its erasure with erasing it, documents are sent.
NOT_RECORDED = ("person", "erasure", KINDS["worker"])
DUE = {key: one for key, one in LISTS.items() if one.soon or one.urgent}
"""The lists of the workbench that a head line speaks of: days that come, and what must not wait."""


@dataclass(frozen=True)
class Group:
    """Answers under one clause."""

    mark: str
    title: str
    cards: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class FactLine:
    """One fact believed at the moment, with who recorded it."""

    id: int
    text: str
    since: Any
    until: Any
    place: str
    actor: str
    known: Any
    entry: int
    event: bool


def row_in_scope(request: HttpRequest, subject: int, permission: str = "see") -> Standing:
    """The worker's row at the page's moment, if the account may see the place where the worker stands.

    Errors  those of `worker_seen`
    """
    scope, moment = scope_in(request), moment_in(request)
    return worker_seen(scope, subject, on=moment.on, known_by=moment.known_by, today=moment.today, permission=permission)


def permissions(request: HttpRequest, place: int) -> dict[str, bool]:
    """What the account may do there, for the pages to offer."""
    scope = scope_in(request)
    return {name: scope.may(name, place) for name in ("see_names", "record", "correct", "reveal", "undo")}


@dataclass(frozen=True)
class Due:
    """A day that comes, or something that must not wait: by the workbench's lists, from the worker's row."""

    title: str
    day: date | None
    rule: str
    urgent: bool


def due_of(found: Standing, law: Law) -> list[Due]:
    """What comes next for a worker, the earliest first; what must not wait before it."""
    dues = []
    for one in DUE.values():
        answer = found.answers.get(one.rule)
        if answer is None or kind_of(answer) != AnswerKind.value:
            continue
        if one.urgent and answer == one.equals:
            dues.append(Due(one.title, None, one.rule, True))
        elif one.soon:
            dues.append(Due(law.titles[one.rule], day_date(answer), one.rule, False))
    return sorted(dues, key=lambda due: (not due.urgent, due.day or date.min))


def head_context(request: HttpRequest, found: Standing) -> dict[str, Any]:
    """What the head of every page of a worker shows."""
    law = installed_law()
    head = head_of(request, found, terms=law.terms)
    return {"subject": found.subject, "head": head, "may": permissions(request, found.place), "dues": due_of(found, law)}


def head_of(request: HttpRequest, found: Standing, *, terms: Terms) -> Line:
    """The worker's head line, the name as this account may see it."""
    names = places.full_names([found.place], on=moment_in(request).on)
    return line(found, scope=scope_in(request), terms=terms, names=names)


@page("see")
def worker_page(request: HttpRequest, subject: int) -> HttpResponse:
    """Every rule's answer about one worker at the moment."""
    moment, law = moment_in(request), installed_law()
    found = row_in_scope(request, subject)
    steps = ask_worker(subject, on=moment.on, known_by=moment.known_by)
    groups, aside = grouped(steps, law)
    context = head_context(request, found) | {
        "tab": "answers",
        "groups": groups,
        "aside": aside,
        "reveal_form": RevealForm(),
        "recordable": recordable(law.terms),
    }
    return render(request, "workforce/worker.html", context)


@page("see")
def facts_page(request: HttpRequest, subject: int) -> HttpResponse:
    """What the ledger believes about the worker at the moment, by kind."""
    moment, law = moment_in(request), installed_law()
    found = row_in_scope(request, subject)
    context = head_context(request, found) | {
        "tab": "facts",
        "kinds": facts_by_kind(subject, moment, law.terms),
        "recordable": recordable(law.terms),
    }
    return render(request, "workforce/facts.html", context)


def grouped(steps: Mapping[str, Step], law: Law) -> tuple[list[Group], list[dict[str, Any]]]:
    """Answers by clause, the widest document first, in the order of its clauses; apart from them those that do not apply."""
    groups: dict[tuple[int, str, str], list[dict[str, Any]]] = {}
    titles: dict[tuple[int, str, str], str] = {}
    aside = []
    for step in steps.values():
        if step.kind == AnswerKind.no_rule or step.definition is None:
            continue
        card = face(step, law.terms)
        if step.kind == AnswerKind.not_applicable:
            aside.append(card)
            continue
        key = (step.definition.document.jurisdiction, step.definition.document.id, step.definition.clause)
        groups.setdefault(key, []).append(card)
        clause = step.definition.document.clause(step.definition.clause)
        titles[key] = clause.title if clause else ""
    ordered = sorted(groups, key=lambda key: (*key[:2], _clause_order(key[2])))
    return [Group(groups[key][0]["clause"]["mark"], titles[key], tuple(groups[key])) for key in ordered], aside


def _clause_order(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdigit() else (10_000, number)


def facts_by_kind(subject: int, moment: Moment, terms: Terms) -> list[tuple[Kind, list[FactLine]]]:
    """Facts believed at the moment, newest first, by kind in the order of the registry."""
    rows = reading.history([subject], on=moment.on, known_by=moment.known_by)
    entries = reading.entries_by_id({fact.entry for fact in rows})
    actors = shown_actors(entry.actor for entry in entries.values())
    names = places.full_names({fact.place for fact in rows if fact.place}, on=moment.on)
    lines: dict[str, list[FactLine]] = {}
    for fact in sorted(rows, key=lambda fact: (fact.since, fact.id), reverse=True):
        kind = terms.kinds.get(fact.kind)
        if kind is None:
            continue
        entry = entries.get(fact.entry)
        lines.setdefault(kind.id, []).append(
            FactLine(
                fact.id,
                fact_text(kind, fact.data, terms),
                fact.since,
                fact.until,
                names.get(fact.place or 0, ""),
                actors[entry.actor] if entry else "",
                fact.known,
                fact.entry,
                kind.cardinality == "event",
            )
        )
    # Documents have a page of their own.
    kinds = [kind for kind in terms.kinds.values() if kind.of == "worker" and kind.id != KINDS["worker"]]
    wanted = sorted(kinds, key=lambda kind: kind.number)
    return [(kind, lines.get(kind.id, [])) for kind in wanted]


def recordable(terms: Terms) -> list[Kind]:
    """Kinds of fact about workers that a form records, in the order of the registry."""
    kinds = [kind for kind in terms.kinds.values() if kind.of == "worker" and kind.id not in (*NOT_RECORDED, "complete")]
    return sorted(kinds, key=lambda kind: kind.number)


class RevealForm(forms.Form):
    """Why somebody needs to see the sealed fields."""

    reason = forms.CharField(
        label="查看事由", min_length=reveals.SHORTEST_REASON, max_length=300, help_text="至少四个字，写明办理什么；记入查看日志，管理员可查"
    )


@page("reveal")
def reveal_page(request: HttpRequest, subject: int) -> HttpResponse:
    """Shows the sealed fields once, after the log says who asked and why."""
    moment, terms, form = moment_in(request), installed_law().terms, RevealForm(request.POST)
    head = head_of(request, row_in_scope(request, subject, "reveal"), terms=terms)
    if request.method != "POST" or not form.is_valid():
        raise Refusal("access.reason", "没有写查看事由", why="每次查看都要记下为什么，至少四个字", do="请在人员页写明事由后再查看")
    shown = reveals.reveal(
        scope_in(request), subject, fields=list(reveals.sealed_fields()), reason=form.cleaned_data["reason"], today=moment.today
    )
    labels = {entry.id: entry.name for kind in terms.kinds.values() for entry in kind.fields.values() if entry.id in kind.seal}
    context = {"head": head, "subject": subject, "shown": {labels[field]: value for field, value in shown.items()}}
    answer = render(request, "workforce/revealed.html", context)
    # The one page that holds sealed data in plain is not to be kept by the browser.
    answer["Cache-Control"] = "no-store"
    return answer

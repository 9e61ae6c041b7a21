"""The people behind a figure of a kept run, and the card of one answer, as known when the run was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiceng.answers.answer import answer
from jiceng.answers.card import as_dict
from jiceng.answers.population import encoded
from jiceng.base.dates import day_date
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of, mark
from jiceng.base.refusals import Refusal
from jiceng.desks.policy.runs import only, place_asked
from jiceng.places import reading as places
from jiceng.reports.kept_runs import answer_text, people_named, run_seen, said_of
from jiceng.runs import binding, kept
from jiceng.runs.kept_difference import VALUES
from jiceng.runs.kept_rows import Rows
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import law_of
from jiceng.runs.models import KeptRun
from jiceng.terms.registry import Terms
from jiceng.ui.moment import Moment
from jiceng.ui.pages import PAGE_SIZE, moment_in, page, scope_in

_MANY, _FEWER = 9, 15
"""With so many answers a person fewer people fit on a page of sixty kilobytes."""


@dataclass(frozen=True)
class PersonLine:
    """Somebody in a run. `cells`: (title, text, look of an answer without a value, address of its card or nothing)."""

    subject: int
    name: str
    place: str
    cells: tuple[tuple[str, str, str, str], ...]


@page("see")
def people(request: HttpRequest, number: int) -> HttpResponse:
    """The people behind a figure of a run, each answer opening its card."""
    scope, run = scope_in(request), run_seen(scope_in(request), number)
    place, said, terms = place_asked(request, run), said_of(run), installed_law().terms
    rows = kept.rows_of(run).inside(place)
    if request.GET.get("own"):
        rows = only(rows, place, place)
    name, kind = request.GET.get("name", ""), request.GET.get("kind", "")
    if name in said and kind in AnswerKind.__members__:
        answers = rows.answers[name]
        rows = rows.part(answers > VALUES if kind == "value" else answers == mark(AnswerKind[kind]))
    else:
        name = kind = ""
    found = Paginator(range(len(rows)), PAGE_SIZE if len(said) < _MANY else _FEWER).get_page(request.GET.get("page", ""))
    shown = rows.part(np.array(found.object_list, np.int64))
    full = places.full_names({place, *shown.places.tolist()}, on=run.on, above=run.place)
    context = {
        "run": run, "place": place, "place_name": full.get(place, str(place)), "found": found, "people": len(rows),
        "title": said[name]["title"] if name else "", "kind": KIND_NAMES[AnswerKind[kind]] if kind else "",
        "headings": [one["title"] for one in said.values()],
        "lines": [
            PersonLine(subject, who, full.get(code, str(code)), tuple(_cells(run, shown, n, said, terms)))
            for n, (subject, code, who) in enumerate(
                zip(shown.subjects.tolist(), shown.places.tolist(), people_named(shown, scope), strict=True)
            )
        ],
    }  # fmt: skip
    return render(request, "policy/run_people.html", context)


def _cells(run: KeptRun, rows: Rows, n: int, said: Mapping[str, Any], terms: Terms) -> list[tuple[str, str, str, str]]:
    subject = int(rows.subjects[n])
    values = ((name, int(rows.answers[name][n]), one) for name, one in said.items())
    return [(one["title"], answer_text(value, one, terms), _look(value), card_href(run, subject, name)) for name, value, one in values]


def card_href(run: KeptRun, subject: int, name: str) -> str:
    """Where an answer of a run opens to what it was made of; of pay that is the cell of the sheet. Sums open to nothing more."""
    if name not in run.names or not name.isidentifier():
        return ""
    if run.kind == KeptRun.Kind.pay:
        return reverse("pay_cell", args=[run.place, run.on.replace(day=1), subject, name])
    return reverse("runs_card", args=[run.pk, subject, name])


def _look(value: int) -> str:
    kind = kind_of(value)
    return "" if kind is AnswerKind.value else f"k-{kind.name}"


@page("see")
def card(request: HttpRequest, number: int, subject: int, name: str) -> HttpResponse:
    """The answer card of one figure: of that person, rule and day, under the law and the knowledge of the run."""
    scope, run = scope_in(request), run_seen(scope_in(request), number)
    rows = kept.rows_of(run)
    at = np.flatnonzero(rows.subjects == subject)
    if not len(at) or name not in run.names or run.kind == KeptRun.Kind.pay:
        raise Refusal("runs.no_row", "这次计算里没有这一格", why="网址里的人员或规则不在这次计算里", do="请从计算的名单里点开数字")
    law, on = law_of(run.law_hash), day_date(int(rows.days[at[0]]))
    bound = binding.workers([subject], on=on, known_by=run.known_by, terms=law.terms)[0]
    step = answer(law, binding.with_entries(bound), name, on=on)
    row = rows.part(at)
    full = places.full_names(row.places.tolist(), on=on, above=run.place)
    place = int(row.places[0])
    context = {
        "card": as_dict(step, law.terms), "about": f"{people_named(row, scope)[0]}（{full.get(place, place)}）", "why_href": "",
        "moment": Moment(on, run.known_by, moment_in(request).today),
        "differs": "" if encoded(step) == row.answers[name][0] else answer_text(int(row.answers[name][0]), said_of(run)[name], law.terms),
    }  # fmt: skip
    return render(request, "policy/run_card_part.html" if request.headers.get("HX-Request") else "policy/run_card.html", context)

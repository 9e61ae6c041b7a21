"""A place: its figures with their marks, its recorded facts, and what lies below it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.answers.card import face
from jiceng.base.kinds import AnswerKind
from jiceng.desks.workforce.charts import breakdowns
from jiceng.desks.workforce.workbench import place_row
from jiceng.desks.workforce.worker import grouped, permissions
from jiceng.ledger import reading
from jiceng.ledger.attachments import KINDS
from jiceng.ledger.reading import FactRow
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.models import Place
from jiceng.runs.law import installed_law
from jiceng.runs.overview import overview
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.choices import PlaceChoice
from jiceng.ui.kind_forms import fact_text
from jiceng.ui.moment import Moment
from jiceng.ui.pages import moment_in, page, scope_in

RECORDABLE = ("population", "households", "place_attribute")
BY_POST = "post"


@page("see")
def home(request: HttpRequest) -> HttpResponse:
    """The account's place, or the list of its places; with a name typed, the places of that name inside."""
    scope, moment = scope_in(request), moment_in(request)
    own = scope.places_for("see")
    wanted = request.GET.get("q", "").strip()
    if len(own) == 1 and not wanted:
        return redirect("place", own[0])
    codes = [place.code for code in own for place in places.search(wanted, scope=code, on=moment.on, limit=50)] if wanted else own
    names = places.full_names(codes, on=moment.on)
    return render(request, "workforce/places.html", {"names": sorted(names.items()), "wanted": wanted})


@page("see")
def place_page(request: HttpRequest, code: int) -> HttpResponse:
    """One place at the moment: its figures, who works there, what is recorded of it, what lies below."""
    moment, law = moment_in(request), installed_law()
    here, choice = place_in_scope(request, code)
    seen = overview(code, on=moment.on, today=moment.today, known_by=moment.known_by, counted=())
    groups, aside = grouped(seen.steps, law)
    facts = reading.history([tree.subject_of(code)], on=moment.on, known_by=moment.known_by, terms=law.terms)
    with_people = {one.code for one in seen.lines}
    context = {
        "code": code,
        "here": here,
        "level": tree.LEVEL_NAMES[tree.level_of(code)],
        "choice": choice,
        "seen": seen,
        "groups": groups,
        "aside": aside,
        "partial": {name: face(step, law.terms) for name, step in seen.partial.items()},
        "posts": next((one for one in breakdowns(seen) if one.key == BY_POST), None),
        "rows": [place_row(one) for one in seen.lines],
        "without": [(below, name) for below, name in sorted(seen.below.items()) if below not in with_people],
        "believed": _believed(facts, law.terms, on=moment.on),
        "documents_number": sum(fact.kind == KINDS["place"] for fact in facts),
        "kinds": [law.terms.kinds[kind] for kind in RECORDABLE],
        "may": permissions(request, code),
        "documents": law.regime(code, moment.on).documents,
        "lacking": any(step.kind == AnswerKind.missing for step in seen.steps.values()),
    }
    return render(request, "workforce/place.html", context)


def place_in_scope(request: HttpRequest, code: int) -> tuple[Place, PlaceChoice]:
    """The place and the way down to it, in one statement; what lies below is read with the figures.

    Errors  Denied; Refusal place.unknown
    """
    scope, moment = scope_in(request), moment_in(request)
    scope.require("see", code, what=f"查看区划 {code}")
    above = [up for up in tree.ancestors(code) if scope.may("see", up)]
    rows = {row.code: row for row in _rows([*above, code], moment)}
    here = rows.get(code) or places.place(code, on=moment.on)
    return here, PlaceChoice(code, tuple((up, rows[up].name) for up in (*above, code) if up in rows), ())


def _rows(codes: list[int], moment: Moment) -> list[Place]:
    return list(places.on_day(moment.on).filter(code__in=codes).select_related("basis"))


def _believed(facts: list[FactRow], terms: Terms, *, on: date) -> list[tuple[FactRow, Kind, str]]:
    """What holds of a place on the day, in words; what held before is on its timeline, documents have a page of their own."""
    told = [(fact, terms.kinds.get(fact.kind)) for fact in facts if fact.kind != KINDS["place"] and fact.until > on]
    lines = [(fact, kind, fact_text(kind, fact.data, terms)) for fact, kind in told if kind is not None]
    return sorted(lines, key=lambda line: (line[1].number, -line[0].id))

"""A place: its figures with their marks, its recorded facts, and what lies below it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.base.kinds import AnswerKind
from jiceng.desks.workforce.choices import place_choice
from jiceng.desks.workforce.worker import grouped
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import reading as kept
from jiceng.runs.ask import ask_place
from jiceng.runs.law import installed_law
from jiceng.ui.pages import moment_in, page, scope_in

RECORDABLE = ("population", "households", "place_attribute")


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
    """One place at the moment."""
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    choice = place_choice(scope, code, on=moment.on)
    here = places.place(code, on=moment.on)
    steps = ask_place(code, on=moment.on, today=moment.today, known_by=moment.known_by)
    groups, aside = grouped(steps, law)
    acts = kept.acts_about(tree.subject_of(code, tree.level_of(code)), known_by=moment.known_by, terms=law.terms)
    believed = [(fact, act) for act in acts for fact in act.wrote if fact.believed]
    context = {
        "code": code,
        "here": here,
        "level": tree.LEVEL_NAMES[tree.level_of(code)],
        "choice": choice,
        "groups": groups,
        "aside": aside,
        "acts": acts,
        "believed": sorted(believed, key=lambda pair: pair[0].since, reverse=True),
        "kinds": [law.terms.kinds[kind] for kind in RECORDABLE],
        "may": {name: scope.may(name, code) for name in ("record", "correct", "undo")},
        "documents": law.regime(code, moment.on).documents,
        "lacking": any(step.kind == AnswerKind.missing for step in steps.values()),
    }
    return render(request, "workforce/place.html", context)

"""A new run from the page: which rules, which place; the day and the knowledge are those of the page's bar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.desks.policy.runs import AT_ONCE, too_many
from jiceng.law.load import Law
from jiceng.places import tree
from jiceng.rules.types import HISTORIES
from jiceng.runs import kept
from jiceng.runs.kept_answers import placed
from jiceng.runs.law import installed_law
from jiceng.ui.choices import place_choice
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

_MONEY = "Yuan"


@page("simulate")
def new(request: HttpRequest) -> HttpResponse:
    """Choose rules and give a name; what comes out is kept.

    Errors  Denied; Refusal runs.no_names, runs.name, runs.many
    """
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("place", "")
    code = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0
    choice = place_choice(scope, code, on=moment.on, permission="simulate")
    if request.method == "POST" and choice.chosen:
        names, name = kept.asked(law, given.getlist("rule")), kept.checked_name(given.get("name", ""))
        people = len(placed(choice.chosen, on=moment.on, known_by=moment.known_by, law=law))
        if people > AT_ONCE:
            raise too_many(f"jiceng run {' '.join(names)} --place {choice.chosen} --on {moment.on} --keep {name}", people)
        identity = kept.identified(names, place=choice.chosen, on=moment.on, known_by=moment.known_by, clock=clock, law=law)
        run = kept.keep(kept.calculated(identity), identity, name=name, actor=actor_of(request), clock=clock)
        messages.success(request, f"已算完并保存：{run.people:,} 人。")
        return redirect("runs_run", run.pk)
    groups = _offered(law, choice.chosen, moment.on) if choice.chosen else []
    return render(request, "policy/run_new.html", {"choice": choice, "groups": groups, "at_once": AT_ONCE})


def _offered(law: Law, place: int, on: date) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Worker rules in force at a place, and at any jurisdiction inside it, whose answers are numbers; those of money first."""
    inside = [place, *(code for code in law.jurisdictions() if code and tree.contains(place, code))]
    names = dict.fromkeys(name for code in inside for name in law.answered(law.regime(code, on), "worker"))
    single = [name for name in names if law.types[name].name not in ("Table", "Bands", *HISTORIES)]
    money = [(name, law.titles[name]) for name in single if law.types[name].name == _MONEY]
    others = [(name, law.titles[name]) for name in single if law.types[name].name != _MONEY]
    return [(title, found) for title, found in (("金额", money), ("其他", others)) if found]

"""The answer card and the 凭什么 page, for workers and places alike."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiceng.answers.card import as_dict
from jiceng.answers.step import Step
from jiceng.desks.workforce.list_columns import ANSWER
from jiceng.desks.workforce.worker import head_of, row_in_scope
from jiceng.places import reading as places
from jiceng.runs.ask import ask_place, ask_worker
from jiceng.runs.law import installed_law
from jiceng.ui.pages import moment_in, page, scope_in
from jiceng.ui.reasons import reasons


def _worker_step(request: HttpRequest, subject: int, rule: str) -> tuple[Step, str]:
    """The step and whom it is about."""
    moment = moment_in(request)
    head = head_of(request, row_in_scope(request, subject), terms=installed_law().terms)
    step = ask_worker(subject, on=moment.on, known_by=moment.known_by, rule=rule)[rule]
    return step, f"{head.name}（{head.place_name}）"


def _place_step(request: HttpRequest, code: int, rule: str) -> tuple[Step, str]:
    moment = moment_in(request)
    scope_in(request).require("see", code, what=f"查看区划 {code} 的答案")
    # Over the counties that have told their figure, where somebody opens a figure that says so.
    steps = ask_place(code, on=moment.on, today=moment.today, known_by=moment.known_by, rule=rule, partial="told" in request.GET)
    step = steps[rule]
    return step, places.full_name(code, on=moment.on)


def _card(request: HttpRequest, step: Step, about: str, why_href: str, *, place: int = 0) -> HttpResponse:
    card = as_dict(step, installed_law().terms)
    _with_members(card, step, place)
    context: dict[str, Any] = {"card": card, "about": about, "why_href": why_href}
    template = "ui/panel_card.html" if request.headers.get("HX-Request") else "ui/card_page.html"
    return render(request, template, context)


def _with_members(card: dict[str, Any], step: Step, place: int) -> None:
    """Beside every sum over people in a place's card, the list of these people with what each gives to it."""
    rule = step.definition.rule if step.source == "total" and step.definition else None
    if rule and place and step.value is not None:
        query = urlencode({"place": place, "cols": f"place,post,cls,{ANSWER}{rule.total}", "sort": f"-{rule.total}"})
        card["members"] = f"{reverse('roster')}?{query}"
    for inner, one in zip(card["inputs"], step.inputs, strict=True):
        _with_members(inner, one, place)


def _why(request: HttpRequest, step: Step, about: str, back: str) -> HttpResponse:
    terms = installed_law().terms
    context = {"card": as_dict(step, terms), "about": about, "back": back, "reasons": reasons(step, terms), "source": step.definition}
    return render(request, "ui/why.html", context)


@page("see")
def worker_card(request: HttpRequest, subject: int, rule: str) -> HttpResponse:
    step, about = _worker_step(request, subject, rule)
    return _card(request, step, about, reverse("roster_why", args=[subject, rule]))


@page("see")
def worker_why(request: HttpRequest, subject: int, rule: str) -> HttpResponse:
    step, about = _worker_step(request, subject, rule)
    return _why(request, step, about, reverse("roster_worker", args=[subject]))


@page("see")
def place_card(request: HttpRequest, code: int, rule: str) -> HttpResponse:
    step, about = _place_step(request, code, rule)
    told = "?told=1" if "told" in request.GET else ""
    # A sum over some of the counties is no list of the whole place.
    return _card(request, step, about, reverse("place_why", args=[code, rule]) + told, place=0 if told else code)


@page("see")
def place_why(request: HttpRequest, code: int, rule: str) -> HttpResponse:
    step, about = _place_step(request, code, rule)
    return _why(request, step, about, reverse("place", args=[code]))

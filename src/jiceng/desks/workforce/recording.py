"""Recording and correcting a place's population and households, with source and year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.facts import Asked, NeverForm, tried
from jiceng.ledger.books import book_of
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs.commit import Correct, Record, commit
from jiceng.runs.law import installed_law
from jiceng.runs.seen import fact_seen
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import FactForm, fact_text, initial_of
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in


def place_kind(kind: str, terms: Terms) -> Kind:
    """A kind of fact of places.

    Errors  Refusal fact.kind
    """
    shape = terms.kinds.get(kind)
    if shape is None or shape.of != "place":
        raise Refusal("fact.kind", f"没有可在此登记的事实种类“{kind}”", why="种类有误，或不由这张表登记", do="请从地方页选择")
    return shape


@page("record")
def place_record(request: HttpRequest, code: int, kind: str) -> HttpResponse:
    """Record a figure of a place."""
    scope_in(request).require("record", code, what=f"登记区划 {code} 的事实")
    terms = installed_law().terms
    shape = place_kind(kind, terms)
    form = FactForm(shape, terms, request.POST or None, initial={"since": moment_in(request).on})
    asked = None
    if request.method == "POST" and form.is_valid():
        data = form.fields_of(sealed=False)
        change = Record(tree.subject_of(code, tree.level_of(code)), kind, form.cleaned_data["since"], form.cleaned_data.get("until"), data)
        asked = Asked((change,), "record", form.cleaned_data["basis"], form.cleaned_data["why"], "（没有）", fact_text(shape, data, terms))
    return _form_or_act(request, form, asked, code=code, kind=shape, heading=f"登记{shape.name}")


@page("correct")
def place_correct(request: HttpRequest, code: int, fact: int) -> HttpResponse:
    """Correct a figure of a place, or say that it never held."""
    scope_in(request).require("correct", code, what=f"更正区划 {code} 的事实")
    terms = installed_law().terms
    old = fact_seen(fact, tree.subject_of(code, tree.level_of(code)))
    shape = place_kind(old.kind, terms)
    never = request.POST.get("how") == "never"
    first = initial_of(shape, old.data, since=old.since, until=old.until)
    form = NeverForm(request.POST) if never else FactForm(shape, terms, request.POST or None, initial=first)
    was = f"{fact_text(shape, old.data, terms)}（{old.since.isoformat()} 起）"
    asked = None
    if request.method == "POST" and form.is_valid():
        basis, why = form.cleaned_data["basis"], form.cleaned_data["why"]
        if isinstance(form, FactForm):
            data = form.fields_of(sealed=False)
            since = form.cleaned_data["since"]
            change = Correct(old.id, since, form.cleaned_data.get("until"), data)
            asked = Asked((change,), "correct", basis, why, was, f"{fact_text(shape, data, terms)}（{since.isoformat()} 起）")
        else:
            asked = Asked((Correct(old.id, None, None, None),), "correct", basis, why, was, "从未如此（不再采信）")
    return _form_or_act(request, form, asked, code=code, kind=shape, heading=f"更正{shape.name}", was=was, correcting=True)


def _form_or_act(
    request: HttpRequest, form: Any, asked: Asked | None, *, code: int, kind: Kind, heading: str, was: str = "", correcting: bool = False
) -> HttpResponse:
    moment, terms = moment_in(request), installed_law().terms
    name = places.full_name(code, on=moment.on)
    context: dict[str, Any] = {"form": form, "heading": heading, "kind": kind, "was": was, "head": {"name": name}}
    context |= {"correcting": correcting, "never": isinstance(form, NeverForm), "back": reverse("place", args=[code])}
    if asked is None or request.POST.get("back") == "yes":
        return render(request, "workforce/fact_form.html", context, status=422 if form.errors else 200)
    if request.POST.get("confirmed") == "yes":
        entry = commit(
            book_of(code).id, asked.changes, actor=actor_of(request), act=asked.act, basis=asked.basis, why=asked.why, clock=clock
        )
        messages.success(request, f"已{heading}，记为{entry}。有误可以撤销。")
        return redirect("place", code)
    subject = tree.subject_of(code, tree.level_of(code))
    try:
        differences = tried(request, asked, subject=subject, place=code, on=moment.on, terms=terms)
    except Refusal as refusal:
        form.add_error(None, refusal.text)
        return render(request, "workforce/fact_form.html", context, status=422)
    context |= {"asked": asked, "posted": request.POST.items(), "differences": differences}
    return render(request, "workforce/fact_confirm.html", context)

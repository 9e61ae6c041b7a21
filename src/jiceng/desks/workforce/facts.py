"""Recording and correcting one fact of a worker: a form from the registry, a look at what will change, then the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.choices import place_choice
from jiceng.desks.workforce.sealed import corrections, merged, sealed_form, shown, typed
from jiceng.desks.workforce.worker import NOT_RECORDED, head_of, row_in_scope
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs.commit import Change, Correct, Record, commit
from jiceng.runs.law import installed_law
from jiceng.runs.reading import Difference, trial
from jiceng.runs.seen import fact_seen
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import FactForm, fact_text, initial_of
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in


class NeverForm(forms.Form):
    """The fact never held: only basis and reason are asked."""

    basis = forms.CharField(label="依据", max_length=300)
    why = forms.CharField(label="理由", max_length=300)


@dataclass(frozen=True)
class Asked:
    """A change ready to be tried and made."""

    changes: Sequence[Change]
    act: str
    basis: str
    why: str
    was: str
    becomes: str


@page("record")
def record_page(request: HttpRequest, subject: int, kind: str) -> HttpResponse:
    """Record a fact of one kind about a worker."""
    terms = installed_law().terms
    found = row_in_scope(request, subject, "record")
    shape = _kind(kind, terms, barred=NOT_RECORDED)
    form = FactForm(shape, terms, request.POST or None, initial={"since": moment_in(request).on}, reveal=bool(shape.seal))
    if shape.seal:
        sealed_form(form, correcting=False)
    if shape.placed:
        _add_place(request, form, found.place)
    asked = None
    if request.method == "POST" and form.is_valid():
        data = form.fields_of(sealed=False)
        until = form.cleaned_data.get("until")
        change = Record(subject, kind, form.cleaned_data["since"], until, data, place=_place(request, form, shape, found.place))
        begins = "" if shape.cardinality == "event" else " 起"
        becomes = f"{fact_text(shape, data, terms)}（{change.since.isoformat()}{begins}）"
        if shape.seal:
            new = typed(form)
            change, becomes = replace(change, sealed=merged(_latest(subject, kind), new)), shown(shape, new)
        if form.is_valid():
            asked = Asked((change,), "record", form.cleaned_data["basis"], form.cleaned_data["why"], "（没有）", becomes)
    return _form_or_act(request, form, asked, subject=subject, place=found.place, heading=f"登记{shape.name}", kind=shape)


@page("correct")
def correct_page(request: HttpRequest, subject: int, fact: int) -> HttpResponse:
    """Correct a fact: other contents, another period, or it never held."""
    terms = installed_law().terms
    found = row_in_scope(request, subject, "correct")
    old = fact_seen(fact, subject)
    shape = _kind(old.kind, terms)
    never = request.POST.get("how") == "never" and shape.id != "person"
    if never:
        form: forms.Form = NeverForm(request.POST)
    else:
        first = initial_of(shape, old.data, since=old.since, until=old.until)
        form = FactForm(shape, terms, request.POST or None, initial=first, reveal=bool(shape.seal))
        if shape.seal:
            sealed_form(form, correcting=True)
        if shape.placed:
            _add_place(request, form, old.place or found.place)
    asked = None
    was = f"{fact_text(shape, old.data, terms)}（{old.since.isoformat()} 起）"
    if request.method == "POST" and form.is_valid():
        asked = _correction(request, form, shape, old, was, terms, never=never)
        if not form.is_valid():
            asked = None
    return _form_or_act(
        request, form, asked, subject=subject, place=found.place, heading=f"更正{shape.name}", kind=shape, was=was, correcting=True
    )


def _correction(
    request: HttpRequest, form: forms.Form, shape: Kind, old: FactRow, was: str, terms: Terms, *, never: bool
) -> Asked:  # fmt: skip
    basis, why = form.cleaned_data["basis"], form.cleaned_data["why"]
    if never or not isinstance(form, FactForm):
        return Asked((Correct(old.id, None, None, None),), "correct", basis, why, was, "从未如此（不再采信）")
    if shape.seal:
        new = typed(form)
        changes = corrections(old, new) if form.is_valid() else ()
        return Asked(changes, "correct", basis, why, was, f"{shown(shape, new)}；其余不变")
    data = form.fields_of(sealed=False)
    since, until = form.cleaned_data["since"], form.cleaned_data.get("until")
    change = Correct(old.id, since, until, data, place=_place(request, form, shape, old.place or 0))
    return Asked((change,), "correct", basis, why, was, f"{fact_text(shape, data, terms)}（{since.isoformat()} 起）")


def _kind(kind: str, terms: Terms, *, barred: tuple[str, ...] = ()) -> Kind:
    shape = terms.kinds.get(kind)
    if shape is None or shape.of != "worker" or kind in barred:
        raise Refusal("fact.kind", f"没有可在此登记的事实种类“{kind}”", why="种类有误，或不由这张表登记", do="请从人员页选择")
    return shape


def _latest(subject: int, kind: str) -> FactRow | None:
    """The latest believed fact of a kind."""
    return max(reading.history([subject], on=date.max, kinds=(kind,)), key=lambda fact: (fact.since, fact.id), default=None)


def _add_place(request: HttpRequest, form: forms.Form, place: int) -> None:
    """The place of a placed fact: where it stands now, and the places around it."""
    choice = place_choice(scope_in(request), tree.parent_of(place) if place else 0, on=moment_in(request).on, permission="record")
    options = dict(choice.options)
    form.fields["place"] = forms.ChoiceField(label="地方", choices=list(options.items()), initial=str(place))
    form.order_fields(["place"])


def _place(request: HttpRequest, form: forms.Form, shape: Kind, place: int) -> int | None:
    if not shape.placed:
        return None
    chosen = int(form.cleaned_data.get("place") or place)
    scope_in(request).require("record", chosen, what="把任职登记到该地方")
    return chosen


def _form_or_act(
    request: HttpRequest, form: Any, asked: Asked | None, *, subject: int, place: int, heading: str, kind: Kind, was: str = "",
    correcting: bool = False,
) -> HttpResponse:  # fmt: skip
    """Shows the form; once it is filled, what would change; once that is confirmed, does it."""
    moment, terms = moment_in(request), installed_law().terms
    head = head_of(request, row_in_scope(request, subject), terms=terms)
    context: dict[str, Any] = {"form": form, "heading": heading, "kind": kind, "was": was, "head": head, "subject": subject}
    context |= {"correcting": correcting, "never": isinstance(form, NeverForm)}
    if asked is None or request.POST.get("back") == "yes":
        return render(request, "workforce/fact_form.html", context, status=422 if form.errors else 200)
    if request.POST.get("confirmed") == "yes":
        entry = commit(
            book_of(place).id, asked.changes, actor=actor_of(request), act=asked.act, basis=asked.basis, why=asked.why, clock=clock
        )
        messages.success(request, f"已{heading}，记为{entry}。有误可以撤销。")
        return redirect("roster_facts", subject)
    try:
        differences = tried(request, asked, subject=subject, place=place, on=moment.on, terms=terms)
    except Refusal as refusal:
        form.add_error(None, refusal.text)
        return render(request, "workforce/fact_form.html", context, status=422)
    context |= {"asked": asked, "differences": differences, "posted": request.POST.items()}
    return render(request, "workforce/fact_confirm.html", context)


def tried(request: HttpRequest, asked: Asked, *, subject: int, place: int, on: date, terms: Terms) -> list[Difference]:
    """Which answers would come out otherwise; refusals of the ledger come up here already, before anything is confirmed."""
    return trial(
        asked.changes, subject=subject, on=on, today=moment_in(request).today, actor=actor_of(request), clock=clock, terms=terms,
        book=book_of(place).id,
    )  # fmt: skip

"""Recording and correcting one fact of a worker: a form from the registry, a look at what will change, then the act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.acting import Asked, Desk, NeverForm, add_evidence, form_or_act
from jiceng.desks.workforce.sealed import corrections, merged, sealed_form, shown, typed
from jiceng.desks.workforce.worker import NOT_RECORDED, head_of, row_in_scope
from jiceng.ledger import reading
from jiceng.ledger.attachments import KINDS
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs import attaching
from jiceng.runs.commit import Correct, Record
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing
from jiceng.runs.seen import fact_seen
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.choices import place_choice
from jiceng.ui.kind_forms import FactForm, fact_text, initial_of
from jiceng.ui.pages import moment_in, page, scope_in


@page("record")
def record_page(request: HttpRequest, subject: int, kind: str) -> HttpResponse:
    """Record a fact of one kind about a worker."""
    terms = installed_law().terms
    found = row_in_scope(request, subject, "record")
    shape = _kind(kind, terms, barred=NOT_RECORDED)
    first = {"since": moment_in(request).on}
    form = FactForm(shape, terms, request.POST or None, request.FILES or None, initial=first, reveal=bool(shape.seal))
    if shape.seal:
        sealed_form(form, correcting=False)
    if shape.placed:
        _add_place(request, form, found.place)
    add_evidence(form)
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
            asked = Asked((change,), "record", form.cleaned_data["basis"], form.cleaned_data["why"], "（没有）", becomes, change.since)
    return form_or_act(request, _desk(request, found, f"登记{shape.name}", shape), form, asked)


@page("correct")
def correct_page(request: HttpRequest, subject: int, fact: int) -> HttpResponse:
    """Correct a fact: other contents, another period, or it never held."""
    terms = installed_law().terms
    found = row_in_scope(request, subject, "correct")
    old = fact_seen(fact, subject)
    shape = _kind(old.kind, terms)
    document = shape.id == KINDS["worker"]
    never = document or (request.POST.get("how") == "never" and shape.id != "person")
    if never:
        form: forms.Form = NeverForm(request.POST or None)
    else:
        first = initial_of(shape, old.data, since=old.since, until=old.until)
        form = FactForm(shape, terms, request.POST or None, request.FILES or None, initial=first, reveal=bool(shape.seal))
        if shape.seal:
            sealed_form(form, correcting=True)
        if shape.placed:
            _add_place(request, form, old.place or found.place)
    if not document:
        add_evidence(form)
    asked = None
    was = f"{fact_text(shape, old.data, terms)}（{_period(shape, old)}）"
    if document:
        was = document_name(scope_in(request), old, found.place)
    if request.method == "POST" and form.is_valid():
        asked = _correction(request, form, shape, old, was, terms, never=never)
        if not form.is_valid():
            asked = None
    heading = "撤下附件" if document else f"更正{shape.name}"
    return form_or_act(request, _desk(request, found, heading, shape, was=was, correcting=True), form, asked)


def document_name(scope: Scope, fact: FactRow, place: int) -> str:
    """What a document is called, for those who may see names there."""
    return attaching.shown([fact])[0].title if scope.may("see_names", place) else "附件"


def _period(shape: Kind, fact: FactRow) -> str:
    return fact.since.isoformat() if shape.cardinality == "event" else f"{fact.since.isoformat()} 起"


def _desk(request: HttpRequest, found: Standing, heading: str, shape: Kind, *, was: str = "", correcting: bool = False) -> Desk:
    head = head_of(request, found, terms=installed_law().terms)
    context = {"head": head, "subject": found.subject, "was": was, "correcting": correcting}
    back, done = reverse("roster_worker", args=[found.subject]), reverse("roster_facts", args=[found.subject])
    return Desk(found.subject, found.place, heading, shape, back, done, context)


def _correction(
    request: HttpRequest, form: forms.Form, shape: Kind, old: FactRow, was: str, terms: Terms, *, never: bool
) -> Asked:  # fmt: skip
    basis, why = form.cleaned_data["basis"], form.cleaned_data["why"]
    if never or not isinstance(form, FactForm):
        gone = "撤下（不再采信）" if shape.id == KINDS["worker"] else "从未如此（不再采信）"
        return Asked((Correct(old.id, None, None, None),), "correct", basis, why, was, gone, old.since, old.id)
    if shape.seal:
        new = typed(form)
        changes = corrections(old, new) if form.is_valid() else ()
        return Asked(changes, "correct", basis, why, was, f"{shown(shape, new)}；其余不变", old.since)
    data = form.fields_of(sealed=False)
    since, until = form.cleaned_data["since"], form.cleaned_data.get("until")
    change = Correct(old.id, since, until, data, place=_place(request, form, shape, old.place or 0))
    becomes = f"{fact_text(shape, data, terms)}（{since.isoformat()}{'' if shape.cardinality == 'event' else ' 起'}）"
    return Asked((change,), "correct", basis, why, was, becomes, since)


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

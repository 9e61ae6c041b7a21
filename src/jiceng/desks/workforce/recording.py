"""Recording and correcting a place's population and households, with source and year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.acting import Asked, Desk, NeverForm, add_evidence, form_or_act
from jiceng.desks.workforce.facts import document_name
from jiceng.ledger.attachments import KINDS
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs.commit import Correct, Record
from jiceng.runs.law import installed_law
from jiceng.runs.seen import fact_seen
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import FactForm, fact_text, initial_of
from jiceng.ui.pages import moment_in, page, scope_in


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
    if shape.seal:
        raise Refusal("fact.kind", f"“{shape.name}”不由这张表登记", why="附件从“附加文件”上传", do="请从地方页选择")
    form = FactForm(shape, terms, request.POST or None, request.FILES or None, initial={"since": moment_in(request).on})
    add_evidence(form)
    asked = None
    if request.method == "POST" and form.is_valid():
        data = form.fields_of(sealed=False)
        since = form.cleaned_data["since"]
        change = Record(tree.subject_of(code), kind, since, form.cleaned_data.get("until"), data)
        becomes = f"{fact_text(shape, data, terms)}（{since.isoformat()} 起）"
        asked = Asked((change,), "record", form.cleaned_data["basis"], form.cleaned_data["why"], "（没有）", becomes, since)
    return form_or_act(request, _desk(request, code, f"登记{shape.name}", shape), form, asked)


@page("correct")
def place_correct(request: HttpRequest, code: int, fact: int) -> HttpResponse:
    """Correct a figure of a place, or say that it never held."""
    scope_in(request).require("correct", code, what=f"更正区划 {code} 的事实")
    terms = installed_law().terms
    old = fact_seen(fact, tree.subject_of(code))
    shape = place_kind(old.kind, terms)
    document = shape.id == KINDS["place"]
    first = initial_of(shape, old.data, since=old.since, until=old.until)
    if document or request.POST.get("how") == "never":
        form: NeverForm | FactForm = NeverForm(request.POST or None)
    else:
        form = FactForm(shape, terms, request.POST or None, request.FILES or None, initial=first)
        add_evidence(form)
    was = document_name(scope_in(request), old, code) if document else f"{fact_text(shape, old.data, terms)}（{old.since.isoformat()} 起）"
    asked = None
    if request.method == "POST" and form.is_valid():
        basis, why = form.cleaned_data["basis"], form.cleaned_data["why"]
        if isinstance(form, FactForm):
            data = form.fields_of(sealed=False)
            since = form.cleaned_data["since"]
            change = Correct(old.id, since, form.cleaned_data.get("until"), data)
            asked = Asked((change,), "correct", basis, why, was, f"{fact_text(shape, data, terms)}（{since.isoformat()} 起）", since)
        else:
            gone = "撤下（不再采信）" if document else "从未如此（不再采信）"
            asked = Asked((Correct(old.id, None, None, None),), "correct", basis, why, was, gone, old.since, old.id)
    heading = "撤下附件" if document else f"更正{shape.name}"
    return form_or_act(request, _desk(request, code, heading, shape, was=was, correcting=True), form, asked)


def _desk(request: HttpRequest, code: int, heading: str, shape: Kind, *, was: str = "", correcting: bool = False) -> Desk:
    context = {"head": {"name": places.full_name(code, on=moment_in(request).on)}, "was": was, "correcting": correcting}
    back = reverse("place", args=[code])
    return Desk(tree.subject_of(code), code, heading, shape, back, back, context)

"""The law page: documents, clauses sentence by sentence, values by date, rules, worked cases, coverage, and adoption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.answers.cases import CaseResult
from jiceng.base.refusals import Refusal
from jiceng.desks.office.cases import case_results
from jiceng.desks.office.clauses import asked_by, lines_of
from jiceng.desks.office.texts import beside
from jiceng.desks.office.values import dated_texts
from jiceng.law.coverage import coverage
from jiceng.law.layers import Law
from jiceng.law.model import DISPOSITIONS, TRUSTS, Document
from jiceng.law.payform import GROUPS, PERSON_FIELDS, TOTALS
from jiceng.places import reading as places
from jiceng.places.tree import NATION, NOWHERE, contains
from jiceng.runs.adopting import adopt as record_adoption
from jiceng.runs.contradictions import findings_of
from jiceng.runs.law import installed_law, refused_law
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

TABS = {"clauses": "条款", "rules": "规则", "values": "数值", "cases": "算例", "notices": "提示"}


class AdoptForm(forms.Form):
    """A named office says that it compared the text with its own paper."""

    office = forms.CharField(label="确认单位", max_length=120, help_text="对照过纸质文件的单位全称")
    basis = forms.CharField(label="依据", max_length=300, help_text="对照的纸质文件：文号、页数、存放处")
    why = forms.CharField(label="理由", max_length=300)


@page("see")
def law_list(request: HttpRequest) -> HttpResponse:
    """Every document loaded here, from the nation down."""
    law, moment = installed_law(), moment_in(request)
    names = places.full_names({d.jurisdiction for d in law.documents if d.jurisdiction}, on=moment.on)
    documents = sorted(law.documents, key=lambda d: (len(str(d.jurisdiction)) if d.jurisdiction else 0, d.jurisdiction, d.in_force))
    rows = [
        (d, place_of(d, names), TRUSTS[d.trust], d.in_force <= moment.on and (d.until is None or moment.on < d.until)) for d in documents
    ]
    return render(request, "office/law_list.html", {"rows": rows, "law": law, "refused": refused_law()})


def place_of(document: Document, names: Mapping[int, str]) -> str:
    """Where a document applies; a place that this site has not loaded is told by its code, never taken for the nation."""
    code = document.jurisdiction
    if code == NATION:
        return "全国"
    if contains(NOWHERE, code):
        return f"地方未指明（代用区划 {code}）"
    return names.get(code, f"区划 {code}（本机没有装入）")


@page("see")
def law_page(request: HttpRequest, document: str) -> HttpResponse:
    """One document."""
    law = installed_law()
    found = law.document(document)
    tab = request.GET.get("tab", "clauses")
    tabs = {**TABS, **({"pay": "工资表"} if found.pay else {})}
    if tab not in tabs:
        raise Refusal("page.not_found", "没有这一页", why="网址有误，或这一页已经换了地址", do="请从法规页进入")
    counts = coverage(found)
    context: dict[str, Any] = {
        "document": found,
        "tab": tab,
        "tabs": tabs,
        "trust": TRUSTS[found.trust],
        "counts": [(DISPOSITIONS[key], n) for key, n in counts.items()],
        "sentences": sum(counts.values()),
        "place": place_of(found, places.names_of([found.jurisdiction], on=moment_in(request).on)),
        "may_adopt": bool(scope_in(request).places_for("adopt_law")),
        "against": findings_of(found.id),
    }
    context |= {"clauses": _clauses, "rules": _rules, "values": _values, "cases": _cases, "notices": _notices, "pay": _pay}[tab](law, found)
    if tab == "clauses":
        context |= beside(request, law, found)
    return render(request, "office/law.html", context)


def _clauses(law: Law, document: Document) -> dict[str, Any]:
    """Sentences with the rules and values that carry them."""
    rules = {rule.id for rule in document.rules}
    shown = []
    for clause in document.clauses:
        sentences = [
            (one, DISPOSITIONS[one.disposition], [(point, law.titles.get(point, point), point in rules) for point in one.points])
            for one in clause.sentences
        ]
        shown.append((clause, sentences))
    return {"clauses": shown}


def _rules(law: Law, document: Document) -> dict[str, Any]:
    return {"rules": [(rule, [one.title for one in asked_by(law, rule)]) for rule in document.rules]}


def _values(law: Law, document: Document) -> dict[str, Any]:
    return {"values": [(value, law.titles.get(value.name, value.name), dated_texts(law, value)) for value in document.values]}


def _cases(law: Law, document: Document) -> dict[str, Any]:
    results = case_results(law, document)
    by_case: dict[int, list[CaseResult]] = {}
    for result in results:
        by_case.setdefault(result.case.number, []).append(result)
    return {"cases": list(by_case.values()), "right": sum(result.right for result in results), "total": len(results)}


def _pay(law: Law, document: Document) -> dict[str, Any]:
    """The pay sheet that the folder declares, in words."""
    form = document.pay
    assert form is not None
    lines = [(one, GROUPS[one.group], law.titles[one.rule]) for one in form.lines]
    titles = {**law.titles, **form.totals, **PERSON_FIELDS, **{one.rule: one.title for one in form.lines}}
    checks = [
        (one, titles[one.of], *(titles.get(name, "") for name in (one.least, one.most, one.average_by, one.only))) for one in form.checks
    ]
    books = [
        (name, [(one.title, titles[one.take] if one.take else f"每行写“{one.text}”") for one in columns])
        for name, columns in (("银行代发表", form.bank), ("社保缴费表", form.insurance)) if columns
    ]  # fmt: skip
    shown: dict[str, Any] = {"form": form, "lines": lines, "checks": checks, "books": books}
    return shown | {"totals": [form.totals[id] for id in TOTALS], "readings": [titles[name] for name in form.readings]}


def _notices(law: Law, document: Document) -> dict[str, Any]:
    return {"notices": [notice for notice in law.notices if notice.path.startswith(document.id)]}


@page("see")
def rule_panel(request: HttpRequest, name: str) -> HttpResponse:
    """The definition of a name in force at a place on the moment's day."""
    law, moment = installed_law(), moment_in(request)
    asked = request.GET.get("place", "")
    code = int(asked) if asked.isascii() and asked.isdigit() else 0
    definition = law.regime(code, moment.on).definitions.get(name)
    if definition is None:
        raise Refusal("law.no_rule", f"{moment.on_text}在此地没有关于“{law.titles.get(name, name)}”的规定", do="请换一个日期或地方")
    context: dict[str, Any] = {"definition": definition, "title": law.titles.get(name, name), "trust": TRUSTS[definition.document.trust]}
    if definition.rule:
        context |= {"asked": asked_by(law, definition.rule), "lines": lines_of(definition.rule, law)}
    panel = request.headers.get("HX-Request")
    return render(request, "office/rule_panel.html" if panel else "office/rule_page.html", context)


@page("adopt_law")
def adopt(request: HttpRequest, document: str) -> HttpResponse:
    """An office confirms the text against its own paper: recorded in the ledger about the document."""
    scope, moment = scope_in(request), moment_in(request)
    found = installed_law().document(document)
    own = scope.places_for("adopt_law")[0]
    form = AdoptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entry = record_adoption(
            document, office=given["office"], place=own, since=moment.today, actor=actor_of(request), basis=given["basis"],
            why=given["why"], clock=clock,
        )  # fmt: skip
        messages.success(request, f"已由{given['office']}确认，记为{entry}。")
        return redirect("law_document", document)
    return render(request, "office/adopt.html", {"document": found, "form": form}, status=422 if form.is_bound else 200)

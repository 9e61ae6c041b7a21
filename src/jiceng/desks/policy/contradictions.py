"""The contradiction report as pages: findings by kind or by document, each with both clauses side by side, and 已知 on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.base.refusals import Refusal
from jiceng.law.findings import KINDS, SEVERITIES, Finding, Kind, Side
from jiceng.law.load import Law
from jiceng.law.model import DISPOSITIONS, TRUSTS, Clause, Document
from jiceng.places import reading as places
from jiceng.places.tree import NATION, NOWHERE, contains
from jiceng.runs.contradictions import Known, Report, call_known, report
from jiceng.runs.law import installed_law
from jiceng.ui.choices import place_choice
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

BY = {"kind": "按种类", "document": "按文件"}
COLOURS = {"refused": "red", "check": "amber", "note": "grey"}
_FEW, _LISTED = 8, 40
_NAMED = 3
"""Places told by name in one line; the others are counted."""


class KnownForm(forms.Form):
    """A named office says that it knows a finding and why it may stand."""

    office = forms.CharField(label="单位", max_length=120, help_text="核对过的单位全称")
    basis = forms.CharField(label="依据", max_length=300, help_text="原文、请示或批复：文号、日期、存放处")
    why = forms.CharField(label="原因", max_length=300, help_text="为什么可以照现在这样用")


@dataclass(frozen=True)
class Row:
    """One finding on the list."""

    finding: Finding
    kind: Kind
    colour: str
    severity: str
    where: str
    known: Known | None
    sides: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """Findings of one kind."""

    key: str
    title: str
    about: str
    rows: tuple[Row, ...]
    open: bool


@dataclass(frozen=True)
class SideShown:
    """One document's side of a finding: its clause as digested, and what it says in the matter."""

    document: Document
    where: str
    trust: str
    number: str
    says: str
    clause: Clause | None
    sentences: tuple[tuple[str, str, bool], ...]


@page("see")
def contradictions_page(request: HttpRequest) -> HttpResponse:
    """Findings of the law installed here: those that matter at a place, or all there are."""
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    everywhere = request.GET.get("all") == "1"
    asked = request.GET.get("place", "")
    code = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 12 else 0
    choice = place_choice(scope, code, on=moment.on)
    place = NATION if everywhere else choice.chosen
    found = report(on=moment.on, place=place, within=scope.places_for("see"))
    by, document, kind = request.GET.get("by", "kind"), request.GET.get("document", ""), request.GET.get("kind", "")
    if by not in BY or (kind and kind not in KINDS):
        raise Refusal("page.not_found", "没有这一页", why="网址有误，或这一页已经换了地址", do="请从矛盾报告进入")
    shown = [one for one in found.findings if not document or document in one.documents]
    rows = _rows(shown, found, law=law, names=_names(shown, on=moment.on))
    counts = [(COLOURS[key], word, sum(row.finding.severity == key for row in rows)) for key, word in SEVERITIES.items()]
    listed = [row for row in rows if not kind or row.finding.kind == kind]
    listing = by == "document" and not document
    context = {
        "choice": choice, "everywhere": everywhere, "by": by, "ways": BY, "document": document, "kind": kind,
        "title": law.document(document).title if document else "", "listing": listing,
        "documents": _documents(listed, law=law) if listing else [], "severities": SEVERITIES.values(),
        "parts": [] if listing else _by_kind(listed, every=bool(kind or document)),
        "counts": counts, "number": len(listed), "known": sum(row.known is not None for row in listed),
        "kinds": [(key, KINDS[key].title) for key in KINDS if any(row.finding.kind == key for row in rows)],
    }  # fmt: skip
    return render(request, "policy/contradictions.html", context)


def _names(findings: Iterable[Finding], *, on: Any) -> Mapping[int, str]:
    return places.names_of({code for one in findings for code in one.places if code}, on=on)


def place_words(code: int, names: Mapping[int, str]) -> str:
    """A place as a finding names it."""
    if code == NATION:
        return "全国"
    return f"地方未指明（代用区划 {code}）" if contains(NOWHERE, code) else names.get(code, f"区划 {code}")


def _rows(findings: Iterable[Finding], found: Report, *, law: Law, names: Mapping[int, str]) -> list[Row]:
    rows = []
    for one in findings:
        told = [place_words(code, names) for code in one.places]
        where = "、".join(told[:_NAMED]) + (f"等 {len(told)} 处" if len(told) > _NAMED else "")
        sides = tuple((f"〔{law.document(side.document).short}·{side.clause}〕", side.says) for side in one.sides if side.clause)
        rows.append(Row(one, KINDS[one.kind], COLOURS[one.severity], SEVERITIES[one.severity], where, found.known.get(one.key), sides))
    return rows


def _by_kind(rows: list[Row], *, every: bool) -> list[Part]:
    parts: list[Part] = []
    for key, kind in KINDS.items():
        some = tuple(row for row in rows if row.finding.kind == key)
        if some:
            parts.append(Part(key, kind.title, f"{kind.why}。{kind.do}。", some, every or _fits(parts, some)))
    return parts


def _fits(parts: list[Part], rows: tuple[Row, ...]) -> bool:
    """Whether a part is listed at once: few rows, and a page that is not long yet."""
    return len(rows) <= _FEW and sum(len(part.rows) for part in parts if part.open) + len(rows) <= _LISTED


def _documents(rows: list[Row], *, law: Law) -> list[tuple[Document, str, list[tuple[str, int]]]]:
    """Every document something is found about, with how much of each severity."""
    lines = []
    for document in law.documents:
        grave = [row.finding.severity for row in rows if document.id in row.finding.documents]
        if grave:
            lines.append((document, TRUSTS[document.trust], [(COLOURS[key], grave.count(key)) for key in SEVERITIES]))
    return lines


@page("see")
def contradiction_page(request: HttpRequest, key: str) -> HttpResponse:
    """One finding: every side with its clause, what to do, and by whom it is known; an officer may call it known."""
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    found = report(on=moment.on, within=scope.places_for("see"))
    finding = found.find(key)
    may = finding.severity != "refused" and bool(finding.documents) and bool(scope.places_for("adopt_law"))
    form = KnownForm(request.POST or None)
    if request.method == "POST":
        own = scope.places_for("adopt_law")
        scope.require("adopt_law", own[0] if own else NATION, what="把一条矛盾标为已知")
        if form.is_valid():
            entry = call_known(finding, **form.cleaned_data, place=own[0], since=moment.today, actor=actor_of(request), clock=clock)
            messages.success(request, f"已记为已知，{entry}。")
            return redirect("contradictions_one", key)
    names = {**_names([finding], on=moment.on), **_of_documents(law, finding, on=moment.on)}
    (row,) = _rows([finding], found, law=law, names=names)
    context = {
        "row": row, "finding": finding, "name": law.titles.get(finding.name, ""), "form": form, "may": may,
        "sides": [_side(law, side, finding, names) for side in finding.sides],
    }  # fmt: skip
    return render(request, "policy/contradiction.html", context, status=422 if form.is_bound else 200)


def _of_documents(law: Law, finding: Finding, *, on: Any) -> Mapping[int, str]:
    return places.names_of({law.document(id).jurisdiction for id in finding.documents} - {NATION}, on=on)


def _side(law: Law, side: Side, finding: Finding, names: Mapping[int, str]) -> SideShown:
    """A side with its clause; the sentence that carries the name in question is marked."""
    document = law.document(side.document)
    clause = document.clause(side.clause)
    told = clause.sentences if clause else ()
    sentences = tuple((one.digest, DISPOSITIONS[one.disposition], finding.name in one.points) for one in told)
    where = place_words(document.jurisdiction, names)
    return SideShown(document, where, TRUSTS[document.trust], side.clause, side.says, clause, sentences)

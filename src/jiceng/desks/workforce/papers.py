"""Documents of a worker or a place: listed, added, opened. Opening a worker's document is written into the log of views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from jiceng.access.actors import shown_actors
from jiceng.access.models import Reveal
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.acting import add_evidence, held_papers, papers_of, token_of
from jiceng.desks.workforce.place import place_in_scope
from jiceng.desks.workforce.worker import head_context, head_of, permissions, row_in_scope
from jiceng.ledger import reading
from jiceng.ledger.attachments import KINDS
from jiceng.ledger.books import book_of
from jiceng.ledger.reading import FactRow
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import attaching
from jiceng.runs.attaching import MEDIA, Document
from jiceng.runs.law import installed_law
from jiceng.ui.kind_forms import DayField, fact_text
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in


class AttachForm(forms.Form):
    """Which documents, from when they count, what they prove, on what basis."""

    since = DayField(label="文件日期", help_text="从哪一天起作数，一般写落款日期")
    basis = forms.CharField(label="依据", max_length=300, help_text="例如“本人提交”“街道来函”")
    why = forms.CharField(label="理由", max_length=300, initial="存档")

    def __init__(self, *args: Any, about: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["about"] = forms.ChoiceField(label="证明哪一条事实", required=False, choices=[("", "不专指某一条"), *about])
        add_evidence(self, required="held" not in self.data)
        self.order_fields(["papers", "papers_title", "since", "about", "basis", "why"])


@page("see")
def worker_papers(request: HttpRequest, subject: int) -> HttpResponse:
    """The documents of a worker at the moment."""
    found = row_in_scope(request, subject)
    context = head_context(request, found) | {"tab": "papers", "of": "worker"}
    return render(request, "workforce/papers.html", context | _listed(request, subject, found.place))


@page("see")
def place_papers(request: HttpRequest, code: int) -> HttpResponse:
    """The documents of a place at the moment."""
    here, choice = place_in_scope(request, code)
    context = {"code": code, "choice": choice, "here": here, "of": "place"}
    return render(request, "workforce/place_papers.html", context | _listed(request, tree.subject_of(code), code))


def _listed(request: HttpRequest, subject: int, place: int) -> dict[str, Any]:
    """Documents as the account may see them: without the right to names only that there are so many."""
    moment, terms, may = moment_in(request), installed_law().terms, permissions(request, place)
    number, found = attaching.documents_seen(
        scope_in(request), subject, place=place, on=moment.on, known_by=moment.known_by, terms=terms
    )  # fmt: skip
    if found is None:
        return {"papers": [], "number": number, "may": may}
    facts = reading.history([subject], on=moment.on, known_by=moment.known_by, terms=terms)
    entries = reading.entries_by_id({one.entry for one in found})
    proven = {fact.id: _said(fact) for fact in facts}
    actors = shown_actors(entry.actor for entry in entries.values())
    lines = [(one, actors[entries[one.entry].actor], entries[one.entry].basis, proven.get(one.about, "")) for one in found]
    return {"papers": lines, "number": number, "may": may}


def _said(fact: FactRow) -> str:
    terms = installed_law().terms
    kind = terms.kinds.get(fact.kind)
    return f"{kind.name}：{fact_text(kind, fact.data, terms)}（{fact.since.isoformat()}）" if kind else ""


@page("record")
def worker_attach(request: HttpRequest, subject: int) -> HttpResponse:
    """Attach documents to a worker, or to one of the facts about him."""
    found = row_in_scope(request, subject, "record")
    scope_in(request).require("see_names", found.place, what=f"给编号 {subject} 的人员附加文件")
    head = head_of(request, found, terms=installed_law().terms)
    back = reverse("roster_papers", args=[subject])
    return _attach(request, subject, found.place, back=back, title=f"{head.name} · {head.place_name}")


@page("record")
def place_attach(request: HttpRequest, code: int) -> HttpResponse:
    """Attach documents to a place, or to one of its figures."""
    scope_in(request).require("record", code, what=f"给区划 {code} 附加文件")
    name = places.full_name(code, on=moment_in(request).on)
    return _attach(request, tree.subject_of(code), code, back=reverse("place_papers", args=[code]), title=name)


def _attach(request: HttpRequest, subject: int, place: int, *, back: str, title: str) -> HttpResponse:
    facts = reading.history([subject], on=moment_in(request).today)
    provable = [fact for fact in facts if fact.kind not in (*KINDS.values(), "person", "contact")]
    latest = sorted(provable, key=lambda fact: (fact.since, fact.id), reverse=True)
    first = {"since": moment_in(request).today, "about": request.GET.get("fact", "")}
    form = AttachForm(request.POST or None, request.FILES or None, about=[(str(fact.id), _said(fact)) for fact in latest], initial=first)
    papers = held_papers(request, subject)
    if request.method == "POST" and form.is_valid():
        papers = papers_of(request, form, subject)
        if not form.errors:
            given = form.cleaned_data
            try:
                entry = attaching.commit(
                    book_of(place).id, [], papers, since=given["since"], about=int(given["about"] or 0), actor=actor_of(request),
                    basis=given["basis"], why=given["why"], clock=clock,
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, refusal.text)
            else:
                messages.success(request, f"已附加 {len(papers)} 份，记为{entry}。传错了可以撤下。")
                return redirect(back)
    held = [(paper, token_of(paper)) for paper in papers]
    context = {"form": form, "held": held, "back": back, "about": title}
    return render(request, "workforce/attach.html", context, status=422 if form.errors else 200)


@page("see_names")
def worker_paper(request: HttpRequest, subject: int, fact: int) -> HttpResponse:
    """One document of a worker, after the log says who opened it."""
    found = row_in_scope(request, subject, "see_names")
    one = attaching.document(subject, fact, known_by=moment_in(request).known_by, terms=installed_law().terms)
    scope = scope_in(request)
    with transaction.atomic(durable=True):
        row = Reveal(account_id=scope.account, subject=subject, fields=f"附件 {fact}", place=found.place, reason="打开附件")
        row.address = scope.address
        row.save()
    return _sent(one)


@page("see_names")
def place_paper(request: HttpRequest, code: int, fact: int) -> HttpResponse:
    """One document of a place."""
    scope_in(request).require("see_names", code, what=f"打开区划 {code} 的附件")
    return _sent(attaching.document(tree.subject_of(code), fact, known_by=moment_in(request).known_by, terms=installed_law().terms))


def _sent(one: Document) -> HttpResponse:
    """The file as a download that no browser runs, guesses at or keeps."""
    answer = HttpResponse(attaching.content(one), content_type=MEDIA[one.media][0])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=one.file_name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store"
    return answer

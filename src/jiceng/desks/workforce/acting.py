"""From a filled form to an act: first what it would change, then, once confirmed, one entry with its evidence. For workers and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from jiceng.base.refusals import Refusal
from jiceng.ledger.attachments import Held
from jiceng.ledger.books import book_of
from jiceng.runs import attaching
from jiceng.runs.attaching import Paper
from jiceng.runs.commit import Change
from jiceng.runs.impact import Impact, impact
from jiceng.terms.registry import Kind
from jiceng.ui.pages import actor_of, clock, moment_in, scope_in

MOST_PAPERS = 5
_SALT = "jiceng.evidence"
_ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


class NeverForm(forms.Form):
    """The fact never held: only basis and reason are asked."""

    basis = forms.CharField(label="依据", max_length=300)
    why = forms.CharField(label="理由", max_length=300)


class PapersInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": _ACCEPTED, "multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if isinstance(files, MultiValueDict) else files.get(name)


class PapersField(forms.FileField):
    """Documents that prove a fact. What they are is decided by their content, later."""

    def __init__(self, **named: Any) -> None:
        super().__init__(widget=PapersInput(), help_text="PDF、JPG、PNG、Word 或 Excel，每份不超过 20 MB，最多 5 份", **named)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in data or () if one]
        if self.required and not given:
            raise forms.ValidationError("请选择文件")
        if len(given) > MOST_PAPERS:
            raise forms.ValidationError(f"一次最多 {MOST_PAPERS} 份")
        return given


def add_evidence(form: forms.Form, *, required: bool = False) -> None:
    """Lets a form take documents as evidence."""
    form.fields["papers"] = PapersField(label="文件" if required else "依据材料（可不附）", required=required)
    form.fields["papers_title"] = forms.CharField(
        label="材料名称", max_length=100, required=False, help_text="例如“培训结业证书”；不填就用文件名"
    )  # fmt: skip


def held_papers(request: HttpRequest, subject: int) -> list[Paper]:
    """Documents sent with the form before, still waiting for the act. A token of another subject is passed over."""
    found = []
    for token in request.POST.getlist("held"):
        try:
            told = signing.loads(token, salt=_SALT)
        except signing.BadSignature:
            continue
        if told["held"][0] == subject:
            found.append(Paper(told["title"], told["file_name"], told["media"], Held(*told["held"])))
    return found[:MOST_PAPERS]


def token_of(paper: Paper) -> str:
    """A held document as a field of the next form, so that its bytes are sent once."""
    held = paper.held
    told = {"title": paper.title, "file_name": paper.file_name, "media": paper.media}
    return signing.dumps({**told, "held": [held.subject, held.hash, held.digest, held.size]}, salt=_SALT)


def papers_of(request: HttpRequest, form: forms.Form, subject: int) -> list[Paper]:
    """Every document of this act: those held before and those sent now. What is wrong with one goes to the form."""
    papers = held_papers(request, subject)
    given = form.cleaned_data.get("papers") or []
    if len(papers) + len(given) > MOST_PAPERS:
        form.add_error("papers", f"一次最多 {MOST_PAPERS} 份，前面已选 {len(papers)} 份")
        return papers
    title = form.cleaned_data.get("papers_title", "").strip()
    for number, sent in enumerate(given, 1):
        stem = (sent.name or "").rsplit(".", 1)[0]
        named = f"{title}（{number}）" if title and len(given) > 1 else title or stem
        try:
            papers.append(attaching.hold(subject, title=named, file_name=sent.name or "", content=sent.read()))
        except Refusal as refusal:
            form.add_error("papers", f"“{sent.name}”：{refusal.text}")
    return papers


@dataclass(frozen=True)
class Asked:
    """A change ready to be tried and made. `since`: the day its evidence counts from; `about`: the fact it is evidence of."""

    changes: Sequence[Change]
    act: str
    basis: str
    why: str
    was: str
    becomes: str
    since: date
    about: int = 0


@dataclass(frozen=True)
class Desk:
    """Where an act is done: about which subject, at which place, how its pages are headed, where it leads afterwards."""

    subject: int
    place: int
    heading: str
    kind: Kind
    back: str
    done: str
    context: dict[str, Any]


def form_or_act(request: HttpRequest, desk: Desk, form: Any, asked: Asked | None) -> HttpResponse:
    """Shows the form; once it is filled, what would change; once that is confirmed, does it as one entry."""
    papers = papers_of(request, form, desk.subject) if asked is not None else held_papers(request, desk.subject)
    context = {**desk.context, "form": form, "heading": desk.heading, "kind": desk.kind, "back": desk.back}
    context |= {"never": isinstance(form, NeverForm), "held": [(paper, token_of(paper)) for paper in papers]}
    if asked is None or form.errors or request.POST.get("back") == "yes":
        return render(request, "workforce/fact_form.html", context, status=422 if form.errors else 200)
    try:
        if request.POST.get("confirmed") == "yes":
            entry = attaching.commit(
                book_of(desk.place).id, asked.changes, papers, since=asked.since, about=asked.about, actor=actor_of(request), act=asked.act,
                basis=asked.basis, why=asked.why, clock=clock,
            )  # fmt: skip
            messages.success(request, f"已{desk.heading}，记为{entry}。有误可以撤销。")
            return redirect(desk.done)
        found = impact_of(request, asked, place=desk.place)
    except Refusal as refusal:
        form.add_error(None, refusal.text)
        return render(request, "workforce/fact_form.html", context, status=422)
    context |= {"asked": asked, "impact": found, "posted": again(request)}
    return render(request, "workforce/fact_confirm.html", context)


def impact_of(request: HttpRequest, asked: Asked, *, place: int) -> Impact:
    """What the act would bring about; refusals of the ledger come up here already, before anything is confirmed."""
    moment = moment_in(request)
    return impact(
        asked.changes, book=book_of(place), on=moment.on, today=moment.today, clock=clock, within=scope_in(request).places_for("see")
    )  # fmt: skip


def again(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, for the form behind the look; documents are named by their tokens apart."""
    left_out = ("csrfmiddlewaretoken", "confirmed", "back", "held", "papers_title")
    return [(key, value) for key, values in request.POST.lists() if key not in left_out for value in values]

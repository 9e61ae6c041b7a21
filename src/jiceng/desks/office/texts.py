"""Import of official text: a page sent up, the texts found on it, the clauses beside the digests, the text taken over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from jiceng.answers.printing import value_text
from jiceng.base.refusals import Refusal
from jiceng.law.layers import Law
from jiceng.law.model import DISPOSITIONS, Document, Sentence
from jiceng.law.text.matching import STATES
from jiceng.law.text.separate import separate
from jiceng.runs import texts
from jiceng.runs.law import installed_law
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

# Refusals that choosing another text on the page can settle.
_CHOOSE = ("lawtext.which", "lawtext.no_clauses", "lawtext.no_text")


class PageForm(forms.Form):
    """A printed page as plain text."""

    file = forms.FileField(label="版面文件", help_text="纯文本（txt）、Word（docx）或文字版 PDF；栏目断行、几篇混在一起都可以")


@page("adopt_law")
def import_page(request: HttpRequest, document: str) -> HttpResponse:
    """Send up a page; see the texts found and how the chosen one fits; take it over."""
    found = installed_law().document(document)
    if request.method == "POST" and "page" in request.POST:
        return _keep(request, found)
    form = PageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            read = texts.read_page(content)
        except Refusal as refusal:
            form.add_error("file", refusal.text)
        else:
            asked = {"page": texts.keep_page(read.encode()), "file": form.cleaned_data["file"].name}
            return redirect(f"{reverse('law_text', args=[document])}?{urlencode(asked)}")
    context: dict[str, Any] = {"document": found, "form": form}
    if request.method == "GET" and request.GET.get("page"):
        context |= _looked(request, found)
    return render(request, "office/text_import.html", context, status=422 if form.is_bound else 200)


def _looked(request: HttpRequest, document: Document) -> dict[str, Any]:
    """The texts of the page sent up, and the chosen one clause by clause."""
    digest, position = request.GET["page"], request.GET.get("text", "")
    read = texts.read_page(texts.page_content(digest))
    context: dict[str, Any] = {"page_digest": digest, "file": request.GET.get("file", ""), "position": position}
    try:
        looked = texts.look(read, document, position=int(position) if position.isascii() and position.isdigit() else None)
    except Refusal as refusal:
        if refusal.id not in _CHOOSE:
            raise
        taken = separate(read)
        here = Refusal(refusal.id, refusal.what, why=refusal.why, do="请在上面的各篇里选一篇，或换一个文件")
        return context | {"refusal_text": here.text, "texts": [(text, False) for text in taken.texts], "unplaced": taken.unplaced}
    changes = {change.number: change for change in looked.changes}
    rows = []
    for row in looked.matched.clauses:
        change = changes.get(row.number)
        title = (row.text and row.text.title) or (row.clause and row.clause.title) or ""
        rows.append((row, title, change, STATES[change.state] if change else ""))
    own = looked.matched.printed.clauses
    return context | {
        "looked": looked,
        "texts": [(text, text is looked.text) for text in looked.page.texts],
        "unplaced": looked.page.unplaced,
        "rows": rows,
        "gone": [change.number for change in looked.changes if change.state == "gone"],
        "clauses_found": len(own),
        "sentences_found": sum(len(clause.sentences) for clause in own),
        "same": bool(own) and all(change.state == "equal" for change in looked.changes),
    }


def _keep(request: HttpRequest, document: Document) -> HttpResponse:
    content = texts.page_content(request.POST["page"])
    position = request.POST.get("text", "")
    looked = texts.look(texts.read_page(content), document, position=int(position) if position.isascii() and position.isdigit() else None)
    file, replacing = request.POST.get("file", ""), request.POST.get("replace") == "1"
    kept = texts.keep_text(
        looked, document, content=content, file=file, place=scope_in(request).places_for("adopt_law")[0], actor=actor_of(request),
        clock=clock, replacing=replacing,
    )  # fmt: skip
    lacks = "；".join(kept.missing)
    messages.success(request, f"已导入原文 {len(kept.clauses)} 条。" + (f"{lacks}。" if lacks else ""))
    return redirect("law_document", document.id)


def beside(request: HttpRequest, law: Law, document: Document) -> dict[str, Any]:
    """For the law page: the kept text and, clause by clause, (clause, intact, [(original, digest, disposition, points)])."""
    kept = texts.kept_text(document.id)
    if kept is None:
        return {}
    on = moment_in(request).on
    own = {clause.number: clause for clause in kept.clauses}
    rows = []
    for clause in document.clauses:
        text = own.get(clause.number)
        originals = text.sentences if text else ()
        pairs = [
            (
                originals[at] if at < len(originals) else "",
                clause.sentences[at] if at < len(clause.sentences) else None,
                _does(law, document, clause.sentences[at], on=on) if at < len(clause.sentences) else None,
            )
            for at in range(max(len(originals), len(clause.sentences)))
        ]
        rows.append((clause, text, pairs))
    broken = [clause.number for clause in kept.clauses if not clause.intact]
    undigested = [clause for clause in kept.clauses if document.clause(clause.number) is None]
    return {"kept": kept, "recorded": texts.recorded(kept), "beside": rows, "broken": broken, "undigested": undigested}


def _does(law: Law, document: Document, sentence: Sentence, *, on: date) -> dict[str, Any]:
    """What the system does with a sentence: its disposition, and each rule or value by its title, values with what they are."""
    values = {value.name: value for value in document.values}
    points = []
    for name in sentence.points:
        value = values.get(name)
        words = ""
        if value is not None:
            at = value.on(on) or value.reading
            words = value_text(at.parsed, value.type, value.unit, law.terms) if at and not isinstance(at.parsed, tuple) else value.note
        points.append((name, law.titles.get(name, name), words))
    return {"name": DISPOSITIONS[sentence.disposition], "points": points}

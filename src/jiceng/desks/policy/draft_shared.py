"""What every page of a draft shares: opening it, its head and tabs, saving a change seen by nobody else in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.base.refusals import Refusal
from jiceng.law.drafting import changed
from jiceng.law.drafting.pieces import Draft
from jiceng.law.drafting.rules_text import marks_in
from jiceng.law.layers import Law
from jiceng.places import reading as places
from jiceng.places.tree import NATION
from jiceng.runs import drafts
from jiceng.runs.drafts import Opened
from jiceng.runs.law import installed_law
from jiceng.ui.pages import actor_of, clock, moment_in, scope_in

TABS = {
    "draft": "检查", "draft_heading": "抬头", "draft_clauses": "条款", "draft_values": "数值", "draft_rules": "规则", "draft_cases": "算例",
    "draft_pay": "工资表", "draft_compare": "前后对比", "draft_versions": "版本",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Names and their Chinese: those of the law in use with the draft's own on top."""

    titles: Mapping[str, str]

    def name(self, text: str) -> str | None:
        """The identifier somebody means by a title or by the identifier itself."""
        asked = text.strip()
        if asked in self.titles:
            return asked
        return next((name for name, title in self.titles.items() if title == asked), None)

    def title(self, name: str) -> str:
        """What people call it."""
        return self.titles.get(name, name)


def words_of(found: Opened, law: Law) -> Words:
    """The words of a draft."""
    own = {name: mark.title for name, mark in marks_in(found.files.get("rules.py", "")).items()}
    own |= {value.name: value.title for value in found.draft.values if value.title}
    rest = {name: title for name, title in law.titles.items() if name not in own}
    # Its own names first: a title that stands for two is taken to mean the draft's.
    return Words({**own, **{value.name: rest.pop(value.name, value.name) for value in found.draft.values if not value.title}, **rest})


def open_draft(request: HttpRequest, area: str, name: str) -> Opened:
    """The draft of an address.

    Errors  Concealed
    """
    return drafts.opened(scope_in(request), f"{area}/{name}")


def context_of(request: HttpRequest, found: Opened, **more: Any) -> dict[str, Any]:
    """What the head of a page about a draft shows."""
    area, name = found.id.split("/")
    here = request.resolver_match.url_name if request.resolver_match else ""
    part = next((one for one in TABS if here == one or (one != "draft" and here and here.startswith(one.rstrip("s")))), "draft")
    return {
        "found": found, "area": area, "name": name, "tabs": TABS, "tab": part, "place_name": place_name(found.place, request),
        "standing": drafts.standing_of(found.id), **more,
    }  # fmt: skip


def place_name(code: int, request: HttpRequest) -> str:
    """The place in words."""
    if code == NATION:
        return "全国"
    return places.full_name(code, on=moment_in(request).on) or str(code)


def page_of(request: HttpRequest, template: str, found: Opened, *, status: int = 200, **more: Any) -> HttpResponse:
    """A page about a draft."""
    return render(request, f"policy/{template}.html", context_of(request, found, **more), status=status)


def save(request: HttpRequest, found: Opened, files: Mapping[str, str | None], *, what: str) -> None:
    """Save a change against the state the page was made from.

    Errors  Refusal draft.changed
    """
    seen = request.POST.get("seen", found.hash)
    changed(found.folder, files, seen=seen, by=actor_of(request), at=clock(), what=what)


def take_out(
    request: HttpRequest, found: Opened, changed: Callable[[str], Mapping[str, str]], *, what: str, done: str, numbered: bool = False
) -> tuple[HttpResponse | None, str]:  # fmt: skip
    """Take out what a POST names in `drop`: the way back to the page once it is done, else what refuses it ("" where nothing is asked).

    Shape   `changed`: the name → the files without it; `numbered`: only a number is a name here
    """
    gone = request.POST.get("drop", "")
    if request.method != "POST" or not gone or (numbered and not gone.isdecimal()):
        return None, ""
    try:
        save(request, found, changed(gone), what=what.format(gone))
    except Refusal as refusal:
        return None, refusal.text
    messages.success(request, done)
    return redirect(request.path), ""


def say(form: forms.Form, refusal: Refusal, field: str | None = None) -> None:
    """A refusal where it was caused."""
    form.add_error(field, refusal.text)


def sentence_choices(draft: Draft) -> list[tuple[str, str]]:
    """Sentences to choose from, as clause:sentence."""
    return [
        (f"{at}:{place}", f"{clause.number}·第 {place + 1} 句　{sentence.digest[:40]}")
        for at, clause in enumerate(draft.clauses)
        for place, sentence in enumerate(clause.sentences)
    ]


def sentence_at(draft: Draft, chosen: str) -> tuple[int, int]:
    """Which one was chosen.

    Errors  Refusal draft.no_sentence
    """
    clause, _, place = chosen.partition(":")
    whole = clause.isdigit() and place.isdigit() and int(clause) < len(draft.clauses)
    if whole and int(place) < len(draft.clauses[int(clause)].sentences):
        return int(clause), int(place)
    raise Refusal("draft.no_sentence", "没有这一句", why="条款可能刚改过", do="请重新选择")


def law_here() -> Law:
    """The law in use."""
    return installed_law()

"""The briefing of a place as a page on which every figure opens, as Word and as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from jiceng.answers.card import as_dict
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.lists import LISTS, counted
from jiceng.desks.workforce.trends import UNTOLD
from jiceng.documents.pdf import PDF, document_pdf
from jiceng.documents.sending import attachment
from jiceng.documents.word import WORD, document_word
from jiceng.reports.briefing import Briefing, as_document, briefing
from jiceng.reports.prose import Figure, Mark, Sentence, Target
from jiceng.reports.sentences import Listed
from jiceng.runs.law import installed_law
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

# Whoever meets the conditions for a career is no problem.
PROBLEMS: Final = tuple(
    Listed(key, entry.title, entry.meaning, asked) for (key, entry), asked in zip(LISTS.items(), counted(), strict=True) if key != "career"
)


@dataclass(frozen=True)
class Shown:
    """A part of a sentence on the page: its words and, for a figure or mark, the address behind it. `card`: opens in the panel."""

    text: str
    href: str = ""
    card: bool = False
    mark: bool = False


@dataclass(frozen=True)
class ShownLine:
    """A place of the table with its answers as cards."""

    code: int
    name: str
    members: int
    cards: tuple[dict[str, Any] | None, ...]


@page("see")
def briefing_page(request: HttpRequest) -> HttpResponse:
    """The briefing with every figure a link to its rows or card."""
    choice = place_choice(scope_in(request), _code(request), on=moment_in(request).on)
    if not choice.chosen:
        return render(request, "workforce/briefing_choose.html", {"choice": choice})
    said = _said(request, choice)
    terms = installed_law().terms
    sections = [
        {
            "title": section.title,
            "figures": [name for _, name in section.figures],
            "sentences": [_shown(sentence) for sentence in section.sentences],
            "lines": [
                ShownLine(
                    line.code,
                    line.name,
                    line.members,
                    tuple(as_dict(line.steps[rule], terms) if rule in line.steps else None for rule, _ in section.figures),
                )
                for line in section.lines
            ],
        }
        for section in said.sections
    ]
    context = {"choice": choice, "said": said, "lead": _shown(said.lead), "sections": sections}
    return render(request, "workforce/briefing.html", context)


@page("see")
def briefing_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The briefing as a file.

    Errors  Denied; Refusal page.filter without a place; documents.no_font, documents.template
    """
    choice = place_choice(scope_in(request), _code(request), on=moment_in(request).on)
    if not choice.chosen:
        raise Refusal("page.filter", "没有选地方", where="网址里的地方", why="您看得到的地方不止一个", do="请在简报页先选一个地方")
    said, now = _said(request, choice), clock()
    document = as_document(said, by=actor_of(request), at=now)
    content = document_pdf(document, made=now) if kind == "pdf" else document_word(document, made=now)
    return attachment(content, name=f"{said.title}-{said.on.isoformat()}.{kind}", type=PDF if kind == "pdf" else WORD)


def _said(request: HttpRequest, choice: PlaceChoice) -> Briefing:
    moment = moment_in(request)
    return briefing(choice.chosen, name=choice.name, on=moment.on, today=moment.today, known_by=moment.known_by, listed=PROBLEMS)


def _shown(sentence: Sentence) -> list[Shown]:
    return [_part(part) for part in sentence]


def _part(part: str | Figure | Mark) -> Shown:
    if isinstance(part, str):
        return Shown(part)
    if isinstance(part, Mark):
        return Shown(part.text, f"{reverse('law_rule', args=[part.rule])}?place={part.place}", card=True, mark=True)
    return Shown(part.text, address_of(part.to), card=part.to.kind == "answer")


def address_of(target: Target) -> str:
    """Where a figure's rows or card are."""
    if target.kind == "answer":
        return reverse("place_card", args=[target.place, target.key])
    if target.kind == "asks":
        return reverse("workbench_asks")
    asked = {"place": str(target.place)}
    if target.kind == "roster":
        told = {"due": target.key, "on": target.on.isoformat() if target.on else ""}
        return _address("roster", asked | told)
    if target.kind == "moves":
        assert target.since is not None
        cause = "" if target.cause is None else target.cause or UNTOLD
        return _address("moves", asked | {"since": target.since.isoformat(), "way": target.way, "cause": cause})
    return _address("briefing" if target.kind == "report" else "workbench", asked)


def _address(name: str, asked: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value})}"


def _code(request: HttpRequest) -> int:
    text = request.GET.get("place", "")
    return int(text) if text.isascii() and text.isdigit() else 0

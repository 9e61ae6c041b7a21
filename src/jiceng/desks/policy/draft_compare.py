"""Answers before and after for chosen workers: the law in use, and the same with the draft laid over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jiceng.access.scope import Scope
from jiceng.answers.answer import answer_all
from jiceng.answers.card import face
from jiceng.base.refusals import Problem, Problems, Refusal
from jiceng.desks.policy.draft_shared import open_draft, page_of
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.drafts import Opened, in_force_day
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, Standing, State
from jiceng.runs.scenarios import Scenario, law_with
from jiceng.ui.moment import Moment, day_asked
from jiceng.ui.pages import moment_in, page, scope_in

MOST = 10
_FEW = 5


@dataclass(frozen=True)
class Changed:
    """One answer that is not the same: both sides as cards show them."""

    title: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Compared:
    """A worker before and after."""

    subject: int
    name: str
    changed: tuple[Changed, ...]
    following: tuple[Changed, ...]
    """What is not the draft's own, and comes out otherwise because of it."""
    same: int


@page("draft_law")
def compare_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """Chosen workers, or five of the place, on a day on which the draft is in force."""
    found, scope, moment = open_draft(request, area, name), scope_in(request), moment_in(request)
    asked, day_text = request.GET.get("who", "").strip(), request.GET.get("day", "").strip()
    first = in_force_day(found) or moment.today
    day, refusal = max(first, moment.today), ""
    rows: list[Compared] = []
    problems: tuple[Problem, ...] = ()
    try:
        day = day_asked(day_text, today=day) if day_text else day
        people = _people(asked, found, scope, moment)
        rows = compared(people, found, on=day, scope=scope) if people else []
    except Problems as refused:
        refusal, problems = "草稿还有要改的地方，改好以后才能对比", tuple(refused.problems)
    except Refusal as refused:
        refusal = refused.text
    every = urlencode({"place": found.place, "since": first.isoformat(), "d": found.id})
    context = {
        "rows": rows, "asked": asked, "day": day, "first": first, "refusal": refusal, "problems": problems, "before_force": day < first,
        "every": f"{_simulations()}?{every}" if scope.may("simulate", found.place) and _simulations() else "",
    }  # fmt: skip
    return page_of(request, "draft_compare", found, status=422 if refusal else 200, **context)


def _simulations() -> str:
    return reverse("simulation_new")


def _people(asked: str, found: Opened, scope: Scope, moment: Moment) -> list[Standing]:
    """The workers asked for by number or from their page's address; without any, a few of the place in different posts.

    Errors  Refusal draft.who; Concealed for a worker outside the account's places
    """
    numbers = [int(text) for text in re.findall(r"\d{5,19}", asked)]
    if asked and not numbers:
        raise Refusal(
            "draft.who", f"“{asked}”里没有人员编号", why="人员编号是人员页网址里的数字", do="请粘贴编号或人员页的网址，用空格分开"
        )
    if len(numbers) > MOST:
        raise Refusal("draft.who", f"一次至多看 {MOST} 人", do="要看全部的，请用“试算全部”")
    rows = Standing.objects.filter(moment_id=TODAY)
    if numbers:
        held = {row.subject: row for row in rows.filter(subject__in=numbers)}
        for number in numbers:
            if number not in held or not scope.may("see", held[number].place):
                raise scope.conceal("see", what=f"查看编号 {number} 的人员")
        return [held[number] for number in numbers]
    low, high = tree.span(found.place) if found.place else (0, 10**13)
    inside = [row for span in scope.spans("see") for row in _few(max(low, span[0]), min(high, span[1]))]
    return inside[:_FEW]


def _few(low: int, high: int) -> list[Standing]:
    """A few in service between two places, of different posts where there are."""
    near = Standing.objects.filter(moment_id=TODAY, place_key__range=(low, high), state=State.in_service).order_by("place_key", "subject")[
        :60
    ]
    seen: dict[Any, Standing] = {}
    for row in near:
        seen.setdefault(row.post, row)
    rest = [row for row in near if row not in seen.values()]
    return [*seen.values(), *rest][:_FEW]


def compared(people: list[Standing], found: Opened, *, on: date, scope: Scope) -> list[Compared]:
    """Each worker under the law in use and with the draft.

    Errors  Problems scenario.refused if the draft does not check
    """
    law = installed_law()
    over = law_with(Scenario(in_force_day(found) or on, (), (found.id,)), place=found.place, law=law)
    bound = binding.workers([row.subject for row in people], on=on, terms=over.terms)
    told = []
    for row, subject in zip(people, bound, strict=True):
        before, after = answer_all(law, subject, on=on), answer_all(over, subject, on=on)
        faces = {name: (_face(before.get(name), law), _face(after.get(name), over, found)) for name in dict.fromkeys((*after, *before))}
        changed = tuple(Changed(over.titles.get(name, name), old, new) for name, (old, new) in faces.items() if _said(old) != _said(new))
        own = [
            any(side and side["clause"] and side["clause"]["document"] == found.id for side in (one.before, one.after)) for one in changed
        ]
        first, rest = (tuple(one for one, is_own in zip(changed, own, strict=True) if is_own is which) for which in (True, False))
        told.append(Compared(row.subject, scope.shown_name(row.name, place=row.place), first, rest, len(faces) - len(changed)))
    return told


def _face(step: Any, law: Any, found: Opened | None = None) -> dict[str, Any] | None:
    """What a reader sees of an answer. A clause of the draft opens in the draft: the law page does not have it yet."""
    told = face(step, law.terms) if step is not None else None
    clause = told["clause"] if told else None
    if clause and found and clause["document"] == found.id:
        at = next((at for at, one in enumerate(found.draft.clauses) if one.number == clause["clause"]), None)
        clause["own"] = "" if at is None else reverse("draft_clause", args=(*found.id.split("/"), at))
        clause["unlinked"] = at is None
    return told


def _said(shown: dict[str, Any] | None) -> tuple[str, str]:
    """What a reader would see: a rule that is new and one that is gone are changes, also where the text is the same kind."""
    return (shown["text"], shown["why"]) if shown else ("", "")

"""Kept runs: the list, one run by place and by answer, the people behind a figure, the card of one answer, renamed, taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jiceng.access.actors import shown_actors
from jiceng.answers.answer import answer
from jiceng.answers.card import as_dict
from jiceng.answers.population import encoded
from jiceng.base.dates import day_date
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of, mark
from jiceng.base.refusals import Refusal
from jiceng.documents.sending import attachment
from jiceng.documents.sheets import XLSX
from jiceng.pay.kept_runs import reproduced
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports.kept_runs import (
    answer_text,
    log_export,
    people_named,
    run_seen,
    runs_in,
    said_of,
    sum_text,
    workbook,
)
from jiceng.runs import binding, kept
from jiceng.runs.kept_difference import VALUES
from jiceng.runs.kept_rows import Rows
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import law_of
from jiceng.runs.models import KeptRun
from jiceng.terms.registry import Terms
from jiceng.ui.moment import Moment
from jiceng.ui.pages import PAGE_SIZE, clock, moment_in, page, scope_in

AT_ONCE = 5_000
"""Up to so many people are worked out while a page waits; more by the command line."""


@dataclass(frozen=True)
class NameLine:
    """One name of a run: its title, its sum where there is one, and how many people have each kind of answer."""

    name: str
    title: str
    sum: str
    kinds: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class PlaceLine:
    """A place one level down: its people and the sum of each name; `own`: who stands at no place below."""

    code: int
    name: str
    people: int
    sums: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class PersonLine:
    """Somebody in a run. `cells`: (text, look of an answer without a value, address of its card or nothing)."""

    subject: int
    name: str
    place: str
    cells: tuple[tuple[str, str, str], ...]


@page("see")
def runs_list(request: HttpRequest) -> HttpResponse:
    """The runs of the places one may see, the latest first."""
    scope = scope_in(request)
    kind = request.GET.get("kind", "")
    held = runs_in(scope).filter(kind=kind) if kind in KeptRun.Kind.values else runs_in(scope)
    found = Paginator(held, PAGE_SIZE).get_page(request.GET.get("page", ""))
    rows = list(found.object_list)
    names = places.full_names({row.place for row in rows}, on=moment_in(request).today)
    context = {
        "found": found, "rows": [(row, names.get(row.place, str(row.place)), _titles(row)) for row in rows],
        "actors": shown_actors(row.actor for row in rows), "may_keep": "simulate" in scope.permissions,
        "kinds": [("", "全部"), *KeptRun.Kind.choices] if "pay" in scope.permissions else [("", "全部"), *KeptRun.Kind.choices[::2]],
        "kind": kind,
    }  # fmt: skip
    return render(request, "policy/runs.html", context)


def _titles(run: KeptRun) -> str:
    told = [one["title"] for one in said_of(run).values()]
    return "、".join(told[:4]) + (f" 等 {len(told)} 项" if len(told) > 4 else "")


@page("see")
def run_page(request: HttpRequest, number: int) -> HttpResponse:
    """One run: what it follows from, its sums, and the places below."""
    scope, run = scope_in(request), run_seen(scope_in(request), number)
    rows = kept.rows_of(run)
    place = place_asked(request, run)
    here, said, terms = rows.inside(place), said_of(run), installed_law().terms
    below = _below(here, place)
    others = list(runs_in(scope).exclude(pk=run.pk)[:PAGE_SIZE])
    names = places.names_of({place, run.place, *trail(run, place), *below}, on=run.on)
    summed = [name for name, one in said.items() if one["sum"] is not None]
    context = {
        "run": run, "place": place, "place_name": names.get(place, str(place)), "people": len(here),
        "trail": [(code, names.get(code, str(code))) for code in trail(run, place)],
        "lines": [_name_line(name, here, one, terms) for name, one in said.items()],
        "places": _place_lines(here, place, below, names, summed, said, terms), "headings": [said[name]["title"] for name in summed],
        "actor": shown_actors([run.actor])[run.actor], "others": others, "may_rename": _may_rename(request, run),
        "at_once": AT_ONCE,
    }  # fmt: skip
    return render(request, "policy/run.html", context)


def place_asked(request: HttpRequest, run: KeptRun) -> int:
    """The place inside a run that a page speaks of; the run's own where none, or one outside, is asked for."""
    text = request.GET.get("place", "")
    code = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else run.place
    try:
        return code if tree.contains(run.place, code) else run.place
    except Refusal:
        return run.place


def trail(run: KeptRun, place: int) -> list[int]:
    """The way down from a run's place to a place inside it, without that."""
    return [code for code in (tree.NATION, *tree.ancestors(place)) if tree.contains(run.place, code)] if place != run.place else []


def children(codes: Sequence[int], place: int) -> list[int]:
    """The places one level down that hold these places; the place itself for who stands at no place below."""
    level = tree.level_of(place)
    if level is tree.Level.community:
        return []
    down = tree.Level(level + 1)
    return sorted({tree.up(code, down) if tree.level_of(code) > level else code for code in codes})


def _below(rows: Rows, place: int) -> list[int]:
    return children(np.unique(rows.places).tolist(), place)


def only(rows: Rows, code: int, place: int) -> Rows:
    """The rows of a line of the list of places: all inside it, or of the place itself who stands at no place below."""
    return rows.part(rows.places == code) if code == place else rows.inside(code)


def _name_line(name: str, rows: Rows, said: Mapping[str, Any], terms: Terms) -> NameLine:
    answers = rows.answers[name]
    counts = [(kind, int((answers > VALUES).sum() if kind is AnswerKind.value else (answers == mark(kind)).sum())) for kind in AnswerKind]
    kinds = tuple((kind.name, KIND_NAMES[kind], count) for kind, count in counts if count)
    return NameLine(name, said["title"], _sum(answers, said, terms), kinds)


def _sum(answers: np.ndarray[Any, np.dtype[np.int64]], said: Mapping[str, Any], terms: Terms) -> str:
    return sum_text(int(answers[answers > VALUES].sum()), said, terms) if said["sum"] is not None else "—"


def _place_lines(
    rows: Rows, place: int, below: Sequence[int], names: Mapping[int, str], summed: Sequence[str], said: Mapping[str, Any], terms: Terms
) -> list[PlaceLine]:  # fmt: skip
    found = []
    for code in below:
        inside = only(rows, code, place)
        sums = tuple(_sum(inside.answers[name], said[name], terms) for name in summed)
        found.append(PlaceLine(code, names.get(code, str(code)), len(inside), sums, code == place))
    return found


@page("see")
def people(request: HttpRequest, number: int) -> HttpResponse:
    """The people behind a figure of a run, each answer opening its card."""
    scope, run = scope_in(request), run_seen(scope_in(request), number)
    place, said, terms = place_asked(request, run), said_of(run), installed_law().terms
    rows = kept.rows_of(run).inside(place)
    if request.GET.get("own"):
        rows = only(rows, place, place)
    name, kind = request.GET.get("name", ""), request.GET.get("kind", "")
    if name in said and kind in AnswerKind.__members__:
        answers = rows.answers[name]
        rows = rows.part(answers > VALUES if kind == "value" else answers == mark(AnswerKind[kind]))
    else:
        name = kind = ""
    found = Paginator(range(len(rows)), PAGE_SIZE).get_page(request.GET.get("page", ""))
    shown = rows.part(np.array(found.object_list, np.int64))
    full = places.full_names({place, *shown.places.tolist()}, on=run.on, above=run.place)
    context = {
        "run": run, "place": place, "place_name": full.get(place, str(place)), "found": found, "people": len(rows),
        "title": said[name]["title"] if name else "", "kind": KIND_NAMES[AnswerKind[kind]] if kind else "",
        "headings": [one["title"] for one in said.values()],
        "lines": [
            PersonLine(subject, who, full.get(code, str(code)), tuple(_cells(run, shown, n, said, terms)))
            for n, (subject, code, who) in enumerate(
                zip(shown.subjects.tolist(), shown.places.tolist(), people_named(shown, scope), strict=True)
            )
        ],
    }  # fmt: skip
    return render(request, "policy/run_people.html", context)


def _cells(run: KeptRun, rows: Rows, n: int, said: Mapping[str, Any], terms: Terms) -> list[tuple[str, str, str]]:
    subject = int(rows.subjects[n])
    values = ((name, int(rows.answers[name][n]), one) for name, one in said.items())
    return [(answer_text(value, one, terms), _look(value), card_href(run, subject, name)) for name, value, one in values]


def card_href(run: KeptRun, subject: int, name: str) -> str:
    """Where an answer of a run opens to what it was made of; of pay that is the cell of the sheet. Sums open to nothing more."""
    if name not in run.names or not name.isidentifier():
        return ""
    if run.kind == KeptRun.Kind.pay:
        return reverse("pay_cell", args=[run.place, run.on.replace(day=1), subject, name])
    return reverse("runs_card", args=[run.pk, subject, name])


def _look(value: int) -> str:
    kind = kind_of(value)
    return "" if kind is AnswerKind.value else f"k-{kind.name}"


@page("see")
def card(request: HttpRequest, number: int, subject: int, name: str) -> HttpResponse:
    """The answer card of one figure: of that person, rule and day, under the law and the knowledge of the run."""
    scope, run = scope_in(request), run_seen(scope_in(request), number)
    rows = kept.rows_of(run)
    at = np.flatnonzero(rows.subjects == subject)
    if not len(at) or name not in run.names or run.kind == KeptRun.Kind.pay:
        raise Refusal("runs.no_row", "这次计算里没有这一格", why="网址里的人员或规则不在这次计算里", do="请从计算的名单里点开数字")
    law, on = law_of(run.law_hash), day_date(int(rows.days[at[0]]))
    bound = binding.workers([subject], on=on, known_by=run.known_by, terms=law.terms)[0]
    step = answer(law, binding.with_entries(bound), name, on=on)
    row = rows.part(at)
    full = places.full_names(row.places.tolist(), on=on, above=run.place)
    place = int(row.places[0])
    context = {
        "card": as_dict(step, law.terms), "about": f"{people_named(row, scope)[0]}（{full.get(place, place)}）", "why_href": "",
        "moment": Moment(on, run.known_by, moment_in(request).today),
        "differs": "" if encoded(step) == row.answers[name][0] else answer_text(int(row.answers[name][0]), said_of(run)[name], law.terms),
    }  # fmt: skip
    return render(request, "policy/run_card_part.html" if request.headers.get("HX-Request") else "policy/run_card.html", context)


def _may_rename(request: HttpRequest, run: KeptRun) -> bool:
    return scope_in(request).may("pay" if run.kind == KeptRun.Kind.pay else "simulate", run.place)


@page("simulate")
@require_POST
def rename(request: HttpRequest, number: int) -> HttpResponse:
    """Another name; nothing else of a run changes."""
    run = run_seen(scope_in(request), number)
    scope_in(request).require("pay" if run.kind == KeptRun.Kind.pay else "simulate", run.place, what=f"给第 {number} 号计算改名")
    kept.rename(run, request.POST.get("name", ""))
    messages.success(request, f"已改名为“{run.name}”。")
    return redirect("runs_run", run.pk)


@page("see")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """The run worked out again from the ledger and its law set, compared byte for byte."""
    run = run_seen(scope_in(request), number)
    if run.people > AT_ONCE:
        raise too_many(f"jiceng runs check {run.pk}", run.people)
    if reproduced(run):
        messages.success(request, f"再算一遍的结果与保存的逐字节相同（{run.people:,} 人，摘要 {run.hash[:16]}…）。")
    else:
        why = "可能是台账被截断、改过，或软件换了版本"
        messages.error(request, f"再算一遍的结果与保存的不同：{why}。请运行 jiceng verify，并告诉管理员。")
    return redirect("runs_run", run.pk)


def too_many(command: str, people: int) -> Refusal:
    """The refusal of what takes longer than a page may."""
    return Refusal("runs.many", f"有 {people:,} 人，一页等不了这么久", why=f"页面上最多算 {AT_ONCE:,} 人", do=f"请管理员运行 {command}")


@page("see")
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Every row as a workbook, names as the account may see them; on record before it is sent."""
    scope, run = scope_in(request), run_seen(scope_in(request), number)
    rows, now = kept.rows_of(run), clock()
    content = workbook(run, rows, scope=scope, terms=installed_law().terms, by=str(request.user), at=now)
    log_export(run, rows, scope=scope)
    return attachment(content, name=f"{run.name}-{run.on:%Y%m%d}.xlsx", type=XLSX)

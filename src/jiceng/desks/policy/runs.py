"""Kept runs: the list, one run by place and by answer, renamed, worked out again, taken out as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jiceng.access.actors import shown_actors
from jiceng.base.kinds import KIND_NAMES, AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.documents.sending import attachment
from jiceng.documents.sheets import XLSX
from jiceng.pay.kept_runs import reproduced
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports.kept_runs import (
    log_export,
    run_seen,
    runs_in,
    said_of,
    sum_text,
    workbook,
)
from jiceng.runs import kept
from jiceng.runs.kept_difference import VALUES
from jiceng.runs.kept_rows import Rows
from jiceng.runs.law import installed_law
from jiceng.runs.models import KeptRun
from jiceng.terms.registry import Terms
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
    """A place one level down: its people and each sum (name, title, text); `own`: who stands at no place below."""

    code: int
    name: str
    people: int
    sums: tuple[tuple[str, str, str], ...]
    own: bool


@page("see")
def runs_list(request: HttpRequest) -> HttpResponse:
    """The runs of the places one may see, the latest first."""
    scope = scope_in(request)
    kind = request.GET.get("kind", "")
    held = runs_in(scope).filter(kind=kind) if kind in KeptRun.Kind.values else runs_in(scope)
    found = Paginator(held, PAGE_SIZE).get_page(request.GET.get("page", ""))
    rows = list(found.object_list)
    above = tree.parent_of(scope.places[0]) if len(scope.places) == 1 else tree.NATION
    names = places.full_names({row.place for row in rows}, on=moment_in(request).today, above=above)
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
    others = [one for one in runs_in(scope).exclude(pk=run.pk)[: 2 * PAGE_SIZE] if _comparable(run, one)]
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


def _comparable(run: KeptRun, other: KeptRun) -> bool:
    """Whether `between` would take them: one place inside the other, and a rule in common."""
    apart = not (tree.contains(run.place, other.place) or tree.contains(other.place, run.place))
    return not apart and not said_of(run).keys().isdisjoint(said_of(other))


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
        sums = tuple((name, said[name]["title"], _sum(inside.answers[name], said[name], terms)) for name in summed)
        found.append(PlaceLine(code, names.get(code, str(code)), len(inside), sums, code == place))
    return found


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

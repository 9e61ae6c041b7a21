"""What a simulation found: the sentence above, by place, by clause, by rule, place rules; and several saved ones side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.printing import number_text
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of
from jiceng.base.refusals import Refusal
from jiceng.desks.policy import trials
from jiceng.desks.policy.models import Trial
from jiceng.desks.policy.trial_figures import WHAT, Figures
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.rules.types import TypeRef
from jiceng.runs.law import installed_law
from jiceng.runs.simulated import Share
from jiceng.ui.pages import moment_in, page, scope_in

MONTHS = 12
MOST_COMPARED = 6
MOST_PLACES = 60
"""So many places of the place rules stand on the page; the workbook has all."""


@dataclass(frozen=True)
class MovedShown:
    """One rule with its answers before and after in words, where they can be summed."""

    told: Mapping[str, Any]
    before: str
    after: str


@dataclass(frozen=True)
class PlaceLine:
    """One answer of a place that comes out otherwise."""

    code: int
    name: str
    rule: str
    title: str
    before: str
    after: str


@page("simulate")
def trial_page(request: HttpRequest, number: int) -> HttpResponse:
    """A simulation, whole or of one place inside it.

    Errors  Concealed; refusals of `figures`; Refusal page.filter for a place that is not inside
    """
    trial = trials.seen(scope_in(request), number, account=request.user.pk or 0)
    found = trials.figures(trial)
    place = place_in(request, trial)
    here, below = found.share(place), found.below(place)
    trail = [code for code in (*tree.ancestors(place), place) if tree.contains(trial.place, code) and code]
    names = places.names_of({*(one.place for one in below), *trail, trial.place}, on=moment_in(request).today)
    lines = trial.told["lines"]
    context = {
        "trial": trial, "told": trial.told, "place": place, "names": names, "trail": trail, "here": here, "below": below,
        "year": here.cost * MONTHS, "counts": {what: len(found.group(what, place=place)) for what in WHAT}, "formless": not lines,
        "reasons": [(KIND_NAMES[kind], number) for kind, number in found.reasons(place, lines)],
        "moved": moved_shown(trial), "own": trial.account.pk == request.user.pk,
        "lines": place_lines(found, trial, on=moment_in(request).today, most=MOST_PLACES), "many": rows_of_places(found),
        "apart": here.cost != here.gain,
    }  # fmt: skip
    return render(request, "policy/simulation.html", context)


def place_in(request: HttpRequest, trial: Trial) -> int:
    """The place an address asks for, inside the simulation's own."""
    text = request.GET.get("place", "")
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 13 else trial.place
    if not tree.contains(trial.place, place):
        what = "这个地方不在这次试算里"
        raise Refusal("page.filter", what, where="网址里的地方", do="请从试算页的分地方表里点开")
    return place


def said(answer: int, name: str, trial: Trial) -> str:
    """An answer in words, as the law had it when the simulation was made."""
    kind = kind_of(answer)
    if kind is not AnswerKind.value:
        return "—" if kind is AnswerKind.no_rule else KIND_NAMES[kind]
    how = trial.told["names"][name]
    return number_text(answer, TypeRef(how["type"]), how["unit"], installed_law().terms)


def moved_shown(trial: Trial) -> list[MovedShown]:
    """Worker rules whose answers come out otherwise, the most people first."""
    rows = [one for one in trial.told["moved"] if one["of"] == "worker"]
    found = []
    for one in sorted(rows, key=lambda one: -one["changed"]):
        summed = one["type"] in ("Yuan", "int", "Ratio") and one["before"] is not None
        words = [number_text(one[side], TypeRef(one["type"]), one["unit"], installed_law().terms) for side in ("before", "after") if summed]
        found.append(MovedShown(one, *(words or ("", ""))))
    return found


def rows_of_places(found: Figures) -> int:
    """How many answers of places come out otherwise."""
    return sum(int((old != found.around_after[name]).sum()) for name, old in found.around_before.items())


def place_lines(found: Figures, trial: Trial, *, on: Any, most: int | None) -> list[PlaceLine]:
    """Answers of places that come out otherwise, the widest place first."""
    differing = [
        (tree.level_of(int(code)), int(code), name, int(old), int(new))
        for name, before in found.around_before.items()
        for code, old, new in zip(found.around.tolist(), before.tolist(), found.around_after[name].tolist(), strict=True)
        if old != new
    ]
    differing.sort(key=lambda one: (one[0], tree.padded(one[1])))
    chosen = differing[:most]
    names = places.full_names({code for _, code, *_ in chosen}, on=on, above=tree.parent_of(trial.place) if trial.place else 0)
    titles = {name: one["title"] for name, one in trial.told["names"].items()}
    return [
        PlaceLine(code, names.get(code, str(code)), name, titles[name], said(old, name, trial), said(new, name, trial))
        for _, code, name, old, new in chosen
    ]


# ---- side by side ----


@dataclass(frozen=True)
class Compared:
    """One simulation among those compared, with its whole and its shares by place."""

    trial: Trial
    total: Share
    even: int
    unknown: int
    by_place: Mapping[int, Share]

    @property
    def year(self) -> int:
        return self.total.cost * MONTHS


@page("simulate")
def compare(request: HttpRequest) -> HttpResponse:
    """Saved simulations side by side: what each changes, the same figures of each, by place where they are of one place.

    Errors  Concealed; Refusal simulation.compare for fewer than two, or more than fit
    """
    asked = [int(text) for text in dict.fromkeys(request.GET.getlist("one")) if text.isascii() and text.isdigit() and len(text) < 16]
    if not 2 <= len(asked) <= MOST_COMPARED:
        why = f"勾了 {len(asked)} 个，要两个到 {MOST_COMPARED} 个"
        raise Refusal("simulation.compare", "不能并排比较", why=why, do="请回到试算的列表，勾选要比较的")
    scope = scope_in(request)
    shown = [_compared(trials.seen(scope, number, account=request.user.pk or 0)) for number in asked]
    codes = list(dict.fromkeys(code for one in shown for code in one.by_place)) if len({one.trial.place for one in shown}) == 1 else []
    on = moment_in(request).today
    above = {one.trial.place for one in shown}
    names = {**places.full_names(above, on=on), **places.full_names(codes, on=on, above=min(above))}
    lines = [(code, [one.by_place.get(code) for one in shown]) for code in codes]
    return render(request, "policy/simulation_compare.html", {"shown": shown, "names": names, "lines": lines})


def _compared(trial: Trial) -> Compared:
    found = trials.figures(trial)
    even, unknown = (len(found.group(what, place=trial.place)) for what in ("even", "unknown"))
    return Compared(trial, found.share(trial.place), even, unknown, {one.place: one for one in found.below(trial.place)})

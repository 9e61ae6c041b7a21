"""The workbench: the figures of a place, each with its mark and the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.card import face
from jiceng.base.kinds import AnswerKind
from jiceng.base.quantities import MILLION
from jiceng.desks.workforce.charts import breakdowns, map_of
from jiceng.desks.workforce.lists import LISTS, counted
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.runs.overview import Line, Overview, has_value, overview
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.pages import moment_in, page, scope_in

LINE_FIGURES = ("workers_total", "quota_exact", "gap_exact", "rate_per_10k")


@dataclass(frozen=True)
class CountTile:
    """A count with the key of its list on the roster page."""

    key: str
    title: str
    number: int
    meaning: str
    rule: str
    mark: str
    urgent: bool


@dataclass(frozen=True)
class PlaceRow:
    """One place below, with its figures as cards; `share` is the counted workers against quota, for the bar."""

    code: int
    name: str
    members: int
    cards: dict[str, dict[str, Any]]
    share: float | None


@page("see")
def workbench(request: HttpRequest) -> HttpResponse:
    """The figures of one place; without a place asked for, of the account's own."""
    scope, moment = scope_in(request), moment_in(request)
    asked = request.GET.get("place", "")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=moment.on)
    if not choice.chosen:
        return render(request, "workforce/workbench_choose.html", {"choice": choice})
    seen = _overview(choice, moment)
    terms = installed_law().terms
    context = {
        "choice": choice,
        "seen": seen,
        "cards": {name: face(step, terms) for name, step in seen.steps.items()},
        "partial": {name: face(step, terms) for name, step in seen.partial.items()},
        "counts": count_tiles(seen),
        "rows": [place_row(one) for one in seen.lines],
        "structure": breakdowns(seen),
        "map": map_of(seen, choice.below, wanted=request.GET.get("figure", "")),
        "may_record": scope.may("record", choice.chosen),
    }
    return render(request, "workforce/workbench.html", context)


def _overview(choice: PlaceChoice, moment: Any) -> Overview:
    return overview(choice.chosen, on=moment.on, today=moment.today, known_by=moment.known_by, counted=counted())


def count_tiles(seen: Overview) -> list[CountTile]:
    """The counts in the order of the lists, with the clause that decides each."""
    law = installed_law()
    definitions = law.regime(seen.place, seen.on).definitions
    tiles = []
    for (key, entry), count in zip(LISTS.items(), seen.counts, strict=True):
        definition = definitions.get(entry.rule)
        if definition is None:
            continue
        mark = f"〔{definition.document.short}·{definition.clause}〕"
        tiles.append(CountTile(key, entry.title, count.number, entry.meaning, entry.rule, mark, entry.urgent))
    return tiles


def place_row(one: Line) -> PlaceRow:
    """One line of the table of places."""
    terms = installed_law().terms
    quota, counted = one.steps.get("quota_exact"), one.steps.get("workers_total")
    share = None
    if has_value(quota) and has_value(counted) and quota.value:  # type: ignore[union-attr]
        share = int(counted.value) * MILLION / int(quota.value)  # type: ignore[union-attr, arg-type]
    cards = {name: face(one.steps[name], terms) for name in LINE_FIGURES if name in one.steps}
    return PlaceRow(one.code, one.name, one.members, cards, share)


@page("see")
def asks(request: HttpRequest) -> HttpResponse:
    """Places whose figure nobody has told: a list to ask, never zero."""
    scope, moment = scope_in(request), moment_in(request)
    own = scope.places_for("see")
    names = places.names_of(own, on=moment.on)
    found = [(names[code], _to_ask(_overview(PlaceChoice(code, (), ()), moment), names[code])) for code in own if code in names]
    return render(request, "workforce/asks.html", {"found": found, "may_record": bool(scope.places_for("record"))})


def _to_ask(seen: Overview, name: str) -> tuple[tuple[int, str], ...]:
    own = seen.steps.get("quota_exact")
    if not seen.to_ask and own is not None and own.kind == AnswerKind.missing:
        return ((seen.place, name),)
    return seen.to_ask

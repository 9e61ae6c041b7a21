"""The last 24 month-ends of a place as a part of the workbench, and who came and went in one of the months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from jiceng.answers.card import value_text
from jiceng.answers.step import Step
from jiceng.base.dates import day_after
from jiceng.base.quantities import MILLION
from jiceng.base.refusals import Refusal
from jiceng.runs.law import installed_law
from jiceng.runs.movements import UNRECORDED, movements
from jiceng.runs.movements_seen import NO_CAUSE, WAYS, causes, moves_seen, steps_of
from jiceng.runs.overview import has_value
from jiceng.runs.trend import MonthEnd, trend
from jiceng.ui.choices import place_choice
from jiceng.ui.moment import day_asked
from jiceng.ui.pages import moment_in, page, scope_in

MOVES_SHOWN = 100
UNTOLD = "untold"
"""How an address says that nobody recorded why somebody left."""


@dataclass(frozen=True)
class Row:
    """One month-end of the table. `month` as addresses say it; `partial`: quota and gap leave out places that have not told."""

    on: date
    month: str
    point: MonthEnd
    counted: dict[str, Any] | None
    quota: dict[str, Any] | None
    gap: dict[str, Any] | None
    partial: bool


@page("see")
def trend_page(request: HttpRequest) -> HttpResponse:
    """The trend of a place: a part for the workbench, a page of its own without script."""
    scope, moment = scope_in(request), moment_in(request)
    choice = place_choice(scope, number_in(request, "place"), on=moment.on)
    if not choice.chosen:
        return render(request, "workforce/workbench_choose.html", {"choice": choice})
    context: dict[str, Any] = {"choice": choice, "place": choice.chosen, "part": request.htmx}  # type: ignore[attr-defined]
    try:
        points = trend(choice.chosen, on=moment.on, known_by=moment.known_by)
    except Refusal as refusal:
        if refusal.id != "runs.building" or not context["part"]:
            raise
        return render(request, "workforce/trend_waiting.html", {**context, "refusal": refusal})
    rows = [_row(point) for point in points]
    known = "" if moment.known_by is None else moment.known_value
    context |= {"rows": rows[::-1], "untold": max(p.untold for p in points), "known": known}
    context["chart"] = _chart(choice.chosen, rows, known)
    return render(request, "workforce/trend_part.html" if context["part"] else "workforce/trend.html", context)


def _row(point: MonthEnd) -> Row:
    steps = point.partial or point.steps
    counted, quota, gap = (steps.get(name) for name in ("workers_total", "quota_exact", "gap_exact"))
    whole = point.steps.get("workers_total") if point.partial else counted
    return Row(point.on, f"{point.on:%Y-%m}", point, _card(whole), _card(quota), _card(gap), bool(point.partial))


def _card(step: Step | None) -> dict[str, Any] | None:
    """What a cell of the table needs of an answer; its card is behind the link."""
    if step is None or not has_value(step):
        return None
    return {"value": step.value, "text": value_text(step.value, step.type, step.unit, installed_law().terms)}


def _chart(place: int, rows: list[Row], known: str) -> dict[str, Any]:
    """What the chart is drawn from; the table beside it says the same."""
    quota = "应配（已报人口的地方）" if rows[-1].partial else "应配"
    asked = {"place": place, **({"known": known} if known else {})}
    return {
        "days": [row.on.isoformat() for row in rows],
        "lines": [
            {"name": "在册（各类人员）", "values": [row.point.in_service for row in rows]},
            {"name": "计入配备", "values": [row.counted["value"] if row.counted else None for row in rows]},
            {"name": quota, "dashed": True, "values": [_people(row.quota) for row in rows]},
        ],
        "bars": [
            {"name": "进入和调入", "values": [row.point.came + row.point.moved_in for row in rows]},
            {"name": "离任和调出", "values": [-row.point.left - row.point.moved_out for row in rows]},
        ],
        "day": f"{reverse('workbench')}?{urlencode(asked)}&on=",
        "month": f"{reverse('moves')}?{urlencode(asked)}&month=",
    }


def _people(card: dict[str, Any] | None) -> float | None:
    """An exact number of people to two places, for drawing."""
    return round(int(card["value"]) / MILLION, 2) if card else None


# ---- who came and went ----


@page("see")
def moves_page(request: HttpRequest) -> HttpResponse:
    """Who came into service, left it or moved, in one month (`month`) or from a day on (`since`); of those who left, by cause.

    Errors  Refusal page.filter if the month or day is none
    """
    scope, moment = scope_in(request), moment_in(request)
    choice = place_choice(scope, number_in(request, "place"), on=moment.on)
    if not choice.chosen:
        return render(request, "workforce/workbench_choose.html", {"choice": choice})
    since, until, period = _period(request, moment.on)
    found = movements(choice.chosen, since=since, until=until, known_by=moment.known_by)
    way, cause = request.GET.get("way", ""), request.GET.get("cause", "")
    counts = [(key, word, len(getattr(found, key))) for key, word in WAYS.items()]
    wanted = None if not cause else UNRECORDED if cause == UNTOLD else cause
    listed = list(steps_of(found, way=way if way in WAYS else "", cause=wanted))
    shown = listed[:MOVES_SHOWN]
    context = {
        "choice": choice, "since": since, "last": until - timedelta(days=1), "period": urlencode(period), "counts": counts, "way": way,
        "cause": causes().get(cause, NO_CAUSE) if cause else "", "number": len(listed), "by_month": "month" in period,
        "moves": moves_seen(scope, shown, on=until - timedelta(days=1), above=choice.chosen), "cut": len(listed) - len(shown),
        "before": f"{since - timedelta(days=1):%Y-%m}", "after": f"{until:%Y-%m}" if until <= moment.on else "",
    }  # fmt: skip
    return render(request, "workforce/moves.html", context)


def _period(request: HttpRequest, on: date) -> tuple[date, date, dict[str, str]]:
    """The days asked for, half open, and how the address says them."""
    text = request.GET.get("since", "")
    if text:
        since = day_asked(text, today=on)
        return since, day_after(max(since, on)), {"since": since.isoformat()}
    since = _month(request.GET.get("month", "") or f"{on:%Y-%m}")
    return since, (since + timedelta(days=31)).replace(day=1), {"month": f"{since:%Y-%m}"}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Refusal(
            "page.filter", f"“{text}”不是月份", where="网址里的月份", why="月份写作 2026-05", do="请从工作台的走势表里点开"
        ) from None


def number_in(request: HttpRequest, key: str) -> int:
    """A place code out of the address; 0 if there is none."""
    text = request.GET.get(key, "")
    return int(text) if text.isascii() and text.isdigit() else 0

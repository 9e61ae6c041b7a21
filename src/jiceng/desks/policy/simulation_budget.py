"""Next year's budget of a simulation, month by month: worked out on request, drawn on the server, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from jiceng.base.quantities import plain
from jiceng.base.refusals import Refusal
from jiceng.desks.policy import trials
from jiceng.desks.policy.models import Trial
from jiceng.places import reading as places
from jiceng.runs.scenarios import scenario_of
from jiceng.runs.simulating import months, year_of
from jiceng.ui.pages import moment_in, page, scope_in

FIRST, LAST = 1990, 2100
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 260, 92, 16, 18, 34
TICKS = 4
_FEN = 100
log = structlog.get_logger("jiceng.desks")


@page("simulate")
def budget(request: HttpRequest, number: int) -> HttpResponse:
    """The months of a year under both laws, of the whole place or of one below; posted, they are worked out, in the background.

    Errors  Concealed; refusals of `figures`; Refusal page.filter for a year that is none, or a place that is not in it;
            simulation.working while it is worked out
    """
    trial = trials.seen(scope_in(request), number, account=request.user.pk or 0)
    trials.figures(trial)
    year = _year(request.GET.get("year", "") or request.POST.get("year", ""), default=moment_in(request).today.year + 1)
    kept: Mapping[str, Any] = trial.told.get("budgets", {})
    told = kept.get(str(year))
    if request.method == "POST" and (told is None or "refusal" in told):
        _mark(trial.pk, year, {"since": timezone.now().isoformat()})
        work_out.enqueue(number=trial.pk, year=year)
        return redirect(f"{reverse('simulation_budget', args=[trial.pk])}?year={year}")
    if told and "since" in told:
        if (timezone.now() - datetime.fromisoformat(told["since"])).total_seconds() < trials.STALLED_SECONDS:
            raise Refusal("simulation.working", "正在逐月计算", why="十二个月，每月都要逐人算两遍")
        told = None
    if told and "refusal" in told:
        messages.error(request, Refusal(**told["refusal"]).text)
        told = None
    on = moment_in(request).today
    context: dict[str, Any] = {
        "trial": trial, "year": year, "years": sorted({*map(int, kept), year, year + 1}), "told": told,
        "name": places.full_name(trial.place, on=on), "part": 0,
    }  # fmt: skip
    if told:
        place = _place(request.GET.get("place", ""), trial, told)
        lines = of_place(told, place) if place else told["months"]
        names = places.full_names({one["place"] for one in told["shares"]}, on=on, above=trial.place)
        context |= {
            "lines": lines, "sum": summed(lines), "chart": chart(lines), "part": place, "part_name": names.get(place, str(place)),
            "shares": [(names.get(one["place"], str(one["place"])), one) for one in told["shares"]],
        }  # fmt: skip
    return render(request, "policy/simulation_budget.html", context)


def _place(text: str, trial: Trial, told: Mapping[str, Any]) -> int:
    """The place below that is asked for; 0 for the whole."""
    if not text or text == str(trial.place):
        return 0
    if text not in {str(one["place"]) for one in told["shares"]}:
        raise Refusal("page.filter", f"这份预算里没有“{text[:20]}”", where="网址里的地方", do="请从“分地方”的表里点开")
    return int(text)


def of_place(told: Mapping[str, Any], place: int) -> list[dict[str, Any]]:
    """The months of one place below."""
    nothing = dict.fromkeys(told["shares"][0], 0)
    return [
        {**next((part for part in month["parts"] if part["place"] == place), nothing), "on": month["on"]} for month in told["months"]
    ]  # fmt: skip


def _year(text: str, *, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and FIRST <= int(text) <= LAST):
        raise Refusal("page.filter", f"“{text[:20]}”不是年份", where="网址里的年份", do=f"请写 {FIRST} 到 {LAST} 之间的年份")
    return int(text)


@task()
def work_out(number: int, year: int) -> None:
    """The months of a year, kept with the trial; a refusal is kept in their place."""
    trial = Trial.objects.get(pk=number)
    scenario = scenario_of(trial.scenario)
    try:
        law, _ = trials.laws_of(trial)
        names = trials.looked_at(scenario, trial.told["money"], place=trial.place, on=trial.on, law=law)
        found = months(
            scenario, place=trial.place, since=date(year, 1, 1), until=date(year, 12, 31), known_by=trial.known_by, names=names, law=law
        )  # fmt: skip
        told = [
            {
                **asdict(one), "on": one.on.isoformat(), "change": one.change,
                "parts": [asdict(part) | {"change": part.change} for part in one.parts],
            }
            for one in found
        ]  # fmt: skip
        shares = [asdict(one) | {"change": one.change} for one in year_of(found)]
        _mark(number, year, {"months": told, "shares": shares})
    except Refusal as refusal:
        log.info("refused", refusal=refusal.id, trial=number)
        _mark(number, year, {"refusal": refusal.as_dict()})
    except Exception:
        broken = Refusal("simulation.broken", "逐月计算中断", why="系统出错，日志里有记录", do="请重试；再次出现请告诉管理员")
        _mark(number, year, {"refusal": broken.as_dict()})
        raise


def _mark(number: int, year: int, told: Mapping[str, Any]) -> None:
    trial = Trial.objects.get(pk=number)
    trial.told = {**trial.told, "budgets": {**trial.told.get("budgets", {}), str(year): dict(told)}}
    trial.save(update_fields=["told"])


def summed(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The year: the sum of its months."""
    return {key: sum(line[key] for line in lines) for key in ("before", "after", "change", "hand_before", "hand_after")}


# ---- the chart ----


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    y: float
    text: str


@dataclass(frozen=True)
class Dot:
    """One month of one line."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Two lines over twelve months, as an SVG picture draws them. `from_zero`: whether the scale begins at 0."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    names: tuple[Dot, ...]
    before: tuple[Dot, ...]
    after: tuple[Dot, ...]
    before_path: str
    after_path: str
    left: int
    right: int
    base: int


def chart(lines: Sequence[Mapping[str, Any]]) -> Chart:
    """What is paid a month, before and after."""
    values = [line[side] for line in lines for side in ("before", "after")]
    low, high = min(values), max(values)
    step = _step((high - low) or high or 1)
    bottom, top = (low // step) * step, (high // step + 1) * step
    scale = (HEIGHT - TOP - BOTTOM) / (top - bottom)
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(lines) - 1)

    def dots(side: str) -> tuple[Dot, ...]:
        return tuple(
            Dot(round(LEFT + n * wide, 1), round(HEIGHT - BOTTOM - (line[side] - bottom) * scale, 1), _yuan(line[side]))
            for n, line in enumerate(lines)
        )

    ticks = tuple(Tick(round(HEIGHT - BOTTOM - (at - bottom) * scale, 1), _yuan(at)) for at in range(bottom, top + 1, step))
    names = tuple(Dot(round(LEFT + n * wide, 1), HEIGHT - 10, f"{int(line['on'][5:7])}月") for n, line in enumerate(lines))
    paths = [" ".join(f"{'L' if n else 'M'}{dot.x} {dot.y}" for n, dot in enumerate(dots(side))) for side in ("before", "after")]
    return Chart(
        WIDTH, HEIGHT, ticks, names, dots("before"), dots("after"), paths[0], paths[1], LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM
    )  # fmt: skip


def _step(span: int) -> int:
    """A round number of fen, about a quarter of the span, at least one yuan."""
    size = _FEN
    while size * 10 * TICKS <= span:
        size *= 10
    return next(size * times for times in (1, 2, 5, 10) if size * times * TICKS >= span or times == 10)


def _yuan(fen: int) -> str:
    """Fen on the scale, in yuan or 万元."""
    return f"{plain(fen)} 万元" if abs(fen) >= 10_000 * _FEN else f"{plain(fen * 10_000)} 元"

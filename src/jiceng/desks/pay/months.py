"""Pay by month and place: where each sheet stands, its sums, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access.actors import shown_actors
from jiceng.base.refusals import Refusal
from jiceng.pay.models import PaySheet
from jiceng.pay.months import PlaceMonth, next_step, of_month, states_inside, states_of, usual_month
from jiceng.pay.sheets import form_of
from jiceng.pay.stays import month_before, month_name, next_month
from jiceng.places import tree
from jiceng.runs.law import installed_law
from jiceng.runs.models import State as Serving
from jiceng.runs.roster import RosterFilter, find
from jiceng.runs.standing import moment_for
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.pages import moment_in, page, scope_in

COLOURS = {"calculated": "", "returned": "red", "checked": "amber", "approved": "amber", "locked": "green"}
_MONTHS = 6


@dataclass(frozen=True)
class MonthLine:
    """One place of the list. `serving`: how many are in service today, where nothing was calculated yet."""

    of: PlaceMonth
    colour: str
    todo: str
    serving: int


@page("pay")
def months(request: HttpRequest) -> HttpResponse:
    """The sheets of a month, by sub-district of a county; above a county, by county."""
    scope, today = scope_in(request), moment_in(request).today
    asked = request.GET.get("place", "")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=today, permission="pay")
    month = month_asked(request.GET.get("month", ""), today)
    strip = _strip(choice, month, today)
    context = {"choice": choice, "month": month, "month_name": month_name(month), "strip": strip, "form": None}
    if not choice.chosen or tree.level_of(choice.chosen) < tree.Level.county:
        told = states_inside([code for code, _ in choice.below], month)
        context["counties"] = [(code, name, _counted(told[code])) for code, name in choice.below]
        return render(request, "pay_desk/counties.html", context)
    lines = _lines(request, choice, month)
    shown = [one for one in lines if one.of.kept or one.serving or one.of.before]
    context |= {
        "form": _form(choice.chosen, month),
        "lines": shown,
        "hidden": len(lines) - len(shown),
        "actors": shown_actors(one.of.last.actor for one in shown if one.of.last),
        "sums": _sums(shown),
        "todo": _todo(shown),
        "may_draft": scope.may("draft_law", choice.chosen),
    }
    return render(request, "pay_desk/months.html", context)


def month_asked(text: str, today: date) -> date:
    """The month of an address (2026-10); the usual one where there is none, or none that can be."""
    try:
        return date.fromisoformat(f"{text}-01") if text else usual_month(today)
    except ValueError:
        return usual_month(today)


def _form(place: int, month: date) -> str:
    """The title of the form in force; "" where no folder has one."""
    try:
        return form_of(place, month, law=installed_law()).title
    except Refusal:
        return ""


def _strip(choice: PlaceChoice, month: date, today: date) -> list[tuple[date, str, str]]:
    """The months around: (month, name, how many sheets stand where)."""
    last = max(next_month(usual_month(today)), month)
    found = [last]
    while len(found) < _MONTHS:
        found.append(month_before(found[-1]))
    counts = states_of(choice.chosen, found) if choice.chosen else {one: {} for one in found}
    return [(one, month_name(one), _counted(counts[one])) for one in found]


def _counted(counts: dict[str, int]) -> str:
    return "，".join(f"{state.label} {counts[state]}" for state in PaySheet.State if counts.get(state)) or "没有表"


def _lines(request: HttpRequest, choice: PlaceChoice, month: date) -> list[MonthLine]:
    scope, moment = scope_in(request), moment_in(request)
    county = choice.chosen
    inside = choice.below if tree.level_of(county) < tree.Level.street else ()
    own = [(county, choice.name)]
    found = of_month([*own, *inside], month)
    if inside and found[0].kept is None:
        found = found[1:]
    at = moment_for(on=moment.today, known_by=None, today=moment.today)
    serving = find(at, ranges=[tree.span(county)], filters=RosterFilter(state=Serving.in_service))
    return [
        MonthLine(
            one, COLOURS[one.kept.state] if one.kept else "grey",
            next_step(one, today=moment.today, may_lock=scope.may("lock_pay", one.place)), serving.count_inside(one.place),
        )
        for one in found
    ]  # fmt: skip


def _sums(lines: list[MonthLine]) -> dict[str, int]:
    told = [one.of.sheet.totals for one in lines if one.of.sheet]
    names = ("people", "gross", "net", "employer", "arrears", "waiting")
    return {name: sum(getattr(one, name) for one in told) for name in names} | {"more": sum(one.of.more or 0 for one in lines)}


def _todo(lines: list[MonthLine]) -> str:
    """The month in one sentence: how far it is, and what comes first."""
    locked = sum(1 for one in lines if one.of.kept and one.of.kept.state == PaySheet.State.locked)
    if not lines:
        return "这里还没有在册人员，也没有工资表。"
    if locked == len(lines):
        return f"{len(lines)} 张表都已锁定，可以发工资条、导出银行表和社保表。"
    first = next(one for one in lines if not (one.of.kept and one.of.kept.state == PaySheet.State.locked))
    return f"{len(lines)} 个街道（乡镇）里已锁定 {locked} 个。下一步：{first.of.name}，{first.todo}。"

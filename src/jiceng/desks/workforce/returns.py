"""Returns: the list by period and place with what to do next, the table itself live or frozen, and the acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jiceng.access.actors import shown_actors
from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.returns_table import asked_sheet, shown_table
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports import states
from jiceng.reports.comparing import latest, parts
from jiceng.reports.frozen import whole
from jiceng.reports.models import Return, Step
from jiceng.reports.returns import Period, Worked, worked_out
from jiceng.reports.saying import month_before, period_text, usual_periods
from jiceng.reports.seen import correction_of, figures, kept_periods, last_steps, return_seen
from jiceng.reports.states import By
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.moment import day_asked
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

FORM = "status"
State = Return.State
COLOURS = {State.draft: "grey", State.submitted: "amber", State.returned: "red", State.locked: "green", State.corrected: "grey"}
PERIODS = 24


@dataclass(frozen=True)
class ListLine:
    """A place and its return for the period chosen; `todo` says what comes next and `href` leads there."""

    code: int
    name: str
    row: Return | None
    last: Step | None
    colour: str
    todo: str
    href: str


def by_of(request: HttpRequest) -> By:
    """Who acts, today."""
    account = request.user if request.user.is_authenticated else None
    return By(actor_of(request), moment_in(request).today, account, scope_in(request))  # type: ignore[arg-type]


@page("see")
def returns(request: HttpRequest) -> HttpResponse:
    """The returns of a place and of those directly below it, for one period."""
    scope, moment = scope_in(request), moment_in(request)
    asked = request.GET.get("place", "")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=moment.today)
    if not choice.chosen:
        return render(request, "workforce/workbench_choose.html", {"choice": choice})
    periods = _periods(choice, moment.today)
    period = _chosen(request.GET.get("period", ""), periods)
    held = latest(FORM, [choice.chosen, *(code for code, _ in choice.below)], period)
    who = by_of(request)
    names = [(choice.chosen, choice.name), *choice.below]
    last = last_steps(held.values())
    lines = [_line(code, name, held.get(code), last, period, who) for code, name in names]
    context = {
        "choice": choice,
        "period": period,
        "period_text": period_text(period),
        "periods": [(_key(one), period_text(one)) for one in periods],
        "period_key": _key(period),
        "lines": lines,
        "actors": shown_actors(one.last.actor for one in lines if one.last),
        "counts": _counts(held, [code for code, _ in choice.below]),
        "may_submit": scope.may("submit", choice.chosen),
    }
    return render(request, "workforce/returns.html", context)


def _periods(choice: PlaceChoice, today: date) -> list[Period]:
    """Periods that there are returns for, the month just over among them, the latest first."""
    found = {*kept_periods(FORM, choice.chosen, most=PERIODS), month_before(today)}
    return sorted(found, key=lambda one: (one.on, one.since), reverse=True)


def _key(period: Period) -> str:
    return f"{period.since:%Y%m%d}-{period.on:%Y%m%d}"


def _chosen(text: str, periods: list[Period]) -> Period:
    return next((one for one in periods if _key(one) == text), periods[0])


def _line(code: int, name: str, row: Return | None, last: dict[int, Step], period: Period, who: By) -> ListLine:
    scope = who.scope
    assert scope is not None
    preview = f"new/{code}/{period.since}/?on={period.on}"
    if row is None:
        return ListLine(code, name, None, None, "grey", "填报" if scope.may("submit", code) else "", preview)
    return ListLine(code, name, row, last.get(row.pk), COLOURS[State(row.state)], _todo(row, scope, who), f"{row.pk}/")


def _todo(row: Return, scope: Scope, who: By) -> str:
    own = scope.may("submit", row.place)
    if row.state == State.submitted:
        return "审核：锁定或退回" if states.may_lock(row, who) else "等上一级审核"
    if row.state == State.returned:
        return "按退回原因更正后重报" if own else "等下级重报"
    if row.state == State.draft:
        return "核对后上报" if own else "等下级上报"
    return ""


def _counts(held: dict[int, Return], below: list[int]) -> list[tuple[str, int]]:
    told = [(state.label, sum(1 for code in below if code in held and held[code].state == state)) for state in State]
    return [*((label, number) for label, number in told if number), ("未报", sum(1 for code in below if code not in held))]


@page("see")
def preview(request: HttpRequest, place: int, since: date) -> HttpResponse:
    """A return as it would stand now: live, for the page's day and knowledge, nothing kept."""
    scope, moment = scope_in(request), moment_in(request)
    scope.require("see", place, what=f"查看区划 {place} 的报表")
    period = Period(since, moment.on)
    worked = live(place, period, request)
    context = {
        **_page_of(request, worked),
        "row": latest(FORM, [place], period).get(place),
        "may_submit": scope.may("submit", place) and moment.known_by is None and moment.on <= moment.today,
        "usual": [(name, day) for name, day in usual_periods(moment.on)],
        "since": since,
    }
    return render(request, "workforce/return_preview.html", context)


def live(place: int, period: Period, request: HttpRequest) -> Worked:
    """The figures for a page, as known at its knowledge time.

    Errors  Refusal reports.period if the period runs backwards
    """
    moment = moment_in(request)
    if period.since > period.on:
        raise Refusal("reports.period", "期间的第一天晚于最后一天", where=f"{period.since} 至 {period.on}", do="请核对期间和查看日期")
    return worked_out(FORM, place, period=period, known_by=moment.known_by, today=moment.today)


@page("see")
def return_page(request: HttpRequest, number: int) -> HttpResponse:
    """One return: frozen as it was sent up, or of a draft the figures of the moment."""
    row, worked = kept(request, number)
    scope, who = scope_in(request), by_of(request)
    above = states.may_lock(row, who)
    context = {
        **_page_of(request, worked),
        "row": row,
        "colour": COLOURS[State(row.state)],
        "steps": (taken := list(row.steps.all())),
        "actors": shown_actors(step.actor for step in taken),
        "whole": not row.frozen or whole(row),
        "correction": correction_of(row),
        "may_submit": row.state in (State.draft, State.returned, State.submitted) and scope.may("submit", row.place),
        "may_review": row.state == State.submitted and above,
        "may_correct": row.state == State.locked and scope.may("submit", row.place),
        "below": parts(worked) if tree.level_of(row.place) < tree.Level.community else None,
        "since": row.since,
    }
    return render(request, "workforce/return.html", context)


def kept(request: HttpRequest, number: int, *, permission: str = "see") -> tuple[Return, Worked]:
    """A return and its figures, if the account may see its place; whether there is one elsewhere is not told.

    Errors  Concealed (access.concealed)
    """
    row = return_seen(scope_in(request), number, permission=permission)
    return row, figures(row, today=moment_in(request).today)


def _page_of(request: HttpRequest, worked: Worked) -> dict[str, Any]:
    scope, on = scope_in(request), worked.period.on
    above = [code for code in tree.ancestors(worked.place) if scope.may("see", code)]
    names = places.names_of(above, on=on) if above else {}
    sheet = asked_sheet(worked.form, request.GET.get("sheet", ""))
    return {
        "worked": worked,
        "name": worked.lines[0].name,
        "trail": [(code, names[code]) for code in above if code in names],
        "period_text": period_text(worked.period),
        "table": shown_table(worked, sheet, deep=depth_asked(request)),
        "deep": depth_asked(request),
        "levels": range(1, tree.Level.community - tree.level_of(worked.place) + 1) if worked.place else range(1, 4),
    }


def depth_asked(request: HttpRequest) -> int:
    """How many levels below the place to show."""
    asked = request.GET.get("deep", "")
    return int(asked) if asked in ("1", "2", "3") else 1


@page("submit")
@require_POST
def submit(request: HttpRequest, place: int, since: date) -> HttpResponse:
    """Send up, or keep as a draft, the return of a place for a period."""
    moment = moment_in(request)
    on = day_asked(request.POST.get("to", ""), today=moment.on)
    period, who = Period(since, on), by_of(request)
    if request.POST.get("act") == "draft":
        row = states.draft(FORM, place, period, by=who, clock=clock)
        messages.success(request, "已存为草稿：数字仍跟着台账走，上报时才定下来。")
    else:
        why = request.POST.get("why", "")
        row = states.submit(FORM, place, period, by=who, clock=clock, today=moment.today, why=why)
        messages.success(request, "已上报。数字按上报这一刻知道的定下来，等上一级锁定或退回。")
    return redirect("returns_return", row.pk)


@page("see")
@require_POST
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Send back, lock or correct a return."""
    row, _ = kept(request, number)
    who, why = by_of(request), request.POST.get("why", "")
    if what == "back":
        row = states.send_back(row, by=who, clock=clock, why=why)
        messages.success(request, "已退回，原因写在办理经过里。")
    elif what == "lock":
        row = states.lock(row, by=who, clock=clock, why=why)
        messages.success(request, "已锁定。此后台账的更正不改变这张表。")
    elif what == "correct":
        row = states.correct(row, by=who, clock=clock, today=moment_in(request).today, why=why)
        messages.success(request, "订正版已上报，与锁定的一版并排保存，等上一级锁定。")
    else:
        raise Http404
    return redirect("returns_return", row.pk)

"""What is done with a sheet on its page: calculated, checked, approved, locked, sent back; somebody left out; worked out once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from jiceng.desks.pay.steps import by_of
from jiceng.pay import states
from jiceng.pay.models import PaySheet
from jiceng.pay.months import sheet_seen
from jiceng.reports.states import By
from jiceng.runs.standing import PAGE_SECONDS
from jiceng.ui.pages import clock, page, scope_in

Does = Callable[[PaySheet, By, str], PaySheet]
_ACTS: dict[str, tuple[Does, str]] = {
    "check": (lambda row, by, why: states.check(row, by=by, clock=clock, why=why), "已复核，等审批。"),
    "approve": (lambda row, by, why: states.approve(row, by=by, clock=clock, why=why), "已审批，可以锁定。"),
    "lock": (lambda row, by, why: states.lock(row, by=by, clock=clock, why=why), "已锁定。可以发工资条、导出银行表和社保表。"),
    "back": (lambda row, by, why: states.send_back(row, by=by, clock=clock, why=why), "已退回，原因写在办理经过里。"),
}


@page("pay")
@require_POST
def calculate(request: HttpRequest, place: int, month: date) -> HttpResponse:
    """Work the month out from what is known now, and keep it."""
    row = states.calculate(place, month, by=by_of(request), clock=clock, seconds=4 * PAGE_SECONDS)
    refused = len(states.refusals(row))
    said = f"还有 {refused} 项要处理，见“锁定前要处理的”。" if refused else "没有要处理的问题，请另一位同事复核。"
    messages.success(request, f"已计算：{row.people} 人。{said}")
    return redirect("pay_sheet", place, month)


@page("pay")
@require_POST
def act(request: HttpRequest, place: int, month: date, what: str) -> HttpResponse:
    """Check, approve, lock or send back; or work a kept sheet out once more and say whether it is the same."""
    row = sheet_seen(scope_in(request), place, month)
    if what == "again":
        _again(request, row)
        return redirect("pay_sheet", place, month)
    if what not in _ACTS:
        raise Http404
    does, said = _ACTS[what]
    does(row, by_of(request), request.POST.get("why", ""))
    messages.success(request, said)
    return redirect("pay_sheet", place, month)


def _again(request: HttpRequest, row: PaySheet) -> None:
    if states.reproduced(row):
        messages.success(request, f"由台账按 {row.hash[:12]}… 的时刻和法规重算一遍，与保存的逐字节相同。")
    else:
        messages.error(request, "重算的结果与保存的不同：台账或保存的表可能被改动过。请运行 jiceng verify，并告诉管理员。")


@page("pay")
@require_POST
def leave(request: HttpRequest, place: int, month: date, subject: int, what: str) -> HttpResponse:
    """Leave somebody out of this month with the reason, or take them in again; the sheet is calculated anew."""
    row, by = sheet_seen(scope_in(request), place, month), by_of(request)
    if what == "out":
        states.leave_out(row, subject, by=by, clock=clock, why=request.POST.get("why", ""))
        messages.success(request, "本月不列入，原因印在表上；表已重新计算。")
    elif what == "in":
        states.take_in(row, subject, by=by, clock=clock)
        messages.success(request, "已重新列入，表已重新计算。")
    else:
        raise Http404
    return redirect("pay_sheet", place, month)

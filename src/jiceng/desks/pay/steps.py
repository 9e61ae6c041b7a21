"""What was done with a sheet, what can be done with it now, and by whom, said in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from jiceng.access.actors import shown_actors
from jiceng.access.scope import Scope
from jiceng.pay.models import PaySheet, PayStep
from jiceng.pay.shapes import Sheet
from jiceng.pay.stays import month_end
from jiceng.reports.states import By
from jiceng.ui.pages import actor_of, moment_in, scope_in

State = PaySheet.State
_WAY = (State.calculated, State.checked, State.approved, State.locked)


@dataclass(frozen=True)
class Act:
    """A button: `what` of the address, the word on it, what it means. `why`: "" no field, else whether a reason must be written."""

    what: str
    word: str
    means: str
    icon: str
    first: bool = False
    why: str = ""


def by_of(request: HttpRequest) -> By:
    """Who acts, today."""
    account = request.user if request.user.is_authenticated else None
    return By(actor_of(request), moment_in(request).today, account, scope_in(request))  # type: ignore[arg-type]


def steps_of(request: HttpRequest, kept: PaySheet | None, sheet: Sheet, *, place: int, month: date) -> dict[str, Any]:
    """The way of a sheet, the steps taken, and what this account may do next."""
    scope, today = scope_in(request), moment_in(request).today
    taken = list(kept.steps.all()) if kept else []
    own = _calculated_by(taken) == request.user.pk
    return {
        "kept": kept, "steps": taken, "actors": shown_actors(step.actor for step in taken),
        "way": _way(kept, taken), "acts": _acts(kept, sheet, scope, place, own=own, early=today < month_end(month)),
        "waits": _waits(kept, sheet, scope, place, own=own, early=today < month_end(month), month=month),
        "may_leave": kept is not None and kept.state in (State.calculated, State.returned) and scope.may("pay", place),
        "may_reveal": scope.may("reveal", place), "may_record": scope.may("record", place),
    }  # fmt: skip


def _calculated_by(taken: list[PayStep]) -> int | None:
    last = next((step for step in reversed(taken) if step.act == PayStep.Act.calculate), None)
    return last.account_id if last else None  # type: ignore[attr-defined, no-any-return]


def _way(kept: PaySheet | None, taken: list[PayStep]) -> list[tuple[str, bool, PayStep | None]]:
    """The four stations: (word, whether the sheet stands there, the step that brought it there)."""
    acts = {State.calculated: "calculate", State.checked: "check", State.approved: "approve", State.locked: "lock"}
    reached = _WAY.index(State(kept.state)) if kept and kept.state in _WAY else -1
    found = []
    for at, state in enumerate(_WAY):
        step = next((one for one in reversed(taken) if one.act == acts[state]), None) if at <= reached else None
        found.append((state.label.removeprefix("已"), at == reached, step))
    return found


def _acts(kept: PaySheet | None, sheet: Sheet, scope: Scope, place: int, *, own: bool, early: bool) -> list[Act]:
    """Buttons in the order of use. What the account may not do has none; `waits` says who does it."""
    may, lock = scope.may("pay", place), scope.may("lock_pay", place)
    fine = not sheet.refusals
    state = kept.state if kept else ""
    found: list[Act] = []
    if may and not early and state in ("", State.returned, State.calculated):
        word = "计算" if not kept else "重新计算"
        found.append(Act("calculate", word, "按台账现在的情况算好并保存，可以反复算", "scale", first=state in ("", State.returned)))
    if may and state == State.calculated and not own:
        found.append(Act("check", "复核无误", "说明另一个人看过这张表", "check", first=fine, why="may"))
    if lock and not own and state == State.checked and fine:
        found.append(Act("approve", "审批同意", "同意按这张表发放", "rubber-stamp", first=True, why="may"))
    if lock and not own and state == State.approved and fine:
        found.append(Act("lock", "锁定", "锁定后不再改动；以后的更正在下个月补发补扣", "lock", first=True, why="may"))
    back = (State.checked, State.approved) if own or not may else (State.calculated, State.checked, State.approved)
    if state in back and (lock or state == State.calculated):
        found.append(Act("back", "退回", "退给编制的人改正后重新计算", "arrow-back-up", why="must"))
    return found


def _waits(kept: PaySheet | None, sheet: Sheet, scope: Scope, place: int, *, own: bool, early: bool, month: date) -> str:
    """Why there is no way on for this account, and who has it."""
    if early:
        end = month_end(month)
        return f"{end.month}月还没有过完，{end.month}月{end.day}日起可以计算；下面是按现在的记载预看的，不保存。"
    if kept is None:
        return "" if scope.may("pay", place) else "由有“编制工资表”权限的同事计算。"
    state, fine, lock = kept.state, not sheet.refusals, scope.may("lock_pay", place)
    if state == State.locked:
        return "这张表已锁定，内容不再改变。以后的更正会在下一个月的表上作为补发补扣出现。"
    if not fine and state != State.returned:
        return "“锁定前要处理的”里标红的各项处理完、重新计算以后，才能审批锁定。"
    if state == State.calculated and own:
        return "这张表是您计算的，请另一位同事复核。"
    if state in (State.checked, State.approved):
        if own:
            return "这张表是您计算的，请另一位有审批权限的主管审批锁定。"
        if not lock:
            return "等有“审批锁定工资表”权限的主管办理。"
    return ""

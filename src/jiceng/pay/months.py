"""A month of pay over many places: where each sheet stands, its sums, how it compares with the month before, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.pay import frozen
from jiceng.pay.models import PaySheet, PayStep
from jiceng.pay.shapes import Sheet
from jiceng.pay.stays import month_before, month_end, month_name
from jiceng.places import tree

State = PaySheet.State


@dataclass(frozen=True)
class PlaceMonth:
    """One place in one month. `kept` and `sheet` are None where nothing was calculated; `before` is the month before."""

    place: int
    name: str
    month: date
    kept: PaySheet | None
    sheet: Sheet | None
    before: PaySheet | None
    last: PayStep | None

    @property
    def more(self) -> int | None:
        """By how much the net differs from the month before, in fen; None where one of the two is not there."""
        return None if self.kept is None or self.before is None else self.kept.net - self.before.net


def kept_sheet(place: int, month: date) -> PaySheet | None:
    """The sheet of a place and month, if it was calculated."""
    return PaySheet.objects.filter(place=place, month=month).first()


def sheet_seen(scope: Scope | None, place: int, month: date) -> PaySheet:
    """The kept sheet of a place and month, for who may see pay there.

    Errors  Denied; Refusal pay.none if nothing was calculated
    """
    if scope is not None:
        scope.require("pay", place, what=f"查看区划 {place} 的工资表")
    row = kept_sheet(place, month)
    if row is None:
        where = f"区划 {place}，{month_name(month)}"
        raise Refusal("pay.none", "这个月的工资表还没有计算", where=where, do="请先计算")
    return row


def of_month(places: Sequence[tuple[int, str]], month: date) -> list[PlaceMonth]:
    """These places in one month, in the order given."""
    codes = [code for code, _ in places]
    rows = {row.place: row for row in PaySheet.objects.filter(place__in=codes, month=month)}
    before = {row.place: row for row in PaySheet.objects.filter(place__in=codes, month=month_before(month)).defer("content")}
    last = {step.of_id: step for step in PayStep.objects.filter(of__in=[row.pk for row in rows.values()]).order_by("id")}
    found = []
    for code, name in places:
        row = rows.get(code)
        sheet = frozen.thawed(row) if row else None
        found.append(PlaceMonth(code, name, month, row, sheet, before.get(code), last.get(row.pk) if row else None))
    return found


def states_of(place: int, months: Iterable[date]) -> dict[date, dict[str, int]]:
    """How many sheets of a place and inside it stand in which state, by month."""
    found: dict[date, dict[str, int]] = {month: {} for month in months}
    low, high = tree.span(place)
    rows = PaySheet.objects.filter(place_key__range=(low, high), month__in=list(found)).values_list("month", "state")
    for month, state in rows:
        found[month][state] = found[month].get(state, 0) + 1
    return found


def states_inside(places: Sequence[int], month: date) -> dict[int, dict[str, int]]:
    """The same for one month by each of these places."""
    found: dict[int, dict[str, int]] = {place: {} for place in places}
    for code, state in PaySheet.objects.filter(month=month).values_list("place", "state"):
        for place in places:
            if tree.contains(place, code):
                found[place][state] = found[place].get(state, 0) + 1
    return found


def usual_month(today: date) -> date:
    """The month somebody prepares today: the last one that is over; on a month's last day that month."""
    return today.replace(day=1) if today == month_end(today) else month_before(today)


def next_step(one: PlaceMonth, *, today: date, may_lock: bool) -> str:
    """What is to be done next with a place's month, in one sentence."""
    if one.kept is None or one.sheet is None:
        early = today < month_end(one.month)
        return f"{month_end(one.month).month}月{month_end(one.month).day}日起可以计算，现在可以预看" if early else "请计算"
    state = one.kept.state
    if state == State.returned:
        return f"已退回，请改正后重新计算：{one.last.why}" if one.last and one.last.why else "已退回，请改正后重新计算"
    if state == State.locked:
        return "已锁定，可以发工资条、导出银行表"
    refused = one.sheet.refusals
    if refused:
        return f"先处理：{refused[0].words}" + (f"；另有 {len(refused) - 1} 项" if len(refused) > 1 else "")
    return {
        State.calculated: "请另一位同事复核",
        State.checked: "请审批" if may_lock else "等主管审批",
        State.approved: "请锁定" if may_lock else "等主管锁定",
    }[State(state)]

"""Returns: listed, looked at, sent up, sent back, locked, corrected; the same doors and the same permissions as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpResponse
from ninja import Path, Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from jiceng.api import shapes_returns as shapes
from jiceng.api.moments import When, day, maybe_day, told
from jiceng.api.places import place_seen
from jiceng.api.returns_table import cell, figures_of
from jiceng.api.signing import Asking
from jiceng.api.writing import MOST, Day, Given, Key, Number, Text, once
from jiceng.base.refusals import Refusal
from jiceng.documents.sending import attachment
from jiceng.documents.sheets import XLSX
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports import printing, states
from jiceng.reports.comparing import latest
from jiceng.reports.frozen import whole
from jiceng.reports.models import Return
from jiceng.reports.returns import Period, worked_out
from jiceng.reports.seen import compared, correction_of, figures, named, return_seen
from jiceng.reports.states import By
from jiceng.runs.standing import moment_for
from jiceng.ui.pages import clock

router = Router(tags=["报表"])
ReturnNumber = Annotated[int, Path(ge=1, le=MOST, description="表的编号")]
Deep = Annotated[int, Query(ge=0, le=3, description="列到下几级：0 只有本级，3 到社区为止")]
FORM = "status"
CHANGES = 1_000


class Wanted(Schema):
    """Which returns."""

    place: int | None = Field(None, ge=0, le=MOST, description="区划代码；不写为令牌管到的全部地方")
    inside: bool = Field(False, description="连同这个地方以内的")
    since: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="期间的第一天")
    until: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="期间的最后一天")
    state: Literal["draft", "submitted", "returned", "locked", "corrected"] | None = None
    before: int | None = Field(None, ge=0, le=MOST, description="上一页给的 before")
    size: int = Field(50, ge=1, le=200)


class Looked(Schema):
    """Of which place and period; the last day of the period is `on`."""

    place: int = Field(ge=0, le=MOST, description="区划代码")
    since: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="期间的第一天；最后一天是 on", examples=["2026-10-01"])
    deep: int = Field(1, ge=0, le=3, description="列到下几级")


class SubmitIn(Given):
    """A return to be sent up, or only begun."""

    place: Number
    since: Day
    until: Day = Field(description="期间的最后一天（含）")
    draft: bool = Field(False, description="true：只存为草稿，数字还不定下来")
    why: Text | None = None


class WhyIn(Given):
    """Why."""

    why: Text


class LockIn(Given):
    """Why, if there is something to say."""

    why: Text | None = None


@router.get("", response=shapes.ReturnsAnswer, operation_id="returns", summary="报表")
def listed(request: Asking, wanted: Query[Wanted]) -> Any:
    """令牌管到的地方的报表，最新的在前。"""
    asked = Q(pk__lt=wanted.before) if wanted.before is not None else Q()
    if wanted.place is not None:
        place_seen(request, wanted.place, When().moment)
        asked &= Q(place_key__range=tree.span(wanted.place)) if wanted.inside else Q(place=wanted.place)
    days = {"since": maybe_day(wanted.since), "on": maybe_day(wanted.until), "state": wanted.state}
    asked &= Q(**{name: value for name, value in days.items() if value is not None})
    held = Return.objects.filter(request.auth.scope.holding("place", permission="see"), asked).defer("content", "behind").order_by("-pk")
    found = list(held[: wanted.size + 1])
    more = len(found) > wanted.size
    return {"before": found[wanted.size - 1].pk if more else None, "returns": _lines(found[: wanted.size])}


@router.get("/preview", response=shapes.PreviewAnswer, operation_id="return_preview", summary="一张还没有上报的表：现在会是什么数")
def preview(request: Asking, when: Query[When], looked: Query[Looked]) -> Any:
    """期间从 `since` 到 `on`。什么也不保存。"""
    moment = when.moment
    place_seen(request, looked.place, moment)
    since = day(looked.since)
    period = _period(since, moment.on)
    worked = worked_out(FORM, looked.place, period=period, known_by=moment.known_by, today=moment.today)
    there = latest(FORM, [looked.place], period).get(looked.place)
    return {
        **told(moment), "place": looked.place, "since": looked.since, "there": there.pk if there else None,
        "figures": figures_of(worked, deep=looked.deep),
    }  # fmt: skip


@router.get("/{int:number}", response=shapes.ReturnAnswer, operation_id="return", summary="一张表：数字、办理经过")
def one(request: Asking, number: ReturnNumber, deep: Deep = 1) -> Any:
    """上报以后的数字是上报那一刻定下来的；草稿的数字跟着台账走。"""
    row = return_seen(request.auth.scope, number)
    worked = figures(row, today=_today())
    corrected = correction_of(row)
    return {
        "of": _line(row), "whole": not row.frozen or whole(row), "corrected_by": corrected.pk if corrected else None,
        "steps": [
            {
                "at": one.at.isoformat(), "actor": one.actor, "act": one.act, "act_name": one.get_act_display(), "why": one.why,
                "hash": one.hash,
            }
            for one in row.steps.all()
        ],
        "figures": figures_of(worked, deep=deep),
    }  # fmt: skip


@router.get("/{int:number}/changes", response=shapes.ChangesAnswer, operation_id="return_changes", summary="逐格比较：订正了什么")
def changes(request: Asking, number: ReturnNumber) -> Any:
    """订正版与被订正的一版比较；没有订正别的表的，与台账现在比较。最多列 1000 处，总数见 `count`。"""
    row = return_seen(request.auth.scope, number)
    today = _today()
    seen = compared(row, figures(row, today=today), today=today)
    shown = seen.found[:CHANGES]
    told = [
        {
            "key": one.line.key, "place_name": one.line.name, "column": one.column.id, "column_title": one.column.title,
            "before": None if one.before is None else cell(one.before, one.column),
            "after": None if one.after is None else cell(one.after, one.column),
            "came": [{"subject": subject, "name": name} for subject, name in who.came],
            "gone": [{"subject": subject, "name": name} for subject, name in who.gone],
            "hidden": who.hidden,
        }
        for one, who in zip(shown, named(shown, request.auth.scope), strict=True)
    ]  # fmt: skip
    against = None if seen.new is None else seen.old
    return {"of": row.pk, "version": row.version, "against": against, "count": len(seen.found), "people": seen.people, "changes": told}


@router.get("/{int:number}/workbook", response={200: bytes}, operation_id="return_workbook", summary="一张表的 Excel 文件")
def workbook(request: Asking, number: ReturnNumber, deep: Deep = 1) -> HttpResponse:
    """表的每一张工作表，列到所要的级别。"""
    row = return_seen(request.auth.scope, number)
    worked = figures(row, today=_today())
    standing = printing.Standing(row.get_state_display(), row.version, row.hash)
    content = printing.workbook(worked, standing, sheets=worked.form.sheets, deep=deep, by=request.auth.actor, made=clock())
    return attachment(content, name=f"return-{row.place}-{row.since:%Y%m%d}-{row.on:%Y%m%d}-{row.version}.xlsx", type=XLSX)


@router.post("", response={201: shapes.ReturnMade}, operation_id="return_submit", summary="上报一张表，或存为草稿")
def submit(request: Asking, given: SubmitIn, key: Key) -> Any:
    """数字按这一刻知道的定下来，等上一级锁定或退回。退回以后再报、锁定以前重报，也用这里。"""
    since, until = day(given.since), day(given.until)
    place_seen(request, given.place, When().moment)
    who, period = _by(request), _period(since, until)
    request.auth.scope.require("submit", given.place, what=f"上报区划 {given.place} 的报表")
    if period.on <= who.on:
        # Rows of a day not asked for before are built outside the act: what is built stays when the act is refused.
        moment_for(on=period.on, known_by=None, today=who.on)

    def act() -> Return:
        if given.draft:
            return states.draft(FORM, given.place, period, by=who, clock=clock)
        return states.submit(FORM, given.place, period, by=who, clock=clock, today=who.on, why=given.why or "")

    return _done(request, key, act)


@router.post("/{int:number}/send_back", response={201: shapes.ReturnMade}, operation_id="return_send_back", summary="退回一张已上报的表")
def send_back(request: Asking, number: ReturnNumber, given: WhyIn, key: Key) -> Any:
    """由上一级办理，写明原因。"""
    row = return_seen(request.auth.scope, number)
    return _done(request, key, lambda: states.send_back(row, by=_by(request), clock=clock, why=given.why))


@router.post("/{int:number}/lock", response={201: shapes.ReturnMade}, operation_id="return_lock", summary="锁定一张已上报的表")
def lock(request: Asking, number: ReturnNumber, given: LockIn, key: Key) -> Any:
    """由上一级办理。此后台账的更正不改变这张表。"""
    row = return_seen(request.auth.scope, number)
    return _done(request, key, lambda: states.lock(row, by=_by(request), clock=clock, why=given.why or ""))


@router.post("/{int:number}/correct", response={201: shapes.ReturnMade}, operation_id="return_correct", summary="订正一张已锁定的表")
def correct(request: Asking, number: ReturnNumber, given: WhyIn, key: Key) -> Any:
    """按现在知道的重新计算，成为并排保存的新一版，等上一级锁定。"""
    row, who = return_seen(request.auth.scope, number), _by(request)
    return _done(request, key, lambda: states.correct(row, by=who, clock=clock, today=who.on, why=given.why))


def _done(asking: Asking, key: str, act: Callable[[], Return]) -> Any:
    asked = f"{asking.method} {asking.path}\n".encode() + asking.body
    number, repeated = once(asking.auth, key, asked, lambda: act().pk)
    return Status(201, {"of": _line(Return.objects.get(pk=number)), "repeated": repeated})


def _by(asking: Asking) -> By:
    return By(asking.auth.actor, _today(), asking.auth.token.account, asking.auth.scope)


def _period(since: date, on: date) -> Period:
    """A period, which does not run backwards.

    Errors  Refusal reports.period
    """
    if since > on:
        raise Refusal("reports.period", "期间的第一天晚于最后一天", where=f"{since} 至 {on}", do="请核对期间")
    return Period(since, on)


def _lines(rows: list[Return]) -> list[shapes.ReturnLine]:
    names = places.names_of({row.place for row in rows}, on=_today()) if rows else {}
    return [_line(row, names) for row in rows]


def _line(row: Return, names: dict[int, str] | None = None) -> shapes.ReturnLine:
    told = names if names is not None else places.names_of([row.place], on=row.on)
    return shapes.ReturnLine(
        number=row.pk, form=row.form, place=row.place, place_name=told.get(row.place, ""), since=row.since.isoformat(),
        on=row.on.isoformat(), version=row.version, corrects=row.corrects_id, state=row.state,  # type: ignore[attr-defined]
        state_name=row.get_state_display(), changed=row.changed.isoformat(),
        known_by=row.known_by.isoformat() if row.known_by else None, hash=row.hash,
    )  # fmt: skip


def _today() -> date:
    return When().moment.today

"""Who came, left and moved at a place, and its last 24 month-ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from jiceng.api import shapes_returns as shapes
from jiceng.api.facts import briefs
from jiceng.api.moments import When, day, told
from jiceng.api.places import Code, place_seen
from jiceng.api.signing import Asking
from jiceng.base.refusals import Refusal
from jiceng.runs.movements import movements
from jiceng.runs.movements_seen import WAYS, moves_seen, steps_of
from jiceng.runs.trend import trend

router = Router(tags=["地方"])


class Period(Schema):
    """From which day on; the last day is `on`."""

    since: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="从哪一天起；最后一天是 on", examples=["2026-10-01"])
    way: Literal["arrivals", "moved_in", "departures", "moved_out"] | None = Field(
        None, description="只列进入、调入、离任、调出中的一种；总数不变"
    )
    after: int = Field(0, ge=0, le=10_000_000, description="上一页给的 after")
    size: int = Field(200, ge=1, le=1_000)


@router.get("/{int:code}/movements", response=shapes.MovesAnswer, operation_id="movements", summary="一个地方的人员变动")
def moved(request: Asking, code: Code, when: Query[When], asked: Query[Period]) -> Any:
    """从 `since` 到 `on` 每一步进入、调入、离任、调出。令牌管不到的地方只说到县。"""
    moment, since = when.moment, day(asked.since)
    place_seen(request, code, moment)
    if since > moment.on:
        raise Refusal("reports.period", "期间的第一天晚于最后一天", where=f"{since} 至 {moment.on}", do="请核对期间")
    found = movements(code, since=since, until=moment.on + timedelta(days=1), known_by=moment.known_by)
    listed = list(steps_of(found, way=asked.way or ""))
    end = asked.after + asked.size
    page = listed[asked.after : end]
    shown = moves_seen(request.auth.scope, page, on=moment.on)
    return {
        **told(moment), "place": code, "since": asked.since, **{way: len(getattr(found, way)) for way in WAYS},
        "by_cause": {cause: len(steps) for cause, steps in found.by_cause.items()}, "count": len(listed),
        "after": end if end < len(listed) else None,
        "moves": [
            {
                "subject": one.subject, "name": one.name, "day": one.day.isoformat(), "way": way, "way_name": one.way,
                "origin_name": one.origin, "destination_name": one.destination,
                "cause": step.cause if way == "departures" else "", "cause_name": one.cause,
            }
            for (way, step), one in zip(page, shown, strict=True)
        ],
    }  # fmt: skip


@router.get("/{int:code}/trend", response=shapes.TrendAnswer, operation_id="trend", summary="一个地方最近 24 个月末")
def months(request: Asking, code: Code, when: Query[When]) -> Any:
    """每个月末与当天的工作台相同：在册、计入配备、应配、缺额；这个月进入、离任、调入、调出多少。"""
    moment = when.moment
    place_seen(request, code, moment)
    points = trend(code, on=moment.on, known_by=moment.known_by)
    return {
        **told(moment), "place": code,
        "months": [
            {
                "on": point.on.isoformat(), "in_service": point.in_service, "answers": briefs(point.steps),
                "partial": briefs(point.partial), "untold": point.untold, "arrivals": point.came, "departures": point.left,
                "moved_in": point.moved_in, "moved_out": point.moved_out,
            }
            for point in points
        ],
    }  # fmt: skip

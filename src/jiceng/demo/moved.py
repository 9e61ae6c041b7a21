"""One person moved from a county to another of the prefecture, with both opinions and the approval."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from jiceng.places import tree
from jiceng.runs import bulk_acts
from jiceng.runs.models import TODAY, Standing, State
from jiceng.runs.transfers import Agreed, Wanted, look, record_transfer
from jiceng.terms.registry import base_terms

LEFT, ENTERED = 513328, 513326
"""甘孜县 and 道孚县: neither is one of those that journeys look at."""


def move_one(*, actor: str, now: datetime, on: date) -> int:
    """A member of the staff goes over today; gives how many entries that took."""
    posts = base_terms().codes["Post"].by_id
    rows = Standing.objects.filter(moment_id=TODAY, state=State.in_service, post=posts["staff"].number, post_since__lt=on)
    who, there = (_first(rows, county) for county in (LEFT, ENTERED))
    agreed = Agreed(
        "甘孜县委社会工作部（示例）", on - timedelta(days=20), "道孚县委社会工作部（示例）", on - timedelta(days=14),
        "甘孜州委社会工作部（示例）", on - timedelta(days=7),
    )  # fmt: skip
    seen = look(Wanted(who.subject, on, there.place, "staff", "full_time_staff", agreed), clock=lambda: now)
    entries = record_transfer(
        seen, [], heads=bulk_acts.book_heads(), actor=actor, basis="示例：跨县调动批复", why="本人申请，两县同意", clock=lambda: now
    )  # fmt: skip
    return len(entries)


def _first(rows: QuerySet[Standing], county: int) -> Standing:
    low, high = tree.span(county)
    return rows.filter(place_key__range=(low, high)).order_by("place_key", "subject")[0]

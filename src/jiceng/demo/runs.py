"""Kept runs of the demonstration: two months of pay standards as known then, and the later month once more as known by now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from jiceng.reports.saying import month_before
from jiceng.runs import kept
from jiceng.runs.law import installed_law

_RULES = ("monthly_pay", "performance", "training_overdue", "community_months")
_TOLD = timedelta(days=4)


def keep_runs(*, place: int, actor: str, now: datetime) -> int:
    """Keep the runs; gives how many. A month that ended only now is left out."""
    last = month_before(now.date())
    before = month_before(last.since)
    made = 0
    for day in (before.on, last.on):
        at = datetime.combine(day + _TOLD, time(10), tzinfo=now.tzinfo)
        if at < now:
            _keep(f"示例：{day.year} 年 {day.month} 月末待遇测算", place, day, at, actor)
            made += 1
    _keep(f"示例：{last.on.month} 月末待遇测算，补登记后重算", place, last.on, now, actor)
    return made + 1


def _keep(name: str, place: int, on: date, at: datetime, actor: str) -> None:
    identity = kept.identified(_RULES, place=place, on=on, known_by=None, clock=lambda: at, law=installed_law())
    kept.keep(kept.calculated(identity), identity, name=name, actor=actor, clock=lambda: at)

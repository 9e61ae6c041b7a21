"""Two months of returns in every state: all of one locked and one of them corrected, of the next some sent back, some missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from jiceng.access.models import Account
from jiceng.base.refusals import Refusal
from jiceng.reports import states
from jiceng.reports.models import Return
from jiceng.reports.returns import Period
from jiceng.reports.saying import month_before
from jiceng.reports.states import By

FORM = "status"
_DAY = timedelta(days=1)
_SENT_BACK = "离任人数与街道上报的不一致，请核对后重报"
_CLERK = "县经办（示例）"


def returns(counties: Sequence[int], *, prefecture: int, officer: str, clerks: dict[int, str], now: datetime) -> int:
    """Returns of the last two whole months, sent up in the days after each. Gives how many."""
    last = month_before(now.date())
    before = month_before(last.since)
    for period in (before, last):
        at = datetime.combine(period.on + 9 * _DAY, time(10), tzinfo=now.tzinfo)
        if at < now:
            _month(counties, period, officer=officer, clerks=clerks, at=at, whole=period == before)
    _corrected(counties, before, officer=officer, clerks=clerks, now=now)
    if not Return.objects.filter(place=prefecture).exists():
        states.submit(FORM, prefecture, before, by=_by(officer, now.date()), clock=lambda: now, today=now.date())
        states.draft(FORM, prefecture, last, by=_by(officer, now.date()), clock=lambda: now)
    return Return.objects.count()


def _month(counties: Sequence[int], period: Period, *, officer: str, clerks: dict[int, str], at: datetime, whole: bool) -> None:
    """All counties locked; or every sixth missing, every sixth sent back, every third waiting, the others locked."""
    above = _by(officer, at.date())
    for n, county in enumerate(counties):
        if not whole and n % 6 == 5:
            continue
        who = _by(clerks.get(county, _CLERK), at.date())
        row = states.submit(FORM, county, period, by=who, clock=lambda: at, today=at.date())
        if not whole and n % 6 == 4:
            states.send_back(row, by=above, clock=lambda: at + _DAY, why=_SENT_BACK)
        elif whole or n % 3 == 0:
            states.lock(row, by=above, clock=lambda: at + _DAY)


def _corrected(counties: Sequence[int], period: Period, *, officer: str, clerks: dict[int, str], now: datetime) -> None:
    """The first county about which something was learnt late has its locked return corrected."""
    for county in counties:
        row = Return.objects.filter(place=county, since=period.since, state=Return.State.locked).first()
        if row is None:
            continue
        who = _by(clerks.get(county, _CLERK), now.date())
        try:
            fresh = states.correct(row, by=who, clock=lambda: now, today=now.date(), why="名册导入后补记了当时在任而未登记的情况")
        except Refusal as refusal:
            if refusal.id != "reports.same":
                raise
            continue
        states.lock(fresh, by=_by(officer, now.date()), clock=lambda: now)
        return


def _by(username: str, on: date) -> By:
    return By(username, on, Account.objects.filter(username=username).first())

"""Two saved simulations of the demonstration, of one county, so that they can be looked at and compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jiceng.access.models import Account
from jiceng.desks.policy import trials
from jiceng.runs.scenarios import Scenario, ValueChange

_SCENARIOS = {
    "示例：岗位工资每档加 100 元": (
        ValueChange("post_pay", "2700", ("正职",)), ValueChange("post_pay", "2400", ("副职",)), ValueChange("post_pay", "2100", ("一般",)),
    ),
    "示例：绩效提到三成，每万人配 20 人": (ValueChange("performance_share", "30%"), ValueChange("workers_per_10k_residents", "20")),
}  # fmt: skip


def try_out(*, place: int, account: Account, now: datetime) -> None:
    """Try what would change from next year on, and save it."""
    begins = date(now.year + 1, 1, 1)
    for name, changes in _SCENARIOS.items():
        trial = trials.begin(
            Scenario(begins, changes), place=place, on=begins + timedelta(days=30), known_by=None, account=account, clock=lambda: now
        )  # fmt: skip
        if trial.state == trials.State.working:
            # Many people wait for the site's own jobs, which do not run yet.
            trials.work(trial.pk, clock=lambda: now)
            trial.refresh_from_db()
        trials.save(trial, name, actor=account.username, clock=lambda: now)

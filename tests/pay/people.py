"""People of one sub-district and what they are paid under the 示例 folder, worked out by hand."""

from __future__ import annotations

from datetime import date

from jiceng.pay import states
from jiceng.pay.models import PaySheet
from jiceng.reports.states import By
from tests.runs.world import Worker, at

FOLDERS = ("cn-5133-ganzi/2026-demo", "cn-5133-ganzi/2026-pay-demo")
STREET, COMMUNITY = 513324100, 513324100001
OTHER_STREET, OTHER_COMMUNITY = 513324101, 513324101001
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))


class Paid(Worker):
    """A worker with what pay needs."""

    def grade(self, grade: int, since: date = date(2026, 1, 1), *, on: date | None = None) -> None:
        self.record("grading", since, None, on=on or date(2026, 1, 8), grade=grade)

    def leave(self, day: date, days: int = 1, *, on: date, kind: str = "personal") -> int:
        return self.record("leave", day, on=on, kind=kind, days=days).id

    def certify(self, day: date, kind: str, *, on: date | None = None) -> None:
        self.record("certificate", day, None, on=on or day, kind=kind, obtained=day.isoformat(), registered=day.isoformat())


def a_sub_district() -> dict[str, Paid]:
    """chief: 4,350 a month with a certificate; deputy: 3,300; staff: 2,900, all since 2020."""
    made = {}
    for n, (name, post, grade) in enumerate((("chief", "secretary_director", 7), ("deputy", "deputy_director", 3), ("staff", "staff", 2))):
        one = made[name] = Paid(f"示例{name}", n=n + 1)
        one.appoint(date(2020, 1, 6), post=post, on=date(2020, 1, 10))
        one.grade(grade)
    made["chief"].certify(date(2025, 11, 20), "social_worker")
    return made


def month_locked(month: date, day: date, *, place: int = STREET) -> PaySheet:
    """Calculated, checked, approved and locked at the command line, all on one day."""
    by, clock = By("测试员", day), at(day)
    row = states.calculate(place, month, by=by, clock=clock)
    for act in (states.check, states.approve, states.lock):
        row = act(row, by=by, clock=clock)
    return row

"""Simulations of one day, and of one month after the other: next year's budget for those who serve today.

Every month is a simulation of its own last day: steps that fall due by the rules, values that change by date, departures recorded
for days to come. Nobody new is supposed; who reaches the retirement day that a rule gives leaves from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.law.layers import Law
from jiceng.runs.kept_rows import Array
from jiceng.runs.scenarios import Scenario
from jiceng.runs.simulated import Mask, Simulation
from jiceng.runs.simulation import simulate

__all__ = ["Month", "month_ends", "months", "simulate"]

RETIREMENT = "retirement_day"
"""The rule that says on which day somebody retires, where the law of a place has one."""
MOST_MONTHS = 36


@dataclass(frozen=True)
class Month:
    """One month's end. `before` and `after`: fen paid for all, under the law as it is and under the scenario; `hand_…` what they
    have in hand. `steps_…`: people of the month before who are paid otherwise now, by the same law. `left`: who served the month
    before and no longer does, `retired` of them by the rule. `unknown`: people of whom some amount is not known on either side"""

    on: date
    heads: int
    left: int
    joined: int
    retired: int
    before: int
    after: int
    hand_before: int
    hand_after: int
    steps_before: int
    steps_after: int
    unknown: int

    @property
    def change(self) -> int:
        """What the scenario adds in this month."""
        return self.after - self.before


def month_ends(since: date, until: date) -> list[date]:
    """The last days of the months from that of `since` to that of `until`.

    Errors  Refusal scenario.months if there are none, or too many
    """
    found, day = [], since.replace(day=1)
    while day <= until:
        following = (day + timedelta(days=31)).replace(day=1)
        found.append(following - timedelta(days=1))
        day = following
    if not 0 < len(found) <= MOST_MONTHS:
        raise Refusal("scenario.months", f"从 {since} 到 {until} 不能逐月计算", do=f"请写先后两个月份，最多 {MOST_MONTHS} 个月")
    return found


def months(
    scenario: Scenario, *, place: int, since: date, until: date, known_by: datetime | None = None, names: Sequence[str] | None = None,
    seconds: float | None = None, law: Law | None = None,
) -> tuple[Month, ...]:  # fmt: skip
    """The months from `since` to `until`, each as it stands on its last day.

    Units   fen a month, as `simulate`
    Time    facts as known by `known_by`; what is recorded for later days counts from its day
    Errors  as `simulate`; Refusal scenario.months
    """
    return tuple(_months(scenario, month_ends(since, until), place, known_by, names, seconds, law))


def _months(
    scenario: Scenario, days: Sequence[date], place: int, known_by: datetime | None, names: Sequence[str] | None, seconds: float | None,
    law: Law | None,
) -> Iterator[Month]:  # fmt: skip
    earlier: tuple[Array, Array, Array] | None = None
    for on in days:
        told = simulate(scenario, place=place, on=on, known_by=known_by, names=names, seconds=seconds, law=law, also=(RETIREMENT,))
        stay = ~_retired(told)
        money = told.money
        here = told.before.subjects[stay], money.cost_before[stay], money.cost_after[stay]
        left, joined, steps = _against(earlier, here)
        yield Month(
            on, int(stay.sum()), left, joined, int((~stay).sum()), int(here[1].sum()), int(here[2].sum()),
            int(money.hand_before[stay].sum()), int(money.hand_after[stay].sum()), steps[0], steps[1], int(money.unknown[stay].sum()),
        )  # fmt: skip
        earlier = here


def _retired(told: Simulation) -> Mask:
    """Who has reached the day on which he retires, where a rule says it."""
    days = told.extra.get(RETIREMENT)
    if days is None:
        return np.zeros(len(told.before), bool)
    return (days > mark(AnswerKind.no_rule)) & (days <= day_number(told.on))


def _against(earlier: tuple[Array, Array, Array] | None, now: tuple[Array, Array, Array]) -> tuple[int, int, tuple[int, int]]:
    """Who left and who came since the month before, and how many of those who stayed are paid otherwise, by either law."""
    if earlier is None:
        return 0, 0, (0, 0)
    _, first, then = np.intersect1d(earlier[0], now[0], assume_unique=True, return_indices=True)
    steps = tuple(int((earlier[side][first] != now[side][then]).sum()) for side in (1, 2))
    return len(earlier[0]) - len(first), len(now[0]) - len(then), (steps[0], steps[1])

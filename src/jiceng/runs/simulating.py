"""Simulations of one day, and of one month after the other: next year's budget for those who serve today.

Every month is a simulation of its own last day: steps that fall due by the rules, values that change by date, departures recorded
for days to come. Nobody new is supposed; who reaches the retirement day that a rule gives leaves from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from jiceng.answers.codes import at_level
from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.law.layers import Law
from jiceng.places import tree
from jiceng.runs.kept_rows import Array
from jiceng.runs.law import installed_law
from jiceng.runs.scenarios import Scenario, law_with
from jiceng.runs.simulated import Mask
from jiceng.runs.simulation import Paid, paid, simulate

__all__ = ["Month", "Part", "month_ends", "months", "simulate", "year_of"]

RETIREMENT = "retirement_day"
"""The rule that says on which day somebody retires, where the law of a place has one."""
MOST_MONTHS = 36


@dataclass(frozen=True)
class Part:
    """The part of one place in a month, or in months together. `heads`: at the end; else as `Month`."""

    place: int
    heads: int
    before: int
    after: int
    hand_before: int
    hand_after: int
    steps_before: int
    steps_after: int
    unknown: int

    @property
    def change(self) -> int:
        """What the scenario adds here."""
        return self.after - self.before


@dataclass(frozen=True)
class Month:
    """One month's end. `before` and `after`: fen paid for all, under the law as it is and under the scenario; `hand_…` what they
    have in hand. `steps_…`: people of the month before who are paid otherwise now, by the same law. `left`: who served the month
    before and no longer does, `retired` of them by the rule. `unknown`: people of whom some amount is not known on either side.
    `parts`: by place one level down, in tree order, adding up to the month; who stands above that level counts where he stands"""

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
    parts: tuple[Part, ...]

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
    base = law or installed_law()
    laws = base, law_with(scenario, place=place, law=base)
    return tuple(_months(laws, month_ends(since, until), place, known_by, names, seconds))


def year_of(found: Sequence[Month]) -> tuple[Part, ...]:
    """The months together by place: money and steps summed up, heads and unknown as in the last of them."""
    together: dict[int, list[int]] = {}
    for number, month in enumerate(found):
        for part in month.parts:
            sums = together.setdefault(part.place, [0] * 8)
            flows = part.before, part.after, part.hand_before, part.hand_after, part.steps_before, part.steps_after
            sums[1:7] = [old + new for old, new in zip(sums[1:7], flows, strict=True)]
            if number == len(found) - 1:
                sums[0], sums[7] = part.heads, part.unknown
    return tuple(Part(place, *together[place]) for place in sorted(together, key=lambda code: (tree.padded(code), code)))


@dataclass(frozen=True, eq=False)
class _Serving:
    """Who is paid in a month: columns, a row a person. `steps`: who is paid otherwise than the month before, by either law."""

    subjects: Array
    places: Array
    sides: tuple[Array, Array, Array, Array]
    unknown: Mask
    steps: tuple[Mask, Mask]
    stayed: int


def _months(
    laws: tuple[Law, Law], days: Sequence[date], place: int, known_by: datetime | None, names: Sequence[str] | None, seconds: float | None
) -> Iterator[Month]:
    earlier: _Serving | None = None
    for on in days:
        told = paid(*laws, place=place, on=on, known_by=known_by, names=names, seconds=seconds, also=(RETIREMENT,), days=len(days))
        retired = _retired(told)
        here = _serving(told, ~retired, earlier)
        parts = _parts(here, place)
        heads, before, after, hand_before, hand_after, steps_before, steps_after, unknown = (
            sum(getattr(part, of) for part in parts)
            for of in ("heads", "before", "after", "hand_before", "hand_after", "steps_before", "steps_after", "unknown")
        )
        left, joined = (len(earlier.subjects) - here.stayed, heads - here.stayed) if earlier else (0, 0)
        yield Month(
            on, heads, left, joined, int(retired.sum()), before, after, hand_before, hand_after, steps_before, steps_after, unknown, parts
        )  # fmt: skip
        earlier = here


def _retired(told: Paid) -> Mask:
    """Who has reached the day on which he retires, where a rule says it."""
    days = told.extra.get(RETIREMENT)
    if days is None:
        return np.zeros(len(told.subjects), bool)
    return (days > mark(AnswerKind.no_rule)) & (days <= day_number(told.on))


def _serving(told: Paid, stay: Mask, earlier: _Serving | None) -> _Serving:
    """Who is paid, and of those who were so the month before whose pay is otherwise, by either law."""
    money, subjects = told.money, told.subjects[stay]
    sides = tuple(side[stay] for side in (money.cost_before, money.cost_after, money.hand_before, money.hand_after))
    steps, stayed = (np.zeros(len(subjects), bool), np.zeros(len(subjects), bool)), 0
    if earlier is not None:
        _, first, then = np.intersect1d(earlier.subjects, subjects, assume_unique=True, return_indices=True)
        stayed = len(first)
        for side, moved in enumerate(steps):
            moved[then] = earlier.sides[side][first] != sides[side][then]
    return _Serving(subjects, told.places[stay], (sides[0], sides[1], sides[2], sides[3]), money.unknown[stay], steps, stayed)


def _parts(here: _Serving, place: int) -> tuple[Part, ...]:
    level = tree.Level(min(tree.level_of(place) + 1, tree.Level.community))
    codes, at = np.unique(at_level(here.places, level), return_inverse=True)
    columns = np.zeros((len(codes), 8), np.int64)
    for number, column in enumerate((np.ones(len(at), np.int64), *here.sides, *here.steps, here.unknown)):
        np.add.at(columns[:, number], at, column.astype(np.int64))
    parts = (Part(code, *sums) for code, sums in zip(codes.tolist(), columns.tolist(), strict=True))
    return tuple(sorted(parts, key=lambda part: (tree.padded(part.place), part.place)))

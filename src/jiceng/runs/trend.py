"""The last two years of a place by month-end, as the workbench would have shown each day: one statement over kept changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jiceng.answers.answer import answer
from jiceng.answers.subject import Total
from jiceng.base.refusals import Refusal
from jiceng.ledger.tables import rows
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs import jobs, moments
from jiceng.runs.ask import Steps
from jiceng.runs.law import installed_law
from jiceng.runs.pooling import Ground, grounds, pooled
from jiceng.runs.shifts import COUNTED, MARKS, NO_RULE, month_of
from jiceng.runs.tallies import of_totals

MONTHS = 24
PAGE_SECONDS = 3.0
ANSWERS = (COUNTED, "quota_exact", "gap_exact")
_CAME, _MOVED_IN, _STAYED = 1, 2, 3
"""What a change is to a place, seen from after it; from before it the same with a minus."""


@dataclass(frozen=True)
class MonthEnd:
    """A place at the end of a month's last day, and what the month brought.

    `in_service`  everybody who serves, of whatever class
    `steps`       workers_total, quota_exact, gap_exact as the workbench answers them for that day
    `partial`     the same over the counties that have told, empty if nothing was left out; `untold` how many were
    `came`, `left`  into and out of service; `moved_in`, `moved_out`: from and to another place
    """

    on: date
    in_service: int
    steps: Steps
    partial: Steps
    untold: int
    came: int
    left: int
    moved_in: int
    moved_out: int


def month_ends(on: date, *, months: int = MONTHS) -> list[date]:
    """The last `months` month-ends up to a day, that day included, the earliest first."""
    last = month_of(on + timedelta(days=1)) - 1
    return [_end(month) for month in range(last - months + 1, last + 1)]


def _end(month: int) -> date:
    year, number = divmod(month + 1, 12)
    return date(year, number + 1, 1) - timedelta(days=1)


def trend(code: int, *, on: date, known_by: datetime | None = None, seconds: float | None = PAGE_SECONDS) -> tuple[MonthEnd, ...]:
    """A place at its last 24 month-ends.

    Shape   one row a month-end, the earliest first
    Time    state at the end of each, all as known by `known_by`
    Errors  Refusal runs.building if the changes kept are not ready within `seconds`; a job then finishes them meanwhile
    """
    law = installed_law()
    moment = _kept(known_by, seconds)
    days = month_ends(on)
    stocks, flows = _read(moment, code, days)
    ground = grounds(code, days=days, known_by=known_by, terms=law.terms)
    return tuple(_month_end(ground[day], day, stock, flows[month_of(day)]) for day, stock in zip(days, stocks, strict=True))


def _kept(known_by: datetime | None, seconds: float | None) -> int:
    try:
        return moments.built(on=None, known_by=known_by, law=installed_law(), seconds=seconds)
    except Refusal as refusal:
        if refusal.id == "runs.building":
            jobs.build_later(None, known_by)
        raise


def _month_end(ground: Ground, day: date, stock: dict[int, Total], flow: dict[int, int]) -> MonthEnd:
    law = installed_law()
    definition = law.regime(ground.code, day).definitions.get(COUNTED)
    summed = definition.rule.total if definition and definition.rule else ""
    tallies = {summed: of_totals(summed, stock)} if summed else {}
    pool = pooled(ground, on=day, terms=law.terms, tallies=tallies)
    steps = {name: answer(law, pool.subject, name, on=day) for name in ANSWERS}
    partial: Steps = {}
    if pool.told and pool.untold:
        some = pooled(ground, on=day, terms=law.terms, tallies=tallies, partial=True)
        partial = {name: answer(law, some.subject, name, on=day) for name in ANSWERS}
    return MonthEnd(
        day, sum(total.members for total in stock.values()), steps, partial, len(pool.untold),
        came=flow[_CAME], left=flow[-_CAME], moved_in=flow[_MOVED_IN], moved_out=flow[-_MOVED_IN],
    )  # fmt: skip


def _read(moment: int, code: int, days: list[date]) -> tuple[list[dict[int, Total]], dict[int, dict[int, int]]]:
    """Workers by county at each month-end, and how many changes of which kind each month has."""
    first = month_of(days[0])
    flows: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    changes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for part, month, way, counted, number in _summed(moment, code, first=first, last=month_of(days[-1])):
        changes[max(month, first)].append((part, counted, number if way > 0 else -number))
        if month >= first:
            flows[month][way] += number
    return list(_stocks(changes, first, len(days))), flows


def _stocks(changes: dict[int, list[tuple[int, int, int]]], first: int, months: int) -> Iterator[dict[int, Total]]:
    standing: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for month in range(first, first + months):
        for part, counted, number in changes[month]:
            standing[part][counted] += number
        yield {part: _total(answers) for part, answers in standing.items() if any(answers.values())}


def _total(answers: dict[int, int]) -> Total:
    valued = sum(answer * number for answer, number in answers.items() if answer > NO_RULE)
    without = {int(kind): answers[number] for kind, number in MARKS.items() if answers.get(number)}
    return Total(valued, sum(answers.values()), without)


def _summed(moment: int, code: int, *, first: int, last: int) -> list[tuple[int, int, int, int, int]]:
    """(county, month, way, answer, workers) of every change that touches the place; months before the first are one."""
    low, high = tree.span(code)
    inside = max(low, 1), high  # 0 is nowhere
    part = "{0} / 1000000" if tree.level_of(code) <= Level.county else f"{code:d}"
    sides = [
        f"SELECT {part.format(here)} AS part, CASE WHEN month < {first:d} THEN {first - 1:d} ELSE month END AS month,"
        f" {sign}CASE WHEN {there} = 0 THEN {_CAME} WHEN {there} BETWEEN %s AND %s THEN {_STAYED} ELSE {_MOVED_IN} END AS way,"
        f" counted_{here} AS counted FROM runs_shift WHERE moment_id = %s AND month <= {last:d} AND {here} BETWEEN %s AND %s"
        for here, there, sign in (("after", "before", ""), ("before", "after", "-"))
    ]
    sql = f"SELECT part, month, way, counted, COUNT(*) FROM ({' UNION ALL '.join(sides)}) AS sides GROUP BY part, month, way, counted"
    return rows(sql, [*inside, moment, *inside] * 2)  # type: ignore[return-value]

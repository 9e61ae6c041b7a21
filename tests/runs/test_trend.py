"""A trend says of each month-end what the workbench says of that day, and follows the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from jiceng.base.kinds import AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.runs import moments
from jiceng.runs.models import Moment, Shift
from jiceng.runs.movements import movements
from jiceng.runs.overview import overview
from jiceng.runs.trend import MonthEnd, month_ends, trend
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, TODAY, Worker, at, population

pytestmark = pytest.mark.database


def _people() -> list[Worker]:
    """Two counties: long-serving, come lately, gone, come again, part-time, moved from one county to the other."""
    found = [Worker(f"示例{n}", n=n, community=COMMUNITY if n % 2 else PLAIN_COMMUNITY) for n in range(1, 9)]
    found[0].appoint(date(2016, 3, 1))
    found[1].appoint(date(2025, 6, 30))
    found[2].appoint(date(2018, 1, 1))
    found[2].record("departure", date(2026, 2, 28), cause="resignation")
    found[3].appoint(date(2019, 1, 1), date(2025, 9, 1))
    found[3].appoint(date(2026, 5, 31))
    found[4].record(
        "appointment", date(2020, 1, 1), place=COMMUNITY, post="staff", **{"class": "committee_part_time"}, origin="elected",
        appointed_by="county",
    )  # fmt: skip
    found[5].appoint(date(2021, 1, 1), date(2026, 1, 15))
    found[5].record(
        "appointment", date(2026, 1, 15), place=COMMUNITY, post="staff", **{"class": "full_time_staff"}, origin="open_recruitment",
        appointed_by="county",
    )  # fmt: skip
    return found


def _same(code: int, point: MonthEnd) -> None:
    seen = overview(code, on=point.on, today=TODAY, counted=[])
    assert point.in_service == seen.in_service
    for name, step in point.steps.items():
        shown = seen.steps.get(name)
        if shown is None:
            assert step.kind is AnswerKind.no_rule
        else:
            assert (step.kind, step.value) == (shown.kind, shown.value)
    assert {n: (s.kind, s.value) for n, s in point.partial.items()} == {
        n: (seen.partial[n].kind, seen.partial[n].value) for n in point.partial
    }


def test_month_ends_count_the_day_itself_and_february() -> None:
    assert month_ends(date(2024, 3, 1), months=3) == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]
    assert month_ends(date(2024, 2, 29), months=2) == [date(2024, 1, 31), date(2024, 2, 29)]


@pytest.mark.parametrize("code", [CITY, COUNTY, PLAIN_COUNTY, COMMUNITY])
def test_each_month_end_equals_the_workbench_of_that_day(ganzi: int, code: int) -> None:
    _people()
    population(COUNTY, 8_000, on=date(2025, 3, 1))
    points = trend(code, on=TODAY)
    assert [point.on for point in points] == month_ends(TODAY)
    assert len(points) == 24
    for point in points[::4]:
        _same(code, point)


def test_flows_and_stocks_agree_and_are_those_of_movements(ganzi: int) -> None:
    _people()
    for code in (CITY, COUNTY, PLAIN_COUNTY):
        points = trend(code, on=TODAY)
        for before, point in pairwise(points):
            assert point.in_service - before.in_service == point.came - point.left + point.moved_in - point.moved_out
            told = movements(code, since=before.on + timedelta(days=1), until=point.on + timedelta(days=1), known_by=None)
            counted = len(told.arrivals), len(told.departures), len(told.moved_in), len(told.moved_out)
            assert counted == (point.came, point.left, point.moved_in, point.moved_out)
    moved = {point.on: point.moved_in for point in trend(COUNTY, on=TODAY)}
    assert moved[date(2026, 1, 31)] == 1
    assert sum(moved.values()) == 1


def test_a_trend_follows_the_ledger_and_keeps_what_was_known(ganzi: int) -> None:
    workers = _people()
    late = workers[6]
    before = trend(COUNTY, on=TODAY)[-1].in_service
    late.appoint(date(2025, 1, 1), on=date(2026, 11, 1))
    assert [point.in_service for point in trend(COUNTY, on=TODAY)][-1] == before + 1
    then = trend(COUNTY, on=TODAY, known_by=datetime(2026, 10, 1, tzinfo=UTC))
    assert then[-1].in_service == before
    entry = late.record("departure", date(2026, 3, 1), on=date(2026, 11, 2), cause="resignation")
    assert trend(COUNTY, on=TODAY)[-1].in_service == before
    assert entry.known_at > at(date(2026, 11, 1))()
    assert Moment.objects.filter(on=None).exclude(key="today").count() == 2


def test_a_trend_that_takes_long_says_so_and_keeps_what_is_done(ganzi: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _people()
    monkeypatch.setattr(moments, "PIECE", 2)
    with pytest.raises(Refusal) as refused:
        trend(CITY, on=TODAY, seconds=0)
    assert (refused.value.id, refused.value.what) == ("runs.building", "历月人员变动正在整理，已完成 2 / 6 人")
    assert Shift.objects.values("subject").distinct().count() == 2
    assert trend(CITY, on=TODAY, seconds=None)[-1].in_service == 5


def test_a_trend_costs_five_statements(ganzi: int, django_assert_num_queries) -> None:
    _people()
    trend(CITY, on=TODAY)
    with django_assert_num_queries(5):
        trend(CITY, on=TODAY)

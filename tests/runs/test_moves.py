"""Places that change: the roster of the new place later, of the old one before, on one range each."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.places.changes import Move, recode
from jiceng.places.tree import span
from jiceng.runs.ask import ask_place
from jiceng.runs.moves import restate
from jiceng.runs.roster import RosterFilter, roster
from jiceng.runs.standing import moment_for
from tests.runs.world import COMMUNITY, COUNTY, TODAY, Worker, at, population

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NEW = 513324100099
DAY = date(2025, 7, 1)


def names(place: int, day: date) -> list[str]:
    moment = moment_for(on=day, known_by=None, today=TODAY)
    return [row.name for row in roster(moment, ranges=[span(place)], filters=RosterFilter()).rows]


def test_workers_of_a_recoded_community_stand_at_the_new_code_from_the_day(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1))
    Worker("卓玛示例", n=2).appoint(date(2025, 9, 1))
    Worker("尼玛示例", n=3).appoint(date(2018, 1, 1), date(2020, 1, 1))
    restated = recode([Move(COMMUNITY, NEW)], day=DAY, basis="示例民政函〔2025〕1号")
    entries = restate(restated, actor="测试员", why="区划变更", clock=at(date(2026, 1, 5)))
    assert [entry.act for entry in entries] == ["recode"]
    assert (names(COMMUNITY, date(2025, 6, 30)), names(NEW, date(2025, 6, 30))) == (["格桑示例"], [])
    assert (names(COMMUNITY, DAY), names(NEW, date(2025, 9, 1))) == ([], ["格桑示例", "卓玛示例"])


def test_figures_of_a_recoded_place_go_along_and_those_of_a_merged_one_wait_for_a_person(ganzi):
    other = COMMUNITY + 1
    population(COMMUNITY, 3_000, on=date(2025, 1, 1))
    population(COUNTY, 20_000, on=date(2025, 1, 1))
    restate(recode([Move(COMMUNITY, NEW)], day=DAY, basis="示例"), actor="测试员", why="变更", clock=at(date(2026, 1, 5)))
    assert ask_place(NEW, on=DAY, today=TODAY, rule="quota_exact")["quota_exact"].value == 5_400_000
    merge = recode([Move(NEW, NEW + 1), Move(other, NEW + 1)], day=date(2025, 8, 1), basis="示例合并")
    assert restate(merge, actor="测试员", why="合并", clock=at(date(2026, 1, 6))) == []

"""J3: quota and rounding; a wide place from its counties; missing is not zero."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.answers.card import as_dict
from jiceng.answers.step import missing
from jiceng.base.kinds import AnswerKind
from jiceng.runs.ask import ask_place
from jiceng.runs.binding import workers
from jiceng.runs.law import installed_law
from jiceng.runs.overview import overview
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, TODAY, Worker, population

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_quota_is_exact_until_a_place_sets_the_rounding(ganzi):
    population(COUNTY, 256_000, on=date(2025, 1, 1))
    before = ask_place(COUNTY, on=date(2025, 6, 1), today=TODAY)
    after = ask_place(COUNTY, on=date(2026, 1, 1), today=TODAY)
    terms = installed_law().terms
    assert as_dict(before["quota_exact"], terms)["text"] == "460.8 人"
    assert before["quota"].kind == AnswerKind.open
    assert "取整未定" in as_dict(before["quota"], terms)["why"]
    assert as_dict(after["quota"], terms)["text"] == "461 人"
    assert as_dict(after["quota_exact"], terms)["text"] == "460.8 人"


def test_a_place_without_population_is_asked_not_zero(ganzi):
    Worker("格桑示例", n=1, community=COMMUNITY).appoint(date(2020, 1, 1))
    Worker("卓玛示例", n=2, community=PLAIN_COMMUNITY).appoint(date(2020, 1, 1))
    population(PLAIN_COUNTY, 50_000, on=date(2025, 1, 1))
    view = overview(CITY, on=date(2026, 6, 1), today=TODAY, counted=[("true", "training_overdue")])
    assert view.to_ask == ((COUNTY, "九龙县"),)
    assert view.steps["quota_exact"].kind == AnswerKind.missing
    assert missing(view.steps["quota_exact"]) == (("urban_residents", "城镇常住人口"),)
    assert view.partial["quota_exact"].value == 90_000_000
    assert [(line.name, line.members) for line in view.lines] == [("泸定县", 1), ("九龙县", 1)]


def test_a_wide_place_sums_its_counties_once_all_have_told(ganzi):
    Worker("格桑示例", n=1, community=COMMUNITY).appoint(date(2020, 1, 1))
    Worker("卓玛示例", n=2, community=PLAIN_COMMUNITY).appoint(date(2020, 1, 1))
    population(PLAIN_COUNTY, 50_000, on=date(2025, 1, 1))
    population(COUNTY, 20_000, on=date(2025, 1, 1))
    steps = ask_place(CITY, on=date(2026, 6, 1), today=TODAY)
    assert (steps["quota_exact"].value, steps["workers_total"].value) == (126_000_000, 2)


def test_a_year_is_judged_by_the_place_where_the_person_worked_then(ganzi):
    worker = Worker("格桑示例", n=1, community=COMMUNITY)
    worker.appoint(date(2020, 1, 1), date(2025, 1, 1))
    worker.community = PLAIN_COMMUNITY
    worker.appoint(date(2025, 1, 1))
    worker.record("assessment", date(2023, 12, 31), year=2023, result="pass")
    worker.record("assessment", date(2025, 12, 31), year=2025, result="pass")
    bound = workers([worker.subject], on=date(2026, 6, 1), terms=installed_law().terms)[0]
    assert [record.place for record in bound.histories["assessments"].records] == [COMMUNITY, PLAIN_COMMUNITY]

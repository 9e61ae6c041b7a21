"""Charts of the workbench as tables: every bar's list has as many rows as the bar says; missing is never zero."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.desks.workforce import trends
from jiceng.runs.trend import month_ends, trend
from tests.runs.world import CITY, COMMUNITY, TODAY, Worker
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def _more_people() -> None:
    """Ages at the edges of the bands, educations, a certificate, somebody of whom little is known."""
    for n, born in enumerate((date(1995, 11, 24), date(1995, 11, 25), date(1985, 11, 24), date(1975, 11, 24), date(1996, 2, 29)), 1):
        one = Worker(f"示例{n}", n=40 + n, born=born)
        one.appoint(date(2025, 12, n))
        if n < 3:
            one.record("education", date(2012, 7, 1), on=date(2026, 1, 1), level="bachelor", mode="full_time")
        one.record("political_status", date(2016, 7, 1), on=date(2026, 1, 1), status="party" if n % 2 else "league")


def test_every_part_of_the_structure_is_as_long_as_its_list(signed_in, world: World):
    _more_people()
    client = signed_in(officer=COUNTY)
    seen = client.get("/").context
    parts = [(one.key, part) for one in seen["structure"] for part in one.parts]
    assert {key: sum(part.number for of, part in parts if of == key) for key, _ in parts} == dict.fromkeys(
        ("education", "age", "post", "cls", "certificate", "sex", "political", "years"), seen["seen"].in_service
    )
    assert [(part.title, client.get(part.href).context["found"].count) for _, part in parts] == [(p.title, p.number) for _, p in parts]


def test_ages_are_whole_years_and_what_nobody_told_stands_by_itself(signed_in, world: World):
    _more_people()
    structure = {one.key: one for one in signed_in(officer=COUNTY).get("/").context["structure"]}
    ages = [(part.title, part.number) for part in structure["age"].parts]
    assert ages == [("30岁及以下", 2), ("31—40岁", 1), ("41—50岁", 3), ("51岁及以上", 1)]
    assert [(part.title, part.number, part.told) for part in structure["education"].parts] == [("本科", 2, True), ("未填", 5, False)]


def test_the_map_tells_who_has_not_told_from_zero(signed_in, world: World):
    client = signed_in(officer=CITY)
    gap = client.get("/").context["map"]
    shown = {area.name: (area.shade, area.text) for area in gap.areas}
    assert (len(gap.areas), shown["泸定县"], shown["九龙县"], gap.untold) == (18, (5, "139.4 人"), (0, "未填报"), 17)
    members = client.get("/?figure=members").context["map"]
    assert {area.name: area.text for area in members.areas if area.shade} == {"泸定县": "1 人", "九龙县": "2 人"}
    assert [(one.text, one.places) for one in members.legend] == [("2 人", 1), ("1 人", 1)]
    assert "未经审图" in gap.note


def test_a_county_has_no_map_and_a_site_may_switch_maps_off(signed_in, world: World, settings):
    assert signed_in(officer=COUNTY).get("/").context["map"] is None
    settings.MAP = False
    assert signed_in(viewer=CITY).get("/").context["map"] is None


def test_a_point_of_the_trend_says_what_the_workbench_says_of_that_day(signed_in, world: World):
    client = signed_in(officer=CITY)
    rows = client.get(f"/trend/?place={CITY}").context["rows"]
    assert [row.on for row in rows] == month_ends(TODAY)[::-1]
    day = rows[3].on.isoformat()
    there = client.get(f"/?place={CITY}&on={day}").context
    assert rows[3].point.in_service == there["seen"].in_service == client.get(f"/roster/?place={CITY}&on={day}").context["found"].count
    assert rows[3].quota["text"] == there["partial"]["quota_exact"]["text"] == "140.4 人"
    card = client.get(f"/places/{CITY}/answers/quota_exact/?told=1&on={day}").context["card"]
    assert card["text"] == "140.4 人"


def test_moves_of_a_month_are_those_the_trend_counts(signed_in, world: World):
    one = Worker("示例甲", n=71, community=COMMUNITY)
    one.appoint(date(2026, 9, 1))
    two = Worker("示例乙", n=72, community=COMMUNITY)
    two.appoint(date(2019, 9, 1))
    two.record("departure", date(2026, 9, 20), cause="resignation")
    client = signed_in(officer=COUNTY)
    row = next(row for row in client.get("/trend/").context["rows"] if row.month == "2026-09")
    page = client.get(f"/moves/?place={COUNTY}&month=2026-09").context
    assert (row.point.came, row.point.left) == (1, 1)
    assert [(key, number) for key, _, number in page["counts"]] == [("arrivals", 1), ("moved_in", 0), ("departures", 1), ("moved_out", 0)]
    assert [(move.name, move.day, move.way, move.cause) for move in page["moves"]] == [
        ("示例甲", date(2026, 9, 1), "进入", ""), ("示例乙", date(2026, 9, 20), "离任", "辞职"),
    ]  # fmt: skip
    assert [move.name for move in client.get(f"/moves/?place={COUNTY}&month=2026-09&way=departures").context["moves"]] == ["示例乙"]
    assert client.get(f"/moves/?place={COUNTY}&month=2026-13").context["refusal"].id == "page.filter"


def test_who_sees_names_masked_sees_them_masked_among_the_moves(signed_in, world: World):
    Worker("示例甲", n=71, community=COMMUNITY).appoint(date(2026, 9, 1))
    page = signed_in(viewer=COUNTY).get(f"/moves/?place={COUNTY}&month=2026-09")
    assert [move.name for move in page.context["moves"]] == ["示**"]
    assert "示例甲" not in page.content.decode()


def test_a_trend_not_ready_leaves_the_workbench_as_it_is(signed_in, world: World, monkeypatch):
    monkeypatch.setattr("jiceng.runs.moments.PIECE", 1)
    monkeypatch.setattr("jiceng.runs.jobs.build_later", lambda on, known_by: None)
    monkeypatch.setattr(trends, "trend", partial(trend, seconds=0))
    client = signed_in(officer=CITY)
    assert client.get("/").status_code == 200
    part = client.get(f"/trend/?place={CITY}", headers={"HX-Request": "true"})
    assert (part.status_code, part.context["refusal"].id) == (200, "runs.building")
    assert 'hx-trigger="load delay:2s"' in part.content.decode()


def test_a_trend_outside_ones_places_is_denied(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    assert [client.get(f"{page}?place={PLAIN_COUNTY}").status_code for page in ("/trend/", "/moves/")] == [403, 403]


def test_charts_keep_the_budget(signed_in, world: World):
    client = signed_in(officer=CITY)
    for page in ("/", "/?figure=overdue", "/trend/", "/moves/?month=2026-09"):
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page)
        assert len(asked) <= 10
        assert len(answer.content) <= 60 * 1024

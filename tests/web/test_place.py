"""A place: population with source and year, the quota it gives, the list of places to ask."""

from __future__ import annotations

import pytest

from jiceng.ledger.models import Entry
from tests.web.conftest import COUNTY, PLAIN_COUNTY, TODAY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
CITY = 5133


def figures(client, code: int, query: str = "") -> dict[str, str]:
    groups = client.get(f"/places/{code}/{query}").context["groups"]
    return {card["name"]: card["text"] for group in groups for card in group.cards}


def population(**more: str) -> dict[str, str]:
    given = {"f_urban_residents": "256000", "f_source": "示例统计公报", "f_year": "2025", "since": "2026-01-01", "until": ""}
    return {**given, "basis": "示例统计公报", "why": "年度更新", **more}


def test_population_gives_the_quota_and_taking_it_away_gives_a_place_to_ask(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    assert figures(client, COUNTY)["quota_exact"] == "缺事实"
    assert client.get("/asks/").context["found"] == [("九龙县", ((COUNTY, "九龙县"),))]
    looked = client.post(f"/places/{COUNTY}/record/population/", population())
    changed = {one.rule: (one.before, one.after) for about in looked.context["impact"].on(TODAY).places for one in about.differences}
    assert changed["quota_exact"] == ("缺事实", "460.8 人")
    assert client.post(f"/places/{COUNTY}/record/population/", population(confirmed="yes")).status_code == 302
    assert {name: figures(client, COUNTY)[name] for name in ("quota_exact", "quota")} == {"quota_exact": "460.8 人", "quota": "461 人"}
    assert client.get("/asks/").context["found"] == [("九龙县", ())]
    entry = Entry.objects.order_by("-known").first()
    client.post(f"/entries/{entry.id}/undo/", {"why": "数据未经核定"})
    assert figures(client, COUNTY)["quota_exact"] == "缺事实"
    assert client.get("/asks/").context["found"] == [("九龙县", ((COUNTY, "九龙县"),))]


def test_correcting_a_population(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    client.post(f"/places/{COUNTY}/record/population/", population(confirmed="yes"))
    believed = client.get(f"/places/{COUNTY}/").context["believed"]
    fact = believed[0][0].id
    client.post(f"/places/{COUNTY}/facts/{fact}/", population(f_urban_residents="250000", confirmed="yes"))
    assert figures(client, COUNTY)["quota_exact"] == "450 人"


def test_a_number_that_is_none_is_refused_on_the_form(signed_in, world: World):
    answer = signed_in(officer=COUNTY).post(f"/places/{COUNTY}/record/population/", population(f_urban_residents="二十万"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["f_urban_residents"])


def test_a_prefecture_without_one_county_has_no_figure_and_names_it(signed_in, world: World):
    client = signed_in(officer=CITY)
    seen = client.get("/").context["seen"]
    assert seen.untold == ((COUNTY, "九龙县"),)
    assert client.get("/").context["cards"]["quota_exact"]["kind"] == "missing"
    assert client.get("/").context["partial"]["quota_exact"]["text"] == "140.4 人"
    assert client.get("/asks/").context["found"] == [("甘孜藏族自治州", ((COUNTY, "九龙县"),))]
    assert [row.code for row in client.get("/").context["rows"]] == [PLAIN_COUNTY, COUNTY]


def test_arithmetic_of_the_quota_is_shown_with_its_figures(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    client.post(f"/places/{COUNTY}/record/population/", population(confirmed="yes"))
    reasons = {reason.card["name"]: reason for reason in client.get(f"/places/{COUNTY}/why/quota/").context["reasons"]}
    assert reasons["quota_exact"].formula.figures == "（256,000 人 × 18 人） ÷ 10,000 人"
    assert reasons["quota"].formula.figures == "460.8 人 取整（应配人数取整（进一））"
    assert reasons["quota_rounding"].card["replaced"][0]["mark"] == "〔意见·3〕"


def test_places_are_found_by_name_inside_ones_own(signed_in, world: World):
    names = signed_in(officer=COUNTY).get("/places/?q=呷尔").context["names"]
    assert (513324100, "四川省甘孜藏族自治州九龙县呷尔镇") in names
    assert {str(code)[:6] for code, _ in names} == {str(COUNTY)}


@pytest.mark.parametrize("written", ["256,000", "２５６０００", " 256000 "])
def test_a_number_is_taken_as_people_write_it(signed_in, world: World, written):
    client = signed_in(officer=COUNTY)
    client.post(f"/places/{COUNTY}/record/population/", population(f_urban_residents=written, confirmed="yes"))
    assert figures(client, COUNTY)["quota_exact"] == "460.8 人"


def test_a_sum_over_people_leads_to_each_of_them(signed_in, world: World):
    """The list holds whom the sum was made of, with what each gives to it."""
    client = signed_in(viewer=CITY)
    for code, members in ((COUNTY, [world.head, world.staff]), (CITY, [world.head, world.staff, world.elsewhere])):
        card = client.get(f"/places/{code}/answers/gap_exact/").context["card"]
        (total,) = [one for one in card["inputs"] if one["name"] == "workers_total"]
        listed = client.get(total["members"]).context
        assert sorted(line.subject for line in listed["lines"]) == sorted(members)
        assert [line.cells[-1].text for line in listed["lines"]] == ["是"] * total["value"]
        assert f'href="{total["members"].replace("&", "&amp;")}"' in client.get(f"/places/{code}/answers/gap_exact/").content.decode()
    alone = client.get(f"/places/{COUNTY}/answers/workers_total/").context["card"]
    assert alone["members"] == f"/roster/?place={COUNTY}&cols=place%2Cpost%2Ccls%2Ca%3Ain_quota&sort=-in_quota"
    assert "members" not in client.get(f"/places/{CITY}/answers/workers_total/?told=1").context["card"]

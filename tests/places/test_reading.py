"""The tree on a day."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.places import reading, tree
from jiceng.places.changes import rename
from jiceng.places.load import load_snapshot
from jiceng.places.models import Place
from jiceng.places.tree import Level
from tests.places.conftest import DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
SQUARE = 513324100001


def test_place_by_code(ganzi):
    found = reading.place(SQUARE, on=DAY)
    assert (found.code, found.level, found.name, found.kind) == (SQUARE, 5, "民族广场社区居民委员会", "residents")


def test_nation_needs_no_row():
    nation = reading.place(tree.NATION, on=DAY)
    assert (nation.code, nation.level, nation.name) == (0, 0, "全国")


@pytest.mark.parametrize("on", [date(1999, 12, 31), date(1990, 1, 1)])
def test_before_the_tree_begins_there_is_no_place(ganzi, on):
    with pytest.raises(Refusal) as refused:
        reading.place(5133, on=on)
    assert refused.value.id == "place.unknown"


def test_first_day_of_the_tree_is_in_it(ganzi):
    assert reading.place(5133, on=date(2000, 1, 1)).name == "甘孜藏族自治州"


def test_children_are_one_level_below(ganzi):
    counties = reading.children(5133, on=DAY)
    assert len(counties) == 18
    assert (counties[0].code, counties[0].name) == (513301, "康定市")
    assert [place.code for place in reading.children(51, on=DAY)] == [5133]
    assert [place.code for place in reading.children(tree.NATION, on=DAY)] == [51]
    assert reading.children(SQUARE, on=DAY) == []


def test_children_of_a_wanted_level(ganzi):
    assert len(reading.children(513324, on=DAY, level=Level.community)) == 65
    assert len(reading.within(5133, on=DAY, level=Level.street)) == 289


def test_within_the_nation_are_only_places_of_the_level(ganzi):
    found = {level: [place.code for place in reading.within(tree.NATION, on=DAY, level=level)] for level in (Level.province, Level.city)}
    assert found == {Level.province: [51], Level.city: [5133]}
    assert {tree.level_of(place.code) for place in reading.within(tree.NATION, on=DAY, level=Level.county)} == {Level.county}
    assert len(reading.within(tree.NATION, on=DAY, level=Level.street)) == 289
    assert {len(found) for found in reading.within_on(tree.NATION, [DAY], level=Level.county).values()} == {18}


def test_within_its_own_level_is_the_place_itself(ganzi):
    assert [place.code for place in reading.within(513324, on=DAY, level=Level.county)] == [513324]
    assert reading.within(513324, on=DAY, level=Level.city) == []


def test_ancestors(ganzi):
    assert [place.name for place in reading.ancestors_of(SQUARE, on=DAY)] == ["四川省", "甘孜藏族自治州", "九龙县", "呷尔镇"]


def test_full_name(ganzi):
    assert reading.full_name(SQUARE, on=DAY) == "四川省甘孜藏族自治州九龙县呷尔镇民族广场社区居民委员会"
    assert reading.full_name(tree.NATION, on=DAY) == "全国"


def test_full_name_of_an_unknown_code_is_refused(ganzi):
    with pytest.raises(Refusal) as refused:
        reading.full_name(513399, on=DAY)
    assert refused.value.id == "place.unknown"


def test_full_name_says_a_colliding_name_once(colliding):
    names = reading.full_names([4419, 441900, 441900003, 460400100, 350527000000], on=DAY)
    assert names == {
        4419: "广东省东莞市",
        441900: "广东省东莞市",
        441900003: "广东省东莞市东城街道",
        460400100: "海南省儋州市那大镇",
        350527000000: "福建省泉州市金门县",
    }


def test_full_name_leaves_out_city_districts_as_such(db):
    load_snapshot(only=(110101, 419001, 500236))
    assert reading.full_name(110101, on=DAY) == "北京市东城区"
    assert reading.full_name(419001, on=DAY) == "河南省济源市"
    assert reading.full_name(500236, on=DAY) == "重庆市奉节县"
    assert reading.full_name(1101, on=DAY) == "北京市"


def test_full_names_below_a_place(ganzi):
    assert reading.full_names([SQUARE, 5133, 513324], on=DAY, above=513324) == {
        SQUARE: "呷尔镇民族广场社区居民委员会",
        5133: "甘孜藏族自治州",
        513324: "九龙县",
    }


def test_names_of_many_codes(ganzi):
    codes = list(Place.objects.values_list("code", flat=True))
    assert reading.names_of([*codes, 0, 99], on=DAY) == {0: "全国", **dict(Place.objects.values_list("code", "name"))}


def test_search_stays_in_scope(ganzi):
    assert [place.code for place in reading.search(" 呷尔 ", scope=513324, on=DAY)] == [513324100, 513324100212]
    assert reading.search("呷尔", scope=513301, on=DAY) == []
    assert reading.search("  ", scope=513324, on=DAY) == []
    assert len(reading.search("村", scope=5133, on=DAY, limit=7)) == 7


def test_renamed_place_has_each_name_on_its_days(ganzi):
    rename(SQUARE, "团结广场社区居民委员会", day=date(2022, 3, 1), basis="示例批复〔2022〕1号")
    assert reading.place(SQUARE, on=date(2022, 2, 28)).name == "民族广场社区居民委员会"
    assert reading.place(SQUARE, on=date(2022, 3, 1)).name == "团结广场社区居民委员会"
    assert reading.full_name(SQUARE, on=DAY) == "四川省甘孜藏族自治州九龙县呷尔镇团结广场社区居民委员会"

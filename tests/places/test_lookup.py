"""A place by the names of a row; what a refusal offers."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.places.changes import establish
from jiceng.places.load import load_snapshot
from jiceng.places.lookup import Unplaced, find, finder
from tests.places.conftest import DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
COUNTY = 513324
SQUARE = 513324100001


def refused(*names: str, scope: int = COUNTY, on: date = DAY) -> Refusal:
    with pytest.raises(Refusal) as caught:
        find(names, scope=scope, on=on)
    return caught.value


@pytest.fixture
def twins(ganzi):
    """Two communities that differ in a numeral, as in many a town that grew."""
    for number, name in ((71, "新兴一社区居民委员会"), (72, "新兴二社区居民委员会")):
        establish(513324100000 + number, name, day=date(2020, 1, 1), basis="示例批复")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("九龙县", "呷尔镇", "民族广场社区居民委员会"), SQUARE),
        (("九龙县", "呷尔镇", "民族广场社区"), SQUARE),
        (("九龙", "呷尔", "民族广场"), SQUARE),
        (("", "", "民族广场社区"), SQUARE),
        (("呷尔镇", "民族广场社区"), SQUARE),
        (("九龙县", "呷尔镇", ""), 513324100),
        (("", "呷尔镇", "呷尔村"), 513324100212),
        (("甘孜州", "九龙县", "子耳乡", ""), 513324209),
        (("四川", "甘孜藏族自治州", "九龙县", "", "文化路社区"), 513324100002),
        (("九龙县", "", ""), COUNTY),
    ],
)
def test_find_in_a_county(ganzi, names, code):
    assert find(names, scope=COUNTY, on=DAY).code == code


@pytest.mark.parametrize("scope", [0, 51, 5133])
def test_find_in_a_wide_scope(ganzi, scope):
    assert find(("九龙县", "呷尔镇", "民族广场社区"), scope=scope, on=DAY).code == SQUARE
    assert find(("", "", "民族广场社区居委会"), scope=scope, on=DAY).code == SQUARE


def test_refusal_offers_the_two_of_similar_name(twins):
    refusal = refused("九龙县", "呷尔镇", "新兴社区")
    assert refusal.id == "place.not_found"
    assert refusal.text == "找不到“新兴社区”。本镇有“新兴一社区”“新兴二社区”。请在原表更正，或在本页选择一个。"
    assert isinstance(refusal, Unplaced)
    assert [place.code for place in refusal.candidates] == [513324100071, 513324100072]


def test_similar_name_is_offered_only_where_it_stands_on_that_day(twins):
    refusal = refused("九龙县", "呷尔镇", "新兴社区", on=date(2019, 12, 31))
    assert refusal.text == "找不到“新兴社区”。本镇没有相近的名称。请核对名称；新设的区划请管理员先登记。"


def test_village_is_not_taken_for_a_community(ganzi):
    refusal = refused("九龙县", "呷尔镇", "华丘社区")
    assert refusal.id == "place.not_found"
    assert [place.name for place in refusal.candidates] == ["华丘村民委员会"]


def test_community_in_another_street_is_named(ganzi):
    refusal = refused("九龙县", "烟袋镇", "民族广场社区")
    assert refusal.text == "找不到“民族广场社区”。范围内同名的是“呷尔镇民族广场社区居民委员会”。请在原表更正，或在本页选择一个。"


def test_ambiguity_lists_candidates_with_their_counties(ganzi):
    refusal = refused("", "城厢社区", scope=51)
    assert refusal.id == "place.not_found"
    load_snapshot(only=(510113, 510822))
    refusal = refused("姚渡镇", "姚家渡社区", scope=51)
    assert refusal.id == "place.ambiguous"
    assert isinstance(refusal, Unplaced)
    assert len(refusal.candidates) == 2
    assert {place.code // 10**6 for place in refusal.candidates} == {510113, 510822}
    assert "成都市青白江区" in refusal.why
    assert "广元市青川县" in refusal.why


def test_county_name_settles_an_ambiguity(ganzi):
    load_snapshot(only=(510113, 510822))
    assert find(("青川县", "姚渡镇", "姚家渡社区"), scope=51, on=DAY).code // 10**6 == 510822


def test_narrower_name_settles_which_street_was_meant(ganzi):
    load_snapshot(only=(510113, 510822))
    assert find(("姚渡镇", "红瓦店社区"), scope=51, on=DAY).code == 510113106002
    assert find(("姚渡镇", "市坪村"), scope=51, on=DAY).code == 510822108200
    assert refused("姚渡镇", "", scope=51).id == "place.ambiguous"


def test_row_of_another_county_is_outside(ganzi):
    refusal = refused("康定市", "呷尔镇", "民族广场社区")
    assert refusal.id == "place.outside"
    assert refusal.why == "本次只办理“四川省甘孜藏族自治州九龙县”"


def test_city_district_as_a_word_says_nothing(db):
    load_snapshot(only=(110101,))
    found = find(("北京市", "市辖区", "东城区", "东华门街道", ""), scope=110101, on=DAY)
    assert found.code == 110101001
    assert find(("北京市", "", "东城区", "东华门街道", ""), scope=11, on=DAY).code == 110101001


def test_colliding_city_and_county(colliding):
    assert find(("东莞市", "东城街道", ""), scope=4419, on=DAY).code == 441900003
    assert find(("东莞市", "东城街道", ""), scope=441900, on=DAY).code == 441900003
    assert find(("金门县", "金门县", "金门县"), scope=350527, on=DAY).code == 350527000000


def test_row_without_a_name(ganzi):
    assert refused("", " ", "").id == "place.unnamed"


def test_scope_that_is_not_there(ganzi):
    assert refused("呷尔镇", "", scope=513399).id == "place.unknown"


def test_finder_answers_many_rows_with_few_statements(ganzi, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        found = finder(scope=COUNTY, on=DAY)
        for _ in range(50):
            assert found(("九龙县", "呷尔镇", "民族广场社区")).code == SQUARE
            assert found(("九龙县", "呷尔镇", "文化路社区")).code == 513324100002
            with pytest.raises(Unplaced):
                found(("九龙县", "呷尔镇", "没有这个社区"))

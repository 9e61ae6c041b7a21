"""Names as people write them. Invented and real names of places; no persons."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jiceng.places.names import match, near, short_name, spellings, tidy


@dataclass(frozen=True)
class Written:
    name: str


def among(*names: str) -> list[Written]:
    return [Written(name) for name in names]


def found(name: str, candidates: list[Written]) -> list[str]:
    return [candidate.name for candidate in match(name, candidates)]


STREET = among("新兴一社区居委会", "新兴二社区居委会", "光明社区居民委员会", "光明村民委员会", "鼓楼居委会", "大坪村居委会")
TOWNS = among("城关镇", "城关街道", "子耳彝族乡", "孔家庄镇", "红旗街道", "经济开发区")
COUNTIES = among("木里藏族自治县", "临夏市", "临夏县", "双江拉祜族佤族布朗族傣族自治县", "鄂伦春自治旗", "沙市区", "隆林各族自治县")
REGIONS = among("甘孜藏族自治州", "内蒙古自治区", "新疆维吾尔自治区", "四川省", "成都市", "大兴安岭地区", "锡林郭勒盟")


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("光明社区居民委员会", STREET, ["光明社区居民委员会"]),
        ("光明社区居委会", STREET, ["光明社区居民委员会"]),
        ("光明社区", STREET, ["光明社区居民委员会"]),
        ("光明居委会", STREET, ["光明社区居民委员会"]),
        ("光明村委会", STREET, ["光明村民委员会"]),
        ("光明村", STREET, ["光明村民委员会"]),
        ("光明", STREET, ["光明社区居民委员会", "光明村民委员会"]),
        ("鼓楼社区", STREET, ["鼓楼居委会"]),
        ("鼓楼村", STREET, []),
        ("大坪村", STREET, ["大坪村居委会"]),
        ("大坪村委会", STREET, []),
        ("大坪社区", STREET, []),
        ("新兴社区", STREET, []),
        ("", STREET, []),
        ("城关镇", TOWNS, ["城关镇"]),
        ("城关街道办事处", TOWNS, ["城关街道"]),
        ("城关街道办", TOWNS, ["城关街道"]),
        ("城关", TOWNS, ["城关镇", "城关街道"]),
        ("城关乡", TOWNS, []),
        ("子耳乡", TOWNS, ["子耳彝族乡"]),
        ("子耳", TOWNS, ["子耳彝族乡"]),
        ("孔家庄镇人民政府", TOWNS, ["孔家庄镇"]),
        ("孔家庄街道", TOWNS, []),
        ("木里县", COUNTIES, ["木里藏族自治县"]),
        ("双江", COUNTIES, ["双江拉祜族佤族布朗族傣族自治县"]),
        ("隆林县", COUNTIES, ["隆林各族自治县"]),
        ("鄂伦春旗", COUNTIES, ["鄂伦春自治旗"]),
        ("临夏", COUNTIES, ["临夏市", "临夏县"]),
        ("临夏县", COUNTIES, ["临夏县"]),
        ("沙市", COUNTIES, ["沙市区"]),
        ("木里区", COUNTIES, []),
        ("甘孜州", REGIONS, ["甘孜藏族自治州"]),
        ("甘孜", REGIONS, ["甘孜藏族自治州"]),
        ("内蒙古", REGIONS, ["内蒙古自治区"]),
        ("新疆", REGIONS, ["新疆维吾尔自治区"]),
        ("四川", REGIONS, ["四川省"]),
        ("大兴安岭", REGIONS, ["大兴安岭地区"]),
    ],
)
def test_match(name, candidates, expected):
    assert found(name, candidates) == expected


def test_exact_name_wins_over_a_stripped_one():
    both = among("幸福社区居民委员会", "幸福社区居委会")
    assert found("幸福社区居委会", both) == ["幸福社区居委会"]
    assert found("幸福社区", both) == ["幸福社区居民委员会", "幸福社区居委会"]
    assert found("东风村", among("东风村", "东风村民委员会")) == ["东风村"]


def test_village_committee_called_community_is_not_taken_for_a_community():
    assert found("东沟社区", among("东沟社区村民委员会")) == []


@pytest.mark.parametrize("name", ["光 明 社 区", "光明社区 ", "　光明社区", "光明\u200b社区", "光明\n社区"])
def test_spaces_and_invisible_characters_do_not_matter(name):
    assert found(name, STREET) == ["光明社区居民委员会"]


def test_full_width_digits_are_digits():
    assert tidy("复兴路２４号社区") == "复兴路24号社区"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("民族广场社区居民委员会", "民族广场社区"),
        ("呷尔村民委员会", "呷尔村"),
        ("呷尔村村民委员会", "呷尔村"),
        ("鼓楼居委会", "鼓楼居委会"),
        ("大坪村居委会", "大坪村"),
        ("九龙县", "九龙县"),
    ],
)
def test_short_name(name, short):
    assert short_name(name) == short


def test_near_names_are_offered_the_same_kind_first():
    assert [c.name for c in near("新兴社区", [*STREET, Written("新兴村民委员会")])] == [
        "新兴一社区居委会",
        "新兴二社区居委会",
        "新兴村民委员会",
    ]


def test_nothing_near_is_offered_for_another_name():
    assert near("梧桐苑社区", STREET) == ()


def test_near_names_stop_at_the_limit():
    assert len(near("新兴社区", among(*(f"新兴{c}社区" for c in "一二三四五六七")), limit=3)) == 3


@pytest.mark.parametrize("name", ["光明社区", "光明居委会", "光明社区居委会", "光明"])
def test_spellings_reach_the_full_name(name):
    assert "光明社区居民委员会" in spellings(name)


def test_spellings_do_not_cross_from_community_to_village():
    assert [form for form in spellings("光明社区") if "村" in form] == []
    assert [form for form in spellings("光明村") if "社区" in form] == []

"""Rows judged: what is refused, in which words, and what is taken with a remark."""
# ruff: noqa: E501  (tables of cells read better as lines)

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.intake.cells import reader
from jiceng.intake.roster import COLUMNS
from jiceng.terms.registry import base_terms
from tests.intake.ugly import HEADINGS, id_number, people, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def first(**changed):
    return people(1)[0].but(**changed)


def reasons(checked) -> list[tuple[int, str, str]]:
    return [(refusal.row, refusal.heading, refusal.id) for refusal in checked.refusals]


def test_clean_rows_are_accepted(checked):
    assert (checked(workbook(people(20))).accepted, reasons(checked(workbook(people(20))))) == (20, [])


@pytest.mark.parametrize(
    ("changed", "heading", "id"),
    [
        ({"姓名": ""}, "姓名", "intake.blank_cell"), ({"姓名": "王2"}, "姓名", "intake.name"), ({"身份证号": ""}, "身份证号", "intake.blank_cell"),
        ({"身份证号": float(id_number(3))}, "身份证号", "intake.id_number_cell"), ({"岗位": "书计"}, "岗位", "intake.code_unknown"),
        ({"岗位": ""}, "岗位", "intake.blank_cell"), ({"民族": "汉语"}, "民族", "intake.code_unknown"), ({"任现岗时间": "2023.2.30"}, "任现岗时间", "intake.date_impossible"),
        ({"任现岗时间": "2019"}, "任现岗时间", "intake.date_short"), ({"合同到期日": "2026.12"}, "合同到期日", "intake.date_short"),
        ({"任现岗时间": "2024.6.1"}, "任现岗时间", "intake.date_after"), ({"任现岗时间": "2001-1-1", "从事社区工作时间": "2005-1-1"}, "任现岗时间", "intake.date_order"),
        ({"合同类型": ""}, "合同到期日", "intake.contract_kind"), ({"手机号": "139100"}, "手机号", "intake.phone"), ({"社区": ""}, "社区", "intake.place_blank"),
        ({"社区": "不存在社区"}, "社区", "place.not_found"), ({"区县": "九龙县"}, "社区", "place.not_found"), ({"最近年度考核": "2023年度中等"}, "最近年度考核", "intake.code_unknown"),
        ({"政治面貌": "无"}, "政治面貌", "intake.code_unknown"),
    ],
)  # fmt: skip
def test_one_wrong_cell_refuses_its_row_with_its_column(checked, changed, heading, id):
    assert reasons(checked(workbook([first(**changed)]))) == [(2, heading, id)]


def test_code_refusal_offers_what_was_meant(checked):
    refusal = checked(workbook([first(岗位="副书计")])).refusals[0]
    assert refusal.do.startswith("是不是“社区党组织副书记”")


def test_birth_and_sex_must_agree_with_the_id_number(checked):
    number = id_number(3, birth=date(1990, 5, 1), male=True)
    row = first(身份证号=number, 出生年月="1991.05", 性别="女")
    assert [refusal.text for refusal in checked(workbook([row])).refusals] == [
        "第 2 行“出生年月”：出生年月写的是1991年5月，身份证号里是1990年5月1日。请对照证件更正其中一个；档案与证件不一致的，先按干部人事档案认定程序认定。",
        "第 2 行“性别”：性别写的是女，身份证号里是男。请对照证件更正其中一个。",
    ]


@pytest.mark.parametrize("birth", ["1990.05", "1990年5月", "199005", date(1990, 5, 1), "1990.5.1", "", "1990.05（34岁）"])
def test_birth_to_the_month_agrees(checked, birth):
    row = first(身份证号=id_number(3, birth=date(1990, 5, 1), male=True), 出生年月=birth, 性别="男")
    assert reasons(checked(workbook([row]))) == []


def test_birth_typed_as_a_number_that_lost_its_zero_is_settled_by_the_id_number(checked):
    row = first(身份证号=id_number(3, birth=date(1990, 10, 7), male=True), 出生年月=1990.1, 性别="男")
    assert reasons(checked(workbook([row]))) == []


def test_person_twice_is_refused_once_if_the_rows_are_equal_and_twice_if_not(checked):
    one, two = people(2)
    assert reasons(checked(workbook([one, two, one]))) == [(4, "身份证号", "intake.repeated")]
    assert reasons(checked(workbook([one, two, one.but(岗位="书记")]))) == [
        (2, "身份证号", "intake.repeated_differs"), (4, "身份证号", "intake.repeated_differs"),
    ]  # fmt: skip


def test_month_is_taken_as_its_first_day_and_said(checked):
    found = checked(workbook([first(任现岗时间="2021年3月", 从事社区工作时间="2018.07")]))
    assert (found.accepted, found.remarks) == (
        1,
        {"“任现岗时间”只写到月，按当月 1 日计": 1, "“从事社区工作时间”只写到月，按当月 1 日计": 1},
    )


def test_two_communities_of_one_name_are_offered_to_choose_from(checked):
    headings = ("姓名", "身份证号", "社区", "岗位")
    raw = workbook([first(社区="光明社区")], headings=headings)
    refusal = checked(raw).refusals[0]
    assert (refusal.id, refusal.written, refusal.candidates) == (
        "place.ambiguous", "光明社区",
        ((513301001004, "康定市炉城街道光明社区居民委员会"), (513333100004, "色达县色柯镇光明社区居民委员会")),
    )  # fmt: skip
    assert checked(raw, choices={"光明社区": 513333100004}).sheets[0].places == [513333100004]
    assert checked(raw, scope=513301).sheets[0].places == [513301001004]


def test_choice_of_a_place_is_followed(checked):
    raw = workbook([first(社区="老民广")])
    assert reasons(checked(raw)) == [(2, "社区", "place.not_found")]
    choices = {"康定市/炉城街道/老民广": 513301001001}
    assert checked(raw, choices=choices).sheets[0].places == [513301001001]


def test_community_without_county_and_street_is_found_and_full_names_are_taken_apart(checked):
    headings = ("姓名", "身份证号", "社区", "岗位")
    rows = [
        p.but(社区=name)
        for p, name in zip(people(3), ("民族广场社区", "呷尔镇民族广场社区", "九龙县呷尔镇民族广场社区居委会"), strict=True)
    ]
    assert checked(workbook(rows, headings=headings)).sheets[0].places == [513324100001] * 3


def test_sheet_of_one_community_needs_no_column(checked):
    headings = ("姓名", "身份证号", "岗位")
    assert checked(workbook(people(2), headings=headings, name="民族广场社区")).sheets[0].places == [513324100001] * 2
    assert checked(workbook(people(2), headings=headings), scope=513324100001).sheets[0].places == [513324100001] * 2
    with pytest.raises(Refusal) as caught:
        checked(workbook(people(2), headings=headings))
    assert caught.value.id == "intake.column_missing"


@pytest.mark.parametrize("gone", ["姓名", "身份证号", "岗位"])
def test_needed_column_that_is_not_there_refuses_the_sheet(checked, gone):
    with pytest.raises(Refusal) as caught:
        checked(workbook(people(2), headings=[heading for heading in HEADINGS if heading != gone]))
    assert (caught.value.id, caught.value.what) == ("intake.column_missing", f"缺少“{gone}”列")


def test_assessment_takes_its_year_from_cell_or_heading_and_else_says_which_it_took(checked):
    from jiceng.intake.cells import Assessed

    headings = ("姓名", "身份证号", "社区", "岗位")
    for heading, cell, year, remarks in (
        ("年度考核", "2022年度优秀", 2022, {}),
        ("2023年度考核结果", "优秀", 2023, {}),
        ("年度考核", "优秀", 0, {"考核没有写年度，按 2023 年度计": 1}),
    ):
        found = checked(workbook([first(**{heading: cell, "社区": "民族广场社区"})], headings=(*headings, heading)))
        assert (found.sheets[0].values["assessment"], found.remarks) == ([Assessed(year, "excellent")], remarks)


@pytest.mark.parametrize("cell", ["6222 0200-0000 0000 018", "'6222020000000000018", 62220200], ids=["spaced", "quoted", "short number"])
def test_a_bank_account_is_read_as_its_digits(cell):
    read = reader(COLUMNS["bank_account"], base_terms(), "银行账号")
    assert read(cell) == ("62220200" if isinstance(cell, int) else "6222020000000000018")


@pytest.mark.parametrize("cell", ["6222", "62220200000000018甲", "6.2220200E+18", 6222020000000000018.0, 6222020000000000018])
def test_a_bank_account_that_lost_digits_or_is_none_is_refused(cell):
    found = reader(COLUMNS["bank_account"], base_terms(), "银行账号")(cell)
    assert (type(found).__name__, found.id) == ("NotRead", "intake.account")

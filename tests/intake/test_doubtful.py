"""What must not be read as something near it: taken back in brackets, two things in one cell, somebody else's column, another county."""
# ruff: noqa: E501  (tables of cells read better as lines)

from __future__ import annotations

from datetime import date

import pytest

from jiceng.intake.cells import Assessed, reader
from jiceng.intake.combined import InService
from jiceng.intake.days import NotRead
from jiceng.intake.headings import Headings
from jiceng.intake.roster import COLUMNS, ROSTER
from jiceng.intake.whereabouts import NoPlace, Whereabouts
from jiceng.ledger.reading import as_of
from jiceng.terms.registry import base_terms
from tests.intake.third_people import Office, book, number
from tests.intake.third_share import share

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def read(column: str, text: str) -> object:
    found = reader(COLUMNS[column], base_terms(), "")(text)
    return found.id if isinstance(found, NotRead) else found


@pytest.mark.parametrize(
    ("column", "text", "found"),
    [
        ("education_full", "大专（在读）", "intake.code_doubtful"), ("education_full", "本科在读", "intake.code_doubtful"),
        ("education_full", "大专\n本科", "intake.code_doubtful"), ("education_full", "中专、大专", "intake.code_doubtful"),
        ("education_full", "大学/工学硕士", "bachelor"), ("education_full", "大学/硕士", "bachelor"), ("education_full", "本科（法学）", "bachelor"),
        ("education_full", "本科（函授）", InService("bachelor")), ("education_service", "省委党校大专", "college"),
        ("certificate", "中级（在考）", "intake.code_doubtful"), ("certificate", "社会工作师（中级）", "social_worker"),
        ("class", "两委（兼职）", "committee_part_time"), ("political_status", "中共党员（预备）", "intake.code_doubtful"),
        ("post", "主任（拟任）", "intake.code_doubtful"), ("post", "原主任", "intake.code_doubtful"), ("post", "委员、网格员", "intake.code_unknown"),
        ("post", "工作人员（网格员）", "intake.code_doubtful"), ("post", "祥和社区党支部书记", "secretary"), ("post", "社区专职\n工作者", "staff"),
        ("assessment", "2023年未定等次", Assessed(2023, "undetermined")), ("name", "丹增（女，藏族）", "丹增"), ("name", "丹增（代）", "intake.name"),
    ],
)  # fmt: skip
def test_cell(column, text, found):
    assert read(column, text) == found


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("配偶身份证号", None), ("离任日期", None), ("原任职务", None), ("拟任职务", None), ("紧急联系电话", None), ("入团时间", None), ("ID", None),
        ("上岗年月", "post_since"), ("网格员姓名", "name"), ("Date of Birth", "birth"), ("SFZH", "id_number"), ("学历/学位", "education_full"),
    ],
)  # fmt: skip
def test_heading(heading, column):
    found = next(iter(Headings(ROSTER, {}).read([(heading,)])))[1]
    assert (found and found.id) == column


@pytest.mark.parametrize(
    ("scope", "text", "found"),
    [
        (5133, "九龙县向阳社区", "place.not_found"), (513301, "九龙县向阳社区", "place.not_found"), (5133, "康定县炉城街道向阳社区", 513301001001),
        (5133, "甘孜镇新区社区", 513328100007), (5133, "石渠县社区", "place.not_found"), (5133, "甘孜州/乡城县/香巴拉镇/香巴拉社区", 513336100002),
    ],
)  # fmt: skip
def test_place_in_one_cell(ganzi, scope, text, found):
    place = Whereabouts(scope=scope, on=date(2024, 5, 1), choices={}).place("", "", text)
    assert (place.id if isinstance(place, NoPlace) else place) == found


@pytest.mark.parametrize(
    ("hint", "code"),
    [
        ("呷尔镇文化路社区工作人员情况表", 513324100002), ("榆林街道社区工作者花名册", 0), ("洛须镇社区工作者花名册", 0), ("社区", 0), ("甘孜镇新区", 513328100007),
    ],
)  # fmt: skip
def test_community_of_a_whole_sheet(ganzi, hint, code):
    assert Whereabouts(scope=5133, on=date(2024, 5, 1), choices={}, hints=(hint,)).hint == code


HEAD = ["姓名", "身份证号", "社区", "岗位"]
ONE = number("19900101", 11)


def test_one_who_has_left_is_refused(ganzi, checked):
    people = [number("19900101", order) for order in (11, 13, 15, 17)]
    rows = [
        [*HEAD, "离职时间", "状态", "备注"],
        ["甲一", people[0], "向阳社区", "网格员", "2023.5", "在岗", None],
        ["乙二", people[1], "向阳社区", "网格员", "无", "离岗", None],
        ["丙三", people[2], "向阳社区", "网格员", None, None, "2023年已辞职"],
        ["丁四", people[3], "向阳社区", "网格员", "—", "退休返聘", "产假中"],
    ]
    found = checked(book(("名册", rows, [])))
    assert [(refusal.row, refusal.column, refusal.id) for refusal in found.refusals] == [
        (2, "E", "intake.left"),
        (3, "F", "intake.left"),
        (4, "G", "intake.left"),
    ]


def test_assessments_of_several_years_land_each_in_its_year_and_the_whole_is_known_from_the_first_told(imported):
    from jiceng.ledger.identity import find_by_id_number

    rows = [
        [*HEAD, "年度考核", None, None, None],
        [None, None, None, None, "2020年", "2021年", "2022年", "2023年"],
        ["甲一", ONE, "向阳社区", "网格员", "优秀", None, "—", "合格"],
    ]
    imported(book(("名册", rows, ["E1:H1"])))
    facts = as_of([find_by_id_number(ONE)], on=date(2024, 5, 1), kinds=["assessment", "complete"])
    assert [(fact.kind, fact.data) for fact in sorted(facts, key=lambda fact: (fact.kind, fact.since))] == [
        ("assessment", {"year": 2020, "result": "excellent"}),
        ("assessment", {"year": 2023, "result": "pass"}),
        ("complete", {"kind": "assessment", "from": "2022-12-31"}),
    ]


def test_sheet_that_lacks_a_column_is_left_out_and_said_and_the_others_are_read(ganzi, checked):
    found = checked(
        book(
            ("向阳社区", [HEAD, ["甲一", ONE, "向阳社区", "网格员"]], []),
            ("离任", [["姓名", "身份证号", "社区"], ["乙二", ONE, "向阳社区"]], []),
        )
    )
    assert (found.accepted, found.left_out, dict(found.remarks)) == (
        1, (("离任", "缺少“岗位”列"),), {"工作表“离任”没有读：缺少“岗位”列": 1},
    )  # fmt: skip


def test_impossible_date_behind_a_post_is_refused_not_passed_over(ganzi):
    rows = [HEAD, ["甲一", ONE, "向阳社区", "网格员（2022年13月）"]]
    found = share(Office("一人", book(("名册", rows, [])), {"甲一": {"id_number": ONE, "post_since": "〔应退回〕"}}))
    assert (found.rightly_refused, found.wrong) == (1, [])


def test_title_above_a_form_tells_the_community(ganzi, checked):
    rows = [["九龙县呷尔镇文化路社区工作者登记表"], ["姓名", "甲一", "身份证号", ONE], ["岗位", "网格员", "家庭成员", "姓名"]]
    found = checked(book(("登记表", rows, [])))
    assert (found.sheets[0].places, found.accepted) == ([513324100002], 1)

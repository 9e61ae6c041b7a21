"""How sheets are understood: headings, where the table starts and ends, what is left out and why."""
# ruff: noqa: E501  (tables of cells read better as lines)

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from jiceng.base.refusals import Refusal
from jiceng.intake.layout import Layout
from jiceng.intake.reading import read_roster
from tests.intake.ugly import HEADINGS, Ugliness, people, workbook


def layout(raw: bytes, **remembered: str) -> Layout:
    return read_roster(raw, remembered=remembered).layouts[0]


def meanings(found: Layout) -> dict[str, tuple[str, str]]:
    return {read.heading: (read.column.id if read.column else "", read.rule) for read in found.columns}


def drawn(rows: list[list[Any]], *merged: str) -> bytes:
    """Rows as they stand, with merged ranges."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Sheet1")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    for area in merged:
        first = area.split(":")[0]
        row, column = xlsxwriter.utility.xl_cell_to_rowcol(first)
        sheet.merge_range(area, rows[row][column])
    book.close()
    return out.getvalue()


def test_every_name_of_the_declaration_is_exact():
    found = layout(workbook(people(2)))
    assert {rule for _, rule in meanings(found).values()} == {"exact", "serial"}
    assert [read.column.name for read in found.columns if read.column] == list(HEADINGS[1:])


def test_title_rows_foot_notes_and_subtotals_are_no_persons():
    raw = workbook(
        people(3),
        ugly=Ugliness(
            title="2024年社区工作者花名册", under_title="填报单位：康定市　　2024年5月1日",
            foot=[["", "小计", "3"], ["合计", "", "3人"], ["填表人：张三", "", "审核人：李四"], ["注：本表一式两份，由街道留存一份，报区委社会工作部一份。"]],
        ),
    )  # fmt: skip
    found = layout(raw)
    assert (found.head, list(found.rows)) == ((2, 2), [3, 4, 5])
    assert [(one.row, one.reason) for one in found.skipped] == [(7, "合计、小计"), (8, "合计、小计"), (9, "表尾说明"), (10, "表尾说明")]
    assert found.titles == ("2024年社区工作者花名册", "填报单位：康定市　　2024年5月1日")


def test_heading_repeated_on_every_printed_page_is_skipped():
    one, two, three = people(3)
    found = layout(workbook([one, two, list(HEADINGS), three]))
    assert (list(found.rows), [(skip.row, skip.reason) for skip in found.skipped]) == ([1, 2, 4], [(4, "重复的表头")])


def test_rows_that_were_numbered_but_not_filled_are_blank():
    found = layout(workbook([*people(2), [3], [4], [5]]))
    assert (list(found.rows), found.skipped) == ([1, 2], ())


def test_example_row_and_row_of_column_numbers_are_skipped():
    numbers = [str(i + 1) for i in range(len(HEADINGS))]
    example = people(1)[0].but(序号="示例")
    found = layout(workbook([numbers, example, *people(1)]))
    assert (list(found.rows), [skip.reason for skip in found.skipped]) == ([3], ["列号", "填写示例"])


def test_a_person_whose_remark_begins_like_an_example_is_a_person():
    found = layout(workbook([people(1)[0].but(姓名="阿卜杜拉示例", 备注="例如：兼网格工作")]))
    assert (list(found.rows), found.skipped) == ([1], ())


def test_a_row_that_says_there_is_nobody_is_no_person():
    found = layout(workbook([["", "无", *[""] * (len(HEADINGS) - 2)]]))
    assert (list(found.rows), [skip.reason for skip in found.skipped]) == ([], ["写明没有人"])


def test_two_row_heading_with_merged_cells():
    rows = [
        ["序号", "基本信息", "", "", "学历", "", "社工证", "", "任职情况", "", "", "合同", ""],
        ["", "姓名", "性别", "身份证号码", "全日制", "在职", "等级", "登记日期", "所在社区", "职务", "任现职时间", "类型", "到期日"],
        [
            1,
            "王小明",
            "男",
            "513321199005010112",
            "大专",
            "本科",
            "初级",
            "2022.5",
            "民族广场社区",
            "网格员",
            "2021.3",
            "劳动合同",
            "2026.12.31",
        ],
    ]
    found = layout(drawn(rows, "A1:A2", "B1:D1", "E1:F1", "G1:H1", "I1:K1", "L1:M1"))
    assert found.head == (0, 1)
    assert [read.column.id if read.column else read.rule for read in found.columns] == [
        "serial", "name", "sex", "id_number", "education_full", "education_service", "certificate", "certificate_registered", "community", "post",
        "post_since", "contract", "contract_ends",
    ]  # fmt: skip


def test_education_blocks_with_the_same_names_below():
    rows = [
        ["姓名", "身份证号", "全日制教育", "", "", "在职教育", "", "", "社区", "岗位"],
        ["", "", "学历", "学位", "专业", "学历", "学位", "专业", "", ""],
        ["王小明", "513321199005010112", "大专", "", "会计", "本科", "学士", "法学", "民族广场社区", "网格员"],
    ]
    found = layout(drawn(rows, "A1:A2", "B1:B2", "C1:E1", "F1:H1", "I1:I2", "J1:J2"))
    assert [read.column.id if read.column else read.rule for read in found.columns] == [
        "name", "id_number", "education_full", "degree_full", "major_full", "education_service", "degree_service", "major_service", "community", "post",
    ]  # fmt: skip


def test_units_stars_line_breaks_and_full_width_brackets_in_headings():
    ugly = Ugliness(
        rename={
            "姓名": "* 姓　名", "身份证号": "身份证号码\n（18位）", "出生年月": "出生年月(如1990.01)", "学历（全日制）": "学历(全日制)", "手机号": "联系电话【必填】",
            "任现岗时间": "任现岗\n时间（年月日）", "最近年度考核": "2023年度考核结果",
        }
    )  # fmt: skip
    found = layout(workbook(people(2), ugly=ugly))
    assert sorted(found.by_id()) == sorted(layout(workbook(people(2))).by_id())


def test_plain_education_is_taken_and_asked_about():
    found = layout(workbook(people(1), headings=("姓名", "身份证号", "学历", "社区", "岗位")))
    assert meanings(found)["学历"] == ("education_full", "assumed")


def test_columns_of_another_meaning_are_listed_and_not_taken_for_ours():
    extra = ("姓名", "身份证号", "参加工作时间", "年度考核奖", "特长爱好", "年龄", "社区", "岗位")
    found = layout(workbook([["王小明", "513321199005010112", "2010.7", "3000元", "书法", "34", "民族广场社区", "网格员"]], headings=extra))
    assert [read.heading for read in found.not_taken] == ["参加工作时间", "年度考核奖", "特长爱好"]
    assert meanings(found)["年龄"] == ("", "derived")


def test_near_name_is_taken_as_similar():
    found = layout(
        workbook(
            [["王小明", "513321199005010112", "群众", "民族广场社区", "网格员"]],
            headings=("姓名", "身份证号", "政治面貌情况", "社区", "岗位"),
        )
    )
    assert meanings(found)["政治面貌情况"] == ("political_status", "similar")


def test_second_column_of_one_meaning_is_listed():
    found = layout(
        workbook(
            [["王小明", "513321199005010112", "民族广场社区", "网格员", "1", "2"]],
            headings=("姓名", "身份证号", "社区", "岗位", "手机号", "联系电话"),
        )
    )
    assert ([read.heading for read in found.not_taken], meanings(found)["联系电话"]) == (["联系电话"], ("", "double"))


def test_correction_is_remembered_and_wins():
    raw = workbook(
        [["王小明", "513321199005010112", "民族广场社区", "网格员", "甲"]], headings=("姓名", "身份证号", "社区", "工种", "职务")
    )
    assert meanings(layout(raw))["工种"] == ("", "unknown")
    corrected = layout(raw, 工种="post", 职务="")
    assert (meanings(corrected)["工种"], meanings(corrected)["职务"]) == (("post", "remembered"), ("", "remembered"))


def test_merged_community_is_filled_down_and_same_as_above_is_followed():
    rows = [
        ["社区", "姓名", "身份证号", "岗位"],
        ["民族广场社区", "甲一", "1", "网格员"],
        ["", "甲二", "2", "同上"],
        ["文化路社区", "甲三", "3", "〃"],
    ]
    found = layout(drawn(rows, "A2:A3"))
    assert found.cells(found.columns[0]) == ["民族广场社区", "民族广场社区", "文化路社区"]
    assert found.cells(found.columns[3]) == ["网格员", "网格员", "网格员"]


def test_hidden_rows_and_columns_are_read_and_said():
    found = layout(workbook(people(4), ugly=Ugliness(hidden_rows=[2, 3], hidden_columns=[4])))
    assert (len(found.rows), found.notes) == (4, ("有 2 行在表里被隐藏（或被筛选掉），已一并读入", "隐藏列 E 已一并读入"))


def test_sheets_without_a_roster_are_left_out_by_name():
    book = openpyxl.load_workbook(BytesIO(workbook(people(2), name="康定市")))
    book.create_sheet("填表说明").append(["请于5月前报送"])
    out = BytesIO()
    book.save(out)
    found = read_roster(out.getvalue())
    assert ([one.sheet.name for one in found.layouts], found.left_out) == (["康定市"], (("填表说明", "没有找到花名册的表头"),))


def test_workbook_without_any_roster_is_refused():
    with pytest.raises(Refusal) as caught:
        read_roster(workbook([["一月", 12]], headings=("月份", "件数")))
    assert caught.value.id == "intake.no_table"

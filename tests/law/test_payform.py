"""pay.yaml: read with its folder, in its hash, refused with file, line and near names."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from jiceng.base.refusals import Problems
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.law.payform import Column, PayCheck

PAY = "cn-5133-ganzi/2026-pay-demo"
SHIPPED = [folder for folder in find_folders(shipped_root()) if not str(folder).endswith(PAY)]


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def test_the_sheet_of_a_place_is_that_of_the_lowest_document_that_has_one(law):
    form = law.pay_form(513301001001, date(2026, 9, 30))
    assert (form.document, form.title, form.day) == (PAY, "示例：社区工作者工资表", "月末")
    assert [(line.title, line.group) for line in form.lines] == [
        ("基本工资", "gross"), ("绩效工资", "gross"), ("证书补贴", "gross"), ("事假扣款", "deduction"), ("个人社保", "deduction"),
        ("个人公积金", "deduction"), ("单位社保", "employer"), ("单位公积金", "employer"),
    ]  # fmt: skip
    assert form.totals["net"] == "实发工资"
    assert form.bank[2] == Column("收款账号", "bank_account", "", form.bank[2].line)
    assert form.bank[-1] == Column("用途", "", "工资", form.bank[-1].line)
    average = form.checks[-1]
    told = PayCheck(average.title, "gross", most="average_cap", average_by="post_class", only=average.only, line=average.line)
    assert average == told
    assert law.pay_form(513301, date(2025, 12, 31)) is None
    assert law.pay_form(11, date(2026, 9, 30)) is None


def changed(tmp_path: Path, old: str, new: str) -> Path:
    target = tmp_path / PAY
    shutil.copytree(shipped_root() / PAY, target)
    file = target / "pay.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return target


def test_it_is_part_of_the_folders_hash(law, tmp_path):
    other = load_law([*SHIPPED, changed(tmp_path, "title: 基本工资", "title: 岗位基本工资")])
    assert other.hash != law.hash
    assert other.document(PAY).pay.lines[0].title == "岗位基本工资"


def test_a_line_from_a_day_on_stands_on_later_sheets_only(tmp_path):
    line = "title: 证书补贴, group: 应发"
    law = load_law([*SHIPPED, changed(tmp_path, line, f"{line}, from: 2026-07-01, until: 2026-10-01")])
    told = {month: len(law.pay_form(5133, date(2026, month, 28)).lines) for month in (6, 7, 9, 10)}
    assert told == {6: 7, 7: 8, 9: 8, 10: 7}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule: month_basic", "rule: month_basc", "pay.yaml 第 5 行：“基本工资”的规则“month_basc”没有。是否想写：month_basic"),
        ("group: 应发}", "group: 应付}", "pay.yaml 第 5 行：“基本工资”的 group “应付”不认识：应是 应发、扣款、单位缴纳"),
        ("rule: month_basic", "rule: month_days", "不是一个人的金额"),
        ("title: 绩效工资", "title: 基本工资", "pay.yaml 第 6 行：“基本工资”（month_performance）写了两次"),
        ("day: 月末", "day: 月初", "pay.yaml 第 3 行：day “月初”不认识"),
        ("readings: [partial_month_by_days", "readings: [partial_month_by_day", "是否想写：partial_month_by_days"),
        ("least: minimum_wage", "least: minimal_wage", "是否想写：minimum_wage"),
        ("least: minimum_wage", "least: full_month", "核对“整月在岗的应发不低于最低工资标准”里的“full_month”不是一个金额"),
        ("of: 应发合计, least", "of: 应发总计, least", "不是表上的一行或合计。是否想写：应发合计"),
        ("from: 银行账号", "from: 银行帐号", "from “银行帐号”不是表上的一行、合计或人员信息。是否想写：银行账号"),
        ('clause: "1"', 'clause: "11"', "工资表引的条款“11”在 clauses.yaml 里没有"),
        ("lines:", "linse:", "“linse”不认识。是否想写：lines"),
        ("group: 应发}", "group: 应发, from: 2026-13-01}", "from “2026-13-01”不是存在的日期"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_file_line_and_near_names(tmp_path, old, new, said):
    with pytest.raises(Problems) as refused:
        load_law([*SHIPPED, changed(tmp_path, old, new)])
    assert said in refused.value.text
    assert f"{PAY}/pay.yaml" in refused.value.text

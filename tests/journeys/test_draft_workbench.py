"""An officer begins a folder, pastes a table, mends a cell, adds clause and case, looks before and after, sends it out and takes it in,
puts it in force, sees the new clause on a worker's page, and takes it back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from jiceng.runs.commit import Record
from jiceng.runs.drafts import drafts_root, site_policies
from jiceng.runs.law import installed_law
from tests.journeys.conftest import fill
from tests.runs.world import COUNTY, Worker

pytestmark = [pytest.mark.database, pytest.mark.browser]
TABLE = "岗位\t1级\t2级\t３级\n正职\t\t3,400\t3,600元\n一{}\t2600\t2700\t2800"


@pytest.fixture
def desk(settings, tmp_path, enter) -> Iterator[tuple[Page, int]]:
    settings.DATA = tmp_path
    head = Worker("马志强", n=11)
    head.appoint(date(2018, 3, 1), post="secretary")
    head.write([Record(head.subject, "grading", date(2026, 1, 1), None, {"grade": 2})], on=date(2026, 1, 5))
    yield enter(officer=COUNTY), head.subject
    shutil.rmtree(site_policies(), ignore_errors=True)
    installed_law(reload=True)


def _choose(page: Page, **options: str) -> None:
    for name, value in options.items():
        page.locator(f"main [name={name}]").select_option(value)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_a_folder_from_the_first_line_to_force_and_back(desk, tmp_path):
    page, head = desk
    page.get_by_role("link", name="起草").click()
    expect(page.get_by_text("还没有草稿")).to_be_visible()
    page.get_by_role("link", name="新建草稿").first.click()
    fill(page, title="示例：九龙县社区工作者薪酬办法", short="示例·九龙薪酬", name="2026-pay", in_force="2026-06-01")
    page.get_by_label("示例：数字是编的").check()
    _press(page, "建草稿")
    page.get_by_role("link", name="加一条").click()
    fill(page, number="一", title="工资", whole="岗位分三类。\n月工资按岗位和等级查附表。")
    _press(page, "保存这一条")
    for pattern, sentence in (("岗位分类", "0:0"), ("按岗位和等级查表", "0:1")):
        page.get_by_role("link", name="规则", exact=True).click()
        page.get_by_role("link", name=pattern, exact=True).click()
        _choose(page, sentence=sentence)
        _press(page, "加这条规则")
    expect(page.locator("#rule-monthly_pay")).to_contain_text("得 “岗位等级工资表”表中 岗位类别、台账等级 的一格")

    page.get_by_role("link", name="数值", exact=True).click()
    page.get_by_role("link", name="填这个数值").click()
    fill(page, content=TABLE.format("股"))
    _press(page, "核对并保存")
    expect(page.locator("td.wrong-cell")).to_contain_text("不在“岗位类别”里，是否是：一般")
    fill(page, content=TABLE.format("般"))
    _press(page, "核对并保存")
    expect(page.locator("#value-post_grade_pay")).to_contain_text("3600")

    page.get_by_role("link", name="算例", exact=True).click()
    page.get_by_role("link", name="加一个算例").click()
    fill(page, title="书记二级", on="2026-06-01")
    for at, (name, text) in enumerate((("任职经历", "2018-03-01 两委专职 书记"), ("台账等级", "2"))):
        page.locator("[name=known_name]").nth(at).fill(name)
        page.locator("[name=known_content]").nth(at).fill(text)
    page.locator("[name=expected_name]").first.fill("工资标准")
    page.locator("[name=expected_content]").first.fill("3400")
    _press(page, "保存算例")
    expect(page.locator("tr", has_text="工资标准")).to_contain_text("符")
    expect(page.locator("#strip")).to_contain_text("算例 1 个结果都相符")

    page.get_by_role("link", name="前后对比", exact=True).click()
    line = page.locator("tr", has=page.get_by_role("rowheader", name="工资标准", exact=True))
    expect(line).to_contain_text("3,500.00 元")
    expect(line).to_contain_text("3,400.00 元 〔示例·九龙薪酬·一〕")

    with page.expect_download() as sent:
        page.get_by_role("link", name="导出一个文件").click()
    sent.value.save_as(tmp_path / "pay.zip")
    shutil.rmtree(drafts_root())
    page.goto("/policy/drafts/take-in/")
    page.locator("[name=file]").set_input_files(tmp_path / "pay.zip")
    _press(page, "导入")
    expect(page.get_by_text("逐字与清单核对过")).to_be_visible()

    page.get_by_role("link", name="施行", exact=True).first.click()
    fill(page, basis="示例文〔2026〕1号", why="新办法施行")
    _press(page, "施行并记入台账")
    expect(page.locator("h1")).to_contain_text("施行中")
    page.goto(f"/workers/{head}/")
    expect(page.locator("main")).to_contain_text("〔示例·九龙薪酬·一〕")

    page.goto("/policy/drafts/")
    page.get_by_role("link", name="收回", exact=True).click()
    fill(page, why="附表有误")
    _press(page, "收回并记入台账")
    expect(page.get_by_text(re.compile("已收回"))).to_be_visible()
    page.goto(f"/workers/{head}/")
    expect(page.locator("main")).not_to_contain_text("示例·九龙薪酬")

"""A day at the desk: a training is recorded, a post corrected and the correction undone, a new worker entered."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.conftest import card_text, fill
from tests.runs.world import COUNTY, Worker, id_number

pytestmark = [pytest.mark.browser]


def colleague() -> int:
    """Staff since 2021, never trained: overdue since the end of 2024."""
    one = Worker("罗布泽仁", n=61)
    one.appoint(date(2021, 5, 1))
    one.complete("training", on=date(2021, 5, 2))
    return one.subject


def answer(page: Page, subject: int, title: str) -> Locator:
    page.goto(f"/workers/{subject}/")
    return says(page, title)


def says(page: Page, title: str) -> Locator:
    return page.locator(".answer", has=page.locator(".title", has_text=re.compile(f"^{title}\\s"))).locator(".says")


def changes(page: Page) -> dict[str, tuple[str, str]]:
    """The look before anything is written: answer about the person, now and then."""
    page.get_by_role("heading", name="影响").wait_for()
    for folded in page.locator(".impact details:not([open]) > summary").all():
        folded.click()
    cells = [row.locator("th, td").all_inner_texts() for row in page.locator(".impact table.untitled tbody tr").all()]
    return {title: (before, after) for title, before, after, _ in cells}


def said(page: Page) -> str:
    return page.locator(".note[role=status]").inner_text()


def test_a_training_is_recorded_and_the_card_names_its_entry(enter):
    subject = colleague()
    page = enter(officer=COUNTY)
    assert answer(page, subject, "培训到期日").inner_text() == "2024-12-31"

    page.get_by_text("登记新的事实").click()
    page.get_by_role("link", name="培训", exact=True).click()
    page.get_by_label("培训层级").select_option("county")
    page.get_by_label("培训类别").select_option("in_service")
    fill(page, since="2026-10-20", basis="培训结业名单", why="补记培训")
    page.get_by_role("button", name="下一步").click()
    looked = changes(page)
    assert looked["培训到期日"] == ("2024-12-31", "2029-12-31")
    assert looked["培训已逾期"] == ("是", "否")
    page.get_by_role("button", name="确认记入").click()
    entry = page.locator("table.facts tr", has_text="2026-10-20").locator(".acts-told a").get_attribute("href")
    number = said(page).removeprefix("已登记培训，记为").removesuffix("。有误可以撤销。")

    assert answer(page, subject, "培训到期日").inner_text() == "2029-12-31"
    answer(page, subject, "最近一次培训").locator("a").click()
    assert f"officer 2026-11-24 10:00 记入，依据：培训结业名单（{number}）" in card_text(page)
    assert page.locator("dialog.panel[open]").get_by_role("link", name=number).get_attribute("href") == entry


def test_a_post_is_corrected_and_the_correction_undone(enter):
    subject = colleague()
    page = enter(officer=COUNTY)
    page.goto(f"/workers/{subject}/facts/")
    page.locator("table.facts tr", has_text="任职").first.get_by_role("link", name="更正").click()
    page.get_by_label("岗位", exact=False).first.select_option("director")
    fill(page, basis="选举结果公告", why="岗位登记有误")
    page.get_by_role("button", name="下一步").first.click()
    looked = changes(page)
    assert looked["现任岗位"] == ("社区专职工作人员", "社区居委会主任")
    assert looked["书记或主任"] == ("否", "是")
    page.get_by_role("button", name="确认记入").click()
    assert answer(page, subject, "现任岗位").inner_text() == "社区居委会主任"

    page.get_by_role("link", name="时间线").click()
    page.get_by_role("link", name="按记入时间").click()
    assert page.locator("ol.time > li > p:first-child > .tag:nth-of-type(1)").all_inner_texts() == ["更正", "登记", "登记", "登记"]
    page.get_by_role("link", name="撤销这次记载").first.click()
    fill(page, why="改错了")
    page.get_by_role("button", name="确认撤销").click()
    page.locator(".note[role=status]", has_text="已撤销").wait_for()
    assert answer(page, subject, "现任岗位").inner_text() == "社区专职工作人员"
    page.get_by_role("link", name="时间线").click()
    page.get_by_role("link", name="按记入时间").click()
    assert page.locator("ol.time > li > p:first-child > .tag:nth-of-type(1)").all_inner_texts() == ["撤销", "更正", "登记", "登记", "登记"]
    assert page.locator("ol.time > li.off > p:first-child > .tag:nth-of-type(1)").all_inner_texts() == ["更正"]


def test_a_new_worker_is_entered_and_found_in_the_roster(enter):
    page = enter(clerk=COUNTY)
    page.goto("/roster/")
    page.get_by_role("link", name="登记人员").click()
    fill(page, name="扎西卓玛", id_number="513324199001010014", since="2026-11-01", basis="聘用公告", why="新进人员登记")
    page.get_by_label("社区").select_option("513324100001")
    page.get_by_label("岗位").select_option("staff")
    page.get_by_label("人员类别").select_option("full_time_staff")
    page.get_by_label("进入方式").select_option("open_recruitment")
    page.get_by_role("button", name="记入台账").click()
    page.get_by_text("校验位不对").wait_for()
    fill(page, id_number=id_number(77, date(1990, 1, 1)))
    page.get_by_role("button", name="记入台账").click()
    page.get_by_role("heading", name="扎西卓玛").wait_for()
    assert "已登记" in said(page)
    assert says(page, "进入社区之日").inner_text() == "2026-11-01"

    page.goto("/roster/")
    fill(page, q="zxzm")
    page.get_by_role("button", name="查询").click()
    assert page.locator("tbody th a").all_inner_texts() == ["扎西卓玛"]

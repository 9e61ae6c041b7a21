"""J3: quota and rounding, from a population typed on the page to a place on the list to ask."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys.conftest import card_text, fill
from tests.runs.world import COUNTY, Worker

pytestmark = [pytest.mark.browser]


def tile(page, title: str):
    return page.locator(".tile", has=page.get_by_text(title, exact=True)).locator(".figure")


def test_quota_and_rounding(enter):
    Worker("罗布泽仁", n=12).appoint(date(2021, 5, 1))
    page = enter(officer=COUNTY)
    assert tile(page, "应配人数（未取整）").inner_text() == "缺事实"

    page.get_by_role("link", name="地方与人口").click()
    page.get_by_role("link", name="登记人口").first.click()
    fill(page, f_urban_residents="256000", f_source="示例统计公报", f_year="2025", since="2025-01-01", basis="示例统计公报", why="年度更新")
    page.get_by_role("button", name="下一步").click()
    changes = page.locator("section.impact").inner_text()
    assert "460.8 人" in changes
    page.get_by_role("button", name="确认记入").click()

    page.get_by_role("link", name="工作台").first.click()
    assert [tile(page, title).inner_text() for title in ("应配人数（未取整）", "应配人数")] == ["460.8 人", "461 人"]

    tile(page, "应配人数").get_by_role("link").click()
    card = card_text(page)
    assert "461 人" in card
    assert "〔意见·3〕" in card
    assert "〔示例·甘孜州·1〕" in card
    page.keyboard.press("Escape")

    # Before the prefecture's folder nobody had set the rounding.
    page.get_by_label("查看日期").fill("2025-06-01")
    page.get_by_role("button", name="查看").first.click()
    assert tile(page, "应配人数（未取整）").inner_text() == "460.8 人"
    assert tile(page, "应配人数").inner_text() == "无法回答"
    tile(page, "应配人数").get_by_role("link").click()
    assert "取整未定" in card_text(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="回到今天").click()

    # Take the population away again: no number, and the place is on the list to ask.
    page.get_by_role("link", name="地方与人口").click()
    page.get_by_role("link", name="更正").first.click()
    page.locator("#never_basis").fill("复核")
    page.locator("#never_why").fill("数据未经核定")
    page.get_by_role("button", name="下一步").last.click()
    page.get_by_role("button", name="确认记入").click()
    page.get_by_role("link", name="工作台").first.click()
    assert tile(page, "应配人数（未取整）").inner_text() == "缺事实"
    tile(page, "应配人数（未取整）").get_by_role("link").click()
    assert "城镇常住人口" in card_text(page)
    page.keyboard.press("Escape")
    page.goto("/asks/")
    assert page.get_by_role("main").get_by_role("link", name="九龙县").count() == 1


def test_overlapping_bands_give_no_number(enter):
    page = enter(officer=COUNTY)
    page.goto(f"/places/{COUNTY}/record/households/")
    fill(page, f_households="1500", since="2026-02-01", basis="示例统计公报", why="年度更新")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认记入").click()
    answer = page.locator(".answer", has_text="按户数的最低配备")
    assert answer.locator(".says").inner_text() == "条文不明"
    answer.locator(".says a").click()
    assert "2 人，或 3 人" in card_text(page)

"""A city looks before it signs: a value changed, who gains, saved, compared; the figures are those of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page
from typer.testing import CliRunner

from jiceng.cli.main import app
from jiceng.runs.commit import Record
from tests.runs.world import CITY, COMMUNITY, PLAIN_COMMUNITY, Worker

pytestmark = [pytest.mark.browser]
CHANGES = ["post_pay[正职]=2700", "post_pay[副职]=2400", "post_pay[一般]=2100"]


def _people() -> None:
    for n, (community, post, grade) in enumerate(
        [(COMMUNITY, "secretary", 7), (COMMUNITY, "staff", 2), (COMMUNITY, "staff", 0), (PLAIN_COMMUNITY, "staff", 3)], 1
    ):
        one = Worker(f"示例{n}", n=n, community=community)
        one.appoint(date(2020, 1, n), post=post)
        if grade:
            one.write([Record(one.subject, "grading", date(2026, 1, 1), None, {"grade": grade})], on=date(2026, 1, 2))


def test_an_officer_looks_at_a_change_before_signing_it(enter: Callable[..., Page]):
    _people()
    page = enter(officer=CITY)
    page.goto("/policy/simulations/")
    page.get_by_role("link", name="新的试算").first.click()
    page.fill("[name=since]", "2027-01-01")
    page.fill("[name=q]", "岗位工资")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="改这一项：岗位工资").click()
    page.fill("[name=each-post_pay]", "一百")
    page.locator("[name=run]").click()
    assert page.locator(".wrong").first.inner_text() == "“一百”不能用：这里应是金额，至多两位小数，如 2600 或 2600.50"
    page.fill("[name=each-post_pay]", "100")
    page.locator("[name=run]").click()
    page.locator("#sum").wait_for()

    told = CliRunner().invoke(app, ["simulate", *CHANGES, "--place", str(CITY), "--from", "2027-01-01", "--json"])
    total = json.loads(told.output)["total"]
    says = page.locator(".says").inner_text()
    paid = f"{total['cost'] // 100:,}.{total['cost'] % 100:02d} 元"
    assert (f"{total['winners']} 人多拿" in says, f"每月多付 {paid}" in says) == (True, True)

    page.get_by_role("link", name=f"{total['winners']} 人多拿").click()
    assert page.locator("#found .figures").inner_text() == str(total["winners"]) == "3"
    page.get_by_role("link", name="示例1").click()
    assert page.locator(".card-says").count() == 2
    page.get_by_role("link", name="工资标准", exact=True).click()
    assert page.locator(".card-says").all_inner_texts() == ["4,060.00 元", "4,160.00 元"]
    assert "〔试算·设定〕" in page.locator("section[aria-labelledby=then] .note").inner_text()
    page.go_back()
    page.go_back()
    page.go_back()

    page.fill("[name=name]", "每档加一百")
    page.get_by_role("button", name="保存", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "每档加一百 · 甘孜藏族自治州"
    page.get_by_role("link", name="改一改再算").click()
    assert page.locator("[name=to-post_pay-1]").input_value() == "2700"
    page.locator("[name=to-post_pay-1]").fill("2800")
    page.locator("[name=run]").click()
    page.fill("[name=name]", "正职再加一百")
    page.get_by_role("button", name="保存", exact=True).click()

    page.goto("/policy/simulations/")
    for name in ("每档加一百", "正职再加一百"):
        page.get_by_label(f"比较 {name}").check()
    page.get_by_role("button", name="并排比较").click()
    row = page.locator("tr", has=page.get_by_role("rowheader", name="每月多付")).first
    assert row.locator("td").nth(1).inner_text() == paid
    assert page.locator("#places").count() == 1

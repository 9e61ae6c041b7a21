"""J5: one question, two documents. The same worker in 本溪 and in 明山区, and the same with a failed year."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from jiceng.places.load import load_snapshot
from jiceng.runs.commit import Record
from tests.journeys.conftest import card_text
from tests.runs.world import Worker

pytestmark = [pytest.mark.browser]
BENXI, PINGSHAN, MINGSHAN = 2105, 210502, 210504
DAY = "2023-12-31"


def worker(name: str, *, n: int, community: int, result: str = "pass") -> int:
    one = Worker(name, n=n, community=community)
    one.appoint(date(2020, 1, 6))
    one.record("grading", date(2023, 1, 1), coefficient=1_000_000)
    for year, said in ((2021, "pass"), (2022, "pass"), (2023, result)):
        one.write([Record(one.subject, "assessment", date(year, 12, 31), None, {"year": year, "result": said})], on=date(year, 12, 31))
    one.complete("assessment", on=date(2023, 12, 31))
    return one.subject


def told(page, subject: int) -> dict[str, str]:
    """Answers on the worker's page, by title."""
    page.goto(f"/workers/{subject}/?on={DAY}")
    rows = page.locator(".answer")
    titles = [text.split("〔")[0].strip() for text in rows.locator(".title").all_inner_texts()]
    return dict(zip(titles, rows.locator(".says").all_inner_texts(), strict=True))


def on_command_line(subject: int, rule: str) -> str:
    from jiceng.cli.main import app

    done = CliRunner().invoke(app, ["answer", str(subject), rule, "--on", DAY, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["answers"][rule]["text"]


def test_one_question_two_documents(enter):
    load_snapshot(only=(BENXI,))
    plain = worker("宋丽君", n=31, community=210502001002)
    override = worker("董雪梅", n=32, community=210504002001)
    failed = worker("隋建军", n=33, community=210502001002, result="fail")
    page = enter(officer=BENXI)

    wanted = ("工资标准", "基本工资", "绩效工资", "计算年限")
    found = {subject: told(page, subject) for subject in (plain, override, failed)}
    assert [found[plain][title] for title in wanted] == ["3,400.00 元", "2,720.00 元", "680.00 元", "3 年"]
    assert [found[override][title] for title in wanted] == ["3,400.00 元", "3,060.00 元", "340.00 元", "3 年"]
    assert [found[failed][title] for title in wanted] == ["3,400.00 元", "2,720.00 元", "0.00 元", "2 年"]

    page.goto(f"/workers/{override}/answers/performance_standard/?on={DAY}")
    card = page.locator("main").inner_text()
    assert "340.00 元" in card
    assert "明山2023" in card
    assert "约 20%" in page.locator("main").inner_text()

    page.goto(f"/workers/{plain}/?on={DAY}")
    page.locator(".answer", has_text="基本工资").locator(".says a").click()
    assert "2,720.00 元" in card_text(page)

    for subject, rule, title in (
        (plain, "performance", "绩效工资"),
        (override, "basic_pay", "基本工资"),
        (failed, "performance", "绩效工资"),
    ):
        assert on_command_line(subject, rule) == found[subject][title]

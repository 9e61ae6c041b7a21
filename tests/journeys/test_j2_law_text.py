"""J2: a newspaper page becomes text beside the law, its missing beginning said, a changed character seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from jiceng.law.coverage import coverage
from jiceng.runs.law import installed_law
from tests.journeys.conftest import card_text
from tests.law.text import articles, opinion
from tests.runs.world import COUNTY, population
from tests.runs.world import TODAY as DAY

pytestmark = [pytest.mark.browser]
OPINION = "cn/2024-community-workers"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    shutil.rmtree(Path(settings.DATA) / "texts", ignore_errors=True)
    yield
    shutil.rmtree(Path(settings.DATA) / "texts", ignore_errors=True)


def test_the_newspaper_stands_beside_the_law(enter, tmp_path):
    population(COUNTY, 256_000, on=DAY.replace(month=1, day=1))
    document = installed_law().document(OPINION)
    sheet = tmp_path / "newspaper-page.txt"
    sheet.write_text(opinion.page(document), encoding="utf-8")
    page = enter(officer=COUNTY)
    page.goto(f"/law/{OPINION}/")
    page.get_by_role("link", name="导入原文").click()
    page.get_by_label("版面文件").set_input_files(sheet)
    page.get_by_role("button", name="上传并查看").click()

    found = page.locator("#texts tbody tr")
    assert found.count() == 4
    assert [found.nth(at).get_by_role("rowheader").inner_text() for at in (0, 2, 3)] == [
        articles.CARPENTER_TITLE, articles.CANTEEN_TITLE, document.title,
    ]  # fmt: skip
    result = page.locator("#result").inner_text()
    assert "找到 17 条，76 句。原文不完整。" in result
    assert "缺开头：本页从半截开始，注明“紧接第一版”" in result
    page.get_by_role("button", name="导入这份原文").click()

    page.wait_for_url(f"**/law/{OPINION}/")
    assert "导入自 newspaper-page.txt，据示例社，officer于 2026-11-24" in page.locator("#kept-text").inner_text()
    counts = page.locator(".two table tbody td.num").all_inner_texts()
    assert [int(text.split()[0]) for text in counts] == list(coverage(document).values())
    assert sum(coverage(document).values()) == 76
    assert page.locator("table.beside tbody tr").count() == 76

    # 〔意见·3〕 from an answer: the original on the left, the digest and the value 18 on the right.
    page.goto("/")
    page.locator(".tile", has=page.get_by_text("应配人数（未取整）", exact=True)).locator(".figure").get_by_role("link").click()
    assert "〔意见·3〕" in card_text(page)
    page.locator("dialog.panel[open]").get_by_role("link", name="〔意见·3〕").first.click()
    first = page.locator("#clause-3 tbody tr").first
    left, right = (first.locator("td").nth(at).inner_text() for at in (0, 1))
    assert left == opinion.sentence(document.clauses[2].sentences[0].digest)
    assert "18 人" in right
    assert "取整未定：原文没有写" in right

    # One character changed: seen, marked, and not taken over by itself.
    sheet.write_text(opinion.page(document).replace("人口18名", "人口19名"), encoding="utf-8")
    page.goto(f"/law/text/{OPINION}/")
    page.get_by_label("版面文件").set_input_files(sheet)
    page.get_by_role("button", name="上传并查看").click()
    row = page.locator("tr.refused")
    assert (row.count(), row.get_by_role("rowheader").inner_text()) == (1, "3")
    assert (row.locator("del").inner_text(), row.locator("ins").inner_text()) == ("8", "9")
    assert page.get_by_role("button", name="逐字核对过，替换已导入的").count() == 1

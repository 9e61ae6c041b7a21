"""Charts in a real browser: drawn, followed to their lists, printed, under the strict policy and without any other address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.test_accessible import PHONE, faults
from tests.runs.world import CITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, Worker, population

pytestmark = [pytest.mark.browser]

INKED = """box => { const canvas = box.querySelector('canvas'), seen = new Set();
  const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  for (let k = 0; k < dots.length; k += 4) if (dots[k + 3]) seen.add(dots[k] + '-' + dots[k + 1] + '-' + dots[k + 2]);
  return seen.size > 5; }"""
"""Whether a chart's canvas holds more than a few colours."""
MIDDLE = "([box, of, at]) => echarts.getInstanceByDom(box).convertToPixel(of, at)"
"""Where a value stands on a chart, in points of its box."""
WHOLE = "picture => picture.complete && picture.naturalWidth > 300"


def _people() -> None:
    for n in range(1, 8):
        community = {} if n % 2 else {"community": PLAIN_COMMUNITY}
        one = Worker(f"示例{n}", n=n, born=date(1960 + 6 * n, 6, 1), **community)
        one.appoint(date(2024, 2 + n, 1))
        one.record("education", date(2010, 7, 1), on=date(2025, 1, 1), level="bachelor" if n < 5 else "college", mode="full_time")
    one.record("departure", date(2026, 5, 10), cause="resignation")
    population(PLAIN_COUNTY, 7_800, on=date(2025, 1, 1))
    population(COUNTY, 9_000, on=date(2025, 1, 1))


def _bar(page: Page, chart: str, at: list[Any]) -> None:
    box = page.locator(f"[data-chart='{chart}']").first
    box.scroll_into_view_if_needed()
    x, y = page.evaluate(MIDDLE, [box.element_handle(), {"seriesIndex": 0}, at])
    box.click(position={"x": x, "y": y + 4})


def test_charts_are_drawn_and_their_bars_lead_to_lists_of_the_same_number(enter: Callable[..., Page]):
    _people()
    page = enter(officer=CITY)
    page.locator("[data-chart='trend'] canvas").wait_for()
    assert [(box.get_attribute("data-chart"), box.evaluate(INKED)) for box in page.locator("[data-chart]").all()] == [
        ("trend", True), ("ring", True), ("bars", True),
    ]  # fmt: skip

    row = page.locator("#age-parts tr", has=page.get_by_role("link", name="51岁及以上"))
    number = row.locator("td.num").inner_text()
    _bar(page, "bars", [3, int(number)])
    page.wait_for_url("**/roster/**")
    assert page.locator("#found .figures").inner_text() == number == "2"

    page.goto("/")
    page.get_by_role("link", name="泸定县").first.click()
    page.wait_for_url(f"**/?place={PLAIN_COUNTY}")
    assert page.get_by_role("heading", level=1).inner_text() == "队伍状况 · 泸定县"
    assert page.locator("svg.map").count() == 0


def test_a_month_of_the_trend_leads_to_its_day_and_to_who_came_and_went(enter: Callable[..., Page]):
    _people()
    page = enter(officer=CITY)
    page.locator("[data-chart='trend'] canvas").wait_for()
    box = page.locator("[data-chart='trend']")
    box.scroll_into_view_if_needed()
    x, y = page.evaluate(MIDDLE, [box.element_handle(), {"xAxisIndex": 1, "yAxisIndex": 1}, [18, 0]])
    box.click(position={"x": x, "y": y})
    page.wait_for_url("**/moves/**")
    assert page.get_by_role("heading", level=1).inner_text() == "2026年5月人员进出 · 甘孜藏族自治州"
    assert page.locator("main tbody tr").all_inner_texts() == ["示例7\t2026-05-10\t离任\t九龙县呷尔镇民族广场社区居民委员会\t\t辞职"]

    page.goto("/")
    page.get_by_text("用表格看，并点开每个数字").click()
    row = page.locator("#trend-part tbody tr", has=page.get_by_role("link", name="2026-04-30"))
    number = row.locator("td.num").first.inner_text()
    row.locator("td.num a").first.click()
    page.wait_for_url("**/roster/**")
    assert page.locator("#found .figures").inner_text() == number == "7"


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_charts_have_no_serious_fault_and_fit(enter: Callable[..., Page], size):
    _people()
    page = enter(officer=CITY)
    if size:
        page.set_viewport_size(size)
    found = []
    for address in ("/?figure=members", f"/trend/?place={CITY}", f"/moves/?place={CITY}&month=2026-05"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found += faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert found == []


def test_paper_has_pictures_of_the_charts(enter: Callable[..., Page]):
    _people()
    page = enter(officer=CITY)
    page.locator("[data-chart='trend'] canvas").wait_for()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert [picture.evaluate(WHOLE) for picture in page.locator(".chart-print").all()] == [True] * 3
    assert page.locator("[data-chart] canvas:visible").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".chart-print").count() == 0

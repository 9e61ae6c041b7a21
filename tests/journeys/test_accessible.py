"""Every page of the site by ear, by keyboard and on a small window: axe-core (WCAG 2.2 A and AA), and what axe does not ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tools.demo_site import DemoSite, running_demo

from tests.journeys import addresses
from tests.runs.world import COUNTY, Worker

pytestmark = [pytest.mark.browser]

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
CHECKS = (Path(__file__).with_name("page_checks.js")).read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = ("serious", "critical")
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
PEOPLE = ("zhouzhang", "kangding", "chakan", "admin")


def faults(page: Page) -> list[str]:
    """Serious and critical findings on the page as it stands; targets of less than 24 pixels among them."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, rules: {'target-size': {enabled: true}}})", STANDARDS)
    assert len(found["passes"]) > 5
    grave = [one for one in found["violations"] if one["impact"] in GRAVE]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in grave]


def owed(page: Page) -> list[str]:
    """Headings, landmarks, tables, words tied to fields: see page_checks.js."""
    return [f"{page.url} {one}" for one in page.evaluate(CHECKS)]


def too_wide(page: Page, size: dict[str, int]) -> list[str]:
    """The page, not a table in it, has to be pushed sideways."""
    page.set_viewport_size(size)
    page.wait_for_timeout(250)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url} is {wide} wide in {size['width']}"] if wide > size["width"] else []


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoSite]:
    with running_demo(None) as site:
        yield site


@pytest.fixture(scope="module")
def people(demo: DemoSite, browser: Browser) -> Iterator[dict[str, Page]]:
    """A page of each account of the demonstration, and of somebody who has not signed in."""
    with ExitStack() as stack:
        pages = {who: demo.enter(browser, who, **WIDE) for who in PEOPLE}
        pages[""] = browser.new_context(base_url=demo.base, viewport=WIDE, locale="zh-CN").new_page()
        for page in pages.values():
            stack.callback(page.context.close)
        yield pages


@pytest.fixture(scope="module")
def known(people: dict[str, Page]) -> dict[str, str]:
    return addresses.looked_up(people)


def test_every_address_has_an_example_or_a_reason():
    told = addresses.told()
    assert sorted(told) == sorted(set(told))
    assert sorted(addresses.names()) == sorted(told)


@pytest.mark.parametrize("name", addresses.PAGES)
def test_page(name: str, people: dict[str, Page], known: dict[str, str]):
    found: list[str] = []
    for one in addresses.PAGES[name]:
        who, _, address = one.partition(" ")
        page = people[who]
        page.set_viewport_size(WIDE)
        answer = page.goto(addresses.filled(address, known))
        assert (address, answer.status if answer else None) == (address, 200)
        page.wait_for_load_state("networkidle")
        found += faults(page) + owed(page)
        found += too_wide(page, PHONE) + faults(page) + too_wide(page, SMALL)
    assert found == []


def test_an_open_card_has_no_serious_fault(people: dict[str, Page], known: dict[str, str]):
    page = people["zhouzhang"]
    page.set_viewport_size(WIDE)
    page.goto(f"/workers/{known['worker']}/?on=&known=")
    page.locator(".answers a[href*='/answers/training_due/']").first.click()
    page.locator("dialog.panel[open] [data-panel]").wait_for()
    page.locator("dialog.panel details > summary").first.click()
    assert faults(page) + too_wide(page, PHONE) + too_wide(page, SMALL) == []


def test_no_movement_for_those_who_ask_for_none(people: dict[str, Page]):
    """Nothing on the workbench and in an open card moves or fades when the system asks for less motion."""
    page = people["zhouzhang"]
    page.set_viewport_size(WIDE)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/?on=&known=")
    page.wait_for_load_state("networkidle")
    moving = """() => [...document.querySelectorAll('*')].filter(one => {
      const style = getComputedStyle(one);
      return [style.transitionDuration, style.animationDuration].some(text => text.split(',').some(part => parseFloat(part) > 0.01));
    }).map(one => one.outerHTML.slice(0, 120))"""
    assert page.evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")


def test_a_refused_form_says_where(enter: Callable[..., Page]):
    """Each error is tied to its field, and the page with errors is as sound as the one without."""
    one = Worker("何晓燕", n=13)
    one.appoint(date(2020, 7, 1))
    subject = one.subject
    page = enter(officer=COUNTY)
    for address in (f"/workers/{subject}/record/training/", f"/workers/new/?place={COUNTY}"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main form').forEach(one => { one.noValidate = true })")
        page.locator("main form[method=post] button[type=submit]").first.press("Enter")
        page.locator(".field .wrong").first.wait_for()
        assert faults(page) + owed(page) == []

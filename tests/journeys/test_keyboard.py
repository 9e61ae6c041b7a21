"""⌨ Without a mouse: in, along the roster, into a card and out of it, a fact recorded with its date typed, every page left again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page

from jiceng.ledger import reading as ledger
from tests.journeys.conftest import PASSWORD
from tests.journeys.test_paste_and_bulk import pick, tab_to
from tests.runs.world import COUNTY, Worker

pytestmark = [pytest.mark.browser]

STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(one => !one.disabled && one.tabIndex >= 0 && !one.closest('dialog:not([open])'))
  .filter(one => one.checkVisibility({visibilityProperty: true})).length"""
HERE = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  window.stops = window.stops || new Map();
  if (!window.stops.has(one)) window.stops.set(one, window.stops.size);
  const style = getComputedStyle(one.type === 'checkbox' && one.id === 'menu-open' ? document.querySelector('.side-toggle') : one);
  const before = window.last && (window.last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING);
  window.last = one;
  return {at: window.stops.get(one), seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, back: Boolean(before),
          what: one.outerHTML.slice(0, 120)};
}"""


def worker() -> int:
    one = Worker("罗布泽仁", n=61)
    one.appoint(date(2021, 5, 1))
    one.complete("training", on=date(2021, 5, 2))
    return one.subject


def test_a_training_recorded_without_a_mouse(enter: Callable[..., Page]):
    subject = worker()
    page = enter(officer=COUNTY)
    page.goto("/account/logout/")
    tab_to(page, "main form[method=post] button[type=submit], .door-card button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/**")
    tab_to(page, "#id_login")
    page.keyboard.type("officer")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/]+/$"))

    # The first stop leads past the menu.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    # The roster, by name.
    page.goto("/roster/")
    tab_to(page, "form[role=search] [name=q]")
    page.keyboard.type("罗布")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    tab_to(page, "main tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/workers/{subject}/")

    # A card: focus goes in, stays in, Escape closes it, focus is where it was.
    tab_to(page, ".answers a[href*='/answers/training_due/']")
    page.keyboard.press("Enter")
    page.locator("dialog.panel[open] [data-panel]").wait_for()
    assert page.evaluate("document.activeElement.closest('dialog.panel') !== null")
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog.panel') !== null")
    page.keyboard.press("Escape")
    assert page.locator("dialog.panel[open]").count() == 0
    assert page.evaluate("document.activeElement.matches(\"a[href*='/answers/training_due/']\")")

    # A fact: choices by arrows, the date typed as people write it.
    page.goto(f"/workers/{subject}/facts/")
    tab_to(page, "a[href$='/record/training/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/training/")
    pick(page, "f_level", "county")
    pick(page, "f_kind", "in_service")
    for name, text in (("since", "2026.10.20"), ("basis", "培训结业名单"), ("why", "补记培训")):
        tab_to(page, f"main [name={name}]")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="影响").wait_for()
    tab_to(page, "button[name=confirmed]")
    page.keyboard.press("Enter")
    page.locator(".note[role=status]").wait_for()
    rows = ledger.history([subject], on=date(2026, 11, 24), kinds=["training"])
    assert [row.since for row in rows] == [date(2026, 10, 20)]


@pytest.mark.parametrize("address", ["/", "/roster/", "/workers/{}/", "/workers/{}/record/training/", "/rounds/new/", "/import/paste/"])
def test_tab_visits_all_in_order_and_leaves(enter: Callable[..., Page], address: str):
    """Every stop is reached once, in the order of the page, is seen while one is on it, and the page can be left."""
    subject = worker()
    page = enter(officer=COUNTY)
    page.goto(address.format(subject))
    page.wait_for_load_state("networkidle")
    stops = page.evaluate(STOPS)
    visited, faults = [], []
    for _ in range(stops + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or here["at"] in visited:
            break
        visited.append(here["at"])
        faults += [f"not seen: {here['what']}"] if not here["seen"] else []
        faults += [f"out of order: {here['what']}"] if here["back"] else []
    else:
        faults.append(f"no way out of {address} after {len(visited)} stops of {stops}")
    assert faults == []
    assert len(visited) > 10

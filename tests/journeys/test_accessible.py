"""Every main page under axe-core (WCAG 2.2 A and AA), wide and on a phone: nothing serious or critical."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from jiceng.access.models import Account
from tests.runs.world import COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, Worker, population

pytestmark = [pytest.mark.browser]

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = ("serious", "critical")
OPINION = "cn/2024-community-workers"
PHONE = {"width": 390, "height": 844}


def faults(page: Page) -> list[str]:
    """Serious and critical findings on the page as it stands."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", STANDARDS)
    assert len(found["passes"]) > 5
    grave = [one for one in found["violations"] if one["impact"] in GRAVE]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in grave]


def worker() -> int:
    head = Worker("马志强", n=11)
    head.appoint(date(2018, 3, 1), post="secretary")
    head.train(date(2024, 3, 10))
    head.complete("training", on=date(2025, 12, 1))
    Worker("何晓燕", n=13, community=PLAIN_COMMUNITY).appoint(date(2020, 7, 1))
    population(PLAIN_COUNTY, 78_000, on=date(2025, 1, 1))
    return head.subject


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_no_page_has_a_serious_fault(enter: Callable[..., Page], size):
    subject = worker()
    about = f"/workers/{subject}/"
    page = enter(officer=5133, admin=5133)
    if size:
        page.set_viewport_size(size)
    addresses = [
        "/", f"/?place={PLAIN_COUNTY}", "/?on=2025-06-30", "/?on=", "/asks/", "/roster/", "/roster/?due=training_overdue&on=", about,
        f"{about}facts/", f"{about}history/", f"{about}why/training_due/", f"{about}record/training/", f"{about}record/contact/",
        f"/workers/new/?place={COUNTY}", "/import/", f"/places/{PLAIN_COUNTY}/", f"/places/{COUNTY}/record/population/", "/law/",
        *(f"/law/{OPINION}/?tab={tab}" for tab in ("clauses", "rules", "values", "cases", "notices")), f"/law/adopt/{OPINION}/",
        "/entries/", "/accounts/", "/accounts/new/", f"/accounts/{Account.objects.get().pk}/",
        "/reveals/", "/places/", "/account/password/", "/account/second/", f"/briefing/?place={PLAIN_COUNTY}", f"{about}form/",
        f"/moves/?place={COUNTY}&since=2026-01-01",
    ]  # fmt: skip
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page)
    assert found == []


def test_an_open_card_has_no_serious_fault(enter: Callable[..., Page]):
    subject = worker()
    page = enter(officer=COUNTY)
    page.goto(f"/workers/{subject}/")
    page.locator("a[href*='/answers/training_due/']").first.click()
    page.locator("dialog.panel[open] [data-panel]").wait_for()
    page.locator("dialog.panel details > summary").first.click()
    assert faults(page) == []


def test_sign_in_has_no_serious_fault(ground: None, live_server, browser):
    page = browser.new_page()
    page.goto(f"{live_server.url}/account/login/")
    assert faults(page) == []
    page.close()

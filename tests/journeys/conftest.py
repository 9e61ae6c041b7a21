"""A real browser on a live server with a real ledger. Times in JOURNEYS are for the bench, not asserted here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright

from jiceng.access.accounts import create_account, grant
from jiceng.places.load import load_snapshot
from tests.runs.world import CITY, COUNTY, PLAIN_COUNTY, book

PASSWORD = "Gaoshan-2024-liu"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("JICENG_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("浏览器测试需要 Chromium：apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def ground(transactional_db: None, settings) -> Iterator[None]:
    """甘孜州 with books, a fixed day, jobs done at once."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.SECOND_FACTOR = False
    cache.clear()
    with time_machine.travel(NOW, tick=True):
        load_snapshot(only=(CITY,))
        for place in (CITY, COUNTY, PLAIN_COUNTY):
            book(place)
        yield


@pytest.fixture
def enter(ground: None, live_server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """enter(officer=513324): a page of somebody who signed in through the door. Any console error or policy violation fails."""
    contexts, complaints = [], []

    def go(**roles: int) -> Page:
        name = "-".join(roles)
        account = create_account(name, display_name=f"{name}（示例）", office="示例办公室", password=PASSWORD, by=None, must_change=False)
        for role, place in roles.items():
            grant(account, role=role, place=place, since=date(2016, 1, 1), by=None)
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda request: complaints.append(request.url) if not request.url.startswith((live_server.url, "data:", "blob:")) else None,
        )
        page.goto("/account/login/")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("口令").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")
        return page

    yield go
    for context in contexts:
        context.close()
    # A refused page is a 4xx, which the browser itself reports as an error line.
    assert [text for text in complaints if "status of 422" not in text and "status of 403" not in text] == []


def card_text(page: Page) -> str:
    """Text of the open card."""
    panel = page.locator("dialog.panel[open]")
    panel.wait_for()
    return panel.inner_text()


def fill(page: Page, **fields: str) -> None:
    """Types into the form that is open, by field name; a field's label is what the page's own tests look at."""
    for name, text in fields.items():
        page.locator(f"main [name={name}]").first.fill(text)

"""⌨ Five people pasted from a spreadsheet, two mended in the grid, landed, given one training, and that taken back: no mouse."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page

from jiceng.ledger import reading as ledger
from jiceng.ledger.identity import find_by_id_number
from jiceng.places import reading
from tests.journeys.conftest import PASSWORD
from tests.journeys.test_accessible import faults
from tests.journeys.test_day_of_a_clerk import says
from tests.runs.world import COUNTY, id_number

pytestmark = [pytest.mark.browser]
HEAD = ["姓名", "身份证号", "街道（乡镇）", "社区", "人员类别", "岗位", "任现岗时间", "最近一次培训"]
NAMES = ("扎西卓玛", "丁增", "罗绒", "曲珍", "白玛")


def copied(rows: list[list[str]]) -> str:
    """As Excel puts cells on the clipboard: tabs, CRLF, a line break in a cell quoted."""
    return "".join("\t".join(f'"{cell}"' if "\n" in cell else cell for cell in row) + "\r\n" for row in rows)


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Tab, as somebody without a mouse gets there."""
    for _ in range(150):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def pick(page: Page, name: str, value: str) -> None:
    """A choice from a list, by the arrow keys."""
    tab_to(page, f"select[name={name}]")
    for _ in range(60):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not offered")


def here(page: Page) -> str:
    """The cell one is in."""
    return str(page.evaluate("document.activeElement.closest('td').dataset.at"))


def wrong(page: Page) -> dict[str, str]:
    return {cell.get_attribute("data-at"): cell.locator("small").inner_text() for cell in page.locator("td[aria-invalid]").all()}


def trained(numbers: list[str]) -> list[list[date]]:
    subjects = [find_by_id_number(number) for number in numbers]
    rows = ledger.history([one for one in subjects if one], on=date(2026, 11, 24), kinds=["training"])
    return [[row.since for row in rows if row.subject == subject] for subject in subjects]


def test_pasted_mended_landed_trained_and_undone(enter):
    community = reading.within(513324100, on=date(2026, 11, 24), level=5)[0].name
    numbers = [id_number(90 + n, date(1990, 1, 1)) for n in range(5)]
    rows = [
        [name, number, "呷尔镇", community, "社区专职工作人员", "工作\n人员", "2025.3.1", "无"]
        for name, number in zip(NAMES, numbers, strict=True)
    ]
    rows[1][1], rows[3][6] = "5.13324E+17", "2023.2.30"
    page = enter(officer=COUNTY)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/import/paste/")
    page.evaluate("text => navigator.clipboard.writeText(text)", copied([HEAD, *rows]))
    tab_to(page, "td[data-at] textarea")
    page.keyboard.press("Control+v")
    assert page.locator("table.pasted-grid thead th").all_inner_texts() == ["行", *HEAD]
    assert page.locator('td[data-at="3-0"]').inner_text() == "曲珍"
    # Tab leaves the grid for what comes after it.
    tab_to(page, "form#grid-form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/import/paste/*/")
    assert faults(page) == []
    told = wrong(page)
    assert list(told) == ["1-1", "3-6"]
    assert "2 月 30 日" in told["3-6"] or "2023.2.30" in told["3-6"], told
    assert page.locator(".tile .figure").all_inner_texts() == ["3 行", "2 行"]

    # The first cell to mend is where Tab enters the grid.
    tab_to(page, "td[data-at] textarea")
    assert here(page) == "1-1"
    page.keyboard.type(numbers[1])
    page.keyboard.press("Enter")
    assert here(page) == "2-1"
    page.keyboard.press("ArrowDown")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("2025-03-01")
    page.keyboard.press("Tab")
    assert here(page) == "3-7"
    assert wrong(page) == {}
    assert page.get_by_role("button", name="确认写入").is_disabled()
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    assert page.locator('td[data-at="3-7"]').inner_text() == "无"
    tab_to(page, "form#grid-form button[type=submit]")
    page.keyboard.press("Enter")
    page.locator(".tile .figure", has_text="5").first.wait_for()
    assert (page.locator(".tile .figure").all_inner_texts(), wrong(page)) == (["5 行", "0 行"], {})
    tab_to(page, "form#grid-confirm button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("已写入台账").wait_for()

    # The same people on the roster, one training for all of them.
    page.goto("/roster/")
    for _ in range(5):
        tab_to(page, "input[name=one]")
        page.keyboard.press("Space")
    assert page.locator("[data-ticked]").inner_text() == "（5 人）"
    pick(page, "kind", "training")
    tab_to(page, "#bulk button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="为 5 人登记培训").wait_for()
    assert faults(page) == []
    pick(page, "f_level", "county")
    pick(page, "f_kind", "in_service")
    for name, text in (("since", "2026-10-20"), ("basis", "县级培训班结业名单"), ("why", "补记培训")):
        tab_to(page, f"main input[name={name}]")
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="因此改变的").wait_for()
    assert faults(page) == []
    due = page.locator("section", has_text="因此改变的").locator("tr", has_text="培训到期日").locator("th, td").all_inner_texts()
    assert due[:3] == ["培训到期日", "2028-12-31 → 2029-12-31（5 人）", "5"]
    assert trained(numbers) == [[]] * 5
    tab_to(page, "form.part button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("已为 5 人登记培训").wait_for()
    assert faults(page) == []
    done = page.url
    assert trained(numbers) == [[date(2026, 10, 20)]] * 5
    page.goto(f"/workers/{find_by_id_number(numbers[1])}/")
    assert says(page, "培训到期日").inner_text() == "2029-12-31"

    page.goto(done)
    tab_to(page, "a[href$='/undo/']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="撤销整批").wait_for()
    tab_to(page, "main input[name=why]")
    page.keyboard.type("名单有误")
    page.keyboard.press("Enter")
    page.get_by_text("整批已撤销").wait_for()
    assert trained(numbers) == [[]] * 5


def test_nothing_typed_is_lost_when_the_session_ends(enter):
    page = enter(officer=COUNTY)
    page.goto("/import/paste/")
    tab_to(page, "td[data-at] textarea")
    # Chinese comes from an input method, without a key for each sign.
    page.keyboard.insert_text("扎西卓玛")
    page.keyboard.press("Enter")
    assert (page.locator('td[data-at="0-0"] span').inner_text(), here(page)) == ("扎西卓玛", "1-0")
    page.context.clear_cookies()
    tab_to(page, "form#grid-form button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#grid-status", has_text="登录已过期").wait_for()
    assert page.locator('td[data-at="0-0"] span').inner_text() == "扎西卓玛"
    # Signed in again in another tab, the same button sends what is still there.
    door = page.context.new_page()
    door.goto("/account/login/")
    door.get_by_label("用户名").fill("officer")
    door.get_by_label("口令").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    door.wait_for_url("**/")
    page.bring_to_front()
    for _ in range(2):
        page.get_by_role("button", name="检查", exact=True).press("Enter")
        page.wait_for_timeout(700)
        if "/import/paste/" in page.url and page.url.rstrip("/").split("/")[-1].isdigit():
            break
    page.wait_for_url("**/import/paste/*/")
    assert page.locator('td[data-at="0-0"] span').inner_text() == "扎西卓玛"

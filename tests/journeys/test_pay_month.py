"""A month's pay by hand: calculated, its causes read, a missing fact mended, checked and locked by others, taken out; then a leave
told late, which is next month's line and leaves the locked sheet as it was. J6, pay half."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import Page
from pypdf import PdfReader

from jiceng.pay.models import PaySheet
from jiceng.runs import kept, law_sets
from jiceng.runs import law as installed
from jiceng.runs.adopting import adopt
from tests.journeys.conftest import card_text, fill
from tests.pay.people import FOLDERS, SEPTEMBER, STREET, Paid, a_sub_district, month_locked
from tests.runs.world import COUNTY, at

pytestmark = [pytest.mark.browser]
OCT, SEP = f"/pay/{STREET}/2026-10/", f"/pay/{STREET}/2026-09/"


@pytest.fixture
def paid(ground: None) -> Iterator[dict[str, Paid]]:
    """Three people paid and locked for August; one who came in September and has no grade yet."""
    installed._installed = None
    for folder in FOLDERS:
        adopt(
            folder, office="示例办公室", place=COUNTY, since=date(2026, 1, 1), actor="测试员", basis="示例", why="测试",
            clock=at(date(2026, 1, 5)),
        )  # fmt: skip
    people = a_sub_district()
    month_locked(SEPTEMBER, date(2026, 10, 8))
    people["late"] = Paid("示例新来", n=9)
    people["late"].appoint(date(2026, 10, 1), on=date(2026, 10, 9))
    yield people
    for name in (kept.FOLDER, law_sets.FOLDER):
        shutil.rmtree(Path(settings.DATA) / name, ignore_errors=True)
    law_sets._kept.cache_clear()
    installed._installed = None


def press(page: Page, name: str) -> str:
    page.get_by_role("button", name=name, exact=True).click()
    page.locator(".note[role=status]").first.wait_for()
    return page.locator(".note[role=status]").first.inner_text()


def row_of(page: Page, name: str) -> list[str]:
    row = page.locator(".sheet tbody tr", has=page.locator("th", has_text=name))
    return [text.strip() for text in row.locator("td").all_inner_texts()]


def saved(page: Page, link: str, *, button: bool = False) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button" if button else "link", name=link, exact=True).click()
    return Path(download.value.path()).read_bytes()


def record_leave(page: Page, subject: int, day: str) -> None:
    page.goto(f"/workers/{subject}/record/leave/")
    page.locator("main [name=f_kind]").select_option("personal")
    fill(page, f_from=day, f_to=day, f_days="1", since=day, basis="请假单", why="补报")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认记入").click()
    page.locator(".note[role=status]").first.wait_for()


def test_a_month_of_pay(enter, paid: dict[str, Paid]):
    clerk = enter(clerk=COUNTY)
    clerk.wait_for_load_state("networkidle")  # the workbench asks for its parts while the next account is made
    officer = enter(officer=COUNTY)
    chief, late = paid["chief"].subject, paid["late"].subject
    record_leave(clerk, chief, "2026-10-14")

    # The month's list says what comes next and leads there.
    clerk.goto(f"/pay/?place={COUNTY}&month=2026-10")
    assert "请计算" in clerk.locator(".note").first.inner_text()
    clerk.locator("tbody tr").first.get_by_role("link").first.click()
    clerk.wait_for_url(f"**{OCT}")
    assert "已计算：3 人。还有 1 项要处理" in press(clerk, "计算")

    # Every figure opens; the leave stands with /21.75.
    assert row_of(clerk, "示例chief")[5] == "200.00"
    clerk.locator(f"a[href='c/{chief}/personal_leave_deduction/']").click()
    assert "200.00 元" in card_text(clerk)
    card = clerk.locator("dialog.panel").text_content() or ""
    assert [word in card for word in ("200.00 元", "21.75", "4,350.00 元")] == [True] * 3
    clerk.locator("dialog [data-close]").click()

    # Causes, summed; the missing fact by name, mended where the page leads.
    compared = clerk.locator("section", has=clerk.locator("#compared")).inner_text()
    assert ("请假" in compared, "−200.00" in compared, "与各项相加一致" in compared) == (True, True, True)
    clerk.locator(".checks").get_by_role("link", name="示例新来").click()
    clerk.wait_for_url(f"**/workers/{late}/record/grading/")
    fill(clerk, f_grade="1", since="2026-10-01", basis="定级通知", why="补录")
    clerk.get_by_role("button", name="下一步").click()
    clerk.get_by_role("button", name="确认记入").click()
    clerk.locator(".note[role=status]").first.wait_for()
    clerk.goto(OCT)
    assert "已计算：4 人。没有要处理的问题" in press(clerk, "重新计算")
    assert clerk.get_by_role("button", name="复核无误").count() == 0

    # Another one checks, approves, locks.
    officer.goto(OCT)
    assert [press(officer, word) for word in ("复核无误", "审批同意", "锁定")] == [
        "已复核，等审批。", "已审批，可以锁定。", "已锁定。可以发工资条、导出银行表和社保表。",
    ]  # fmt: skip

    # What leaves says what the page says.
    net = row_of(officer, "示例chief")[10]
    book = openpyxl.load_workbook(BytesIO(saved(officer, "Excel"))).worksheets[0]
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    column = next(row for row in rows if row[0] == "序号").index("实发工资")
    assert f"{next(row[column] for row in rows if row[1] == '示例chief'):,.2f}" == net
    slips = "".join(one.extract_text() for one in PdfReader(BytesIO(saved(officer, "工资条（一页两张，有裁切线）"))).pages)
    assert f"实发合计：{net}元" in re.sub(r"\s", "", slips)
    officer.get_by_label("事由").fill("十月代发")
    bank = openpyxl.load_workbook(BytesIO(saved(officer, "银行代发表", button=True))).worksheets[0]
    assert [row[4].value for row in bank.iter_rows() if row[1].value == "示例chief"] == [float(net.replace(",", ""))]

    # A leave of October told afterwards: the locked sheet stays, the next one has the line with its cause.
    hash = PaySheet.objects.get(place=STREET, month=date(2026, 10, 1)).hash
    record_leave(clerk, chief, "2026-10-21")
    clerk.goto(f"/pay/{STREET}/2026-11/")
    arrears = clerk.locator("section", has=clerk.locator("#arrears"))
    assert ("2026年10月" in arrears.inner_text(), "−200.00" in arrears.inner_text(), "补扣" in arrears.inner_text()) == (True, True, True)
    arrears.get_by_role("link", name=re.compile("请假")).first.click()
    clerk.wait_for_url("**/entries/*/")
    assert "请假" in clerk.locator("main").inner_text()
    officer.goto(OCT)
    assert (row_of(officer, "示例chief")[10], PaySheet.objects.get(place=STREET, month=date(2026, 10, 1)).hash) == (net, hash)
    assert "逐字节相同" in press(officer, "再算一遍")

    # On a phone nothing runs over the edge.
    clerk.set_viewport_size({"width": 390, "height": 844})
    for address in (f"/pay/?place={COUNTY}", OCT, f"/pay/people/{chief}/"):
        clerk.goto(address)
        assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

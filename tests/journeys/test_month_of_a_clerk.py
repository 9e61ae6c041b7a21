"""A month at a county's desk: tables out, back with their faults, mended, merged; how many are short; the return sent up, sent
back, corrected, locked; the briefing; and every number opens."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page
from pypdf import PdfReader

from jiceng.intake import uploads
from jiceng.places import reading
from jiceng.terms.registry import base_terms
from tests.journeys.conftest import card_text, fill
from tests.packets.conftest import column, person, put, roster, row_of
from tests.runs.world import CITY, COUNTY, id_number, population

pytestmark = [pytest.mark.browser]
TOWNS = (513324100, 513324101)
ON = date(2026, 11, 24)
PERIOD = "2026年11月1日至2026年11月24日"


@pytest.fixture
def towns(ground) -> dict[int, str]:
    """Three workers in each of two towns, imported on the 21st; residents told; gives the towns' names."""
    names = reading.names_of(TOWNS, on=ON)
    people = iter(("扎西卓玛", "丁增", "罗绒", "曲珍", "白玛", "仁青"))
    rows = [
        person(next(people), 81 + at * 3 + n, names[town], reading.within(town, on=ON, level=5)[0].name)
        for at, town in enumerate(TOWNS)
        for n in range(3)
    ]
    clock = lambda: datetime(2026, 11, 21, 2, tzinfo=UTC)  # noqa: E731
    upload = uploads.keep(roster(rows), name="花名册.xlsx", account=None, place=COUNTY, as_of=date(2026, 11, 20), clock=clock)
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    population(COUNTY, 5_600, on=date(2026, 1, 1))
    return names


def saved(content: bytes, change: Callable[[Worksheet], None], path: Path) -> Path:
    book = openpyxl.load_workbook(BytesIO(content))
    change(book["花名册"])
    book.save(path)
    return path


def unpacked(page: Page, link: str) -> dict[int, bytes]:
    """The workbooks of a zip by place code."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        return {int(name.rsplit("-", 1)[1][:-5]): archive.read(name) for name in archive.namelist()}


def hand_in(page: Page, address: str, *files: Path) -> list[str]:
    page.goto(address)
    page.set_input_files("input[type=file]", [str(file) for file in files])
    page.get_by_role("button", name="交回并检查").click()
    page.get_by_text("逐份结果").wait_for()
    return page.locator("tbody td").all_inner_texts()


def board(page: Page, address: str) -> dict[str, list[str]]:
    """Town → state, new, changed, unchanged, refused, missing, what to do next."""
    page.goto(address)
    rows = [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in page.locator("table.rows tbody tr").all()]
    return {cells[0]: [cells[1], *cells[3:9]] for cells in rows}


def tile(page: Page, title: str) -> str:
    page.goto("/?on=&known=")
    return page.locator(".tile", has=page.locator(f".what span:text-is('{title}')")).locator(".figure").inner_text()


def figures(page: Page) -> dict[str, str]:
    """The county's row of the return on screen, by column."""
    links = page.locator("table tbody tr").first.locator("a[href*='c=']").all()
    return {(one.get_attribute("href") or "").rsplit("c=", 1)[1]: one.inner_text().strip() for one in links}


def file_of(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(download.value.path()).read_bytes()


def said(page: Page) -> str:
    return page.locator(".note[role=status]").first.inner_text()


def test_a_month(enter, towns, tmp_path):
    one, two = (towns[town] for town in TOWNS)
    clerk, above = enter(clerk=COUNTY), enter(officer=CITY)

    # Out.
    clerk.goto("/rounds/new/")
    clerk.get_by_label("名称").fill("十一月核对")
    clerk.get_by_role("button", name="发起", exact=True).click()
    clerk.wait_for_url("**/rounds/*/")
    address = clerk.url
    out = unpacked(clerk, "下载全部")
    assert sorted(out) == list(TOWNS)

    # Back, under other names: a day that is none, a new number written over, one row gone; the other town twice the same.
    def careless(sheet: Worksheet) -> None:
        put(sheet, "扎西卓玛", "最近一次培训", "2023.2.30")
        put(sheet, "丁增", "手机号", "139 1111 2222")
        sheet.delete_rows(row_of(sheet, "罗绒"))

    def grown(sheet: Worksheet) -> None:
        last = max(row_of(sheet, name) for name in ("曲珍", "白玛", "仁青"))
        cells = {"姓名": "泽 仁", "身份证号": id_number(95, date(1990, 1, 1)), "街道（乡镇）": two, "岗位": "专职工作人员",
                 "人员类别": "社区专职工作人员",
                 "社区": sheet.cell(last, column(sheet, "社区")).value, "任现岗时间": "2026.11.2"}  # fmt: skip
        for heading, value in cells.items():
            sheet.cell(last + 1, column(sheet, heading)).value = value

    first, second = saved(out[TOWNS[0]], careless, tmp_path / "最终版(2).xlsx"), saved(out[TOWNS[1]], grown, tmp_path / "b.xlsx")
    copy = tmp_path / "b - 副本.xlsx"
    copy.write_bytes(second.read_bytes())
    assert sorted(hand_in(clerk, address, first, second, copy)) == sorted([
        f"{one}：新进 0，有变化 1，没有变化 0，有问题 1 行，表中缺少 1 人",
        f"{two}：新进 1，有变化 0，没有变化 3，有问题 0 行",
        f"{two}：与以前交过的是同一份文件，没有重复收",
    ])  # fmt: skip

    # The whole table of the first town goes back; the mended row comes home alone and lands with what was right before.
    refused = unpacked(clerk.goto(address) and clerk, "退回的表")
    clerk.goto(f"{address}places/{TOWNS[0]}/")
    clerk.get_by_role("button", name="退回，请对方改").click()
    clerk.goto(f"{address}remind/")
    assert "你处交回的表中有 1 行需要更正" in clerk.locator(".letter").inner_text()
    mended = saved(refused[TOWNS[0]], lambda sheet: put(sheet, "扎西卓玛", "最近一次培训", "2026-02-28"), tmp_path / "改.xlsx")
    assert hand_in(clerk, address, mended) == [f"{one}：新进 0，有变化 1，没有变化 0，有问题 0 行"]
    assert board(clerk, address) == {
        one: ["已收待核", "0", "2", "0", "0", "1", "请核对后并入，或退回"],
        two: ["已收待核", "1", "0", "3", "0", "0", "请核对后并入，或退回"],
    }
    clerk.goto(f"{address}merge/?place={TOWNS[0]}&place={TOWNS[1]}")
    clerk.get_by_role("button", name="确认并入").click()
    clerk.wait_for_url(address)
    assert board(clerk, address) == {
        one: ["已并入", "0", "1", "0", "0", "1", "请确认表中缺少的 1 人"],
        two: ["已并入", "1", "0", "3", "0", "0", "已办完"],
    }

    # How many are we short? 5,600 residents at 18 per 10,000 are 10.08, rounded up 11; seven are there.
    assert [tile(clerk, title) for title in ("在册（各类人员）", "应配人数", "缺额（未取整）", "缺额")] == [
        "7 人",
        "11 人",
        "3.08 人",
        "4 人",
    ]
    clerk.locator(".tile", has_text="缺额").last.locator(".figure a").click()
    card = card_text(clerk)
    assert [line in card for line in ("4 人", "应配人数：11 人", "在册社区工作者：7 人")] == [True] * 3

    # Sent up; sent back with the reason: the row that was taken out was a departure nobody had recorded.
    clerk.goto(f"/returns/new/{COUNTY}/2026-11-01/")
    assert clerk.locator("h1").inner_text() == f"九龙县队伍状况表 · {PERIOD}"
    assert [figures(clerk)[name] for name in ("in_service", "counted", "quota", "gap_exact", "gap")] == ["7", "7", "11", "3.08", "4"]
    clerk.get_by_role("button", name="上报").click()
    clerk.wait_for_url("**/returns/*/")
    number = clerk.url
    above.goto(number)
    above.get_by_label("退回原因（必写）").fill("罗绒已离任，请登记后重报")
    above.get_by_role("button", name="退回").click()
    above.get_by_text("已退回，原因写在办理经过里。").wait_for()
    clerk.goto(f"/returns/?place={COUNTY}&period=20261101-20261124")
    mine = clerk.locator("table tbody tr").first.inner_text()
    assert [text in mine for text in ("已退回", "罗绒已离任，请登记后重报", "按退回原因更正后重报")] == [True] * 3

    clerk.goto(f"{address}places/{TOWNS[0]}/")
    clerk.locator("#missing").get_by_role("link", name="罗绒").click()
    clerk.wait_for_url("**/workers/*/")
    clerk.goto(f"{clerk.url}record/departure/")
    clerk.locator("main [name=f_cause]").select_option("retirement")
    fill(clerk, since="2026-11-20", basis="退休文件", why="收表核对")
    clerk.get_by_role("button", name="下一步").click()
    clerk.get_by_role("button", name="确认记入").click()
    clerk.locator(".note[role=status]").first.wait_for()

    clerk.goto(number)
    assert figures(clerk)["in_service"] == "7"
    clerk.get_by_role("button", name="按台账现在的情况重报").click()
    clerk.get_by_text("已上报。").wait_for()
    fresh = figures(clerk)
    assert [fresh[name] for name in ("in_service", "gap", "opening", "arrivals", "departures")] == ["6", "5", "6", "1", "1"]
    above.goto(number)
    above.get_by_role("button", name="锁定").click()
    above.get_by_text("已锁定。此后台账的更正不改变这张表。").wait_for()

    # Each number of the locked return opens: people to as many rows, answers to their card.
    for name, figure in fresh.items():
        clerk.goto(number)
        href = clerk.locator("table tbody tr").first.locator(f"a[href$='c={name}']").get_attribute("href")
        clerk.goto(f"{number}{href}")
        main = clerk.locator("main").inner_text()
        if "card/" in (href or ""):
            assert f"{figure.removeprefix('≈')}" in main, name
        else:
            assert f"共 {figure} 人" in main, name
            assert clerk.locator("main tbody tr").count() == int(figure), name

    # Printed: the same figures in Excel and PDF, in the briefing, its Word and its PDF.
    clerk.goto(number)
    sheet = openpyxl.load_workbook(BytesIO(file_of(clerk, "Excel"))).worksheets[0]
    row = {sheet.cell(4, at).value: sheet.cell(5, at).value for at in range(2, sheet.max_column + 1)}
    assert [row[name] for name in ("在册", "应配", "缺额", "离任")] == [6, 11, 5, 1]
    printed = "".join(text.extract_text() for text in PdfReader(BytesIO(file_of(clerk, "PDF"))).pages)
    assert f"期间：{PERIOD}" in printed.replace(" ", "")
    clerk.goto("/briefing/")
    words = clerk.locator("main").inner_text()
    lead = "九龙县现有社区工作者6人，与上年末人数相同，按规定尚缺5人。"
    assert lead in words
    assert "进入1人，离任1人（退休1人）" in words
    assert lead in "".join(part.text for part in docx.Document(BytesIO(file_of(clerk, "Word"))).paragraphs)
    assert "尚缺5人" in "".join(text.extract_text() for text in PdfReader(BytesIO(file_of(clerk, "PDF"))).pages).translate(
        {10: None, 32: None}
    )

    # As it stood before, and as it was known before: roster, return and briefing alike.
    for moment, count in (("on=2026-10-31&known=", 6), ("on=2026-11-19&known=", 7), ("on=&known=2026-11-22", 6)):
        clerk.goto(f"/roster/?place={COUNTY}&{moment}")
        assert f"共 {count} 人" in clerk.locator("main").inner_text(), moment
        clerk.goto(f"/returns/new/{COUNTY}/2026-10-01/")
        assert figures(clerk)["in_service"] == str(count), moment
        clerk.goto("/briefing/")
        assert f"九龙县在册社区工作者{count}人" in clerk.locator("main").inner_text(), moment

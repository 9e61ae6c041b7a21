"""J4 whole, by the collection round: three workbooks out, back with their faults, mended, merged, taken back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jiceng.intake import uploads
from jiceng.ledger import reading as ledger
from jiceng.ledger.identity import find_by_id_number
from jiceng.places import reading
from jiceng.terms.registry import base_terms
from tests.packets.conftest import column, person, put, roster, row_of
from tests.runs.world import COUNTY, id_number

pytestmark = [pytest.mark.browser]
TOWNS = (513324100, 513324101, 513324102)
ON = date(2026, 11, 20)


def number(n: int) -> str:
    return id_number(n, date(1990, 1, 1))


@pytest.fixture
def workers(ground) -> dict[int, str]:
    """Two workers in the first community of each of three towns, imported before; gives the community by town."""
    towns = reading.names_of(TOWNS, on=ON)
    inside = {town: reading.within(town, on=ON, level=5)[0].name for town in TOWNS}
    names = iter(("扎西卓玛", "丁增", "罗绒", "曲珍", "白玛", "仁青"))
    rows = [person(next(names), 81 + at * 2 + n, towns[town], inside[town]) for at, town in enumerate(TOWNS) for n in (0, 1)]
    clock = lambda: datetime(2026, 11, 21, 2, tzinfo=UTC)  # noqa: E731
    upload = uploads.keep(roster(rows), name="花名册.xlsx", account=None, place=COUNTY, as_of=ON, clock=clock)
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    return inside


def saved(content: bytes, change: Callable[[Worksheet], None], path: Path) -> Path:
    book = openpyxl.load_workbook(BytesIO(content))
    change(book["花名册"])
    book.save(path)
    return path


def add(sheet: Worksheet, after: str, **cells: object) -> None:
    row = row_of(sheet, after) + 1
    while sheet.cell(row, 2).value:
        row += 1
    for heading, value in cells.items():
        sheet.cell(row, column(sheet, heading)).value = value


def board(page) -> dict[str, list[str]]:
    """Town → state, new, changed, unchanged, refused, missing."""
    rows = page.locator("table.rows tbody tr")
    texts = [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]
    return {cells[0]: [cells[1], *cells[3:8]] for cells in texts}


def hand_in(page, address: str, *files: Path) -> list[str]:
    page.goto(address)
    page.set_input_files("input[type=file]", [str(file) for file in files])
    page.get_by_role("button", name="交回并检查").press("Enter")
    page.get_by_text("逐份结果").wait_for()
    return page.locator("tbody td").all_inner_texts()


def test_three_towns(enter, workers, tmp_path):
    one, two, three = (reading.names_of(TOWNS, on=ON)[town] for town in TOWNS)
    page = enter(officer=COUNTY)

    # Out, by keyboard: three towns are ticked because they have workers.
    page.goto("/rounds/new/")
    page.get_by_label("截至日").fill("2026-11-20")
    page.get_by_role("button", name="发起", exact=True).press("Enter")
    page.wait_for_url("**/rounds/*/")
    address = page.url
    assert board(page) == {town: ["未交", "—", "—", "—", "—", "—"] for town in (one, two, three)}
    with page.expect_download() as download:
        page.get_by_role("link", name="下载全部").press("Enter")
    with zipfile.ZipFile(download.value.path()) as archive:
        out = {int(name.rsplit("-", 1)[1][:-5]): archive.read(name) for name in archive.namelist()}
    assert sorted(out) == list(TOWNS)

    # Back with the faults of J4.
    spelled = workers[TOWNS[0]].replace("居民委员会", "")

    def first(sheet: Worksheet) -> None:
        """A heading merged over a heading, a number cell, two spellings of one community, a day that is none."""
        sheet.insert_rows(3)
        sheet.merge_cells("B3:F3")
        sheet["B3"] = "基本情况"
        heading = {cell.value: cell.column for cell in sheet[4]}
        row = 7
        new = (
            ("泽仁", number(91), "2026-05-06", spelled),
            ("格桑", number(92), "2023.2.30", workers[TOWNS[0]]),
            ("多吉", 5.13324e17, "2026-05-06", spelled),
        )
        for n, (name, id, since, community) in enumerate(new):
            for text, value in (("姓名", name), ("身份证号", id), ("街道（乡镇）", one), ("社区", community), ("岗位", "专职工作人员"),
                                ("任现岗时间", since)):  # fmt: skip
                sheet.cell(row + n, heading[text]).value = value

    def second(sheet: Worksheet) -> None:
        """The same person twice with different contents; one row changed."""
        for since in ("2026-05-06", "2025-05-06"):
            where = {"街道（乡镇）": two, "社区": workers[TOWNS[1]]}
            add(sheet, "曲珍", 姓名="达瓦", 身份证号=number(93), 岗位="专职工作人员", 任现岗时间=since, **where)
        put(sheet, "曲珍", "手机号", "13911112222")

    files = [
        saved(out[TOWNS[0]], first, tmp_path / "甲.xlsx"),
        saved(out[TOWNS[1]], second, tmp_path / "乙.xlsx"),
        saved(out[TOWNS[2]], lambda sheet: None, tmp_path / "没改.xlsx"),
    ]
    hand_in(page, address, *files)
    page.goto(address)
    assert board(page) == {
        one: ["已收待核", "1", "0", "2", "2", "0"],
        two: ["已收待核", "0", "1", "1", "2", "0"],
        three: ["已收待核", "0", "0", "2", "0", "0"],
    }
    assert hand_in(page, address, files[2]) == [f"{three}：与以前交过的是同一份文件，没有重复收"]

    # Merged: one preview for all three; the refused rows go back with their reasons.
    page.goto(f"{address}merge/?place={TOWNS[0]}&place={TOWNS[1]}&place={TOWNS[2]}")
    assert [text.split()[0] for text in page.locator(".tile .figure").all_inner_texts()] == ["1", "1", "5", "4", "0"]
    page.get_by_role("button", name="确认并入").press("Enter")
    page.wait_for_url(address)
    assert {town: cells[0] for town, cells in board(page).items()} == {one: "退回待改", two: "退回待改", three: "已并入"}
    with page.expect_download() as download:
        page.get_by_role("link", name="退回的表").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        returned = {int(name.rsplit("-", 1)[1][:-5]): archive.read(name) for name in archive.namelist()}
    back = openpyxl.load_workbook(BytesIO(returned[TOWNS[0]]))["花名册"]
    text = [str(cell.value) for row in back.iter_rows() for cell in row if cell.value]
    assert [name for name in ("泽仁", "格桑", "多吉", "扎西卓玛") if name in text] == ["格桑", "多吉"]
    assert sum("2 月 30 日" in cell or ("2023.2.30" in cell and len(cell) > 10) for cell in text) >= 1

    # Mended in the returned workbook, by hand: only those rows are written.
    def mend(sheet: Worksheet) -> None:
        heading = {cell.value: cell.column for cell in sheet[4]}
        for row in (5, 6):
            name = sheet.cell(row, heading["姓名"]).value
            if name == "格桑":
                sheet.cell(row, heading["任现岗时间"]).value = "2023-02-28"
            else:
                sheet.cell(row, heading["身份证号"]).value = number(94)

    (said,) = hand_in(page, address, saved(returned[TOWNS[0]], mend, tmp_path / "改好.xlsx"))
    assert said == f"{one}：新进 2，有变化 0，没有变化 0，有问题 0 行"
    page.goto(f"{address}merge/")
    page.get_by_role("button", name="确认并入").press("Enter")
    page.wait_for_url(address)
    assert board(page)[one] == ["已并入", "2", "0", "0", "0", "0"]
    landed = page.locator("tr", has_text=one).locator("td[data-label=新进] a").get_attribute("href")

    # A third time the whole: nothing changes any more.
    def all_mended(sheet: Worksheet) -> None:
        first(sheet)
        heading = {cell.value: cell.column for cell in sheet[4]}
        sheet.cell(8, heading["任现岗时间"]).value = "2023-02-28"
        sheet.cell(9, heading["身份证号"]).value = number(94)

    (said,) = hand_in(page, address, saved(out[TOWNS[0]], all_mended, tmp_path / "再交.xlsx"))
    assert said == f"{one}：新进 0，有变化 0，没有变化 5，有问题 0 行"

    # Taken back: today as before, as known then still there.
    subject = find_by_id_number(number(94))
    assert subject is not None
    known = ledger.entries(subject)[0].known_at
    page.goto(landed)
    page.get_by_role("link", name="撤销这次导入").click()
    page.locator("[name=why]").fill("演练撤销")
    page.get_by_role("button", name="确认撤销").press("Enter")
    page.get_by_text("这次导入已撤销").wait_for()
    appointed = {"on": date(2026, 11, 24), "kinds": ["appointment"]}
    assert ledger.as_of([subject], **appointed) == []
    assert [row.since for row in ledger.as_of([subject], known_by=known, **appointed)] == [date(2026, 5, 6)]

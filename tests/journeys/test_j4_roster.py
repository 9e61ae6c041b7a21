"""J4 from the workbook inwards: a dirty roster looked at, landed, mended, sent again, taken back."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from jiceng.ledger import reading as ledger
from jiceng.ledger.identity import find_by_id_number
from jiceng.places import reading
from tests.runs.world import COUNTY, id_number

pytestmark = [pytest.mark.browser]
HEAD = ["序号", "姓名", "身份证号", "街道（乡镇）", "社区", "人员类别", "岗位", "任现岗时间"]


def person(name: str, n: int, community: str, since: str, **other: object) -> list[object]:
    return [n, name, other.get("number", id_number(n, date(1990, 1, 1))), "呷尔镇", community, "社区专职工作人员", "专职工作人员", since]


def write(path: Path, rows: list[list[object]]) -> Path:
    """A title merged over the table, a note at its foot."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("花名册")
        sheet.merge_range(0, 0, 0, 7, "九龙县呷尔镇社区工作者花名册（示例）")
        for at, row in enumerate([HEAD, *rows]):
            sheet.write_row(at + 1, 0, row)
        sheet.write(len(rows) + 3, 0, "填表人：示例")
    return path


def send(page, path: Path) -> str:
    page.goto("/import/")
    page.set_input_files("input[type=file]", str(path))
    page.locator("[name=as_of]").fill("2026-11-20")
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/import/*/")
    return page.url


def tiles(page) -> list[str]:
    return [text.split()[0] for text in page.locator(".tile .figure").all_inner_texts()]


def land(page) -> None:
    page.get_by_role("button", name="确认写入").click()
    page.get_by_text("已写入台账").wait_for()


def test_dirty_roster(enter, tmp_path):
    inside = [place.name for place in reading.within(513324100, on=date(2026, 11, 24), level=5)]
    whole = inside[0]
    short = whole.replace("居民委员会", "")
    rows = [
        person("扎西卓玛", 81, whole, "2025-03-01"),
        person("丁增", 82, short, "2024年6月"),
        person("罗绒", 83, whole, "2023.2.30"),
        person("曲珍", 84, whole, "2025-01-06", number=5.13324e17),
        person("白玛", 85, whole, "2025-01-06"),
        person("白玛", 85, whole, "2024-01-06"),
    ]
    page = enter(officer=COUNTY)
    first = send(page, write(tmp_path / "呷尔镇.xlsx", rows))
    assert tiles(page)[:2] == ["2", "4"]
    with page.expect_download() as download:
        page.get_by_role("link", name="下载退回的").click()
    back = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    text = [str(cell.value) for row in back.iter_rows() for cell in row if cell.value]
    assert [name for name in ("罗绒", "曲珍", "扎西卓玛") if name in text] == ["罗绒", "曲珍"]
    assert sum("2 月 30 日" in cell or ("2023.2.30" in cell and len(cell) > 10) for cell in text) >= 1
    land(page)
    landed = page.url

    # Mended in the sheet and sent again: only what changed is written.
    rows[2][7], rows[3][2] = "2023-02-28", id_number(84, date(1990, 1, 1))
    del rows[5]
    second = send(page, write(tmp_path / "呷尔镇-更正.xlsx", rows))
    assert page.locator(".tile .under").first.inner_text() == "新进 3，有变化 0，没有变化 2"
    land(page)
    send(page, write(tmp_path / "呷尔镇-再传.xlsx", rows))
    assert page.locator(".tile .under").first.inner_text() == "新进 0，有变化 0，没有变化 5"
    assert tiles(page)[2] == "0"

    # Undo of both: today as before, as known then the rows are still there.
    subject = find_by_id_number(id_number(81, date(1990, 1, 1)))
    assert subject is not None
    known = ledger.entries(subject)[0].known_at
    for address in (second, landed):
        page.goto(address)
        page.get_by_role("link", name="撤销这次导入").click()
        page.locator("[name=why]").fill("演练撤销")
        page.get_by_role("button", name="确认撤销").click()
        page.get_by_text("这次导入已撤销").wait_for()
    page.goto("/roster/")
    assert page.locator("tbody th a").count() == 0
    believed = ledger.as_of([subject], on=date(2026, 11, 24), known_by=known, kinds=["appointment"])
    assert [row.since for row in believed] == [date(2025, 3, 1)]
    assert first == landed

"""Workbooks and CSV out: opened again with two readers; text stays text, rows stream, sheets go on."""

from __future__ import annotations

import csv
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from jiceng.base.refusals import Refusal
from jiceng.documents import sheets
from jiceng.documents.stamp import Stamp, lines
from jiceng.documents.tables import Column, Table, Total

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = (
    Column("地方", width=16),
    Column("应配", "number", group="配备"),
    Column("在册", "integer", group="配备"),
    Column("证件号码", "identity", 20),
    Column("截至", "date"),
    Column("占比", "ratio", digits=0),
)
TABLE = Table("示例县队伍状况表", COLUMNS, notes=("单位：人",), foot=("截至日：2026年6月1日", "导出人：示例"), kept=1)
ROW = ("示例街道", Decimal("460.8"), 30, "513324199001011234", date(2026, 6, 1), Fraction(1, 5))
RISKY = ("=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\r=1", '=HYPERLINK("http://a")', "＝1", "http://a.example", "mailto:a@b", "{=1}", "007")
MADE = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


def written(table: Table, rows: list[object]) -> BytesIO:
    out = BytesIO()
    sheets.write_xlsx(table, rows, out, made=MADE)  # type: ignore[arg-type]
    return BytesIO(out.getvalue())


def test_workbook_holds_what_was_declared() -> None:
    sheet = openpyxl.load_workbook(written(TABLE, [ROW, Total(("合计", 460.8, 30, "", None, 1))])).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["示例县队伍状况表", None, None, None, None, None],
        ["单位：人", None, None, None, None, None],
        ["地方", "配备", None, "证件号码", "截至", "占比"],
        [None, "应配", "在册", None, None, None],
        ["示例街道", 460.8, 30, "513324199001011234", datetime(2026, 6, 1), 0.2],  # noqa: DTZ001
        ["合计", 460.8, 30, None, None, 1],
        ["截至日：2026年6月1日", None, None, None, None, None],
        ["导出人：示例", None, None, None, None, None],
    ]
    assert sorted(str(one) for one in sheet.merged_cells.ranges) == sorted(
        ["A1:F1", "A2:F2", "A3:A4", "B3:C3", "D3:D4", "E3:E4", "F3:F4", "A7:F7", "A8:F8"]
    )
    assert (sheet["B5"].number_format, sheet["C5"].number_format, sheet["F5"].number_format) == ("#,##0.0", "#,##0", "0%")
    assert (sheet["E5"].number_format, sheet["D5"].number_format, sheet["D5"].data_type) == ("yyyy-mm-dd", "@", "s")
    assert (sheet["A5"].font.bold, sheet["A6"].font.bold) == (False, True)


def test_workbook_prints_on_landscape_paper_with_headings_on_each_page() -> None:
    sheet = openpyxl.load_workbook(written(Table("表", COLUMNS, paper="A3", kept=2), [ROW])).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    # One page wide, which is what a missing width means; as many pages long as it takes.
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (None, 0, True)
    assert (sheet.print_title_rows, sheet.print_title_cols, sheet.freeze_panes) == ("$2:$3", "$A:$B", "C4")
    assert sheet.oddFooter.center.text == "第 &P 页　共 &N 页"


@pytest.mark.parametrize("text", RISKY)
def test_text_never_becomes_formula_or_link(text: str) -> None:
    table = Table(text, tuple(Column(text, kind, group=text) for kind in ("text", "number", "identity")), notes=(text,), foot=(text,))
    content = written(table, [(text, text, text)])
    book = openpyxl.load_workbook(content)
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert [cell.hyperlink for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink] == []
    row = CalamineWorkbook.from_filelike(BytesIO(content.getvalue())).get_sheet_by_index(0).to_python()[4]
    assert [str(cell).replace("\r\n", "\n").replace("\r", "\n") for cell in row] == [text.replace("\r", "\n")] * 3 or row == [text] * 3
    xml = zipfile.ZipFile(content).read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in xml, "<hyperlink" in xml) == (False, False)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)"])
def test_formula_like_text_keeps_its_quote_when_edited(text: str) -> None:
    sheet = openpyxl.load_workbook(written(Table("表", (Column("列"),)), [(text,), ("文字",)])).worksheets[0]
    assert (sheet["A3"].quotePrefix, sheet["A4"].quotePrefix) == (True, False)


def test_number_of_too_many_digits_stays_text() -> None:
    sheet = openpyxl.load_workbook(written(Table("表", (Column("号", "integer"), Column("号", "identity"))), [(10**15, 123456789012)]))
    assert [cell.value for cell in sheet.worksheets[0][3]] == ["1000000000000000", "123456789012"]


def test_text_longer_than_a_cell_says_that_it_goes_on() -> None:
    sheet = openpyxl.load_workbook(written(Table("表", (Column("列"),)), [("长" * 40_000,)])).worksheets[0]
    assert (len(sheet["A3"].value), sheet["A3"].value[-11:]) == (32_000, "……（全文过长，未完）")


def test_instant_prints_in_local_time() -> None:
    sheet = openpyxl.load_workbook(written(Table("表", (Column("时间"),)), [(MADE,)])).worksheets[0]
    assert sheet["A3"].value == "2026-06-01 09:30"


def test_a_row_that_does_not_fit_the_headings_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        sheets.write_xlsx(TABLE, [ROW, ROW[:3]], BytesIO())
    assert (refused.value.id, refused.value.what) == ("documents.row", "“示例县队伍状况表”第 2 行有 3 格，表头是 6 格")


def test_table_without_rows_has_headings_and_foot() -> None:
    sheet = openpyxl.load_workbook(written(TABLE, [])).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()] == [
        "示例县队伍状况表",
        "单位：人",
        "地方",
        None,
        "截至日：2026年6月1日",
        "导出人：示例",
    ]


def test_rows_past_the_last_line_go_on_on_a_second_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LAST_ROW", 10)
    out = BytesIO()
    count = sheets.write_xlsx(Table("名册", (Column("号", "integer"),)), ((n,) for n in range(20)), out)
    book = openpyxl.load_workbook(BytesIO(out.getvalue()))
    assert count == 20
    assert book.sheetnames == ["名册", "名册（续1）", "名册（续2）"]
    assert [[row[0].value for row in sheet.iter_rows(min_row=3)] for sheet in book.worksheets] == [
        list(range(7)),
        list(range(7, 14)),
        list(range(14, 20)),
    ]


def test_rows_stream_without_being_held(tmp_path: Path) -> None:
    table = Table("大表", tuple(Column(f"第{n}列") for n in range(10)))
    tracemalloc.start()
    sheets.write_xlsx(table, (tuple(f"第{n}行{c}" for c in range(10)) for n in range(6_000)), tmp_path / "one.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 60,000 cells held would be some 10 MB.
    assert peak < 3_000_000


def test_sheet_name_takes_no_forbidden_sign() -> None:
    assert openpyxl.load_workbook(written(Table("2026/06 [试]", (Column("列"),)), [])).sheetnames == ["2026_06 _试_"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40))
def test_csv_cell_never_begins_like_a_formula(text: str) -> None:
    content = b"".join(sheets.csv_lines(Table("表", (Column("列"),)), [(text,)])).decode("utf-8-sig")
    cell = list(csv.reader(StringIO(content, newline="")))[1:]
    shown = cell[0][0] if cell and cell[0] else ""
    assert shown == (f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else text)


def test_csv_numbers_and_days_are_plain() -> None:
    content = b"".join(sheets.csv_lines(TABLE, [ROW, ("示例", -1, None, None, None, -0.5)]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "地方,配备：应配,配备：在册,证件号码,截至,占比",
        "示例街道,460.8,30,513324199001011234,2026-06-01,0.2",
        "示例,-1,,,,-0.5",
    ]


def test_stamp_says_day_knowledge_sources_and_who() -> None:
    stamp = Stamp(date(2026, 6, 1), None, "jingban", MADE, sources=("台账 12 号",), unit="人")
    assert lines(stamp) == (
        "单位：人　　截至日：2026年6月1日　　知悉截至：2026年6月1日 09:30",
        "数据来源：台账 12 号",
        "导出人：jingban　　导出时间：2026年6月1日 09:30",
    )


def test_no_other_module_opens_a_workbook_of_its_own() -> None:
    found = [
        str(path.relative_to(ROOT / "src/jiceng"))
        for path in sorted((ROOT / "src").rglob("*.py"))
        if "xlsxwriter" in path.read_text() and re.search(r"\bWorkbook\(", path.read_text())
    ]
    # The demo writes as counties and departments do, each in its own way.
    assert [name for name in found if not name.startswith("demo/")] == ["documents/sheets.py"]

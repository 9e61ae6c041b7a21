"""Files as they are, whatever they are called; and files that are not opened."""
# ruff: noqa: E501  (tables of cells read better as lines)

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from jiceng.base.refusals import Refusal
from jiceng.intake import containers
from jiceng.intake.sheets import read_sheets
from tests.intake.ugly import Ugliness, people, workbook

FILES = Path(__file__).with_name("files")
CSV = "姓名,身份证号,社区\r\n王小明,'513321199005010112,民族广场社区\r\n"
SMALL = [["姓名", "王小明"], ["身份证号", "'513321199005010112"], ["社区", "民族广场社区"]]


def rewritten(raw: bytes, change: dict[str, bytes]) -> bytes:
    """A workbook with some of its parts replaced or added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return out.getvalue()


def refused(raw: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_sheets(raw)
    return caught.value.id


def sheet_xml(raw: bytes) -> bytes:
    return zipfile.ZipFile(BytesIO(raw)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_is_read_in_every_encoding(encoding):
    assert [sheet.columns for sheet in read_sheets(CSV.encode(encoding))] == [SMALL]


def test_csv_separated_by_tabs_is_read():
    assert read_sheets(CSV.replace(",", "\t").encode("gbk"))[0].columns == SMALL


def test_web_page_named_xls_is_read():
    page = "<html><meta charset=gb2312><table><tr><th>姓名<th>身份证号</th></tr><tr><td>王小明</td><td>51332119900501&nbsp;0112</td></tr></table></html>"
    page = page.replace("<th>姓名<th>", "<th>姓名</th><th>")
    assert read_sheets(page.encode("gbk"))[0].columns == [["姓名", "王小明"], ["身份证号", "51332119900501\xa00112"]]


def test_old_xls_is_read():
    assert read_sheets(FILES / "old.xls")[0].columns[0] == ["姓名", "王小明"]


def test_sheet_begins_at_its_first_row_and_column_wherever_the_table_stands():
    book = openpyxl.Workbook()
    book.active["C5"] = "姓名"
    book.active["D7"] = "王小明"
    out = BytesIO()
    book.save(out)
    sheet = read_sheets(out.getvalue())[0]
    assert [(len(column), column[4], column[6]) for column in sheet.columns] == [
        (7, "", ""),
        (7, "", ""),
        (7, "姓名", ""),
        (7, "", "王小明"),
    ]


def test_hidden_rows_columns_and_sheets_are_read_and_known():
    raw = workbook(people(3), ugly=Ugliness(hidden_rows=[2], hidden_columns=[4]))
    book = openpyxl.load_workbook(BytesIO(raw))
    book.create_sheet("底稿").append(["姓名"])
    book["底稿"].sheet_state = "hidden"
    out = BytesIO()
    book.save(out)
    first, second = read_sheets(out.getvalue())
    assert (first.hidden_rows, first.hidden_columns, first.hidden, first.height) == ({2}, {4}, False, 4)
    assert (second.name, second.hidden) == ("底稿", True)


def test_a_million_blank_rows_are_not_rows():
    """Formatted down to the last row of the sheet, which is how whole columns get their borders."""
    raw = workbook(people(3))
    xml = sheet_xml(raw)
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (row, row) for row in range(5, 1_048_577))
    sheet = read_sheets(rewritten(raw, {"xl/worksheets/sheet1.xml": xml.replace(b"</sheetData>", blank + b"</sheetData>")}))[0]
    assert sheet.height == 4


def test_content_in_the_last_row_of_a_sheet_is_refused_with_its_row():
    raw = workbook(people(1))
    stray = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(Refusal) as caught:
        read_sheets(rewritten(raw, {"xl/worksheets/sheet1.xml": sheet_xml(raw).replace(b"</sheetData>", stray)}))
    assert (caught.value.id, caught.value.what) == ("intake.too_many_rows", "第 1048576 行还有内容，超过 200000 行")


def test_content_in_a_far_column_is_refused_with_its_cell():
    raw = workbook(people(1))
    stray = b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'
    with pytest.raises(Refusal) as caught:
        read_sheets(rewritten(raw, {"xl/worksheets/sheet1.xml": sheet_xml(raw).replace(b"</sheetData>", stray)}))
    assert (caught.value.id, caught.value.what) == ("intake.far_cell", "单元格 XFD9 有内容，离表格太远")


def test_encrypted_workbook_is_refused():
    assert (
        refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512))
        == "intake.encrypted"
    )


def test_zip_bomb_is_refused_by_what_it_unpacks_to(monkeypatch):
    raw = workbook(people(1))
    monkeypatch.setattr(containers, "MAX_UNPACKED", 2**20)
    bomb = rewritten(raw, {"xl/sharedStrings.xml": b"<sst>" + b" " * 2**21 + b"</sst>"})
    assert (len(bomb) < 2**16, refused(bomb)) == (True, "intake.bomb")


def test_zip_bomb_that_lies_about_its_size_is_refused():
    raw = bytearray(rewritten(workbook(people(1)), {"xl/sharedStrings.xml": b"<sst>" + b" " * 2**21 + b"</sst>"}))
    said = (2**21 + 11).to_bytes(4, "little")
    lied = bytes(raw).replace(said, (100).to_bytes(4, "little"))
    assert (lied != bytes(raw), refused(lied)) == (True, "intake.damaged")


def test_xml_bomb_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
    assert refused(rewritten(workbook(people(1)), {"xl/sharedStrings.xml": bomb})) == "intake.xml"


@pytest.mark.parametrize(
    ("raw", "id"),
    [
        (b"", "intake.empty_file"), (b"PK\x03\x04cut off", "intake.damaged"), (b"%PDF-1.7 ...", "intake.format"), (b"\x89PNG\r\n", "intake.format"),
        (b"\x00\x01\x02" * 100, "intake.format"), (b" \r\n \r\n", "intake.blank"), (b"\xff\xfe\x00", "intake.encoding"), (b"\x81", "intake.encoding"),
    ],
)  # fmt: skip
def test_other_files_are_refused(raw, id):
    assert refused(raw) == id


def test_cut_off_workbook_is_refused():
    raw = workbook(people(50))
    assert refused(raw[: len(raw) // 2]) == "intake.damaged"


def test_word_file_and_plain_zip_are_told_apart():
    said = []
    for name in ("word/document.xml", "content.xml", "readme.txt"):
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "x")
        with pytest.raises(Refusal) as caught:
            read_sheets(out.getvalue())
        said.append(caught.value.what)
    assert said == ["这是Word 文档，不是表格", "这是ODF 表格（.ods），不是表格", "这是压缩包，不是表格"]


def test_blank_workbook_is_refused():
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write_string(3, 3, "  ")
    book.close()
    assert refused(out.getvalue()) == "intake.blank"

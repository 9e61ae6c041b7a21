"""The counties' workbooks: what is written is what the story says, plus the mistakes that were asked for."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from jiceng.demo.roster import COLUMNS, rows
from jiceng.demo.workbooks import MISTAKES, STYLES, mistakes_of, write_workbook
from tests.demo.test_story import COMMUNITIES, ON, story

STREETS = {code: "炉城街道" for code in COMMUNITIES}


def _sheet(path):
    return openpyxl.load_workbook(path)["社区工作者花名册"]


def test_plain_style_holds_one_line_a_person(tmp_path):
    roster = rows(story(), county_name="康定市", streets=STREETS)
    path = tmp_path / "a.xlsx"
    write_workbook(path, county="康定市", rows=roster, style=STYLES[0], mistakes=(), on=ON)
    sheet = _sheet(path)
    assert [cell.value for cell in sheet[1]] == ["序号", *COLUMNS]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [row.cells["姓名"] for row in roster]
    first = roster[0].cells["任现岗时间"]
    assert sheet.cell(2, 2 + COLUMNS.index("任现岗时间")).value == f"{first.year}.{first.month}.{first.day}"


def test_each_mistake_spoils_one_line(tmp_path):
    roster = rows(story(), county_name="康定市", streets=STREETS)
    clean, spoilt = tmp_path / "clean.xlsx", tmp_path / "spoilt.xlsx"
    write_workbook(clean, county="康定市", rows=roster, style=STYLES[0], mistakes=(), on=ON)
    write_workbook(spoilt, county="康定市", rows=roster, style=STYLES[0], mistakes=MISTAKES, on=ON)
    before, after = ([[c.value for c in row] for row in _sheet(path).iter_rows(min_row=2)] for path in (clean, spoilt))
    differing = [number for number, (a, b) in enumerate(zip(before, after, strict=False)) if a != b]
    assert differing == [3, 8, 13, 18]
    assert len(after) == len(before) + 1
    assert after[-1][3] == before[23][3]


@pytest.mark.parametrize("style", range(len(STYLES)))
def test_every_style_keeps_every_person(tmp_path, style):
    roster = rows(story(), county_name="康定市", streets=STREETS)
    path = tmp_path / "a.xlsx"
    write_workbook(path, county="康定市", rows=roster, style=STYLES[style], mistakes=(), on=ON)
    cells = [str(cell.value).strip() for row in _sheet(path).iter_rows() for cell in row if cell.value is not None]
    assert [row.cells["姓名"] for row in roster if row.cells["姓名"] not in cells] == []


def test_small_tables_make_fewer_mistakes():
    assert [len(mistakes_of(position, rows=80)) for position in range(4)] == [1, 2, 3, 4]
    assert [len(mistakes_of(position, rows=12)) for position in range(4)] == [1, 1, 1, 1]
    assert {mistake for position in range(18) for mistake in mistakes_of(position, rows=80)} == set(MISTAKES)


def test_dates_never_lie_after_the_day_of_sending():
    roster = rows(story(), county_name="康定市", streets=STREETS)
    late = [(row.number, name) for row in roster for name, cell in row.cells.items() if isinstance(cell, date) and cell > ON]
    assert sorted({name for _, name in late}) == ["合同到期日"]

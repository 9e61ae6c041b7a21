"""The workbooks the counties send: every county its own layout and its own mistakes, as people really fill them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from jiceng.demo.roster import COLUMNS, Row

_DATES = {
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "dashes": lambda day: day.isoformat(),
    "digits": lambda day: f"{day:%Y%m%d}",
}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

_GROUPS = (
    ("基本情况", ("姓名", "性别", "身份证号", "出生年月", "民族", "政治面貌")),
    ("文化程度", ("学历(全日制)", "学历(在职)", "专业")),
    ("职业资格", ("社工证等级", "证书登记日期")),
    ("所在单位", ("区县", "街道(乡镇)", "社区")),
    ("任职情况", ("人员类别", "岗位", "任现岗时间", "从事社区工作时间")),
    ("合同", ("合同类型", "合同到期日")),
    ("培训考核", ("最近一次培训", "最近年度考核")),
    ("其他", ("手机号", "备注")),
)
_OTHER_HEADINGS = {
    "姓名": "姓 名",
    "身份证号": "公民身份号码",
    "街道(乡镇)": "乡镇（街道）",
    "社区": "社区名称",
    "岗位": "现任职务",
    "任现岗时间": "任现职时间",
    "从事社区工作时间": "参加社区工作时间",
    "社工证等级": "社会工作者职业资格等级",
    "手机号": "联系电话",
}


@dataclass(frozen=True)
class Style:
    """How one county draws its table."""

    dates: str
    title: bool = False
    filled_by: bool = False
    groups: bool = False
    other_headings: bool = False
    date_cells: bool = False
    full_width: bool = False
    small_x: bool = False
    foot: bool = False
    blank_rows: bool = False
    cover_sheet: bool = False
    hidden_row: bool = False
    left_margin: int = 0


STYLES = (
    Style("dots"),
    Style("chinese", title=True, filled_by=True, foot=True),
    Style("dashes", title=True, groups=True),
    Style("slashes", other_headings=True, date_cells=True, full_width=True),
    Style("dots", title=True, small_x=True, blank_rows=True, hidden_row=True),
    Style("digits", cover_sheet=True, filled_by=True, left_margin=1),
    Style("chinese", groups=True, date_cells=True, foot=True, other_headings=True),
)
MISTAKES = ("no_such_day", "check_digit", "number_cell", "no_such_community", "twice")


def write_workbook(path: Path, *, county: str, rows: Sequence[Row], style: Style, mistakes: Sequence[str], on: date) -> None:
    """One county's workbook in its style, with the mistakes named, each on a row of its own.

    Shape   one line per row, one more for a person entered twice
    """
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": "示例花名册", "comments": "人员均为虚构"})
    if style.cover_sheet:
        cover = book.add_worksheet("填表说明")
        cover.write_column(0, 0, ["填表说明（示例）", "1. 本表由街道（乡镇）填写，县级汇总。", "2. 日期写到日。", "3. 没有的填“无”。"])
    sheet = book.add_worksheet("社区工作者花名册")
    top = _head(book, sheet, county=county, style=style, on=on)
    line = top
    for index, cells in enumerate(_with_mistakes(rows, mistakes)):
        if style.blank_rows and index and index % 12 == 0:
            line += 1
        sheet.write(line, style.left_margin, index + 1)
        for column, heading in enumerate(COLUMNS, style.left_margin + 1):
            _write(sheet, line, column, cells[heading], heading=heading, style=style, index=index)
        if style.hidden_row and index == 7:
            sheet.set_row(line, None, None, {"hidden": True})
        line += 1
    if style.foot:
        sheet.write(line + 1, style.left_margin, "填表人：示例　　审核人：示例　　联系电话：0836-0000000")
        sheet.write(line + 2, style.left_margin, "注：1. 本表一式两份。2. 人员均为虚构，仅作演示。")
    book.close()


def _head(book: Any, sheet: Any, *, county: str, style: Style, on: date) -> int:
    """Title, unit line and headings; gives the first line of the table's body."""
    line, left = 0, style.left_margin
    last = left + len(COLUMNS)
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True})
    if style.title:
        sheet.merge_range(line, left, line, last, f"{county}社区工作者花名册（示例）", bold)
        line += 1
    if style.filled_by:
        sheet.write(line, left, f"填报单位：{county}委社会工作部（示例）　　填报时间：{on.year}年{on.month}月　　单位：人")
        line += 1
    names = [_OTHER_HEADINGS.get(name, name) if style.other_headings else name for name in COLUMNS]
    if style.groups:
        sheet.merge_range(line, left, line + 1, left, "序号", bold)
        column = left + 1
        for group, members in _GROUPS:
            if len(members) > 1:
                sheet.merge_range(line, column, line, column + len(members) - 1, group, bold)
            column += len(members)
        line += 1
    else:
        sheet.write(line, left, "序号", bold)
    sheet.write_row(line, left + 1, names, bold)
    return line + 1


def _with_mistakes(rows: Sequence[Row], mistakes: Sequence[str]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [dict(row.cells) for row in rows]
    for at, mistake in enumerate(mistakes):
        cells = lines[3 + at * 5]
        if mistake == "no_such_day":
            cells["任现岗时间"] = "2023.2.30"
        elif mistake == "check_digit":
            last = str(cells["身份证号"])[-1]
            cells["身份证号"] = str(cells["身份证号"])[:-1] + ("0" if last != "0" else "1")
        elif mistake == "number_cell":
            digits = str(cells["身份证号"])
            cells["身份证号"] = float(digits[:-1] + ("0" if digits[-1] == "X" else digits[-1]))
        elif mistake == "no_such_community":
            cells["社区"] = "新兴社区"
        elif mistake == "twice":
            lines.append({**cells, "备注": "示例人员（重复填报）"})
    return lines


def _write(sheet: Any, line: int, column: int, value: Any, *, heading: str, style: Style, index: int) -> None:
    if value == "":
        return
    if isinstance(value, float):
        sheet.write_number(line, column, value)
    elif isinstance(value, date):
        if style.date_cells and index % 5:
            sheet.write_datetime(line, column, value)
        else:
            sheet.write_string(line, column, _DATES[style.dates](value))
    elif heading in ("身份证号", "手机号"):
        text = str(value).lower() if style.small_x else str(value)
        sheet.write_string(line, column, text.translate(_FULL_WIDTH) if style.full_width and index % 6 == 1 else text)
    else:
        sheet.write_string(line, column, f" {value}" if style.full_width and index % 9 == 2 else str(value))


def style_of(position: int) -> Style:
    """The style of the county at this position in code order."""
    return STYLES[position % len(STYLES)]


def mistakes_of(position: int, *, rows: int) -> tuple[str, ...]:
    """Which mistakes the county at this position makes; small tables make fewer."""
    count = min(1 + position % 4, max(1, (rows - 4) // 6))
    return tuple(MISTAKES[(position + step) % len(MISTAKES)] for step in range(count))

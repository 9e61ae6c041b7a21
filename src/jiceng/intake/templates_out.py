"""The empty roster of a place: headings, notes on them, lists to choose from. What comes back in it is read without questions."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from jiceng.base.dates import chinese_date
from jiceng.documents.sheets import open_workbook
from jiceng.intake.roster import LISTS_SHEET, ROSTER, Column
from jiceng.places.reading import full_name, within
from jiceng.places.tree import Level, level_of
from jiceng.terms.registry import Terms

_ROWS: Final = 2_000
HINTS: Final = {
    "id_number": "18 位，按文本填写；末位 X 大小写均可",
    "birth": "可不填，以身份证号为准",
    "certificate": "没有证书的填“无”；空着表示不清楚",
    "training": "最近一次参加培训的日期，如 2024-03-05；从未参加的填“无”",
    "assessment": "写明年度，如 2023年度合格",
    "contract_ends": "无固定期限的填“无固定期限”",
    "post_since": "如 2024-03-05；只记得月份的填 2024-03",
    "community_start": "如 2018-07-01；只记得月份的填 2018-07",
    "education_service": "没有在职学历的填“无”",
    "community": "从列表选择，或按证照上的名称填写",
}


def write_template(place: int, target: Path | BytesIO, *, on: date, terms: Terms) -> None:
    """An empty roster for the communities of a place.

    Shape   row 1 title, row 2 how to fill, row 3 headings; a second, hidden sheet holds the lists
    Time    communities of `on`
    Errors  Refusal place.unknown
    """
    name = full_name(place, on=on)
    columns = [column for column in ROSTER if column.offered]
    with open_workbook(target) as book:
        sheet = book.add_worksheet("花名册")
        lists = book.add_worksheet(LISTS_SHEET)
        lists.hide()
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        hint = book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "vcenter"})
        head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#DDEBF7"}
        )
        needed = book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#FCE4D6"}
        )
        text = book.add_format({"num_format": "@"})
        sheet.merge_range(0, 0, 0, len(columns), f"{name}社区工作者花名册", title)
        sheet.merge_range(1, 0, 1, len(columns), f"橙色列必填。没有的填“无”，不清楚的空着。区划名称以{chinese_date(on)}为准。", hint)
        sheet.set_row(0, 30)
        sheet.set_row(1, 22)
        sheet.set_row(2, 34)
        sheet.write_string(2, 0, "序号", head)
        sheet.set_column(0, 0, 6)
        for at, column in enumerate(columns, 1):
            sheet.set_column(at, at, 20 if column.reader in ("id_number", "place") else 14, text)
            sheet.write_string(2, at, column.name, needed if column.needed else head)
            if column.id in HINTS:
                sheet.write_comment(2, at, HINTS[column.id])
            words = words_for(column, place, on=on, terms=terms)
            if words:
                offer(sheet, lists, at, words, rows=_ROWS)
        sheet.freeze_panes(3, 2)


def words_for(column: Column, place: int, *, on: date, terms: Terms) -> list[str]:
    """What a column's cells may be chosen from; empty where anything may be written."""
    if column.code:
        words = [item.name for item in terms.codes[column.code].items]
        return [*words, "无"] if column.kind in ("education", "certificate") else words
    levels = {"county": Level.county, "street": Level.street, "community": Level.community}
    level = levels.get(column.id)
    if level is None or level <= level_of(place) or level_of(place) < Level.city:
        return []
    found = within(place, on=on, level=level)
    return list(dict.fromkeys(one.name for one in found if level is not Level.community or one.kind != "villagers"))


def offer(sheet: Worksheet, lists: Worksheet, column: int, words: list[str], *, rows: int) -> None:
    """A list to choose from; other words may be typed, the reader says what it cannot read."""
    lists.write_column(0, column, words)
    letter = xl_col_to_name(column)
    source = f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(words)}"
    sheet.data_validation(3, column, rows + 2, column, {"validate": "list", "source": source, "error_type": "warning",
                          "error_title": "不在列表里", "error_message": "请从列表选择；确需填写其他内容的，导入时会再核对。"})  # fmt: skip

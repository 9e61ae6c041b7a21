"""Ugly workbooks, made here: invented people in 甘孜州, written down as offices write them. Plain rows first, then the ugliness."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from jiceng.intake.identity import check_digit

HEADINGS = ("序号", "姓名", "性别", "身份证号", "出生年月", "民族", "政治面貌", "学历（全日制）", "学历（在职）", "学位", "专业", "社工证等级", "证书登记日期", "区县",
            "街道（乡镇）", "社区", "人员类别", "岗位", "任现岗时间", "从事社区工作时间", "合同类型", "合同到期日", "最近一次培训", "最近年度考核", "手机号", "备注")  # fmt: skip

PLACES = (
    ("康定市", "炉城街道", "向阳社区居民委员会"),
    ("九龙县", "呷尔镇", "民族广场社区居民委员会"),
)


def id_number(number: int, *, birth: date = date(1990, 5, 1), male: bool = True, area: str = "513321") -> str:
    """An ID number that passes; sex in the seventeenth digit, `number` 0 to 499."""
    first = f"{area}{birth:%Y%m%d}{number * 2 + male:03d}"
    return first + check_digit(first)


@dataclass(frozen=True)
class Person:
    """One invented row, in plain form."""

    cells: dict[str, Any]

    def row(self, headings: Sequence[str]) -> list[Any]:
        """Cells under these headings; what is not known is blank."""
        return [self.cells.get(heading, "") for heading in headings]

    def but(self, **changed: Any) -> Person:
        """The same person with other cells."""
        return Person({**self.cells, **changed})


def people(n: int, *, places: Sequence[tuple[str, str, str]] = PLACES, seed: int = 1) -> list[Person]:
    """Invented people, always the same ones for one seed."""
    dice = random.Random(seed)
    made = []
    for i in range(n):
        birth = date(1970, 1, 1) + timedelta(days=dice.randrange(11_000))
        male = bool(dice.randrange(2))
        start = date(2015, 1, 1) + timedelta(days=dice.randrange(2_500))
        since = start + timedelta(days=dice.randrange(300))
        county, street, community = places[i % len(places)]
        made.append(
            Person(
                {
                    "序号": i + 1,
                    "姓名": "".join(dice.choice("张王李赵刘陈杨黄周吴") for _ in range(1))
                    + "".join(dice.choice("明芳伟强军勇敏静丽艳") for _ in range(2)),
                    "性别": "男" if male else "女",
                    "身份证号": id_number(i % 500, birth=birth, male=male, area=f"{513321 + i // 500 % 18}"),
                    "出生年月": f"{birth:%Y.%m}",
                    "民族": dice.choice(["汉", "藏族", "彝族", "回"]),
                    "政治面貌": dice.choice(["中共党员", "群众", "团员"]),
                    "学历（全日制）": dice.choice(["大专", "高中", "本科"]),
                    "学历（在职）": dice.choice(["本科", "无"]),
                    "学位": dice.choice(["学士", "无"]),
                    "专业": dice.choice(["社会工作", "法学", "行政管理"]),
                    "社工证等级": dice.choice(["初级", "中级", "无", ""]),
                    "区县": county,
                    "街道（乡镇）": street,
                    "社区": community,
                    "人员类别": "专职工作人员",
                    "岗位": dice.choice(["专职工作人员", "网格员"]),
                    "任现岗时间": f"{since.year}年{since.month}月{since.day}日",
                    "从事社区工作时间": f"{start:%Y.%m.%d}",
                    "合同类型": "劳动合同",
                    "合同到期日": "2026-12-31",
                    "最近一次培训": dice.choice(["2023.6.15", "无", ""]),
                    "最近年度考核": dice.choice(["2023年度合格", "2023年优秀"]),
                    "手机号": f"139{10_000_000 + i}",
                }
            )
        )
    return made


@dataclass
class Ugliness:
    """What is done to a sheet besides its rows."""

    title: str = ""
    under_title: str = ""
    before: Sequence[Sequence[Any]] = ()
    foot: Sequence[Sequence[Any]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    rename: dict[str, str] = field(default_factory=dict)
    draw: Callable[[Any, Any, int], None] | None = None
    """Called with workbook, sheet and the row of the heading, after everything else."""


def workbook(
    rows: Sequence[Person | Sequence[Any]], *, headings: Sequence[str] = HEADINGS, ugly: Ugliness | None = None, name: str = "花名册"
) -> bytes:
    """One sheet as .xlsx bytes."""
    ugly = ugly or Ugliness()
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy/m/d"})
    at = 0
    if ugly.title:
        sheet.merge_range(0, 0, 0, len(headings) - 1, ugly.title)
        at = 1
    if ugly.under_title:
        sheet.write(at, 0, ugly.under_title)
        at += 1
    for row in ugly.before:
        sheet.write_row(at, 0, row)
        at += 1
    head = at
    sheet.write_row(head, 0, [ugly.rename.get(heading, heading) for heading in headings])
    for row in (*rows, *ugly.foot):
        at += 1
        for column, cell in enumerate(row.row(headings) if isinstance(row, Person) else row):
            if isinstance(cell, date):
                sheet.write_datetime(at, column, cell, day)
            elif cell != "":
                sheet.write(at, column, cell)
    for row in ugly.hidden_rows:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in ugly.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})
    if ugly.draw:
        ugly.draw(book, sheet, head)
    book.close()
    return out.getvalue()

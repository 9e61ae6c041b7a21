"""九龙县 with a book and a roster of two towns, a round sent to both, and hands that change what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from jiceng.intake import uploads
from jiceng.ledger.books import ensure_book
from jiceng.packets import rounds
from jiceng.packets.board import Line, board
from jiceng.packets.models import Round, Sent
from jiceng.packets.receiving import Receipt, receive
from jiceng.places.load import load_snapshot
from jiceng.terms.registry import base_terms
from tests.runs.world import id_number

COUNTY = 513324
TOWN, OTHER_TOWN = 513324100, 513324101
ON = date(2026, 11, 20)
TODAY = date(2026, 11, 24)
HEAD = ["姓名", "身份证号", "民族", "政治面貌", "学历（全日制）", "学历（在职）", "专业", "社工证等级", "证书登记日期",
        "街道（乡镇）",
        "社区", "人员类别", "岗位", "任现岗时间", "从事社区工作时间", "合同类型",
        "合同到期日", "最近一次培训", "最近年度考核", "手机号", "备注"]  # fmt: skip


class Ticking:
    """A clock that moves on by a second at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def number(n: int) -> str:
    return id_number(n, date(1990, 1, 1))


def person(name: str, n: int, town: str, community: str, **other: str) -> list[str]:
    row = {
        "姓名": name, "身份证号": number(n), "民族": "藏族", "政治面貌": "群众", "学历（全日制）": "大专", "学历（在职）": "无",
        "专业": "法学", "社工证等级": "无", "街道（乡镇）": town, "社区": community, "人员类别": "社区专职工作人员", "岗位": "专职工作人员",
        "任现岗时间": "2021-03-05",
        "从事社区工作时间": "2018-07-01", "合同类型": "劳务派遣", "合同到期日": "2027-12-31", "最近一次培训": "2025-06-10",
        "最近年度考核": "2025年度合格", "手机号": f"1380000{n:04d}", **other,
    }  # fmt: skip
    return [row.get(column, "") for column in HEAD]


def roster(rows: list[list[str]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("花名册")
        for at, row in enumerate([HEAD, *rows]):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text)
    return out.getvalue()


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def county(db: None, clock: Ticking) -> dict[int, str]:
    """Town → the community whose workers it has; four in one town, two in the other."""
    from jiceng.places.reading import names_of, within

    load_snapshot(only=(5133,))
    ensure_book(COUNTY, "九龙县")
    towns = names_of([TOWN, OTHER_TOWN], on=ON)
    inside = {town: within(town, on=ON, level=5)[0].name for town in (TOWN, OTHER_TOWN)}
    one, two = inside[TOWN], inside[OTHER_TOWN]
    rows = [
        person("扎西卓玛", 81, towns[TOWN], one, 社工证等级="助理社会工作师", 证书登记日期="2022-09-01"),
        person("丁增", 82, towns[TOWN], one, 政治面貌="中共党员"),
        person("罗绒", 83, towns[TOWN], one, 最近一次培训="无", 最近年度考核=""),
        person("曲珍", 84, towns[TOWN], one, 备注="示例"),
        person("白玛", 85, towns[OTHER_TOWN], two),
        person("仁青", 86, towns[OTHER_TOWN], two, 手机号=""),
    ]
    upload = uploads.keep(roster(rows), name="花名册.xlsx", account=None, place=COUNTY, as_of=ON, clock=clock)
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    return inside


@pytest.fixture
def asked(county: dict[int, str], clock: Ticking) -> Round:
    return rounds.new_round(
        title="十一月花名册核对", place=COUNTY, places=[TOWN, OTHER_TOWN], columns=(), on=ON, due=date(2026, 11, 30),
        office="九龙县委社会工作部（示例）", account=None, clock=clock, today=TODAY, terms=base_terms(),
    )  # fmt: skip


@pytest.fixture
def out(asked: Round, clock: Ticking) -> Callable[..., bytes]:
    """The workbook of a town, as somebody downloads it."""
    return lambda town=TOWN, plain=False: rounds.workbook(
        Sent.objects.get(round=asked, place=town), plain=plain, clock=clock, terms=base_terms()
    )[0]


@pytest.fixture
def back(asked: Round, clock: Ticking) -> Callable[..., list[Receipt]]:
    """Files come back."""
    return lambda *files, **more: receive(asked, list(files), scope=None, account=None, clock=clock, terms=base_terms(), **more)


@pytest.fixture
def stand(asked: Round) -> Callable[..., dict[int, Line]]:
    """The board by place."""
    return lambda today=TODAY: {line.sent.place: line for line in board(asked, list(asked.sent.all()), today=today)}


def changed(content: bytes, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    """A workbook opened, changed by hand, saved again."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book["花名册"])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def column(sheet: openpyxl.worksheet.worksheet.Worksheet, name: str) -> int:
    return next(cell.column for cell in sheet[3] if cell.value == name)


def row_of(sheet: openpyxl.worksheet.worksheet.Worksheet, name: str) -> int:
    return next(cell.row for cell in sheet["B"] if cell.value == name)


def put(sheet: openpyxl.worksheet.worksheet.Worksheet, person: str, heading: str, value: object) -> None:
    sheet.cell(row_of(sheet, person), column(sheet, heading)).value = value

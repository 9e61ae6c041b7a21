"""Dates in every form people write, and those that do not exist."""
# ruff: noqa: E501, DTZ001  (tables of cells read better as lines)

from __future__ import annotations

from datetime import date, datetime

import pytest

from jiceng.intake.days import Day, NotRead, read_day

FIFTH = date(2024, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2024年3月5日", "2024.3.5", "2024/3/5", "2024-03-05", "20240305", "２０２４年３月５日", " 2024 年 3 月 5 日 ", "二〇二四年三月五日", "二零二四年三月五日",
        "2024年3月5", "2024.03.05.", "2024-3-5 00:00:00", "2024/3/5 8:30", "2024、3、5", "'2024-03-05", '="2024-03-05"', "24.3.5", "24年3月5日",
        20240305.0, 45356.0, 45356.5, date(2024, 3, 5), datetime(2024, 3, 5, 9, 30), "45356", "2024年03月05号", "2024.3.5起",
    ],
)  # fmt: skip
def test_day_every_notation_is_the_same_day(cell):
    assert read_day(cell) == Day(FIFTH, "day")


@pytest.mark.parametrize(
    "cell",
    [
        "2024年3月",
        "2024.3",
        "2024-03",
        "2024/03",
        "202403",
        202403.0,
        "二〇二四年三月",
        "2024年3月份",
        2024.3,
        "2024.03",
        "24.3",
        "2024年3",
    ],
)
def test_day_month_only_keeps_its_precision(cell):
    assert read_day(cell) == Day(date(2024, 3, 1), "month")


@pytest.mark.parametrize("cell", ["2024年", "2024", 2024.0, "二〇二四年", "二零二四年", "贰零贰肆年"])
def test_day_year_only_keeps_its_precision(cell):
    assert read_day(cell) == Day(date(2024, 1, 1), "year")


@pytest.mark.parametrize(
    ("cell", "day"),
    [("二〇二四年十二月三十一日", date(2024, 12, 31)), ("一九九八年十月二十日", date(1998, 10, 20)), ("二〇二〇年二月廿九日", date(2020, 2, 29)), ("98.6.1", date(1998, 6, 1)), ("3/25/2024", date(2024, 3, 25))],
)  # fmt: skip
def test_day_chinese_numbers_and_short_years(cell, day):
    assert read_day(cell) == Day(day, "day")


@pytest.mark.parametrize("cell", ["2023.2.30", "2024年13月5日", "20230230", "2023-00-05", "2023年2月29日", 20231301.0])
def test_day_that_does_not_exist_is_refused(cell):
    found = read_day(cell)
    assert isinstance(found, NotRead)
    assert found.id == "intake.date_impossible"


@pytest.mark.parametrize(("cell", "id"), [(2024.1, "intake.date_lost_zero"), ("去年", "intake.date_unreadable"), ("0024.3.5", "intake.date_range"), ("2204-03-05", "intake.date_range"), (True, "intake.date_unreadable"), ("3/5/2024", "intake.date_unreadable"), ("2024年5日", "intake.date_unreadable")])  # fmt: skip
def test_day_refusal_says_which(cell, id):
    found = read_day(cell)
    assert isinstance(found, NotRead)
    assert found.id == id


def test_day_number_with_a_lost_zero_says_both_months():
    found = read_day(2024.1)
    assert found == NotRead("intake.date_lost_zero", "“2024.1”存成了数字，分不清 1 月还是 10 月", "请写成 2024年1月 或 2024年10月")

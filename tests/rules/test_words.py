"""Words on plain integers: against `datetime` and `Decimal`, and at the ends of what they answer."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest

from jiceng.base.dates import day_date, day_number
from jiceng.base.kinds import AnswerKind
from jiceng.rules import words
from jiceng.rules.language import HIGH, LOW, Unanswerable

DECIMAL = {words.HALF_UP: ROUND_HALF_UP, words.DOWN: ROUND_DOWN, words.UP: ROUND_UP, words.HALF_EVEN: ROUND_HALF_EVEN}


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def refused(word, *args) -> AnswerKind:
    with pytest.raises(Unanswerable) as caught:
        word(*args)
    return caught.value.kind


def test_calendar_agrees_with_datetime_over_274_years():
    start = date(1850, 1, 1)
    for offset in range(0, 100_000):
        there = start + timedelta(days=offset)
        number = day_number(there)
        assert words.civil(number) == (there.year, there.month, there.day)
        assert words.from_civil(there.year, there.month, there.day) == number


def test_starts_and_ends_agree_with_datetime():
    for offset in range(0, 60_000, 7):
        there = date(1900, 1, 1) + timedelta(days=offset)
        number = day_number(there)
        next_month = date(there.year + there.month // 12, there.month % 12 + 1, 1)
        assert day_date(words.month_start(number)) == there.replace(day=1)
        assert day_date(words.month_end(number)) == next_month - timedelta(days=1)
        assert day_date(words.year_start(number)) == date(there.year, 1, 1)
        assert day_date(words.year_end(number)) == date(there.year, 12, 31)
        assert (words.year(number), words.month(number), words.day(number)) == (there.year, there.month, there.day)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-15", -1, "2023-12-15"),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last(start, months, end):
    assert day_date(words.add_months(day(start), months)).isoformat() == end


def test_add_years_from_a_leap_day():
    assert day_date(words.add_years(day("2024-02-29"), 1)).isoformat() == "2025-02-28"
    assert day_date(words.add_years(day("2024-02-29"), 4)).isoformat() == "2028-02-29"


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2014-03-10", "2024-03-09", 9),
        ("2014-03-10", "2024-03-10", 10),
        ("2014-03-10", "2024-03-11", 10),
        ("2024-02-29", "2025-02-27", 0),
        ("2024-02-29", "2025-02-28", 1),
        ("2024-02-29", "2025-03-01", 1),
        ("2024-03-10", "2024-03-09", 0),
        ("2024-03-10", "2023-03-10", -1),
    ],
)
def test_full_years_on_the_day_before_on_and_after(start, end, years):
    assert words.full_years(day(start), day(end)) == years


def test_full_months_is_the_most_months_that_still_fit():
    random_days = random.Random(7)
    for _turn in range(20_000):
        a = random_days.randrange(-20_000, 30_000)
        b = a + random_days.randrange(0, 15_000)
        months = words.full_months(a, b)
        assert words.add_months(a, months) <= b < words.add_months(a, months + 1)
        assert words.full_months(b, a) == -months


def test_months_between_counts_calendar_months():
    assert words.months_between(day("2024-01-31"), day("2024-02-01")) == 1
    assert words.months_between(day("2024-12-01"), day("2023-12-31")) == -12


def test_dates_that_do_not_exist_are_open():
    assert words.date(2024, 2, 29) == day("2024-02-29")
    for y, m, d in [(2023, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (0, 1, 1), (10_000, 1, 1), (2024, 1, 0)]:
        assert refused(words.date, y, m, d) is AnswerKind.open


def test_dates_outside_the_calendar_are_open():
    last = day("9999-12-31")
    assert refused(words.add_days, last, 1) is AnswerKind.open
    assert refused(words.add_months, last, 1) is AnswerKind.open
    assert refused(words.add_years, last, 1) is AnswerKind.open
    assert refused(words.add_years, 0, -(2**61)) is AnswerKind.open
    assert refused(words.year, last + 1) is AnswerKind.open
    assert words.year(last) == 9999


@pytest.mark.parametrize("rounding", DECIMAL)
def test_division_rounds_like_decimal_also_below_zero(rounding):
    numbers = random.Random(rounding)
    for _turn in range(20_000):
        a, b = numbers.randrange(-400, 400), numbers.choice([-8, -4, -3, -2, 2, 3, 4, 8, 10])
        assert words.divide(a, b, rounding) == int((Decimal(a) / Decimal(b)).to_integral_value(DECIMAL[rounding]))


@pytest.mark.parametrize("rounding", DECIMAL)
def test_times_and_divide_by_round_like_decimal(rounding):
    numbers = random.Random(rounding)
    for _turn in range(20_000):
        amount, share = numbers.randrange(-(10**12), 10**12), numbers.choice([500_000, 1_390_625, 21_750_000, -300_000, 1, 333_333])
        exact = Decimal(amount) * Decimal(share) / Decimal(10**6)
        assert words.times(amount, share, rounding) == int(exact.to_integral_value(DECIMAL[rounding]))
        quotient = Decimal(amount) * 10**6 / Decimal(share)
        if abs(quotient) < 10**18 and quotient == quotient.to_integral_value():
            assert words.divide_by(amount, share, rounding) == int(quotient)


def test_half_even_on_odd_and_even_half():
    assert [words.divide(n, 2, words.HALF_EVEN) for n in (1, 3, 5, -1, -3, -5)] == [0, 2, 2, 0, -2, -2]
    assert [words.divide(n, 2, words.HALF_UP) for n in (1, 3, 5, -1, -3, -5)] == [1, 2, 3, -1, -2, -3]


def test_a_rounding_nobody_set_is_open():
    for rounding in (0, 5, -1):
        assert refused(words.divide, 7, 2, rounding) is AnswerKind.open


def test_a_nations_yearly_pay_times_a_share_does_not_overflow():
    pay = 4_500_000 * 12 * 500_000  # 4.5 million workers at 5,000 yuan, in fen
    assert words.times(pay, 1_250_000, words.HALF_UP) == pay * 5 // 4


def test_what_leaves_63_bits_is_open():
    for word, args in [
        (words.product, (10**10, 10**10)),
        (words.plus, (2**62, 2**62)),
        (words.plus, (-(2**62), -(2**62))),
        (words.minus, (-(2**62), 2**62)),
        (words.plus, (HIGH - 1, 1)),
        (words.minus, (LOW + 1, 1)),
        (words.times, (2**62, 4_000_000, words.DOWN)),
        (words.divide_by, (2**62, 1, words.DOWN)),
    ]:
        assert refused(word, *args) is AnswerKind.open
    assert words.plus(HIGH - 2, 1) == HIGH - 1
    assert words.minus(LOW + 2, 1) == LOW + 1
    assert words.product(-(2**31), 2**31) == -(2**62)


def test_ratio_is_exact_or_asks_for_a_rounding():
    assert words.ratio(256_000 * 18, 10_000) == 460_800_000
    assert words.ratio(-1, 4) == -250_000
    assert refused(words.ratio, 1, 3) is AnswerKind.open
    assert words.ratio(1, 3, words.HALF_UP) == 333_333
    assert words.ratio(2, 3, words.HALF_UP) == 666_667
    assert refused(words.ratio, 1, 0) is AnswerKind.open
    assert refused(words.divide, 1, 0, words.DOWN) is AnswerKind.open
    assert words.whole(460_800_000, words.UP) == 461


def test_parts_add_to_the_whole_for_random_amounts():
    numbers = random.Random(14)
    for _turn in range(10_000):
        pay, share = numbers.randrange(0, 10**9), numbers.randrange(0, 10**6)
        performance = words.times(pay, share, words.HALF_UP)
        assert (pay - performance) + performance == pay
        # Rounding both parts does not: that is why a rule takes the second as the difference.
        assert abs(words.times(pay, 10**6 - share, words.HALF_UP) + performance - pay) <= 1


def test_broken_periods_count_differently_by_months_and_by_days():
    # Ten years in two periods: as a sum of whole months 119, as days over 365 ten. The law must say; there is no word for it.
    spells = [(day("2014-01-15"), day("2019-01-10")), (day("2020-02-20"), day("2025-02-25"))]
    days = sum(b - a for a, b in spells)
    months = sum(words.full_months(a, b) for a, b in spells)
    assert (days, months) == (3_653, 119)
    assert words.divide(days, 365, words.DOWN) == 10
    assert words.divide(months, 12, words.DOWN) == 9


def test_places_above_a_code():
    assert [words.province(c) for c in (0, 51, 5133, 513301, 513301100, 513301100001)] == [0, 51, 51, 51, 51, 51]
    assert [words.city(c) for c in (51, 5133, 513301, 513301100, 513301100001)] == [51, 5133, 5133, 5133, 5133]
    assert [words.county(c) for c in (5133, 513301, 513301100, 513301100001)] == [5133, 513301, 513301, 513301]

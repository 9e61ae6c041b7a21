"""The words of rules on plain integers: calendar, rounding, checked sums. One text for Python and for the compiled loop.

`loops` copies the functions below into the text it compiles, turning `raise Unanswerable(...)` into a mark; so they use
integers only, call only each other, and never index or loop. Month-end rule, stated once: the same day of the month,
or the last one where the month is shorter (2024-02-29 + 1 year = 2025-02-28; 01-31 + 1 month = 02-28).
"""

from __future__ import annotations

from jiceng.base.kinds import AnswerKind
from jiceng.rules.language import HIGH, LOW, Unanswerable

OPEN = AnswerKind.open
MILLION = 1_000_000
FIRST_DAY = -719_162  # 0001-01-01
LAST_DAY = 2_932_896  # 9999-12-31
HALF_UP, DOWN, UP, HALF_EVEN = 1, 2, 3, 4  # Rounding in terms.yaml


def plus(a: int, b: int) -> int:
    c = a + b
    n = int(c)
    # In Python nothing wraps and the first test is never true; compiled it is the wrap itself.
    if (a ^ n) & (b ^ n) < 0 or n <= LOW or n >= HIGH:
        raise Unanswerable(OPEN, "数太大，超过 63 位")
    return c


def minus(a: int, b: int) -> int:
    c = a - b
    n = int(c)
    if (a ^ b) & (a ^ n) < 0 or n <= LOW or n >= HIGH:
        raise Unanswerable(OPEN, "数太大，超过 63 位")
    return c


def product(a: int, b: int) -> int:
    if a == 0 or b == 0:
        return 0
    if abs(b) > (HIGH - 1) // abs(a):
        raise Unanswerable(OPEN, "数太大，超过 63 位")
    return a * b


def valid(d: int) -> int:
    n = int(d)
    if n < FIRST_DAY or n > LAST_DAY:
        raise Unanswerable(OPEN, "日期超出公元 1 年至 9999 年")
    return d


def civil(d: int) -> tuple[int, int, int]:
    z = int(d) + 719_468
    era = z // 146_097
    of_era = z - era * 146_097
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    m = shifted + 3 if shifted < 10 else shifted - 9
    y = year_of_era + era * 400 + (1 if m <= 2 else 0)
    return y, m, of_year - (153 * shifted + 2) // 5 + 1


def month_days(y: int, m: int) -> int:
    if m == 2:
        return 29 if (y % 4 == 0 and y % 100 != 0) or y % 400 == 0 else 28
    return 30 if m == 4 or m == 6 or m == 9 or m == 11 else 31


def from_civil(y: int, m: int, d: int) -> int:
    shifted_year = y - 1 if m <= 2 else y
    era = shifted_year // 400
    year_of_era = shifted_year - era * 400
    of_year = (153 * (m - 3 if m > 2 else m + 9) + 2) // 5 + d - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + of_year - 719_468


def year(d: int) -> int:
    return civil(valid(d))[0]


def month(d: int) -> int:
    return civil(valid(d))[1]


def day(d: int) -> int:
    return civil(valid(d))[2]


def date(y: int, m: int, d: int) -> int:
    if y < 1 or y > 9999 or m < 1 or m > 12 or d < 1 or d > 31:
        raise Unanswerable(OPEN, "没有这一天")
    if d > month_days(y, m):
        raise Unanswerable(OPEN, "没有这一天")
    return from_civil(y, m, d)


def add_days(d: int, n: int) -> int:
    return valid(plus(d, n))


def add_months(d: int, n: int) -> int:
    y, m, of_month = civil(valid(d))
    if n < -120_000 or n > 120_000:
        raise Unanswerable(OPEN, "日期超出公元 1 年至 9999 年")
    months = y * 12 + m - 1 + n
    if months < 12 or months >= 120_000:
        raise Unanswerable(OPEN, "日期超出公元 1 年至 9999 年")
    return from_civil(months // 12, months % 12 + 1, min(of_month, month_days(months // 12, months % 12 + 1)))


def add_years(d: int, n: int) -> int:
    if n < -10_000 or n > 10_000:
        raise Unanswerable(OPEN, "日期超出公元 1 年至 9999 年")
    return add_months(d, n * 12)


def month_start(d: int) -> int:
    return int(d) - civil(valid(d))[2] + 1


def month_end(d: int) -> int:
    y, m, of_month = civil(valid(d))
    return int(d) - of_month + month_days(y, m)


def year_start(d: int) -> int:
    return from_civil(civil(valid(d))[0], 1, 1)


def year_end(d: int) -> int:
    return from_civil(civil(valid(d))[0], 12, 31)


def months_between(a: int, b: int) -> int:
    y1, m1, _d1 = civil(valid(a))
    y2, m2, _d2 = civil(valid(b))
    return y2 * 12 + m2 - y1 * 12 - m1


def whole_months(a: int, b: int) -> int:
    y1, m1, d1 = civil(a)
    y2, m2, d2 = civil(b)
    months = y2 * 12 + m2 - y1 * 12 - m1
    return months - 1 if d2 < min(d1, month_days(y2, m2)) else months


def full_months(a: int, b: int) -> int:
    first, last = int(valid(a)), int(valid(b))
    return whole_months(first, last) if first <= last else -whole_months(last, first)


def full_years(a: int, b: int) -> int:
    months = full_months(a, b)
    return months // 12 if months >= 0 else -(-months // 12)


def rounded(n: int, rest: int, unit: int, rounding: int) -> int:
    # n + rest/unit with 0 <= rest < unit, as magnitudes: 四舍五入 of −2.5 is −3, 舍去 of −2.7 is −2.
    if rounding < 1 or rounding > 4:
        raise Unanswerable(OPEN, "取整方式未定")
    if rest == 0 or rounding == DOWN:
        return n
    if rounding == UP or rest > unit - rest:
        return plus(n, 1)
    if rest == unit - rest and (rounding == HALF_UP or n % 2 == 1):
        return plus(n, 1)
    return n


def divide(a: int, b: int, rounding: int) -> int:
    if b == 0:
        raise Unanswerable(OPEN, "除数是 0")
    top, bottom = abs(a), abs(b)
    n = rounded(top // bottom, top % bottom, bottom, rounding)
    return n if (a < 0) == (b < 0) else -n


def times(amount: int, share: int, rounding: int) -> int:
    # In two parts, so that a nation's yearly pay in fen times a share in millionths does not leave 63 bits.
    top, by = abs(amount), abs(share)
    parts = product(top % MILLION, by)
    n = rounded(plus(product(top // MILLION, by), parts // MILLION), parts % MILLION, MILLION, rounding)
    return n if (amount < 0) == (share < 0) else -n


def divide_by(amount: int, share: int, rounding: int) -> int:
    if share == 0:
        raise Unanswerable(OPEN, "除数是 0")
    top, bottom = abs(amount), abs(share)
    parts = product(top % bottom, MILLION)
    n = rounded(plus(product(top // bottom, MILLION), parts // bottom), parts % bottom, bottom, rounding)
    return n if (amount < 0) == (share < 0) else -n


def ratio(a: int, b: int, rounding: int = 0) -> int:
    if rounding != 0:
        return divide_by(a, b, rounding)
    n = divide_by(a, b, DOWN)
    if b != 0 and product(abs(a) % abs(b), MILLION) % abs(b) != 0:
        raise Unanswerable(OPEN, "除不尽，须由条文写明取整")
    return n


def whole(share: int, rounding: int) -> int:
    return divide(share, MILLION, rounding)


def upper(place: int, below: int) -> int:
    # Division codes by width: 2 digits province, 4 city, 6 county, 9 street, 12 community. `below` has one digit more.
    if place >= 1_000_000_000:
        n = place // 1_000_000
    elif place >= 1_000_000:
        n = place // 1_000
    else:
        n = place
    if n >= below * 100:
        return n // 10_000 if below == 100 else n // 100
    if n >= below:
        return n // 100
    return n


def province(place: int) -> int:
    return upper(place, 100)


def city(place: int) -> int:
    return upper(place, 10_000)


def county(place: int) -> int:
    return upper(place, 1_000_000)

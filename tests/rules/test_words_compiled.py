"""Every word and operator, compiled and in Python: one value or one kind, at the edges too."""

from __future__ import annotations

import random

import numpy as np
import pytest

from jiceng.base.kinds import AnswerKind, mark
from jiceng.rules.definition import RuleDef
from jiceng.rules.language import HIGH, LOW, Outcome, Unanswerable
from jiceng.rules.loops import Loop, loop_for
from jiceng.terms.registry import base_terms
from tests.rules.writing import rule

CODES = base_terms().codes
EDGES = [
    0,
    1,
    -1,
    2,
    3,
    7,
    28,
    29,
    31,
    100,
    365,
    10_000,
    1_000_000,
    -719_162,
    -719_163,
    2_932_896,
    2_932_897,
    HIGH - 1,
    LOW + 1,
    2**31,
    2**62,
]
DAYS = [-719_162, -25_567, 0, 11_016, 19_782, 20_147, 20_148, 2_932_896, 2_932_897, -719_163]

WORDS = {
    "sum": ("a: int, b: int, c: int", "return a + b - c", "int"),
    "product": ("a: int, b: int, c: int", "return a * b * c", "int"),
    "negative": ("a: int, b: int, c: int", "return -a if a < b else -c", "int"),
    "min max abs": ("a: int, b: int, c: int", "return min(a, b, c) + max(a, abs(b))", "int"),
    "compare": ("a: int, b: int, c: int", "return a < b <= c or not a == b and a != c", "bool"),
    "turns": ("a: int, b: int, c: int", "n = 0\nfor i in range(2, 12):\n    if i > a:\n        continue\n    n += i\n"
              "    if n > b:\n        break\nreturn n", "int"),
    "times": ("a: Yuan, b: Ratio, c: Rounding", "return times(a, b, c)", "Yuan"),
    "divide": ("a: int, b: int, c: Rounding", "return divide(a, b, c)", "int"),
    "divide_by": ("a: Yuan, b: Ratio, c: Rounding", "return divide_by(a, b, c)", "Yuan"),
    "ratio exact": ("a: int, b: int, c: int", "return ratio(a, b)", "Ratio"),
    "ratio": ("a: int, b: int, c: Rounding", "return ratio(a, b, c)", "Ratio"),
    "whole": ("a: Ratio, b: Ratio, c: Rounding", "return whole(a - b, c)", "int"),
    "date": ("a: int, b: int, c: int", "return date(a, b, c)", "Date"),
    "province": ("a: int, b: int, c: int", "return province(a) + city(b) + county(c)", "int"),
    "year": ("d: Date, e: Date, n: int", "return year(d) * month(e) + day(d)", "int"),
    "month_start": ("d: Date, e: Date, n: int", "return month_end(e) - month_start(d)", "int"),
    "year_start": ("d: Date, e: Date, n: int", "return year_end(e) - year_start(d)", "int"),
    "add": ("d: Date, e: Date, n: int", "return add_days(add_months(add_years(d, n), n), n)", "Date"),
    "date sums": ("d: Date, e: Date, n: int", "return max(d, e) + n - 1", "Date"),
    "full": ("d: Date, e: Date, n: int", "return full_months(d, e) * 1 + full_years(e, d)", "int"),
    "months_between": ("d: Date, e: Date, n: int", "return months_between(d, e)", "int"),
    "present": ("a: int = None, b: int = 1, c: int = None", "return a + b if known(c) else a - b", "int"),
    "outcomes": ("a: int, b: int, c: int",
                 'if a > b:\n    return ambiguous("不明", a, 4)\nif a > c:\n    return conflict("相反")\nif a < 0:\n'
                 '    return needs_decision("县")\nif a == 0:\n    return not_applicable("不是")\nreturn a * c', "int"),
}  # fmt: skip


def by_python(tried: RuleDef, row: list[int]) -> int:
    values: list[int | None] = list(row)
    for k, argument in enumerate(tried.arguments):
        if row[k] <= LOW:
            values[k] = argument.default
    try:
        found = tried.function(*values)
    except Unanswerable as none:
        return mark(none.kind)
    return mark(found.kind) if isinstance(found, Outcome) else int(found)


@pytest.mark.parametrize("name", WORDS)
def test_compiled_and_python_agree(name):
    arguments, body, result = WORDS[name]
    tried = rule(arguments, body, result)
    dice = random.Random(name)
    optional = [argument.default is None or isinstance(argument.default, int) for argument in tried.arguments]

    def number(k: int) -> int:
        if optional[k] and dice.random() < 0.3:
            return mark(AnswerKind.missing)
        kind = tried.arguments[k].type.name
        if kind == "Rounding":
            return dice.choice([1, 2, 3, 4, 1, 2, 3, 4, 5, 0])
        if kind == "Date":
            return dice.choice([dice.choice(DAYS), dice.randrange(-30_000, 40_000)])
        return dice.choice([dice.choice(EDGES), dice.randrange(-50, 50), dice.randrange(-(10**13), 10**13), dice.randrange(1, 2_500)])

    rows = [[number(k) for k in range(3)] for _turn in range(4_000)]
    loop = loop_for(tried, codes=CODES)
    assert isinstance(loop, Loop)
    cols = np.ascontiguousarray(np.array(rows, np.int64).T)
    out, zero = np.zeros(len(rows), np.int64), np.zeros(1, np.int64)
    everyone = np.arange(len(rows))
    loop.run(
        everyone,
        np.zeros(len(rows), np.int64),
        cols,
        np.zeros((1, 1), np.int64),
        zero,
        np.zeros(3, np.int64),
        np.arange(3),
        zero,
        zero,
        out,
    )
    expected = [by_python(tried, row) for row in rows]
    assert out.tolist() == expected
    assert len(set(expected)) > 1

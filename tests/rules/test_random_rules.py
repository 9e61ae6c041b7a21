"""Rules nobody would write: random ones that the checker lets through, compiled and in Python the same in value and kind."""

from __future__ import annotations

import random

import numpy as np
import pytest

from jiceng.base.kinds import AnswerKind, mark
from jiceng.rules.definition import RuleDef
from jiceng.rules.loops import Loop, loop_for
from jiceng.terms.registry import base_terms
from tests.rules.test_words_compiled import DAYS, EDGES, by_python
from tests.rules.writing import read, written

ARGUMENTS = (
    "a: int, b: int, y: Yuan, s: Ratio, e: Date, f: Date, q: bool, p: Post, r: Rounding, o: int = None, z: Date = None, w: bool = False"
)
PLAIN = {
    "int": ["a", "b", "0", "1", "o", "n", "m"],
    "Yuan": ["y", "0"],
    "Ratio": ["s", "0"],
    "Date": ["e", "f", "z", "d"],
    "bool": ["q", "w", "True", "False", "known(o)", "known(z)"],
    "Post": ["p", "Post.staff", "Post.grid"],
}
# {int} and the like stand for a further expression of that type.
MADE = {
    "int": [
        "({int} + {int})", "({int} - {int})", "({int} * {int})", "-{int}", "min({int}, {int})", "abs({int})", "year({Date})",
        "({Date} - {Date})", "full_months({Date}, {Date})", "full_years({Date}, {Date})", "divide({int}, {int}, r)", "whole({Ratio}, r)",
    ],
    "Yuan": ["({Yuan} + {Yuan})", "({Yuan} - {Yuan})", "({Yuan} * {int})", "times({Yuan}, {Ratio}, r)", "divide_by({Yuan}, {Ratio}, r)"],
    "Ratio": ["ratio({int}, {int}, r)", "ratio({int}, {int})", "({Ratio} - {Ratio})", "({Ratio} * {int})"],
    "Date": ["add_months({Date}, {int})", "add_years({Date}, {int})", "({Date} + {int})", "({Date} - {int})", "max({Date}, {Date})",
             "year_end({Date})", "month_start({Date})"],
    "bool": ["({int} < {int})", "({Date} <= {Date})", "({Yuan} == {Yuan})", "({Ratio} != {Ratio})", "(not {bool})", "({bool} and {bool})",
             "({bool} or {bool})", "({Post} == {Post})"],
    "Post": ["p"],
}  # fmt: skip


def expression(dice: random.Random, type: str, depth: int) -> str:
    if depth <= 0:
        return dice.choice(PLAIN[type])
    if dice.random() < 0.12:
        return f"({expression(dice, type, depth - 1)} if {expression(dice, 'bool', depth - 1)} else {expression(dice, type, depth - 1)})"
    text = dice.choice(MADE[type])
    for part in MADE:
        while "{" + part + "}" in text:
            text = text.replace("{" + part + "}", expression(dice, part, depth - 1 - dice.randrange(2)), 1)
    return text


def block(dice: random.Random, depth: int, indent: str, result: str, *, looped: bool) -> list[str]:
    lines: list[str] = []
    inner = indent + "    "
    for _turn in range(dice.randrange(1, 4)):
        chance = dice.random()
        if chance < 0.35:
            lines.append(f"{indent}{dice.choice('nm')} {dice.choice(['=', '+=', '-='])} {expression(dice, 'int', 2)}")
        elif chance < 0.5:
            lines.append(f"{indent}d = {expression(dice, 'Date', 2)}")
        elif chance < 0.75 and depth > 0:
            lines += [f"{indent}if {expression(dice, 'bool', 2)}:", *block(dice, depth - 1, inner, result, looped=looped)]
            if dice.random() < 0.5:
                lines += [f"{indent}else:", *block(dice, depth - 1, inner, result, looped=looped)]
        elif chance < 0.85 and depth > 0 and not looped:
            lines += [
                f"{indent}for i in range({dice.randrange(1, 12)}):",
                *block(dice, depth - 1, inner, result, looped=True),
                f"{inner}n += i",
            ]
        else:
            ends = [
                f"return {expression(dice, result, 2)}",
                'return conflict("两处")',
                'return not_applicable("不是")',
                'return ambiguous("不明")',
            ]
            lines += [f"{indent}if {expression(dice, 'bool', 1)}:", inner + dice.choice(ends + (["break", "continue"] if looped else []))]
    return lines


def random_rule(dice: random.Random) -> RuleDef:
    while True:
        result = dice.choice(["int", "Yuan", "Ratio", "Date", "bool"])
        lines = ["n, m = 0, 1", "d = e", *block(dice, 2, "", result, looped=False), f"return {expression(dice, result, 3)}"]
        rules, problems = read(written(ARGUMENTS, "\n".join(lines), result))
        if not problems:
            return rules[0]


def number(dice: random.Random, tried: RuleDef, k: int) -> int:
    argument = tried.arguments[k]
    if argument.name in ("o", "z", "w") and dice.random() < 0.3:
        return mark(AnswerKind.missing)
    choices = {
        "bool": dice.randrange(2),
        "Post": dice.randrange(1, 10),
        "Rounding": dice.randrange(1, 5),
        "Date": dice.choice([dice.choice(DAYS), dice.randrange(-10_000, 30_000)]),
    }
    return choices.get(argument.type.name, dice.choice([dice.choice(EDGES), dice.randrange(-5, 30), dice.randrange(-5, 30)]))


@pytest.mark.parametrize("seed", range(12))
def test_a_random_rule_answers_the_same_compiled(seed):
    dice = random.Random(seed)
    tried = random_rule(dice)
    rows = [[number(dice, tried, k) for k in range(len(tried.arguments))] for _turn in range(500)]
    loop = loop_for(tried, codes=base_terms().codes)
    assert isinstance(loop, Loop)
    cols = np.ascontiguousarray(np.array(rows, np.int64).T)
    out, zero = np.zeros(len(rows), np.int64), np.zeros(1, np.int64)
    laws, regime = np.zeros((1, 1), np.int64), np.zeros(len(rows), np.int64)
    index = np.arange(len(cols))
    loop.run(np.arange(len(rows)), regime, cols, laws, zero, np.zeros(len(cols), np.int64), index, zero, zero, out)
    assert out.tolist() == [by_python(tried, row) for row in rows]

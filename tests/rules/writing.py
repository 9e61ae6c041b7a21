"""Small policy texts for tests: a head that imports everything, and a rule around a body."""

from __future__ import annotations

from jiceng.base.refusals import Problem
from jiceng.rules.definition import RuleDef
from jiceng.rules.source import read_rules
from jiceng.terms.registry import base_terms

HEAD = (
    "from jiceng.rules import (rule, total, Yuan, Ratio, Date, Table, Bands, ByDate, History, Recent, Records, Rounding, year, month, day,"
    " date, add_days, add_months, add_years, month_start, month_end, year_start, year_end, full_months, full_years, months_between,"
    " times, divide, divide_by, ratio, whole, band, at, known, province, city, county, ambiguous, conflict, needs_decision,"
    " not_applicable)\n"
    "from jiceng.terms import Assessment, Training, Appointment, Term, Result, Post, EducationLevel, Sex\n"
)


def written(arguments: str, body: str, result: str = "int", mark: str = 'clause="1", title="试"') -> str:
    """A rules.py with one rule `tried`; its body begins on line 6."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return f'{HEAD}\n@rule({mark})\ndef tried({arguments}) -> {result}:\n    """试。"""\n{lines}\n'


def read(text: str) -> tuple[tuple[RuleDef, ...], tuple[Problem, ...]]:
    return read_rules(text, path="rules.py", terms=base_terms())


def rule(arguments: str, body: str, result: str = "int", mark: str = 'clause="1", title="试"') -> RuleDef:
    rules, problems = read(written(arguments, body, result, mark))
    assert [str(problem) for problem in problems] == []
    return rules[0]


def findings(text: str) -> list[tuple[str, int, str]]:
    return [(problem.id, problem.line, problem.message) for problem in read(text)[1]]

"""Rules read aloud: every shipped rule has words, and the words follow the rule's own statements."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from jiceng.law.layers import Law
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.law.prose import Line, prose
from jiceng.rules.source import read_rules

HEAD = """from jiceng.rules import Date, History, Records, ambiguous, add_days, at, band, known, not_applicable, rule, Bands, Table, Yuan
from jiceng.terms import Appointment, Assessment, Post, Result


"""


@lru_cache
def law() -> Law:
    return load_law(find_folders(shipped_root()))


def told(body: str, *, arguments: str = "", result: str = "int", names: str = "") -> list[tuple[int, str]]:
    text = f'{HEAD}@rule(clause="1", title="试"{names})\ndef tried({arguments}) -> {result}:\n    """试一试。"""\n'
    rules, problems = read_rules(text + body, path="rules.py", terms=law().terms)
    assert problems == ()
    return [(line.depth, line.text) for line in prose(rules[0], titles=law().titles, terms=law().terms)]


RULES = [(document.id, rule) for document in law().documents for rule in document.rules]


@pytest.mark.parametrize(("document", "rule"), RULES, ids=[f"{document}-{rule.id}" for document, rule in RULES])
def test_every_shipped_rule_is_said_without_a_word_of_code(document: str, rule):
    lines = prose(rule, titles=law().titles, terms=law().terms)
    text = "".join(line.text for line in lines)
    assert re.findall(r"[A-Za-z_]+|规则原文", text) == []
    assert lines[-1].text.endswith("。")


def test_a_shortcut_a_condition_and_its_turn():
    body = "    if not known(community_start) or len(appointments) == 0:\n        return not_applicable('没有')\n    return 0\n"
    arguments = "appointments: Records[Appointment], community_start: Date = None"
    assert told(body, arguments=arguments) == [
        (0, "如果 没有 从事社区工作时间 或 任职记录 的条数 等于 0：不适用（没有）。"),
        (0, "得 0。"),
    ]


def test_records_are_looked_at_one_by_one_and_locals_get_names():
    body = (
        "    met = 0\n    last = on\n    for a in appointments:\n        if a.since < on and a.post == Post.staff:\n"
        "            met += 1\n            last = a.since\n        else:\n            continue\n"
        "    if last < on:\n        return met\n    return 0\n"
    )
    lines = told(body, arguments="appointments: Records[Appointment], on: Date", names=', names={"met": "次数"}')
    assert lines == [
        (0, "记“次数”为 0。"),
        (0, "记“甲”为 计算日。"),
        (0, "按时间先后逐条看任职记录："),
        (1, "如果 这条任职的开始日 早于 计算日 且 这条任职的岗位 是 “社区专职工作人员”："),
        (2, "“次数”加上 1。"),
        (2, "记“甲”为 这条任职的开始日。"),
        (1, "否则：看下一条。"),
        (0, "如果 “甲” 早于 计算日：得 “次数”。"),
        (0, "得 0。"),
    ]


def test_an_outcome_names_its_kind_and_what_it_may_be():
    assert told("    return ambiguous('没有写', 4, 5)\n") == [(0, "条文不明（没有写），可能是 4 或 5。")]


def test_a_day_before_is_a_day_less():
    assert told("    return add_days(on, -1)\n", arguments="on: Date", result="Date") == [(0, "得 计算日 减 1 天。")]


def test_changing_a_sign_changes_the_words():
    before = told("    return on > birth_date\n", arguments="on: Date, birth_date: Date", result="bool")
    after = told("    return on >= birth_date\n", arguments="on: Date, birth_date: Date", result="bool")
    assert (before, after) == ([(0, "计算日 晚于 出生日期，答“是”，不然答“否”。")], [(0, "计算日 不早于 出生日期，答“是”，不然答“否”。")])


def test_a_total_says_what_it_adds():
    rule = next(rule for _, rule in RULES if rule.id == "workers_total")
    assert prose(rule, titles=law().titles, terms=law().terms) == (
        Line(0, "把这个地方全部在册人员的“计入配备人数”相加（是与否的，数“是”的人数）。"),
    )

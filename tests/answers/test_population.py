"""Many subjects at once: every kind, chunk borders, orders and circles across places, and what happens without a compiler."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from jiceng.answers import chunk, population
from jiceng.answers.answer import answer, answer_all
from jiceng.answers.chunk import LawMatrix
from jiceng.answers.order import turns
from jiceng.answers.population import answer_many, encoded, run
from jiceng.answers.subject import History, Known, Record, Subject, Total
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind, kind_of, mark
from jiceng.base.refusals import Refusal
from jiceng.rules import loops
from jiceng.rules.loops import NoLoop
from tests.answers import three_ways
from tests.answers.people import people
from tests.law.folders import heading, law_of, rules, write

ON = date(2024, 12, 31)
NATION = "cn/2020-all"
TERMS = """
names:
  a: {name: 甲, type: int, asked: true, of: worker}
  b: {name: 乙, type: int, asked: true, of: worker}
  cells: {name: 表, type: "Table[Post, int]"}
  two: {name: 双表, type: "Table[Post, int, Yuan]"}
  three: {name: 三表, type: "Table[Post, int, int, int]"}
  wide: {name: 宽表, type: "Table[int, int]"}
"""
VALUES = """
base: {clause: 一, title: 基数, unit: "", 2022-01-01: 7, 2023-06-01: 9}
left: {clause: 一, title: 未定, unit: "", kind: delegate}
cells: {clause: 一, unit: "", axes: Post, 2022-01-01: {书记: 3, 主任: 5, 专职工作人员: —}}
two: {clause: 一, unit: 元, axes: [Post, int], 2022-01-01: {书记: {1: 10, 3: 30}, 委员: {2: 20}}}
three: {clause: 一, unit: "", axes: [Post, int, int], 2022-01-01: {书记: {1: {0: 11, 4: 12}, 5: {1: 14}}, 主任: {2: {2: 13}}}}
tiers: {clause: 一, title: 分档, unit: "", kind: bands, 2022-01-01: [[0, 2, 5], [2, 9, 10], [10, 以上, 15]]}
counted_from: {clause: 一, title: 不计, unit: "", 2022-01-01: 1}
"""


NUMBERS = "".join(f'n{n}: {{clause: 一, title: 数{n}, unit: "", 2020-01-01: {n}}}\n' for n in (2, 5, 10, 20, 30, 100, 1000))
"""Values for the numbers that rules of these tests use: a rule itself holds none but 0 and 1."""


def rule(name: str, arguments: str, body: str, *, result: str = "int", mark: str = "") -> str:
    used = sorted({int(n) for n in re.findall(r"\b\d+\b", body)} - {0, 1})
    arguments = ", ".join([*(f"n{n}: int" for n in used), arguments])
    lines = "\n    ".join(re.sub(r"\b(\d\d+|[2-9])\b", r"n\1", body).split("\n"))
    return f'@rule(clause="一", title="规则{name}"{mark})\ndef {name}({arguments}) -> {result}:\n    """它。"""\n    {lines}\n\n\n'


EVERY = "".join(
    [
        rule("lacking", "a: int, b: int", "return a * b"),
        rule("sure", "assessments: History[Assessment]", "n = 0\nfor x in assessments:\n    n += 1\nreturn n"),
        rule("lately", "trainings: Recent[Training], on: Date", "d = on\nfor t in trainings:\n    d = t.since\nreturn d", result="Date"),
        rule("banded", "tiers: Bands, a: int", "return band(tiers, a)"),
        rule("unset", "left: int, a: int", "return left + a"),
        rule("undecided", "a: int", 'if a > 5:\n    return needs_decision("县里")\nreturn a'),
        rule("unclear", "b: int", 'if b > 5:\n    return ambiguous("两种读法", b, 1)\nreturn b'),
        rule("clash", "a: int, b: int", 'if a > b:\n    return conflict("两个文件")\nreturn b'),
        rule("outside", "b: int", 'if b == 0:\n    return not_applicable("不是")\nreturn b'),
        rule("printed", "cells: Table[Post, int], a: int, main: Post", "return cells[main] + a"),
        rule("main", "a: int", "return Post.secretary if a > 2 else Post.staff if a == 1 else Post.director", result="Post"),
        rule("crossed", "two: Table[Post, int, Yuan], a: int", "return two[Post.secretary, a]", result="Yuan"),
        rule("deep", "three: Table[Post, int, int, int], main: Post, a: int, b: int", "return three[main, a, b]"),
        rule("one", "undecided: int, unclear: int", "return undecided + unclear"),
        rule("other", "unclear: int, undecided: int", "return unclear + undecided"),
        rule("over", "outside: int = 0, lacking: int = 0, base: int = 0", "return outside + lacking + base"),
        rule("not_over", "unclear: int = 0, clash: int = 0, unset: int = 0", "return unclear + clash + unset"),
        rule("asked", "a: int = None, outside: int = None", "return a if known(a) else outside if known(outside) else 0"),
        rule("fields", "assessments: Records[Assessment]",
             "n = 0\nfor x in assessments:\n    if known(x.result):\n"
             "        if x.result == Result.fail:\n            n += x.year\nreturn n"),
        rule("dated", "assessments: Records[Assessment], counted_from: ByDate[int]",
             "n = 0\nfor x in assessments:\n    n += at(counted_from, x, 0)\nreturn n"),
        rule("dated_sure", "assessments: Records[Assessment], counted_from: ByDate[int]",
             "n = 0\nfor x in assessments:\n    n += at(counted_from, x)\nreturn n"),
        rule("dated_open", "assessments: Records[Assessment], left: ByDate[int]",
             "n = 0\nfor x in assessments:\n    n += at(left, x, 0)\nreturn n"),
        rule("early", "assessments: Records[Assessment]", "for x in assessments:\n    return x.place\nreturn len(assessments)"),
        rule("late", "on: Date, birth_date: Date", "return full_years(birth_date, on)"),
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    root = tmp_path_factory.mktemp("law")
    lower = 'base: {clause: 一, unit: "", 2023-01-01: 100}\nleft: {clause: 一, unit: "", 2023-01-01: 1}\n'
    return law_of(
        write(root, NATION, rules=rules(EVERY), terms=TERMS, values=VALUES + NUMBERS, document=heading("0", in_force="2022-01-01")),
        write(root, "cn-2105-city/2022-pay", values=lower),
        write(root, "cn-2106-other/2022-own", rules=rules(rule("unclear", "a: int, b: int", "return a + b")), document=heading("2106")),
    )


def same(law, subjects, *, on=ON, names=None) -> dict[str, np.ndarray]:
    """Compiled answers, after checking them against both ways of Python."""
    return three_ways.same(law, subjects, on=on, names=names)


PLACES = (2105, 210504, 2106, 35, 51, 0)


def crowd(law, count: int, seed: int = 3) -> list[Subject]:
    made = people(law, count, of="worker", places=PLACES, seed=seed)
    small = {n: {k: (Known(v.value % 12) if k in ("a", "b") else v) for k, v in made[n].facts.items()} for n in range(count) if n % 4}
    return [replace(subject, facts=small.get(n, subject.facts)) for n, subject in enumerate(made)]


def test_every_kind_is_reached_and_the_same_as_for_one(law):
    subjects = crowd(law, 1_500)
    answers = same(law, subjects)
    reached = {kind_of(number) for numbers in answers.values() for number in np.unique(numbers).tolist()}
    assert reached == set(AnswerKind)
    for number in (0, 17, 1_499):
        alone = {name: encoded(answer(law, subjects[number], name, on=ON)) for name in answers}
        assert alone == {name: int(numbers[number]) for name, numbers in answers.items()}


def test_no_rule_is_a_kind_too(law):
    before = date(2021, 12, 31)
    subjects = crowd(law, 20)
    answers = same(law, subjects, on=before, names=["lacking", "base"])
    assert {name: set(numbers.tolist()) for name, numbers in answers.items()} == {
        "lacking": {mark(AnswerKind.no_rule)}, "base": {mark(AnswerKind.no_rule)},
    }  # fmt: skip
    assert run(law, subjects, on=before, compiled=True).answers == {}


def test_the_order_of_bad_inputs_does_not_decide_the_kind(law):
    answers = same(law, [Subject(1, "worker", 51, {"a": Known(6), "b": Known(6)}), Subject(2, "worker", 51, {"b": Known(6)})])
    assert answers["one"].tolist() == answers["other"].tolist() == [mark(AnswerKind.ambiguous)] * 2


def test_a_default_hides_what_is_missing_but_not_what_is_open_or_ambiguous(law):
    facts = {"a": Known(3), "b": Known(0)}
    answers = same(law, [Subject(1, "worker", 51, facts), Subject(2, "worker", 51), Subject(3, "worker", 2105, facts)])
    assert answers["over"].tolist() == [9, 9, 100]
    assert [kind_of(n) for n in answers["not_over"].tolist()] == [AnswerKind.conflict, AnswerKind.open, AnswerKind.conflict]
    assert answers["asked"].tolist() == [3, 0, 3]


def test_a_record_older_than_any_law_and_one_of_another_place(law):
    def history(*records: tuple[date, int]) -> dict[str, History]:
        return {"assessments": History(tuple(Record(d, OPEN_END, p, {"year": d.year, "result": 5}) for d, p in records), None, True)}

    old, new = (date(1999, 12, 31), 0), (date(2023, 12, 31), 0)
    answers = same(
        law,
        [
            Subject(1, "worker", 51, {}, history(old)),
            Subject(2, "worker", 51, {}, history(old, new)),
            Subject(3, "worker", 51, {}, history((date(2023, 12, 31), 2105))),
            Subject(4, "worker", 2105, {}, history(new)),
            Subject(5, "worker", 51, {}, history()),
        ],
    )
    assert answers["dated"].tolist() == [0, 1, 1, 1, 0]
    assert [kind_of(n) for n in answers["dated_sure"].tolist()] == [AnswerKind.no_rule, AnswerKind.no_rule, *[AnswerKind.value] * 3]
    assert answers["dated_open"].tolist() == [0, mark(AnswerKind.open), 1, 1, 0]
    assert answers["fields"].tolist() == [1999, 4022, 2023, 2023, 0]
    assert answers["early"].tolist() == [51, 51, 2105, 2105, 0]


def test_records_that_have_not_begun_are_not_there_yet(law):
    later = History((Record(ON, OPEN_END, 51, {"year": 1}), Record(ON + timedelta(days=1), OPEN_END, 51, {"year": 2})), None, True)
    assert same(law, [Subject(1, "worker", 51, {}, {"assessments": later})])["sure"].tolist() == [1]


def test_what_is_given_by_hand_goes_before_the_law(law):
    given = Subject(1, "worker", 51, {"base": Known(50), "b": Known(4), "unclear": Known(8), "undecided": Known(1)})
    answers = same(law, [given, Subject(2, "worker", 51, {"a": Known(1), "b": Known(4)})])
    assert answers["one"].tolist() == [9, 5]
    assert answers["over"].tolist() == [54, 17]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1_000])
def test_chunk_borders_change_nothing(law, monkeypatch, size):
    subjects = crowd(law, 130 if size < 64 else 600)
    whole = run(law, subjects, on=ON, compiled=True).answers
    monkeypatch.setattr(population, "CHUNK", size)
    parts = run(law, subjects, on=ON, compiled=True).answers
    assert {name: numbers.tolist() for name, numbers in parts.items()} == {name: numbers.tolist() for name, numbers in whole.items()}


def test_sorted_and_unsorted_subjects_give_equal_answers(law):
    subjects = crowd(law, 500)
    by_place = sorted(range(len(subjects)), key=lambda n: (subjects[n].place, subjects[n].id))
    loose = run(law, subjects, on=ON, compiled=True).answers
    neat = run(law, [subjects[n] for n in by_place], on=ON, compiled=True).answers
    assert loose.keys() == neat.keys()
    for name in loose:
        assert loose[name][by_place].tolist() == neat[name].tolist()


def test_a_value_in_place_of_a_rule_is_answered_alone_and_in_a_crowd(tmp_path):
    city = write(
        tmp_path, "cn-2105-city/2022-pay", rules=rules(rule("step", "a: int", "return a") + rule("next", "step: int", "return step"))
    )
    county = write(tmp_path, "cn-210504-county/2023-share", values='step: {clause: 一, title: 规则step, unit: "", 2022-01-01: 7}\n')
    terms = write(tmp_path, "cn-2105-city/2020-words", terms="names:\n  a: {name: 甲, type: int, asked: true, of: worker}\n")
    law = law_of(city, county, terms)
    crowd = [Subject(n, "worker", place, {"a": Known(1)}) for n, place in enumerate((2105, 210504, 2106))]
    many = answer_many(law, crowd, on=ON, compiled=True)
    assert {name: column.tolist() for name, column in many.items()} == {
        "step": [1, 7, mark(AnswerKind.no_rule)], "next": [1, 7, mark(AnswerKind.no_rule)],
    }  # fmt: skip
    assert [{name: step.value for name, step in answer_all(law, who, on=ON).items()} for who in crowd] == [
        {"step": 1, "next": 1}, {"next": 7, "step": 7}, {},
    ]  # fmt: skip


def test_no_subjects_and_no_names(law):
    assert run(law, [], on=ON, names=["lacking"], compiled=True).answers["lacking"].shape == (0,)
    assert answer_many(law, [], on=ON) == {}
    assert answer_many(law, crowd(law, 3), on=ON, names=[], compiled=True) == {}


def test_what_cannot_be_asked_is_refused(law):
    with pytest.raises(Refusal) as unknown:
        answer_many(law, crowd(law, 1), on=ON, names=["lackin"])
    assert (unknown.value.id, "lacking" in unknown.value.text) == ("law.no_name", True)
    with pytest.raises(Refusal) as mixed:
        answer_many(law, [Subject(1, "worker", 51), Subject(2, "place", 51)], on=ON)
    assert mixed.value.id == "answers.mixed"
    for name in ("cells", "assessments", "tiers"):
        with pytest.raises(Refusal) as table:
            answer_many(law, crowd(law, 1), on=ON, names=[name])
        assert table.value.id == "answers.no_number"


def test_facts_values_and_the_day_can_be_asked_as_well(law):
    answers = same(law, [Subject(1, "worker", 2105, {"a": Known(4)})], names=["a", "b", "base", "left", "on"])
    assert {name: numbers.tolist() for name, numbers in answers.items()} == {
        "a": [4], "b": [mark(AnswerKind.missing)], "base": [100], "left": [1], "on": [20_088],
    }  # fmt: skip


# ---- circles of names across places ----

CIRCLE = [
    ("cn-21-a/2022-pay", rule("whole_pay", "basic: int", "return basic + 1") + rule("basic", "a: int", "return a + 10")),
    ("cn-35-b/2022-pay", rule("basic", "extra: int", "return extra + 1") + rule("extra", "a: int", "return a + 20")),
    ("cn-51-c/2022-pay", rule("extra", "whole_pay: int", "return whole_pay + 1") + rule("whole_pay", "a: int", "return a + 30")),
]


def test_names_that_form_a_circle_only_when_cities_are_put_together(tmp_path):
    law = law_of(
        write(tmp_path, NATION, terms=TERMS, values=NUMBERS, document=heading("0")),
        *(write(tmp_path, id, rules=rules(text), document=heading(id.split("-")[1])) for id, text in CIRCLE),
    )
    subjects = [Subject(n, "worker", place, {"a": Known(n)}) for n, place in enumerate([21, 35, 51, 21, 35, 51, 11], 1)]
    no_rule = mark(AnswerKind.no_rule)
    answers = same(law, subjects, names=["whole_pay", "basic", "extra"])
    assert answers["whole_pay"].tolist() == [12, no_rule, 33, 15, no_rule, 36, no_rule]
    assert answers["basic"].tolist() == [11, 23, no_rule, 14, 26, no_rule, no_rule]
    assert answers["extra"].tolist() == [no_rule, 22, 34, no_rule, 25, 37, no_rule]


def test_one_rule_in_two_orders_runs_in_two_lists(tmp_path):
    # The nation's `x` asks `y`, its `z` asks `w`; one city makes y ask z, the other makes w ask x: no one order holds both.
    nation = (
        rule("x", "y: int", "return y + 1")
        + rule("y", "a: int", "return a")
        + rule("z", "w: int", "return w + 1")
        + rule("w", "a: int", "return a")
    )
    law = law_of(
        write(tmp_path, NATION, terms=TERMS, values=NUMBERS, rules=rules(nation), document=heading("0")),
        write(tmp_path, "cn-21-a/2022-pay", rules=rules(rule("y", "z: int", "return z + 100")), document=heading("21")),
        write(tmp_path, "cn-35-b/2022-pay", rules=rules(rule("w", "x: int", "return x + 1000")), document=heading("35")),
    )
    subjects = [Subject(n, "worker", place, {"a": Known(n)}) for n, place in enumerate([21, 35, 51, 35, 21], 1)]
    answers = same(law, subjects, names=["x", "z"])
    assert answers["x"].tolist() == [103, 3, 4, 5, 107]
    assert answers["z"].tolist() == [2, 1004, 4, 1006, 6]
    matrix = LawMatrix(law, [])
    chunk.regimes_at(np.array([subject.place for subject in subjects]), matrix, on=ON)
    order = [turn.rule.id for turn in turns(law, matrix.regimes, of="worker", names=["x", "z"])]
    assert (order.count("x"), order.count("z")) == (2, 2)


# ---- places, totals ----

PLACE_RULES = (
    rule("counts", "a: int", "return a > 1", result="bool")
    + '@total(rule="counts", clause="一", title="合计")\ndef counted() -> int:\n    """合计。"""\n\n\n'
    + rule("share", "urban_residents: int, counted: int", "return ratio(counted, urban_residents)", result="Ratio", mark=', of="place"')
    + rule("mine", "share: Ratio, urban_residents: int, a: int = 0", "return urban_residents + a if share == share else 0")
)


def test_totals_and_facts_of_the_place_around(tmp_path):
    law = law_of(write(tmp_path, NATION, terms=TERMS, rules=rules(PLACE_RULES), document=heading("0")))
    full = Subject(1, "place", 51, {"urban_residents": Known(1_000)}, totals={"counts": Total(18, 20, {1: 2})})
    bare = Subject(2, "place", 51, {"urban_residents": Known(3)})
    empty = Subject(3, "place", 35, totals={"counts": Total(0, 0)})
    answers = same(law, [full, bare, empty])
    missing = mark(AnswerKind.missing)
    assert {name: numbers.tolist() for name, numbers in answers.items()} == {
        "counted": [18, missing, 0],
        "share": [18_000, missing, missing],
    }
    workers = [Subject(9, "worker", 51, {"a": Known(5)}, around=place) for place in (full, bare, empty, None, full)]
    assert same(law, workers, names=["mine", "share", "urban_residents"])["mine"].tolist() == [1_005, missing, missing, missing, 1_005]


def test_totals_meant_for_a_level_are_the_same_in_bulk(tmp_path):
    at = 'to="county", '
    law = law_of(
        write(
            tmp_path,
            NATION,
            terms=TERMS,
            rules=rules(PLACE_RULES.replace('clause="一", title="合计"', at + 'clause="一", title="合计"')),
            document=heading("0"),
        )
    )
    totals = {"counts": Total(18, 20)}
    places = [
        Subject(n, "place", code, {"urban_residents": Known(1_000)}, totals=totals)
        for n, code in enumerate((51, 5133, 513301, 513301001), 1)
    ]
    given = Subject(9, "place", 51, {"urban_residents": Known(1_000), "counted": Known(7)}, totals=totals)
    aside = mark(AnswerKind.not_applicable)
    answers = same(law, [*places, given])
    assert {name: numbers.tolist() for name, numbers in answers.items()} == {
        "counted": [aside, aside, 18, aside, 7],
        "share": [aside, aside, 18_000, aside, 7_000],
    }


# ---- columns ----


def test_columns_are_wide_enough_for_the_marks():
    column = chunk.facts([Subject(1, "worker", 51, {"a": Known(1)}), Subject(2, "worker", 51)], "a")
    assert column.dtype == np.int64
    assert column.tolist() == [1, mark(AnswerKind.missing)]


def test_read_only_and_narrow_arrays_are_made_fit_for_loops():
    narrow = np.array([1, 2], np.int8)
    frozen = np.array([1, 2], np.int64)
    frozen.flags.writeable = False
    for array in (narrow, frozen, np.arange(8, dtype=np.int64)[::4]):
        made = chunk.writable(array)
        assert (made.dtype, made.flags.writeable, made.flags.c_contiguous, made.tolist()) == (np.int64, True, True, array.tolist())


def test_a_changed_value_compiles_nothing(tmp_path, monkeypatch):
    def made(value: str):
        values = f'base: {{clause: 一, title: 基数, unit: "", 2022-01-01: {value}}}'
        text = rules(rule("x", "base: int, a: int", "return base + a"))
        return law_of(write(tmp_path / value, NATION, terms=TERMS, rules=text, values=values, document=heading("0")))

    subjects = [Subject(1, "worker", 51, {"a": Known(1)})]
    assert run(made("7"), subjects, on=ON, compiled=True).answers["x"].tolist() == [8]

    def refused(text, hash):
        raise AssertionError("compiled again")

    monkeypatch.setattr(loops, "_compiled", refused)
    assert run(made("8"), subjects, on=ON, compiled=True).answers["x"].tolist() == [9]


def test_a_table_that_spans_too_far_is_read_by_python(tmp_path):
    values = 'wide: {clause: 一, unit: "", axes: int, 2022-01-01: {1: 5, 9000000: 6}}'
    text = rules(rule("x", "wide: Table[int, int], a: int", "return wide[a]") + rule("y", "x: int", "return x + 1"))
    law = law_of(write(tmp_path, NATION, terms=TERMS, rules=text, values=values, document=heading("0")))
    subjects = [Subject(n, "worker", 51, {"a": Known(a)}) for n, a in enumerate([1, 9_000_000, 2], 1)]
    found = run(law, subjects, on=ON, compiled=True)
    assert found.in_python == {"x": "表的行列跨度太大"}
    assert found.answers["y"].tolist() == run(law, subjects, on=ON, compiled=False).answers["y"].tolist() == [6, 7, mark(AnswerKind.open)]


# ---- without a compiler ----


def test_a_rule_that_does_not_compile_answers_in_python_and_the_run_says_so(law, monkeypatch):
    subjects = crowd(law, 40)
    expected = run(law, subjects, on=ON, compiled=False).answers
    real = population.loop_for
    monkeypatch.setattr(population, "loop_for", lambda r, *, codes: NoLoop("没有编译成：X") if r.id == "main" else real(r, codes=codes))
    found = run(law, subjects, on=ON, compiled=True)
    assert found.in_python == {"main": "没有编译成：X"}
    assert {name: numbers.tolist() for name, numbers in found.answers.items()} == {
        name: numbers.tolist() for name, numbers in expected.items()
    }


def test_without_numba_everything_answers_in_python_and_the_run_says_so(law, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    found = run(law, crowd(law, 5), on=ON, names=["one"], compiled=True)
    assert found.in_python == {"one": "没有安装 Numba", "undecided": "没有安装 Numba", "unclear": "没有安装 Numba"}
    assert answer_many(law, crowd(law, 5), on=ON, names=["one"])["one"].tolist() == found.answers["one"].tolist()


def test_few_subjects_never_wait_for_a_compile(law, monkeypatch, tmp_path):
    monkeypatch.setenv("JICENG_CACHE", str(tmp_path))
    monkeypatch.setattr(loops, "_kept", {})
    answer_many(law, crowd(law, 3), on=ON)
    assert loops._kept == {}
    monkeypatch.setattr(population, "WORTH_COMPILING", 2)
    answer_many(law, crowd(law, 3), on=ON, names=["undecided"])
    assert len(loops._kept) == 1
    monkeypatch.setattr(population, "WORTH_COMPILING", 2_000)
    assert population._use_loops(law, turns(law, [law.regime(51, ON)], of="worker", names=["undecided"]), 1, None) is True


def test_one_subject_does_not_even_load_the_compiler():
    text = (
        "import sys\nfrom datetime import date\nfrom jiceng.answers.answer import answer_all\nfrom jiceng.answers.subject import Subject\n"
        "from jiceng.law.load import find_folders, load_law, shipped_root\n"
        "law = load_law(find_folders(shipped_root()))\nanswer_all(law, Subject(1, 'worker', 2105), on=date(2025, 1, 1))\n"
        "print('numba' in sys.modules)\n"
    )
    printed = subprocess.run([sys.executable, "-c", text], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True).stdout
    assert printed == "False\n"

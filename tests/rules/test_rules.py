"""What Python runs of a checked rule: values, defaults, tables, bands, dated values, records, outcomes."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.rules.definition import REQUIRED, Argument
from jiceng.rules.language import HIGH, Outcome, Unanswerable
from jiceng.rules.tables import Bands, ByDate, Row, Table
from jiceng.rules.types import TypeRef
from tests.rules.writing import HEAD, findings, read, rule

POST = TypeRef("Post")


def kind(function, *args) -> AnswerKind:
    with pytest.raises(Unanswerable) as caught:
        function(*args)
    return caught.value.kind


def test_a_rule_is_read_with_all_it_says():
    text = HEAD + (
        '@rule(clause="工资", title="工资标准", unit="元", names={"n": "已计"}, assumes=("甲", "乙"))\n'
        "def pay(pay_base: Yuan, coefficient: Ratio, pay_rounding: Rounding, post: Post = Post.staff, extra: Yuan = None) -> Yuan:\n"
        '    """基数乘系数。"""\n    n = times(pay_base, coefficient, pay_rounding)\n    return n\n'
    )
    (found,), problems = read(text)
    assert problems == ()
    assert (found.id, found.title, found.clause, found.of, found.unit, found.doc) == (
        "pay",
        "工资标准",
        "工资",
        "worker",
        "元",
        "基数乘系数。",
    )
    assert (found.names, found.assumes, found.total, found.path, found.line) == ({"n": "已计"}, ("甲", "乙"), "", "rules.py", 3)
    assert found.result == TypeRef("Yuan")
    assert found.arguments == (
        Argument("pay_base", TypeRef("Yuan"), REQUIRED),
        Argument("coefficient", TypeRef("Ratio"), REQUIRED),
        Argument("pay_rounding", TypeRef("Rounding"), REQUIRED),
        Argument("post", POST, 7),
        Argument("extra", TypeRef("Yuan"), None),
    )
    assert found.function(340_000, 1_200_000, 1, 7, None) == 408_000


def test_a_total_names_the_rule_it_sums():
    text = (
        HEAD
        + '@total(rule="in_quota", to="county", clause="3", title="在册", unit="人")\ndef workers_total() -> int:\n    """在册人数。"""\n'
    )
    (found,), problems = read(text)
    assert problems == ()
    assert (found.total, found.of, found.arguments, found.function) == ("in_quota", "place", (), None)


def test_a_total_has_no_inputs_and_no_body():
    text = HEAD + '@total("in_quota", clause="3", title="在册")\ndef workers_total(a: int) -> int:\n    """在册人数。"""\n    return a\n'
    assert findings(text) == [
        ("rules.mark", 4, "合计（@total）没有自己的输入"),
        ("rules.mark", 6, "合计（@total）的函数体里只写说明"),
    ]


@pytest.mark.parametrize(
    ("mark_text", "message"),
    [
        ('clause="1"', "@rule 缺 title"),
        ('clause="", title="试"', "@rule 缺 clause"),
        ('clause="1", title="试", of="city"', "of 只能是 worker、place、request"),
        ('clause="1", titel="试"', "@rule 里没有“titel”这一项。是否想写：title"),
        ('clause="1", title="试", names={"x": "甲"}', "names 里的“x”不是这条规则里的变量"),
        ('"1", title="试"', "标记里的各项要写成“名字=内容”"),
    ],
)
def test_a_mark_that_says_too_little_or_too_much_is_refused(mark_text, message):
    text = HEAD + f'@rule({mark_text})\ndef tried(a: int) -> int:\n    """试。"""\n    return a\n'
    assert message in [found[2] for found in findings(text)]


def test_a_rule_without_a_docstring_is_refused():
    text = HEAD + '@rule(clause="1", title="试")\ndef tried(a: int) -> int:\n    return a\n'
    assert findings(text) == [("rules.doc", 4, "规则“tried”缺说明：请在第一行用一句话写明给出什么")]


def test_the_text_hash_follows_the_code_not_its_spacing():
    assert rule("a: int", "return a + 1").text_hash == rule("a: int", "return  a+1").text_hash
    assert rule("a: int", "return a + 1").text_hash != rule("a: int", "return a - 1").text_hash


def test_sums_that_leave_63_bits_are_open():
    assert kind(rule("a: int, b: int", "return a * b").function, 10**10, 10**10) is AnswerKind.open
    assert kind(rule("a: int, b: int", "return a + b").function, 2**62, 2**62) is AnswerKind.open
    assert kind(rule("a: int, b: int", "x = a\nx *= b\nreturn x").function, 2**40, 2**40) is AnswerKind.open
    assert kind(rule("a: int, b: int", "return a * b - a * b").function, 10**10, 10**10) is AnswerKind.open
    assert rule("a: int", "return -a").function(HIGH - 1) == -(HIGH - 1)


def test_a_date_outside_the_calendar_is_open():
    assert kind(rule("d: Date, n: int", "return d + n", "Date").function, 0, 10**9) is AnswerKind.open
    assert rule("d: Date, n: int", "return d + n", "Date").function(0, 366) == day_number(date(1971, 1, 2))
    assert rule("d: Date, e: Date", "return e - d").function(0, 366) == 366


def test_cells_outside_the_table_and_cells_not_printed_are_open():
    cells = rule("t: Table[Post, int], p: Post", "return t[p]").function
    table = Table((POST,), {(1,): 10, (3,): 30})
    assert cells(table, 3) == 30
    assert [kind(cells, table, n) for n in (-1, 0, 2, 4, 10**6)] == [AnswerKind.open] * 5
    two = rule("t: Table[Post, int, Yuan], p: Post, n: int", "return t[p, n]", "Yuan").function
    assert two(Table((POST, TypeRef("int")), {(1, 5): 7}), 1, 5) == 7
    assert kind(two, Table((POST, TypeRef("int")), {(1, 5): 7}), 5, 1) is AnswerKind.open


def test_bands_touch_leave_gaps_and_stay_open_at_the_top():
    banded = rule("b: Bands, n: int", "return band(b, n)").function
    bands = Bands(((1, 9, 5), (9, 19, 10), (21, None, 15)))
    assert [banded(bands, n) for n in (1, 8, 10, 19, 21, 10**9)] == [5, 5, 10, 10, 15, 15]
    assert [kind(banded, bands, n) for n in (0, 20, -1)] == [AnswerKind.open] * 3
    with pytest.raises(Unanswerable) as caught:
        banded(bands, 9)
    assert (caught.value.kind, caught.value.options) == (AnswerKind.ambiguous, (5, 10))


def test_a_history_of_length_none_and_records_with_gaps():
    counted = rule("h: History[Assessment]", "n = 0\nfor a in h:\n    if known(a.year):\n        n += a.year\nreturn n").function
    assert counted(()) == 0
    assert counted((Row(0, 9, 1, {}), Row(0, 9, 1, {"year": 4}))) == 4
    read_all = rule("h: History[Assessment]", "n = 0\nfor a in h:\n    n += a.year\nreturn n + len(h)").function
    assert read_all((Row(0, 9, 1, {"year": 4}),)) == 5
    assert kind(read_all, (Row(0, 9, 1, {}),)) is AnswerKind.missing


def test_class_and_from_are_read_with_an_underscore():
    found = rule("h: Records[Term]", "d = 0\nfor t in h:\n    d += full_years(t.from_, t.to)\nreturn d").function
    assert found((Row(0, 9, 1, {"from": 0, "to": 366}),)) == 1
    classes = rule("h: Records[Appointment]", "for a in h:\n    return 1 if known(a.class_) else 0\nreturn 0").function
    assert classes((Row(0, 9, 1, {"class": 2}),)) == 1


def test_a_dated_value_is_judged_at_the_record():
    def look(place: int, day: int) -> int:
        return 1 if day >= 100 else mark(AnswerKind.no_rule) if place == 21 else mark(AnswerKind.open)

    with_default = rule("h: Records[Assessment], v: ByDate[int]", "n = 0\nfor a in h:\n    n += at(v, a, 0)\nreturn n").function
    assert with_default((Row(50, 51, 21), Row(100, 101, 21)), ByDate(look)) == 1
    assert kind(with_default, (Row(50, 51, 35),), ByDate(look)) is AnswerKind.open
    without = rule("h: Records[Assessment], v: ByDate[int]", "n = 0\nfor a in h:\n    n += at(v, a)\nreturn n").function
    assert kind(without, (Row(50, 51, 21),), ByDate(look)) is AnswerKind.no_rule


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('return ambiguous("不明", 4, a)', Outcome(AnswerKind.ambiguous, "不明", (4, 9))),
        ('return conflict("相反")', Outcome(AnswerKind.conflict, "相反")),
        ('return needs_decision("县")', Outcome(AnswerKind.needs_decision, "县")),
        ('return not_applicable("不是")', Outcome(AnswerKind.not_applicable, "不是")),
    ],
)
def test_words_of_refusal_give_an_outcome(body, outcome):
    assert rule("a: int", body).function(9) == outcome


def test_code_names_are_numbers_and_the_same_in_defaults():
    function = rule("p: Post = Post.grid", "return p == Post.grid", "bool").function
    assert [function(8), function(7)] == [True, False]


def test_zero_is_an_amount_where_one_is_needed():
    function = rule("y: Yuan, f: bool", "total_pay = 0\nif f:\n    total_pay += y\nreturn max(total_pay, 0)", "Yuan").function
    assert [function(5, True), function(5, False)] == [5, 0]

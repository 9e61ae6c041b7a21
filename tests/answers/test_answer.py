"""One subject's answers: kinds, defaults, histories, the law of each record's own day, what is missing, what is assumed."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.answers.answer import answer, answer_all
from jiceng.answers.step import missing, pay_ready
from jiceng.answers.subject import History, Known, Provenance, Record, Subject, Total
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind
from jiceng.base.refusals import Refusal
from tests.law.folders import CITY, COUNTY, heading, law_of, rules, write

ON = date(2024, 12, 31)
FAIL, PASS = 5, 3
TERMS = """
names:
  a: {name: 甲, type: int, asked: true, of: worker}
  b: {name: 乙, type: int, asked: true, of: worker}
"""


def rule(name: str, arguments: str, body: str, *, result: str = "int", mark: str = "") -> str:
    lines = "\n    ".join(body.split("\n"))
    return f'@rule(clause="一", title="规则{name}"{mark})\ndef {name}({arguments}) -> {result}:\n    """它。"""\n    {lines}\n\n\n'


def worker(place: int = 210504, histories=None, **facts: int) -> Subject:
    return Subject(1, "worker", place, {name: Known(value) for name, value in facts.items()}, histories or {})


def results(*years: tuple[int, int], whole: bool = True, since: date | None = date.min, place: int = 0) -> dict[str, History]:
    records = tuple(Record(date(y, 12, 31), OPEN_END, place, {"year": y, "result": r}) for y, r in years)
    return {"assessments": History(records, since, whole)}


def law_with(tmp_path, body: str, **files: str):
    return law_of(write(tmp_path, CITY, rules=rules(body), terms=TERMS, **files))


KINDS = "".join(
    rule(name, arguments, body)
    for name, arguments, body in [
        ("is_open", "tiers: Bands, a: int", "return band(tiers, a)"),
        ("undecided", "a: int", 'return needs_decision("县里")'),
        ("unclear", "a: int", 'return ambiguous("两种读法", a, 1)'),
        ("clash", "a: int", 'return conflict("两个文件")'),
        ("outside", "a: int", 'return not_applicable("不是")'),
        ("lacking", "a: int, b: int", "return a + b"),
        ("sure", "assessments: History[Assessment]", "return len(assessments)"),
        ("one", "undecided: int, unclear: int", "return undecided + unclear"),
        ("two", "unclear: int, undecided: int", "return unclear + undecided"),
        ("three", "lacking: int, is_open: int, sure: int", "return lacking + is_open + sure"),
        ("four", "sure: int, is_open: int, lacking: int", "return lacking + is_open + sure"),
        ("over_open", "is_open: int = 0", "return is_open"),
        ("over_undecided", "undecided: int = 0", "return undecided"),
        ("over_unclear", "unclear: int = 0", "return unclear"),
        ("over_clash", "clash: int = 0", "return clash"),
        ("over_sure", "sure: int = 0", "return sure"),
        ("over_outside", "outside: int = 0", "return outside"),
        ("over_lacking", "lacking: int = 0", "return lacking"),
        ("over_fact", "b: int = 1", "return b"),
        ("over_law", "later: int = 1", "return later"),
        ("asks", "b: int = None", "if known(b):\n    return b\nreturn 1 + 1"),
        ("unasked", "b: int = None, a: int = 0", "return a + b"),
    ]
)
VALUES = """
tiers: {title: 档, clause: 一, unit: 级, kind: bands, 2022-01-01: [[1, 9, 5], [20, 以上, 7], [30, 40, 8]]}
later: {title: 后来, clause: 一, unit: 级, 2030-01-01: 7}
"""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    return law_with(tmp_path_factory.mktemp("kinds"), KINDS, values=VALUES)


@pytest.mark.parametrize(
    ("name", "kind", "why", "options"),
    [
        ("is_open", "open", "不在任何一档之内", ()),
        ("undecided", "needs_decision", "县里", ()),
        ("unclear", "ambiguous", "两种读法", (15, 1)),
        ("clash", "conflict", "两个文件", ()),
        ("outside", "not_applicable", "不是", ()),
        ("lacking", "missing", "缺“乙”", ()),
        ("sure", "unchecked", "“年度考核”不知道是否完整", ()),
        ("later", "no_rule", "此地此日没有关于“后来”的规定", ()),
        ("over_open", "open", "不在任何一档之内", ()),
        ("over_undecided", "needs_decision", "县里", ()),
        ("over_unclear", "ambiguous", "两种读法", (15, 1)),
        ("over_clash", "conflict", "两个文件", ()),
        ("over_sure", "unchecked", "“年度考核”不知道是否完整", ()),
        ("unasked", "missing", "缺“乙”", ()),
    ],
)
def test_trap_9_kinds_and_defaults_that_do_not_hide_them(kinds, name, kind, why, options):
    step = answer(kinds, worker(a=15), name, on=ON)
    assert (step.kind.name, step.value, step.why, step.options) == (kind, None, why, options)


@pytest.mark.parametrize(
    ("name", "value", "assumes"),
    [
        ("over_outside", 0, "“规则outside”不适用，按缺省计"),
        ("over_lacking", 0, "“规则lacking”缺事实，按缺省计"),
        ("over_fact", 1, "“乙”缺事实，按缺省计"),
        ("over_law", 1, "“后来”无此规定，按缺省计"),
    ],
)
def test_trap_9_default_steps_in_and_is_shown_as_an_assumption(kinds, name, value, assumes):
    step = answer(kinds, worker(a=15), name, on=ON)
    assert (step.kind.name, step.value) == ("value", value)
    assert [(part.source, part.value, part.assumes) for part in step.inputs] == [("default", value, (assumes,))]
    assert missing(step) == ()


def test_fact_asked_for_with_known(kinds):
    assert answer(kinds, worker(a=15), "asks", on=ON).value == 2
    assert answer(kinds, worker(a=15, b=9), "asks", on=ON).value == 9


def test_trap_10_kind_does_not_depend_on_the_order_of_arguments(kinds):
    one, two = (answer(kinds, worker(a=15), name, on=ON) for name in ("one", "two"))
    assert (one.kind, one.why, one.options) == (two.kind, two.why, two.options) == (AnswerKind.ambiguous, "两种读法", (15, 1))
    three, four = (answer(kinds, worker(a=15), name, on=ON) for name in ("three", "four"))
    assert (three.kind, three.why) == (four.kind, four.why) == (AnswerKind.open, "不在任何一档之内")


def test_missing_is_collected_through_the_tree_by_name(kinds):
    step = answer(kinds, worker(), "three", on=ON)
    assert step.kind is AnswerKind.unchecked
    assert missing(step) == (("a", "甲"), ("b", "乙"), ("assessments", "年度考核"))


def test_trap_16_number_in_two_bands_is_ambiguous_with_both_as_options(kinds):
    step = answer(kinds, worker(a=35), "is_open", on=ON)
    assert (step.kind, step.options) == (AnswerKind.ambiguous, (7, 8))
    assert answer(kinds, worker(a=41), "is_open", on=ON).value == 7


COUNTING = rule(
    "counted_years",
    "assessments: History[Assessment], on: Date, fail_excluded: ByDate[int]",
    "counted, failed = 0, 0\nfor a in assessments:\n    if a.year <= year(on):\n"
    "        if a.result == Result.fail and at(fail_excluded, a, 0) == 1:\n"
    "            failed += 1\n        else:\n            counted += 1\nreturn counted",
    mark=', names={"counted": "已计", "failed": "不计"}',
)
EXCLUDED = "fail_excluded: {title: 不计, clause: 一, unit: '', 2023-01-01: 1, 2025-01-01: 0}\n"
YEARS = ((2021, PASS), (2022, FAIL), (2023, FAIL), (2024, PASS))


def test_records_are_judged_by_the_law_of_their_own_day(tmp_path):
    law = law_with(tmp_path, COUNTING, values=EXCLUDED)
    step = answer(law, worker(histories=results(*YEARS, (2025, FAIL))), "counted_years", on=date(2025, 12, 31))
    assert step.value == 4
    assert [state.text for state in step.states] == [
        "2021 合格 → 已计 1，不计 0",
        "2022 不合格 → 已计 2，不计 0（2022 年时尚无“不计”的规定）",
        "2023 不合格 → 已计 2，不计 1（此处用 2023 年时的规定）",
        "2024 合格 → 已计 3，不计 1",
        "2025 不合格 → 已计 4，不计 1",
    ]


def test_records_are_judged_by_the_law_of_their_own_place(tmp_path):
    county = write(
        tmp_path, COUNTY, document=heading("210504"), values="fail_excluded: {title: 不计, clause: 一, unit: '', 2022-01-01: 0}\n"
    )
    city = write(tmp_path, CITY, rules=rules(COUNTING), values=EXCLUDED)
    law = law_of(city, county)
    there = results((2023, FAIL), place=210505)
    here = results((2023, FAIL))
    assert [answer(law, worker(histories=h), "counted_years", on=ON).value for h in (there, here)] == [0, 1]


def test_trap_11_record_older_than_any_law_takes_the_default(tmp_path):
    law = law_with(tmp_path, COUNTING, values=EXCLUDED)
    step = answer(law, worker(histories=results((1961, FAIL))), "counted_years", on=ON)
    assert (step.value, step.states[0].text) == (1, "1961 不合格 → 已计 1，不计 0（1961 年时尚无“不计”的规定）")


def test_trap_11_record_older_than_any_law_without_default_has_no_rule(tmp_path):
    law = law_with(tmp_path, COUNTING.replace(", a, 0)", ", a)"), values=EXCLUDED)
    step = answer(law, worker(histories=results((1961, FAIL))), "counted_years", on=ON)
    assert (step.kind.name, step.why) == ("no_rule", "当时当地没有这项规定")


def test_trap_17_history_known_to_be_empty_runs_and_an_unknown_one_does_not(tmp_path):
    law = law_with(tmp_path, COUNTING, values=EXCLUDED)
    assert answer(law, worker(histories=results()), "counted_years", on=ON).value == 0
    assert answer(law, worker(histories=results(whole=False, since=None)), "counted_years", on=ON).kind.name == "unchecked"
    assert answer(law, worker(), "counted_years", on=ON).kind.name == "unchecked"


@pytest.mark.parametrize(
    ("word", "whole", "since", "kind"),
    [
        ("History", False, date(2021, 1, 1), "unchecked"),
        ("Recent", False, date(2021, 1, 1), "value"),
        ("Recent", False, date(2025, 1, 1), "unchecked"),
        ("Recent", False, None, "unchecked"),
        ("Records", False, None, "value"),
    ],
)
def test_three_words_for_a_history(tmp_path, word, whole, since, kind):
    law = law_with(tmp_path, rule("many", f"assessments: {word}[Assessment]", "return len(assessments)"))
    assert answer(law, worker(histories=results(*YEARS, whole=whole, since=since)), "many", on=ON).kind.name == kind


LEAVING = [
    ("for a in assessments:\n    n += 1\n    if a.result == Result.fail:\n        return n\nreturn n", "return"),
    ("for a in assessments:\n    n += 1\n    if a.result == Result.fail:\n        break\nreturn n", "break"),
    (
        "for a in assessments:\n    n += 1\n    if a.result == Result.fail:\n        return ambiguous('不清', n)\nreturn n".replace(
            "'", '"'
        ),
        "refuse",
    ),
]


@pytest.mark.parametrize("body", [body for body, _ in LEAVING], ids=[id for _, id in LEAVING])
def test_trap_18_leaving_the_loop_still_shows_its_record(tmp_path, body):
    law = law_with(tmp_path, rule("found", "assessments: History[Assessment]", f"n = 0\n{body}", mark=', names={"n": "看过"}'))
    step = answer(law, worker(histories=results(*YEARS)), "found", on=ON)
    assert [state.text for state in step.states] == ["2021 合格 → 看过 1", "2022 不合格 → 看过 2"]


def test_states_print_yes_and_no_dates_and_money_by_their_type(tmp_path):
    body = "seen, last, sum = False, on, pay\nfor a in assessments:\n    seen = a.result == Result.fail\n"
    body += "    last = a.since\n    sum = sum + pay\nreturn sum"
    mark = ', names={"seen": "不合格", "last": "记于", "sum": "合计"}'
    text = rule("found", "assessments: History[Assessment], on: Date, pay: Yuan", body, result="Yuan", mark=mark)
    law = law_with(tmp_path, text, values="pay: {title: 每次, clause: 一, unit: 元, 2022-01-01: 1.5}\n")
    step = answer(law, worker(histories=results((2022, FAIL), (2023, PASS))), "found", on=ON)
    assert [state.text for state in step.states] == [
        "2022 不合格 → 不合格 是，记于 2022-12-31，合计 3.00 元",
        "2023 合格 → 不合格 否，记于 2023-12-31，合计 4.50 元",
    ]
    assert step.value == 450


def test_rule_without_names_keeps_no_states(tmp_path):
    law = law_with(tmp_path, rule("many", "assessments: History[Assessment]", "n = 0\nfor a in assessments:\n    n += 1\nreturn n"))
    assert answer(law, worker(histories=results(*YEARS)), "many", on=ON).states == ()


def test_field_that_nobody_filled_makes_the_answer_missing_unless_asked(tmp_path):
    plain = rule(
        "posts",
        "appointments: Records[Appointment]",
        "n = 0\nfor a in appointments:\n    if a.post == Post.grid:\n        n += 1\nreturn n",
    )
    asked = plain.replace("posts", "known_posts").replace("if a.post", "if known(a.post) and a.post")
    law = law_with(tmp_path, plain + asked)
    records = (Record(date(2020, 1, 1), OPEN_END, 210504, {"post": 8}), Record(date(2021, 1, 1), OPEN_END, 210504, {}))
    who = worker(histories={"appointments": History(records, date.min, True)})
    assert answer(law, who, "known_posts", on=ON).value == 1
    step = answer(law, who, "posts", on=ON)
    assert (step.kind.name, step.why) == ("missing", "记录里没有填“post”")


def test_records_that_begin_later_are_not_seen(tmp_path):
    law = law_with(tmp_path, rule("many", "assessments: History[Assessment]", "return len(assessments)"))
    who = worker(histories=results(*YEARS))
    assert [answer(law, who, "many", on=day).value for day in (date(2023, 12, 30), date(2023, 12, 31), ON)] == [2, 3, 4]


def test_facts_and_rules_of_the_place_around(tmp_path):
    body = rule("wanted", "households: int", "return households + 1", mark=', of="place"') + rule(
        "mine", "wanted: int, households: int", "return wanted + households"
    )
    law = law_with(tmp_path, body)
    place = Subject(2, "place", 210504, {"households": Known(10)})
    assert answer(law, Subject(1, "worker", 210504, around=place), "mine", on=ON).value == 21
    alone = answer(law, Subject(1, "worker", 210504), "mine", on=ON)
    assert (alone.kind.name, missing(alone)) == ("missing", (("wanted", "规则wanted"), ("households", "户数")))
    assert list(answer_all(law, place, on=ON)) == ["wanted"]
    assert list(answer_all(law, Subject(1, "worker", 210504, around=place), on=ON)) == ["mine"]


TOTAL = (
    rule("counted", "a: int", "return a")
    + '@total(rule="counted", clause="一", title="合计", unit="人")\ndef all_counted() -> int:\n    """合计。"""\n'
)


def test_total_says_who_is_not_in_it(tmp_path):
    law = law_with(tmp_path, TOTAL)
    total = Total(12, 15, {int(AnswerKind.missing): 2, int(AnswerKind.unchecked): 1, int(AnswerKind.open): 0})
    step = answer(law, Subject(9, "place", 2105, totals={"counted": total}), "all_counted", on=ON)
    assert (step.value, step.source, step.unit, step.why) == (12, "total", "人", "共 15 人，其中 2 人缺事实、1 人需核实，没有计入")
    assert answer(law, Subject(9, "place", 2105), "all_counted", on=ON).kind.name == "missing"


def test_a_total_meant_for_one_level_is_not_applicable_at_another(tmp_path):
    """And what asks for it is not applicable with it; a figure given by hand is taken as it is."""
    body = TOTAL.replace('rule="counted",', 'rule="counted", to="county",') + rule(
        "limit", "all_counted: int", "return all_counted + 1", mark=', of="place"'
    )
    law = law_with(tmp_path, body)
    totals = {"counted": Total(12, 15)}
    places = (2105, 210504, 210504001, 210504001001)
    found = [answer(law, Subject(9, "place", place, totals=totals), "limit", on=ON) for place in places]
    assert [(step.kind.name, step.value) for step in found] == [
        ("not_applicable", None), ("value", 13), ("not_applicable", None), ("not_applicable", None)
    ]  # fmt: skip
    assert [step.why for step in found] == [
        "“合计”按县（区）汇总，这里是市", "", "“合计”按县（区）汇总，这里是街道（乡镇）", "“合计”按县（区）汇总，这里是社区（村）"
    ]  # fmt: skip
    given = Subject(9, "place", 210504001, {"all_counted": Known(4)}, totals=totals)
    assert answer(law, given, "limit", on=ON).value == 5


def test_name_given_by_hand_stands_before_the_law(tmp_path):
    law = law_with(
        tmp_path, rule("first", "later: int", "return later + 1") + rule("second", "first: int", "return first + 1"), values=VALUES
    )
    assert answer(law, worker(later=4), "second", on=ON).value == 6
    step = answer(law, worker(first=9), "second", on=ON)
    assert (step.value, step.inputs[0].source) == (10, "given")


def test_unknown_name_is_refused_with_the_nearest(tmp_path):
    law = law_with(tmp_path, KINDS, values=VALUES)
    with pytest.raises(Refusal) as refused:
        answer(law, worker(), "undecidedd", on=ON)
    assert (refused.value.id, refused.value.what) == ("law.no_name", "没有“undecidedd”这个名字。是否想写：undecided、over_undecided")


def test_rule_not_in_force_here_or_yet_is_no_rule(tmp_path):
    law = law_with(tmp_path, rule("first", "a: int", "return a"), document=heading("2105", until="2025-01-01"))
    kinds = [
        answer(law, worker(place, a=1), "first", on=day).kind.name for place, day in ((2105, ON), (3502, ON), (2105, date(2025, 1, 1)))
    ]
    assert kinds == ["value", "no_rule", "no_rule"]
    assert answer_all(law, worker(3502, a=1), on=ON) == {}


def test_delegated_value_is_open_with_its_reason_and_bounds_say_what_they_are(tmp_path):
    values = """
r: {title: 取整, clause: '3', unit: Rounding, kind: delegate, note: 取整未定：原文没有写}
q: {title: 另一取整, clause: '3', unit: Rounding, kind: delegate}
s: {title: 津贴, clause: '3', unit: 元, kind: floor, 2022-01-01: 100}
"""
    law = law_of(write(tmp_path, CITY, values=values, document=heading("2105", short="市")))
    whys = [answer(law, worker(), name, on=ON) for name in "rqs"]
    assert [(step.kind.name, step.why) for step in whys] == [
        ("open", "取整未定：原文没有写"),
        ("open", "另一取整未定：〔市·3〕交由下级确定，本地尚未确定"),
        ("open", "津贴未定：〔市·3〕只规定“不低于 100 元”，本地尚未确定"),
    ]


def test_reading_is_used_and_printed_as_an_assumption_until_a_lower_level_sets_it(tmp_path):
    line = "way: {title: 读法, clause: '8', unit: TrainingReading, kind: delegate, reading: 周年}\n"
    city = write(tmp_path, CITY, values=line, rules=rules(rule("chosen", "way: TrainingReading", "return way", result="TrainingReading")))
    county = write(
        tmp_path,
        COUNTY,
        document=heading("210504", in_force="2023-01-01"),
        values="way: {title: 读法, clause: 一, unit: TrainingReading, 2023-01-01: 自然年度}\n",
    )
    law = law_of(city, county)
    upper, lower = (answer(law, worker(place), "chosen", on=ON).inputs[0] for place in (2105, 210504))
    assert (upper.value, upper.assumes) == (1, ("“读法”按“周年”（读法）：原文未写，地方确定之前暂用",))
    assert (lower.value, lower.assumes) == (2, ())


def test_trap_29_answer_on_an_unverified_text_is_marked_and_kept_from_a_pay_sheet(tmp_path):
    body = rule("first", "pay: Yuan", "return pay", result="Yuan") + rule("second", "first: Yuan", "return first", result="Yuan")
    pay = "pay: {title: 标准, clause: 一, unit: 元, 2022-01-01: 10}\n"
    sure = write(tmp_path, CITY, rules=rules(body), document=heading("2105", trust="official"))
    doubtful = write(tmp_path, COUNTY, values=pay, document=heading("210504", trust="D"))
    step = answer(law_of(sure, doubtful), worker(), "second", on=ON)
    assert (step.value, step.unverified, pay_ready(step)) == (1000, True, False)
    step = answer(law_of(sure, doubtful, adoptions={COUNTY: "某区委社会工作部"}), worker(), "second", on=ON)
    assert (step.value, step.unverified, pay_ready(step)) == (1000, False, True)


def test_step_names_fact_with_provenance_and_value_with_replaced_ones(tmp_path):
    city = write(
        tmp_path,
        CITY,
        values="share: {title: 占比, clause: 工资, unit: 比, 2022-01-01: 20%}\n",
        rules=rules(rule("first", "share: Ratio, a: int", "return a")),
        terms=TERMS,
    )
    county = write(
        tmp_path,
        COUNTY,
        values="share: {clause: 甲, unit: 比, 2023-01-01: 10%, note: 区里决定}\n",
        document=heading("210504", in_force="2023-01-01"),
    )
    source = Provenance(entry=(5 << 25) | 7, fact=3, since=date(2020, 1, 1))
    step = answer(law_of(city, county), Subject(1, "worker", 210504, {"a": Known(4, source)}), "first", on=ON)
    share, fact = step.inputs
    assert (share.definition.document.id, share.why, [one.document.id for one in share.replaced]) == (COUNTY, "区里决定", [CITY])
    assert (fact.source, fact.provenance) == ("fact", source)


def test_answers_are_made_once_and_shared(tmp_path):
    body = (
        rule("first", "a: int", "return a")
        + rule("second", "first: int", "return first")
        + rule("third", "first: int, second: int", "return first + second")
    )
    steps = answer_all(law_with(tmp_path, body), worker(a=2), on=ON)
    assert [step.value for step in steps.values()] == [2, 2, 4]
    assert steps["third"].inputs == (steps["first"], steps["second"])

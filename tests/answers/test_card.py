"""The card: one dictionary for page, API and command line; the same as text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from jiceng.answers.answer import answer
from jiceng.answers.card import as_dict, as_text, face, value_text
from jiceng.answers.printing import record_text
from jiceng.answers.subject import History, Known, Provenance, Record, Subject
from jiceng.base.dates import OPEN_END, day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.rules.tables import Bands, Table
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import base_terms
from tests.law.folders import CITY, COUNTY, heading, law_of, rules, write

ON = date(2024, 12, 31)
RULES = rules('''
@rule(clause="工资", title="工资标准")
def monthly_pay(pay_base: Yuan, coefficient: Ratio, pay_rounding: Rounding) -> Yuan:
    """基数乘系数。"""
    return times(pay_base, coefficient, pay_rounding)


@rule(clause="工资", title="绩效工资", assumes="按月发放")
def performance(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding, assessments: Records[Assessment]) -> Yuan:
    """工资标准乘占比。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="考核", title="计算年限", names={"counted": "已计", "failed": "不计"}, unit="年")
def counted_years(assessments: History[Assessment], on: Date, fail_excluded: ByDate[int]) -> int:
    """考核不合格的年度不计。"""
    counted, failed = 0, 0
    for a in assessments:
        if a.year <= year(on):
            if a.result == Result.fail and at(fail_excluded, a, 0) == 1:
                failed += 1
            else:
                counted += 1
    return counted


@rule(clause="考核", title="去留", unit="级")
def staying(assessments: Records[Assessment], on: Date) -> int:
    """两种读法。"""
    y = year(on)
    return ambiguous("四级还是五级", y, 5)
''')
VALUES = """
pay_base: {title: 工资基数, clause: 工资, unit: 元, 2023-01-01: 3400}
performance_share: {title: 绩效占比, clause: 工资, unit: 比, kind: about, 2023-01-01: 20%}
pay_rounding: {title: 工资取整, clause: 工资, unit: Rounding, 2023-01-01: 四舍五入}
fail_excluded: {title: 不合格年度不计, clause: 考核, unit: "", 2023-01-01: 1}
"""
LOWER = "performance_share: {clause: 工资, unit: 比, 2023-01-01: 10%, note: 区里决定九一开}\n"
SOURCE = Provenance(
    entry=(3 << 25) | 41, fact=9, actor="张三", known=datetime(2024, 3, 5, 8, 30, tzinfo=UTC), basis="工资审批表", since=date(2023, 1, 1)
)


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    root = tmp_path_factory.mktemp("law")
    city = write(
        root, CITY, values=VALUES, rules=RULES, document=heading("2105", in_force="2023-01-01", short="本民发〔2022〕43号", number="43号")
    )
    county = write(
        root, COUNTY, values=LOWER, document=heading("210504", in_force="2023-01-01", short="明山区决定", trust="D", example="是")
    )
    return law_of(city, county)


def worker() -> Subject:
    records = tuple(Record(date(y, 12, 31), OPEN_END, 0, {"year": y, "result": r}) for y, r in ((2021, 3), (2022, 5), (2023, 5), (2024, 3)))
    return Subject(1, "worker", 210504, {"coefficient": Known(1_200_000, SOURCE)}, {"assessments": History(records, date.min, True)})


def test_card_as_text(law):
    assert as_text(answer(law, worker(), "performance", on=ON), law.terms).splitlines() == [
        "绩效工资：408.00 元〔本民发〔2022〕43号·工资〕",
        "　工资标准：4,080.00 元〔本民发〔2022〕43号·工资〕",
        "　　工资基数：3,400.00 元〔本民发〔2022〕43号·工资〕",
        "　　工资系数：1.2 倍［台账］（张三 2024-03-05 记入，账簿 3 第 41 号）",
        "　　工资取整：四舍五入〔本民发〔2022〕43号·工资〕",
        "　绩效占比：10%〔明山区决定·工资〕（未核实）（示例）",
        "　　　· 取代〔本民发〔2022〕43号·工资〕的 约 20%：区里决定九一开",
        "　工资取整：四舍五入〔本民发〔2022〕43号·工资〕",
        "　年度考核：4 条记录［履历］",
        "按此理解：按月发放",
        "所据文本未核实，不能用于锁定的工资单",
    ]


def test_states_of_a_history_rule_as_text(law):
    assert as_text(answer(law, worker(), "counted_years", on=ON), law.terms).splitlines() == [
        "计算年限：3 年〔本民发〔2022〕43号·考核〕",
        "　　· 2021 合格 → 已计 1，不计 0",
        "　　· 2022 不合格 → 已计 2，不计 0（2022 年时尚无“不合格年度不计”的规定）",
        "　　· 2023 不合格 → 已计 2，不计 1",
        "　　· 2024 合格 → 已计 3，不计 1",
        "　年度考核：4 条记录［履历］",
        "　不合格年度不计：按当时的规定〔本民发〔2022〕43号·考核〕",
    ]


def test_answer_without_value_as_text_says_what_is_missing(law):
    assert as_text(answer(law, Subject(1, "worker", 2105), "monthly_pay", on=ON), law.terms).splitlines() == [
        "工资标准：缺事实〔本民发〔2022〕43号·工资〕",
        "　　· 缺“工资系数”",
        "　工资基数：3,400.00 元〔本民发〔2022〕43号·工资〕",
        "　工资系数：缺事实［台账］",
        "　工资取整：四舍五入〔本民发〔2022〕43号·工资〕",
        "缺：工资系数",
    ]


def test_options_of_an_ambiguous_answer_as_text(law):
    lines = as_text(answer(law, worker(), "staying", on=ON), law.terms).splitlines()
    assert lines[:2] == ["去留：条文不明〔本民发〔2022〕43号·考核〕", "　　· 四级还是五级：2,024 级、5 级"]


def test_card_as_dict_has_the_same_keys_at_every_step_and_is_plain(law):
    card = as_dict(answer(law, worker(), "performance", on=ON), law.terms)
    assert json.loads(json.dumps(card)) == card
    keys = [
        "name", "title", "type", "kind", "kind_name", "text", "unit", "value", "source", "source_name", "clause", "recorded", "why",
        "options", "assumes", "missing", "replaced", "states", "records", "inputs", "horizon",
    ]  # fmt: skip
    assert [list(part) for part in card["inputs"]] == [keys] * 4
    assert [*list(card)] == [*keys, "unverified"]
    share = card["inputs"][1]
    assert share["clause"] == {
        "document": COUNTY, "document_title": "示例办法210504", "short": "明山区决定", "issuer": "", "number": "", "clause": "工资",
        "mark": "〔明山区决定·工资〕", "trust": "unverified", "trust_name": "未核实", "adopted_by": "", "since": "2023-01-01",
        "note": "区里决定九一开", "example": True,
    }  # fmt: skip
    assert [(one["mark"], one["text"], one["trust"]) for one in share["replaced"]] == [("〔本民发〔2022〕43号·工资〕", "约 20%", "reprint")]
    assert card["inputs"][0]["inputs"][1]["recorded"] == {
        "entry": (3 << 25) | 41, "fact": 9, "actor": "张三", "known": "2024-03-05T08:30:00+00:00",
        "basis": "工资审批表", "since": "2023-01-01",
    }  # fmt: skip
    assert (card["value"], card["text"], card["kind"], card["kind_name"], card["horizon"]) == (40_800, "408.00 元", "value", "有答案", None)
    assert (card["assumes"], card["unverified"]) == (["按月发放"], True)


def test_the_face_of_a_card_says_what_the_card_says(law):
    step = answer(law, worker(), "performance", on=ON)
    card, outside = as_dict(step, law.terms), face(step, law.terms)
    assert list(outside) == ["name", "title", "kind", "kind_name", "text", "value", "clause", "why"]
    assert outside == {key: card[key] for key in outside}


def test_records_of_a_history_name_the_entries_that_recorded_them(law):
    records = (Record(date(2023, 12, 31), OPEN_END, 0, {"year": 2023, "result": 3}, SOURCE),)
    who = Subject(1, "worker", 2105, {}, {"assessments": History(records)})
    step = answer(law, who, "counted_years", on=ON)
    card = as_dict(step, law.terms)
    assert (step.kind.name, card["inputs"][0]["kind"], card["inputs"][0]["value"]) == ("unchecked", "unchecked", None)
    assert [(one["text"], one["since"], one["until"], one["recorded"]["entry"]) for one in card["inputs"][0]["records"]] == [
        ("2023 合格", "2023-12-31", None, (3 << 25) | 41)
    ]
    assert as_text(step, law.terms).splitlines()[2:5] == [
        "　年度考核：需核实［履历］",
        "　　　· “年度考核”不知道是否完整",
        "　　　· 2023 合格（张三 2024-03-05 记入，账簿 3 第 41 号）",
    ]


def test_record_in_words_names_numbers_and_dates_but_not_codes():
    terms = base_terms()
    values = {"level": 3, "kind": 2, "hours": 40}
    assert record_text(terms.kinds["training"], values, "2024-03-10", terms) == "2024-03-10 县级骨干培训 在职培训 学时 40"
    assert record_text(terms.kinds["assessment"], {"year": 2023, "result": 5}, "2023-12-31", terms) == "2023 不合格"


def test_replaced_rule_and_delegation_as_text(tmp_path):
    upper = "a: {title: 甲, clause: 一, unit: 级, kind: delegate}\n"
    body = '@rule(clause="一", title="{0}")\ndef {0}({1}: int) -> int:\n    """它。"""\n    return {1}\n\n\n'
    city = write(tmp_path, CITY, values=upper, rules=rules(body.format("b", "a")), document=heading("2105", short="市"))
    lower = "a: {title: 甲, clause: 一, unit: 级, 2022-01-01: 3}\n"
    county = write(tmp_path, COUNTY, values=lower, rules=rules(body.format("b", "a")), document=heading("210504", short="县"))
    law = law_of(city, county)
    assert as_text(answer(law, Subject(1, "worker", 210504), "b", on=ON), law.terms).splitlines() == [
        "b：3〔县·一〕",
        "　　· 取代〔市·一〕的规则",
        "　甲：3 级〔县·一〕",
        "　　　· 取代〔市·一〕（交由下级确定）",
    ]


POST, MONEY = TypeRef("Post"), TypeRef("Yuan")


@pytest.mark.parametrize(
    ("value", "type", "unit", "text"),
    [
        (340_000, MONEY, "元", "3,400.00 元"), (-5, MONEY, "", "-0.05 元"), (460_800_000, TypeRef("Ratio"), "人", "460.8 人"),
        (200_000, TypeRef("Ratio"), "比", "20%"), (day_number(date(2025, 3, 11)), TypeRef("Date"), "", "2025-03-11"),
        (day_number(OPEN_END), TypeRef("Date"), "", "至今"), (1, TypeRef("bool"), "", "是"), (0, TypeRef("bool"), "", "否"),
        (2, POST, "", "社区党组织书记"), (12_000, TypeRef("int"), "人", "12,000 人"), (2024, TypeRef("int"), "", "2024"),
        (None, MONEY, "元", "—"), ((), TypeRef("History"), "", "没有记录"),
        (Table((POST,), {(2,): 90_000, (6,): 80_000}), TypeRef("Table", (POST, MONEY)), "元",
         "社区党组织书记 900.00 元；社区“两委”委员 800.00 元"),
        (Table((TypeRef("int"),), {(n,): n for n in range(9)}), TypeRef("Table", (TypeRef("int"), TypeRef("int"))), "级",
         "0 0 级；1 1 级；2 2 级；3 3 级；4 4 级；5 5 级；6 6 级；7 7 级；……共 9 格"),
        (Bands(((1, 9, 5), (10, 19, mark(AnswerKind.open)), (20, None, 15))), TypeRef("Bands"), "天",
         "1—9：5 天；10—19：未印；20以上：15 天"),
        (Bands(((-(2**61), 9, 5),)), TypeRef("Bands"), "天", "9以下：5 天"),
    ],
)  # fmt: skip
def test_values_as_people_read_them(value, type, unit, text):
    assert value_text(value, type, unit, base_terms()) == text

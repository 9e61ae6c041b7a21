"""Every kind of broken folder is refused in Chinese, with file and line, and all findings at once."""

from __future__ import annotations

import pytest

from jiceng.base.refusals import Problems
from jiceng.law.load import load_law
from tests.law.folders import CITY, COUNTY, findings, heading, messages, rules, write

PAY = "pay_base: {title: 工资基数, clause: 工资, unit: 元, 2022-01-01: 3400}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"values": "a: {clause: 一, unit: 元, 2022-01-01: 1\nb: 2\n"}, ("law.yaml", "values.yaml", 2)),
        ({"values": PAY + PAY}, ("law.yaml_twice", "values.yaml", 2)),
        ({"values": "a: &x {clause: 一}\nb: *x\n"}, ("law.yaml", "values.yaml", 1)),
        ({"values": "[" * 1_000_000}, ("law.yaml", "values.yaml", 1)),
        ({"values": "- " * 500_000 + "x"}, ("law.yaml", "values.yaml", 1)),
        ({"values": "a: 1\n---\nb: 2\n"}, ("law.yaml", "values.yaml", 2)),
        ({"values": "a: !!python/object:os.system {}\n"}, ("law.yaml", "values.yaml", 1)),
        ({"values": "? [a]\n: b\n"}, ("law.yaml", "values.yaml", 1)),
        ({"values": "- 工资\n"}, ("law.values_shape", "values.yaml", 1)),
        ({"values": "\npay: 3400\n"}, ("law.values_shape", "values.yaml", 2)),
        ({"values": "工资: {clause: 一, unit: 元, 2022-01-01: 1}\n"}, ("law.values_shape", "values.yaml", 1)),
        ({"values": "a: {title: 甲, unit: 元, 2022-01-01: 1}\n"}, ("law.no_clause", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元}\n"}, ("law.no_date", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, 2022-02-30: 1}\n"}, ("law.values_word", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, 2022-01-01: 1.005}\n"}, ("law.value", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 级, 2022-01-01: 1.5}\n"}, ("law.value", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, 2022-01-01: 20%}\n"}, ("law.value", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: Rounding, 2022-01-01: 五舍六入}\n"}, ("law.value", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, kind: 大约, 2022-01-01: 1}\n"}, ("law.values_kind", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, kind: range, 2022-01-01: [2, 1]}\n"}, ("law.range", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, reading: 1, 2022-01-01: 1}\n"}, ("law.reading", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 元, kind: delegate, 2022-01-01: 1}\n"}, ("law.delegate_dated", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 级, axes: Pots, 2022-01-01: {书记: 1}}\n"}, ("law.axis", "values.yaml", 1)),
        ({"values": "a: {title: 甲, clause: 一, unit: 级, axes: Post, 2022-01-01: {书计: 1}}\n"}, ("law.table", "values.yaml", 1)),
        (
            {"values": "a: {title: 甲, clause: 一, unit: 级, axes: Post, 2022-01-01: {书记: 1, 社区书记: 2}}\n"},
            ("law.table", "values.yaml", 1),
        ),
        ({"values": "a: {title: 甲, clause: 一, unit: 天, kind: bands, 2022-01-01: [[9, 1, 5]]}\n"}, ("law.bands", "values.yaml", 1)),
        ({"values": "a: {clause: 一, unit: 元, 2022-01-01: 1}\n"}, ("law.untitled", "values.yaml", 1)),
        ({"values": "birth_date: {clause: 一, unit: 日期, 2022-01-01: 2022-01-01}\n"}, ("law.law_and_fact", "values.yaml", 1)),
        ({"document": heading("2105", in_force="2022-02-30")}, ("law.document", "document.yaml", 4)),
        ({"document": heading("21055")}, ("law.document", "document.yaml", 3)),
        ({"document": heading("2105", trust="sure")}, ("law.document", "document.yaml", 5)),
        ({"document": heading("2105", titel="x")}, ("law.document", "document.yaml", 6)),
        ({"document": heading("2105", until="2021-01-01")}, ("law.document", "document.yaml", 6)),
        ({"document": "title: 甲\njurisdiction: '2105'\nin_force: 2022-01-01\n"}, ("law.document", "document.yaml", 1)),
        ({"clauses": "- {number: '1', sentences: [{digest: 甲, disposition: none}]}\n"}, ("law.no_reason", "clauses.yaml", 1)),
        ({"clauses": "- {number: '1', sentences: [{digest: 甲, disposition: law}]}\n"}, ("law.disposition", "clauses.yaml", 1)),
        ({"clauses": "- {number: '1', sentences: [{digest: 甲, disposition: rule}]}\n"}, ("law.no_points", "clauses.yaml", 1)),
        (
            {"clauses": "- {number: '1', sentences: [{digest: 甲, disposition: rule, points: [x]}]}\n"},
            ("law.unknown_point", "clauses.yaml", 1),
        ),
        ({"clauses": "- {number: '1', sentences: [{digest: 甲, disposition: duty}]}\n" * 2}, ("law.clause_twice", "clauses.yaml", 2)),
        (
            {"clauses": "- {number: '1', sentences: [{digest: 甲, disposition: duty}]}\n", "values": PAY},
            ("law.unknown_clause", "values.yaml", 1),
        ),
        ({"cases": "情形: 一个\n"}, ("law.cases_shape", "cases.yaml", 1)),
        ({"cases": "\n- {情形: 一, 日期: 2022-02-30, 已知: {}, 应得: {甲: 1}}\n"}, ("law.case", "cases.yaml", 2)),
        ({"cases": "- {情形: 一, 日期: 2022-03-01, 已知: {年度考合: 无}, 应得: {甲: 1}}\n"}, ("law.case", "cases.yaml", 1)),
        ({"terms": "names:\n  birth_date: {name: 生日, type: Date}\n"}, ("terms.clash", "terms.yaml", 0)),
        ({"rules": rules("def f(:\n")}, ("rules.syntax", "rules.py", 4)),
    ],
)
def test_folder_with_one_fault_is_refused_at_its_line(tmp_path, files, expected):
    folder = write(tmp_path, CITY, **files)
    id, file, line = expected
    assert findings(folder) == [(id, f"{CITY}/{file}", line)]


def test_file_that_is_not_utf8_is_refused_with_the_line(tmp_path):
    folder = write(tmp_path, CITY)
    (folder / "values.yaml").write_bytes("# 注\n工资: 1\n".encode()[:8] + "工资".encode("gbk"))
    assert findings(folder) == [("law.encoding", f"{CITY}/values.yaml", 2)]


def test_huge_file_is_refused_before_it_is_read(tmp_path):
    folder = write(tmp_path, CITY, values="#" * 2_000_001)
    assert findings(folder) == [("law.too_large", f"{CITY}/values.yaml", 0)]


def test_folder_without_heading_is_refused(tmp_path):
    folder = write(tmp_path, CITY)
    (folder / "document.yaml").unlink()
    assert findings(folder) == [("law.no_heading", CITY, 0)]


def test_two_folders_of_one_id_are_refused(tmp_path):
    one, two = write(tmp_path / "a", CITY), write(tmp_path / "b", CITY)
    assert findings(one, two) == [("law.folder_twice", "2022-pay", 0)]


def test_money_is_in_yuan_and_nothing_else_is(tmp_path):
    terms = "names:\n  fee: {name: 费, type: int, unit: 元}\n"
    body = '@rule(clause="一", title="人数", unit="人")\ndef heads(pay_base: Yuan) -> Yuan:\n    """它。"""\n    return pay_base\n'
    folder = write(tmp_path, CITY, terms=terms, values=PAY + "fee: {clause: 一, 2022-01-01: 5}\n", rules=rules(body))
    assert messages(folder) == [
        f"{CITY}/values.yaml 第 2 行：“fee”的类型是 int，单位却是“元”",
        f"{CITY}/rules.py 第 4 行：“heads”的类型是 Yuan，单位却是“人”",
    ]


RULE = """@rule(clause="工资", title="应发")
def due_pay({arguments}) -> Yuan:
    \"\"\"发多少。\"\"\"
    return {result}
"""


def test_forbidden_syntax_is_refused_with_its_line(tmp_path):
    folder = write(tmp_path, CITY, values=PAY, rules=rules(RULE.format(arguments="pay_base: Yuan", result="pay_base // 3")))
    (found,) = messages(folder)
    assert found.startswith(f"{CITY}/rules.py 第 7 行第 12 列：")
    assert "divide" in found


def test_unknown_name_is_refused_with_the_nearest_names(tmp_path):
    folder = write(tmp_path, CITY, values=PAY, rules=rules(RULE.format(arguments="pay_bsae: Yuan", result="pay_bsae")))
    assert messages(folder) == [f"{CITY}/rules.py 第 4 行：规则“应发”的输入“pay_bsae”在词表、数值、规则中都没有。是否想写：pay_base"]


def test_type_of_an_argument_must_be_the_values(tmp_path):
    arguments = "wage: Ratio, share: Yuan, r: Rounding"
    values = (
        PAY
        + "wage: {title: 工钱, clause: 工资, unit: 元, 2022-01-01: 5}\n"
        + "share: {title: 占比, clause: 工资, unit: 比, 2022-01-01: 20%}\nr: {title: 取整, clause: 工, unit: Rounding, 2022-01-01: 进一}\n"
    )
    folder = write(tmp_path, CITY, values=values, rules=rules(RULE.format(arguments=arguments, result="times(share, wage, r)")))
    assert messages(folder) == [
        f"{CITY}/rules.py 第 4 行：规则“应发”的输入“wage”写成 Ratio，{CITY}里是 Yuan",
        f"{CITY}/rules.py 第 4 行：规则“应发”的输入“share”写成 Yuan，{CITY}里是 Ratio",
    ]


def test_trap_8_one_name_has_one_type_title_and_unit_in_the_whole_country(tmp_path):
    one = write(
        tmp_path,
        CITY,
        values="limit: {title: 限额, clause: 一, unit: 元, 2022-01-01: 5}\nspan: {title: 期, clause: 一, unit: 年, 2022-01-01: 5}\n",
    )
    two = write(
        tmp_path,
        "cn-31-far/2020-x",
        values="limit: {title: 上限, clause: 一, unit: 人, 2022-01-01: 5}\nspan: {title: 期, clause: 一, unit: 月, 2022-01-01: 5}\n",
    )
    assert messages(one, two) == [
        f"cn-31-far/2020-x/values.yaml 第 1 行：“limit”这里的类型是 int，{CITY}里是 Yuan",
        f"cn-31-far/2020-x/values.yaml 第 1 行：“limit”这里叫“上限”，{CITY}里叫“限额”",
        "cn-31-far/2020-x/values.yaml 第 1 行：“limit”这里的单位是“人”，别处是“元”",
        "cn-31-far/2020-x/values.yaml 第 2 行：“span”这里的单位是“月”，别处是“年”",
    ]


def test_table_cannot_be_asked_by_date(tmp_path):
    values = "grade: {title: 等级, clause: 一, unit: 级, axes: Post, 2022-01-01: {书记: 1}}\n"
    body = '@rule(clause="一", title="甲")\ndef first(assessments: Records[Assessment], grade: ByDate[int]) -> int:\n'
    folder = write(tmp_path, CITY, values=values, rules=rules(body + '    """甲。"""\n    return len(assessments)\n'))
    assert ("law.type_mismatch", f"{CITY}/rules.py", 4) in findings(folder)


def test_name_that_is_value_and_rule_in_one_folder_is_refused(tmp_path):
    values = "due_pay: {title: 应发, clause: 工资, unit: 元, 2022-01-01: 5}\n" + PAY
    folder = write(tmp_path, CITY, values=values, rules=rules(RULE.format(arguments="pay_base: Yuan", result="pay_base")))
    assert ("law.defined_twice", f"{CITY}/values.yaml", 1) in findings(folder)


def test_place_rule_may_not_ask_for_facts_of_a_worker(tmp_path):
    body = '@rule(clause="一", title="甲", of="place")\ndef first(birth_date: Date) -> Date:\n    """甲。"""\n    return birth_date\n'
    folder = write(tmp_path, CITY, rules=rules(body))
    assert messages(folder) == [f"{CITY}/rules.py 第 4 行：规则“甲”问的是 place，不能用 worker 的“birth_date”；汇总请用 total"]


def test_total_of_a_rule_that_does_not_exist_is_refused(tmp_path):
    folder = write(
        tmp_path, CITY, rules=rules('@total(rule="nobody", clause="一", title="合计")\ndef all_of() -> int:\n    """合计。"""\n')
    )
    assert findings(folder) == [("law.unknown_name", f"{CITY}/rules.py", 4)]


def test_only_what_is_asked_about_a_month_may_ask_for_what_is(tmp_path):
    text = '@rule(clause="一", title="{0}"{2})\ndef {0}({1}: int) -> int:\n    """它。"""\n    return {1}\n\n\n'
    ofmonth = ', asked="month"'
    upper = text.format("alpha", "households", ofmonth)
    assert findings(write(tmp_path / "1", CITY, rules=rules(upper + text.format("beta", "alpha", "")))) == [
        ("law.of_a_month", f"{CITY}/rules.py", 10)
    ]
    assert len(load_law([write(tmp_path / "2", CITY, rules=rules(upper + text.format("beta", "alpha", ofmonth)))]).documents) == 1
    assert findings(write(tmp_path / "3", CITY, rules=rules(text.format("beta", "households", ', asked="year"')))) == [
        ("rules.mark", f"{CITY}/rules.py", 4)
    ]


def two_rules(first: str, second: str) -> str:
    text = '@rule(clause="一", title="{0}")\ndef {0}({1}: int) -> int:\n    """它。"""\n    return {1}\n\n\n'
    return rules(text.format(*first.split()) + text.format(*second.split()))


def test_trap_7_circle_in_one_place_is_refused_naming_the_documents(tmp_path):
    city = write(tmp_path, CITY, document=heading("2105", short="市"), rules=two_rules("alpha beta", "beta households"))
    county = write(
        tmp_path, COUNTY, document=heading("210504", in_force="2023-01-01", short="县"), rules=two_rules("beta alpha", "gamma alpha")
    )
    assert [p for p in messages(city, county) if "圈" in p] == [
        f"{COUNTY}/rules.py 第 4 行：规则互相依赖成一个圈（210504 自 2023-01-01 起）：alpha〔市·一〕 ← beta〔县·一〕 ← alpha〔市·一〕"
    ]


def test_trap_7_circle_across_places_runs(tmp_path):
    one = write(tmp_path, CITY, rules=two_rules("alpha beta", "beta households"))
    two = write(tmp_path, "cn-2106-other/2022-pay", rules=two_rules("beta alpha", "alpha households"))
    assert len(load_law([one, two]).documents) == 2


def test_all_findings_of_all_folders_come_at_once(tmp_path):
    one = write(tmp_path, CITY, values="a: {title: 甲, unit: 元, 2022-01-01: x}\n")
    two = write(tmp_path, COUNTY, document=heading("210504", trust="sure"))
    with pytest.raises(Problems) as refused:
        load_law([one, two])
    assert refused.value.id == "law.refused"
    assert [p.id for p in refused.value.problems] == ["law.document", "law.no_clause", "law.value"]

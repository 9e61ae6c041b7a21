"""cases.yaml: read by Chinese or identifier names, histories as lists; a wrong expectation fails."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.answers.cases import run_cases
from jiceng.answers.check import check
from jiceng.base.dates import OPEN_END
from jiceng.law.cases import CaseHistory, CaseRecord, read_cases
from jiceng.law.coverage import coverage
from jiceng.law.folding import folded, text_hash
from jiceng.law.skeleton import new_folder
from tests.law.folders import CITY, law_of, messages, rules, write

BODY = rules('''
@rule(clause="一", title="优秀年数", unit="年")
def excellent_years(assessments: History[Assessment]) -> int:
    """优秀的有几年。"""
    count = 0
    for a in assessments:
        if a.result == Result.excellent:
            count += 1
    return count
''')


def case(known: str, expected: str, *, more: str = "") -> str:
    return f"- {{情形: 某人, 日期: 2023-06-30, 已知: {known}, 应得: {expected}{more}}}\n"


def read(tmp_path, known: str):
    law = law_of(write(tmp_path, CITY, rules=BODY, cases=case(known, "{优秀年数: 0}")))
    return read_cases(law, law.documents[0])[0]


def record(year: int, month: int, day: int, /, **values: int) -> CaseRecord:
    return CaseRecord(date(year, month, day), OPEN_END, 2105, values)


def test_years_of_assessments_as_a_list(tmp_path):
    found = read(tmp_path, "{年度考核: [2021..2022 合格, 2023 优秀]}").histories["assessments"]
    years = (record(2021, 12, 31, year=2021, result=3), record(2022, 12, 31, year=2022, result=3), record(2023, 6, 30, year=2023, result=1))
    assert found == CaseHistory(years)


@pytest.mark.parametrize(
    ("text", "since", "until", "place", "values"),
    [
        ("2020-01-01 书记 两委专职 选举", date(2020, 1, 1), OPEN_END, 2105, {"post": 2, "class": 1, "origin": 1}),
        ("2020-01-01..2022-03-01 委员", date(2020, 1, 1), date(2022, 3, 1), 2105, {"post": 6}),
        ("2020-01-01至今 网格员 地点=210504001001", date(2020, 1, 1), OPEN_END, 210504001001, {"post": 8}),
        ("{自: 2020-01-01, 至: 2021-01-01, 岗位: 主任, 地点: 2106}", date(2020, 1, 1), date(2021, 1, 1), 2106, {"post": 3}),
    ],
)
def test_appointment_as_words_or_by_field(tmp_path, text, since, until, place, values):
    found = read(tmp_path, f"{{任职经历: [{text}]}}").histories["appointments"]
    assert found == CaseHistory((CaseRecord(since, until, place, values),))


def test_histories_none_unknown_and_complete_from(tmp_path):
    assert read(tmp_path / "a", "{培训: 无}").histories["trainings"] == CaseHistory()
    assert read(tmp_path / "b", "{培训: 不详}").histories["trainings"] == CaseHistory(whole=False, complete_from=None)
    since = CaseHistory((record(2022, 5, 1),), whole=False, complete_from=date(2022, 1, 1))
    assert read(tmp_path / "c", "{培训: {完整自: 2022-01-01, 记录: [2022-05-01]}}").histories["trainings"] == since
    partly = CaseHistory((record(2022, 5, 1, hours=40),), whole=False, complete_from=None)
    assert read(tmp_path / "d", "{培训: {完整: 否, 记录: [2022-05-01 40]}}").histories["trainings"] == partly


def test_facts_by_chinese_name_or_identifier_and_unknown_facts(tmp_path):
    found = read(tmp_path, "{工资系数: 1.2倍, birth_date: 1980-02-29, 性别: 女, 台账等级: 不详}")
    assert found.known == {"coefficient": 1_200_000, "birth_date": 3711, "sex": 2}


@pytest.mark.parametrize(
    ("known", "expected", "reason"),
    [
        ("{年度考合: 无}", "{优秀年数: 0}", "“年度考合”在词表、数值、规则中都没有。是否想写：年度考核"),
        ("{年度考核: [某日 合格]}", "{优秀年数: 0}", "“年度考核”的“某日”不是日期、起止日期或年度"),
        ("{年度考核: [2021 及格]}", "{优秀年数: 0}", "“年度考核”里没有字段能放“及格”"),
        ("{培训: [{自: 2021-01-01, 学分: 3}]}", "{优秀年数: 0}", "“培训”没有字段“学分”"),
        ("{台账等级: 七}", "{优秀年数: 0}", "“台账等级”的“七”不能读成 int"),
        ("{}", "{优秀年数: 若干}", "“优秀年数”的“若干”不能读成 int"),
        ("{}", "{}", "已知、应得应写成 {名字: 内容}，应得不能空"),
    ],
)
def test_case_that_does_not_read_is_refused(tmp_path, known, expected, reason):
    folder = write(tmp_path, CITY, rules=BODY, cases="# 算例\n" + case(known, expected))
    assert messages(folder) == [f"{CITY}/cases.yaml 第 2 行：第 1 个算例“某人”：{reason}"]


def test_trap_30_wrong_expectation_fails_and_says_what_came_out(tmp_path):
    cases = case("{年度考核: [2021 优秀, 2022 合格]}", "{优秀年数: 1}") + case("{年度考核: [2021 优秀]}", "{优秀年数: 2}")
    cases += case("{}", "{优秀年数: 需核实}") + case("{}", "{优秀年数: 0}") + case("{年度考核: 无}", "{优秀年数: 缺事实}")
    cases += case("{}", "{优秀年数: 需核实：不知道是否完整}") + case("{}", "{优秀年数: 需核实：别的理由}")
    law = law_of(write(tmp_path, CITY, rules=BODY, cases=cases))
    results = run_cases(law, law.documents[0])
    assert [r.right for r in results] == [True, False, True, False, False, True, False]
    assert results[1].text == f"{CITY} 第 2 个算例“某人”（第 2 行）：优秀年数 应得 2，算出 1 年"
    assert not check([tmp_path / CITY]).right


def test_rule_without_a_case_is_noticed(tmp_path):
    law = law_of(write(tmp_path, CITY, rules=BODY))
    assert [(n.id, n.line) for n in law.notices] == [("law.no_case", 5)]


def test_place_and_value_given_by_a_case(tmp_path):
    body = '@rule(clause="一", title="应配", of="place", unit="人")\ndef wanted(urban_residents: int, per: int) -> int:\n'
    body += '    """按人口。"""\n    return urban_residents * per\n'
    values = "per: {title: 每人, clause: 一, unit: 人, kind: delegate}\n"
    cases = case("{城镇常住人口: 3, 每人: 2}", "{应配: 6}") + case("{城镇常住人口: 3}", "{应配: 无法回答：每人未定}")
    cases += case("{每人: 2}", "{应配: 缺事实：城镇常住人口}")
    law = law_of(write(tmp_path, CITY, rules=rules(body), values=values, cases=cases))
    assert [(r.right, r.got) for r in run_cases(law, law.documents[0])] == [
        (True, "6 人"),
        (True, "无法回答：每人未定：〔示例2105·一〕交由下级确定，本地尚未确定"),
        (True, "缺事实：缺“城镇常住人口”"),
    ]


def test_coverage_counts_sentences_by_disposition(tmp_path):
    clauses = """
- number: "1"
  sentences:
    - {digest: 甲, disposition: none, reason: 只是期望}
    - {digest: 乙, disposition: duty}
- number: "2"
  sentences:
    - {digest: 丙, disposition: rule, points: [excellent_years]}
    - {digest: 丁, disposition: duty}
"""
    law = law_of(write(tmp_path, CITY, clauses=clauses, rules=BODY.replace('clause="一"', 'clause="2"')))
    assert coverage(law.documents[0]) == {"rule": 1, "value": 0, "thing": 0, "duty": 2, "none": 1}


def test_text_hash_folds_white_space_and_width_and_nothing_else():
    assert folded("第 3 条\n　每１０，０００人（城镇）") == "第3条每10,000人(城镇)"
    assert text_hash("每 10,000 人") == text_hash("每１０，０００人")
    assert text_hash("每10,000人") != text_hash("每10,001人")
    assert text_hash("每万人") != text_hash("每万人。")


def test_new_folder_checks_as_it_stands(tmp_path):
    path = tmp_path / "cn-210504-mingshan" / "2026-pay"
    names = [p.name for p in new_folder(path, title="明山“试”: 办法", short="明山: 2026", jurisdiction=210504, in_force=date(2026, 1, 1))]
    assert names == ["document.yaml", "clauses.yaml", "values.yaml", "terms.yaml", "rules.py", "cases.yaml"]
    checked = check([path])
    assert checked.right
    assert checked.lines() == ["cn-210504-mingshan/2026-pay：1 句（规则 1）", "文件 1 个，算例 2/2 相符，提示 0 条"]
    assert checked.as_dict()["cases"] == {"total": 2, "wrong": []}


def test_check_of_a_broken_folder_lists_what_refuses_it(tmp_path):
    checked = check([write(tmp_path, CITY, values="a: 1\n")])
    assert not checked.right
    assert [p["id"] for p in checked.as_dict()["problems"]] == ["law.values_shape"]
    assert checked.lines() == [f"[law.values_shape] {CITY}/values.yaml 第 1 行：数值“a”应写成 {{clause: …, unit: …, 日期: 数值}}"]

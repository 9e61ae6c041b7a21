"""The worked cases of the shipped folders, and of the how-to: they hold, and a wrong one fails."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from jiceng.answers.answer import answer
from jiceng.answers.cases import case_subjects, run_cases
from jiceng.base.kinds import AnswerKind
from jiceng.law.cases import read_cases
from jiceng.law.load import find_folders, load_law, shipped_root

OPINION = "cn/2024-community-workers"
BENXI = "cn-2105-benxi/2022-pay"
MINGSHAN = "cn-210504-mingshan/2023-performance"
WITHOUT_A_VALUE = {
    (OPINION, "career_performance"): "what is good performance is left to those who recruit",
    (OPINION, "level_from_certificate"): "the table between levels and certificates was not seen",
    (OPINION, "certificate_from_level"): "the table between levels and certificates was not seen",
    ("cn-3502-xiamen/2009-pay", "monthly_bonus"): "no district's paper was seen",
    ("cn-14-shanxi/2020-pay-copy", "monthly_pay"): "two provinces claim the same figures",
    ("cn-993701-unplaced-jinan-type/2019-pay", "certificate_pay"): "a floor is no amount",
    ("cn-11-beijing/2015-pay", "base_pay_amount"): "districts set the amounts",
    ("cn-11-beijing/2015-pay", "tenure_amount"): "districts set the amounts",
    ("cn-11-beijing/2015-pay", "post_allowance_amount"): "districts set the amounts",
    ("cn-3502-xiamen/2009-pay", "post_pay_due"): "no amount was seen",
    ("cn-3502-xiamen/2021-structure", "converted_grade"): "the conversion table was not seen",
    ("cn-3502-xiamen/2021-structure", "basic_pay"): "the conversion table was not seen",
    ("cn-3507-nanping/2021-structure", "year_end_pay"): "other papers set it",
    ("cn-511681-huaying/2026-trial", "post_subsidy_amount"): "no amount was seen",
    ("cn-511681-huaying/2026-trial", "year_end_performance_amount"): "no amount was seen",
    ("cn-511681-huaying/2026-trial", "contribution_award_amount"): "no amount was seen",
    ("cn-62-gansu/2023-workers", "graded_pay"): "the amounts of the grades were cut off",
    ("cn-2301-harbin/2023-workers", "graded_pay"): "no amount of a grade was seen",
    ("cn-13-hebei/2026-grades", "graded_pay"): "the table of sixty grades was not seen",
    ("cn-995201-unplaced-guizhou-county/2023-posts", "grade_step_amount"): "no amount of a grade and step was seen",
}
HOW_TO = Path(__file__).parents[2] / "docs" / "law" / "write-a-folder.md"


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def results(law):
    return [result for document in law.documents for result in run_cases(law, document)]


def test_every_case_holds(law):
    assert [result.text for result in results(law) if not result.right] == []
    assert {d.id: len(read_cases(law, d)) for d in law.documents} == {d.id: len(d.cases) for d in law.documents}


def test_every_rule_has_a_case_that_gives_a_value(law):
    """All but the rules that cannot give one: what they need was never seen, or somebody has to decide."""
    valued = {(result.document, result.name) for result in results(law) if result.step.kind is AnswerKind.value}
    rules = {(d.id, rule.id) for d in law.documents for rule in d.rules if not rule.total}
    assert rules - valued == set(WITHOUT_A_VALUE)


def test_wrong_expectation_fails(law, tmp_path):
    root = tmp_path / "policies"
    shutil.copytree(shipped_root(), root)
    path = root / BENXI / "cases.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("基本工资: 2720, 绩效工资: 680") == 1
    path.write_text(text.replace("基本工资: 2720, 绩效工资: 680", "基本工资: 2721, 绩效工资: 680"), encoding="utf-8")
    changed = load_law(find_folders(root))
    wrong = [(r.name, r.expected, r.step.value) for r in run_cases(changed, changed.document(BENXI)) if not r.right]
    assert wrong == [("basic_pay", "2721", 272_000)]
    assert changed.hash != law.hash


def stated(law, document, words):
    """The one case of a document whose title holds these words."""
    (case,) = [case for case in read_cases(law, law.document(document)) if words in case.title]
    return case


def answered(law, document, words, name, *, on=None):
    case = stated(law, document, words)
    return answer(law, case_subjects(law, case)[law.of.get(name, "worker")], name, on=on or case.on)


def test_reading_is_printed_until_a_place_sets_it(law):
    step = answered(law, OPINION, "周年读法（J7）", "training_due")
    (reading,) = [one for one in step.inputs if one.name == "training_reading"]
    assert (reading.definition.document.id, len(reading.assumes)) == (OPINION, 1)
    step = answered(law, "cn-5133-ganzi/2026-demo", "另定自然年度", "training_due")
    (reading,) = [one for one in step.inputs if one.name == "training_reading"]
    assert (reading.definition.document.id, reading.assumes) == ("cn-513324-jiulong/2026-demo", ())
    assert [definition.document.id for definition in reading.replaced] == ["cn-5133-ganzi/2026-demo", OPINION]


def test_two_documents_explain_one_share(law):
    step = answered(law, BENXI, "同一人在明山区", "performance_standard")
    (share,) = [one for one in step.inputs if one.name == "performance_share"]
    assert (share.definition.document.id, share.value) == (MINGSHAN, 100_000)
    assert [(one.document.id, one.value.kind, one.at.parsed) for one in share.replaced] == [(BENXI, "about", 200_000)]


def test_rounding_unset_says_so(law):
    step = answered(law, OPINION, "T26", "quota")
    assert (step.kind, step.why.split("：")[0]) == (AnswerKind.open, "取整未定")


def test_overdue_begins_the_day_after_on_every_day_around_it(law):
    days = [date(2025, 3, day) for day in range(8, 14)]
    overdue = [answered(law, OPINION, "周年读法（J7）", "training_overdue", on=day).value for day in days]
    assert overdue == [0, 0, 0, 1, 1, 1]


def test_how_to_example_loads_and_holds(tmp_path):
    text = HOW_TO.read_text(encoding="utf-8")
    blocks = re.findall(r"^## \d\. .*?`(\S+)`\n\n```\w+\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert [name for name, _ in blocks] == ["document.yaml", "values.yaml", "clauses.yaml", "rules.py", "cases.yaml"]
    folder = tmp_path / "cn-513324-jiulong" / "2026-seniority"
    folder.mkdir(parents=True)
    for name, body in blocks:
        (folder / name).write_text(body, encoding="utf-8")
    law = load_law([*find_folders(shipped_root()), folder])
    found = run_cases(law, law.document("cn-513324-jiulong/2026-seniority"))
    assert [(result.got, result.right) for result in found] == [("200.00 元", True), ("0.00 元", True), (found[2].got, True)]
    assert found[2].step.kind is AnswerKind.unchecked

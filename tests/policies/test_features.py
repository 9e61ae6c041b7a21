"""Features that would break a naive design, one test each, on the folders that have them (or on 示例 folders of the test)."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps

from jiceng.answers.step import pay_ready
from jiceng.base.refusals import Problems
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.terms.registry import base_terms
from tests.law.folders import heading, write
from tests.policies.asked import steps, values, with_folders

XIAN, XIAMEN, BENXI, UNNAMED, SHANDONG, JINAN = 6101, 3502, 2105, 9908, 9937, 993701


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def example(tmp_path, id, **files):
    """A 示例 folder of the test."""
    code = id.split("-")[1].split("/")[0]
    return write(tmp_path, id, document=heading(code, in_force="2022-06-01", example="是"), **files)


def test_feature_1_a_diploma_with_degree_moves_the_grade_and_one_without_moves_the_years(law, tmp_path):
    known = "任职经历: [2022-03-01 专职 工作人员], 从事社区工作时间: 2022-03-01, 学历: ['2021-07-01 本科 全日制{}']"
    asked = ("community_years", "entry_grade", "deemed_years")
    both = values(law, tmp_path, *asked, on="2022-06-01", place=JINAN, known=known.format(" 学位=学士"))
    one = values(law, tmp_path, *asked, on="2022-06-01", place=JINAN, known=known.format(""))
    assert (both, one) == ([0, 2, 0], [0, 1, 1])


def test_feature_2_one_table_for_all_posts_or_pay_by_post_beside_the_level(law, tmp_path):
    posts = ("一肩挑", "副主任", "工作人员")
    shared = [
        values(
            law, tmp_path, "monthly_pay", "grade_allowed", on="2021-06-01", place=XIAN, known=f"任职经历: [2015-01-01 {p}], 台账等级: 12"
        )
        for p in posts
    ]
    assert shared == [[445_000, 1], [445_000, 1], [445_000, 1]]
    allowed = [
        values(law, tmp_path, "grade_allowed", on="2021-06-01", place=XIAN, known=f"任职经历: [2015-01-01 {p}], 台账等级: 15")
        for p in posts
    ]
    assert allowed == [[1], [1], [0]]
    apart = [
        values(
            law,
            tmp_path,
            "monthly_pay",
            on="2026-06-01",
            place=UNNAMED,
            known=f"任职经历: [2015-01-01 {p}], 社区工作级别: 4, 职业资格证书: 无",
        )
        for p in ("书记", "副主任", "工作人员")
    ]
    assert apart == [[323_000], [293_000], [273_000]]


def test_feature_2_the_shared_table_never_falls(law):
    """T05: the six printed grades rise, and no post has a table of its own."""
    for name, day in (("grade_pay", date(2021, 6, 1)), ("grade_coefficient", date(2023, 1, 1))):
        table = law.regime(XIAN, day).definitions[name].at.parsed
        cells = [table.cells[key] for key in sorted(table.cells)]
        assert ([axis.name for axis in table.axes], sorted(table.cells)) == (["int"], [(1,), (4,), (7,), (12,), (15,), (18,)])
        assert [b for a, b in pairwise(cells) if b <= a] == []


def test_feature_3_printed_amounts_stand_where_the_formula_gives_others(law, tmp_path):
    names = ("formula_month", "formula_agrees", "monthly_pay")
    assert values(law, tmp_path, *names, on="2021-06-01", place=XIAN, known="台账等级: 1") == [322_700, 0, 320_000]
    base = law.regime(XIAN, date(2021, 6, 1)).definitions["formula_base"]
    assert (base.at.parsed, base.value.note) == (3_872_400, "2018 年城镇居民人均可支配收入")


def test_feature_4_a_range_binds_and_about_does_not(law, tmp_path):
    """T40: 1.3 under 0.8 to 1.2 is refused with the upper clause; 10 % under “about 20 %” is only noticed."""
    folder = example(tmp_path, "cn-993702-city/2022-base", values="base_multiplier: {clause: 一, unit: 倍, 2022-06-01: 1.3, note: 示例}\n")
    with pytest.raises(Problems) as refused:
        with_folders(folder)
    message = "“基数倍数”自 2022-06-01 起是 1.3，超出〔山东某市·工资〕规定的“0.8 至 1.2 倍”"
    assert [(p.id, p.path, p.message) for p in refused.value.problems] == [("law.outside", "cn-993702-city/2022-base/values.yaml", message)]
    about = [(p.id, p.path) for p in law.notices if p.id == "law.about"]
    assert about == [("law.about", "cn-210504-mingshan/2023-performance/values.yaml")]
    assert values(law, tmp_path, "base_multiplier", on="2022-06-01", place=JINAN) == [1_000_000]


def test_feature_5_a_failed_year_takes_itself_off_the_clock(law, tmp_path):
    passed = values(law, tmp_path, "counted_years", on="2024-12-31", place=BENXI, known="年度考核: [2023..2024 合格]")
    failed = values(law, tmp_path, "counted_years", on="2024-12-31", place=BENXI, known="年度考核: [2023 合格, 2024 不合格]")
    assert (passed, failed) == ([2], [1])


def test_feature_5_a_step_needs_every_year(law, tmp_path):
    known = "从事社区工作时间: 2004-06-01, step_clock_start: 2003-07-01, 年度考核: [2004..2008 合格, 2009 {}]"
    found = [values(law, tmp_path, "step", on="2010-06-01", place=XIAMEN, known=known.format(r)) for r in ("合格", "优秀", "不合格")]
    assert found == [[4], [4], ["ambiguous"]]


def test_feature_6_a_clock_begins_in_another_document(law, tmp_path):
    known = "从事社区工作时间: 2001-06-01, 年度考核: [2001..2009 合格]"
    assert values(law, tmp_path, "step", on="2010-06-01", place=XIAMEN, known=known) == ["open"]
    start = write(
        tmp_path,
        "cn-3502-other/2003-start",
        document=heading("3502", in_force="2003-07-01", example="是"),
        values="step_clock_start: {clause: 一, unit: 日期, 2003-07-01: 2003-07-01, note: 示例}\n",
    )
    (step,) = steps(with_folders(start), tmp_path, "step_years", on="2010-06-01", place=XIAMEN, known=known)
    (clock,) = [one for one in step.inputs if one.name == "step_clock_start"]
    assert (step.value, clock.definition.document.id) == (6, "cn-3502-other/2003-start")


def test_feature_6_several_clocks_run_at_once_and_differ_on_a_break(law, tmp_path):
    known = "任职经历: [2010-06-01..2015-06-01 专职 工作人员, 2020-06-01 专职 工作人员], 中断: 无, 从事社区工作时间: 2010-06-01"
    names = ("community_months", "consecutive_years", "community_years")
    assert values(law, tmp_path, *names, on="2024-06-01", place=JINAN, known=known) == [108, 4, 14]


def test_feature_7_one_payslip_is_fed_by_two_layers(tmp_path):
    """The province sets the first part, the county-level city the rest: each line names its own document."""
    value = "provincial_basic_subsidy: {clause: 一, unit: 元, 2022-06-01: 1500, note: 示例}\n"
    law = with_folders(example(tmp_path, "cn-51-province/2022-basic", values=value))
    (step,) = steps(law, tmp_path, "monthly_pay", on="2026-06-01", place=511681, known="岗位职级补贴: 1200, 职业资格证书: 无")
    lines = {one.name: (one.value, one.definition.document.id) for one in step.inputs}
    assert step.value == 270_000
    assert lines == {
        "provincial_basic_subsidy": (150_000, "cn-51-province/2022-basic"),
        "post_subsidy_amount": (120_000, "cn-511681-huaying/2026-trial"),
        "certificate_pay": (0, "cn-511681-huaying/2026-trial"),
    }


def test_feature_9_an_allowance_that_is_only_a_floor(law, tmp_path):
    known = "职业资格证书: ['2020-03-01 社会工作师 登记日期=2020-05-01']"
    (step,) = steps(law, tmp_path, "certificate_pay", on="2022-07-01", place=JINAN, known=known)
    assert (step.kind.name, "不低于" in step.why) == ("open", True)
    line = "certificate_allowance: {{clause: 一, unit: 元, axes: CertificateKind, note: 示例, 2022-06-01: {{初级: {}, 中级: 250}}}}\n"
    street = "cn-993701001-street/2022-allowance"
    paid = values(
        with_folders(example(tmp_path, street, values=line.format(100))),
        tmp_path, "certificate_pay", on="2022-07-01", place=993701001, known=known,
    )  # fmt: skip
    assert paid == [25_000]
    with pytest.raises(Problems) as refused:
        with_folders(example(tmp_path, street, values=line.format(90)))
    assert [p.id for p in refused.value.problems] == ["law.outside"]


def test_feature_9_a_package_is_no_wage_and_retained_pay_is_a_part(law, tmp_path):
    known = "学历: ['2018-07-01 本科 全日制']"
    names = ("package", "package_wage", "monthly_pay")
    assert values(law, tmp_path, *names, on="2022-06-01", place=440304, known=known) == [12_000_000, "open", "no_rule"]
    parts = "岗位工资额: 2000, 薪级工资额: 600, 工作补贴: 300, 保留工资: {}"
    retained = [values(law, tmp_path, "fixed_parts", on="2022-06-01", place=3501, known=parts.format(amount)) for amount in (150, 50)]
    assert retained == [[305_000], [295_000]]


def test_feature_10_a_doctor_in_a_general_post_gets_two_parts_of_the_chiefs(tmp_path):
    tables = "".join(
        f"{name}: {{clause: 一, unit: 元, axes: PostClass, 2022-06-01: {{正职: {chief}, 副职: {deputy}, 一般: {general}}}, note: 示例}}\n"
        for name, chief, deputy, general in (
            ("post_base_pay", 720, 640, 590), ("tenure_allowance", 960, 845, 740), ("post_allowance", 300, 200, 100),
        )
    )  # fmt: skip
    law = with_folders(example(tmp_path, "cn-110102-district/2022-amounts", values=tables))
    known = "任职经历: [2015-01-01 专职 工作人员], 从事社区工作时间: 2015-01-01, 学历: ['2014-07-01 {} 全日制 学位={}']"
    names = ("base_pay_amount", "tenure_amount", "post_allowance_amount")
    found = [
        values(law, tmp_path, *names, on="2022-07-01", place=110102, known=known.format(*held))
        for held in (("博士研究生", "博士"), ("硕士研究生", "硕士"), ("本科", "学士"))
    ]
    assert found == [[72_000, 96_000, 10_000], [64_000, 84_500, 10_000], [59_000, 74_000, 10_000]]


NINGBO, HARBIN, TIANJIN, SHENJIAYING, DAIYUE, LINQU = 3302, 230102, 12, 420202005, 370911, 370724


def test_feature_8_an_average_is_kept_by_the_group_where_one_person_is_below_it(law, tmp_path):
    """At 60,000 a year the chiefs' average has to reach 96,000: 108,000 and 84,000 do, 108,000 and 83,999.88 do not."""
    known = "任职经历: [2015-01-01 两委专职 书记 选举], 工资标准: {}"
    high, low, lower = (
        values(law, tmp_path, "chief_income", "chief_counted", on="2026-06-01", place=NINGBO, known=known.format(pay))
        for pay in ("9000", "7000", "6999.99")
    )
    assert (high, low, lower) == ([10_800_000, 1], [8_400_000, 1], [8_399_988, 1])
    met = [
        values(
            law, tmp_path, "chief_average_met", "general_average_met", on="2026-06-01", place=NINGBO,
            known=f"local_average_wage: 60000, 正职年收入合计: {(high[0] + other[0]) / 100:.2f}, 正职计入人数: 2, "
            "一般人员年收入合计: 0, 一般人员计入人数: 0",
        )
        for other in (low, lower)
    ]  # fmt: skip
    assert met == [[1, "not_applicable"], [0, "not_applicable"]]


def test_feature_8_a_cap_needs_the_group_and_its_unit(law, tmp_path):
    """28 of a district's 95 are within 30 %; the same 28 of a street's 60 would not be, so the question names its unit."""
    found = [
        values(
            law, tmp_path, "excellent_limit", "excellent_within", on="2024-12-31", place=HARBIN, known=f"参加考核人数: {n}, 优秀人数: 28"
        )
        for n in (95, 60)
    ]
    assert found == [[28, 1], [18, 0]]
    asked = "2024-12-31"
    levels = [values(law, tmp_path, "excellent_within", on=asked, place=place, known="")[0] for place in (2301, HARBIN, HARBIN * 1000 + 1)]
    assert levels == ["not_applicable", "missing", "not_applicable"]


def test_feature_11_what_is_due_hangs_on_a_decision_on_record(law, tmp_path):
    known = "任职经历: [2005-01-01 两委专职 一肩挑 选举], 最高档待遇的参照: 9000, 经批准的待遇的参照: 11000, 批准决定: {}"
    decisions = ("无", "[2022-05-01 最高档待遇 批准=是 县级]", "[2022-05-01 最高档待遇 批准=否 县级]", "[2022-05-01 等级对应 批准=是 县级]")
    found = [values(law, tmp_path, "pay_ceiling", on="2023-06-01", place=TIANJIN, known=known.format(d)) for d in decisions]
    assert found == [[900_000], [1_100_000], [900_000], [900_000]]


def test_feature_12_overlaps_and_gaps_are_said_and_never_chosen(law, tmp_path):
    folders = ("cn-990301-unplaced-county-leave/2026-leave", "cn-990302-unplaced-leave-template/2026-leave")
    noticed = sorted((n.id, n.path.rpartition("/")[0]) for n in law.notices if n.path.startswith(folders))
    assert noticed == [("law.bands_gap", folders[0]), ("law.bands_overlap", folders[1]), ("law.bands_overlap", folders[1])]
    three = [
        values(law, tmp_path, "leave_approver", on="2026-06-01", place=990302, known=f"申请类别: 病假, 申请天数: {days}")
        for days in (2, 3, 4)
    ]
    assert three == [[1], ["ambiguous"], [2]]
    gap = [values(law, tmp_path, "absence_measure", on="2026-06-01", place=990301, known=f"旷工天数: {days}") for days in (5, 6, 14, 15)]
    assert gap == [[2], ["open"], ["open"], [3]]


def test_feature_13_dates_move(law, tmp_path):
    """A retirement age does not outlive the rule it rests on; a tier begins the month after; a paper says its own birth months."""
    born = [
        values(law, tmp_path, "retirement_day", on="2024-06-01", place=HARBIN, known=f"出生日期: {day}, 性别: 女")[0]
        for day in ("1969-12-31", "1970-01-01")
    ]
    assert born == [(date(2024, 12, 31) - date(1970, 1, 1)).days, "ambiguous"]
    tiers = [
        values(law, tmp_path, "annual_leave_standard", on=day, place=SHENJIAYING, known="参加工作时间: 2014-06-15")[0]
        for day in ("2024-06-15", "2024-06-30", "2024-07-01")
    ]
    assert tiers == [5, 5, 10]
    ages = [
        values(law, tmp_path, "age_fits", on="2022-12-31", place=370102, known=f"应聘人出生日期: {day}")[0]
        for day in ("1981-10-31", "1981-11-01", "2004-11-30", "2004-12-01")
    ]
    assert ages == [0, 1, 1, 0]


def test_feature_14_eligibility_by_home_by_relatives_and_by_another_school(law, tmp_path):
    ring = "应聘组别: 乙组, 应聘人居住在环路以内: {}, 应聘人是租住: {}"
    homes = [
        values(law, tmp_path, "residence_fits", on="2022-12-31", place=LINQU, known=ring.format(*one))[0]
        for one in (("是", "否"), ("是", "是"), ("否", "否"))
    ]
    related = [
        values(law, tmp_path, "residence_fits", on="2025-12-31", place=DAIYUE, known=f"{who}: 是, 户籍或工作关系的起始日: 2025-10-22")[0]
        for who in ("household_here", "parent_or_spouse_household", "parent_or_spouse_employed")
    ]
    schools = [
        values(
            law, tmp_path, "recognised_education", "education_fits", on="2025-12-31", place=DAIYUE,
            known=f"{what}, 应聘人取得学历的日期: 2020-07-01",
        )
        for what in ("应聘人技工院校毕业班: 高级工班", "应聘人技工院校毕业班: 预备技师班", "应聘人学历: 中专")
    ]  # fmt: skip
    assert (homes, related, schools) == ([1, 0, 0], [1, 1, 1], [[5, 1], [6, 1], [4, 0]])


def test_feature_15_every_item_has_its_own_fraction_rule(law, tmp_path):
    """Leave drops the fraction, a cap rounds down, a wage to the fen as read, and staffing waits for a rule: no rounding for all."""
    known = "参加工作时间: {}-03-01, 任职经历: [2024-07-01 专职 工作人员], 请假: 无"
    leave = [
        values(law, tmp_path, "annual_leave_prorated", on="2024-12-01", place=SHENJIAYING, known=known.format(year))
        for year in (2012, 2021)
    ]
    staffing = values(law, tmp_path, "fixed_and_household_staff", on="2023-06-01", place=TIANJIN, known="户数: 3100")
    wage = values(law, tmp_path, "daily_wage", on="2026-06-30", place=110102, known="deduction_base: 4351")
    cap = values(law, tmp_path, "excellent_limit", on="2024-12-31", place=HARBIN, known="参加考核人数: 95")
    assert (leave, staffing, wage, cap) == ([[5], [2]], ["open"], [20_005], [28])


def test_feature_16_elected_dispatched_and_established_people_stand_apart(law, tmp_path):
    names = ("in_quota", "in_probation", "employed_elsewhere", "contract_with_street")
    kinds = {
        "elected": "任职经历: [2026-03-01 两委专职 委员 选举], 合同类型: 选任职务",
        "dispatched": "任职经历: [2026-03-01 专职 工作人员 公开招聘 县级], 合同类型: 派遣",
        "established": "任职经历: [2026-03-01 专职 工作人员 公开招聘 县级], 合同类型: 事业编制",
    }
    found = {who: values(law, tmp_path, *names, on="2026-06-01", place=350103, known=known) for who, known in kinds.items()}
    assert found == {
        "elected": [1, "not_applicable", 0, "ambiguous"],
        "dispatched": [1, 1, 1, 0],
        "established": [1, 1, 0, "not_applicable"],
    }


def test_feature_17_a_province_adds_to_a_list_and_takes_from_it(law, tmp_path):
    proofs = ("婚姻状况证明", "健在证明", "转学证明")
    answers = [
        [values(law, tmp_path, "proof_listed", on="2026-06-01", place=place, known=f"要求出具的证明: {proof}")[0] for proof in proofs]
        for place in (51, 42)
    ]
    assert answers == [[1, 1, 0], [1, 0, 1]]
    listed = [law.regime(place, date(2026, 6, 1)).definitions["proof_banned"].at.parsed.cells.values() for place in (51, 42)]
    assert [sum(cells) for cells in listed] == [20, 21]


def test_feature_18_sequences_differ_so_a_grade_is_no_copy(law, tmp_path):
    """18, 24, 60 grades, or 20 of 40 steps: a grade of one has no answer in another unless somebody maps it, and the decision is a fact."""
    lengths = [law.regime(place, date(2026, 6, 1)).definitions["grade_max"].at.parsed for place in (62, 64, 13, 995201)]
    assert lengths == [18, 24, 60, 20]
    moved = "任职经历: [2022-03-01 两委专职 副主任 选举], 台账等级: 4"
    ranges = [values(law, tmp_path, "grade_allowed", on="2026-06-01", place=place, known=moved)[0] for place in (JINAN, 9942)]
    assert ranges == [1, 0]
    assert values(law, tmp_path, "monthly_pay", on="2026-06-01", place=1501, known="台账等级: 40") == ["open"]


def test_feature_19_a_source_and_its_trust_go_with_every_answer(law, tmp_path):
    """T06 answers, marked unverified and barred from a locked sheet; an official text's answer is not."""
    (doubtful,) = steps(law, tmp_path, "monthly_pay", on="2023-06-01", place=1501, known="台账等级: 3")
    (official,) = steps(law, tmp_path, "annual_leave_standard", on="2024-07-01", place=SHENJIAYING, known="参加工作时间: 2014-06-15")
    assert [(s.value, pay_ready(s), s.definition.document.trust) for s in (doubtful, official)] == [
        (373_800, False, "unverified"),
        (10, True, "official"),
    ]
    assert [document.id for document in law.documents if not document.sources] == []


TIME_COUNTS = r"排名|排行|打卡|签到|积分|在线时长|使用时长|学习时长|活跃度|点赞"
SOURCES = Path(__file__).parents[2] / "src" / "jiceng"


def test_feature_20_we_rank_nobody_ask_for_no_check_in_and_count_no_time():
    """No word of it on any page, in any word list; no field that would hold it; whom a rule is about is one person at a time."""
    files = [path for kind in ("*.html", "*.py", "*.yaml", "*.js") for path in SOURCES.rglob(kind) if "vendor" not in path.parts]
    assert [path.name for path in files if re.search(TIME_COUNTS, path.read_text(encoding="utf-8"))] == []
    fields = {field.name for model in apps.get_models() if model.__module__.startswith("jiceng") for field in model._meta.get_fields()}
    # When somebody last signed in is kept for the account's safety, and how often never.
    assert {name for name in fields if re.search(r"rank|check_in|points|score|visits|times|online|last_login", name)} == {"last_login"}
    recorded = {name for kind in base_terms().kinds.values() for name in kind.fields}
    # The score of an assessment is what its own document says, written down by those who assess.
    assert {name for name in recorded if re.search(r"rank|check_in|points|score|visits|online", name)} == {"scores"}


APP = '''
from jiceng.rules import needs_decision, rule
from jiceng.terms import BodyLevel


@rule(clause="一", title="可以建应用程序", of="request")
def app_allowed(requesting_level: BodyLevel, approved_by_county: bool = False) -> bool:
    """示例：县级以下单位不得建；县级和以上的要立项。"""
    if requesting_level == BodyLevel.street or requesting_level == BodyLevel.community:
        return False
    if requesting_level == BodyLevel.department:
        return needs_decision("单位是哪一级，由立项的机关认定")
    return True
'''


def test_feature_20_units_below_the_county_own_no_app(tmp_path):
    law = with_folders(example(tmp_path, "cn-5133-example/2022-apps", rules=APP))
    found = [
        values(law, tmp_path, "app_allowed", on="2026-06-01", place=513301, known=f"提出借调的单位层级: {level}")[0]
        for level in ("市地级", "县级", "街道（乡镇）", "社区", "部门（单位）")
    ]
    assert found == [1, 1, 0, 0, "needs_decision"]

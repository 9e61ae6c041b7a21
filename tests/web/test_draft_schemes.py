"""Two invented schemes written through the pages alone, in the order of docs/law/new-scheme.md. All figures are invented."""

from __future__ import annotations

import pytest

from jiceng.answers.drafted import checked
from jiceng.law.drafting import packed, unpacked
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.runs.drafts import drafts_root
from tests.web.drafting import Desk, begun

pytestmark = pytest.mark.django_db

HEAD = {"任职经历": "2020-03-01 两委专职 书记"}
STAFF = {"任职经历": "2020-03-01 专职 工作人员"}


@pytest.fixture
def desk(signed_in, settings, tmp_path) -> Desk:
    settings.DATA = tmp_path
    return begun(signed_in(officer=513324))


def _right(desk: Desk, *, cases: int) -> None:
    told = checked(drafts_root() / desk.id, law=load_law(find_folders(shipped_root())))
    assert [str(one) for one in told.problems] == []
    assert [one.text for one in told.wrong] == []
    assert [notice.id for notice in told.notices] == []
    assert len(told.results) == cases
    assert "写法都对，算例都相符" in desk.text()
    assert unpacked(packed(drafts_root() / desk.id)).id == desk.id


def test_a_scheme_with_a_table_of_posts_and_grades(desk):
    desk.clause(0, "一", "岗位", "岗位分正职、副职、一般三类。", "正职二至四级，副职一至三级，一般一至三级。")
    desk.clause(1, "二", "工资", "月工资按岗位和等级查附表。", "其中两成是绩效，按季度发。", "当年不合格的没有绩效。")
    desk.clause(2, "三", "补贴", "证书从登记次月起每月补贴。", "本办法由县里解释。")
    desk.clause(3, "四", "试用", "一般人员试用三个月，发八成。")
    desk.clause(4, "五", "合计", "按月发的相加为应发。")
    desk.rule("post_class", "0:0")
    desk.rule("grade_range", "0:1")
    desk.rule("pay_table", "1:0")
    desk.rule("performance_split", "1:1")
    desk.rule("performance_failed", "1:2")
    desk.rule("performance_instalment", "1:1")
    desk.rule("certificate", "2:0", **{"from": "next"})
    desk.rule("probation", "3:0")
    desk.rule("sum", "4:0", parts=["basic_pay", "performance", "certificate_pay"])
    desk.value("grade_floor", "正职\t2\n副职\t1\n一般\t1")
    desk.value("grade_cap", "正职\t4级\n副职\t３\n一般\t三级")
    desk.value(
        "post_grade_pay",
        "岗位\t一级\t二级\t三级\t四级\n正职\t\t3,600\t3,800.50\t4000元\n副职\t3000\t3200\t3400\t\n一般\t2600\t2700\t2800\t—",
    )
    desk.value("performance_share", "20%")
    desk.value("performance_period_months", "3")
    desk.value("certificate_allowance", "初级\t100\n中级\t200\n高级\t300")
    desk.value("probation_months", "3")
    desk.value("probation_share", "80%")
    page = desk.text("clauses/2/")
    assert "本办法由县里解释。" in page
    rows = {"digest": ["证书从登记次月起每月补贴。", "本办法由县里解释。"], "disposition": ["rule", "none"],
            "points": ["证书补贴标准、证书补贴", ""], "reason": ["", "没有可以判断的条件。"]}  # fmt: skip
    desk.post("clauses/2/", number="三", title="补贴", **rows)
    desk.case(
        0, "书记三级，中级证书", "2027-05-01",
        {**HEAD, "台账等级": "3", "职业资格证书": "2020-06-01 社会工作师 登记日期=2027-04-20", "年度考核": "2026 合格"},
        {"岗位类别": "正职", "等级在岗位范围内": "是", "工资标准": "3800.50", "绩效工资标准": "760.10", "基本工资": "3040.40",
         "当年考核不合格": "否", "绩效工资": "760.10", "每次发放的绩效工资": "2280.30", "证书补贴": "200", "应发各项合计": "4000.50"},
    )  # fmt: skip
    desk.case(1, "登记当月没有", "2027-04-30", {"职业资格证书": "2020-06-01 社会工作师 登记日期=2027-04-20"}, {"证书补贴": "0"})
    desk.case(2, "没有印的一格", "2027-05-01", {**HEAD, "台账等级": "1"}, {"工资标准": "无法回答", "等级在岗位范围内": "否"})
    new = {"任职经历": "2027-03-15 专职 工作人员", "台账等级": "1"}
    desk.case(3, "试用最后一天", "2027-06-14", new, {"在试用期内": "是", "试用期工资": "2080"})
    desk.case(4, "试用满的第二天", "2027-06-15", new, {"在试用期内": "否", "试用期工资": "不适用"})
    sheet = {"group-basic_pay": "gross", "group-performance": "gross", "group-certificate_pay": "gross", "clause": "五"}
    desk.post("pay/", **sheet)
    _right(desk, cases=17)


def test_a_scheme_of_a_base_a_coefficient_and_steps(desk):
    desk.clause(0, "1", "岗位", "书记主任为正职，其他委员为专职委员，其余一般。", "各类岗位有最低级和最高级。")
    desk.clause(
        1, "2", "等级", "考核合格以上每满三年升一级，有一年不合格从下一年重新算。", "全日制本科提一级，硕士提两级。", "中级证书提一级。"
    )
    desk.clause(2, "3", "工资", "月工资为基数乘等级系数。", "年限补贴每满一年二十元，至多二十年。", "调入前工资高的，差额保留。")
    desk.clause(3, "4", "经费", "经费由县里列入预算。")
    desk.rule(
        "post_class", "0:0", chief=["secretary_director", "secretary", "director"], deputy=["deputy_secretary"], committee=["committee"]
    )
    desk.rule("steps", "1:0", failed="restart")
    desk.rule("education", "1:1", mode="full_time", degree="yes")
    desk.rule("certificate_grade", "1:2")
    desk.rule("grade_due", "0:1", parts=["rises_by_years", "education_grades", "certificate_grades"])
    desk.rule("pay_base", "2:0", grade="grade_due")
    desk.rule("community_years", "2:1")
    desk.rule("seniority", "2:1")
    desk.rule("retained", "2:2")
    desk.rule("sum", "2:0", parts=["monthly_pay", "seniority_pay", "retained_pay"])
    desk.value("years_per_grade", "3")
    desk.value("education_raise", "学历\t级\n高中\t0\n大专\t0\n本科\t1\n硕士\t2")
    desk.value("certificate_raise", "初级\t0\n中级\t1\n高级\t2")
    desk.value("grade_floor", "正职\t3\n副职\t2\n专职委员\t2\n一般\t1")
    desk.value("grade_cap", "正职\t8\n副职\t7\n专职委员\t6\n一般\t5")
    desk.value("pay_base", "3,000元")
    desk.value("grade_coefficient", "级\t1\t2\t3\t4\t5\t6\t7\t8\n系数\t1\t1.05\t1.1\t1.16\t1.22\t1.29\t1.36\t1.44", shape="table")
    desk.value("seniority_rate", "20")
    desk.value("seniority_years_cap", "20")
    rows = {"digest": ["经费由县里列入预算。"], "disposition": ["duty"], "points": [""], "reason": ["县级；以年度预算为据。"]}
    desk.post("clauses/3/", number="4", title="经费", **rows)
    known = {**HEAD, "年度考核": "2018..2020 合格\n2021 不合格\n2022..2026 合格", "学历": "2010-07-01 本科 全日制 学士",
             "职业资格证书": "2020-06-01 社会工作师 登记日期=2020-09-01", "从事社区工作时间": "2015-03-02"}  # fmt: skip
    desk.case(
        0, "书记，不合格以后五年，本科，中级", "2027-03-01", known,
        {"岗位类别": "正职", "计算年限": "5", "按年数可升的级数": "1", "因学历提高的等级": "1", "因证书提高的等级": "1",
         "应定等级": "6", "工资标准": "3870", "从事社区工作的整年数": "11", "年限补贴": "220", "保留工资": "0", "应发各项合计": "4090"},
    )  # fmt: skip
    desk.case(1, "在职本科不提级", "2027-03-01", {"学历": "2010-07-01 本科 在职 学士"}, {"因学历提高的等级": "0"})
    best = {**STAFF, "年度考核": "2000..2026 优秀", "学历": "2010-07-01 硕士 全日制 硕士", "职业资格证书": "无"}
    desk.case(2, "封顶", "2027-03-01", best, {"岗位类别": "一般", "应定等级": "5", "工资标准": "3660"})
    desk.case(3, "学历表没有印的", "2027-03-01", {"学历": "2010-07-01 博士 全日制 博士"}, {"因学历提高的等级": "无法回答"})
    desk.case(4, "差一天满十二年", "2027-03-01", {"从事社区工作时间": "2015-03-02"}, {"年限补贴": "220"})
    desk.case(5, "满十二年", "2027-03-02", {"从事社区工作时间": "2015-03-02"}, {"年限补贴": "240"})
    _right(desk, cases=18)

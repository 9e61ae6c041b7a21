"""西安市 2020 年的三岗十八级：一张共用的等级工资表，岗位只限定等级的范围。"""

from jiceng.rules import Date, Ratio, Records, Rounding, Table, Yuan, add_days, add_months, divide, known, not_applicable, rule, times
from jiceng.terms import Appointment, Post, PostClass


@rule(
    clause="等级", title="岗位类别", assumes=("书记、主任分设的，也按正职", "同时任几个岗位的，按最高的一个"), names={"best": "最高的岗位"}
)
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记主任为正职，副书记、副主任为副职，其余为工作人员。"""
    serving = False
    best = PostClass.general
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            if a.post == Post.secretary_director or a.post == Post.secretary or a.post == Post.director:
                best = PostClass.chief
            elif best != PostClass.chief and (a.post == Post.deputy_secretary or a.post == Post.deputy_director):
                best = PostClass.deputy
    if not serving:
        return not_applicable("台账中没有现任职")
    return best


@rule(clause="等级", title="等级在岗位范围内")
def grade_allowed(post_class: PostClass, recorded_grade: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]) -> bool:
    """台账等级不低于本类岗位的最低级，不高于最高级。"""
    return grade_floor[post_class] <= recorded_grade and recorded_grade <= grade_cap[post_class]


@rule(clause="工资", title="工资标准", unit="元")
def monthly_pay(recorded_grade: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """三类岗位共用一张表，按台账等级查；公布了数额的，不另按公式推算。"""
    return grade_pay[recorded_grade]


@rule(clause="工资", title="公式折算的月基数", unit="元")
def formula_month(formula_base: Yuan, formula_months: int, pay_rounding: Rounding) -> Yuan:
    """年基数除以十二。"""
    return divide(formula_base, formula_months, pay_rounding)


@rule(clause="工资", title="公式与公布数额一致", assumes="一级的系数按 1")
def formula_agrees(formula_month: Yuan, grade_pay: Table[int, Yuan]) -> bool:
    """公式折算的月基数等于公布的一级工资。"""
    return formula_month == grade_pay[1]


@rule(clause="试用", title="工作人员最低一级工资", unit="元")
def starting_pay(grade_pay: Table[int, Yuan]) -> Yuan:
    """一级的月工资。"""
    return grade_pay[1]


@rule(
    clause="试用",
    title="在试用期内",
    assumes=("没有登记试用期的，从最早一段任职起算", "只对工作人员；选举产生的没有试用期"),
    names={"last": "试用期最后一天"},
)
def in_probation(
    post_class: PostClass, appointments: Records[Appointment], probation_months: int, on: Date, probation_ends: Date = None
) -> bool:
    """试用期最后一天还在试用期内。"""
    if post_class != PostClass.general:
        return False
    if known(probation_ends):
        return on <= probation_ends
    last = on
    for a in appointments:
        last = add_days(add_months(a.since, probation_months), -1)
        break
    return on <= last


@rule(clause="试用", title="试用期工资", unit="元", assumes="“工作人员工资”按最低一级")
def probation_pay(in_probation: bool, starting_pay: Yuan, probation_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工作人员工资的八成。"""
    if not in_probation:
        return not_applicable("不在试用期")
    return times(starting_pay, probation_share, pay_rounding)


@rule(clause="试用", title="绩效工资", unit="元")
def performance(in_probation: bool, performance_amounts: Table[int, Yuan], recorded_grade: int = None) -> Yuan:
    """试用期没有绩效工资；转正以后的数额没有见到。"""
    if in_probation:
        return 0
    return performance_amounts[recorded_grade]

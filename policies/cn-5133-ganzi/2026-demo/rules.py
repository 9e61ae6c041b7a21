"""示例：演示用的工资、等级、表现优秀和按户数的最低配备。"""

from jiceng.rules import Bands, Date, History, Ratio, Records, Rounding, Table, Yuan, band, not_applicable, rule, times, year
from jiceng.terms import Assessment, Post, PostClass, Result


@rule(clause="4", title="岗位类别")
def post_class(main_post: Post) -> PostClass:
    """书记、主任为正职，副书记、副主任为副职，其余为一般。"""
    if main_post == Post.secretary_director or main_post == Post.secretary or main_post == Post.director:
        return PostClass.chief
    if main_post == Post.deputy_secretary or main_post == Post.deputy_director:
        return PostClass.deputy
    return PostClass.general


@rule(clause="4", title="等级在岗位范围内")
def grade_allowed(post_class: PostClass, recorded_grade: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]) -> bool:
    """台账等级不低于本类岗位的最低级，不高于最高级。"""
    return grade_floor[post_class] <= recorded_grade and recorded_grade <= grade_cap[post_class]


@rule(clause="4", title="工资标准", unit="元")
def monthly_pay(post_class: PostClass, recorded_grade: int, post_pay: Table[PostClass, Yuan], grade_pay: Table[int, Yuan]) -> Yuan:
    """岗位工资加等级工资。"""
    return post_pay[post_class] + grade_pay[recorded_grade]


@rule(clause="4", title="绩效工资标准", unit="元")
def performance_standard(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准里归绩效的部分，按月计。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="4", title="基本工资", unit="元")
def basic_pay(monthly_pay: Yuan, performance_standard: Yuan) -> Yuan:
    """工资标准减去绩效部分。"""
    return monthly_pay - performance_standard


@rule(clause="4", title="当年考核不合格", assumes="当年考核结果还没有登记的，先按没有不合格计")
def assessment_failed(assessments: Records[Assessment], on: Date) -> bool:
    """当年有登记为不合格的考核。"""
    failed = False
    for a in assessments:
        if a.year == year(on) and a.result == Result.fail:
            failed = True
    return failed


@rule(clause="4", title="绩效工资", unit="元")
def performance(performance_standard: Yuan, assessment_failed: bool) -> Yuan:
    """当年考核不合格的没有绩效工资。"""
    if assessment_failed:
        return 0
    return performance_standard


@rule(clause="4", title="每次发放的绩效工资", unit="元")
def performance_instalment(performance: Yuan, performance_period_months: int) -> Yuan:
    """按月标准乘发放周期的月数。"""
    return performance * performance_period_months


@rule(clause="5", title="理由：表现优秀", names={"excellent": "优秀次数"})
def career_performance(
    career_conditions: bool,
    assessments: History[Assessment],
    on: Date,
    career_window_years: int,
    career_excellent_needed: int,
) -> bool:
    """当年和前两年的年度考核里优秀的次数达到要求。"""
    if not career_conditions:
        return not_applicable("其他条件还不具备，不必认定")
    excellent = 0
    for a in assessments:
        if a.year >= year(on) - career_window_years and a.year <= year(on) and a.result == Result.excellent:
            excellent += 1
    return excellent >= career_excellent_needed


@rule(clause="6", title="按户数的最低配备", of="place", unit="人")
def minimum_by_households(households: int, household_minimum: Bands[int, int]) -> int:
    """户数落在哪一档。"""
    return band(household_minimum, households)

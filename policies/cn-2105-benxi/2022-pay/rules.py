"""本溪市社区工作者的工资标准、绩效和计算年限。"""

from jiceng.rules import ByDate, Date, History, Ratio, Records, Rounding, Yuan, at, rule, times, year
from jiceng.terms import Assessment, Result


@rule(clause="工资", title="工资标准", unit="元")
def monthly_pay(pay_base: Yuan, coefficient: Ratio, pay_rounding: Rounding) -> Yuan:
    """基数乘系数。"""
    return times(pay_base, coefficient, pay_rounding)


@rule(clause="工资", title="绩效工资标准", unit="元")
def performance_standard(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准里归绩效的部分，按月计。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="工资", title="基本工资", unit="元")
def basic_pay(monthly_pay: Yuan, performance_standard: Yuan) -> Yuan:
    """工资标准减去绩效部分，两部分相加正好是工资标准。"""
    return monthly_pay - performance_standard


@rule(clause="考核", title="当年考核不合格", assumes="当年考核结果还没有登记的，先按没有不合格计")
def assessment_failed(assessments: Records[Assessment], on: Date) -> bool:
    """当年有登记为不合格的考核。"""
    failed = False
    for a in assessments:
        if a.year == year(on) and a.result == Result.fail:
            failed = True
    return failed


@rule(clause="考核", title="绩效工资", unit="元")
def performance(performance_standard: Yuan, assessment_failed: bool) -> Yuan:
    """当年考核不合格的没有绩效工资。"""
    if assessment_failed:
        return 0
    return performance_standard


@rule(clause="工资", title="每次发放的绩效工资", unit="元", assumes="按月标准乘发放周期的月数")
def performance_instalment(performance: Yuan, performance_period_months: int) -> Yuan:
    """绩效不按月发放的，一次发几个月的。"""
    return performance * performance_period_months


@rule(
    clause="考核",
    title="计算年限",
    unit="年",
    names={"counted": "已计", "failed": "不计"},
    assumes="此规定施行以前的年度，不合格的也照计",
)
def counted_years(assessments: History[Assessment], on: Date, fail_excluded: ByDate[bool]) -> int:
    """考核不合格的年度不计。"""
    counted, failed = 0, 0
    for a in assessments:
        if a.year <= year(on):
            if a.result == Result.fail and at(fail_excluded, a, False):
                failed += 1
            else:
                counted += 1
    return counted

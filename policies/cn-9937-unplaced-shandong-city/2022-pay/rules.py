"""山东某市：基数乘当地倍数再乘等级系数；荣誉提高等级。"""

from jiceng.rules import History, Ratio, Rounding, Table, Yuan, ambiguous, known, rule, times
from jiceng.terms import Honour, HonourLevel


@rule(clause="工资", title="适用的等级系数", unit="倍", assumes="台账登记了工资系数的，按台账")
def scheme_coefficient(grade_coefficient: Table[int, Ratio], coefficient: Ratio = None, recorded_grade: int = None) -> Ratio:
    """系数表没有见到时，取台账登记的系数。"""
    if known(coefficient):
        return coefficient
    return grade_coefficient[recorded_grade]


@rule(clause="工资", title="工资标准", unit="元")
def monthly_pay(pay_base: Yuan, base_multiplier: Ratio, scheme_coefficient: Ratio, pay_rounding: Rounding) -> Yuan:
    """基数乘当地倍数，再乘等级系数。"""
    return times(times(pay_base, base_multiplier, pay_rounding), scheme_coefficient, pay_rounding)


@rule(clause="工资", title="绩效工资标准", unit="元")
def performance_standard(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准里归绩效的部分，按月计。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="工资", title="基本工资", unit="元")
def basic_pay(monthly_pay: Yuan, performance_standard: Yuan) -> Yuan:
    """工资标准减去绩效部分。"""
    return monthly_pay - performance_standard


@rule(clause="荣誉", title="因荣誉提高的等级", unit="级", names={"rise": "提高的等级", "counted": "荣誉项数"})
def honour_rise(honours: History[Honour], honour_grades: Table[HonourLevel, int]) -> int:
    """一项荣誉按表提高；市县级荣誉不在其中。"""
    rise = 0
    counted = 0
    for h in honours:
        if h.level != HonourLevel.city and h.level != HonourLevel.county:
            rise = honour_grades[h.level]
            counted += 1
    if counted > 1:
        return ambiguous("有几项荣誉时怎样累加，没有见到")
    return rise


@rule(
    clause="荣誉",
    title="应定等级",
    unit="级",
    assumes="台账等级是授予荣誉以前的等级；提高以后是否受岗位范围限制，没有见到，只以等级总数为限",
)
def grade_due(recorded_grade: int, honour_rise: int, grade_max: int) -> int:
    """在现等级上提高。"""
    return min(grade_max, recorded_grade + honour_rise)

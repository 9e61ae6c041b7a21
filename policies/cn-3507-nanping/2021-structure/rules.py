"""南平市 2021 年见到的结构：三岗十八级，基数乘系数，年终奖另有文件。"""

from jiceng.rules import Ratio, Rounding, Table, Yuan, known, rule, times


@rule(clause="等级", title="等级在等级总数之内")
def grade_within(recorded_grade: int, grade_max: int) -> bool:
    """台账等级在一至十八级之间；各岗位的范围没有见到。"""
    return recorded_grade >= 1 and recorded_grade <= grade_max


@rule(clause="等级", title="适用的等级系数", unit="倍", assumes="台账登记了工资系数的，按台账")
def scheme_coefficient(grade_coefficient: Table[int, Ratio], coefficient: Ratio = None, recorded_grade: int = None) -> Ratio:
    """系数表没有见到时，取台账登记的系数。"""
    if known(coefficient):
        return coefficient
    return grade_coefficient[recorded_grade]


@rule(clause="等级", title="工资标准", unit="元", assumes="工资标准是基数乘等级系数；原文只说“有系数”")
def monthly_pay(pay_base: Yuan, scheme_coefficient: Ratio, pay_rounding: Rounding) -> Yuan:
    """基数乘等级系数。"""
    return times(pay_base, scheme_coefficient, pay_rounding)


@rule(clause="奖励", title="年终奖", unit="元")
def year_end_pay(year_end_prizes: Yuan) -> Yuan:
    """综治奖、文明奖，按其他文件。"""
    return year_end_prizes

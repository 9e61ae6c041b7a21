"""西安市 2022 年：基数提高以后的工资标准和试用期工资的起点。"""

from jiceng.rules import Ratio, Rounding, Table, Yuan, rule, times


@rule(clause="基数", title="工资标准", unit="元", assumes="等级系数由 2020 年公布的六个数额反推，基数调整后不变")
def monthly_pay(recorded_grade: int, pay_base: Yuan, grade_coefficient: Table[int, Ratio], pay_rounding: Rounding) -> Yuan:
    """新基数乘等级系数。"""
    return times(pay_base, grade_coefficient[recorded_grade], pay_rounding)


@rule(clause="基数", title="工作人员最低一级工资", unit="元", assumes="等级系数由 2020 年公布的六个数额反推，基数调整后不变")
def starting_pay(pay_base: Yuan, grade_coefficient: Table[int, Ratio], pay_rounding: Rounding) -> Yuan:
    """新基数乘一级的系数。"""
    return times(pay_base, grade_coefficient[1], pay_rounding)

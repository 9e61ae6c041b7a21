"""厦门市 2021 年见到的结构：约七成基本部分，约三成绩效；旧等级按套改表对应新等级。"""

from jiceng.rules import Ratio, Rounding, Table, Yuan, rule, times


@rule(clause="结构", title="绩效工资标准", unit="元")
def performance_standard(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准里归绩效的约三成，含综治奖、文明奖。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="结构", title="基本部分", unit="元", assumes="两部分相加正好是工资标准")
def basic_part(monthly_pay: Yuan, performance_standard: Yuan) -> Yuan:
    """基本工资、岗位工资、岗位津贴三项合计。"""
    return monthly_pay - performance_standard


@rule(clause="套改", title="套改后的等级", unit="级")
def converted_grade(recorded_grade: int, grade_conversion: Table[int, int]) -> int:
    """旧等级按套改表对应新等级。"""
    return grade_conversion[recorded_grade]


@rule(clause="套改", title="基本工资", unit="元")
def basic_pay(converted_grade: int, converted_basic_pay: Table[int, Yuan]) -> Yuan:
    """套改以后不再用 2009 年的十二档。"""
    return converted_basic_pay[converted_grade]

"""阿拉善左旗：只能核对工资是否落在报道的两端之间。"""

from jiceng.rules import Yuan, rule


@rule(clause="水平", title="工资在报道的两端之间", assumes="两端取自报道，不是标准；只作核对")
def pay_within_report(monthly_pay: Yuan, pay_lowest: Yuan, pay_highest: Yuan) -> bool:
    """不低于最低数，不高于最高数。"""
    return pay_lowest <= monthly_pay and monthly_pay <= pay_highest


@rule(clause="水平", title="增资以前的平均数", unit="元")
def pay_mean_before(pay_mean: Yuan, pay_mean_rise: Yuan) -> Yuan:
    """平均数减平均增资。"""
    return pay_mean - pay_mean_rise

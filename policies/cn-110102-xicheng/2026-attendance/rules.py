"""西城区：综合工时、日工资和扣发、视同出勤的事由。"""

from jiceng.rules import Date, Ratio, Records, Rounding, Table, Yuan, divide_by, month_end, month_start, not_applicable, rule
from jiceng.terms import ExcusedReason, Leave, LeaveKind


@rule(clause="工时", title="超出综合工时", of="request")
def over_month_hours(month_hours: Ratio, month_hours_cap: Ratio) -> bool:
    """一个月的工时超出上限。"""
    return month_hours > month_hours_cap


@rule(clause="扣发", title="计扣发的应发工资", unit="元")
def deduction_base(base_pay_amount: Yuan, tenure_amount: Yuan, monthly_bonus_standard: Yuan, certificate_pay: Yuan) -> Yuan:
    """基本工资、任职年限补贴、奖金、证书补贴相加。"""
    return base_pay_amount + tenure_amount + monthly_bonus_standard + certificate_pay


@rule(clause="扣发", title="日工资", unit="元")
def daily_wage(deduction_base: Yuan, daily_wage_divisor: Ratio, pay_rounding: Rounding) -> Yuan:
    """应发工资除以计薪天数。"""
    return divide_by(deduction_base, daily_wage_divisor, pay_rounding)


@rule(clause="扣发", title="本月事假天数", asked="month", unit="天", names={"days": "已计天数"}, assumes="按登记的天数，算在开始的那个月")
def personal_leave_days(leaves: Records[Leave], on: Date) -> int:
    """本月开始的事假。"""
    days = 0
    for one in leaves:
        if one.kind == LeaveKind.personal and month_start(on) <= one.since and one.since <= month_end(on):
            days += one.days
    return days


@rule(clause="扣发", title="本月事假扣发", asked="month", unit="元")
def personal_leave_deduction(daily_wage: Yuan, personal_leave_days: int) -> Yuan:
    """日工资乘事假天数。"""
    return daily_wage * personal_leave_days


@rule(clause="视同", title="视同出勤", of="request")
def excused(
    excused_reason: ExcusedReason,
    excused_reasons: Table[ExcusedReason, bool],
    notice_needed: Table[ExcusedReason, bool],
    sick_child_times: int,
    notice_shown: bool = False,
    times_this_month: int = 1,
) -> bool:
    """列明的事由不扣发；接种和家长会要有通知，陪护患病子女每月有次数。"""
    if excused_reason == ExcusedReason.sick_child and times_this_month > sick_child_times:
        return False
    if notice_needed[excused_reason] and not notice_shown:
        return False
    return excused_reasons[excused_reason]


@rule(clause="视同", title="每次可视同出勤的天数", of="request", unit="天")
def excused_days(excused: bool, excused_reason: ExcusedReason, sick_child_days: Ratio) -> Ratio:
    """只有陪护患病子女写明每次半天。"""
    if not excused or excused_reason != ExcusedReason.sick_child:
        return not_applicable("只有陪护患病的未成年子女写明天数")
    return sick_child_days

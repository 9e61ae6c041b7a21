"""示例：演示用的一个月工资怎样发、扣、缴。工资标准和绩效出自另一个示例文件。"""

from jiceng.rules import (
    Date,
    Ratio,
    Records,
    Rounding,
    Table,
    Yuan,
    add_days,
    day,
    divide,
    divide_by,
    full_months,
    known,
    month,
    month_end,
    month_start,
    not_applicable,
    rule,
    times,
)
from jiceng.terms import Certificate, CertificateKind, Leave, LeaveKind, PostClass


@rule(clause="2", title="当月在岗天数", asked="month", unit="天")
def month_days_served(post_since: Date, on: Date, stay_days: int = None) -> int:
    """编表时是本街道（乡镇）当月在岗的天数；平时按现任职做到月末看。"""
    if known(stay_days):
        return stay_days
    first = month_start(on)
    if post_since > first:
        first = post_since
    return month_end(on) - first + 1


@rule(clause="2", title="当月天数", asked="month", unit="天")
def month_days(on: Date) -> int:
    """当月的日历天数。"""
    return month_end(on) - month_start(on) + 1


@rule(clause="2", title="整月在岗", asked="month")
def full_month(in_scope: bool, month_days_served: int, month_days: int) -> bool:
    """在岗天数等于当月天数。"""
    if not in_scope:
        return not_applicable("不属于社区工作者，不在本表发工资")
    return month_days_served == month_days


@rule(clause="3", title="在试用期内", assumes="试用期在月中满的，按当月最后一个在岗日是否还在试用期内定全月")
def in_probation(on: Date, probation_end: Date = None, probation_planned_end: Date = None) -> bool:
    """登记了试用期止的以登记的为准，没有登记的按规定推算；试用期最后一天还在试用期内。"""
    if known(probation_end):
        return on <= probation_end
    if known(probation_planned_end):
        return on <= probation_planned_end
    return False


@rule(clause="1", title="本月基本工资", asked="month", unit="元")
def month_basic(
    covered: bool,
    basic_pay: Yuan,
    in_probation: bool,
    probation_share: Ratio,
    partial_month_by_days: bool,
    month_days_served: int,
    month_days: int,
    pay_rounding: Rounding,
) -> Yuan:
    """基本工资，试用期内打折，不足整月按天折算。"""
    if not covered:
        return not_applicable("不属于社区工作者，不在本表发工资")
    amount = basic_pay
    if in_probation:
        amount = times(basic_pay, probation_share, pay_rounding)
    if partial_month_by_days:
        return divide(amount * month_days_served, month_days, pay_rounding)
    return amount


@rule(
    clause="1",
    title="本月绩效工资",
    asked="month",
    unit="元",
    assumes="合发几个月绩效的，按进入社区以后满整月的月数；中途离开的，以前月份未发的另行结算",
)
def month_performance(
    covered: bool,
    performance: Yuan,
    performance_months_paid: Table[int, int],
    hired: Date,
    in_probation: bool,
    probation_share: Ratio,
    partial_month_by_days: bool,
    month_days_served: int,
    month_days: int,
    on: Date,
    pay_rounding: Rounding,
) -> Yuan:
    """当月发放的绩效工资，试用期内打折；按月发的不足整月按天折算。"""
    if not covered:
        return not_applicable("不属于社区工作者，不在本表发工资")
    amount = performance
    if in_probation:
        amount = times(performance, probation_share, pay_rounding)
    months = performance_months_paid[month(on)]
    if months > 1:
        return amount * max(min(months, full_months(hired, add_days(month_end(on), 1))), 0)
    if partial_month_by_days:
        return divide(amount * months * month_days_served, month_days, pay_rounding)
    return amount * months


@rule(clause="4", title="证书补贴", unit="元", names={"amount": "已见最高一档"}, assumes="没有登记证书的，按没有证书计")
def certificate_pay(certificates: Records[Certificate], on: Date, certificate_allowance: Table[CertificateKind, Yuan]) -> Yuan:
    """有效证书里最高的一档，从登记的当月起。"""
    amount = 0
    for c in certificates:
        if known(c.expires) and c.expires < on:
            continue
        if known(c.registered) and c.registered <= month_end(on):
            amount = max(amount, certificate_allowance[c.kind])
    return amount


@rule(clause="4", title="本月证书补贴", asked="month", unit="元")
def month_certificate(
    covered: bool, certificate_pay: Yuan, partial_month_by_days: bool, month_days_served: int, month_days: int, pay_rounding: Rounding
) -> Yuan:
    """证书补贴，不足整月按天折算。"""
    if not covered:
        return not_applicable("不属于社区工作者，不在本表发工资")
    if partial_month_by_days:
        return divide(certificate_pay * month_days_served, month_days, pay_rounding)
    return certificate_pay


@rule(clause="5", title="计扣发的应发工资", unit="元")
def deduction_base(monthly_pay: Yuan, certificate_pay: Yuan) -> Yuan:
    """工资标准加证书补贴。"""
    return monthly_pay + certificate_pay


@rule(clause="5", title="日工资", unit="元")
def daily_wage(deduction_base: Yuan, daily_wage_divisor: Ratio, pay_rounding: Rounding) -> Yuan:
    """应发工资除以计薪天数。"""
    return divide_by(deduction_base, daily_wage_divisor, pay_rounding)


@rule(
    clause="5",
    title="本月事假天数",
    asked="month",
    unit="天",
    names={"days": "已计天数"},
    assumes="按登记的天数，算在开始的那个月；没有登记天数的不计",
)
def personal_leave_days(leaves: Records[Leave], on: Date, stay_since: Date = None) -> int:
    """本月开始的事假；月内调动的各算各的。"""
    first = month_start(on)
    if known(stay_since):
        first = stay_since
    days = 0
    for one in leaves:
        if one.kind == LeaveKind.personal and first <= one.since and one.since <= on and known(one.days):
            days += one.days
    return days


@rule(clause="5", title="本月事假扣发", asked="month", unit="元")
def personal_leave_deduction(covered: bool, daily_wage: Yuan, personal_leave_days: int) -> Yuan:
    """日工资乘事假天数。"""
    if not covered:
        return not_applicable("不属于社区工作者，不在本表发工资")
    return daily_wage * personal_leave_days


@rule(clause="6", title="当月缴费", asked="month")
def insurance_due(
    covered: bool, on: Date, hired: Date, insurance_join_by: int, insurance_if_left: bool, stay_days: int = None
) -> bool:
    """月末在岗的缴，月末不在岗的看怎样规定；当月到任晚于那一日的，次月起缴；平时按做到月末看。"""
    if not covered:
        return not_applicable("不属于社区工作者，不在本表缴费")
    if month_start(on) <= hired and day(hired) > insurance_join_by:
        return False
    if not known(stay_days):
        return True
    return on == month_end(on) or insurance_if_left


@rule(clause="6", title="缴费基数", unit="元")
def insurance_base(monthly_pay: Yuan, certificate_pay: Yuan, insurance_floor: Yuan, insurance_cap: Yuan) -> Yuan:
    """工资标准加证书补贴，不低于下限，不高于上限。"""
    return min(max(monthly_pay + certificate_pay, insurance_floor), insurance_cap)


@rule(clause="6", title="个人社会保险", asked="month", unit="元")
def month_personal_insurance(insurance_due: bool, insurance_base: Yuan, personal_insurance_rate: Ratio, pay_rounding: Rounding) -> Yuan:
    """缴费基数乘个人费率。"""
    if insurance_due:
        return times(insurance_base, personal_insurance_rate, pay_rounding)
    return 0


@rule(clause="6", title="个人住房公积金", asked="month", unit="元")
def month_personal_fund(insurance_due: bool, insurance_base: Yuan, fund_rate: Ratio, pay_rounding: Rounding) -> Yuan:
    """缴费基数乘缴存比例。"""
    if insurance_due:
        return times(insurance_base, fund_rate, pay_rounding)
    return 0


@rule(clause="6", title="单位社会保险", asked="month", unit="元")
def month_employer_insurance(insurance_due: bool, insurance_base: Yuan, employer_insurance_rate: Ratio, pay_rounding: Rounding) -> Yuan:
    """缴费基数乘单位费率。"""
    if insurance_due:
        return times(insurance_base, employer_insurance_rate, pay_rounding)
    return 0


@rule(clause="6", title="单位住房公积金", asked="month", unit="元")
def month_employer_fund(insurance_due: bool, insurance_base: Yuan, fund_rate: Ratio, pay_rounding: Rounding) -> Yuan:
    """缴费基数乘缴存比例。"""
    if insurance_due:
        return times(insurance_base, fund_rate, pay_rounding)
    return 0


@rule(clause="7", title="本类岗位平均应发的上限", unit="元")
def average_cap(post_class: PostClass, average_caps: Table[PostClass, Yuan]) -> Yuan:
    """按岗位类别。"""
    return average_caps[post_class]

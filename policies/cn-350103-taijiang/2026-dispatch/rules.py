"""台江区：街道购买服务，经派遣公司用人；试用六个月、最低服务两年、合同到退休为止。"""

from jiceng.rules import Date, Ratio, Rounding, Yuan, add_years, not_applicable, rule, times
from jiceng.terms import EmployerKind


@rule(clause="用工", title="由派遣或服务单位用工")
def employed_elsewhere(contract_kind: EmployerKind) -> bool:
    """合同是派遣或者购买服务的，用人单位不是街道。"""
    return contract_kind == EmployerKind.dispatch or contract_kind == EmployerKind.service


@rule(clause="试用", title="在试用期内")
def in_probation(on: Date, probation_planned_end: Date) -> bool:
    """到推算的试用期满日为止，含当日。"""
    return on <= probation_planned_end


@rule(clause="试用", title="试用期工资", unit="元")
def probation_pay(in_probation: bool, monthly_pay: Yuan, probation_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准的八成。"""
    if not in_probation:
        return not_applicable("不在试用期内")
    return times(monthly_pay, probation_share, pay_rounding)


@rule(clause="服务", title="最低服务期满之日")
def minimum_service_until(hired: Date, minimum_service_years: int) -> Date:
    """从进入之日起满最低服务年限。"""
    return add_years(hired, minimum_service_years)


@rule(clause="服务", title="最低服务期已满")
def minimum_service_met(minimum_service_until: Date, on: Date) -> bool:
    """满的当天为已满。"""
    return on >= minimum_service_until


@rule(clause="服务", title="合同终止之日")
def contract_ends_at_retirement(contract_due: Date, statutory_retirement_day: Date) -> Date:
    """合同期满和法定退休里早的一天。"""
    return min(contract_due, statutory_retirement_day)

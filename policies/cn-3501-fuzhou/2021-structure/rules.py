"""福州市 2021 年见到的结构：六项相加，其中一项是保留工资。"""

from jiceng.rules import Yuan, rule


@rule(clause="结构", title="不随考核变动的各项", unit="元")
def fixed_parts(post_pay_amount: Yuan, pay_step_amount: Yuan, work_subsidy: Yuan, retained_pay: Yuan) -> Yuan:
    """岗位工资、薪级工资、工作补贴、保留工资。"""
    return post_pay_amount + pay_step_amount + work_subsidy + retained_pay


@rule(clause="结构", title="应发各项合计", unit="元")
def gross_pay(fixed_parts: Yuan, rest_day_pay: Yuan, performance_amount: Yuan) -> Yuan:
    """另加休息日和节假日的出勤补贴、绩效。"""
    return fixed_parts + rest_day_pay + performance_amount

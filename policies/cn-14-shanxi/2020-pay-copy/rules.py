"""山西转载：同一组数有两个地方，只说明冲突，不算工资。"""

from jiceng.rules import Yuan, conflict, rule


@rule(clause="工资", title="工资标准", unit="元")
def monthly_pay() -> Yuan:
    """核实以前不作答。"""
    return conflict("同样六个数另一来源写的是陕西西安，这里疑为误植；请与原文核对")

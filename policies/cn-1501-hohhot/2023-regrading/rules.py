"""呼和浩特市：岗位、学历、职业水平变动以后重定等级，按等级查表。"""

from jiceng.rules import Table, Yuan, rule


@rule(clause="调整", title="工资标准", unit="元")
def monthly_pay(recorded_grade: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """按台账等级查表。"""
    return grade_pay[recorded_grade]


@rule(clause="调整", title="等级调整的增资", of="request", unit="元")
def regrade_rise(grade_before: int, grade_after: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """调整后的数额减调整前的。"""
    return grade_pay[grade_after] - grade_pay[grade_before]

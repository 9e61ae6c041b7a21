"""贵州某县：二十级，级内再分档；有学位的年龄放宽。"""

from jiceng.rules import Date, Table, Yuan, full_years, needs_decision, rule


@rule(clause="等级", title="等级和档次在范围内", of="request", assumes="四十档读作级内档次的上限")
def grade_and_step_allowed(asked_grade: int, recorded_sub_step: int, grade_max: int, sub_step_max: int) -> bool:
    """等级不超过二十，档次不超过四十。"""
    return asked_grade >= 1 and asked_grade <= grade_max and recorded_sub_step >= 1 and recorded_sub_step <= sub_step_max


@rule(clause="等级", title="级档工资数额", of="request", unit="元")
def grade_step_amount(asked_grade: int, recorded_sub_step: int, grade_step_pay: Table[int, int, Yuan]) -> Yuan:
    """按等级和档次查表；表没有见到。"""
    return grade_step_pay[asked_grade, recorded_sub_step]


@rule(clause="招聘", title="适用的年龄上限", of="request", unit="岁")
def age_limit(applicant_has_degree: bool, degree_age_max: int) -> int:
    """有学位的放宽；其他人的没有见到。"""
    if not applicant_has_degree:
        return needs_decision("其他应聘人的年龄上限没有见到，以公告为准")
    return degree_age_max


@rule(clause="招聘", title="年龄符合", of="request", assumes=("按当日的周岁，含本数", "计算年龄的日期没有见到"))
def age_fits(applicant_birth: Date, on: Date, age_limit: int) -> bool:
    """不超过适用的上限。"""
    return full_years(applicant_birth, on) <= age_limit

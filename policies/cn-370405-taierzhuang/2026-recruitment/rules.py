"""台儿庄区：四十岁以下、本区户籍；学历要求没有收录。"""

from jiceng.rules import Date, full_years, needs_decision, rule


@rule(clause="条件", title="年龄符合", of="request", assumes="周岁，含本数")
def age_fits(applicant_birth: Date, age_reference_day: Date, age_max: int) -> bool:
    """不超过年龄上限。"""
    return full_years(applicant_birth, age_reference_day) <= age_max


@rule(clause="条件", title="户籍或居住符合", of="request")
def residence_fits(household_here: bool) -> bool:
    """本区户籍。"""
    return household_here


@rule(clause="条件", title="符合报名条件", of="request")
def eligible(age_fits: bool, residence_fits: bool) -> bool:
    """年龄、户籍不符合的为否；都符合的还要看学历，没有收录。"""
    if not (age_fits and residence_fits):
        return False
    return needs_decision("年龄和户籍符合；学历要求没有收录，以公告为准")

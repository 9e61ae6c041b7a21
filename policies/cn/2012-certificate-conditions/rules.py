"""社会工作者职业资格：助理、中级、高级的报考条件（2012 年前后的说法）。"""

from jiceng.rules import Date, Table, add_years, rule
from jiceng.terms import EducationLevel


@rule(clause="助理", title="可报考助理社会工作师", of="request")
def assistant_exam_open(
    applicant_education: EducationLevel,
    social_work_major: bool,
    social_work_years: int,
    assistant_own_years: Table[EducationLevel, int],
    assistant_other_years: Table[EducationLevel, int],
) -> bool:
    """按学历和专业看从事社会工作的年数。"""
    if social_work_major:
        return social_work_years >= assistant_own_years[applicant_education]
    return social_work_years >= assistant_other_years[applicant_education]


@rule(clause="中级", title="可报考社会工作师", of="request")
def middle_exam_open(
    applicant_education: EducationLevel,
    social_work_major: bool,
    social_work_years: int,
    middle_own_years: Table[EducationLevel, int],
    middle_other_extra: int,
    middle_after_assistant: int,
    assistant_years: int = 0,
) -> bool:
    """中专看取得助理级以后的年数，其他按学历，其他专业多两年。"""
    if applicant_education == EducationLevel.secondary or applicant_education == EducationLevel.senior_middle:
        return assistant_years >= middle_after_assistant
    extra = 0 if social_work_major else middle_other_extra
    return social_work_years >= middle_own_years[applicant_education] + extra


@rule(clause="高级", title="可报考高级社会工作师", of="request")
def senior_exam_open(
    applicant_education: EducationLevel, middle_years: int, senior_after_middle: int, senior_education: Table[EducationLevel, bool]
) -> bool:
    """本科以上，取得中级以后满五年。"""
    return senior_education[applicant_education] and middle_years >= senior_after_middle


@rule(clause="高级", title="申请高级评审的最后一天", of="request")
def senior_review_until(senior_exam_passed: Date, senior_review_years: int) -> Date:
    """考试合格以后三年内。"""
    return add_years(senior_exam_passed, senior_review_years)

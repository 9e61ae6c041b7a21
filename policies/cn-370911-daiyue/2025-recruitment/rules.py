"""岱岳区 2025 年：技工院校对应学历；本人、父母、配偶的户籍或者工作都可以。"""

from jiceng.rules import Date, Table, full_years, known, rule
from jiceng.terms import EducationLevel, TechnicianClass


@rule(clause="条件", title="年龄符合", of="request", assumes="周岁，含本数")
def age_fits(applicant_birth: Date, age_reference_day: Date, age_max: int) -> bool:
    """不超过年龄上限。"""
    return full_years(applicant_birth, age_reference_day) <= age_max


@rule(clause="学历", title="认定的学历", of="request")
def recognised_education(
    technician_equals: Table[TechnicianClass, EducationLevel],
    technician_class: TechnicianClass = None,
    applicant_education: EducationLevel = None,
) -> EducationLevel:
    """技工院校毕业的按对应学历，其他的按本人学历。"""
    if known(technician_class):
        return technician_equals[technician_class]
    return applicant_education


@rule(clause="学历", title="学历符合", of="request")
def education_fits(
    recognised_education: EducationLevel,
    education_accepted: Table[EducationLevel, bool],
    education_obtained: Date,
    education_deadline: Date,
) -> bool:
    """大专以上，在截止日以前取得，含当日。"""
    return education_accepted[recognised_education] and education_obtained <= education_deadline


@rule(clause="户籍", title="户籍或居住符合", of="request")
def residence_fits(
    household_since: Date,
    residence_deadline: Date,
    household_here: bool = False,
    parent_or_spouse_household: bool = False,
    parent_or_spouse_employed: bool = False,
) -> bool:
    """本人、父母或配偶的户籍在本区，或者父母、配偶在本区工作；在截止日以前，含当日。"""
    related = household_here or parent_or_spouse_household or parent_or_spouse_employed
    return related and household_since <= residence_deadline


@rule(clause="条件", title="符合报名条件", of="request")
def eligible(age_fits: bool, education_fits: bool, residence_fits: bool, employed_now: bool, employer_consents: bool = False) -> bool:
    """各项都符合；有工作单位的要单位同意。"""
    return age_fits and education_fits and residence_fits and (employer_consents or not employed_now)

"""临朐县 2022 年：甲组看籍贯户籍，乙组看是否自有住房住在环路以内。"""

from jiceng.rules import Date, Table, full_years, rule
from jiceng.terms import EducationLevel, RecruitGroup


@rule(clause="条件", title="年龄符合", of="request", assumes="周岁，两端都含本数；满三十五岁的两组都可以")
def age_fits(
    applicant_group: RecruitGroup,
    applicant_birth: Date,
    age_reference_day: Date,
    group_age_min: Table[RecruitGroup, int],
    group_age_max: Table[RecruitGroup, int],
) -> bool:
    """甲组三十五岁以下，乙组三十五至四十岁。"""
    age = full_years(applicant_birth, age_reference_day)
    return group_age_min[applicant_group] <= age and age <= group_age_max[applicant_group]


@rule(clause="条件", title="学历符合", of="request")
def education_fits(applicant_education: EducationLevel, education_accepted: Table[EducationLevel, bool]) -> bool:
    """大专以上。"""
    return education_accepted[applicant_education]


@rule(clause="居住", title="户籍或居住符合", of="request", assumes="没有说明是租住的，按不是租住")
def residence_fits(
    applicant_group: RecruitGroup,
    household_here: bool = False,
    native_here: bool = False,
    inside_ring_roads: bool = False,
    applicant_renting: bool = False,
) -> bool:
    """甲组要本县籍贯或户籍；乙组要住在环路以内，租住的不算。"""
    if applicant_group == RecruitGroup.second:
        return inside_ring_roads and not applicant_renting
    return household_here or native_here


@rule(clause="条件", title="符合报名条件", of="request", assumes="没有说明有负面清单情形的，按没有")
def eligible(age_fits: bool, education_fits: bool, residence_fits: bool, on_negative_list: bool = False) -> bool:
    """各项都符合，没有负面清单情形。"""
    return age_fits and education_fits and residence_fits and not on_negative_list

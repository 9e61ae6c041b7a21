"""历下区 2022 年：甲组要本区户籍，乙组要择业期内的全日制本科。"""

from jiceng.rules import Date, Table, rule
from jiceng.terms import EducationLevel, RecruitGroup


@rule(clause="条件", title="年龄符合", of="request")
def age_fits(applicant_birth: Date, birth_from: Date, birth_to: Date) -> bool:
    """出生日期在公告写明的两个月份之间，含首尾。"""
    return birth_from <= applicant_birth and applicant_birth <= birth_to


@rule(clause="条件", title="学历符合", of="request")
def education_fits(
    applicant_group: RecruitGroup,
    applicant_education: EducationLevel,
    group_education_accepted: Table[RecruitGroup, EducationLevel, bool],
    applicant_full_time: bool = False,
    within_choice_period: bool = False,
) -> bool:
    """甲组大专以上；乙组全日制本科以上、毕业在择业期内。"""
    if applicant_group == RecruitGroup.second and not (applicant_full_time and within_choice_period):
        return False
    return group_education_accepted[applicant_group, applicant_education]


@rule(clause="条件", title="户籍或居住符合", of="request")
def residence_fits(applicant_group: RecruitGroup, household_here: bool = False) -> bool:
    """甲组要本区户籍，乙组不限。"""
    return applicant_group == RecruitGroup.second or household_here


@rule(clause="条件", title="符合报名条件", of="request", assumes="没有说明是在任“两委”成员的，按不是；没有说明报几组的，按一组")
def eligible(age_fits: bool, education_fits: bool, residence_fits: bool, serving_committee: bool = False, groups_applied: int = 1) -> bool:
    """各项都符合，不是在任“两委”成员，只报一组。"""
    return age_fits and education_fits and residence_fits and not serving_committee and groups_applied == 1

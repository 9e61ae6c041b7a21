"""青州市 2022 年：三十五岁以下、大专以上、本地籍贯或户籍。"""

from jiceng.rules import Date, Table, full_years, rule
from jiceng.terms import EducationLevel


@rule(clause="条件", title="年龄符合", of="request", assumes="周岁，含本数")
def age_fits(applicant_birth: Date, age_reference_day: Date, age_max: int) -> bool:
    """不超过年龄上限。"""
    return full_years(applicant_birth, age_reference_day) <= age_max


@rule(clause="条件", title="学历符合", of="request")
def education_fits(applicant_education: EducationLevel, education_accepted: Table[EducationLevel, bool]) -> bool:
    """大专以上。"""
    return education_accepted[applicant_education]


@rule(clause="条件", title="户籍或居住符合", of="request", assumes="生源地、户籍、原籍有一样在本市即可")
def residence_fits(household_here: bool = False, native_here: bool = False) -> bool:
    """本地生源、户籍或原籍。"""
    return household_here or native_here


@rule(clause="条件", title="符合报名条件", of="request")
def eligible(age_fits: bool, education_fits: bool, residence_fits: bool) -> bool:
    """各项都符合。"""
    return age_fits and education_fits and residence_fits

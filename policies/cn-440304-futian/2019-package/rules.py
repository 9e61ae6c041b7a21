"""福田区：按学历的打包经费，单位和个人的社会保险都在内。"""

from jiceng.rules import History, Table, Yuan, not_applicable, rule
from jiceng.terms import Education, EducationLevel


@rule(clause="经费", title="本人的年打包经费", unit="元", assumes="按最高学历", names={"best": "最高学历"})
def package(educations: History[Education], package_budget: Table[EducationLevel, Yuan]) -> Yuan:
    """按学历查表；不是工资。"""
    if len(educations) == 0:
        return not_applicable("台账里没有学历")
    best = EducationLevel.primary
    for e in educations:
        if e.level > best:
            best = e.level
    return package_budget[best]


@rule(clause="经费", title="打包经费里的应发工资（年）", unit="元", assumes="应发工资含个人缴纳的部分")
def package_wage(package: Yuan, employer_insurance: Yuan) -> Yuan:
    """打包经费减去单位缴纳的部分。"""
    return package - employer_insurance

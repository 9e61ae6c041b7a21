"""某地：本科、硕士、博士折算社区工作年数。"""

from jiceng.rules import Date, History, Table, full_years, rule
from jiceng.terms import Education, EducationLevel


@rule(clause="学历", title="因学历多计的年数", unit="年", assumes="按最高学历；是否要学位、是否限全日制，没有见到")
def education_years(educations: History[Education], education_deemed_years: Table[EducationLevel, int]) -> int:
    """最高学历折算的年数。"""
    best = 0
    for e in educations:
        best = max(best, education_deemed_years[e.level])
    return best


@rule(clause="学历", title="从事社区工作的整年数", unit="年")
def community_years(community_start: Date, on: Date) -> int:
    """从开始从事社区工作之日起满整年计。"""
    return max(0, full_years(community_start, on))


@rule(clause="学历", title="折算后的年数", unit="年")
def deemed_years(community_years: int, education_years: int) -> int:
    """实际年数加上因学历多计的年数。"""
    return community_years + education_years

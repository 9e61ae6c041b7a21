"""宁夏：升一级的年数由三年改为两年。"""

from jiceng.rules import Date, Rounding, divide, full_years, rule


@rule(clause="晋升", title="从事社区工作的整年数", unit="年")
def community_years(community_start: Date, on: Date) -> int:
    """从开始从事社区工作之日起满整年计。"""
    return max(0, full_years(community_start, on))


@rule(clause="晋升", title="按年数可升的级数", unit="级", assumes="假定一直符合晋升条件，条件没有见到；不超过等级总数减一级")
def rises_by_years(community_years: int, years_per_grade: int, grade_rise_rounding: Rounding, grade_max: int) -> int:
    """每两年一级。"""
    return min(grade_max - 1, divide(community_years, years_per_grade, grade_rise_rounding))


@rule(clause="晋升", title="按改变以前的年数可升的级数", unit="级", assumes="只作对照；从前的等级总数没有见到，不设上限")
def rises_by_years_before(community_years: int, years_per_grade_before: int, grade_rise_rounding: Rounding) -> int:
    """从前每三年一级。"""
    return divide(community_years, years_per_grade_before, grade_rise_rounding)

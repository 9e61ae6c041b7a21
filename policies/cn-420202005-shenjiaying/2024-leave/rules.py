"""沈家营街道：年休假的档、折算和失去。"""

from jiceng.rules import (
    Bands,
    Date,
    History,
    Records,
    Rounding,
    add_days,
    add_years,
    band,
    divide,
    full_years,
    month_start,
    not_applicable,
    rule,
    year_end,
    year_start,
)
from jiceng.terms import Leave, LeaveKind


@rule(clause="年休假", title="定年休假档的工作年限", unit="年")
def leave_work_years(work_start: Date, on: Date) -> int:
    """累计工作年限；满年数的次月起才进新的一档，所以看到上个月末。"""
    return full_years(work_start, add_days(month_start(on), -1))


@rule(clause="年休假", title="年休假标准", unit="天")
def annual_leave_standard(leave_work_years: int, annual_leave_tiers: Bands[int, int]) -> int:
    """按累计工作年限分三档。"""
    if leave_work_years < 1:
        return not_applicable("累计工作不满一年")
    return band(annual_leave_tiers, leave_work_years)


@rule(clause="折算", title="本单位当年剩余天数", unit="天", assumes="到本单位之日按进入社区之日")
def unit_days_this_year(hired: Date, on: Date) -> int:
    """当年从到本单位之日（年初以前到的从年初）到年末的日历天数。"""
    start = max(hired, year_start(on))
    return year_end(on) - start + 1


@rule(clause="折算", title="折算后的年休假", unit="天", assumes="只对当年新到本单位的折算")
def annual_leave_prorated(
    annual_leave_standard: int, hired: Date, on: Date, unit_days_this_year: int, leave_year_days: int, leave_rounding: Rounding
) -> int:
    """剩余天数除以三百六十五，乘全年天数，不足一天的不算。"""
    if hired <= year_start(on):
        return annual_leave_standard
    return divide(unit_days_this_year * annual_leave_standard, leave_year_days, leave_rounding)


@rule(
    clause="不享受", title="当年病假天数", unit="天", names={"days": "已计天数"}, assumes="工伤假另登记，不计在内；跨年的只计当年的日历天数"
)
def sick_days_this_year(leaves: History[Leave], on: Date) -> int:
    """到当日为止当年的病假累计。"""
    days = 0
    for one in leaves:
        if one.kind == LeaveKind.sick:
            start = max(one.from_, year_start(on))
            end = min(one.to, on)
            if start <= end:
                days += end - start + 1
    return days


@rule(clause="不享受", title="上年病假天数", unit="天", names={"days": "已计天数"}, assumes="工伤假另登记，不计在内")
def sick_days_last_year(leaves: History[Leave], on: Date) -> int:
    """上一年的病假累计。"""
    days = 0
    last = add_days(year_start(on), -1)
    for one in leaves:
        if one.kind == LeaveKind.sick:
            start = max(one.from_, year_start(last))
            end = min(one.to, last)
            if start <= end:
                days += end - start + 1
    return days


@rule(clause="不享受", title="当年已休过年休假")
def annual_leave_taken(leaves: Records[Leave], on: Date) -> bool:
    """当年登记了年休假。"""
    for one in leaves:
        if one.kind == LeaveKind.annual and year_start(on) <= one.since and one.since <= on:
            return True
    return False


@rule(clause="不享受", title="上年已休过年休假")
def annual_leave_taken_last_year(leaves: Records[Leave], on: Date) -> bool:
    """上一年登记了年休假。"""
    for one in leaves:
        if one.kind == LeaveKind.annual and add_years(year_start(on), -1) <= one.since and one.since < year_start(on):
            return True
    return False


@rule(clause="不享受", title="因上年病假失去年休假")
def lost_by_last_year(
    work_start: Date,
    on: Date,
    sick_days_last_year: int,
    annual_leave_taken_last_year: bool,
    sick_month_limits: Bands[int, int],
    sick_month_days: int,
) -> bool:
    """上年的病假达到月数而年休假已经休过的，扣本年的。"""
    years = full_years(work_start, add_days(year_start(on), -1))
    if years < 1 or not annual_leave_taken_last_year:
        return False
    return sick_days_last_year >= band(sick_month_limits, years) * sick_month_days


@rule(clause="不享受", title="因当年病假不享受年休假")
def lost_by_this_year(
    leave_work_years: int, sick_days_this_year: int, annual_leave_taken: bool, sick_month_limits: Bands[int, int], sick_month_days: int
) -> bool:
    """当年病假达到月数、年休假还没有休的。"""
    if leave_work_years < 1 or annual_leave_taken:
        return False
    return sick_days_this_year >= band(sick_month_limits, leave_work_years) * sick_month_days


@rule(clause="不享受", title="应休年休假", unit="天")
def annual_leave_due(annual_leave_prorated: int, lost_by_last_year: bool, lost_by_this_year: bool) -> int:
    """折算后的天数；失去的为零。"""
    if lost_by_last_year or lost_by_this_year:
        return 0
    return annual_leave_prorated

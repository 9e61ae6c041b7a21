"""某县：准假权限、事假对考核的影响、旷工的处理。"""

from jiceng.rules import Bands, Date, History, band, rule, year_end, year_start
from jiceng.terms import AbsenceMeasure, ApprovalLevel, Leave, LeaveKind


@rule(clause="准假", title="由谁准假", of="request")
def leave_approver(asked_leave_days: int, leave_approvers: Bands[int, ApprovalLevel]) -> ApprovalLevel:
    """一天由中心负责人，两天以上由上一级。"""
    return band(leave_approvers, asked_leave_days)


@rule(clause="考核", title="当年事假天数", unit="天", names={"days": "已计天数"}, assumes="按登记的天数，算在开始的那一年")
def personal_days_this_year(leaves: History[Leave], on: Date) -> int:
    """当年事假的累计。"""
    days = 0
    for one in leaves:
        if one.kind == LeaveKind.personal and year_start(on) <= one.since and one.since <= year_end(on):
            days += one.days
    return days


@rule(clause="考核", title="当年最长一次事假", unit="天", names={"days": "最长"}, assumes="一次登记算一次连续")
def longest_personal_leave(leaves: History[Leave], on: Date) -> int:
    """当年一次事假的最多天数。"""
    days = 0
    for one in leaves:
        if one.kind == LeaveKind.personal and year_start(on) <= one.since and one.since <= year_end(on):
            days = max(days, one.days)
    return days


@rule(clause="考核", title="可以评为合格以上")
def pass_open(personal_days_this_year: int, longest_personal_leave: int, personal_running_limit: int, personal_year_limit: int) -> bool:
    """事假连续或者全年超过上限的，不得优秀，也不得合格。"""
    return longest_personal_leave <= personal_running_limit and personal_days_this_year <= personal_year_limit


@rule(clause="旷工", title="旷工怎样处理", of="request", assumes="超假不归按旷工，两项天数相加")
def absence_measure(absence_measures: Bands[int, AbsenceMeasure], absence_days: int = 0, overdue_days: int = 0) -> AbsenceMeasure:
    """按天数分档；六至十四天没有写。"""
    return band(absence_measures, absence_days + overdue_days)

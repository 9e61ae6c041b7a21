"""请假范本：病假、事假各按天数由不同的人批。"""

from jiceng.rules import Bands, band, not_applicable, rule
from jiceng.terms import ApprovalLevel, LeaveKind


@rule(clause="准假", title="由谁准假", of="request")
def leave_approver(
    asked_leave_kind: LeaveKind,
    asked_leave_days: int,
    sick_leave_approvers: Bands[int, ApprovalLevel],
    personal_leave_approvers: Bands[int, ApprovalLevel],
) -> ApprovalLevel:
    """病假三天、事假一天两档都合，条文不明。"""
    if asked_leave_kind == LeaveKind.sick:
        return band(sick_leave_approvers, asked_leave_days)
    if asked_leave_kind == LeaveKind.personal:
        return band(personal_leave_approvers, asked_leave_days)
    return not_applicable("范本只写了病假和事假")

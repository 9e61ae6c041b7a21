"""Roles as a table of permissions. What is not listed is refused.

The administrator keeps accounts and reads the logs but sees no names and changes no facts: one person who does both
holds two grants, and each is on record.
"""

from __future__ import annotations

PERMISSIONS = {
    "see": "查看（姓名证件打码）",
    "see_names": "查看姓名",
    "reveal": "查看证件号码、电话、住址",
    "record": "登记",
    "correct": "更正",
    "undo": "撤销",
    "import": "导入表格",
    "submit": "上报报表",
    "lock": "退回、锁定下级报表",
    "adopt_law": "本地确认法规文本",
    "draft_law": "起草法规",
    "simulate": "试算",
    "pay": "编制工资表",
    "lock_pay": "审批锁定工资表",
    "accounts": "管理账号与授权",
    "audit": "查看访问日志",
}
ROLE_NAMES = {"viewer": "查阅", "clerk": "经办", "officer": "主管", "admin": "管理员"}

_CLERK = frozenset({"see", "see_names", "record", "import", "submit", "simulate", "pay"})
ROLES: dict[str, frozenset[str]] = {
    "viewer": frozenset({"see"}),
    "clerk": _CLERK,
    "officer": _CLERK | {"reveal", "correct", "undo", "adopt_law", "lock", "draft_law", "lock_pay"},
    "admin": frozenset({"see", "accounts", "audit"}),
}
# Whoever holds one of these signs in with a second factor.
NEEDS_SECOND_FACTOR = frozenset({"reveal", "accounts", "audit"})

"""The menu at the left: what each desk declares, as far as the account may open it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from jiceng.desks.office.menu import MENU as OFFICE
from jiceng.desks.pay.menu import MENU as PAY
from jiceng.desks.policy.menu import MENU as POLICY
from jiceng.desks.workforce.menu import MENU as WORKFORCE


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the groups of the menu, the entry the page stands under, the moment."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": (), "moment": None}
    match = request.resolver_match
    here = match.url_name.split("_")[0] if match and match.url_name else ""
    held = request.scope.permissions if hasattr(request, "scope") else frozenset()
    groups = (*WORKFORCE, *PAY, *POLICY, *OFFICE)
    shown = [(group.name, [e for e in group.entries if not e.permission or e.permission in held]) for group in groups]
    return {
        "menu": [{"name": name, "entries": entries} for name, entries in shown if entries],
        "here": here,
        "moment": getattr(request, "moment", None),
    }

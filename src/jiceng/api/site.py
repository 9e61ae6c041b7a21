"""What the token itself may do, and the API put together."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from ninja import Router

from jiceng.access.roles import PERMISSIONS, ROLE_NAMES
from jiceng.api import shapes
from jiceng.api.moments import When
from jiceng.api.signing import Asking
from jiceng.places import reading as places

router = Router(tags=["令牌"])


@router.get("", response=shapes.TokenAnswer, operation_id="token", summary="这个令牌今天能做什么")
def own(request: Asking) -> Any:
    """账号的授权收回，这里就少了。"""
    token, held = request.auth.token, request.auth.scope.permissions
    name = places.full_names([token.place], on=When().moment.today).get(token.place, "全国")
    return {
        "name": token.name, "account": token.account.get_username(), "role": token.role, "role_name": ROLE_NAMES[token.role],
        "place": token.place, "place_name": name, "permissions": [one for one in PERMISSIONS if one in held],
        "until": token.until.isoformat(), "requests_a_minute": settings.API_REQUESTS_A_MINUTE,
    }  # fmt: skip

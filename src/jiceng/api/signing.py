"""Who asks: a bearer token, nothing else. Session cookies open nothing here, so no page can be made to write through the API."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from jiceng.access.tokens import Caller, caller
from jiceng.base.refusals import Refusal
from jiceng.ui.moment import ZONE

MINUTE = 60


class Asking(HttpRequest):
    """A request that a token has signed."""

    auth: Caller


class TokenAuth(HttpBearer):
    """`Authorization: Bearer jiceng.prefix.secret`; then the address is looked over for parameters nobody offers."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        now = timezone.now()
        found = caller(token, today=now.astimezone(ZONE).date(), now=now, address=request.META.get("REMOTE_ADDR", ""))
        only_known_parameters(request)
        return found


def only_known_parameters(request: HttpRequest) -> None:
    """A misspelt filter must not quietly widen a list, nor the second of two values win.

    Errors  Refusal api.parameter
    """
    match = request.resolver_match
    offered: frozenset[str] = getattr(match.func if match else None, "offered", {}).get(request.method, frozenset())
    for name, values in request.GET.lists():
        if name not in offered:
            known = "、".join(sorted(offered)) or "没有"
            raise Refusal("api.parameter", f"没有参数“{name[:60]}”", where="网址", why=f"这个接口的参数：{known}", do="请核对写法")
        if len(values) > 1:
            raise Refusal("api.parameter", f"参数“{name}”写了 {len(values)} 次", where="网址", why="同名参数只能写一次", do="请只留一个")
        if "\x00" in values[0]:
            raise Refusal("api.parameter", f"参数“{name}”里有空字符", where="网址", do="请去掉")


class TokenThrottle(BaseThrottle):
    """So many requests a minute for each token, counted in the server's memory."""

    def allow_request(self, request: HttpRequest) -> bool:
        asking: Any = request
        key = f"api:{asking.auth.token.pk}:{int(time.time()) // MINUTE}"
        cache.add(key, 0, timeout=2 * MINUTE)
        return bool(cache.incr(key) <= settings.API_REQUESTS_A_MINUTE)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE

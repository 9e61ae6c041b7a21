"""Signing out an account that has not moved for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

TOUCHED = "touched"
# The time of the last page is written at most once a minute, so that reading a page is not a write every time.
STEP = 60


class IdleMiddleware:
    """Ends the session of an account without a page for SESSION_IDLE_SECONDS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get(TOUCHED, now)
            if now - last > settings.SESSION_IDLE_SECONDS:
                logout(request)
                messages.warning(request, "很久没有操作，已自动退出。请重新登录。")
            elif now - last >= STEP or TOUCHED not in request.session:
                request.session[TOUCHED] = now
        answer = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
            # A part of a page asked for after the session ended: the whole window goes to sign-in, not the panel.
            return HttpResponse(status=204, headers={"HX-Redirect": "/account/login/"})
        return answer

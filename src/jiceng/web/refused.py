"""A page for every refusal: what was refused, where, why, what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from jiceng.base.refusals import Problems, Refusal

log = structlog.get_logger("jiceng.web")

STATUS = {"access.denied": 403, "access.concealed": 403, "page.not_found": 404}
# Not a refusal to the person who waits: the same page asked for again goes on from what is done.
WAITS = frozenset({"runs.building", "runs.catching_up", "simulation.working"})
ASK_AGAIN_SECONDS = 2
_MOST = 2**63 - 1


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the look of the site; only the panel's part of it for a panel."""
    if refusal.id in WAITS:
        return waiting_page(request, refusal)
    status = STATUS.get(refusal.id, 422)
    problems = refusal.problems if isinstance(refusal, Problems) else []
    part = "ui/refusal_part.html" if getattr(request, "htmx", None) else "ui/refusal.html"
    return render(request, part, {"refusal": refusal, "problems": problems, "back": _came_from(request)}, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of this site on which the refused link or button was; "" where nobody says or it is the refused page itself."""
    came = request.META.get("HTTP_REFERER", "")
    try:
        here = {request.get_host()}
    except DisallowedHost:
        return ""  # refused for its host: nothing of what it says of itself is repeated
    ours = url_has_allowed_host_and_scheme(came, allowed_hosts=here, require_https=request.is_secure())
    return came if ours and came != request.build_absolute_uri() else ""


def waiting_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What is being made ready and how far it got; the page asks again by itself, without script too."""
    part = "ui/wait_part.html" if getattr(request, "htmx", None) else "ui/wait.html"
    context = {"refusal": refusal, "seconds": ASK_AGAIN_SECONDS, "again": request.method == "GET"}
    answer = render(request, part, context, status=503)
    answer["Retry-After"] = str(ASK_AGAIN_SECONDS)
    return answer


class RefusalMiddleware:
    """Turns a Refusal raised by a page into its page. Everything else stays a bug and is logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> HttpResponse | None:
        """A number that no row can have, and a character that no database takes: there is no such page."""
        if getattr(view, "for_programs", False):
            return None
        if any(isinstance(value, int) and value > _MOST for value in kwargs.values()) or "\x00" in request.path:
            raise Http404
        for asked, where in ((request.GET, "网址"), (request.POST, "填写的内容")):
            if any("\x00" in value for _, values in asked.lists() for value in values):
                return refusal_page(request, Refusal("page.bad_request", "这个请求读不懂", why=f"{where}里有空字符", do="请回到上一页重试"))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        log.info("refused", refusal=exception.id, path=request.path, account=request.user.pk)
        return refusal_page(request, exception)

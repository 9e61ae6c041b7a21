"""A page for every refusal: what was refused, where, why, what to do."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.base.refusals import Problems, Refusal

log = structlog.get_logger("jiceng.web")

STATUS = {"access.denied": 403, "access.concealed": 403, "page.not_found": 404}
# Not a refusal to the person who waits: the same page asked for again goes on from what is done.
WAITS = frozenset({"runs.building", "runs.catching_up"})
ASK_AGAIN_SECONDS = 2


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the look of the site; only the panel's part of it for a panel."""
    if refusal.id in WAITS:
        return waiting_page(request, refusal)
    status = STATUS.get(refusal.id, 422)
    problems = refusal.problems if isinstance(refusal, Problems) else []
    part = "ui/refusal_part.html" if getattr(request, "htmx", None) else "ui/refusal.html"
    return render(request, part, {"refusal": refusal, "problems": problems}, status=status)


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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        log.info("refused", refusal=exception.id, path=request.path, account=request.user.pk)
        return refusal_page(request, exception)

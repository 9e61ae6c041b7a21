"""A page for every refusal: what was refused, where, why, what to do."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.base.refusals import Problems, Refusal

log = structlog.get_logger("jiceng.web")

STATUS = {"access.denied": 403, "page.not_found": 404}


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the look of the site; only the panel's part of it for a panel."""
    status = STATUS.get(refusal.id, 422)
    problems = refusal.problems if isinstance(refusal, Problems) else []
    part = "ui/refusal_part.html" if getattr(request, "htmx", None) else "ui/refusal.html"
    return render(request, part, {"refusal": refusal, "problems": problems}, status=status)


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

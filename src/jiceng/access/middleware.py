"""Gives each request its scope, and holds up accounts that must first change a password or bind a second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from jiceng.access.scope import Denied, scope_of
from jiceng.access.second_factor import has_second_factor

BOUND = "second_factor"
PASSWORD_PAGES = frozenset({"account_change_password", "account_reauthenticate", "account_logout"})
FACTOR_PAGES = frozenset({"account_reauthenticate", "account_logout", "account_change_password"})


class AccessMiddleware:
    """Sets `request.scope` (today's grants, whatever day the page is asked for). Stands inside the refusal pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.META.get("REMOTE_ADDR", "")
        request.scope = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: scope_of(request.user, on=timezone.localdate(), address=address)
        )
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> HttpResponse | None:
        if getattr(view, "for_programs", False) or not request.user.is_authenticated:
            return None
        page = request.resolver_match.url_name or "" if request.resolver_match else ""
        if request.user.must_change_password:
            return None if page in PASSWORD_PAGES else _sent_to(request, "account_change_password")
        if page in FACTOR_PAGES or page.startswith("mfa_") or not _lacks_factor(request):
            return None
        return _sent_to(request, "mfa_activate_totp")

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, Denied):
            exception.keep()


def _lacks_factor(request: HttpRequest) -> bool:
    """Whether a second factor is needed and none is bound. That one is bound is remembered for the session."""
    if not settings.SECOND_FACTOR or request.session.get(BOUND) == request.user.pk:
        return False
    if not request.scope.needs_second_factor:  # type: ignore[attr-defined]
        return False
    if has_second_factor(request.user):
        request.session[BOUND] = request.user.pk
        return False
    return True


def _sent_to(request: HttpRequest, page: str) -> HttpResponse:
    """To the page; a part of a page asked for by htmx takes the whole window there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(page)})
    return HttpResponseRedirect(reverse(page))

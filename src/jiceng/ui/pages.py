"""What every page asks first: who is asking, and for which moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jiceng.access.roles import PERMISSIONS
from jiceng.access.scope import Scope, scope_of
from jiceng.ui.moment import ZONE, Moment

View = Callable[..., HttpResponse]


def scope_in(request: HttpRequest) -> Scope:
    """What the account asking may do today, whatever day the page is about; read once a request."""
    kept: Scope | None = getattr(request, "scope", None)
    if kept is None:
        today = timezone.now().astimezone(ZONE).date()
        kept = scope_of(request.user, on=today, address=request.META.get("REMOTE_ADDR", ""))  # type: ignore[arg-type]
        request.scope = kept  # type: ignore[attr-defined]
    return kept


def moment_in(request: HttpRequest) -> Moment:
    """The moment the page is about, set by the middleware."""
    return request.moment  # type: ignore[attr-defined, no-any-return]


def page(permission: str) -> Callable[[View], View]:
    """A page for accounts that hold the permission somewhere; where exactly is the page's own question.

    Errors  Denied (access.denied)
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            scope = scope_in(request)
            if permission not in scope.permissions:
                scope.require(permission, 0, what=f"{PERMISSIONS[permission]}（{request.path}）")
            return view(request, *args, **named)

        asked.permission = permission  # type: ignore[attr-defined]
        return asked

    return wrap


def actor_of(request: HttpRequest) -> str:
    """The account as the ledger writes it down."""
    return request.user.get_username()


def clock() -> Any:
    """Now, for the ledger. Only the site and the command line read the clock."""
    return timezone.now()


PAGE_SIZE = getattr(settings, "PAGE_SIZE", 30)

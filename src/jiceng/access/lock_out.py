"""Whose wrong passwords are counted together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def username_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The login name that axes counts for, folded. Named in AXES_USERNAME_CALLABLE.

    The sign-in form calls it `login`, Django's back end `username`. With one name only, axes would count under the
    one and look under the other, and nobody would ever be locked out.
    """
    given = credentials or request.POST
    name = given.get("username") or given.get("login")
    return str(name).strip().casefold() if name else None

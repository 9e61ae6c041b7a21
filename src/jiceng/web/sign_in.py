"""Sign-in: closed to strangers, counted by axes, second factor by allauth."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from axes.decorators import axes_dispatch, axes_form_invalid
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator

from jiceng.base.refusals import Refusal


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody registers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No greeting after signing in or out: the page that follows says enough."""


@method_decorator(login_not_required, name="dispatch")
@method_decorator(axes_dispatch, name="dispatch")
@method_decorator(axes_form_invalid, name="form_invalid")
class SignIn(account.LoginView):
    """The sign-in page, with wrong passwords counted."""


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords."""
    refusal = Refusal(
        "access.locked", "账号已暂时锁定", why="连续输错口令 5 次，本机对该账号锁定半小时", do="请半小时后再试，或找本单位管理员重设口令"
    )
    return render(request, "account/locked.html", {"refusal": refusal}, status=429)

"""Sign-in: closed to strangers, counted by axes, second factor by allauth."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from axes.decorators import axes_dispatch, axes_form_invalid
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator

from jiceng.base.refusals import Refusal

_WANTED = "至少 10 个字符；小写字母、大写字母、数字、符号中至少三种；不能是常见口令，不能与用户名、姓名相近，不能与现用口令相同"


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody registers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No greeting after signing in or out: the page that follows says enough."""


@method_decorator(login_not_required, name="dispatch")
@method_decorator(axes_dispatch, name="dispatch")
@method_decorator(axes_form_invalid, name="form_invalid")
class SignIn(account.LoginView):
    """The sign-in page, with wrong passwords counted."""


class ChangePassword(account.PasswordChangeView):
    """A new password in place of the present one; afterwards the workbench says that it is changed."""

    def get_form(self, *args: Any, **kwargs: Any) -> Form:
        form: Form = super().get_form(*args, **kwargs)
        for name, label in (("oldpassword", "现用口令"), ("password1", "新口令"), ("password2", "再输一遍新口令")):
            form.fields[name].label = label
            form.fields[name].widget.attrs.pop("placeholder", None)
        form.fields["password1"].help_text = _WANTED
        return form

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        messages.success(self.request, "口令已修改，下次登录用新口令。")
        return answer


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords."""
    refusal = Refusal(
        "access.locked", "账号已暂时锁定", why="连续输错口令 5 次，本机对该账号锁定半小时", do="请半小时后再试，或找本单位管理员重设口令"
    )
    return render(request, "account/locked.html", {"refusal": refusal}, status=429)

"""Accounts: made, granted by place, disabled. An administrator sees accounts only inside the places he keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access import accounts, listing
from jiceng.access.models import Account
from jiceng.access.roles import PERMISSIONS, ROLE_NAMES, ROLES
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.places import reading as places
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import moment_in, page, scope_in


class AccountForm(forms.Form):
    """A new account with its first role."""

    username = forms.CharField(label="用户名", max_length=60, help_text="只用字母、数字和 @ . + - _")
    display_name = forms.CharField(label="姓名", max_length=60)
    office = forms.CharField(label="单位", max_length=120)


class GrantForm(forms.Form):
    """A role at a place for a period."""

    role = forms.ChoiceField(label="角色", choices=list(ROLE_NAMES.items()))
    place = forms.CharField(label="地方（代码）", max_length=12, help_text="角色管到这个地方和它下面的各级")
    since = DayField(label="自")
    until = DayField(label="至（不含当天）", required=False, help_text="留空表示长期")

    def clean_place(self) -> int:
        text = self.cleaned_data["place"].strip()
        if not text.isascii() or not text.isdigit():
            raise forms.ValidationError("请填区划代码，例如 5133")
        return int(text)


@page("accounts")
def accounts_page(request: HttpRequest) -> HttpResponse:
    """Every account the administrator may keep, with its roles."""
    scope, moment = scope_in(request), moment_in(request)
    found = listing.accounts_in(scope, on=moment.today)
    codes = {grant.place for _, grants in found for grant in grants}
    context = {"found": found, "places": places.full_names(codes, on=moment.today), "roles": ROLE_NAMES}
    return render(request, "office/accounts.html", context)


@page("accounts")
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once."""
    scope, moment = scope_in(request), moment_in(request)
    own = scope.places_for("accounts")
    form = AccountForm(request.POST or None)
    grant_form = GrantForm(request.POST or None, initial={"since": moment.today, "place": str(own[0]) if own else ""})
    if request.method == "POST" and form.is_valid() and grant_form.is_valid():
        given, granted = form.cleaned_data, grant_form.cleaned_data
        password = accounts.temporary_password()
        try:
            account = accounts.create_account(**given, password=password, by=scope, place=granted["place"])
            _granted(account, granted, by=scope)
        except Refusal as refusal:
            form.add_error(None, refusal.text)
        else:
            return render(request, "office/account_made.html", {"account": account, "password": password})
    context = {"form": form, "grant_form": grant_form, "table": _table()}
    return render(request, "office/account_new.html", context, status=422 if form.is_bound else 200)


@page("accounts")
def account_page(request: HttpRequest, account: int) -> HttpResponse:
    """One account: its grants, and what can be done about it."""
    scope, moment = scope_in(request), moment_in(request)
    found, grants = listing.account_in(scope, account, on=moment.today)
    form = GrantForm(request.POST if request.POST.get("act") == "grant" else None, initial={"since": moment.today})
    if request.method == "POST":
        done = _act(request, found, grants, form, today=moment.today)
        if done is not None:
            return done
    names = places.full_names({grant.place for grant in grants}, on=moment.today)
    context = {"account": found, "grants": grants, "places": names, "roles": ROLE_NAMES, "form": form, "today": moment.today}
    return render(request, "office/account.html", context, status=422 if form.is_bound else 200)


def _act(request: HttpRequest, account: Account, grants: list[Any], form: GrantForm, *, today: date) -> HttpResponse | None:
    """The act asked for by the buttons of the page; None where the form has to be shown again."""
    scope, act = scope_in(request), request.POST.get("act", "")
    if act == "grant":
        if not form.is_valid():
            return None
        _granted(account, form.cleaned_data, by=scope)
        messages.success(request, f"已授予“{account}”{ROLE_NAMES[form.cleaned_data['role']]}角色。")
    elif act == "revoke":
        grant = next((one for one in grants if str(one.pk) == request.POST.get("grant")), None)
        if grant is None:
            raise Refusal("access.no_grant", "没有这项授权", do="请刷新本页")
        accounts.revoke(grant, on=today, by=scope)
        messages.success(request, "已收回授权，自今天起不再有效。")
    elif act == "disable":
        accounts.disable(account, on=today, by=scope)
        messages.success(request, f"已停用“{account}”。")
    elif act == "password":
        password = accounts.temporary_password()
        accounts.hand_out_password(account, password, on=today, by=scope)
        return render(request, "office/account_made.html", {"account": account, "password": password})
    else:
        raise Refusal("page.bad_request", "不认识这个办理", do="请刷新本页重试")
    return redirect("accounts_one", account.pk)


def _granted(account: Account, given: dict[str, Any], *, by: Any) -> None:
    accounts.grant(account, role=given["role"], place=given["place"], since=given["since"], until=given["until"] or OPEN_END, by=by)


def _table() -> list[tuple[str, list[str]]]:
    """Roles with their permissions in words."""
    return [(ROLE_NAMES[role], [PERMISSIONS[one] for one in PERMISSIONS if one in held]) for role, held in ROLES.items()]

"""Accounts: made, granted by place, disabled. An administrator sees accounts only inside the places he keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access import accounts, listing
from jiceng.access.models import Account
from jiceng.access.roles import PERMISSIONS, ROLE_NAMES, ROLES
from jiceng.access.scope import Denied
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.places import reading as places
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import moment_in, page, scope_in

# A name that many places bear ("城关镇") is offered as a choice of this many.
CANDIDATES = 40


class AccountForm(forms.Form):
    """A new account with its first role."""

    username = forms.CharField(label="用户名", max_length=60, help_text="只用字母、数字和 @ . + - _")
    display_name = forms.CharField(label="姓名", max_length=60)
    office = forms.CharField(label="单位", max_length=120)


class GrantForm(forms.Form):
    """A role at a place for a period."""

    role = forms.ChoiceField(label="角色", choices=list(ROLE_NAMES.items()))
    place = forms.CharField(label="地方", max_length=60, help_text="写名称或区划代码，如 康定市；角色管到这个地方和它下面的各级")
    since = DayField(label="自")
    until = DayField(label="至（不含当天）", required=False, help_text="留空表示长期")

    def __init__(self, *args: Any, own: Sequence[int], today: date, **named: Any) -> None:
        super().__init__(*args, **named)
        self.own, self.today = own, today
        widget = self.fields["place"].widget
        widget.attrs |= {"list": "places-offered", "autocomplete": "off"}

    @property
    def offered(self) -> list[str]:
        """Names to pick from while typing: the administrator's places and one level below."""
        below = [place.name for code in self.own for place in places.children(code, on=self.today)]
        return [*places.names_of(self.own, on=self.today).values(), *below]

    def clean_place(self) -> int:
        text = self.cleaned_data["place"].strip()
        if text.isascii() and text.isdigit():
            try:
                return places.place(int(text), on=self.today).code
            except Refusal as refusal:
                raise forms.ValidationError(refusal.text) from refusal
        found = [one for code in self.own for one in places.search(text, scope=code, on=self.today, limit=CANDIDATES)]
        found += [places.place(0, on=self.today)] if text == "全国" else []
        exact = [one for one in found if one.name == text]
        if len(exact or found) == 1:
            return (exact or found)[0].code
        if not found:
            raise forms.ValidationError(f"您管理的范围内没有名称含“{text}”的地方，请核对名称，或写区划代码")
        names = places.full_names([one.code for one in found], on=self.today)
        options = [("", f"“{text}”不止一处，请选一处"), *((str(code), name) for code, name in sorted(names.items()))]
        # The field becomes the choice; without the text typed, or the select would show nothing.
        self.fields["place"].widget = forms.Select(choices=options)
        self.data = self.data.copy()
        self.data["place"] = ""
        raise forms.ValidationError("这个名称不止一处，请在上面选一处")


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
    first = {"since": moment.today, "place": places.names_of(own, on=moment.today).get(own[0], "")}
    grant_form = GrantForm(request.POST or None, initial=first, own=own, today=moment.today)
    if request.method == "POST" and all([form.is_valid(), grant_form.is_valid()]):
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
    sent = request.POST if request.POST.get("act") == "grant" else None
    form = GrantForm(sent, initial={"since": moment.today}, own=scope.places_for("accounts"), today=moment.today)
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
        try:
            _granted(account, form.cleaned_data, by=scope)
        except Denied:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal.text)
            return None
        messages.success(request, f"已授予“{account}”{ROLE_NAMES[form.cleaned_data['role']]}角色。")
    elif act == "revoke":
        grant = next((one for one in grants if str(one.pk) == request.POST.get("grant")), None)
        if grant is None:
            raise Refusal("access.no_grant", "没有这项授权", why="可能刚被别人收回", do="请刷新本页")
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
        raise Refusal("page.bad_request", "不认识这个办理", why="提交的内容不完整", do="请刷新本页重试")
    return redirect("accounts_one", account.pk)


def _granted(account: Account, given: dict[str, Any], *, by: Any) -> None:
    accounts.grant(account, role=given["role"], place=given["place"], since=given["since"], until=given["until"] or OPEN_END, by=by)


def _table() -> list[tuple[str, list[str]]]:
    """Roles with their permissions in words."""
    return [(ROLE_NAMES[role], [PERMISSIONS[one] for one in PERMISSIONS if one in held]) for role, held in ROLES.items()]

"""Tokens for other systems: issued to an account's role and place, shown once, revoked at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access import listing, tokens
from jiceng.access.models import Account
from jiceng.access.roles import NEEDS_SECOND_FACTOR, PERMISSIONS, ROLE_NAMES
from jiceng.access.scope import Denied
from jiceng.base.refusals import Refusal
from jiceng.desks.office.accounts import GrantForm
from jiceng.places import reading as places
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import moment_in, page, scope_in


class TokenForm(GrantForm):
    """Which system, in whose stead, as what, where, until when."""

    field_order = ("name", "account", "role", "place", "until")

    def __init__(self, *args: Any, accounts: list[Account], **named: Any) -> None:
        super().__init__(*args, **named)
        del self.fields["since"]
        self.fields["name"] = forms.CharField(label="使用系统", max_length=60, help_text="如 人事系统；写进日志和台账")
        names = [(str(one.pk), f"{one.username}　{one.display_name}") for one in accounts]
        self.fields["account"] = forms.ChoiceField(label="代表的账号", choices=names, help_text="令牌不能比账号权限大、范围宽")
        self.fields["until"] = DayField(label="至（不含当天）", help_text="最长一年")
        self.order_fields(self.field_order)


@page("accounts")
def tokens_page(request: HttpRequest) -> HttpResponse:
    """Every token at the places where the account keeps accounts."""
    today = moment_in(request).today
    found = tokens.tokens_in(scope_in(request))
    names = places.full_names({token.place for token in found}, on=today)
    return render(request, "office/tokens.html", {"found": found, "places": names, "roles": ROLE_NAMES, "today": today})


@page("accounts")
def new(request: HttpRequest) -> HttpResponse:
    """Issue a token; its secret is shown once, on the page that answers."""
    scope, today = scope_in(request), moment_in(request).today
    own = scope.places_for("accounts")
    accounts = [account for account, grants in listing.accounts_in(scope, on=today) if account.is_active and grants]
    first = {"place": places.names_of(own, on=today).get(own[0], "")}
    form = TokenForm(request.POST or None, initial=first, own=own, today=today, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        account = next(one for one in accounts if str(one.pk) == given["account"])
        try:
            token, secret = tokens.issue(
                account, name=given["name"], role=given["role"], place=given["place"], until=given["until"], today=today, by=scope
            )
        except Denied:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal.text)
        else:
            answer = render(request, "office/token_made.html", {"token": token, "secret": secret})
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "never": [PERMISSIONS[one] for one in PERMISSIONS if one in NEEDS_SECOND_FACTOR]}
    return render(request, "office/token_new.html", context, status=422 if form.is_bound else 200)


@page("accounts")
def revoke_page(request: HttpRequest, token: int) -> HttpResponse:
    """Ask once more, then revoke."""
    found = tokens.token_in(scope_in(request), token)
    if request.method == "POST":
        tokens.revoke(found, by=scope_in(request))
        messages.success(request, f"已作废“{found}”的令牌，从现在起不能再用。")
        return redirect("tokens")
    return render(request, "office/token_revoke.html", {"token": found})

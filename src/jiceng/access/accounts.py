"""Making accounts, granting roles and taking them back. Every act says who did it; nothing is deleted.

Permission is asked before any transaction opens, so that a denial stays in the log. `by` is the scope of who acts;
None is the server's own console, which answers to whoever holds the server.
"""

from __future__ import annotations

import secrets
from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jiceng.access.models import Account, Grant
from jiceng.access.roles import ROLE_NAMES, ROLES
from jiceng.access.scope import Scope
from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.base.refusals import Refusal
from jiceng.places import tree

# Without characters that are mistaken for one another on paper: 0 O 1 l I.
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def temporary_password() -> str:
    """A random password to be handed out once: 16 characters, 91 bits."""
    while not _mixed(word := "".join(secrets.choice(_LETTERS) for _ in range(16))):
        pass
    return word


def create_account(
    username: str, *, display_name: str, office: str, password: str, by: Scope | None, place: int = tree.NATION, must_change: bool = True
) -> Account:
    """A new account that may do nothing yet.

    Shape   `by` is asked for `accounts` at `place`
    Errors  Refusal access.username, access.username_taken, access.password; Denied
    """
    _ask(by, place, f"新建账号“{username}”")
    account = Account(username=username, display_name=display_name, office=office)
    if Account.objects.filter(username__iexact=username).exists():
        raise Refusal("access.username_taken", f"登录名“{username}”已有人使用", do="请另取一个登录名")
    try:
        Account.username_validator(username)
    except ValidationError as error:
        raise Refusal("access.username", f"登录名“{username}”不能用", why="只能用字母、数字和 @ . + - _", do="请改写登录名") from error
    _set_password(account, password)
    account.must_change_password = must_change
    account.save(force_insert=True)
    return account


def grant(account: Account, *, role: str, place: int, since: date, until: date = OPEN_END, by: Scope | None) -> Grant:
    """A role at a place from `since` until before `until`.

    Errors  Refusal access.role, access.period, access.own_grant, access.granted_already, place.code; Denied
    """
    if role not in ROLES:
        raise Refusal(
            "access.role", f"没有角色“{role}”", do="可用的角色：" + "、".join(f"{id}（{name}）" for id, name in ROLE_NAMES.items())
        )
    if since >= until:
        raise Refusal("access.period", "授权的起止日期不对", why=f"起始日{chinese_date(since)}不早于截止日", do="请核对起止日期")
    tree.level_of(place)
    _ask(by, place, f"授予“{account}”{ROLE_NAMES[role]}角色")
    if by is not None and by.account == account.pk:
        raise Refusal("access.own_grant", "不能给自己授权", do="请另一位管理员授权，或在服务器上用命令行授权")
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if Grant.objects.filter(account=account, role=role, place=place, since__lt=until, until__gt=since).exists():
            raise Refusal("access.granted_already", f"“{account}”在这个地方已是{ROLE_NAMES[role]}", do="要改期限，请先收回原授权")
        return Grant.objects.create(account=account, role=role, place=place, since=since, until=until, granted_by_id=_who(by))


def revoke(grant: Grant, *, on: date, by: Scope | None) -> Grant:
    """The grant ended: `on` is the first day without it.

    Errors  Refusal access.ended; Denied
    """
    _ask(by, grant.place, f"收回“{grant.account}”的{ROLE_NAMES[grant.role]}角色")
    with transaction.atomic():
        return _ended(grant, on=on, by=by)


def disable(account: Account, *, on: date, by: Scope | None) -> None:
    """The account cannot sign in any more and its grants end; its rows in the logs stay.

    Errors  Denied, unless `by` keeps accounts at every place where it holds something
    """
    _ask_everywhere(by, account, on=on, what=f"停用账号“{account}”")
    with transaction.atomic():
        for held in Grant.objects.filter(account=account, until__gt=on):
            _ended(held, on=on, by=by)
        account.is_active = False
        account.save(update_fields=["is_active"])


def hand_out_password(account: Account, password: str, *, on: date, by: Scope | None) -> None:
    """A new password, to be changed at the next sign-in.

    Errors  Refusal access.password; Denied, unless `by` keeps accounts at every place where it holds something
    """
    _ask_everywhere(by, account, on=on, what=f"重设“{account}”的口令")
    _set_password(account, password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])


def reset_second_factor(account: Account, *, on: date, by: Scope | None) -> None:
    """The bound one-time password and its recovery codes gone; the account must bind anew at its next sign-in.

    Errors  Denied, unless `by` keeps accounts at every place where it holds something
    """
    _ask_everywhere(by, account, on=on, what=f"重设“{account}”的动态口令")
    Authenticator.objects.filter(user=account).delete()


def _ended(grant: Grant, *, on: date, by: Scope | None) -> Grant:
    current = Grant.objects.select_for_update().get(pk=grant.pk)
    if current.until <= on:
        raise Refusal("access.ended", "这项授权已经结束", why=f"截止日期是{chinese_date(current.until)}", do="无须再收回")
    current.until, current.ended_at, current.ended_by_id = max(on, current.since), timezone.now(), _who(by)
    current.save(update_fields=["until", "ended_at", "ended_by"])
    return current


def _ask(by: Scope | None, place: int, what: str) -> None:
    if by is not None:
        by.require("accounts", place, what=what)


def _ask_everywhere(by: Scope | None, account: Account, *, on: date, what: str) -> None:
    """At every place where the account holds something now or later; anywhere, if it holds nothing."""
    if by is None:
        return
    held = list(Grant.objects.filter(account=account, until__gt=on).values_list("place", flat=True))
    for place in held or by.places_for("accounts")[:1] or [tree.NATION]:
        by.require("accounts", place, what=what)


def _who(by: Scope | None) -> int | None:
    return by.account if by is not None else None


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refusal("access.password", "口令不合要求", why="；".join(error.messages), do="请换一个口令") from error
    account.set_password(password)


def _mixed(word: str) -> bool:
    return any(c.islower() for c in word) and any(c.isupper() for c in word) and any(c.isdigit() for c in word)

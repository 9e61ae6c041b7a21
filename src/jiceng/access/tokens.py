"""Tokens for other programs: part of what one account may do, at one place, until a day within a year.

A token is worth what its account is worth today at its place, without what needs a second factor: whoever takes a right
from the account takes it from the token. The secret is shown once; here lies its digest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from jiceng.access.models import Account, Token
from jiceng.access.roles import NEEDS_SECOND_FACTOR, ROLE_NAMES, ROLES
from jiceng.access.scope import Held, Scope, scope_of
from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Refusal
from jiceng.places import tree

LONGEST_DAYS = 366
FIRST = "jiceng"
# The last use is written at most this often, so that reading through a token is not a write every time.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """Who asks through a token: the scope it has today, and how the ledger writes the account down."""

    token: Token
    scope: Scope

    @property
    def actor(self) -> str:
        """zhouzhang（令牌：人事系统）."""
        return f"{self.token.account.get_username()}（令牌：{self.token.name}）"


def issue(account: Account, *, name: str, role: str, place: int, until: date, today: date, by: Scope | None) -> tuple[Token, str]:
    """A new token and its secret, which is kept nowhere.

    Time    good from today until before `until`
    Errors  Refusal access.token_name, access.role, access.token_until, access.token_beyond, place.code; Denied
    """
    if role not in ROLES:
        raise Refusal("access.role", f"没有角色“{role}”", do="可用的角色：" + "、".join(ROLE_NAMES))
    tree.level_of(place)
    if by is not None:
        by.require("accounts", place, what=f"为“{account}”发放令牌")
    if not name.strip():
        raise Refusal("access.token_name", "没有写使用系统", why="令牌交给哪个系统用，日志和台账里要写明", do="请写系统名称，如“人事系统”")
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        why = f"令牌最长一年，截止日应在{chinese_date(today + timedelta(days=1))}到{chinese_date(today + timedelta(days=LONGEST_DAYS))}之间"
        raise Refusal("access.token_until", f"截止日{chinese_date(until)}不能用", why=why, do="请改截止日；到期前可以另发一个")
    scope = scope_of(account, on=today)
    lacking = [one for one in ROLES[role] - NEEDS_SECOND_FACTOR if not scope.may(one, place)]
    if lacking:
        raise Refusal(
            "access.token_beyond", f"“{account}”在这个地方没有{ROLE_NAMES[role]}的权限", why="令牌不能比它的账号权限大、范围宽",
            do="请选账号已有的角色和它管到的地方，或先给账号授权",
        )  # fmt: skip
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=account, name=name.strip()[:60], prefix=prefix, digest=_digest(secret), role=role, place=place, until=until,
        made_by_id=by.account if by is not None else None,
    )  # fmt: skip
    return token, f"{FIRST}.{prefix}.{secret}"


def revoke(token: Token, *, by: Scope | None) -> None:
    """The token opens nothing any more, from this moment.

    Errors  Refusal access.token_revoked; Denied
    """
    if by is not None:
        by.require("accounts", token.place, what=f"作废令牌“{token}”")
    who = by.account if by is not None else None
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=who):
        raise Refusal("access.token_revoked", f"令牌“{token}”已经作废", do="无须再办")


def caller(text: str, *, today: date, now: datetime, address: str = "") -> Caller:
    """Who asks with this token.

    Errors  Refusal access.token for one that was never issued, access.token_ended for one that is over or whose account
            has lost the role
    """
    first, _, rest = text.partition(".")
    prefix, _, secret = rest.partition(".")
    found = Token.objects.select_related("account").filter(prefix=prefix[:12]).first() if prefix.isalnum() and prefix.isascii() else None
    # Compared also where there is no such row: as long takes a wrong prefix as a wrong secret.
    right = hmac.compare_digest(found.digest if found else _digest(""), _digest(secret))
    if first != FIRST or found is None or not right:
        raise Refusal("access.token", "令牌不对", why="没有发放过这个令牌，或抄写有误", do="请核对请求头 Authorization: Bearer 令牌")
    if found.revoked_at is not None or found.until <= today:
        why = "已被作废" if found.revoked_at is not None else f"已于{chinese_date(found.until)}到期"
        raise Refusal("access.token_ended", f"令牌“{found}”不再有效", why=why, do="请本单位管理员另发一个")
    scope = token_scope(found, today=today, address=address)
    if not scope.permissions:
        raise Refusal(
            "access.token_ended", f"令牌“{found}”不再有效", why="它的账号已停用，或在这个地方的授权已收回", do="请本单位管理员核对账号授权"
        )
    if found.last_used is None or now - found.last_used >= _NOTED_EVERY:
        Token.objects.filter(pk=found.pk).update(last_used=now, last_address=address[:45])
    return Caller(found, scope)


def token_scope(token: Token, *, today: date, address: str = "") -> Scope:
    """What a token may do today: its role at its place, as far as its account still may, never what needs a second factor.

    Empty   an account that holds nothing there any more leaves a token that opens nothing
    """
    held = scope_of(token.account, on=today)
    allowed = frozenset(one for one in ROLES.get(token.role, frozenset()) - NEEDS_SECOND_FACTOR if held.may(one, token.place))
    return Scope(account=token.account_id, held=(Held(token.place, allowed),), address=address, through=token.name)


def tokens_in(scope: Scope) -> list[Token]:
    """Tokens at places where `scope` keeps accounts, those in use first, then the latest."""
    found = Token.objects.select_related("account").order_by("revoked_at", "-pk")
    mine = [token for token in found if scope.may("accounts", token.place)]
    return sorted(mine, key=lambda token: token.revoked_at is not None)


def token_in(scope: Scope, number: int) -> Token:
    """One of them.

    Errors  Refusal access.concealed
    """
    found = Token.objects.select_related("account").filter(pk=number).first()
    if found is None or not scope.may("accounts", found.place):
        raise scope.conceal("accounts", what=f"查看编号 {number} 的令牌", place=found.place if found else None)
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

"""Tokens: a part of an account, for a while, without what needs a second factor."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from jiceng.access.accounts import disable, grant, revoke
from jiceng.access.models import Denial, Token
from jiceng.access.roles import NEEDS_SECOND_FACTOR, ROLES
from jiceng.access.scope import Denied
from jiceng.access.tokens import caller, issue, token_scope, tokens_in
from jiceng.access.tokens import revoke as revoke_token
from jiceng.base.refusals import Refusal
from tests.access.conftest import COUNTY, DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NOW = datetime(2024, 5, 1, 2, tzinfo=UTC)
UNTIL = date(2024, 12, 1)


def issued(account, role="officer", place=COUNTY, until=UNTIL, by=None):
    return issue(account, name="人事系统", role=role, place=place, until=until, today=DAY, by=by)


def used(secret: str, *, on: date = DAY, now: datetime = NOW):
    return caller(secret, today=on, now=now, address="192.0.2.9")


def refused(secret: str, **named) -> str:
    with pytest.raises(Refusal) as told:
        used(secret, **named)
    return told.value.id


def test_the_secret_opens_and_only_its_digest_is_kept(make_account):
    token, secret = issued(make_account(officer=COUNTY))
    first, prefix, rest = secret.split(".")
    assert (first, prefix, len(rest), used(secret).token.pk) == ("jiceng", token.prefix, 43, token.pk)
    assert [value for value in Token.objects.filter(pk=token.pk).values_list().get() if rest in str(value)] == []
    assert refused(secret[:-1] + ("a" if secret[-1] != "a" else "b")) == "access.token"
    others = ("", "x", f"jiceng.{prefix}", f"jiceng.{prefix}.", f"other.{prefix}.{rest}", "jiceng.\x00.\ud800")
    assert {text: refused(text) for text in others} == dict.fromkeys(others, "access.token")


def test_a_token_never_carries_what_needs_a_second_factor(make_account):
    account = make_account(officer=COUNTY, admin=COUNTY)
    for role in ("officer", "admin"):
        token, _ = issued(account, role=role)
        held = token_scope(token, today=DAY)
        assert held.permissions == ROLES[role] - NEEDS_SECOND_FACTOR
        assert not held.needs_second_factor


@pytest.mark.parametrize(("role", "place"), [("officer", COUNTY), ("viewer", 5133), ("clerk", 513301)])
def test_a_token_is_never_more_than_its_account(make_account, role, place):
    with pytest.raises(Refusal) as told:
        issued(make_account(clerk=COUNTY), role=role, place=place)
    assert (told.value.id, Token.objects.count()) == ("access.token_beyond", 0)


def test_a_token_may_be_less_than_its_account(make_account):
    _, secret = issued(make_account(officer=5133), role="viewer", place=513324100)
    scope = used(secret).scope
    assert (scope.permissions, scope.places, scope.may("see", 513324100001), scope.may("see", COUNTY)) == (
        {"see"}, (513324100,), True, False,
    )  # fmt: skip


@pytest.mark.parametrize("until", [DAY, DAY - timedelta(days=1), DAY + timedelta(days=367), date(9999, 12, 31)])
def test_a_token_ends_within_a_year(make_account, until):
    with pytest.raises(Refusal) as told:
        issued(make_account(officer=COUNTY), until=until)
    assert told.value.id == "access.token_until"


def test_what_ends_a_token(make_account):
    account = make_account(officer=COUNTY)
    token, secret = issued(account)
    assert refused(secret, on=UNTIL) == "access.token_ended"
    revoke(account.grants.get(), on=DAY, by=None)
    assert refused(secret) == "access.token_ended"
    grant(account, role="officer", place=COUNTY, since=DAY, by=None)
    assert used(secret).token == token
    revoke_token(token, by=None)
    assert refused(secret) == "access.token_ended"
    with pytest.raises(Refusal) as told:
        revoke_token(token, by=None)
    assert told.value.id == "access.token_revoked"


def test_a_disabled_account_takes_its_tokens_with_it(make_account):
    account = make_account(officer=COUNTY)
    _, secret = issued(account)
    disable(account, on=DAY + timedelta(days=30), by=None)
    assert refused(secret) == "access.token_ended"


def test_a_grant_narrowed_narrows_the_token(make_account):
    account = make_account(officer=COUNTY, viewer=COUNTY)
    _, secret = issued(account)
    revoke(account.grants.get(role="officer"), on=DAY, by=None)
    assert used(secret).scope.permissions == {"see"}


def test_who_keeps_accounts_at_the_place_issues_and_revokes(make_account, scope):
    account = make_account("shi", officer=COUNTY)
    token, _ = issued(account, by=scope("guan", admin=5133))
    assert token.made_by.username == "guan"
    stranger = scope("wai", admin=513301)
    for act in (lambda: issued(account, by=stranger), lambda: revoke_token(token, by=stranger)):
        with pytest.raises(Denied):
            act()
    assert (Denial.objects.count(), tokens_in(stranger), Token.objects.get().revoked_at) == (2, [], None)


def test_the_last_use_is_written_once_a_minute(make_account):
    token, secret = issued(make_account(officer=COUNTY))
    seen = []
    for seconds in (0, 59, 61):
        used(secret, now=NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        seen.append((token.last_used - NOW).total_seconds())
    assert (seen, token.last_address) == ([0, 0, 61], "192.0.2.9")


def test_a_refusal_in_the_log_names_the_token(make_account):
    _, secret = issued(make_account(officer=COUNTY))
    with pytest.raises(Denied):
        used(secret).scope.require("see", 513301, what="查看区划 513301")
    row = Denial.objects.get()
    assert (row.what, row.place, row.account.username, row.address) == ("查看区划 513301（令牌“人事系统”）", 513301, "zhang", "192.0.2.9")

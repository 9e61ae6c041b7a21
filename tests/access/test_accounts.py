"""Accounts and grants: who may make them, what is refused, what stays on record."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from jiceng.access import accounts
from jiceng.access.accounts import create_account, disable, grant, hand_out_password, reset_second_factor, revoke
from jiceng.access.models import Account, Denial, Grant
from jiceng.access.scope import Denied, scope_of
from jiceng.access.second_factor import has_second_factor
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from tests.access.conftest import COUNTY, DAY, PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def refusal_of(act, *args, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*args, **named)
    return caught.value.id


def make(username="li", password=PASSWORD, by=None, **named):
    return create_account(username, display_name="测试账号", office="示例办公室", password=password, by=by, **named)


def test_new_account_must_change_its_password_and_may_do_nothing(db):
    account = make()
    stored = Account.objects.get(username="li")
    assert (stored.display_name, stored.office, stored.must_change_password) == ("测试账号", "示例办公室", True)
    assert stored.check_password(PASSWORD)
    assert scope_of(account, on=DAY).permissions == frozenset()


def test_own_password_ends_the_duty_to_change_it(db):
    account = make()
    account.set_password("Another-2024-word")
    account.save()
    assert Account.objects.get().must_change_password is False


@pytest.mark.parametrize("password", ["Short-1", "1234567890123", "onlysmallletters", "password1234", "smalland12345678", "li"])
def test_weak_password_is_refused_and_nothing_is_made(db, password):
    assert refusal_of(make, password=password) == "access.password"
    assert Account.objects.count() == 0


@pytest.mark.parametrize(("username", "id"), [("ZHANG", "access.username_taken"), ("a b", "access.username"), ("", "access.username")])
def test_username_is_refused(make_account, username, id):
    make_account("zhang")
    assert refusal_of(make, username) == id
    assert Account.objects.count() == 1


def test_administrator_makes_accounts_inside_the_own_place(scope):
    admin = scope("boss", admin=COUNTY)
    account = make(by=admin, place=513324100)
    made = grant(account, role="clerk", place=513324100, since=DAY, by=admin)
    assert (made.granted_by_id, made.until) == (admin.account, OPEN_END)
    assert scope_of(account, on=DAY).may("record", 513324100001)


@pytest.mark.parametrize("place", [0, 51, 5133, 513325, 510113])
def test_administrator_makes_nothing_outside_the_own_place(scope, make_account, place):
    admin, account = scope("boss", admin=COUNTY), make_account("li")
    assert refusal_of(grant, account, role="viewer", place=place, since=DAY, by=admin) == "access.denied"
    assert refusal_of(make, "wang", by=admin, place=place) == "access.denied"
    assert Denial.objects.filter(account_id=admin.account, permission="accounts", place=place).count() == 2
    assert Grant.objects.filter(account=account).count() == 0
    assert not Account.objects.filter(username="wang").exists()


@pytest.mark.parametrize("role", ["viewer", "clerk", "officer"])
def test_who_is_no_administrator_makes_nothing(scope, make_account, role):
    held, account = scope("boss", **{role: COUNTY}), make_account("li")
    assert refusal_of(make, "wang", by=held, place=COUNTY) == "access.denied"
    assert refusal_of(grant, account, role="viewer", place=COUNTY, since=DAY, by=held) == "access.denied"
    assert refusal_of(disable, account, on=DAY, by=held) == "access.denied"
    assert refusal_of(hand_out_password, account, PASSWORD, on=DAY, by=held) == "access.denied"
    assert Account.objects.get(username="li").is_active


def test_administrator_grants_nothing_to_oneself(scope):
    admin = scope("boss", admin=COUNTY)
    assert refusal_of(grant, Account.objects.get(), role="officer", place=COUNTY, since=DAY, by=admin) == "access.own_grant"


@pytest.mark.parametrize(
    ("named", "id"),
    [
        ({"role": "owner"}, "access.role"),
        ({"until": DAY}, "access.period"),
        ({"place": 51332}, "place.code"),
    ],
)
def test_grant_refuses(make_account, named, id):
    account = make_account()
    assert refusal_of(grant, account, **{"role": "viewer", "place": COUNTY, "since": DAY, "by": None, **named}) == id
    assert Grant.objects.count() == 0


def test_grant_held_already_is_refused_and_a_later_one_is_not(make_account):
    account = make_account()
    grant(account, role="viewer", place=COUNTY, since=date(2024, 1, 1), until=date(2024, 7, 1), by=None)
    assert refusal_of(grant, account, role="viewer", place=COUNTY, since=DAY, by=None) == "access.granted_already"
    grant(account, role="viewer", place=COUNTY, since=date(2024, 7, 1), by=None)
    assert Grant.objects.count() == 2


def test_revoked_grant_ends_on_its_day_and_stays_on_record(make_account, scope):
    account, admin = make_account(viewer=COUNTY), scope("boss", admin=COUNTY)
    ended = revoke(Grant.objects.get(account=account), on=DAY, by=admin)
    assert (ended.until, ended.ended_by_id) == (DAY, admin.account)
    assert ended.ended_at is not None
    days = (date(2024, 4, 30), DAY)
    assert [scope_of(account, on=day).may("see", COUNTY) for day in days] == [True, False]
    assert refusal_of(revoke, ended, on=DAY, by=admin) == "access.ended"


def test_grant_revoked_before_it_began_never_holds(make_account):
    account = make_account()
    later = grant(account, role="viewer", place=COUNTY, since=date(2025, 1, 1), by=None)
    revoke(later, on=DAY, by=None)
    assert not scope_of(account, on=date(2025, 6, 1)).may("see", COUNTY)


def test_disabled_account_is_inactive_and_holds_nothing(make_account):
    account = make_account(viewer=COUNTY, clerk=COUNTY)
    disable(account, on=DAY, by=None)
    assert Account.objects.get().is_active is False
    assert scope_of(account, on=DAY).held == ()
    assert set(Grant.objects.values_list("until", flat=True)) == {DAY}


def test_administrator_of_a_county_does_not_touch_who_holds_more(make_account, scope):
    account, admin = make_account(viewer=5133), scope("boss", admin=COUNTY)
    with pytest.raises(Denied):
        disable(account, on=DAY, by=admin)
    with pytest.raises(Denied):
        hand_out_password(account, "Another-2024-word", on=DAY, by=admin)
    stored = Account.objects.get(username="zhang")
    assert (stored.is_active, stored.check_password(PASSWORD)) == (True, True)


def test_handed_out_password_must_be_changed(make_account):
    account = make_account()
    hand_out_password(account, "Another-2024-word", on=DAY, by=None)
    stored = Account.objects.get()
    assert (stored.check_password("Another-2024-word"), stored.must_change_password) == (True, True)
    assert refusal_of(hand_out_password, account, "weak", on=DAY, by=None) == "access.password"


def test_handed_out_password_is_not_the_old_one(make_account):
    assert refusal_of(hand_out_password, make_account(), PASSWORD, on=DAY, by=None) == "access.password"


def test_second_factor_is_reset_by_who_keeps_the_account(make_account, scope):
    account = make_account(officer=COUNTY)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    with pytest.raises(Denied):
        reset_second_factor(account, on=DAY, by=scope("other", admin=513325))
    assert has_second_factor(account) is True
    reset_second_factor(account, on=DAY, by=scope("boss", admin=COUNTY))
    assert has_second_factor(account) is False


def test_temporary_passwords_are_accepted_and_differ(db):
    words = {accounts.temporary_password() for _ in range(50)}
    assert len(words) == 50
    for number, word in enumerate(sorted(words)[:5]):
        make(f"user{number}", password=word)
    assert Account.objects.count() == 5

"""Accounts and logs as lists: each keeper and auditor sees the own places only."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.access.accounts import grant, revoke
from jiceng.access.listing import account_in, accounts_in, denials_in, reveals_in
from jiceng.access.models import Denial, Grant, Reveal
from jiceng.access.scope import scope_of
from jiceng.base.refusals import Refusal
from tests.access.conftest import COUNTY, DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def boss(scope):
    return scope("boss", admin=COUNTY)


def test_accounts_of_the_own_places_and_those_without_a_grant(boss, make_account):
    make_account("inside", clerk=513324100)
    make_account("outside", clerk=513325)
    make_account("bare")
    listed = [(account.username, [(g.role, g.place) for g in grants]) for account, grants in accounts_in(boss, on=DAY)]
    assert listed == [("bare", []), ("boss", [("admin", COUNTY)]), ("inside", [("clerk", 513324100)])]


def test_who_keeps_no_accounts_sees_none(scope, make_account):
    make_account("bare")
    assert accounts_in(scope(officer=COUNTY), on=DAY) == []


def test_account_stays_listed_after_its_grant_ended(boss, make_account):
    account = make_account("inside", clerk=COUNTY)
    revoke(Grant.objects.get(account=account), on=DAY, by=None)
    assert [(found.username, grants) for found, grants in accounts_in(boss, on=DAY)][1] == ("inside", [])


def test_account_elsewhere_is_as_if_there_were_none(boss, make_account):
    outside = make_account("outside", clerk=513325)
    for number in (outside.pk, outside.pk + 99):
        with pytest.raises(Refusal) as refused:
            account_in(boss, number, on=DAY)
        assert refused.value.id == "access.concealed"


def test_grants_elsewhere_of_a_listed_account_are_not_shown(boss, make_account):
    account = make_account("both", clerk=COUNTY)
    grant(account, role="viewer", place=513325, since=date(2020, 1, 1), by=None)
    assert [g.place for g in account_in(boss, account.pk, on=DAY)[1]] == [COUNTY]


def test_views_at_every_level_inside_and_none_outside(boss, make_account):
    account = make_account("officer")
    for place in (COUNTY, 513324100, 513324100001, 51, 5133, 513325, 0):
        Reveal(account=account, subject=1, fields="phone", place=place, reason="核对信息").save()
    assert [row.place for row in reveals_in(boss)] == [513324100001, 513324100, COUNTY]
    newest, *rest = reveals_in(boss)
    assert reveals_in(boss, before=newest.pk) == rest
    assert reveals_in(boss, size=1) == [newest]


def test_denials_at_own_places_and_of_own_people(boss, make_account):
    inside, outside = make_account("inside", clerk=COUNTY), make_account("outside", clerk=513325)
    for account, place in ((inside, 0), (inside, COUNTY), (outside, 513324100), (outside, 0), (None, 5133)):
        Denial(account=account, permission="accounts", place=place).save()
    assert [(row.account_id, row.place) for row in denials_in(boss)] == [(outside.pk, 513324100), (inside.pk, COUNTY), (inside.pk, 0)]


def test_who_may_not_audit_sees_no_log(scope, make_account):
    account = make_account("other")
    Reveal(account=account, subject=1, fields="phone", place=COUNTY, reason="核对信息").save()
    Denial(account=account, permission="see", place=COUNTY).save()
    officer = scope(officer=COUNTY)
    assert (reveals_in(officer), denials_in(officer)) == ([], [])
    assert denials_in(scope_of(account, on=DAY)) == []

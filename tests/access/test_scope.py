"""Every role, every permission, every relation of places; what is refused stands in the log."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from jiceng.access.accounts import grant
from jiceng.access.models import Denial, Grant
from jiceng.access.roles import PERMISSIONS, ROLES
from jiceng.access.scope import NOBODY, Denied, scope_of
from jiceng.places import tree
from tests.access.conftest import COUNTY, DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]

# Written out, not read from ROLES: a change of the table must be a change here too.
ALLOWED = {
    "viewer": {"see"},
    "clerk": {"see", "see_names", "record", "import", "submit", "simulate", "pay"},
    "officer": {
        "see", "see_names", "record", "import", "reveal", "correct", "undo", "adopt_law", "submit", "lock", "simulate", "draft_law", "pay",
        "lock_pay",
    },
    "admin": {"see", "accounts", "audit"},
}
# Places seen from a grant at the county 513324.
INSIDE = {"itself": 513324, "its street": 513324100, "its community": 513324100001}
OUTSIDE = {
    "the nation": 0,
    "its province": 51,
    "its prefecture": 5133,
    "a county beside": 513325,
    "a community beside": 513325100001,
    "another province's county": 510113,
    "a number that begins alike": 513324 * 10**6 + 999_999 + 1,
}


def test_tables_name_the_same_roles_and_permissions():
    assert ALLOWED.keys() == ROLES.keys()
    assert set().union(*ALLOWED.values()) == set(PERMISSIONS)


@pytest.mark.parametrize("role", ALLOWED)
@pytest.mark.parametrize("relation", [*INSIDE, *OUTSIDE])
def test_role_permission_and_place(scope, role, relation):
    place = {**INSIDE, **OUTSIDE}[relation]
    held = scope(**{role: COUNTY})
    may = {permission for permission in PERMISSIONS if held.may(permission, place)}
    assert may == (ALLOWED[role] if relation in INSIDE else set())
    for permission in PERMISSIONS:
        before = Denial.objects.count()
        if permission in may:
            held.require(permission, place)
            assert Denial.objects.count() == before
        else:
            with pytest.raises(Denied) as refused:
                held.require(permission, place, what="试一试")
            assert refused.value.id == "access.denied"
            row = Denial.objects.latest("id")
            assert (row.account_id, row.permission, row.place, row.what, row.address) == (
                held.account,
                permission,
                place,
                "试一试",
                "192.0.2.1",
            )
            assert Denial.objects.count() == before + 1


@pytest.mark.parametrize("place", [0, 51, 5133, 513324, 513324100, 513324100001])
def test_grant_at_the_nation_holds_everywhere(scope, place):
    assert scope(viewer=tree.NATION).may("see", place)


@pytest.mark.parametrize("place", [0, 51, 513324, 513324100001])
@pytest.mark.parametrize("permission", PERMISSIONS)
def test_account_without_a_grant_may_do_nothing(scope, permission, place):
    held = scope()
    assert not held.may(permission, place)
    assert held.ranges(permission) == ()
    assert held.places == ()
    with pytest.raises(Denied):
        held.require(permission, place)


def test_permissions_of_one_grant_do_not_reach_the_places_of_another(scope):
    held = scope(officer=513324, viewer=5133)
    assert held.may("reveal", 513324100001)
    assert held.may("see", 513325)
    assert not held.may("reveal", 513325)
    assert not held.may("record", 5133)
    assert held.places_for("reveal") == (513324,)
    assert held.places_for("see") == (5133,)
    assert held.places == (5133,)


def test_ranges_and_spans_are_of_the_places_of_the_permission(scope):
    held = scope(officer=513324, viewer=5133)
    assert held.spans("see") == ((513300000000, 513399999999),)
    assert held.spans("record") == ((513324000000, 513324999999),)
    assert held.ranges("record") == ((513324, 513324), (513324000, 513324999), (513324000000, 513324999999))
    assert (held.ranges("accounts"), held.spans("accounts")) == ((), ())


@pytest.mark.parametrize("place", [0, 51, 5133, 513324, 513324100, 513324100001, 513325, 513325100])
@pytest.mark.parametrize("at", [0, 51, 5133, 513324, 513324100])
def test_ranges_and_spans_agree_with_may(scope, at, place):
    held = scope(viewer=at)
    assert any(first <= place <= last for first, last in held.ranges()) == held.may("see", place)
    if tree.level_of(place) >= tree.level_of(at):
        assert any(first <= tree.padded(place) <= last for first, last in held.spans()) == held.may("see", place)


def test_colliding_places_are_not_one(scope):
    held = scope(officer=441900)
    assert held.may("see", 441900003)
    assert not held.may("see", 4419)


def test_grant_holds_from_its_first_day_to_the_day_before_its_end(make_account):
    account = make_account()
    grant(account, role="viewer", place=COUNTY, since=date(2024, 1, 1), until=date(2024, 2, 1), by=None)
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1))
    assert [scope_of(account, on=day).may("see", COUNTY) for day in days] == [False, True, True, False]


def test_inactive_account_holds_nothing(make_account):
    account = make_account(officer=COUNTY)
    account.is_active = False
    assert scope_of(account, on=DAY).held == ()


def test_anonymous_visitor_holds_nothing_and_is_logged(db):
    held = scope_of(AnonymousUser(), on=DAY)
    assert (held.account, held.held) == (0, ())
    with pytest.raises(Denied):
        held.require("see", COUNTY)
    assert Denial.objects.get().account_id is None
    assert NOBODY.permissions == frozenset()


def test_django_superuser_holds_nothing_by_that(make_account):
    account = make_account()
    account.is_superuser = account.is_staff = True
    account.save()
    assert scope_of(account, on=DAY).permissions == frozenset()


def test_role_that_the_table_lost_opens_nothing(make_account):
    account = make_account(officer=COUNTY)
    Grant.objects.update(role="owner")
    held = scope_of(account, on=DAY)
    assert held.permissions == frozenset()
    assert held.places == ()


def test_permission_that_does_not_exist_is_a_bug(scope):
    held = scope(officer=COUNTY)
    with pytest.raises(ValueError, match="no permission is called"):
        held.may("se", COUNTY)
    with pytest.raises(ValueError, match="no permission is called"):
        held.ranges("se")


@pytest.mark.parametrize(("role", "needed"), [("viewer", False), ("clerk", False), ("officer", True), ("admin", True)])
def test_second_factor_is_needed_by_who_may_reveal_or_administer(scope, role, needed):
    assert scope(**{role: COUNTY}).needs_second_factor is needed


def test_names_are_shown_or_masked_by_place(scope):
    held = scope(clerk=513324, viewer=5133)
    assert held.shown_name("示例甲", place=513324100) == "示例甲"
    assert held.shown_name("示例甲", place=513325) == "示**"


def test_denial_undone_with_its_transaction_is_written_again(scope):
    held = scope(viewer=COUNTY)
    with pytest.raises(Denied) as refused, transaction.atomic():
        held.require("record", COUNTY, what="登记")
    assert Denial.objects.count() == 0
    refused.value.keep()
    refused.value.keep()
    row = Denial.objects.get()
    assert (row.account_id, row.permission, row.place, row.what) == (held.account, "record", COUNTY, "登记")


def test_refusal_reads_as_a_sentence(scope):
    with pytest.raises(Denied) as refused:
        scope().require("record", COUNTY)
    assert refused.value.text == "不能登记。您的账号在这个地方没有这项权限。确需办理的，请管理员授权；本次已记入日志。"

"""What an account must do before it sees a page, and what each request knows about its account."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from jiceng.access.models import Account, Denial
from tests.access.conftest import COUNTY

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def second_factor_asked_for(pages, settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def signed_in(client, make_account):
    def sign_in(*, must_change=False, **roles):
        client.force_login(make_account(must_change=must_change, **roles), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def test_visitor_is_sent_to_sign_in(client, db):
    response = client.get("/page/")
    assert (response.status_code, response.url) == (302, reverse("account_login") + "?next=/page/")


def test_public_page_has_an_empty_scope(client, db):
    assert client.get("/public/").content == b"account 0"


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_role_without_second_factor_goes_on(signed_in, role):
    assert signed_in(**{role: COUNTY}).get("/page/").status_code == 200


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_role_with_second_factor_is_sent_to_bind_one(signed_in, role):
    response = signed_in(**{role: COUNTY}).get("/page/")
    assert (response.status_code, response.url) == (302, reverse("mfa_activate_totp"))


def test_part_of_a_page_sends_the_whole_window(signed_in):
    response = signed_in(officer=COUNTY).get("/page/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, reverse("mfa_activate_totp"))


def test_bound_second_factor_lets_the_officer_go_on(signed_in, django_assert_num_queries):
    client = signed_in(officer=COUNTY)
    TOTP.activate(Account.objects.get(), "JBSWY3DPEHPK3PXP")
    held = client.get("/page/").content.decode()
    assert held == "adopt_law,correct,draft_law,import,lock,lock_pay,pay,record,reveal,see,see_names,simulate,submit,undo"
    with django_assert_num_queries(3):  # session, account, grants; that a factor is bound is remembered
        assert client.get("/page/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(signed_in):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    client = signed_in(officer=COUNTY)
    RecoveryCodes.activate(Account.objects.get())
    assert client.get("/page/").status_code == 302


def test_second_factor_may_be_switched_off_for_a_demo(signed_in, settings):
    settings.SECOND_FACTOR = False
    assert signed_in(officer=COUNTY).get("/page/").status_code == 200


def test_pages_of_the_second_factor_are_open(signed_in):
    response = signed_in(officer=COUNTY).get(reverse("mfa_activate_totp"))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_reauthenticate"))


@pytest.mark.parametrize("role", ["viewer", "officer"])
def test_handed_out_password_is_changed_first(signed_in, role):
    response = signed_in(must_change=True, **{role: COUNTY}).get("/page/")
    assert (response.status_code, response.url) == (302, reverse("account_change_password"))


def test_handed_out_password_is_changed_before_a_factor_is_bound(signed_in):
    response = signed_in(must_change=True, officer=COUNTY).get(reverse("mfa_activate_totp"))
    assert (response.status_code, response.url) == (302, reverse("account_change_password"))


def test_denial_inside_a_transaction_stays_in_the_log(signed_in, settings):
    client = signed_in(clerk=COUNTY)
    client.raise_request_exception = False
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != "jiceng.web.refused.RefusalMiddleware"]
    assert client.get("/refusing/").status_code == 500
    row = Denial.objects.get()
    assert (row.permission, row.place, row.what, row.address) == ("correct", 513325, "更正", "127.0.0.1")


def test_disabled_account_is_out_at_once(signed_in):
    client = signed_in(viewer=COUNTY)
    assert client.get("/page/").status_code == 200
    Account.objects.update(is_active=False)
    assert client.get("/page/").status_code == 302


def test_secret_of_the_second_factor_is_not_readable_in_the_database(make_account):
    account = make_account()
    totp = TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    totp.instance.refresh_from_db()
    assert "JBSWY3DPEHPK3PXP" not in str(totp.instance.data)
    assert re.fullmatch(r"[A-Za-z0-9+/=]{40,}", totp.instance.data["secret"])

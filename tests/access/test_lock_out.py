"""Too many wrong passwords, through the real sign-in page and its settings."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.conf import settings as site
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.access.conftest import COUNTY, PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.django_db]
SIGN_IN = "/account/login/"


@pytest.fixture(autouse=True)
def fresh_counters(pages):
    cache.clear()


def attempt(client, username: str, password: str, address: str = "192.0.2.7"):
    return client.post(SIGN_IN, {"login": username, "password": password}, REMOTE_ADDR=address)


def lock(client, username: str = "zhang") -> None:
    for _ in range(site.AXES_FAILURE_LIMIT):
        attempt(client, username, "Wrong-2024-word")


def test_right_password_signs_in(client, make_account):
    make_account(viewer=COUNTY)
    assert attempt(client, "zhang", PASSWORD).status_code == 302
    assert client.get("/page/").status_code == 200


def test_right_password_is_refused_after_too_many_wrong_ones(client, make_account):
    make_account(viewer=COUNTY)
    lock(client)
    assert attempt(client, "zhang", PASSWORD).status_code == 429
    assert client.get("/page/").status_code == 302
    assert [row.username for row in AccessAttempt.objects.all()] == ["zhang"]


def test_fewer_wrong_passwords_do_not_lock(client, make_account):
    make_account(viewer=COUNTY)
    for _ in range(site.AXES_FAILURE_LIMIT - 1):
        assert attempt(client, "zhang", "Wrong-2024-word").status_code == 200
    assert attempt(client, "zhang", PASSWORD).status_code == 302


def test_another_account_at_the_same_address_is_not_locked_out(client, make_account):
    make_account(viewer=COUNTY)
    make_account("li", viewer=COUNTY)
    lock(client)
    assert attempt(client, "li", PASSWORD).status_code == 302


def test_lock_ends_after_its_time(client, make_account):
    make_account(viewer=COUNTY)
    lock(client)
    with time_machine.travel(timezone.now() + timedelta(hours=site.AXES_COOLOFF_TIME, minutes=1), tick=True):
        assert attempt(client, "zhang", PASSWORD).status_code == 302


def test_lock_holds_whatever_the_capitals(client, make_account):
    make_account(viewer=COUNTY)
    lock(client, " Zhang")
    assert attempt(client, "zhang", PASSWORD).status_code == 429


SECRET = "JBSWY3DPEHPK3PXP"


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def enter_code(client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


@pytest.fixture
def half_signed_in(client, make_account):
    """An officer whose password was right and whose code is asked for."""
    TOTP.activate(make_account(officer=COUNTY), SECRET)
    response = attempt(client, "zhang", PASSWORD)
    assert (response.status_code, response.url) == (302, reverse("mfa_authenticate"))
    return client


def test_password_alone_shows_no_page(half_signed_in):
    assert half_signed_in.get("/page/").url == reverse("account_login") + "?next=/page/"


def test_right_code_signs_in(half_signed_in):
    assert enter_code(half_signed_in, code_now()).status_code == 302
    assert half_signed_in.get("/page/").status_code == 200


def test_right_code_is_refused_after_too_many_wrong_ones(half_signed_in):
    for _ in range(10):
        assert enter_code(half_signed_in, "000000" if code_now() != "000000" else "111111").status_code == 200
    assert enter_code(half_signed_in, code_now()).status_code == 200
    assert half_signed_in.get("/page/").status_code == 302

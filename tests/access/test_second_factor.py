"""The shared secret under lock, and who may not switch the second factor off."""

from __future__ import annotations

import base64

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP

from jiceng.access.second_factor import SealedFactorAdapter, has_second_factor
from jiceng.base.refusals import Refusal
from tests.access.conftest import COUNTY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
SECRET = "JBSWY3DPEHPK3PXP"


def test_site_uses_the_sealing_adapter():
    assert type(get_adapter()) is SealedFactorAdapter


def test_secret_comes_back_and_is_sealed_differently_each_time():
    adapter = SealedFactorAdapter()
    one, other = adapter.encrypt(SECRET), adapter.encrypt(SECRET)
    assert one != other
    assert [adapter.decrypt(text) for text in (one, other)] == [SECRET, SECRET]
    assert SECRET.encode() not in base64.b64decode(one)


def test_secret_sealed_under_another_key_is_refused_in_words(settings):
    sealed = SealedFactorAdapter().encrypt(SECRET)
    settings.SECRET_KEY = "another secret of this site"
    with pytest.raises(Refusal) as refused:
        SealedFactorAdapter().decrypt(sealed)
    assert refused.value.id == "access.factor_key"


@pytest.mark.parametrize(("role", "may"), [("viewer", True), ("clerk", True), ("officer", False), ("admin", False)])
def test_second_factor_is_kept_by_who_needs_it(make_account, role, may):
    bound = TOTP.activate(make_account(**{role: COUNTY}), SECRET)
    assert get_adapter().can_delete_authenticator(bound.instance) is may


def test_account_has_a_second_factor_once_it_is_bound(make_account):
    account = make_account()
    assert has_second_factor(account) is False
    TOTP.activate(account, SECRET)
    assert has_second_factor(account) is True

"""Accounts with grants, made through the door that the console uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Account
from jiceng.access.scope import Scope, scope_of

DAY = date(2024, 5, 1)
COUNTY = 513324
PASSWORD = "Gaoshan-2024-liu"

MakeAccount = Callable[..., Account]


@pytest.fixture
def make_account(db: None) -> MakeAccount:
    """An account with roles at places: make_account("zhang", viewer=513324)."""

    def make(username: str = "zhang", *, must_change: bool = False, **roles: int) -> Account:
        account = create_account(
            username, display_name="测试账号", office="示例办公室", password=PASSWORD, by=None, must_change=must_change
        )
        for role, place in roles.items():
            grant(account, role=role, place=place, since=date(2020, 1, 1), by=None)
        return account

    return make


@pytest.fixture
def scope(make_account: MakeAccount) -> Callable[..., Scope]:
    """The scope of such an account on DAY."""

    def of(username: str = "zhang", **roles: int) -> Scope:
        return scope_of(make_account(username, **roles), on=DAY, address="192.0.2.1")

    return of


@pytest.fixture
def pages(settings) -> None:
    """The addresses of tests/access/urls.py, with static files as they lie in the checkout."""
    settings.ROOT_URLCONF = "tests.access.urls"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

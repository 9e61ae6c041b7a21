"""A token of each role on the small world of tests/web, and a client that asks with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jiceng.access.tokens import issue
from tests.web.conftest import COUNTY, PLAIN_COUNTY, TODAY, World, account, site, today, world

__all__ = ["COUNTY", "PLAIN_COUNTY", "TODAY", "World", "account", "site", "today", "world"]

Ask = Callable[..., Any]
UNTIL = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def _counted_afresh() -> None:
    cache.clear()


@pytest.fixture
def secret(account) -> Callable[..., str]:
    """The secret of a token with this role: secret(officer=513324)."""

    def make(name: str = "人事系统", **roles: int) -> str:
        ((role, place),) = roles.items()
        made = account(f"sys-{role}-{place}", **roles)
        return issue(made, name=name, role=role, place=place, until=UNTIL, today=TODAY, by=None)[1]

    return make


class Asker:
    """A program with a token."""

    def __init__(self, secret: str) -> None:
        self.client, self.secret = Client(raise_request_exception=True), secret

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers())

    def post(self, path: str, body: Any, *, key: str = "", **more: Any) -> Any:
        return self.client.post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=self.headers(key or "key-00000001"), **more
        )

    def headers(self, key: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})


@pytest.fixture
def asker(secret) -> Callable[..., Asker]:
    """asker(officer=513324)."""
    return lambda **roles: Asker(secret(**roles))

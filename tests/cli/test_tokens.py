"""Tokens from the server's console."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jiceng.access.tokens import caller
from jiceng.base.refusals import Refusal
from jiceng.cli.site import clock, today

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_issued_listed_used_and_revoked(jiceng, county):
    jiceng("account", "add", "shi", "--name", "示例甲", "--office", "示例办公室")
    jiceng("account", "grant", "shi", "clerk", county)
    until = (today() + timedelta(days=90)).isoformat()
    made = jiceng("token", "new", "shi", "clerk", county, "--name", "人事系统", "--until", until, "--json").json
    assert caller(made["secret"], today=today(), now=clock()).actor == "shi（令牌：人事系统）"
    (row,) = jiceng("token", "list", "--json").json
    assert [row[part] for part in ("token", "name", "account", "role", "place", "until", "revoked")] == [
        made["token"], "人事系统", "shi", "clerk", county, until, None,
    ]  # fmt: skip
    jiceng("token", "revoke", made["token"])
    with pytest.raises(Refusal) as refused:
        caller(made["secret"], today=today(), now=clock())
    assert refused.value.id == "access.token_ended"


def test_a_token_that_is_not_there_is_refused(jiceng, county):
    with pytest.raises(Refusal) as refused:
        jiceng("token", "revoke", 99)
    assert refused.value.id == "token.unknown"

"""Accounts from the server's console."""

from __future__ import annotations

import pytest

from jiceng.access.models import Account, Grant
from jiceng.base.refusals import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_account_begins_with_nothing_and_a_password_to_change(jiceng, county):
    said = jiceng("account", "add", "wang", "--name", "示例甲", "--office", "示例办公室", "--json").json
    account = Account.objects.get(username="wang")
    assert (account.check_password(said["password"]), account.must_change_password, account.grants.count()) == (True, True, 0)


def test_granted_listed_and_taken_back(jiceng, county):
    jiceng("account", "add", "wang", "--name", "示例甲", "--office", "示例办公室")
    jiceng("account", "grant", "wang", "clerk", county)
    assert [row["grants"] for row in jiceng("account", "list", "--json").json] == [[f"clerk@{county}"]]
    jiceng("account", "revoke", "wang", "clerk", county)
    assert [row["grants"] for row in jiceng("account", "list", "--json").json] == [[]]
    assert Grant.objects.count() == 1


def test_reset_hands_out_another_password(jiceng, county):
    first = jiceng("account", "add", "wang", "--name", "示例甲", "--office", "示例办公室", "--json").json["password"]
    second = jiceng("account", "reset", "wang", "--json").json["password"]
    account = Account.objects.get(username="wang")
    assert (account.check_password(first), account.check_password(second)) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "id"), [(("reset", "nobody"), "account.unknown"), (("grant", "nobody", "clerk", 513301), "account.unknown")]
)
def test_unknown_accounts_are_refused(jiceng, county, arguments, id):
    with pytest.raises(Refusal) as refused:
        jiceng("account", *arguments)
    assert refused.value.id == id


def test_disabled_accounts_hold_nothing(jiceng, county):
    jiceng("account", "add", "wang", "--name", "示例甲", "--office", "示例办公室")
    jiceng("account", "grant", "wang", "clerk", county)
    jiceng("account", "disable", "wang")
    assert [(row["active"], row["grants"]) for row in jiceng("account", "list", "--json").json] == [(False, [])]

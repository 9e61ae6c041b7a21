"""The page for tokens: the secret is shown once, on the page that answers the form, and stands nowhere else."""

from __future__ import annotations

import logging
import re

import pytest

from jiceng.access.models import Token
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
SECRET = re.compile(r"jiceng\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def given(holder, **other) -> dict[str, object]:
    return {"name": "人事系统", "account": holder.pk, "role": "viewer", "place": str(COUNTY), "until": "2027-06-01"} | other


def test_the_secret_is_shown_once_and_works(signed_in, account, world: World, caplog, client):
    holder, admin = account("renshi", viewer=COUNTY), signed_in(admin=COUNTY)
    assert admin.get("/tokens/").context["found"] == []
    with caplog.at_level(logging.DEBUG):
        made = admin.post("/tokens/new/", given(holder))
    (secret,) = set(SECRET.findall(made.content.decode()))
    assert (made.status_code, made["Cache-Control"], "Location" in made.headers) == (200, "no-store", False)
    asked = client.get("/api/v1/token", headers={"Authorization": f"Bearer {secret}"})
    assert (asked.json()["name"], asked.json()["role"], asked.json()["place"]) == ("人事系统", "viewer", COUNTY)
    hidden = secret.rpartition(".")[2]
    again = [admin.get(door).content.decode() for door in ("/tokens/", "/tokens/new/", "/")]
    assert [hidden in text for text in (*again, caplog.text, str(list(Token.objects.values())))] == [False] * 5


def test_the_list_tells_who_and_revoking_ends_it(signed_in, account, world: World, client):
    holder, admin = account("renshi", viewer=COUNTY), signed_in(admin=COUNTY)
    (secret,) = set(SECRET.findall(admin.post("/tokens/new/", given(holder)).content.decode()))
    (token,) = admin.get("/tokens/").context["found"]
    assert (token.name, token.account.username) == ("人事系统", "renshi")
    assert admin.post(f"/tokens/{token.pk}/revoke/").status_code == 302
    assert client.get("/api/v1/token", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"role": "officer"}, {"place": str(PLAIN_COUNTY)}, {"until": "2028-06-01"}, {"until": "2026-11-24"}, {"name": ""}, {"account": 99999}],
)  # fmt: skip
def test_no_token_is_wider_than_its_account_nor_longer_than_a_year(signed_in, account, world: World, wrong):
    holder, admin = account("renshi", viewer=COUNTY), signed_in(admin=COUNTY)
    answer = admin.post("/tokens/new/", given(holder, **wrong))
    assert (answer.status_code in (403, 422), SECRET.findall(answer.content.decode()), Token.objects.count()) == (True, [], 0)


@pytest.mark.parametrize("role", ["viewer", "clerk", "officer"])
def test_only_who_keeps_accounts_issues_tokens(signed_in, account, world: World, role):
    holder, client = account("renshi", viewer=COUNTY), signed_in(**{role: COUNTY})
    answers = [client.get("/tokens/"), client.get("/tokens/new/"), client.post("/tokens/new/", given(holder))]
    assert ([one.status_code for one in answers], Token.objects.count()) == ([403] * 3, 0)

"""Every role at every door of the site, with numbers, places, searches and filters of another county: nothing comes out."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiceng.access.models import Denial, ListView
from jiceng.desks.workforce.models import BulkAct
from jiceng.intake.models import Upload
from jiceng.ledger.models import Entry, Fact
from tests.access.attacked import ROLES, TRIED, A, Field, account, aimed, build, leaks, patterns, plain, signed_in, text_of
from tests.web.conftest import World, site, today, world

__all__ = ["site", "today", "world"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]

# Of the account's own: somebody else's is as one that never was; asking for it is on record, looking at a form's address is not.
OWN = {"roster_view_delete", "roster_export_kept", "roster_export_file"}
POSTED = {"why": "试一试", "basis": "试一试", "reason": "核对任职公示名单", "confirmed": "yes", "since": "2026-01-01", "place": "513322"}


@pytest.fixture
def field(world: World) -> Field:
    return build()


def client_of(role: str) -> Client:
    if role == "anonymous":
        return signed_in(None)
    return signed_in(account(f"jiulong-{role}", **({} if role == "nobody" else {role: A})))


def asked(client: Client, door: str, **headers: str) -> Any:
    """GET of an address, or `POST address a=b&c=d`."""
    if not door.startswith("POST "):
        return client.get(door, headers=headers)
    _, address, given = door.split(" ", 2)
    data: dict[str, list[str]] = {}
    for pair in given.split("&"):
        name, _, value = pair.partition("=")
        data.setdefault(name, []).append(value.replace("%3D", "="))
    return client.post(address, data, headers=headers)


def counted() -> dict[str, int]:
    """What there is of what B has: none of it may come, go or change its state."""
    return {
        "entries": Entry.objects.count(), "facts": Fact.objects.count(), "landing": Upload.objects.filter(state="landing").count(),
        "acts": BulkAct.objects.count(), "landed": BulkAct.objects.filter(state="landed").count(), "uploads": Upload.objects.count(),
        "views": ListView.objects.exclude(account__username__startswith="jiulong").count(),
    }  # fmt: skip


def test_every_address_is_attacked():
    """A new address without a word in attacked.py fails here: say what of B's it takes, or how it is tried."""
    names = {str(pattern.name) for _, pattern in patterns()}
    assert names - TRIED.keys() - aimed().keys() == set()
    assert (TRIED.keys() | aimed().keys()) - names == set()


@pytest.mark.parametrize("role", ["anonymous", "nobody", *ROLES])
def test_nothing_of_b_opens_by_its_number(field: Field, role: str):
    client, before, wrong = client_of(role), counted(), []
    for name, template in aimed().items():
        door = template.format(**field.there)
        for way in (door, f"POST {door} " + "&".join(f"{key}={value}" for key, value in POSTED.items())):
            denials = Denial.objects.count()
            answer = asked(client, way)
            said = text_of(answer)
            if answer.status_code == 405:
                continue
            refused = answer.status_code in ((302,) if role == "anonymous" else (302, 403, 422) if name in OWN else (403,))
            looked = name in OWN and answer.status_code == 302
            noted = role == "anonymous" or looked or Denial.objects.count() == denials + 1
            if not refused or leaks(said) or not noted:
                wrong.append((name, way[:4], answer.status_code, leaks(said), noted))
    assert wrong == []
    assert counted() == before


@pytest.mark.parametrize("role", ["viewer", "officer", "admin"])
def test_what_is_there_is_answered_as_what_is_not(field: Field, role: str):
    client, wrong = client_of(role), []
    client.get("/law/")
    for name, template in aimed().items():
        for post in (False, True):
            said = []
            for things in (field.there, field.nothing):
                door = template.format(**things)
                with CaptureQueriesContext(connection) as ran:
                    answer = asked(client, f"POST {door} why=x" if post else door)
                said.append((answer.status_code, plain(text_of(answer)), len(ran)))
            if said[0] != said[1]:
                wrong.append((name, post, [(one[0], one[2]) for one in said], _difference(said[0][1], said[1][1])))
    assert wrong == []


def _difference(one: str, other: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return "" if one == other else f"{one[max(at - 20, 0) : at + 40]!r} | {other[max(at - 20, 0) : at + 40]!r}"


@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_lists_searches_filters_and_hidden_fields_tell_nothing_of_b(field: Field, role: str):
    client, before, wrong = client_of(role), counted(), []
    for name, templates in TRIED.items():
        if name == "account_logout":
            continue
        for template in templates:
            door = template.format(**field.there)
            answer = asked(client, door)
            if leaks(text_of(answer), asked=door) or answer.status_code >= 500:
                wrong.append((door, answer.status_code, leaks(text_of(answer), asked=door)))
    assert wrong == []
    assert counted() == {**before, "uploads": before["uploads"]}


def test_parts_other_days_and_earlier_knowledge_tell_nothing_of_b(field: Field):
    client, wrong = client_of("officer"), []
    doors = [template.format(**field.there) for template in aimed().values()]
    doors += [template.format(**field.there) for templates in TRIED.values() for template in templates if not template.startswith("POST")]
    for door in doors:
        if "logout" in door:
            continue
        for more in ("on=2024-06-01", "known=2024-06-01", "on=2023-01-01&known=2025-06-01", "on=2027-06-01"):
            answer = asked(client, f"{door}{'&' if '?' in door else '?'}{more}", **{"HX-Request": "true"})
            if leaks(text_of(answer), asked=door) or answer.status_code >= 500:
                wrong.append((door, more, answer.status_code, leaks(text_of(answer), asked=door)))
    assert wrong == []


def test_a_place_of_b_is_refused_and_logged_wherever_it_can_be_asked_for(field: Field):
    client, wrong = client_of("officer"), []
    for templates in TRIED.values():
        for template in templates:
            door = template.format(**field.there)
            if f"place={field.there['code']}" not in door or door.startswith(("POST", "/law/", "/asks/")):
                continue
            denials = Denial.objects.count()
            answer = asked(client, door)
            if (answer.status_code, Denial.objects.count()) != (403, denials + 1):
                wrong.append((door, answer.status_code, Denial.objects.count() - denials))
    assert wrong == []


def test_lists_hold_as_many_rows_with_b_as_without(field: Field):
    client = client_of("officer")
    assert [line.name for line in client.get("/roster/?state=all").context["lines"]] == ["马志强", "罗布泽仁"]
    assert client.get("/roster/?state=all").context["found"].count == 2
    assert {act.book for act in client.get("/entries/").context["acts"]} == {2}

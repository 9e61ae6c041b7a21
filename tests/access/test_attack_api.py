"""The same at every operation of the API, by token of each role."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiceng.access.models import Denial
from jiceng.access.tokens import issue
from jiceng.api.build import schema
from tests.access.attacked import ROLES, TODAY, A, B, Field, account, build, leaks, plain, text_of
from tests.access.test_attack_doors import counted
from tests.web.conftest import World, site, today, world

__all__ = ["site", "today", "world"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]

# What an argument of an address is of B's, and those that are the same for everybody.
ARGUMENTS = {"subject": "subject", "code": "code", "upload": "upload"}
NUMBERS = {"entry": "entry", "return": "return"}
FACTS = {"worker": "fact", "place": "place_fact"}
PUBLIC = {"rule": "quota_exact", "name": "quota", "document": "cn/2024-community-workers"}
# Operations without anything of B's in their address, and with what of B's they are tried.
TRIED = {
    "token": [""], "places": ["", "?q=泸定"], "imports": [""], "entries": ["", "?before=9999999999999999"],
    "workers": ["?place={code}", "?q={name}", "?q=yuchi", "?q={id}", "?state=all", "?after=0-0&state=all", "?size=200&on=2024-01-01",
                "?state=all&known_by=2025-01-01", "?before=999999999999999-999999999999999999",
                "?sort=-training_due&answers=training_due&state=all",
                "?age=40&sex=female&political=unrecorded&state=all"],
    "returns": ["", "?place={code}", "?place={code}&inside=true", "?before=999999"], "return_preview": ["?place={code}&since=2026-10-01"],
    "return_submit": [""],
    "import_send": [""], "import_template": ["?place={code}"], "law_documents": [""], "law_document": [""],
    "law_definition": ["?place={code}", ""],
}  # fmt: skip
FIGURE = {"urban_residents": 1, "source": "试", "year": 2025}
BODIES = {
    "entry_undo": {"why": "试"}, "import_undo": {"why": "试"}, "import_confirm": {"basis": "试", "why": "试"},
    "return_submit": {"place": B, "since": "2026-09-01", "until": "2026-09-30"},
    "return_send_back": {"why": "试"}, "return_lock": {}, "return_correct": {"why": "试"},
    "worker_never": {"basis": "试", "why": "试"},
    "worker_record": {"kind": "training", "since": "2026-01-01", "fields": {"level": "county"}, "basis": "试", "why": "试"},
    "worker_correct": {"since": "2026-01-01", "fields": {"level": "county"}, "basis": "试", "why": "试"},
    "place_record": {"kind": "population", "since": "2026-01-01", "fields": FIGURE, "basis": "试", "why": "试"},
    "place_correct": {"since": "2026-01-01", "fields": FIGURE, "basis": "试", "why": "试"},
}  # fmt: skip
OFFERED = {
    one["operationId"]: {parameter["name"] for parameter in one["parameters"]}
    for methods in schema()["paths"].values() for one in methods.values()
}  # fmt: skip
OPERATIONS = [(method, address, one["operationId"]) for address, methods in schema()["paths"].items() for method, one in methods.items()]


@pytest.fixture
def field(world: World) -> Field:
    cache.clear()
    return build()


def secret_of(role: str) -> str:
    return issue(account(f"sys-{role}", **{role: A}), name="试", role=role, place=A, until=date(2027, 6, 1), today=TODAY, by=None)[1]


def asked(method: str, address: str, operation: str, secret: str, *, key: str = "attack-00000001") -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    if method == "get":
        return Client().get(address, headers=headers)
    headers["Idempotency-Key"] = key
    if operation == "import_send":
        file = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
        return Client().post(address, {"file": file, "place": "513322", "as_of": "2026-11-20"}, headers=headers)
    return Client().post(address, json.dumps(BODIES[operation]), content_type="application/json", headers=headers)


def aimed(things: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(method, address, operation) with B's things, for operations whose address holds some."""
    found = []
    for method, template, operation in OPERATIONS:
        if operation not in TRIED:
            address = re.sub(r"{(\w+)}", lambda part, operation=operation: _argument(operation, part.group(1), things), template)
            if operation == "movements":
                address += "?since=2022-01-01"
            found.append((method, address, operation))
    return found


def _argument(operation: str, word: str, things: dict[str, Any]) -> str:
    if word in PUBLIC:
        return PUBLIC[word]
    head = operation.partition("_")[0]
    return str(things[FACTS[head] if word == "fact" else NUMBERS[head] if word == "number" else ARGUMENTS[word]])


def test_every_operation_is_attacked(field: Field):
    """An operation with an argument that no table above knows fails here with its name."""
    assert {operation for _, _, operation in aimed(field.there)} | TRIED.keys() == {operation for _, _, operation in OPERATIONS}


@pytest.mark.parametrize("role", ["", *ROLES])
def test_nothing_of_b_opens_by_its_number(field: Field, role: str):
    secret, before, wrong = secret_of(role) if role else "", counted(), []
    for method, address, operation in aimed(field.there):
        denials = Denial.objects.count()
        answer = asked(method, address, operation, secret)
        noted = not role or Denial.objects.count() == denials + 1
        if answer.status_code != (404 if role else 401) or leaks(text_of(answer)) or not noted:
            wrong.append((method, address, answer.status_code, leaks(text_of(answer)), noted))
    assert wrong == []
    assert counted() == before


@pytest.mark.parametrize("role", ROLES)
def test_what_is_there_is_answered_as_what_is_not(field: Field, role: str):
    secret, wrong = secret_of(role), []
    asked("get", "/api/v1/token", "token", secret)
    for there, nothing in zip(aimed(field.there), aimed(field.nothing), strict=True):
        said = []
        for method, address, operation in (there, nothing):
            with CaptureQueriesContext(connection) as ran:
                answer = asked(method, address, operation, secret)
            said.append((answer.status_code, answer.content, plain(str(sorted(answer.items()))), len(ran)))
        if said[0] != said[1]:
            wrong.append((there, said))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_searches_tell_nothing_of_b(field: Field, role: str):
    secret, before, wrong = secret_of(role), counted(), []
    for method, template, operation in OPERATIONS:
        for query in TRIED.get(operation, ()):
            address = re.sub(r"{(\w+)}", lambda part: PUBLIC[part.group(1)], template) + query.format(**field.there)
            answer = asked(method, address, operation, secret)
            if answer.status_code >= 500 or leaks(text_of(answer), asked=address):
                wrong.append((address, answer.status_code, leaks(text_of(answer), asked=address)))
            if "{code}" in query and answer.status_code != 404:
                wrong.append((address, answer.status_code))
    assert wrong == []
    assert counted() == before
    assert asked("get", "/api/v1/workers?state=all", "workers", secret).json()["count"] == 2


def test_other_days_and_earlier_knowledge_tell_nothing_of_b(field: Field):
    secret, wrong = secret_of("officer"), []
    for method, address, operation in aimed(field.there):
        if method == "get" and "on" in OFFERED[operation]:
            for when in ("on=2024-06-01", "known_by=2024-06-01", "on=2023-01-01&known_by=2025-06-01", "on=2027-06-01"):
                answer = asked(method, f"{address}{'&' if '?' in address else '?'}{when}", operation, secret)
                if answer.status_code != 404 or leaks(text_of(answer)):
                    wrong.append((address, when, answer.status_code, leaks(text_of(answer))))
    assert wrong == []


def test_a_session_of_an_officer_of_b_adds_nothing_to_a_token_of_a(field: Field):
    from tests.access.attacked import signed_in

    client = signed_in(account("luding-second", officer=513322))
    answer = client.get("/api/v1/workers?state=all", headers={"Authorization": f"Bearer {secret_of('viewer')}"})
    assert (answer.json()["count"], leaks(text_of(answer))) == (2, [])

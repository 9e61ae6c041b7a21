"""Rubbish in addresses, parameters and forms: refused or ignored, never broken on. Whoever is allowed everything sends it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jiceng.ledger.reading import heads
from tests.access.attacked import TRIED, Field, aimed, patterns, signed_in
from tests.access.test_attack_browser import mine
from tests.web.conftest import site, today, world

__all__ = ["mine", "site", "today", "world"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]

HUGE = "9" * 30
VALUES = [HUGE, "moon", "\x00", "0001-01-01", "-1"]
EARLY = ["moon", "\x00", "0001-01-01"]
# Every parameter an address of the site reads.
PARAMETERS = [
    "place",
    "on",
    "known",
    "q",
    "after",
    "before",
    "due",
    "state",
    "post",
    "cls",
    "education",
    "certificate",
    "sort",
    "cols",
    "order",
    "period",
    "sheet",
    "deep",
    "line",
    "column",
    "row",
    "tab",
    "text",
    "page",
    "file",
    "from",
    "only",
    "edit",
    "fact",
    "view",
    "by",
    "group",
    "month",
    "year",
    "next",
    "size",
    "kind",
    "level",
    "how",
    "chart",
    "which",
    "with",
    "to",
    "since",
    "until",
    "cell",
    "of",
    "key",
    "measure",
]


LATE = PARAMETERS[3:]


def broken(client: Any, door: str, query: dict[str, str], *, post: bool = False) -> str:
    client.raise_request_exception = False
    answer = client.post(door, query) if post else client.get(door, query)
    return f"{'POST ' if post else ''}{door} {query}"[:300] if answer.status_code >= 500 and answer.status_code != 503 else ""


def addresses(things: dict[str, Any]) -> list[str]:
    found = [template.format(**things) for template in aimed().values()]
    found += [one.removeprefix("POST ").split(" ")[0].partition("?")[0] for tried in TRIED.values() for one in tried]
    return [door for door in dict.fromkeys(found) if "logout" not in door and not door.startswith("/account/")]


def test_numbers_too_long_for_the_database_are_not_there(mine: Field):
    client, wrong = signed_in(mine.there["owner"]), []
    for route, _ in patterns():
        for number in (HUGE, "9223372036854775807"):
            door = "/" + re.sub(r"<int:\w+>", number, route)
            if "<int" in route:
                door = re.sub(r"<slug:\w+>|<path:\w+>|<str:\w+>|<\w+>", "x", re.sub(r"<day:\w+>", "2026-01-01", door))
                wrong += [one for one in (broken(client, door, {}), broken(client, door, {}, post=True)) if one]
    assert wrong == []


def test_rubbish_in_parameters(mine: Field):
    """All parameters at once, then those that are read first by themselves: the first refusal would hide the others."""
    client, wrong, head = signed_in(mine.there["owner"]), [], heads()
    for number, door in enumerate(addresses(mine.there)):
        # They are read by the same few lines everywhere: each door meets each of them once, the doors in turn every value.
        early = [{name: EARLY[(number + at) % len(EARLY)]} for at, name in enumerate(("place", "on", "known"))]
        wrong += [one for asked in (*(dict.fromkeys(LATE, value) for value in VALUES), *early) if (one := broken(client, door, asked))]
        # A wrong day is kept in the session no more than a right one.
        client.get(door, {"on": "", "known": ""})
    assert wrong == []
    assert heads() == head


def test_rubbish_in_forms(mine: Field):
    client, wrong = signed_in(mine.there["owner"]), []
    for door in addresses(mine.there):
        for value in VALUES:
            given = {name: value for name in (*PARAMETERS, *FIELDS)}
            if one := broken(client, door, given, post=True):
                wrong.append(one[:120] + repr(value)[:30])
    assert wrong == []


FIELDS = [
    "basis",
    "why",
    "reason",
    "confirmed",
    "back",
    "act",
    "grant",
    "role",
    "username",
    "display_name",
    "office",
    "account",
    "name",
    "id_number",
    "phone",
    "community",
    "origin",
    "f_level",
    "f_kind",
    "f_hours",
    "f_urban_residents",
    "f_year",
    "f_post",
    "f_class",
    "department",
    "as_of",
    "title",
    "due",
    "places",
    "columns",
    "note",
    "query",
    "who",
    "one",
    "show",
    "plain",
    "replace",
    "fill",
    "papers_title",
    "about",
    "held",
    "all",
    "reset",
]

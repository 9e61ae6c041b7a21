"""What a browser is told, and what it may be made to do: headers, inline code, forms without their stamp, GETs that write, sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from jiceng.access.models import Denial, Export, Reveal
from jiceng.ledger.reading import heads
from tests.access.attacked import TRIED, A, Field, account, aimed, build, signed_in, text_of
from tests.runs.world import COMMUNITY
from tests.web.conftest import PASSWORD, World, site, today, world

__all__ = ["site", "today", "world"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]
OWN = ("甲一", "甲二", "甲收表", "甲要表", "甲任命", "甲视图", "甲令牌", "jiulong-owner", "甲花名册", "甲计算")
# Logs of what was looked at or refused, and sessions; apart from them only what is worked out anew from the ledger.
MAY_GROW = {Denial, Export, Reveal, Session}
POLICY = {
    "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "object-src": "'none'",
    "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
}  # fmt: skip
HEADERS = {
    "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip


@pytest.fixture
def mine(world: World) -> Field:
    """A's own things, and an officer of A who keeps accounts too: every page opens for him."""
    return build(place=A, community=COMMUNITY, names=OWN, number=866)


def doors(things: dict[str, Any]) -> list[str]:
    found = [template.format(**things) for template in aimed().values()]
    found += [template.format(**things) for one in TRIED.values() for template in one if not template.startswith("POST")]
    return [door for door in found if "logout" not in door]


class Inline(HTMLParser):
    """What the policy would have to allow and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") != "application/json"):
            self.found.append(tag)
        for name, value in attributes:
            spoken = (value or "").strip().lower()
            code = name == "style" or name.startswith(("on", "hx-on", "srcdoc"))
            if code or spoken.startswith(("javascript:", "data:text", "http:", "//")):
                self.found.append(f"{tag} {name}={value}")
        if given.get("target") == "_blank" and "noopener" not in (given.get("rel") or ""):
            self.found.append(f"{tag} target=_blank")


def test_every_page_keeps_the_strict_policy_and_holds_nothing_inline(mine: Field):
    client, wrong, opened = signed_in(mine.there["owner"]), [], 0
    for door in doors(mine.there):
        answer = client.get(door)
        opened += answer.status_code == 200
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";") if part.strip())
        headers = {name: answer.get(name) for name in HEADERS}
        if policy not in (POLICY, {"sandbox": "", "default-src": "'none'"}) or headers != HEADERS:
            wrong.append((door, policy, headers))
        if answer["Content-Type"].startswith("text/html") and not answer.streaming:
            parser = Inline()
            parser.feed(answer.content.decode())
            wrong += [(door, one) for one in parser.found]
    assert wrong == []
    assert opened > 80


def test_refusals_keep_the_policy_too(mine: Field):
    client = signed_in(mine.there["owner"])
    found = {door: client.get(door) for door in ("/workers/1/", "/nowhere/", "/roster/?on=moon", "/api/v1/workers", "/static/nothing.css")}
    assert {door: answer.status_code for door, answer in found.items()} == {
        "/workers/1/": 403, "/nowhere/": 404, "/roster/?on=moon": 422, "/api/v1/workers": 401, "/static/nothing.css": 404,
    }  # fmt: skip
    assert [door for door, answer in found.items() if "script-src 'self'" not in answer["Content-Security-Policy"]] == []


def rows() -> dict[str, int]:
    kept = [model for model in apps.get_models() if model not in MAY_GROW and getattr(model, "in_backup", True)]
    return {model.__name__: model._default_manager.count() for model in kept}


def grown(before: dict[str, int]) -> dict[str, int]:
    return {name: number - before[name] for name, number in rows().items() if number != before[name]}


def test_no_get_writes(mine: Field):
    client = signed_in(mine.there["owner"])
    before, head = rows(), heads()
    for door in doors(mine.there):
        client.get(door)
        assert (door, heads(), grown(before)) == (door, head, {})


def test_no_form_is_taken_without_its_stamp(mine: Field):
    client = signed_in(mine.there["owner"], enforce_csrf_checks=True)
    before, head, wrong = rows(), heads(), []
    posts = [template.format(**mine.there) for template in aimed().values()]
    posts += [template.format(**mine.there).removeprefix("POST ").split(" ")[0] for one in TRIED.values() for template in one]
    for door in dict.fromkeys(posts):
        answer = client.post(door, {"why": "试", "basis": "试", "confirmed": "yes", "act": "disable"})
        known = answer.json()["id"] == "page.csrf" if door.startswith("/api/") else "表单已失效" in text_of(answer)
        if answer.status_code != 403 or not known:
            wrong.append((door, answer.status_code))
    assert wrong == []
    assert (heads(), grown(before)) == (head, {})


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace", "head"])
def test_other_methods_write_nothing_and_show_nothing_more(mine: Field, method: str):
    client, before, head = signed_in(mine.there["owner"]), rows(), heads()
    codes = {getattr(client, method)(door).status_code for door in doors(mine.there)}
    assert (heads(), grown(before)) == (head, {})
    assert {code for code in codes if code >= 500} == set()


def sign_in(client: Client, **more: str) -> Any:
    client.get("/account/login/")
    return client.post("/account/login/", {"login": "jiulong-clerk", "password": PASSWORD, **more})


def test_the_session_number_changes_at_sign_in_and_ends_at_sign_out(mine: Field):
    account("jiulong-clerk", clerk=A)
    client = Client()
    client.get("/account/login/?next=/roster/")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = fixed = session.session_key
    assert sign_in(client).status_code == 302
    held = client.cookies["sessionid"].value
    assert held != fixed
    assert Client(headers={"Cookie": f"sessionid={fixed}"}).get("/roster/").status_code == 302
    assert client.get("/roster/").status_code == 200
    client.post(reverse("account_logout"))
    assert Client(headers={"Cookie": f"sessionid={held}"}).get("/roster/").status_code == 302
    assert Session.objects.filter(session_key=held).count() == 0


def test_an_idle_session_ends(mine: Field, settings):
    account("jiulong-clerk", clerk=A)
    client = Client()
    sign_in(client)
    assert client.get("/roster/").status_code == 200
    with time_machine.travel(datetime(2026, 11, 24, 2, tzinfo=UTC) + timedelta(seconds=settings.SESSION_IDLE_SECONDS + 120), tick=True):
        answer = client.get("/roster/")
    assert (answer.status_code, answer["Location"][:15]) == (302, "/account/login/")


def test_cookies_are_for_this_site_alone(mine: Field, settings):
    account("jiulong-clerk", clerk=A)
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    sign_in(client)
    session, stamp = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert [(one["httponly"], one["secure"], one["samesite"]) for one in (session, stamp)] == [(True, True, "Lax"), ("", True, "Lax")]
    assert session["expires"] == ""


@pytest.mark.parametrize(
    "next",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "http:///evil.example", "\thttps://evil.example"],
)
def test_nobody_is_led_away_after_signing_in(mine: Field, next: str):
    account("jiulong-clerk", clerk=A)
    answer = sign_in(Client(), next=next)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_another_host_is_refused_and_not_repeated(mine: Field):
    for header in ({"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "localhost:80@evil.example"}):
        answer = signed_in(mine.there["owner"]).get("/roster/", **header)
        assert (answer.status_code, "evil.example" in text_of(answer)) == (400, False)
    forwarded = signed_in(mine.there["owner"]).get("/roster/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in text_of(forwarded)

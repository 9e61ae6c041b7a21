"""Nothing opens without signing in; headers and pages keep to the strict policy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from jiceng.web.static_files import gather
from tests.web.conftest import COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
OPEN = {"account_login", "account_logout", "account_inactive", "mfa_authenticate", "favicon"}
VENDOR = Path(__file__).parents[2] / "src/jiceng/ui/static/vendor"


def patterns(resolver=None):
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from patterns(one)


def test_only_sign_in_opens_without_signing_in():
    """The API asks for a token instead; every operation without one is under tests/access/test_attack_api.py."""
    opened = {one.name for one in patterns() if not getattr(one.callback, "login_required", True)}
    assert {name for name in opened if not name.startswith("api_")} == OPEN


def test_every_operation_of_the_api_asks_for_a_token():
    paths = json.loads(Client().get("/api/v1/openapi.json").content)["paths"]
    assert [f"{method} {path}" for path, doors in paths.items() for method, door in doors.items() if not door.get("security")] == []


def test_a_page_without_signing_in_leads_to_sign_in(site, db):
    answer = Client().get("/roster/?place=513324")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/roster/%3Fplace%3D513324")


def test_every_desk_page_names_its_permission():
    desks = [one for one in patterns() if "jiceng.desks" in (getattr(one.callback, "__module__", "") or "")]
    assert [one.name for one in desks if not hasattr(one.callback, "permission")] == []
    assert len(desks) == 162


def test_content_security_policy_allows_nothing_inline(site, db):
    policy = dict(part.strip().split(" ", 1) for part in Client().get("/account/login/")["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "object-src": "'none'",
        "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
    }  # fmt: skip


def test_security_headers(site, db):
    answer = Client().get("/account/login/")
    names = ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [answer[name] for name in names] == ["DENY", "nosniff", "same-origin", "same-origin"]


def test_pages_hold_no_inline_style_script_or_handler(signed_in, world: World):
    client = signed_in(officer=COUNTY, admin=COUNTY)
    pages = [
        "/", "/asks/", "/roster/", "/workers/new/", f"/workers/{world.head}/", f"/workers/{world.head}/facts/",
        f"/workers/{world.head}/history/", f"/workers/{world.head}/why/training_due/", f"/workers/{world.head}/record/training/",
        f"/places/{COUNTY}/", f"/places/{COUNTY}/record/population/", "/import/", "/law/", "/law/cn/2024-community-workers/",
        "/entries/", "/accounts/", "/accounts/new/", "/reveals/", "/account/second/", "/account/password/",
    ]  # fmt: skip
    bad = re.compile(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=|javascript:|hx-on", re.I)
    found = {}
    for page in pages:
        answer = client.get(page)
        found[page] = (answer.status_code, bad.findall(answer.content.decode()))
    assert found == {page: (200, []) for page in pages}


def test_every_page_carries_the_moment_bar_and_a_main_part(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    for page in ("/", "/roster/", f"/places/{COUNTY}/", "/law/"):
        text = client.get(page).content.decode()
        assert [text.count(part) for part in ('name="on"', 'name="known"', "<main", "<h1", 'class="skip"')] == [1, 1, 1, 1, 1]


def test_static_files_gather_once(settings, tmp_path, db):
    settings.STATIC_ROOT = tmp_path / "static"
    assert (gather(), gather()) == (True, False)
    manifest = json.loads((tmp_path / "static/staticfiles.json").read_text())
    assert {"ui/jiceng.css", "vendor/htmx/htmx.min.js", "vendor/tabler/tabler.min.css", "vendor/icons/icons.svg"} - manifest[
        "paths"
    ].keys() == set()
    assert Client().get("/account/login/").status_code == 200


def test_vendored_files_are_listed_with_licence_and_without_source_maps():
    listed = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))["packages"]
    for package in listed:
        assert package["integrity"].startswith("sha512-")
        files = {*package.get("files", {}).values(), *(["icons.svg"] if "icons" in package else []), "LICENSE"}
        assert {path.name for path in (VENDOR / package["folder"]).iterdir()} == files
        assert [
            path.name for path in (VENDOR / package["folder"]).iterdir() if "sourceMappingURL" in path.read_text(encoding="utf-8")
        ] == []


def test_every_icon_used_is_in_the_sprite():
    root = VENDOR.parents[2]
    used = {
        name
        for path in root.rglob("templates/**/*.html")
        for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    used |= {
        name
        for path in root.rglob("menu.py")
        for name in re.findall(r'MenuEntry\("[^"]+", "[^"]+", "([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    used |= {"layout-dashboard"}
    sprite = (VENDOR / "icons/icons.svg").read_text(encoding="utf-8")
    assert used - set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite)) == set()

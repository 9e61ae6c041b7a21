"""Every way to be refused has one form, a status, and an entry in the docs; rubbish is refused, never broken on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver

from jiceng.access.models import Token
from jiceng.api.build import schema
from jiceng.api.problems import MEDIA, Problem, problem
from jiceng.base.refusals import Problem as Found
from jiceng.base.refusals import Problems, Refusal
from jiceng.ledger.models import Entry
from jiceng.web.errors import bad_request, broken, csrf_refused, forbidden, not_found
from tests.api.conftest import COUNTY, World
from tests.web.conftest import signed_in

__all__ = ["signed_in"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]
ERRORS = Path(__file__).parents[2] / "docs/errors"


def checked(answer) -> tuple[int, str]:
    """Status and id of a refusal whose body is as declared."""
    assert answer["Content-Type"] == MEDIA
    return answer.status_code, Problem.model_validate_json(answer.content).id


def test_without_a_token_nothing_opens_and_a_session_is_none(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    for method, path in (("get", "/workers"), ("get", f"/workers/{world.head}"), ("post", f"/workers/{world.head}/facts")):
        answer = getattr(client, method)(f"/api/v1{path}", content_type="application/json")
        assert checked(answer) == (401, "access.token")
        assert answer["WWW-Authenticate"] == 'Bearer realm="jiceng"'
    assert Client().get("/api/v1/workers?token=jiceng.00000000.secret").status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Basic enVzOnp1cw==", "Bearer", "Bearer ", "Bearer x", "bearer jiceng.0000.0000", "Bearer jiceng..", "Bearer \xff"]
)
def test_wrong_tokens(world: World, header):
    assert checked(Client().get("/api/v1/workers", headers={"Authorization": header})) == (401, "access.token")


def test_a_revoked_token_is_told_so(asker, world: World):
    api = asker(viewer=COUNTY)
    Token.objects.update(until="2026-11-24")
    assert checked(api.get("/workers")) == (401, "access.token_ended")


def test_an_account_that_must_change_its_password_asks_by_token_all_the_same(asker, world: World):
    api = asker(viewer=COUNTY)
    Token.objects.get().account.__class__.objects.update(must_change_password=True)
    assert api.get("/token").status_code == 200


def test_no_cookie_is_set_and_no_session_kept(asker, world: World):
    answer = asker(officer=COUNTY).get("/workers", on="2024-05-01", known_by="2024-06-01")
    assert (answer.status_code, answer.cookies.output(), answer["Cache-Control"], Session.objects.count()) == (200, "", "no-store", 0)


def test_too_often(asker, world: World, settings):
    settings.API_REQUESTS_A_MINUTE = 3
    api, other = asker(viewer=COUNTY), asker(clerk=COUNTY)
    answers = [api.get("/token") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert checked(answers[3]) == (429, "api.too_often")
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert other.get("/token").status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "id"),
    [
        ("/workers?plaec=513324", 422, "api.parameter"), ("/workers?size=5&size=6", 422, "api.parameter"),
        ("/workers?q=%00", 422, "api.parameter"), ("/workers?q=%1f", 422, "api.invalid"), ("/workers?post=moon", 422, "api.filter"),
        ("/workers?due=moon", 422, "api.filter"), ("/workers?sort=name", 422, "api.filter"), ("/workers?answers=moon", 422, "api.filter"),
            ("/workers?age=moon", 422, "api.filter"), ("/workers?service_years=moon", 422, "api.filter"),
            ("/workers?within=30", 422, "api.filter"), ("/workers?until=2026-02-30&due=training_soon", 422, "api.day"),
            ("/workers?post=secretary,", 422, "api.invalid"), ("/workers?grade=seven", 422, "api.invalid"),
            ("/workers?after=-9223372036854775809-1", 422, "api.filter"),
            ("/workers?sort=-training_due&before=-9223372036854775808-1", 200, ""),
            ("/workers?answers=a,b,c,d,e,f,g,h,i,j,k", 422, "api.filter"),
            ("/workers?size=0", 422, "api.invalid"), ("/workers?size=100000", 422, "api.invalid"),
        ("/workers?after=1", 422, "api.invalid"), ("/workers?after=9" + "9" * 17 + "-1", 200, ""),
        ("/workers?place=7", 404, "access.concealed"), ("/workers?on=2023-02-30", 422, "page.date"),
        ("/workers?on=0001-01-01", 422, "page.date"), ("/workers?on=9999-12-31", 422, "page.date"),
        ("/workers?on=20240101", 422, "api.invalid"), ("/workers?on=1700000000", 422, "api.invalid"),
        ("/workers?known_by=0001-01-01T00:00:00%2B14:00", 422, "page.date"), ("/workers?known_by=2024-13-01", 422, "page.date"),
        ("/workers?known_by=2024-06-01T25:00", 422, "page.date"), ("/workers?known_by=9999-12-31T23:59:59-14:00", 422, "page.date"),
        ("/workers/99999999999999999999999", 422, "api.invalid"), ("/workers/0", 422, "api.invalid"),
        ("/workers/-1", 404, "page.not_found"),
        ("/workers/9223372036854775807", 404, "access.concealed"), ("/entries/9223372036854775807", 404, "access.concealed"),
        ("/places/9223372036854775807", 404, "access.concealed"), ("/entries?before=99999999999999999999", 422, "api.invalid"),
        ("/imports/9223372036854775807", 404, "access.concealed"), ("/law/documents/no/such", 404, "law.no_document"),
        ("/law/definitions/no_such", 404, "law.no_rule"), ("/places/513324/answers/no_such", 404, "law.no_name"),
        ("/imports/template", 422, "api.invalid"), ("/nope", 404, "page.not_found"), ("/workers/", 404, "page.not_found"),
    ],
)  # fmt: skip
def test_rubbish_in_the_address(asker, world: World, path, status, id):
    answer = asker(officer=COUNTY).get(path)
    assert (answer.status_code if status == 200 else checked(answer)) == (200 if status == 200 else (status, id))


FACTS = {"kind": "training", "since": "2026-01-01", "fields": {"level": "county"}, "basis": "依据", "why": "理由"}


@pytest.mark.parametrize(
    ("body", "type", "status", "id"),
    [
        (b"", "application/json", 422, "api.invalid"), (b"{", "application/json", 400, "api.body"),
        (b"[" * 200_000, "application/json", 400, "api.body"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "application/json", 400, "api.body"),
        (b'{"why": NaN}', "application/json", 400, "api.body"), (b'{"why": "\\ud800"}', "application/json", 400, "api.body"),
        (b'{"why": "\xff"}', "application/json", 400, "api.body"), (b"[]", "application/json", 422, "api.invalid"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "api.content_type"), (b"{}", "text/plain", 415, "api.content_type"),
        (b"{}", "", 415, "api.content_type"), (json.dumps({**FACTS, "since": "2023-02-30"}).encode(), "application/json", 422, "api.day"),
        (json.dumps({**FACTS, "until": "9999-12-31", "since": "0001-01-01"}).encode(), "application/json", 422, "api.day"),
        (json.dumps({**FACTS, "extra": 1}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "why": "空\x00字符"}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "why": ""}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "why": "长" * 301}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "kind": "no_such"}).encode(), "application/json", 422, "fact.kind"),
        (json.dumps({**FACTS, "place": 10**30}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "fields": {"hours": 10**30}}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "fields": {"hours": 1.5}}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "fields": {"hours": [1]}}).encode(), "application/json", 422, "api.invalid"),
        (json.dumps({**FACTS, "fields": {"\x00": 1}}).encode(), "application/json", 422, "ledger.field"),
        (json.dumps({**FACTS, "fields": {"hours": "many"}}).encode(), "application/json", 422, "ledger.value"),
        (b" " * (5 * 1024 * 1024 + 1), "application/json", 413, "api.too_large"),
    ],
)  # fmt: skip
def test_rubbish_in_the_body(asker, world: World, body, type, status, id):
    api, before = asker(officer=COUNTY), Entry.objects.count()
    answer = api.client.post(f"/api/v1/workers/{world.head}/facts", body, content_type=type, headers=api.headers("key-00000001"))
    said = checked(answer)
    assert (*said, Entry.objects.count()) == (status, id, before)


def test_a_wrong_method_says_which_are_right(asker, world: World):
    api = asker(officer=COUNTY)
    answer = api.client.delete("/api/v1/workers", headers=api.headers())
    assert (*checked(answer), answer["Allow"]) == (405, "api.method", "GET")


def test_waiting_and_several_findings_have_the_same_form():
    wait = problem(Refusal("runs.building", "名册正在整理", do="请稍候"))
    assert (*checked(wait), wait["Retry-After"]) == (503, "runs.building", "2")
    many = problem(Problems("terms.refused", "词表不能载入", [Found("terms.type", "类型不认识", "terms.yaml", 3)]))
    assert Problem.model_validate_json(many.content).problems[0].path == "terms.yaml"


def test_what_the_framework_refuses_has_the_same_form():
    request = RequestFactory().get("/api/v1/workers")
    answers = [page(request, ValueError()) for page in (bad_request, forbidden, not_found)] + [csrf_refused(request), broken(request)]
    assert [checked(answer) for answer in answers] == [
        (400, "page.bad_request"), (403, "access.denied"), (404, "page.not_found"), (403, "page.csrf"), (500, "page.broken"),
    ]  # fmt: skip


def test_docs_lead_to_the_entry_of_every_id():
    kept = {}
    for page in ERRORS.glob("*.md"):
        for id in re.findall(r"^## `?([a-z_0-9.]+)`?", page.read_text(encoding="utf-8"), re.MULTILINE):
            kept[id] = f"docs/errors/{page.name}#{id.replace('.', '')}"
    # What only the console and the sign-in page refuse.
    elsewhere = {id for id, page in kept.items() if "demo-cli" in page or id == "access.locked"}
    wrong = {id: page for id, page in kept.items() if id not in elsewhere and json.loads(problem(Refusal(id, "")).content)["docs"] != page}
    assert wrong == {}


def test_every_operation_declares_how_it_refuses_and_none_is_left_out():
    told = schema()
    for address, methods in told["paths"].items():
        for method, operation in methods.items():
            declared = {int(status) for status in operation["responses"] if int(status) >= 400}
            wanted = {401, 403, 404, 422, 429} | ({503} if method == "get" else {400, 409, 413, 415})
            assert (address, declared) == (address, wanted)
            assert operation["security"] == [{"TokenAuth": []}]
    operations = [one for one in get_resolver().url_patterns for one in getattr(one, "url_patterns", [one]) if isinstance(one, URLPattern)]
    ours = {str(one.pattern) for one in operations if str(one.pattern).startswith("api/")} - {"api/v1/openapi.json", "api/v1/docs/"}
    assert len(ours) == len(told["paths"])


def test_the_schema_and_its_page(signed_in, world: World):
    told = Client().get("/api/v1/openapi.json").json()
    assert (told["openapi"], told["components"]["securitySchemes"]["TokenAuth"]["scheme"]) == ("3.1.0", "bearer")
    page = signed_in(viewer=COUNTY).get("/api/v1/docs/")
    text = page.content.decode()
    names = [one["operationId"] for methods in told["paths"].values() for one in methods.values()]
    assert [name for name in names if f'id="{name}"' not in text] == []
    assert page.status_code == 200
    assert Client().get("/api/v1/docs/").status_code == 302

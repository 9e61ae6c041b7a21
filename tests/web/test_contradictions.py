"""The pages of the contradiction report: by place, by kind, by document, one finding with its sides, known on record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.ledger.models import Entry
from jiceng.runs.contradictions import report
from tests.runs.world import COUNTY, PLAIN_COUNTY, TODAY
from tests.web.conftest import World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PAGE = "/policy/contradictions/"
XIAN, SHANXI = "cn-6101-xian/2020-pay", "cn-14-shanxi/2020-pay-copy"


def kinds(page) -> list[str]:
    return [part.key for part in page.context["parts"]]


def findings(page) -> list:
    return [row.finding for part in page.context["parts"] for row in part.rows]


def copied():
    (one,) = [one for one in report(on=TODAY).findings if one.kind == "copied"]
    return one


def test_a_place_is_shown_what_matters_there(signed_in, world: World):
    page = signed_in(viewer=COUNTY).get(PAGE)
    found = findings(page)
    assert {code for one in found for code in one.places} <= {0, 51, 5133, COUNTY}
    assert ("overrides", ("cn-5133-ganzi/2026-demo", "cn-513324-jiulong/2026-demo")) in [(one.kind, one.documents) for one in found]
    assert page.context["number"] == len(found) == len(report(on=TODAY, place=COUNTY, within=(COUNTY,)).findings)


def test_everything_loaded_is_one_click_away(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    page = client.get(f"{PAGE}?all=1")
    assert (copied() in findings(page), page.context["number"]) == (True, len(report(on=TODAY, within=(COUNTY,)).findings))
    (part,) = client.get(f"{PAGE}?all=1&kind=copied").context["parts"]
    assert [row.finding for row in part.rows] == [copied()]


def test_a_document_leads_to_what_stands_against_it_and_back(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    law = client.get(f"/law/{XIAN}/")
    address = f"{PAGE}?all=1&document={XIAN}"
    assert f'href="{address.replace("&", "&amp;")}"' in law.content.decode()
    page = client.get(address)
    assert law.context["against"] == len(findings(page)) == page.context["number"]
    assert all(XIAN in one.documents for one in findings(page))
    listed = {document.id: counts for document, _, counts in client.get(f"{PAGE}?all=1&by=document").context["documents"]}
    assert sum(count for _, count in listed[XIAN]) == page.context["number"]


def test_both_clauses_stand_side_by_side(signed_in, world: World):
    page = signed_in(viewer=COUNTY).get(f"{PAGE}{copied().key}/")
    assert [(side.document.id, side.number, len(side.sentences)) for side in page.context["sides"]] == [
        (SHANXI, "工资", 1),
        (XIAN, "工资", 2),
    ]
    assert [[marked for *_, marked in side.sentences] for side in page.context["sides"]] == [[True], [True, False]]
    text = page.content.decode()
    assert [text.count(f"/law/read/{document}/") for document in (SHANXI, XIAN)] == [1, 1]


def test_an_officer_calls_a_finding_known_on_record(signed_in, world: World):
    client, key = signed_in(officer=COUNTY), copied().key
    form = {"office": "示例办公室", "basis": "示例原文 2 页", "why": "原文写的是西安"}
    assert client.post(f"{PAGE}{key}/", {**form, "why": ""}).status_code == 422
    assert client.post(f"{PAGE}{key}/", form).status_code == 302
    page = client.get(f"{PAGE}{key}/")
    known = page.context["row"].known
    assert (known.office, known.why, known.since) == ("示例办公室", "原文写的是西安", TODAY)
    entry = Entry.objects.order_by("-known").first()
    assert (entry.id, entry.act, entry.basis) == (known.entry, "record", "示例原文 2 页")
    assert client.get(f"{PAGE}?all=1").context["known"] == 1
    assert client.post(f"/entries/{entry.id}/undo/", {"why": "误记", "basis": "测试"}).status_code == 302
    assert client.get(f"{PAGE}{key}/").context["row"].known is None


def test_a_viewer_reads_and_calls_nothing_known(signed_in, world: World):
    client, key = signed_in(viewer=COUNTY), copied().key
    assert "标为已知" not in client.get(f"{PAGE}{key}/").content.decode()
    assert client.post(f"{PAGE}{key}/", {"office": "x", "basis": "x", "why": "x"}).status_code == 403
    assert client.get(f"{PAGE}?place={PLAIN_COUNTY}").status_code == 403


def test_what_is_not_there_says_so(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    assert [client.get(f"{PAGE}{rest}").status_code for rest in ("0123456789abcdef/", "?kind=x", "?by=x", "?document=cn/none")] == [
        422,
        404,
        404,
        422,
    ]


def test_pages_are_light(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    client.get(PAGE)  # the session is kept once
    for address in (PAGE, f"{PAGE}?all=1", f"{PAGE}?all=1&by=document", f"{PAGE}{copied().key}/"):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        assert (page.status_code, len(asked) <= 10, len(page.content) <= 60_000) == (200, True, True)

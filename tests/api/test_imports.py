"""A roster sent up by another system: preview, refusals, confirmation, undoing; the same doors as the page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiceng.intake.models import Upload
from jiceng.ledger.models import Entry
from jiceng.places import reading as places
from tests.api.conftest import COUNTY, PLAIN_COUNTY, TODAY, World
from tests.web.test_importing import BAD, GOOD, workbook

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def sent(api: Any, *rows: list[str], key: str = "send-0000001", place: int = COUNTY) -> Any:
    name = places.names_of([513324100001], on=TODAY)[513324100001]
    filled = [[name if cell == "呷尔社区" else "到岗日期" if cell == "到岗日子" else cell for cell in row] for row in rows]
    return api.client.post(
        "/api/v1/imports", {"file": workbook(*filled), "place": str(place), "as_of": "2026-11-20"}, headers=api.headers(key)
    )


def test_from_file_to_landed_and_undone(asker, world: World):
    api = asker(officer=COUNTY)
    looked = sent(api, GOOD, BAD)
    told = looked.json()
    assert (looked.status_code, told["upload"]["state"]) == (201, "checked")
    assert [told["summary"][part] for part in ("rows", "accepted", "refused", "new")] == [2, 1, 1, 1]
    assert [(one["row"], one["heading"]) for one in told["refusals"]] == [(3, "身份证号")]
    number = told["upload"]["upload"]
    assert api.get(f"/imports/{number}").json()["summary"] == told["summary"]
    book = openpyxl.load_workbook(BytesIO(api.get(f"/imports/{number}/returned").content))
    assert [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value in ("丁真", "扎西卓玛")] == ["丁真"]
    done = api.post(f"/imports/{number}/confirm", {"basis": "九龙县花名册", "why": "人事系统推送"}, key="confirm-0001")
    assert (done.status_code, done.json()["upload"]["state"]) == (202, "landed")
    entry = Entry.objects.get(batch=number)
    assert (entry.actor, entry.basis) == (f"sys-officer-{COUNTY}（令牌：人事系统）", "九龙县花名册")
    assert [row["name"] for row in api.get("/workers", q="扎西").json()["workers"]] == ["扎西卓玛"]
    again = api.post(f"/imports/{number}/confirm", {"basis": "九龙县花名册", "why": "又一次"}, key="confirm-0002")
    assert (again.status_code, again.json()["id"]) == (409, "import.not_checked")
    back = api.post(f"/imports/{number}/undo", {"why": "传错了"}, key="undo-0000001")
    assert (back.status_code, back.json()["upload"]["state"]) == (201, "undone")
    assert api.get("/workers", q="扎西").json()["workers"] == []


def test_the_same_file_under_the_same_key_is_one_upload(asker, world: World):
    api = asker(clerk=COUNTY)
    first, again = sent(api, GOOD).json(), sent(api, GOOD).json()
    assert (again["upload"], first["repeated"], again["repeated"]) == (first["upload"], False, True)
    other = sent(api, BAD)
    assert (other.status_code, other.json()["id"], Upload.objects.count()) == (409, "api.key_reused", 1)


def test_a_file_that_is_no_roster_says_so(asker, world: World):
    api = asker(clerk=COUNTY)
    fields = {"file": SimpleUploadedFile("坏.xlsx", b"not a workbook"), "place": str(COUNTY), "as_of": "2026-11-20"}
    answer = api.client.post("/api/v1/imports", fields, headers=api.headers("send-00001"))
    told = answer.json()
    assert (answer.status_code, told["upload"]["state"], told["summary"]["refusal"]["id"].partition(".")[0]) == (201, "refused", "intake")
    assert api.get(f"/imports/{told['upload']['upload']}").json()["summary"] == told["summary"]


@pytest.mark.parametrize(
    ("fields", "status", "id"),
    [
        ({"place": str(PLAIN_COUNTY), "as_of": "2026-11-20"}, 404, "access.concealed"), ({"as_of": "2026-11-20"}, 422, "api.invalid"),
        ({"place": str(COUNTY), "as_of": "2026-02-30"}, 422, "page.date"), ({"place": "moon", "as_of": "2026-11-20"}, 422, "api.invalid"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_form(asker, world: World, fields, status, id):
    api = asker(clerk=COUNTY)
    answer = api.client.post("/api/v1/imports", {"file": workbook(GOOD), **fields}, headers=api.headers("send-00001"))
    assert (answer.status_code, answer.json()["id"], Upload.objects.count()) == (status, id, 0)


def test_an_empty_file_and_none(asker, world: World):
    api = asker(clerk=COUNTY)
    fields = {"place": str(COUNTY), "as_of": "2026-11-20"}
    empty = api.client.post("/api/v1/imports", {**fields, "file": SimpleUploadedFile("空.csv", b"")}, headers=api.headers("send-00001"))
    none = api.client.post("/api/v1/imports", fields, headers=api.headers("send-00001"))
    as_json = api.post("/imports", fields, key="send-00001")
    assert [(one.status_code, one.json()["id"]) for one in (empty, none, as_json)] == [
        (422, "intake.empty_file"), (422, "api.invalid"), (422, "api.invalid"),
    ]  # fmt: skip


def test_uploads_of_other_places_are_not_there(asker, world: World):
    number = sent(asker(officer=5133), GOOD).json()["upload"]["upload"]
    Upload.objects.update(place=PLAIN_COUNTY)
    api = asker(officer=COUNTY)
    assert api.get("/imports").json()["uploads"] == []
    for path, body in ((f"/imports/{number}/confirm", {"basis": "无", "why": "无"}), (f"/imports/{number}/undo", {"why": "无"})):
        assert api.post(path, body).status_code == 404
    assert [api.get(f"/imports/{number}{rest}").status_code for rest in ("", "/returned")] == [404, 404]
    assert Upload.objects.get().state == "checked"


def test_a_viewer_imports_nothing(asker, world: World):
    api = asker(viewer=COUNTY)
    assert (sent(api, GOOD).status_code, api.get("/imports/template", place=COUNTY).status_code) == (403, 403)


def test_the_template_is_a_workbook(asker, world: World):
    answer = asker(clerk=COUNTY).get("/imports/template", place=COUNTY)
    assert openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].title == "花名册"
    assert answer["Content-Disposition"] == 'attachment; filename="template-513324.xlsx"'

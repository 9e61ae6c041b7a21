"""Pages of rounds and of filling: who sees what, few statements, files in and out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Denial, Reveal
from jiceng.intake.models import Upload
from jiceng.packets.models import Filling, Returned, Round
from jiceng.places.reading import names_of
from tests.packets.conftest import COUNTY, ON, OTHER_TOWN, TOWN, changed, number, put, row_of

pytestmark = [pytest.mark.database]


@pytest.fixture
def site(settings, asked) -> Iterator[None]:
    """Jobs done at once, no second factor, a fixed day."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.SECOND_FACTOR = False
    with time_machine.travel(datetime(2026, 11, 24, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def enter(site):
    def go(role: str, place: int) -> Client:
        name = f"{role}{place}"
        account = create_account(name, display_name=name, office="示例", password="Gaoshan-2024-liu", by=None, must_change=False)
        grant(account, role=role, place=place, since=date(2016, 1, 1), by=None)
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return go


def file(content: bytes, name: str = "甲.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def town(code: int) -> str:
    return names_of([code], on=ON)[code]


def test_board_in_ten_statements(enter, asked, out, back):
    back(("甲.xlsx", changed(out(TOWN), lambda sheet: sheet.delete_rows(row_of(sheet, "罗绒")))), ("乙.xlsx", out(OTHER_TOWN)))
    client = enter("clerk", COUNTY)
    client.get("/rounds/")
    for address in ("/rounds/", f"/rounds/{asked.pk}/", f"/rounds/{asked.pk}/remind/", f"/rounds/{asked.pk}/merge/"):
        with CaptureQueriesContext(connection) as told:
            answer = client.get(address)
        assert (answer.status_code, len(told) <= 10, len(answer.content) < 60_000) == (200, True, True), (address, len(told))


def test_round_is_asked_for_on_the_page(enter, county):
    client = enter("clerk", COUNTY)
    form = {
        "title": "十二月核对",
        "office": "九龙县委社会工作部（示例）",
        "on": "2026-11-20",
        "due": "2026-12-01",
        "note": "",
        "place": COUNTY,
        "level": 4,
    }
    assert client.post("/rounds/new/", {**form, "to": []}).status_code == 422
    answer = client.post("/rounds/new/", {**form, "to": [TOWN], "columns": ["phone", "remark"]})
    made = Round.objects.get(title="十二月核对")
    assert (answer.status_code, answer["Location"], made.columns) == (302, f"/rounds/{made.pk}/", ["phone", "remark"])
    assert [(one.place, one.workers) for one in made.sent.all()] == [(TOWN, 4)]


def test_town_clerk_sees_downloads_and_returns_its_own_alone(enter, asked, out):
    client = enter("clerk", TOWN)
    page = client.get(f"/rounds/{asked.pk}/").content.decode()
    assert (town(TOWN) in page, town(OTHER_TOWN) in page) == (True, False)
    whole = b"".join(client.get(f"/rounds/{asked.pk}/workbooks/").streaming_content)
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        assert [name.rsplit("-", 1)[1] for name in archive.namelist()] == [f"{TOWN}.xlsx"]
    own = b"".join(client.get(f"/rounds/{asked.pk}/places/{TOWN}/workbook/").streaming_content)
    assert openpyxl.load_workbook(BytesIO(own))["花名册"].cell(4, 2).value == "扎西卓玛"
    answer = client.post(f"/rounds/{asked.pk}/return/", {"files": [file(own), file(out(OTHER_TOWN), "乙.xlsx")], "place": TOWN})
    page = client.get(answer["Location"]).content.decode()
    assert (page.count('class="refused"'), town(OTHER_TOWN) in page) == (1, False)
    assert [one.sent.place for one in Returned.objects.all()] == [TOWN]
    for address in (f"places/{OTHER_TOWN}/", f"places/{OTHER_TOWN}/workbook/", f"places/{OTHER_TOWN}/returned/", "remind/", "merge/"):
        assert client.get(f"/rounds/{asked.pk}/{address}").status_code == 403
    assert client.post(f"/rounds/{asked.pk}/close/").status_code == 403
    assert client.post(f"/rounds/{asked.pk}/places/{TOWN}/back/").status_code == 403
    assert Upload.objects.filter(place=OTHER_TOWN).count() == 0


def test_others_see_nothing_and_are_logged(enter, asked):
    client = enter("officer", 513322)
    assert asked.title not in client.get("/rounds/").content.decode()
    before = Denial.objects.count()
    addresses = ["", "workbooks/", "merge/", "remind/", "remind/text/", "returned/", f"places/{TOWN}/", f"places/{TOWN}/workbook/"]
    answers = [client.get(f"/rounds/{asked.pk}/{address}") for address in addresses]
    assert [answer.status_code for answer in answers] == [403] * len(addresses)
    assert Denial.objects.count() - before == len(addresses)
    assert [answer for answer in answers if town(TOWN) in answer.content.decode() or "扎西" in answer.content.decode()] == []
    assert enter("viewer", COUNTY).get(f"/rounds/{asked.pk}/").status_code == 403


def test_plain_numbers_by_post_with_a_reason(enter, asked):
    address = f"/rounds/{asked.pk}/workbooks/"
    assert enter("clerk", COUNTY).post(address, {"reason": "核对花名册"}).status_code == 403
    client = enter("officer", COUNTY)
    assert client.post(address, {"reason": ""}).status_code == 422
    with zipfile.ZipFile(BytesIO(b"".join(client.post(address, {"reason": "核对花名册"}).streaming_content))) as archive:
        sheet = openpyxl.load_workbook(BytesIO(archive.read(archive.namelist()[0])))["花名册"]
    assert (sheet.cell(4, 4).value, Reveal.objects.count()) == (number(81), 6)


def test_merge_back_and_undo_by_page(enter, asked, out):
    client = enter("officer", COUNTY)
    content = changed(out(TOWN), lambda sheet: (put(sheet, "丁增", "任现岗时间", "2023.2.30"), put(sheet, "曲珍", "手机号", "13911112222")))
    client.post(f"/rounds/{asked.pk}/return/", {"files": [file(content)]})
    assert client.get(f"/rounds/{asked.pk}/merge/").context["lines"] == []
    page = client.get(f"/rounds/{asked.pk}/merge/", {"place": TOWN})
    assert page.context["sums"] == {"new": 0, "changed": 1, "unchanged": 2, "refused": 1, "missing": 0}
    client.post(f"/rounds/{asked.pk}/merge/", {"place": TOWN})
    (line,) = [one for one in client.get(f"/rounds/{asked.pk}/").context["lines"] if one.sent.place == TOWN]
    assert (line.state.value, line.latest.upload.state) == ("退回待改", "landed")
    text = client.get(f"/rounds/{asked.pk}/remind/text/")
    assert "有 1 行需要更正" in b"".join(text.streaming_content).decode("utf-8-sig")
    client.post(f"/import/{line.latest.upload_id}/undo/", {"why": "演练"})
    (line,) = [one for one in client.get(f"/rounds/{asked.pk}/").context["lines"] if one.sent.place == TOWN]
    assert (line.state.value, line.latest) == ("未交", None)


def test_missing_persons_are_named_where_names_may_be_seen(enter, asked, out):
    client = enter("clerk", COUNTY)
    client.post(f"/rounds/{asked.pk}/return/", {"files": [file(changed(out(TOWN), lambda s: s.delete_rows(row_of(s, "罗绒"))))]})
    page = client.get(f"/rounds/{asked.pk}/places/{TOWN}/")
    assert [name for _, name in page.context["missing"]] == ["罗绒"]
    assert "表中缺少以下人员，请确认" in page.content.decode()


def test_workbook_of_a_round_is_sent_to_its_round(enter, out):
    client = enter("clerk", COUNTY)
    answer = client.post("/import/", {"file": file(out()), "place": COUNTY, "as_of": "2026-11-20"})
    assert (answer.status_code, "这是收表发出的表" in answer.content.decode(), Upload.objects.filter(name="甲.xlsx").count()) == (
        422,
        True,
        0,
    )


def form() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["序号", "姓名", "学历", "鞋码"])
    book.active.append([1, "丁增"])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_form_is_matched_corrected_and_filled(enter, county):
    client = enter("clerk", COUNTY)
    sent = {"file": file(form(), "表.xlsx"), "department": "某局（示例）", "place": COUNTY, "on": "2026-11-20"}
    answer = client.post("/filling/", sent)
    kept = Filling.objects.get()
    assert (answer["Location"], kept.asked, kept.held) == (f"/filling/{kept.pk}/", 3, 2)
    with CaptureQueriesContext(connection) as told:
        page = client.get(answer["Location"])
    assert (len(told) <= 10, len(page.content) < 60_000) == (True, True)
    client.post(f"/filling/{kept.pk}/columns/", {"column-0-3": "民族"})
    kept.refresh_from_db()
    assert kept.held == 3
    filled = b"".join(client.post(f"/filling/{kept.pk}/fill/").streaming_content)
    assert [cell.value for cell in openpyxl.load_workbook(BytesIO(filled)).worksheets[0][2]] == [1, "丁增", "大专", "藏族"]
    assert client.post(f"/filling/{kept.pk}/fill/", {"plain": "1"}).status_code == 422
    assert client.post("/filling/", {**sent, "file": file(b"a,b", "a.csv")}).status_code == 422
    assert client.post("/filling/", {**sent, "file": file(form()), "place": 513322}).status_code == 422
    other = enter("officer", 513322)
    assert [other.get(f"/filling/{kept.pk}/").status_code, other.post(f"/filling/{kept.pk}/fill/").status_code] == [403, 403]
    assert enter("viewer", COUNTY).get("/filling/").status_code == 403

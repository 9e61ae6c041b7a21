"""The import wizard from the file to the landed rows and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.jobs import progress_file, put_back, write_progress
from jiceng.intake.models import HeadingMemory, Upload
from jiceng.ledger.models import Entry
from tests.runs.world import id_number
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
HEAD = ["姓名", "性别", "身份证号", "街道（乡镇）", "社区", "人员类别", "岗位", "到岗日子"]
GOOD = ["扎西卓玛", "女", id_number(78, date(1990, 1, 1)), "呷尔镇", "呷尔社区", "社区专职工作人员", "工作人员", "2025.3.1"]
BAD = ["丁真", "男", "51332419900230123X", "呷尔镇", "呷尔社区", "社区专职工作人员", "工作人员", "2025.3.1"]


def workbook(*rows: list[str]) -> SimpleUploadedFile:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        # The same rows are the same bytes in whatever second they are written.
        book.set_properties({"created": datetime(2026, 11, 20, tzinfo=UTC)})
        sheet = book.add_worksheet("名单")
        for number, row in enumerate([HEAD, *rows]):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("九龙县名单.xlsx", out.getvalue())


@pytest.fixture
def community(world: World) -> str:
    from jiceng.places import reading

    return reading.names_of([513324100001], on=date(2026, 11, 24))[513324100001]


def send(client, community: str, *rows: list[str]) -> int:
    filled = [[community if cell == "呷尔社区" else cell for cell in row] for row in rows]
    answer = client.post("/import/", {"file": workbook(*filled), "place": str(COUNTY), "as_of": "2026-11-20"})
    assert answer.status_code == 302
    return Upload.objects.latest("id").pk


def test_from_upload_to_landed_and_undone(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = send(client, community, GOOD, BAD)
    looked = client.get(f"/import/{upload}/").context["looked"]
    assert (looked.accepted, looked.refused, looked.new) == (1, 1, 1)
    done = client.post(f"/import/{upload}/confirm/", {"basis": "九龙县花名册", "why": "花名册导入"})
    assert (done.status_code, Upload.objects.get(pk=upload).state) == (302, "landed")
    assert [line.name for line in client.get("/roster/?q=扎西").context["lines"]] == ["扎西卓玛"]
    assert Entry.objects.filter(batch=upload).values_list("actor", "basis").get() == ("officer", "九龙县花名册")
    again = client.post(f"/import/{upload}/confirm/", {"basis": "九龙县花名册", "why": "再来一次"})
    assert (again.status_code, again.context["refusal"].id) == (422, "import.not_checked")
    client.post(f"/import/{upload}/undo/", {"why": "传错了表"})
    assert [line.name for line in client.get("/roster/?q=扎西").context["lines"]] == []
    assert "已撤销" in client.get(f"/import/{upload}/").content.decode()


def test_refused_rows_come_back_with_their_reasons(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = send(client, community, GOOD, BAD)
    answer = client.get(f"/import/{upload}/returned/")
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert [cell for cell in cells if cell == "丁真"] == ["丁真"]
    assert [cell for cell in cells if cell == "扎西卓玛"] == []
    assert sum("身份证号" in cell and "第" not in cell[:1] and len(cell) > 10 for cell in cells) == 1


def test_a_corrected_heading_is_used_and_remembered(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = send(client, community, GOOD)
    read = {one.heading: one for one in client.get(f"/import/{upload}/").context["layouts"][0].columns}
    index = read["到岗日子"].index
    client.post(f"/import/{upload}/columns/", {f"column-名单-{index}": "post_since"})
    again = {one.heading: one for one in client.get(f"/import/{upload}/").context["layouts"][0].columns}
    assert (again["到岗日子"].column.id, again["到岗日子"].rule) == ("post_since", "remembered")
    assert HeadingMemory.objects.values_list("place", "column").get() == (COUNTY, "post_since")


def test_a_file_that_is_no_roster_is_refused_with_what_to_do(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    client.post("/import/", {"file": SimpleUploadedFile("坏.xlsx", b"not a workbook"), "place": str(COUNTY), "as_of": "2026-11-20"})
    upload = Upload.objects.latest("id")
    answer = client.get(f"/import/{upload.pk}/")
    assert (answer.status_code, answer.context["refusal"].id.split(".")[0]) == (422, "intake")
    assert answer.context["refusal"].do != ""


def test_an_empty_file_and_a_place_outside_are_refused(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    empty = client.post("/import/", {"file": SimpleUploadedFile("空.xlsx", b""), "place": str(COUNTY), "as_of": "2026-11-20"})
    outside = client.post("/import/", {"file": workbook(GOOD), "place": str(PLAIN_COUNTY), "as_of": "2026-11-20"})
    assert [(answer.status_code, list(answer.context["form"].errors)) for answer in (empty, outside)] == [(422, ["file"]), (422, ["place"])]


def test_uploads_of_another_county_are_not_listed_and_do_not_open(account, signed_in, world: World, community):
    upload = send(signed_in(officer=COUNTY), community, GOOD)
    other = signed_in(clerk=PLAIN_COUNTY)
    assert other.get("/import/").context["sent"] == []
    pages = ("", "columns/", "confirm/", "progress/", "returned/")
    assert [other.get(f"/import/{upload}/{page}").status_code for page in pages] == [403] * 5


def test_ones_own_uploads_are_listed_however_many_others_came_after(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = send(client, community, GOOD)
    told = {"at": datetime(2026, 11, 24, tzinfo=UTC), "hash": "0" * 64, "size": 1, "as_of": date(2026, 11, 24)}
    Upload.objects.bulk_create(Upload(name=f"{n}.xlsx", place=PLAIN_COUNTY, **told) for n in range(400))
    assert [one.pk for one, _ in client.get("/import/").context["sent"]] == [upload]


def test_the_template_names_the_place(signed_in, world: World):
    answer = signed_in(clerk=COUNTY).get("/import/template/")
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert [cell.value for cell in book.worksheets[0][3]][1:4] == ["姓名", "性别", "身份证号"]


def test_an_import_that_did_not_land_says_why_and_can_be_confirmed_again(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = send(client, community, GOOD)
    client.get(f"/import/{upload}/")
    Upload.objects.filter(pk=upload).update(state="landing")
    put_back(Upload.objects.get(pk=upload), Refusal("intake.ledger_moved", "预览之后台账又有变化，本次没有写入", do="请重新预览后再确认"))
    page = client.get(f"/import/{upload}/")
    assert "上次没有写入：预览之后台账又有变化，本次没有写入" in page.content.decode()
    assert client.post(f"/import/{upload}/confirm/", {"basis": "花名册", "why": "再试"}).status_code == 302
    assert Upload.objects.get(pk=upload).state == "landed"


def test_progress_is_told_while_landing_and_the_page_reloads_at_the_end(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = send(client, community, GOOD)
    Upload.objects.filter(pk=upload).update(state="landing")
    write_progress(upload, 3, 7)
    during = client.get(f"/import/{upload}/progress/")
    assert ("3 / 7 行" in during.content.decode(), during.has_header("HX-Refresh")) == (True, False)
    Upload.objects.filter(pk=upload).update(state="landed")
    assert client.get(f"/import/{upload}/progress/")["HX-Refresh"] == "true"
    progress_file(upload).unlink()

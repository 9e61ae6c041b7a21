"""Pasting from Excel: messy text becomes an upload, the checks are the import's own, and nothing typed is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.pasting_text import MOST_ROWS, grid_of, rows_of, text_of
from jiceng.intake.models import Upload
from jiceng.places import reading
from tests.runs.world import id_number
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

HEAD = ["姓名", "身份证号", "街道（乡镇）", "社区", "人员类别", "岗位", "任现岗时间", "社工证等级"]
NAMES = ("姓名", "身份证号", "社区")


def cells(text: str, *, columns: tuple[str, ...] = NAMES, fill: bool = False):
    return grid_of(text, columns=columns, remembered={}, fill_places=fill)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("甲\t乙\r\n丙\t丁\r\n", [["甲", "乙"], ["丙", "丁"]]),
        ("甲\t乙\r丙\t丁", [["甲", "乙"], ["丙", "丁"]]),
        ("甲\t\t\t\n乙\t\t\n\t\t\n", [["甲"], ["乙"]]),
        ("甲\n\n乙", [["甲"], [], ["乙"]]),
        ('"一行\n二行"\t乙\n丙', [["一行\n二行", "乙"], ["丙"]]),
        ('"说""好""了"\t乙', [['说"好"了', "乙"]]),
        ('"两委"委员\t乙\n丙\t"丁', [['"两委"委员', "乙"], ["丙", '"丁']]),
        ('"两委"\t乙', [['"两委"', "乙"]]),
        ("\ufeff甲\u00a0\t 乙 ", [["甲", "乙"]]),
        ("", []),
    ],
)
def test_pasted_text_is_read_as_a_spreadsheet_copies_it(text, rows):
    assert rows_of(text) == rows


@pytest.mark.parametrize("row", [["一\n二", "", '"引"', "末"], ["甲", "乙"], ['"', "甲"]])
def test_what_the_grid_writes_is_read_back(row):
    assert rows_of(text_of([row, row])) == [row, row]


def test_a_heading_is_found_under_a_title_and_done_without():
    headed = cells("九龙县花名册\n填表日期\t2026-11\n序号\t姓名\t身份证号\n1\t甲\t513\n")
    assert (headed.headings, headed.rows) == (["序号", "姓名", "身份证号"], [["1", "甲", "513"]])
    bare = cells("甲\t513\t呷尔社区\t多一列\n乙\n")
    assert (bare.headings, bare.rows) == (["姓名", "身份证号", "社区", ""], [["甲", "513", "呷尔社区", "多一列"], ["乙", "", "", ""]])


def test_blank_places_under_a_merged_cell_are_filled_only_when_asked():
    text = "姓名\t社区\n甲\t呷尔社区\n乙\t\n\t\n丙\t\n"
    assert [row[1] for row in cells(text).rows] == ["呷尔社区", "", "", ""]
    assert [row[1] for row in cells(text, fill=True).rows] == ["呷尔社区", "呷尔社区", "", "呷尔社区"]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("\n\t\n", "paste.empty"),
        ("姓名\t身份证号\n", "paste.empty"),
        ("甲\n" * (MOST_ROWS + 1), "paste.too_many"),
        ("甲\t" * 70 + "乙", "paste.too_wide"),
    ],
)
def test_what_is_no_table_is_refused(text, id):
    with pytest.raises(Refusal) as refused:
        cells(text)
    assert refused.value.id == id


@pytest.fixture
def community(world: World) -> str:
    return reading.names_of([513324100001], on=date(2026, 11, 24))[513324100001]


def named(n: int) -> str:
    return "白玛" + chr(0x4E00 + n)


def person(n: int, community: str, **other: str) -> list[str]:
    return [
        named(n), other.get("number", id_number(n, date(1990, 1, 1))), "呷尔镇", other.get("community", community),
        "社区专职工作人员", "工作人员", other.get("since", "2025.3.1"), other.get("certificate", ""),
    ]  # fmt: skip


def paste(client, rows, *, head: bool = True, **fields: str) -> int:
    text = "\r\n".join("\t".join(row) for row in ([HEAD, *rows] if head else rows)) + "\r\n"
    answer = client.post("/import/paste/", {"text": text, "place": str(COUNTY), "as_of": "2026-11-20", **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    return Upload.objects.latest("id").pk


def words(answer) -> dict[tuple[int, int], str]:
    return {(at["row"], at["column"]): at["one"].id for at in answer.context["said"]}


@pytest.mark.database
@pytest.mark.django_db
def test_messy_cells_are_told_beside_themselves_then_mended_and_landed(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in id_number(82, date(1990, 1, 1)))
    rows = [
        person(81, community), person(82, community, number=wide), person(83, community, number="5.13324E+17"),
        person(84, community, since="2023.2.30"), person(85, community, certificate="无"),
    ]  # fmt: skip
    upload = paste(client, rows)
    page = client.get(f"/import/paste/{upload}/")
    assert (page.context["looked"].accepted, sorted(words(page))) == (3, [(3, 2), (4, 7)])
    shown = page.content.decode()
    assert 'data-row="3" data-column="2"' in shown
    same = client.get(f"/import/{upload}/").context["refusals"]
    assert [one.message for one in same] == [at["one"].message for at in page.context["said"]]
    assert f'href="/import/paste/{upload}/"' in client.get(f"/import/{upload}/").content.decode()
    former = Upload.objects.get(pk=upload).hash
    rows[2][1], rows[3][6] = id_number(83, date(1990, 1, 1)), "2023-02-28"
    text = "\n".join("\t".join(row) for row in [HEAD, *rows])
    assert client.post(f"/import/paste/{upload}/", {"text": text}).status_code == 302
    page = client.get(f"/import/paste/{upload}/")
    assert (page.context["looked"].accepted, words(page), Upload.objects.count()) == (5, {}, 1)
    # The former content held names: it is gone from the disk.
    assert [(Path(settings.DATA) / "uploads" / one[:2] / one).exists() for one in (former, Upload.objects.get().hash)] == [False, True]
    client.post(f"/import/{upload}/confirm/", {"basis": "粘贴", "why": "花名册导入"})
    assert [line.name for line in client.get("/roster/?q=白玛").context["lines"]] == [named(n) for n in range(81, 86)]
    assert client.get(f"/import/paste/{upload}/")["Location"] == f"/import/{upload}/"
    late = client.post(f"/import/paste/{upload}/", {"text": text})
    assert (late.status_code, Upload.objects.get().state) == (302, "landed")


@pytest.mark.database
@pytest.mark.django_db
def test_without_a_heading_the_chosen_columns_count(signed_in, world: World, community):
    client = signed_in(clerk=COUNTY)
    chosen = ["name", "id_number", "street", "community", "class", "post", "post_since", "certificate"]
    shown = client.get("/import/paste/", {"column": chosen})
    assert [column.name for column in shown.context["columns"]] == [*HEAD[:2], "社工证等级", *HEAD[2:7]]
    order = [HEAD.index(column.name) for column in shown.context["columns"]]
    rows = [[row[at] for at in order] for row in (person(81, community), person(82, community))]
    upload = paste(client, rows, head=False, column=chosen)
    page = client.get(f"/import/paste/{upload}/")
    assert (page.context["looked"].accepted, page.context["looked"].new, words(page)) == (2, 2, {})


@pytest.mark.database
@pytest.mark.django_db
def test_five_hundred_rows(signed_in, world: World, community):
    client = signed_in(clerk=COUNTY)
    upload = paste(client, [person(n, community) for n in range(100, 600)])
    page = client.get(f"/import/paste/{upload}/")
    assert (page.context["looked"].accepted, page.context["looked"].refused) == (500, 0)


@pytest.mark.database
@pytest.mark.django_db
def test_a_missing_column_is_told_and_what_was_pasted_is_still_there(signed_in, world: World, community):
    client = signed_in(clerk=COUNTY)
    answer = client.post("/import/paste/", {"text": "姓名\t社区\n甲\t乙\n", "place": str(COUNTY), "as_of": "2026-11-20"})
    page = client.get(answer["Location"])
    assert (page.context["refusal"].id, page.context["text"]) == ("intake.column_missing", "姓名\t社区\n甲\t乙")


@pytest.mark.database
@pytest.mark.django_db
def test_the_script_is_answered_in_words_and_stays_where_it_is(signed_in, world: World, community):
    client = signed_in(clerk=COUNTY)
    asked = {"headers": {"X-Grid": "1"}}
    made = client.post("/import/paste/", {"text": "姓名\t社区\n甲\t乙\n", "place": str(COUNTY), "as_of": "2026-11-20"}, **asked)
    wrong = client.post("/import/paste/", {"text": "", "place": str(COUNTY), "as_of": "2026.13.1"}, **asked)
    upload = Upload.objects.get()
    # Kept and not looked at yet, it stands in the list of what was sent.
    assert [one.pk for one, _ in client.get("/import/").context["sent"]] == [upload.pk]
    assert (made.json(), wrong.status_code, len(wrong.json()["wrong"])) == ({"next": f"/import/paste/{upload.pk}/"}, 422, 2)


@pytest.mark.database
@pytest.mark.django_db
def test_other_places_and_other_uploads_do_not_open(signed_in, world: World, community):
    client = signed_in(officer=COUNTY)
    upload = paste(client, [person(81, community)])
    other = signed_in(clerk=PLAIN_COUNTY)
    assert [other.get(f"/import/paste/{upload}/").status_code, other.post(f"/import/paste/{upload}/", {"text": "甲"}).status_code] == [
        403,
        403,
    ]
    outside = client.post("/import/paste/", {"text": "甲", "place": str(PLAIN_COUNTY), "as_of": "2026-11-20"})
    assert (outside.status_code, list(outside.context["form"].errors)) == (422, ["place"])
    Upload.objects.filter(pk=upload).update(name="花名册.xlsx")
    assert client.get(f"/import/paste/{upload}/").context["refusal"].id == "paste.not_pasted"
    assert signed_in(viewer=COUNTY).get("/import/paste/").status_code == 403

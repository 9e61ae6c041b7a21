"""J4 from the workbook inwards: refused rows come back with reasons, are mended, sent again; the third time nothing changes."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.intake.models import Upload
from jiceng.ledger.models import Fact
from jiceng.terms.registry import base_terms
from tests.intake.conftest import AS_OF, SCOPE
from tests.intake.third_more import two_tables_beside
from tests.intake.third_set import form_per_person
from tests.intake.ugly import HEADINGS, Ugliness, id_number, people, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def sent(ganzi, clock):
    def of(raw: bytes) -> tuple[Upload, bytes, tuple[int, int, int, int]]:
        upload = uploads.keep(raw, name="花名册.xlsx", account=None, place=SCOPE, as_of=AS_OF, clock=clock)
        looked = uploads.look(upload, terms=base_terms())
        back = uploads.refused_workbook(looked)
        if looked.accepted:
            uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
        return upload, back, (looked.new, looked.changed, looked.unchanged, looked.refused)

    return of


def dirty() -> list:
    rows = people(8)
    rows[1] = rows[1].but(身份证号=float(rows[1].cells["身份证号"].replace("X", "1")))
    rows[2] = rows[2].but(任现岗时间="2023.2.30")
    rows[3] = rows[3].but(社区="民广社区")
    rows[5] = rows[5].but(岗位="=HYPERLINK(1)")
    return [*rows, rows[4]]


def test_refused_rows_come_back_mended_and_only_they_change(sent):
    good = people(8)
    _, back, first = sent(workbook(dirty(), ugly=Ugliness(title="2024年花名册")))
    assert first == (4, 0, 0, 5)
    book = openpyxl.load_workbook(BytesIO(back))
    sheet = book["花名册"]
    assert [sheet.cell(row, 2).value for row in range(3, 8)] == [good[i].cells["姓名"] for i in (1, 2, 3, 5, 4)]
    end = len(HEADINGS) + 1
    assert [sheet.cell(2, column).value for column in (end, end + 1)] == ["退回原因", "怎么改"]
    assert sheet.cell(4, end).value == "“任现岗时间”没有“2023.2.30”这一天。"
    number, date_cell = HEADINGS.index("身份证号") + 1, HEADINGS.index("任现岗时间") + 1
    assert (sheet.cell(3, number).value, sheet.cell(4, date_cell).value, sheet.cell(4, date_cell).fill.fgColor.rgb) == (
        None,
        "2023.2.30",
        "FFFFC7CE",
    )
    assert sheet.cell(4, date_cell).comment.text == "没有“2023.2.30”这一天"
    place, post = HEADINGS.index("社区") + 1, HEADINGS.index("岗位") + 1
    assert (sheet.cell(6, post).value, sheet.cell(6, post).data_type, sheet.cell(6, post).quotePrefix) == ("=HYPERLINK(1)", "s", True)
    for row, person in zip((3, 4, 5, 6), (good[1], good[2], good[3], good[5]), strict=True):
        for column, heading in ((number, "身份证号"), (date_cell, "任现岗时间"), (place, "社区"), (post, "岗位")):
            sheet.cell(row, column).value = person.cells[heading]
    sheet.delete_rows(7)
    mended = BytesIO()
    book.save(mended)
    _, back, second = sent(mended.getvalue())
    assert (second, back) == ((4, 0, 0, 0), b"")
    _, back, third = sent(workbook(good))
    assert (third, back) == ((0, 0, 8, 0), b"")


def test_upload_keeps_what_was_found_without_names(sent):
    upload, _, _ = sent(workbook(dirty()))
    upload.refresh_from_db()
    assert (upload.state, upload.summary["accepted"], upload.summary["reasons"]) == (
        "landed", 4,
        {"intake.id_number_cell": 1, "intake.date_impossible": 1, "place.not_found": 1, "intake.code_unknown": 1, "intake.repeated": 1},
    )  # fmt: skip
    assert not any(person.cells["姓名"] in str(upload.summary) for person in people(8))


def test_kept_file_is_for_its_owner_only(sent):
    raw = workbook(people(2))
    upload, _, _ = sent(raw)
    path = uploads.file_of(upload)
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, raw)


def test_files_older_than_so_many_days_are_discarded_and_what_they_wrote_stays(sent, clock):
    old, _, _ = sent(workbook(people(2)))
    raw = workbook(people(3))
    again, _, _ = sent(raw)
    facts = Fact.objects.count()
    clock.now += timedelta(days=31)
    fresh, _, _ = sent(raw)  # the same file as `again`
    before = [uploads.file_of(one).exists() for one in (old, again, fresh)]
    assert (before, uploads.discard(older_than=30, clock=clock)) == ([True, True, True], 1)
    with pytest.raises(Refusal) as gone:
        uploads.file_of(old)
    assert (gone.value.id, uploads.file_of(again), Fact.objects.count()) == ("intake.file_gone", uploads.file_of(fresh), facts)
    old.refresh_from_db()
    assert (old.state, uploads.discard(older_than=30, clock=clock)) == ("landed", 0)


def test_a_file_that_is_being_written_is_not_discarded(ganzi, clock):
    upload = uploads.keep(workbook(people(1)), name="a.xlsx", account=None, place=SCOPE, as_of=AS_OF, clock=clock)
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.landing)
    clock.now += timedelta(days=400)
    assert (uploads.discard(older_than=30, clock=clock), uploads.file_of(upload).exists()) == (0, True)


def test_corrected_heading_and_chosen_place_are_remembered_for_the_office(ganzi, clock):
    raw = workbook([people(1)[0].but(社区="老向阳")], ugly=Ugliness(rename={"岗位": "工种"}))
    upload = uploads.keep(raw, name="a.xlsx", account=None, place=SCOPE, as_of=AS_OF, clock=clock)
    uploads.correct_heading("工种", "post", place=SCOPE, account=None, clock=clock)
    looked = uploads.look(upload, terms=base_terms())
    assert [(r.id, r.written) for r in looked.checked.refusals] == [("place.not_found", "康定市/炉城街道/老向阳")]
    uploads.choose_place("康定市/炉城街道/老向阳", 513301001001, place=SCOPE, account=None, clock=clock)
    assert uploads.look(upload, terms=base_terms()).new == 1


def test_template_comes_back_without_questions(sent, ganzi):
    from jiceng.intake.templates_out import write_template

    out = BytesIO()
    write_template(513324, out, on=AS_OF, terms=base_terms())
    book = openpyxl.load_workbook(out)
    sheet = book["花名册"]
    headings = [cell.value for cell in sheet[3]]
    assert [row[0].value for row in sheet.iter_rows(1, 1)] == ["四川省甘孜藏族自治州九龙县社区工作者花名册"]
    rows = [person.but(区县="九龙县", **{"街道（乡镇）": "呷尔镇", "社区": "文化路社区居民委员会"}) for person in people(3)]
    for at, person in enumerate(rows, 4):
        for column, heading in enumerate(headings, 1):
            sheet.cell(at, column).value = person.cells.get(heading)
    choices = {str(validation.sqref): validation.formula1 for validation in sheet.data_validations.dataValidation}
    filled = BytesIO()
    book.save(filled)
    assert (len(choices), book["可选项"].sheet_state) == (12, "hidden")
    _, _, numbers = sent(filled.getvalue())
    assert numbers == (3, 0, 0, 0)


def test_number_of_a_row_in_the_file_stays_its_number(sent):
    _, _, _ = sent(workbook(people(2)))
    row = people(3)[2].but(身份证号=id_number(9, birth=date(1990, 5, 1)), 出生年月="1980.1")
    upload, _, _ = sent(workbook([*people(2), row], ugly=Ugliness(title="一", under_title="二")))
    assert upload.summary["reasons"]["intake.birth_mismatch"] == 1


def test_forms_and_tables_side_by_side_come_back_as_tables_and_can_be_sent_again(sent):
    """唐丽华's date does not exist: she comes back in one row, is mended there and read."""
    _, back, counts = sent(form_per_person().raw)
    sheet = openpyxl.load_workbook(BytesIO(back)).active
    assert (counts, [cell.value for cell in sheet[2]][:2]) == ((1, 0, 0, 1), ["唐丽华", "女"])
    out = BytesIO()
    for cell in sheet[2]:
        if cell.value == "2017年2月29日":
            cell.value = "2017年2月28日"
    sheet.parent.save(out)
    assert sent(out.getvalue())[2] == (1, 0, 0, 0)
    raw = two_tables_beside().raw
    book = openpyxl.load_workbook(BytesIO(raw))
    book.active["K4"] = "所长"
    out = BytesIO()
    book.save(out)
    _, back, counts = sent(out.getvalue())
    again = openpyxl.load_workbook(BytesIO(back))
    assert (counts, again.sheetnames, again.active["H4"].value) == ((3, 0, 0, 1), ["名单（右）"], "扎西央宗")

"""A prefilled workbook and what it says when it comes back."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.intake import uploads
from jiceng.intake.models import Upload
from jiceng.ledger.identity import find_by_id_number
from jiceng.ledger.reading import history
from jiceng.packets.models import Returned
from jiceng.places.reading import names_of
from jiceng.terms.registry import base_terms
from tests.packets.conftest import ON, OTHER_TOWN, TOWN, changed, column, number, person, put, roster, row_of

pytestmark = [pytest.mark.database]


def counts(receipt) -> tuple[int, int, int, int, int]:
    summary = Upload.objects.get(pk=receipt.upload).summary
    return tuple(summary[key] for key in ("new", "changed", "unchanged", "refused", "missing"))


def reasons(receipt) -> dict[str, int]:
    return Upload.objects.get(pk=receipt.upload).summary["reasons"]


def land(receipt, clock) -> set[str]:
    """Kinds of fact that landing wrote."""
    upload = Upload.objects.get(pk=receipt.upload)
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    subjects = [find_by_id_number(number(n)) for n in range(81, 90)]
    rows = history([one for one in subjects if one], on=ON.replace(year=2100))
    latest = max(row.known for row in rows)
    return {row.kind for row in rows if row.known == latest}


@pytest.mark.parametrize("plain", [True, False])
def test_untouched_says_nothing(out, back, plain):
    (receipt,) = back(("改过名字.xlsx", out(plain=plain)))
    assert (receipt.state, receipt.place) == ("received", TOWN)
    assert counts(receipt) == (0, 0, 4, 0, 0)


def test_saved_again_by_another_program_says_nothing(out, back):
    (receipt,) = back(("a.xlsx", changed(out(), lambda sheet: None)))
    assert counts(receipt) == (0, 0, 4, 0, 0)


def test_masked_numbers_stay_masked_and_unknown(out):
    text = [str(cell.value) for row in openpyxl.load_workbook(BytesIO(out()))["花名册"].iter_rows() for cell in row if cell.value]
    assert [one for one in text if one in (number(81), "13800000081")] == []
    assert number(81)[:6] + "********" + number(81)[-4:] in text


def test_one_cell_is_one_change(out, back, clock):
    (receipt,) = back(("a.xlsx", changed(out(), lambda sheet: put(sheet, "丁增", "民族", "汉族"))))
    assert counts(receipt) == (0, 1, 3, 0, 0)
    assert land(receipt, clock) == {"nation"}
    subject = find_by_id_number(number(82))
    assert [row.data for row in history([subject], on=ON, kinds=["nation"])] == [{"nation": "n01"}]


EDITS = {
    "政治面貌": ("中共预备党员", "political_status"),
    "学历（全日制）": ("本科", "education"),
    "专业": ("社会工作", "education"),
    "社工证等级": ("社会工作师", "certificate"),
    "岗位": ("网格员", "appointment"),
    "从事社区工作时间": ("2019-01-01", "community_start"),
    "合同到期日": ("2028-12-31", "contract"),
    "最近一次培训": ("2026-05-06", "training"),
    "最近年度考核": ("2024年度优秀", "assessment"),
    "手机号": ("13911112222", "contact"),
    "备注": ("在岗", "remark"),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(EDITS)), st.sampled_from(["扎西卓玛", "丁增", "罗绒", "曲珍"]), st.booleans())
def test_typing_over_one_cell_tells_that_kind_alone(out, asked, county, clock, heading, name, plain):
    from jiceng.intake.checking import check
    from jiceng.intake.facts import statements
    from jiceng.intake.reading import read_roster
    from jiceng.intake.sent_back import came_home
    from jiceng.packets.rounds import base_of

    value, kind = EDITS[heading]
    content = changed(out(plain=plain), lambda sheet: put(sheet, name, heading, value))
    home = came_home(read_roster(content).layouts, base_of(asked.sent.get(place=TOWN)), terms=base_terms())
    checked = check(home.layouts, scope=TOWN, as_of=ON, terms=base_terms(), choices=home.choices)
    states = statements(checked.sheets[0], as_of=ON)
    told = {fact.data["kind"] if fact.kind == "complete" else fact.kind for at in checked.sheets[0].accepted for fact in states(at)}
    assert (home.untouched, [refusal.text for refusal in checked.refusals], told) == (3, [], {kind})


def test_emptied_cell_changes_nothing_and_is_said(out, back):
    (receipt,) = back(("a.xlsx", changed(out(), lambda sheet: put(sheet, "丁增", "民族", None))))
    assert counts(receipt) == (0, 0, 4, 0, 0)
    assert [times for text, times in Upload.objects.get(pk=receipt.upload).summary["remarks"].items() if "清空" in text] == [1]


def test_deleted_row_is_no_departure_but_listed(out, back, clock):
    (receipt,) = back(("a.xlsx", changed(out(), lambda sheet: sheet.delete_rows(row_of(sheet, "罗绒")))))
    assert counts(receipt) == (0, 0, 3, 0, 1)
    upload = Upload.objects.get(pk=receipt.upload)
    assert uploads.look(upload, terms=base_terms()).checked.missing == (find_by_id_number(number(83)),)
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    assert history([find_by_id_number(number(83))], on=ON.replace(year=2100), kinds=["departure"]) == []


def test_new_row_is_a_new_person(out, back, county):
    def add(sheet):
        row = row_of(sheet, "曲珍") + 1
        for heading, value in (("姓名", "泽仁"), ("身份证号", number(87)), ("街道（乡镇）", names_of([TOWN], on=ON)[TOWN]),
                               ("社区", county[TOWN]), ("岗位", "专职工作人员")):  # fmt: skip
            sheet.cell(row, column(sheet, heading)).value = value

    (receipt,) = back(("a.xlsx", changed(out(), add)))
    assert counts(receipt) == (1, 0, 4, 0, 0)


def test_row_from_another_sheet_is_flagged(out, back):
    other = openpyxl.load_workbook(BytesIO(out(OTHER_TOWN)))["花名册"]

    def paste(sheet):
        row = row_of(sheet, "曲珍") + 1
        for cell in other[row_of(other, "白玛")]:
            sheet.cell(row, cell.column).value = cell.value

    (receipt,) = back(("a.xlsx", changed(out(), paste)))
    assert counts(receipt) == (0, 0, 4, 1, 0)
    assert reasons(receipt) == {"intake.other_sheet": 1}


def test_changed_number_of_a_known_person_is_refused(out, back):
    (receipt,) = back(("a.xlsx", changed(out(), lambda sheet: put(sheet, "丁增", "身份证号", number(99)))))
    assert (counts(receipt), reasons(receipt)) == ((0, 0, 3, 1, 0), {"intake.id_changed": 1})


def test_person_written_over_another_is_new_and_the_other_missing(out, back):
    def over(sheet):
        put(sheet, "丁增", "身份证号", number(98))
        put(sheet, "丁增", "手机号", "13911112222")
        put(sheet, "丁增", "姓名", "泽仁")

    (receipt,) = back(("a.xlsx", changed(out(), over)))
    assert counts(receipt) == (1, 0, 3, 0, 1)


def test_sorted_without_the_hidden_column_is_read_right(out, back):
    """Names and all else turned round, the hidden numbers left where they were."""

    def sort(sheet):
        rows = [row_of(sheet, name) for name in ("扎西卓玛", "丁增", "罗绒", "曲珍")]
        cells = [[sheet.cell(row, at).value for at in range(1, sheet.max_column)] for row in rows]
        for row, values in zip(rows, reversed(cells), strict=True):
            for at, value in enumerate(values, 1):
                sheet.cell(row, at).value = value

    (receipt,) = back(("a.xlsx", changed(out(), sort)))
    assert counts(receipt) == (0, 0, 4, 0, 0)


def bare(content: bytes) -> bytes:
    """Only what can be seen, copied into a workbook of its own: no properties, no first sheet, no hidden column, no title."""
    sheet = openpyxl.load_workbook(BytesIO(content))["花名册"]
    book = openpyxl.Workbook()
    for row in sheet.iter_rows(min_row=3, max_col=sheet.max_column - 1, values_only=True):
        if any(row):
            book.active.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_lost_keys_are_made_up_for_by_id_numbers(out, back):
    (receipt,) = back(("抄的.xlsx", bare(out(plain=True))))
    assert (receipt.place, counts(receipt)) == (TOWN, (0, 0, 4, 0, 0))


def test_lost_keys_and_masked_numbers_need_the_place(out, back):
    masked = bare(out())
    (receipt,) = back(("抄的.xlsx", masked))
    assert receipt.refusal == "packets.unknown_file"
    (receipt,) = back(("抄的.xlsx", masked), only=TOWN)
    assert (receipt.place, counts(receipt)) == (TOWN, (0, 0, 4, 0, 0))


def test_later_knowledge_is_not_overwritten(out, back, clock, county):
    """The county corrects a nation while the workbook is out; it comes back as it went, but for a phone."""
    content = changed(out(), lambda sheet: put(sheet, "丁增", "手机号", "13911112222"))
    town = names_of([TOWN], on=ON)[TOWN]
    upload = uploads.keep(
        roster([person("丁增", 82, town, county[TOWN], 民族="彝族")]), name="更正.xlsx", account=None, place=TOWN, as_of=ON, clock=clock
    )
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    (receipt,) = back(("a.xlsx", content))
    assert counts(receipt) == (0, 1, 3, 0, 0)
    assert land(receipt, clock) == {"contact"}
    assert history([find_by_id_number(number(82))], on=ON, kinds=["nation"])[-1].data == {"nation": "n07"}


def test_mended_rows_alone_miss_nobody(out, back, clock):
    (receipt,) = back(("a.xlsx", changed(out(), lambda sheet: put(sheet, "丁增", "任现岗时间", "2023.2.30"))))
    assert counts(receipt) == (0, 0, 3, 1, 0)
    returned = uploads.refused_workbook(uploads.look(Upload.objects.get(pk=receipt.upload), terms=base_terms()))
    book = openpyxl.load_workbook(BytesIO(returned))
    sheet = book["花名册"]
    text = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert number(82) not in text
    put(sheet, "丁增", "任现岗时间", "2023-02-28")
    kept = BytesIO()
    book.save(kept)
    (mended,) = back(("退回-a.xlsx", kept.getvalue()))
    assert (mended.place, counts(mended)) == (TOWN, (0, 1, 0, 0, 0))
    assert land(mended, clock) == {"appointment"}
    assert Returned.objects.count() == 2

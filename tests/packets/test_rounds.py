"""Rounds: workbooks out in a zip, files back of every kind, the board, merging, sending back, reminding."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Denial, Reveal
from jiceng.access.scope import scope_of
from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.intake.models import Upload
from jiceng.ledger.identity import find_by_id_number
from jiceng.ledger.reading import history
from jiceng.packets import board, rounds
from jiceng.packets.board import State
from jiceng.packets.receiving import receive
from jiceng.packets.reminders import reminders
from jiceng.places.reading import names_of
from jiceng.terms.registry import base_terms
from tests.packets.conftest import COUNTY, ON, OTHER_TOWN, TODAY, TOWN, changed, column, number, put, row_of

pytestmark = [pytest.mark.database]


def zipped(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def scope(role: str, place: int, name: str = "jingban"):
    account = create_account(name, display_name=name, office="示例", password="Gaoshan-2024-liu", by=None, must_change=False)
    grant(account, role=role, place=place, since=date(2016, 1, 1), by=None)
    return account, scope_of(account, on=TODAY)


def test_candidates_count_workers_of_each_town_and_offer_those_without(county):
    found = rounds.candidates(COUNTY, level=4, on=ON, terms=base_terms())
    counted = {one.code: one.workers for one in found}
    assert (counted[TOWN], counted[OTHER_TOWN], sum(counted.values())) == (4, 2, 6)
    assert len(found) > 2


def test_a_round_refuses_what_it_cannot_ask(county, clock):
    asks = {
        "packets.no_place": {"places": []},
        "packets.days": {"due": date(2026, 11, 1)},
        "place.outside": {"places": [513322100]},
        "packets.column": {"columns": ["nonsense"]},
        "packets.overlap": {"places": [COUNTY, TOWN]},
    }
    told = {"title": "甲", "place": COUNTY, "places": [TOWN], "columns": (), "on": ON, "due": TODAY, "office": "乙", "account": None,
            "clock": clock, "today": TODAY, "terms": base_terms()}  # fmt: skip
    for id, ask in asks.items():
        with pytest.raises(Refusal) as refused:
            rounds.new_round(**{**told, **ask})
        assert refused.value.id == id


def test_zip_holds_a_workbook_for_each_place_and_the_same_bytes_again(asked, clock, out):
    sent = list(asked.sent.all())
    content = b"".join(rounds.zipped(sent, plain=False, scope=None, reason="", clock=clock, terms=base_terms()))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        assert [name.rsplit("-", 1)[1] for name in names] == [f"{TOWN}.xlsx", f"{OTHER_TOWN}.xlsx"]
        assert archive.read(names[0]) == out(TOWN)
    book = openpyxl.load_workbook(BytesIO(out(TOWN)))
    assert book.sheetnames == ["先看这里", "花名册", "可选项"]
    assert book["花名册"].protection.sheet
    assert book.custom_doc_props["jiceng"].value == f"JC-{asked.pk}-{TOWN}-{asked.word}"


def test_chosen_columns_go_out_with_those_no_row_can_do_without(county, clock):
    made = rounds.new_round(
        title="电话", place=COUNTY, places=[TOWN], columns=["phone"], on=ON, due=TODAY, office="甲", account=None, clock=clock, today=TODAY,
        terms=base_terms(),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(BytesIO(rounds.workbook(made.sent.get(), plain=False, clock=clock, terms=base_terms())[0]))["花名册"]
    assert [cell.value for cell in sheet[3]] == ["序号", "姓名", "身份证号", "社区", "岗位", "手机号", "系统编号（请勿改动）"]


def test_plain_numbers_are_for_who_may_reveal_and_each_is_noted(asked, clock):
    sent = list(asked.sent.all())
    _, clerk = scope("clerk", COUNTY, "clerk")
    with pytest.raises(Refusal) as refused:
        b"".join(rounds.zipped(sent, plain=True, scope=clerk, reason="核对花名册", clock=clock, terms=base_terms()))
    assert refused.value.id == "access.denied"
    _, officer = scope("officer", COUNTY, "officer")
    with pytest.raises(Refusal) as refused:
        b"".join(rounds.zipped(sent, plain=True, scope=officer, reason="", clock=clock, terms=base_terms()))
    assert refused.value.id == "access.reason"
    b"".join(rounds.zipped(sent, plain=True, scope=officer, reason="核对花名册", clock=clock, terms=base_terms()))
    assert Reveal.objects.count() == 6
    assert set(Reveal.objects.values_list("fields", "reason")) == {("身份证号、手机号", "核对花名册")}


def test_files_back_in_one_zip_and_the_board(asked, out, back, stand):
    receipts = back(("交回.zip", zipped(甲_xlsx=out(TOWN), 乙_xlsx=changed(out(OTHER_TOWN), lambda s: put(s, "白玛", "民族", "火星族")))))
    assert [(one.state, one.place) for one in receipts] == [("received", TOWN), ("received", OTHER_TOWN)]
    lines = stand()
    assert {place: (line.state, line.refused, line.whole) for place, line in lines.items()} == {
        TOWN: (State.received, 0, True), OTHER_TOWN: (State.received, 1, False),
    }  # fmt: skip
    assert board.sums(list(lines.values())) == {"new": 0, "changed": 0, "unchanged": 5, "refused": 1, "missing": 0}


def test_the_same_file_twice_is_recognised(out, back):
    back(("甲.xlsx", out(TOWN)))
    (again,) = back(("乙.xlsx", out(TOWN)))
    assert (again.state, Upload.objects.filter(place=TOWN).count()) == ("again", 1)


def test_what_is_not_ours_is_refused_with_words(asked, out, back, clock):
    other = rounds.new_round(
        title="另一次", place=COUNTY, places=[TOWN], columns=(), on=ON, due=TODAY, office="甲", account=None, clock=clock, today=TODAY,
        terms=base_terms(),
    )  # fmt: skip
    strange = rounds.workbook(other.sent.get(), plain=False, clock=clock, terms=base_terms())[0]
    macro = BytesIO(out(TOWN))
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    bomb = zipped(大_xlsx=b"0" * (101 * 2**20))
    receipts = back(
        ("别次.xlsx", strange), ("宏.xlsm", macro.getvalue()), ("炸.zip", bomb), ("空.xlsx", b""), ("坏.zip", zipped(a_xlsx=b"x")[:40]),
        ("信.pdf", b"%PDF-1.7 x"),
    )  # fmt: skip
    assert [one.refusal for one in receipts] == [
        "packets.other_round", "packets.macro", "packets.zip_bomb", "intake.empty_file", "intake.damaged", "intake.format",
    ]  # fmt: skip
    (wrong,) = back(("甲.xlsx", out(TOWN)), only=OTHER_TOWN)
    assert wrong.refusal == "packets.other_place"
    assert asked.sent.filter(returned__isnull=False).count() == 0


def test_a_closed_round_takes_nothing(asked, out, back, clock):
    rounds.close(asked, clock=clock)
    with pytest.raises(Refusal) as refused:
        back(("甲.xlsx", out(TOWN)))
    assert refused.value.id == "packets.closed"


def test_a_clerk_of_a_town_sees_and_returns_its_own_alone(asked, out, clock):
    account, town = scope("clerk", TOWN)
    _, sent = rounds.round_for(town, asked.pk)
    assert [one.place for one in sent] == [TOWN]
    with pytest.raises(Refusal):
        rounds.sent_for(town, asked.pk, OTHER_TOWN)
    receipts = receive(
        asked, [("甲.xlsx", out(TOWN)), ("乙.xlsx", out(OTHER_TOWN))], scope=town, account=account, clock=clock, terms=base_terms()
    )
    assert [one.state for one in receipts] == ["received", "refused"]
    assert names_of([OTHER_TOWN], on=ON)[OTHER_TOWN] not in receipts[1].text
    assert Denial.objects.count() == 2
    assert Upload.objects.filter(place=OTHER_TOWN).count() == 0


def test_another_county_sees_no_row_and_is_logged(asked):
    _, other = scope("officer", 513322)
    assert rounds.visible_rounds(other) == []
    with pytest.raises(Refusal) as refused:
        rounds.round_for(other, asked.pk)
    assert (refused.value.id, Denial.objects.count()) == ("access.concealed", 1)


def test_merge_send_back_mend_merge_undo(asked, out, back, stand, clock):
    def faulty(sheet):
        put(sheet, "丁增", "任现岗时间", "2023.2.30")
        put(sheet, "曲珍", "手机号", "13911112222")

    back(("甲.xlsx", changed(out(TOWN), faulty)))
    assert board.merge(stand()[TOWN], actor="测试员", clock=clock, terms=base_terms()) == {"new": 0, "changed": 1, "unchanged": 2}
    line = stand()[TOWN]
    assert (line.state, line.refused, line.may_merge) == (State.back, 1, False)
    content = board.returned_workbook(line, terms=base_terms())
    with zipfile.ZipFile(BytesIO(board.returned_zip([line], terms=base_terms()))) as archive:
        assert archive.namelist() == [f"退回-{line.name}-{TOWN}.xlsx"]
    book = openpyxl.load_workbook(BytesIO(content))
    put(book["花名册"], "丁增", "任现岗时间", "2023-02-28")
    kept = BytesIO()
    book.save(kept)
    back(("退回.xlsx", kept.getvalue()))
    assert board.merge(stand()[TOWN], actor="测试员", clock=clock, terms=base_terms()) == {"new": 0, "changed": 1, "unchanged": 0}
    assert stand()[TOWN].state is State.merged

    # Whole and mended once more: nothing is left to change.
    back(("再交.xlsx", changed(out(TOWN), lambda s: (put(s, "丁增", "任现岗时间", "2023-02-28"), put(s, "曲珍", "手机号", "13911112222")))))
    line = stand()[TOWN]
    assert [line.counts[key] for key in ("new", "changed", "unchanged", "refused")] == [0, 0, 4, 0]

    subject = find_by_id_number(number(82))
    mended = Upload.objects.filter(name="退回.xlsx").get()
    uploads.undo(mended, actor="测试员", why="演练", clock=clock)
    assert [row.since for row in history([subject], on=ON, kinds=["appointment"])] == [date(2021, 3, 5)]


def test_rows_mended_after_a_whole_workbook_was_sent_back_land_with_the_rest_of_it(asked, out, back, stand, clock):
    def faulty(sheet):
        put(sheet, "丁增", "任现岗时间", "2023.2.30")
        put(sheet, "曲珍", "手机号", "13911112222")
        sheet.delete_rows(row_of(sheet, "罗绒"))

    back(("甲.xlsx", changed(out(TOWN), faulty)))
    line = stand()[TOWN]
    board.send_back(line, clock=clock)
    mend = lambda s: s.cell(4, column(s, "任现岗时间")).__setattr__("value", "2023-02-28")  # noqa: E731
    back(("退回.xlsx", changed(board.returned_workbook(line, terms=base_terms()), mend)))
    line = stand()[TOWN]
    assert [line.counts[key] for key in ("new", "changed", "unchanged", "refused", "missing")] == [0, 2, 1, 0, 1]
    assert [row.text("name") for row in board.missing(line, terms=base_terms())] == ["罗绒"]
    assert board.merge(line, actor="测试员", clock=clock, terms=base_terms()) == {"new": 0, "changed": 2, "unchanged": 1}
    line = stand()[TOWN]
    assert (line.state, line.missing, line.pending, line.next) == (State.merged, 1, (), "请确认表中缺少的 1 人")
    subject = find_by_id_number(number(82))
    assert [row.since for row in history([subject], on=ON, kinds=["appointment"])][-1] == date(2023, 2, 28)


def test_nothing_to_land_is_not_merged(asked, stand, clock):
    with pytest.raises(Refusal) as refused:
        board.merge(stand()[TOWN], actor="测试员", clock=clock, terms=base_terms())
    assert refused.value.id == "packets.not_ready"
    with pytest.raises(Refusal) as refused:
        board.send_back(stand()[TOWN], clock=clock)
    assert refused.value.id == "packets.not_ready"


def test_reminders_are_for_those_waited_for_and_say_what_is_missing(asked, out, back, stand, clock):
    back(("甲.xlsx", changed(out(TOWN), lambda s: put(s, "丁增", "任现岗时间", "2023.2.30"))))
    board.send_back(stand()[TOWN], clock=clock)
    told = reminders(asked, list(stand().values()), today=TODAY)
    assert [(one.place, one.state) for one in told] == [(TOWN, State.back), (OTHER_TOWN, State.waiting)]
    assert "有 1 行需要更正" in told[0].text
    assert "2026年11月30日前" in told[0].text
    assert "“十一月花名册核对”" in told[1].text
    assert "已预填 2 人" in told[1].text
    late = date(2026, 12, 1)
    told = reminders(asked, list(stand(late).values()), today=late)
    assert [one.state for one in told] == [State.back, State.late]
    assert "尽快" in told[1].text


def test_a_place_without_workers_has_done_when_its_empty_sheet_is_back(county, clock, stand):
    bare = next(one.code for one in rounds.candidates(COUNTY, level=4, on=ON, terms=base_terms()) if not one.workers)
    made = rounds.new_round(
        title="空", place=COUNTY, places=[bare], columns=(), on=ON, due=TODAY, office="甲", account=None, clock=clock, today=TODAY,
        terms=base_terms(),
    )  # fmt: skip
    content = rounds.workbook(made.sent.get(), plain=False, clock=clock, terms=base_terms())[0]
    receive(made, [("空.xlsx", content)], scope=None, account=None, clock=clock, terms=base_terms())
    (line,) = board.board(made, list(made.sent.all()), today=TODAY)
    assert (line.state, line.refused) == (State.merged, 0)
    said = changed(content, lambda s: s.cell(4, 2).__setattr__("value", "无"))
    receive(made, [("无.xlsx", said)], scope=None, account=None, clock=clock, terms=base_terms())
    (line,) = board.board(made, list(made.sent.all()), today=TODAY)
    assert (line.state, line.refused, line.counts["rows"]) == (State.merged, 0, 0)

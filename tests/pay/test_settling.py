"""Months that are locked: facts recorded later leave them as they are and come as lines of the next month's sheet, once."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.ledger import reading
from jiceng.pay import states
from jiceng.pay.models import PaySheet
from jiceng.pay.sheets import worked_out
from jiceng.runs.commit import Correct, undo
from tests.pay.people import AUGUST, COMMUNITY, NOVEMBER, OCTOBER, OTHER_STREET, SEPTEMBER, STREET, Paid, month_locked
from tests.pay.test_sheets import move
from tests.runs.world import at

pytestmark = [pytest.mark.django_db, pytest.mark.database]
IN_OCTOBER, IN_NOVEMBER, IN_DECEMBER = date(2026, 10, 1), date(2026, 11, 2), date(2026, 12, 1)


def told(sheet) -> list[tuple[int, str, str, int, int, int]]:
    """(person, month, line's title, before, after, net) of each change, in yuan where it is whole."""
    return [(one.subject, f"{one.month:%Y-%m}", one.title, one.before, one.after, one.net) for one in sheet.changes]


def kinds(sheet) -> set[str]:
    return {cause.kind for one in sheet.changes for cause in one.causes}


def test_a_leave_told_after_the_lock_is_taken_off_next_month_with_its_cause(people):
    locked = month_locked(SEPTEMBER, IN_OCTOBER)
    content, hash = bytes(locked.content), locked.hash
    entry = people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    sheet = worked_out(STREET, OCTOBER)
    assert told(sheet) == [(people["chief"].subject, "2026-09", "事假扣款", 0, 20_000, -20_000)]
    (cause,) = sheet.changes[0].causes
    assert (cause.kind, cause.words, cause.entry) == ("leave", "请假 2026-09-15 事假 天数 1（2026-10-20 记入）", entry)
    assert (sheet.totals.arrears, sheet.totals.net) == (-20_000, sheet.totals.gross - sheet.totals.deductions - 20_000)
    kept = PaySheet.objects.get(pk=locked.pk)
    assert (bytes(kept.content), kept.hash, states.reproduced(kept)) == (content, hash, True)


def test_a_difference_is_settled_once(people):
    month_locked(SEPTEMBER, IN_OCTOBER)
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    october = month_locked(OCTOBER, IN_NOVEMBER)
    assert states.sheet_of(october).totals.arrears == -20_000
    assert worked_out(STREET, NOVEMBER).changes == ()
    assert states.reproduced(PaySheet.objects.get(pk=october.pk))


def test_corrections_that_cancel_leave_no_line_and_a_correction_of_a_correction_leaves_the_last(people):
    month_locked(SEPTEMBER, IN_OCTOBER)
    first = people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 5))
    undo(first, actor="测试员", why="记错了人", clock=at(date(2026, 10, 6)))
    assert worked_out(STREET, OCTOBER).changes == ()
    people["chief"].leave(date(2026, 9, 16), 1, on=date(2026, 10, 7))
    fact = reading.history([people["chief"].subject], on=OCTOBER, kinds=["leave"])[0]
    people["chief"].write([Correct(fact.id, fact.since, fact.until, {"kind": "personal", "days": 3})], on=date(2026, 10, 8))
    assert told(worked_out(STREET, OCTOBER)) == [(people["chief"].subject, "2026-09", "事假扣款", 0, 60_000, -60_000)]
    month_locked(OCTOBER, IN_NOVEMBER)
    fact = reading.history([people["chief"].subject], on=OCTOBER, kinds=["leave"])[0]
    people["chief"].write([Correct(fact.id, fact.since, fact.until, {"kind": "personal", "days": 1})], on=date(2026, 11, 9))
    november = worked_out(STREET, NOVEMBER)
    assert told(november) == [(people["chief"].subject, "2026-09", "事假扣款", 60_000, 20_000, 40_000)]
    month_locked(NOVEMBER, IN_DECEMBER)
    settled = sum(change.net for row in PaySheet.objects.all() for change in states.sheet_of(row).changes)
    assert settled == -20_000


def test_a_departure_in_august_told_in_october_takes_back_what_was_paid_since(people):
    month_locked(AUGUST, date(2026, 9, 1))
    month_locked(SEPTEMBER, IN_OCTOBER)
    people["deputy"].record("departure", date(2026, 8, 11), on=date(2026, 10, 20), cause="resignation")
    sheet = worked_out(STREET, OCTOBER)
    assert sheet.row(people["deputy"].subject) is None
    basic = [(f"{one.month:%m}", one.before, one.after) for one in sheet.changes if one.line == "month_basic"]
    assert basic == [("08", 264_000, 85_161), ("09", 264_000, 0)]
    assert sheet.totals.arrears == -(264_000 + 66_000 - 36_750 - 28_000) - (264_000 - 85_161 + 66_000 - 21_290 - 36_750 - 28_000)
    assert sum(one.employer for one in sheet.changes) == -2 * (86_450 + 28_000)
    assert {cause.words for one in sheet.changes for cause in one.causes} == {"2026-08-11 离任（辞职）（2026-10-20 记入）"}
    month_locked(OCTOBER, IN_NOVEMBER)
    assert worked_out(STREET, NOVEMBER).changes == ()


def test_an_assessment_changed_after_the_lock_takes_the_performance_pay_back(people):
    people["deputy"].record("assessment", date(2026, 3, 1), year=2026, result="pass")
    month_locked(SEPTEMBER, IN_OCTOBER)
    fact = reading.history([people["deputy"].subject], on=OCTOBER, kinds=["assessment"])[0]
    people["deputy"].write([Correct(fact.id, fact.since, fact.until, {"year": 2026, "result": "fail"})], on=date(2026, 10, 9))
    sheet = worked_out(STREET, OCTOBER)
    assert told(sheet) == [(people["deputy"].subject, "2026-09", "绩效工资", 66_000, 0, -66_000)]
    assert kinds(sheet) == {"assessment"}
    assert [cause.words for cause in sheet.changes[0].causes] == [
        "年度考核 2026 不合格（2026-10-09 记入）", "年度考核 2026 合格（2026-03-01 记入，已更正或撤销）",
    ]  # fmt: skip


def test_somebody_moved_without_the_sheet_knowing_is_settled_at_both_places(people):
    one = people["staff"]
    other = Paid("示例邻", n=40, community=513324101001)
    other.appoint(date(2020, 1, 6), on=date(2020, 1, 10))
    other.grade(2)
    for place in (STREET, OTHER_STREET):
        month_locked(SEPTEMBER, IN_OCTOBER, place=place)
    move(one, date(2026, 9, 11), on=date(2026, 10, 12))
    here, there = worked_out(STREET, OCTOBER), worked_out(OTHER_STREET, OCTOBER)
    assert [(c.title, c.before, c.after) for c in here.changes] == [
        ("基本工资", 232_000, 77_333), ("单位公积金", 28_000, 0), ("单位社保", 86_450, 0), ("绩效工资", 58_000, 19_333),
        ("个人公积金", 28_000, 0), ("个人社保", 36_750, 0),
    ]  # fmt: skip
    assert (here.totals.arrears + there.totals.arrears, here.row(one.subject)) == (0, None)
    assert kinds(here) == kinds(there) == {"moved"}
    assert {one.causes[0].words for one in there.changes} == {"2026-09-11 起任职，由另一街道（乡镇）调来（2026-10-12 记入）"}


def test_somebody_left_out_is_paid_once_the_fact_has_come(people):
    blank = Paid("示例缺", n=21)
    blank.appoint(date(2020, 1, 6), on=date(2020, 1, 10))
    by = states.By("测试员", IN_OCTOBER)
    row = states.calculate(STREET, SEPTEMBER, by=by, clock=at(IN_OCTOBER))
    row = states.leave_out(row, blank.subject, by=by, clock=at(IN_OCTOBER), why="定级未批")
    for act in (states.check, states.approve, states.lock):
        row = act(row, by=by, clock=at(IN_OCTOBER))
    assert (row.people, worked_out(STREET, OCTOBER).changes) == (3, ())
    blank.grade(1, on=date(2026, 10, 9))
    sheet = worked_out(STREET, OCTOBER)
    assert sum(change.net for change in sheet.changes) == 280_000 - 36_750 - 28_000
    assert [(cause.kind, cause.words) for cause in sheet.changes[0].causes] == [
        ("waiting", "当月不列入：定级未批"), ("step", "“台账等级”由 缺事实 变为 1 级（2026-01-01 起，2026-10-09 记入）"),
    ]  # fmt: skip
    assert worked_out(STREET, OCTOBER, left_out={blank.subject: "仍有争议"}).changes == ()
    assert states.reproduced(PaySheet.objects.get(pk=row.pk))


def test_a_month_that_is_not_locked_has_nothing_to_settle(people):
    states.calculate(STREET, SEPTEMBER, by=states.By("测试员", IN_OCTOBER), clock=at(IN_OCTOBER))
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    assert worked_out(STREET, OCTOBER).changes == ()


def test_a_sheet_of_the_county_settles_what_the_sub_districts_locked(people):
    month_locked(SEPTEMBER, IN_OCTOBER)
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    county = worked_out(513324, OCTOBER)
    assert [(one.unit, one.net) for one in county.changes] == [(STREET, -20_000)]
    month_locked(OCTOBER, IN_NOVEMBER, place=513324)
    assert worked_out(STREET, NOVEMBER).changes == ()
    assert COMMUNITY // 1000 == STREET

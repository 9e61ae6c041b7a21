"""A sheet worked out: each cell as the worked cases say, part months, who is on it, what is missing, who stands on two."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.answers.card import as_text
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.pay.shapes import Totals
from jiceng.pay.sheets import cell_steps, worked_out
from jiceng.runs.law import installed_law
from tests.pay.people import COMMUNITY, OCTOBER, OTHER_COMMUNITY, OTHER_STREET, SEPTEMBER, STREET, Paid
from tests.runs.world import COUNTY

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LINES = (
    "month_basic", "month_performance", "month_certificate", "personal_leave_deduction", "month_personal_insurance", "month_personal_fund",
    "month_employer_insurance", "month_employer_fund",
)  # fmt: skip


def fen(*yuan: str) -> tuple[int, ...]:
    return tuple(int(one.replace(".", "")) if "." in one else int(one) * 100 for one in yuan)


def test_a_month_of_three_people_is_what_was_worked_out_by_hand(people):
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 9, 16))
    sheet = worked_out(STREET, date(2026, 9, 20))
    assert tuple(line.rule for line in sheet.form.lines) == LINES
    assert [row.subject for row in sheet.rows] == [people[name].subject for name in ("chief", "deputy", "staff")]
    assert {(row.place, row.day) for row in sheet.rows} == {(COMMUNITY, date(2026, 9, 30))}
    chief, deputy, staff = sheet.rows
    assert chief.cells == fen("3248.00", "812.00", "290.00", "200.00", "456.75", "348.00", "1074.45", "348.00")
    assert (chief.gross, chief.deductions, chief.net, chief.employer) == fen("4350.00", "1004.75", "3345.25", "1422.45")
    assert deputy.cells == fen("2640.00", "660.00", "0", "0", "367.50", "280.00", "864.50", "280.00")
    assert staff.cells == fen("2320.00", "580.00", "0", "0", "367.50", "280.00", "864.50", "280.00")
    assert sheet.totals == Totals(
        3, 0, fen("8208.00", "2052.00", "290.00", "200.00", "1191.75", "908.00", "2803.45", "908.00"),
        *fen("10550.00", "2299.75", "0", "8250.25", "3711.45"),
    )  # fmt: skip
    assert (sheet.place, sheet.month, sheet.on) == (STREET, SEPTEMBER, date(2026, 9, 30))
    assert (sheet.missing, sheet.changes, sheet.checks) == ({}, (), ())


def test_what_the_text_is_silent_about_is_printed_as_it_was_read(people):
    said = worked_out(STREET, SEPTEMBER).assumptions
    assert "“不足整月按在岗天数计发”按“是”：示例：文件没有写不足整月怎样发，按在岗的日历天数占当月天数折算" in said
    assert "试用期在月中满的，按当月最后一个在岗日是否还在试用期内定全月" in said
    assert len(said) == len(set(said))


def test_who_joined_or_left_is_paid_for_the_days_served(people):
    joined = Paid("示例新", n=20)
    joined.appoint(date(2026, 9, 16), post="secretary")
    joined.grade(5, date(2026, 9, 16), on=date(2026, 9, 17))
    people["deputy"].record("departure", date(2026, 9, 11), on=date(2026, 9, 11), cause="resignation")
    rows = {row.subject: row for row in worked_out(STREET, SEPTEMBER).rows}
    assert rows[joined.subject].cells[:2] == fen("1528.00", "382.00")
    left = rows[people["deputy"].subject]
    assert (left.day, left.cells) == (date(2026, 9, 10), fen("880.00", "220.00", "0", "0", "0", "0", "0", "0"))
    assert people["deputy"].subject not in {row.subject for row in worked_out(STREET, OCTOBER).rows}


def test_who_moves_is_on_both_sheets_each_for_its_own_days_and_pays_in_once(people):
    one = people["staff"]
    start = one.record("leave", date(2026, 9, 4), on=date(2026, 9, 5), kind="personal", days=1)
    assert start.facts == 1
    move(one, date(2026, 9, 11), on=date(2026, 9, 12))
    here, there = worked_out(STREET, SEPTEMBER).row(one.subject), worked_out(OTHER_STREET, SEPTEMBER).row(one.subject)
    assert (here.day, there.day) == (date(2026, 9, 10), date(2026, 9, 30))
    assert here.cells == fen("773.33", "193.33", "0", "133.33", "0", "0", "0", "0")
    assert there.cells == fen("1546.67", "386.67", "0", "0", "367.50", "280.00", "864.50", "280.00")
    county = worked_out(COUNTY, SEPTEMBER)
    assert [row.cells for row in county.rows if row.subject == one.subject] == [here.cells, there.cells]
    parts = worked_out(STREET, SEPTEMBER).totals.net + worked_out(OTHER_STREET, SEPTEMBER).totals.net
    assert county.totals.net == parts
    assert [(check.id, check.level, check.subjects) for check in county.checks] == [("pay.moved", "notice", (one.subject,))]


def move(one: Paid, day: date, *, on: date) -> None:
    """End the appointment and begin the same one in the other sub-district."""
    from jiceng.ledger import reading
    from jiceng.runs.commit import Correct, Record

    fact = reading.as_of([one.subject], on=date(2026, 1, 1), kinds=["appointment"])[0]
    one.write(
        [
            Correct(fact.id, fact.since, day, dict(fact.data), place=fact.place),
            Record(one.subject, "appointment", day, None, dict(fact.data), place=OTHER_COMMUNITY),
        ],
        on=on,
    )


def test_who_serves_two_places_on_the_same_days_stands_on_one_sheet_only(people):
    one = people["staff"]
    part_time = {"class": "committee_part_time", "post": "committee"}
    one.record("appointment", date(2019, 9, 1), on=date(2026, 9, 2), place=OTHER_COMMUNITY, **part_time)
    sheet = worked_out(STREET, SEPTEMBER)
    assert (sheet.row(one.subject).net, sheet.row(one.subject).elsewhere) == (225_250, OTHER_STREET)
    assert [(check.id, check.level, check.subjects) for check in sheet.checks] == [("pay.twice", "notice", (one.subject,))]
    assert worked_out(OTHER_STREET, SEPTEMBER).rows == ()
    assert worked_out(COUNTY, SEPTEMBER).totals == sheet.totals


def test_a_missing_fact_is_named_and_nothing_is_added_up_for_that_person(people):
    blank = Paid("示例缺", n=21)
    blank.appoint(date(2020, 1, 6), on=date(2020, 1, 10))
    sheet = worked_out(STREET, SEPTEMBER)
    row = sheet.row(blank.subject)
    assert (row.gross, row.net, row.missing, row.paid) == (None, None, ("台账等级",), False)
    assert row.cells[0] == mark(AnswerKind.missing)
    assert sheet.missing == {"台账等级": (blank.subject,)}
    assert (sheet.totals.people, sheet.totals.waiting) == (3, 1)
    (refusal,) = sheet.refusals
    assert (refusal.id, refusal.words, refusal.subjects) == ("pay.missing", "1 人缺“台账等级”，算不出工资", (blank.subject,))
    left_out = worked_out(STREET, SEPTEMBER, left_out={blank.subject: "定级未批"})
    assert (left_out.row(blank.subject).left_out, left_out.refusals) == ("定级未批", ())


def test_whom_a_line_does_not_concern_it_adds_nothing_and_lacks_nothing(people):
    part_time = Paid("示例兼职", n=22)
    part_time.record("appointment", date(2020, 1, 6), place=COMMUNITY, post="committee", **{"class": "committee_part_time"})
    row = worked_out(STREET, SEPTEMBER).row(part_time.subject)
    assert (row.cells[0], row.gross, row.net, row.missing) == (mark(AnswerKind.not_applicable), 0, 0, ())


def test_a_cell_opens_to_what_it_was_made_of(people):
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 9, 16))
    sheet = worked_out(STREET, SEPTEMBER)
    step = cell_steps(sheet, sheet.row(people["chief"].subject), "personal_leave_deduction")
    text = as_text(step, installed_law().terms)
    assert step.value == 20_000
    for part in ("计薪天数：21.75 倍", "计扣发的应发工资：4,350.00 元", "日工资：200.00 元", "2026-09-15 事假", "四舍五入"):
        assert part in text
    for row in sheet.rows:
        assert tuple(cell_steps(sheet, row, line.rule).value for line in sheet.form.lines) == row.cells
    with pytest.raises(Refusal) as refused:
        cell_steps(sheet, sheet.rows[0], "monthly_pay")
    assert refused.value.id == "pay.no_line"


def test_as_known_then_a_later_fact_is_not_in_it(people):
    from tests.runs.world import at

    people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    assert worked_out(STREET, SEPTEMBER, known_by=at(date(2026, 10, 10))()).row(people["chief"].subject).deductions == 80_475
    assert worked_out(STREET, SEPTEMBER).row(people["chief"].subject).deductions == 100_475


def test_a_place_without_a_form_says_where_one_is_declared(people):
    with pytest.raises(Refusal) as refused:
        worked_out(110102, SEPTEMBER)
    assert refused.value.id == "pay.no_form"
    with pytest.raises(Refusal) as refused:
        worked_out(51, SEPTEMBER)
    assert (refused.value.id, "5133" in refused.value.do) == ("pay.no_form", True)


def test_a_month_before_anybody_came_is_empty(people):
    sheet = worked_out(OTHER_STREET, SEPTEMBER)
    assert (sheet.rows, sheet.totals) == ((), Totals(0, 0, (0,) * 8, 0, 0, 0, 0, 0))

"""The list of differences to the month before: each cause found behind the figures, and sums that agree to the fen."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from jiceng.pay.differences import by_cause, differences, month_before_of
from jiceng.pay.sheets import worked_out
from tests.pay.people import OCTOBER, OTHER_COMMUNITY, SEPTEMBER, STREET, Paid, month_locked
from tests.pay.test_sheets import move

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(month: date = OCTOBER):
    sheet = worked_out(STREET, month)
    before = month_before_of(sheet)
    told = differences(sheet, before)
    assert sum(one.net for one in told) == sheet.totals.net - before.totals.net
    assert sum(one.employer for one in told) == sheet.totals.employer - before.totals.employer
    assert sum(group.net for group in by_cause(told)) == sheet.totals.net - before.totals.net
    return told


def said(told) -> list[tuple[str, int, list[str]]]:
    return [(one.title, one.net, [f"{cause.kind} {cause.words}" for cause in one.causes]) for one in told]


def test_two_equal_months_have_no_difference(people):
    assert found() == ()


def test_a_step_names_the_grade_and_who_wrote_it_when(people):
    people["staff"].record("grading", date(2026, 10, 1), None, on=date(2026, 10, 8), grade=3)
    cause = "step “台账等级”由 2 级 变为 3 级（2026-10-01 起，2026-10-08 记入）"
    assert said(found()) == [("基本工资", 8_000, [cause]), ("绩效工资", 2_000, [cause])]


def test_an_assessment_a_certificate_and_a_leave_are_each_named(people):
    people["deputy"].record("assessment", date(2026, 10, 9), year=2026, result="fail")
    day = "2026-10-12"
    people["staff"].certify(date.fromisoformat(day), "assistant")
    people["chief"].leave(date(2026, 10, 20), on=date(2026, 10, 20))
    assert said(found()) == [
        ("事假扣款", -20_000, ["leave 请假 2026-10-20 事假 天数 1（2026-10-20 记入）"]),
        ("绩效工资", -66_000, ["assessment 年度考核 2026 不合格（2026-10-09 记入）"]),
        ("证书补贴", 16_000, [f"certificate 职业资格证书 {day} 助理社会工作师 取得日期 {day} 登记日期 {day}（{day} 记入）"]),
    ]
    november = said(found(date(2026, 11, 1)))
    assert november == [("事假扣款", 20_000, ["leave “本月事假天数”由 1 天 变为 0 天"])]


def test_who_came_and_who_went_are_named(people):
    people["deputy"].record("departure", date(2026, 10, 1), on=date(2026, 10, 2), cause="retirement")
    new = Paid("示例新", n=20)
    new.appoint(date(2026, 10, 16), post="secretary")
    new.grade(5, date(2026, 10, 16), on=date(2026, 10, 17))
    told = found()
    causes = {one.subject: {f"{cause.kind} {cause.words}" for cause in one.causes} for one in told}
    assert causes == {
        people["deputy"].subject: {"left 2026-10-01 离任（退休）（2026-10-02 记入）"},
        new.subject: {"joined 2026-10-16 起任职（2026-10-16 记入）"},
    }
    november = found(date(2026, 11, 1))
    assert {one.subject for one in november} == {new.subject}
    assert {cause.kind for one in november for cause in one.causes} == {"joined"}


def test_somebody_moved_here_and_somebody_moved_away(people):
    move(people["staff"], date(2026, 10, 1), on=date(2026, 10, 2))
    told = found()
    assert {cause.words for one in told for cause in one.causes} == {"2026-10-01 调往另一街道（乡镇）（2026-10-02 记入）"}
    assert sum(one.net for one in told) == -225_250
    assert OTHER_COMMUNITY // 1000 != STREET


def test_the_end_of_probation_is_named(people):
    new = Paid("示例试用", n=23)
    new.appoint(date(2026, 7, 1))
    new.record("probation", date(2026, 7, 1), on=date(2026, 7, 2), ends="2026-09-30")
    new.grade(1, date(2026, 7, 1), on=date(2026, 7, 2))
    told = found()
    assert said(told) == [
        ("基本工资", 44_800, ["probation “在试用期内”由 是 变为 否"]), ("绩效工资", 11_200, ["probation “在试用期内”由 是 变为 否"]),
    ]  # fmt: skip
    assert [(group.kind, group.people, group.net) for group in by_cause(told)] == [("probation", 1, 56_000)]


def test_a_post_changed_inside_the_community_is_named(people):
    from jiceng.ledger import reading
    from jiceng.runs.commit import Correct, Record

    one = people["deputy"]
    fact = reading.as_of([one.subject], on=date(2026, 1, 1), kinds=["appointment"])[0]
    data = dict(fact.data)
    one.write(
        [
            Correct(fact.id, fact.since, date(2026, 10, 1), data, place=fact.place),
            Record(one.subject, "appointment", date(2026, 10, 1), None, {**data, "post": "secretary"}, place=fact.place),
        ],
        on=date(2026, 10, 3),
    )
    told = found()
    assert [(one.title, one.net) for one in told][:2] == [("基本工资", 24_000), ("绩效工资", 6_000)]
    assert {cause.kind for one in told for cause in one.causes} == {"post"}


def test_what_earlier_months_add_is_a_difference_too(people):
    month_locked(SEPTEMBER, date(2026, 10, 1))
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    told = found()
    assert said(told) == [("补发补扣", -20_000, ["arrears 本月补扣 2026-09 事假扣款"])]


def test_somebody_whose_fact_is_missing_this_month_is_said_to_wait(people):
    late = Paid("示例缺", n=21)
    late.appoint(date(2020, 1, 6), on=date(2020, 1, 10))
    late.grade(1, date(2026, 10, 1), on=date(2026, 10, 5))
    told = found()
    assert {(one.subject, cause.kind, cause.words) for one in told for cause in one.causes} == {
        (late.subject, "waiting", "上月缺台账等级")
    }  # fmt: skip
    assert sum(one.net for one in told) == 280_000 - 36_750 - 28_000


def test_sums_agree_whatever_happened(people):
    dice = random.Random(11)
    crowd = []
    for n in range(24):
        one = Paid(f"示例{n}", n=50 + n)
        one.appoint(date(2026, 8, 1) + timedelta(days=dice.randrange(80)), post=dice.choice(("staff", "committee", "secretary")))
        if dice.random() < 0.9:
            one.grade(dice.randint(1, 8), date(2026, 8, 1) + timedelta(days=dice.randrange(60)), on=date(2026, 10, 1))
        crowd.append(one)
    month_locked_or_not = worked_out(STREET, SEPTEMBER)
    assert month_locked_or_not.totals.people > 0
    for one in crowd[::3]:
        one.leave(date(2026, 9, 25) + timedelta(days=dice.randrange(20)), dice.randint(1, 3), on=date(2026, 10, 25))
    for one in crowd[::5]:
        day = date(2026, 10, 1) + timedelta(days=dice.randrange(30))
        one.record("departure", day, on=date(2026, 11, 1), cause="resignation")
    told = found()
    assert told
    assert all(one.causes for one in told)
    assert {cause.kind for one in told for cause in one.causes} <= {
        "joined", "left", "step", "leave", "waiting", "time", "post", "probation"
    }  # fmt: skip

"""What a sheet says before it is locked: floors, averages, pay below nothing, jumps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jiceng.law.payform import PayCheck
from jiceng.pay import checks, working
from jiceng.pay.differences import month_before_of
from jiceng.pay.sheets import form_of, worked_out
from jiceng.pay.working import Month
from jiceng.runs.law import installed_law
from tests.pay.people import AUGUST, OCTOBER, SEPTEMBER, STREET, Paid, month_locked

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def of(people, *declared: PayCheck, month: date = SEPTEMBER):
    """The checks of a sheet whose form declares these and no others."""
    law = installed_law()
    form = replace(form_of(STREET, month, law=law), checks=declared)
    asked = Month(STREET, month, form, law, None)
    found = working.worked(asked, working.serving_in(asked))
    sheet = replace(worked_out(STREET, month), form=form, rows=tuple(found.rows))
    return [(one.id, one.level, one.words, one.subjects) for one in checks.of_sheet(sheet, asked, found)]


def test_the_floor_that_a_document_sets_keeps_it_from_being_locked(people):
    staff = people["staff"].subject
    floor = PayCheck("基本工资不低于试设的数", "month_basic", least="insurance_floor")
    assert of(people, floor) == [
        (
            "pay.floor", "refuse", "基本工资不低于试设的数：3 人低于 3,500.00 元〔示例·工资发放·6〕",
            tuple(sorted((staff, people["chief"].subject, people["deputy"].subject))),
        )
    ]  # fmt: skip
    assert of(people, PayCheck("应发不低于最低工资标准", "gross", least="minimum_wage", only="full_month")) == []


def test_a_floor_for_full_months_leaves_part_months_alone(people):
    new = Paid("示例新", n=20)
    new.appoint(date(2026, 9, 26))
    new.grade(1, date(2026, 9, 26), on=date(2026, 9, 27))
    assert of(people, PayCheck("应发", "gross", least="minimum_wage", only="full_month")) == []
    (found,) = of(people, PayCheck("应发", "gross", least="minimum_wage"))
    assert found[3] == (new.subject,)


def test_the_average_of_a_group_is_held_to_its_cap(people):
    assert of(people, PayCheck("平均应发", "gross", most="average_cap", average_by="post_class")) == []
    assert of(people, PayCheck("平均应发", "gross", most="minimum_wage", average_by="post_class")) == [
        ("pay.average", "refuse", f"平均应发：{group} 1 人平均 {mean}，高于 2,100.00 元〔示例·工资发放·7〕", (people[name].subject,))
        for group, mean, name in (("正职", "4,350.00 元", "chief"), ("副职", "3,300.00 元", "deputy"), ("一般", "2,900.00 元", "staff"))
    ]


def test_pay_below_nothing_is_refused_and_what_cannot_be_taken_back_this_month_is_said(people):
    people["staff"].leave(date(2026, 9, 1), 25, on=date(2026, 9, 2))
    assert [(one.id, one.subjects) for one in worked_out(STREET, SEPTEMBER).refusals] == [("pay.negative", (people["staff"].subject,))]
    month_locked(AUGUST, date(2026, 9, 1))
    for day in (date(2026, 8, 3), date(2026, 8, 10), date(2026, 8, 17)):
        people["deputy"].leave(day, 9, on=date(2026, 9, 20))
    found = [(one.id, one.level, one.subjects) for one in worked_out(STREET, SEPTEMBER).checks if one.id == "pay.owing"]
    assert found == [("pay.owing", "notice", (people["deputy"].subject,))]


def test_a_large_jump_is_a_notice(people):
    people["staff"].record("grading", date(2026, 10, 1), None, on=date(2026, 10, 8), grade=12)
    sheet = worked_out(STREET, OCTOBER)
    before = {row.subject: row.net or 0 for row in month_before_of(sheet).rows}
    assert [(one.id, one.level, one.subjects) for one in checks.jumps(sheet, before)] == [
        ("pay.jump", "notice", (people["staff"].subject,))
    ]
    assert sheet.refusals == ()

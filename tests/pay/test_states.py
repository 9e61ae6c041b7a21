"""A sheet through its states: who may, what refuses a lock, what stays byte for byte, backup and verify."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jiceng.access.models import Account
from jiceng.access.scope import Denied, scope_of
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.pay import frozen, states
from jiceng.pay.models import PaySheet
from jiceng.pay.sheets import worked_out
from jiceng.runs import kept, law_sets
from jiceng.runs import law as installed
from jiceng.runs.law import installed_law, site_policies
from jiceng.runs.models import KeptRun
from tests.pay.people import OCTOBER, SEPTEMBER, STREET, Paid, a_sub_district, month_locked
from tests.runs.world import COUNTY, at

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = date(2026, 10, 8)
PAY_FOLDER = Path(__file__).parents[2] / "policies" / "cn-5133-ganzi" / "2026-pay-demo"


def by(role: str, *, place: int = COUNTY, name: str = "") -> states.By:
    account, made = Account.objects.get_or_create(username=name or f"{role}-{place}", defaults={"display_name": name or role})
    if made:
        account.grants.create(role=role, place=place, since=date(2026, 1, 1), until=OPEN_END)
    return states.By(account.username, DAY, account, scope_of(account, on=DAY))


def refused(act, *given, **more) -> Refusal:
    with pytest.raises(Refusal) as found:
        act(*given, **more)
    return found.value


def test_a_month_goes_through_its_states_and_each_step_is_kept(people):
    clerk, other, officer = by("clerk"), by("clerk", name="另一位"), by("officer")
    row = states.calculate(STREET, SEPTEMBER, by=clerk, clock=at(DAY))
    assert (row.state, row.people, row.net) == ("calculated", 3, worked_out(STREET, SEPTEMBER).totals.net)
    row = states.check(row, by=other, clock=at(DAY))
    row = states.send_back(row, by=officer, clock=at(DAY), why="请补事假")
    people["chief"].leave(date(2026, 9, 15), on=DAY)
    row = states.calculate(STREET, SEPTEMBER, by=clerk, clock=at(DAY, 10))
    row = states.check(row, by=other, clock=at(DAY, 11))
    row = states.approve(row, by=officer, clock=at(DAY, 12))
    row = states.lock(row, by=officer, clock=at(DAY, 13))
    assert [(step.act, step.actor, step.why) for step in row.steps.all()] == [
        ("calculate", "clerk-513324", ""), ("check", "另一位", ""), ("send_back", "officer-513324", "请补事假"),
        ("calculate", "clerk-513324", ""), ("check", "另一位", ""), ("approve", "officer-513324", ""), ("lock", "officer-513324", ""),
    ]  # fmt: skip
    sheet = states.sheet_of(row)
    run = KeptRun.objects.get()
    assert (row.run_id, run.kind, run.on, run.people) == (run.pk, "pay", date(2026, 9, 30), 3)
    rows = kept.rows_of(run)
    assert rows.answers["sum.net"].tolist() == [one.net for one in sheet.rows]
    assert rows.answers["personal_leave_deduction"].tolist() == [20_000, 0, 0]
    assert (run.summary["names"]["sum.net"]["title"], run.summary["names"]["sum.net"]["sum"]) == ("实发工资", row.net)
    assert states.reproduced(row)


def test_nobody_approves_what_they_calculated(people):
    officer, other = by("officer"), by("officer", name="另一位主管")
    row = states.calculate(STREET, SEPTEMBER, by=officer, clock=at(DAY))
    assert refused(states.check, row, by=officer, clock=at(DAY)).id == "pay.own"
    row = states.check(row, by=other, clock=at(DAY))
    assert refused(states.approve, row, by=officer, clock=at(DAY)).id == "pay.own"
    row = states.approve(row, by=other, clock=at(DAY))
    assert refused(states.lock, row, by=officer, clock=at(DAY)).id == "pay.own"


def test_who_has_no_permission_there_is_refused(people):
    clerk = by("clerk")
    for stranger in (by("viewer"), by("clerk", place=513322), by("admin")):
        with pytest.raises(Denied):
            states.calculate(STREET, SEPTEMBER, by=stranger, clock=at(DAY))
    row = states.check(states.calculate(STREET, SEPTEMBER, by=clerk, clock=at(DAY)), by=by("clerk", name="另一位"), clock=at(DAY))
    for act in (states.approve, states.lock):
        with pytest.raises(Denied):
            act(row, by=by("clerk", name="第三位"), clock=at(DAY))


def test_states_are_kept_in_order(people):
    office = states.By("测试员", DAY)
    row = states.calculate(STREET, SEPTEMBER, by=office, clock=at(DAY))
    assert refused(states.approve, row, by=office, clock=at(DAY)).id == "pay.state"
    assert refused(states.lock, row, by=office, clock=at(DAY)).id == "pay.state"
    assert refused(states.send_back, row, by=office, clock=at(DAY), why=" ").id == "pay.why"
    row = month_locked(OCTOBER, date(2026, 11, 2))
    later = states.By("测试员", date(2026, 11, 3))
    assert refused(states.calculate, STREET, OCTOBER, by=later, clock=at(date(2026, 11, 3))).id == "pay.state"
    assert refused(states.send_back, row, by=office, clock=at(DAY), why="晚了").id == "pay.state"
    assert refused(states.calculate, STREET, date(2026, 11, 1), by=later, clock=at(DAY)).id == "pay.early"
    assert refused(states.calculate, COUNTY, OCTOBER, by=later, clock=at(DAY)).id == "pay.overlap"


def test_a_text_that_nobody_adopted_keeps_the_month_from_being_locked_and_is_named(ganzi):
    a_sub_district()
    office = states.By("测试员", DAY)
    row = states.check(states.calculate(STREET, SEPTEMBER, by=office, clock=at(DAY)), by=office, clock=at(DAY))
    refusal = refused(states.approve, row, by=office, clock=at(DAY))
    assert refusal.id == "pay.refused"
    for title in ("示例：甘孜州社区工作者管理办法（演示用，非真实文件）", "示例：甘孜州社区工作者工资发放办法（演示用，非真实文件）"):
        assert f"《{title}》没有核实，也没有单位确认过" in refusal.why
    found = [check.document for check in states.sheet_of(row).refusals]
    assert found == ["cn-5133-ganzi/2026-demo", "cn-5133-ganzi/2026-pay-demo"]


def test_a_missing_fact_keeps_it_from_being_locked_until_somebody_is_left_out_with_a_reason(people):
    blank = Paid("示例缺", n=21)
    blank.appoint(date(2020, 1, 6), on=date(2020, 1, 10))
    office = states.By("测试员", DAY)
    row = states.calculate(STREET, SEPTEMBER, by=office, clock=at(DAY))
    assert refused(states.leave_out, row, blank.subject, by=office, clock=at(DAY), why=" ").id == "pay.why"
    assert refused(states.leave_out, row, 1, by=office, clock=at(DAY), why="x").id == "pay.no_row"
    out = states.leave_out(row, blank.subject, by=office, clock=at(DAY), why="定级未批")
    assert states.sheet_of(out).row(blank.subject).left_out == "定级未批"
    assert states.take_in(out, blank.subject, by=office, clock=at(DAY)).left_out == {}
    row = states.check(states.calculate(STREET, SEPTEMBER, by=office, clock=at(DAY)), by=office, clock=at(DAY))
    assert refused(states.approve, row, by=office, clock=at(DAY)).why == "1 人缺“台账等级”，算不出工资"


def test_another_month_locked_meanwhile_asks_for_a_new_calculation(people):
    office = states.By("测试员", date(2026, 11, 2))
    october = states.calculate(STREET, OCTOBER, by=office, clock=at(date(2026, 11, 2)))
    for act in (states.check, states.approve):
        october = act(october, by=office, clock=at(date(2026, 11, 2)))
    month_locked(SEPTEMBER, date(2026, 11, 3))
    assert refused(states.lock, october, by=office, clock=at(date(2026, 11, 4))).id == "pay.stale"


@pytest.fixture
def changed_folder() -> Iterator[Path]:
    """A copy of the pay folder among the site's own, with a higher version and a higher probation share and allowance."""
    target = site_policies() / "cn-5133-ganzi" / "2026-pay-demo"
    yield target
    shutil.rmtree(site_policies(), ignore_errors=True)
    installed._installed = None


def overwrite(target: Path) -> None:
    shutil.copytree(PAY_FOLDER, target)
    heading = target / "document.yaml"
    heading.write_text(heading.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    values = target / "values.yaml"
    values.write_text(values.read_text(encoding="utf-8").replace("社会工作师: 290", "社会工作师: 390"), encoding="utf-8")
    installed_law(reload=True)


def test_a_locked_sheet_comes_out_again_after_late_facts_and_after_the_folder_changed(people, changed_folder):
    row = month_locked(SEPTEMBER, date(2026, 10, 1))
    content = zlib.decompress(bytes(row.content))
    people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    people["deputy"].record("departure", date(2026, 9, 11), on=date(2026, 10, 21), cause="resignation")
    overwrite(changed_folder)
    assert installed_law().hash != row.law_hash
    kept_row = PaySheet.objects.get(pk=row.pk)
    assert states.reproduced(kept_row)
    assert frozen.written(states.again(kept_row)) == content
    law_sets._kept.cache_clear()
    assert states.reproduced(kept_row)


def test_a_value_changed_by_a_document_comes_as_a_difference_that_names_it(people, changed_folder):
    month_locked(SEPTEMBER, date(2026, 10, 1))
    overwrite(changed_folder)
    sheet = worked_out(STREET, OCTOBER)
    told = [(one.subject, one.line, one.before, one.after) for one in sheet.changes if one.group == "gross"]
    assert told == [(people["chief"].subject, "month_certificate", 29_000, 39_000)]
    assert {(cause.kind, cause.document) for one in sheet.changes for cause in one.causes} == {("law", "cn-5133-ganzi/2026-pay-demo")}


def test_a_byte_changed_in_the_database_is_found(people):
    row = month_locked(SEPTEMBER, date(2026, 10, 1))
    assert frozen.broken_sheets() == []
    content = bytearray(zlib.decompress(bytes(row.content)))
    content[content.index(b"334525" if b"334525" in content else b"354525")] ^= 1
    PaySheet.objects.filter(pk=row.pk).update(content=zlib.compress(bytes(content), 6))
    frozen._MEMORY.clear()
    assert [problem.id for problem in frozen.broken_sheets()] == ["pay.changed"]
    assert refused(states.sheet_of, PaySheet.objects.get(pk=row.pk)).id == "pay.changed"

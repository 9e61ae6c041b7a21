"""What is done with a return, by whom; and that what is locked stays what it was whatever is learnt afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copytree, rmtree

import pytest

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Account
from jiceng.access.scope import Denied, scope_of
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.reports import states
from jiceng.reports.frozen import again, frozen, thawed, whole
from jiceng.reports.models import Return
from jiceng.reports.returns import Period
from jiceng.reports.states import By
from jiceng.runs import law as installed
from jiceng.runs.commit import Change, Correct, Record, commit
from jiceng.runs.law import installed_law, site_policies
from tests.reports.conftest import NOW, ON

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CITY, KANGDING, JIULONG = 5133, 513301, 513324
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 30))  # the demo has returns of whole months
POLICIES = Path(__file__).parents[2] / "policies"
State = Return.State


def clock() -> datetime:
    return NOW + timedelta(hours=1)


def later() -> datetime:
    return NOW + timedelta(hours=2)


def by(username: str, **roles: int) -> By:
    account = Account.objects.filter(username=username).first()
    if account is None:
        account = create_account(username, display_name=username, office="示例", password="Gaoshan-2024-liu", by=None, must_change=False)
    for role, place in roles.items():
        grant(account, role=role, place=place, since=date(2016, 1, 1), by=None)
    return By(username, ON, account, scope_of(account, on=ON))


ANYBODY = By("命令行", ON)


def submitted(place: int = KANGDING, who: By = ANYBODY) -> Return:
    return states.submit("status", place, OCTOBER, by=who, clock=clock, today=ON)


def test_from_draft_to_locked_with_a_sending_back_between(demo):
    clerk, officer = by("kangding"), by("zhouzhang")
    row = states.draft("status", KANGDING, OCTOBER, by=clerk, clock=clock)
    assert (row.state, row.frozen) == (State.draft, False)
    row = submitted(who=clerk)
    first = row.hash
    row = states.send_back(row, by=officer, clock=clock, why="两名新人未登记")
    assert (row.state, row.hash) == (State.returned, first)
    row = states.lock(submitted(who=clerk), by=officer, clock=clock)
    assert (row.state, row.version, Return.objects.filter(place=KANGDING, on=OCTOBER.on).count()) == (State.locked, 1, 1)
    told = [(step.actor, step.act, step.why) for step in row.steps.all()]
    assert told == [
        ("kangding", "draft", ""), ("kangding", "submit", ""), ("zhouzhang", "send_back", "两名新人未登记"),
        ("kangding", "submit", ""), ("zhouzhang", "lock", ""),
    ]  # fmt: skip
    with pytest.raises(Refusal, match="不能上报"):
        submitted(who=clerk)
    with pytest.raises(Refusal, match="不能退回"):
        states.send_back(row, by=officer, clock=clock, why="再看")


def test_who_may_submit_and_who_may_lock(demo):
    clerk, officer = by("kangding"), by("zhouzhang")
    own, viewer = by("kangding-zhuren", officer=KANGDING), by("chakan")
    with pytest.raises(Denied):
        submitted(JIULONG, clerk)
    with pytest.raises(Denied):
        submitted(KANGDING, viewer)
    row = submitted(who=clerk)
    with pytest.raises(Denied):
        states.lock(row, by=clerk, clock=clock)
    with pytest.raises(Refusal, match="上一级"):
        states.lock(row, by=own, clock=clock)
    with pytest.raises(Refusal, match="写明原因"):
        states.send_back(row, by=officer, clock=clock, why=" ")
    assert states.may_lock(row, officer)


def test_at_the_top_a_second_officer_locks(demo):
    officer, second = by("zhouzhang"), by("zhouzhang-2", officer=CITY)
    row = submitted(CITY, officer)
    with pytest.raises(Refusal, match="另一位主管"):
        states.lock(row, by=officer, clock=clock)
    assert states.lock(row, by=second, clock=clock).state == State.locked


def test_a_day_to_come_and_a_period_that_runs_backwards_are_refused(demo):
    for period, said in ((Period(ON, ON + timedelta(days=1)), "还没有到"), (Period(ON, ON - timedelta(days=1)), "晚于")):
        with pytest.raises(Refusal, match=said):
            states.submit("status", KANGDING, period, by=ANYBODY, clock=clock, today=ON)


def test_kept_and_read_back_it_is_the_same(demo):
    row = submitted()
    worked = thawed(Return.objects.get(pk=row.pk))
    assert (frozen(worked).hash, frozen(worked).behind_hash) == (row.hash, row.behind_hash)
    assert whole(row)
    row.content = row.content.replace('"on":"2026-10-30"', '"on":"2026-10-29"')
    assert not whole(row)
    Return.objects.filter(pk=row.pk).update(content=row.content)
    with pytest.raises(Refusal, match="对不上"):
        states.lock(Return.objects.get(pk=row.pk), by=ANYBODY, clock=clock)


def test_a_locked_return_worked_out_again_after_a_thousand_late_corrections_is_the_same(demo):
    """Every kind of late knowledge: departures and appointments dated back, corrected births and posts, moved residents."""
    rows = [states.lock(submitted(place), by=ANYBODY, clock=clock) for place in (KANGDING, CITY)]
    before = [(row.hash, row.behind_hash) for row in rows]
    written = _late_corrections(1_000)
    assert written == 1_000
    for row, hashes in zip(rows, before, strict=True):
        kept = Return.objects.get(pk=row.pk)
        made = again(kept)
        assert (made.hash, made.behind_hash) == hashes == (kept.hash, kept.behind_hash)
        assert made.content == kept.content
    fresh = submitted(JIULONG)
    assert again(fresh).hash == fresh.hash
    now, _ = states.now_known("status", CITY, OCTOBER, clock=later, today=ON)
    assert frozen(now).hash != before[1][0]


def _late_corrections(number: int) -> int:
    """As many entries, through the write door, each learnt today about days long past."""
    dice = Random(7)
    facts = reading.as_of_kind("appointment", on=OCTOBER.on)
    workers = sorted({row.subject for row in facts if row.place})
    appointments = {row.subject: row for row in facts}
    births = {row.subject: row for row in reading.as_of(workers, on=OCTOBER.on, kinds=["birth"])}
    homes = {row.subject: book_of(row.place // 10**6).id for row in facts}
    written = 0
    for at in range(number):
        subject = workers[dice.randrange(len(workers))]
        change = _late_change(at, subject, births, appointments, dice)
        if change is None:
            change = Record(subject, "training", OCTOBER.on - timedelta(days=at % 400), None, {"level": "county", "kind": "special"})
        commit(homes[subject], [change], actor="测试员", basis="补录", why="迟到的更正", clock=later)
        written += 1
    return written


def _late_change(at: int, subject: int, births, appointments, dice: Random) -> Change | None:
    day = date(2026, 10, 1) + timedelta(days=dice.randrange(28))
    if at % 4 == 0 and subject in births:
        row = births.pop(subject)
        moved = date.fromisoformat(row.data["date"]) - timedelta(days=400)
        return Correct(row.id, moved, None, {"date": moved.isoformat()})
    if at % 4 == 1 and subject in appointments:
        row = appointments.pop(subject)
        if row.until == OPEN_END and row.since < day:
            return Correct(row.id, row.since, day, row.data)
    if at % 4 == 2 and subject in appointments and appointments.pop(subject):
        return Record(subject, "departure", day, None, {"cause": dice.choice(["resignation", "retirement"])})
    return None


def test_a_correction_stands_beside_what_it_corrects(demo):
    officer = by("zhouzhang")
    row = states.lock(submitted(), by=officer, clock=clock)
    with pytest.raises(Refusal, match="完全相同"):
        states.correct(row, by=ANYBODY, clock=later, today=ON, why="核对")
    worker = thawed(row).behind.traits.subject[0]
    leaving = Record(int(worker), "departure", date(2026, 10, 12), None, {"cause": "resignation"})
    commit(book_of(KANGDING).id, [leaving], actor="测试员", basis="补录", why="迟到", clock=later)
    with pytest.raises(Refusal, match="写明原因"):
        states.correct(row, by=ANYBODY, clock=later, today=ON, why="")
    fresh = states.correct(row, by=ANYBODY, clock=later, today=ON, why="漏记一人离任")
    assert (fresh.version, fresh.state, fresh.corrects_id) == (2, State.submitted, row.pk)
    told = [thawed(one).cell(str(KANGDING), column) for one in (row, fresh) for column in ("in_service", "departures", "opening")]
    assert told[3:] == [told[0] - 1, told[1] + 1, told[2]]
    with pytest.raises(Refusal, match="订正"):
        states.correct(row, by=ANYBODY, clock=later, today=ON, why="再订正")
    fresh = states.lock(fresh, by=officer, clock=later)
    row = Return.objects.get(pk=row.pk)
    assert (row.state, fresh.state) == (State.corrected, State.locked)
    assert (again(row).hash, again(fresh).hash) == (row.hash, fresh.hash)


@pytest.fixture
def folder():
    own = site_policies() / "cn-5133-ganzi" / "2026-demo"
    copytree(POLICIES / "cn-5133-ganzi" / "2026-demo", own)
    _round(own, "进一", version=2)
    installed_law(reload=True)
    yield own
    rmtree(site_policies())
    installed._installed = None


def _round(folder: Path, rounding: str, *, version: int) -> None:
    source = POLICIES / "cn-5133-ganzi" / "2026-demo"
    heading = [line for line in (source / "document.yaml").read_text(encoding="utf-8").splitlines() if not line.startswith("version:")]
    (folder / "document.yaml").write_text("\n".join([*heading, f"version: {version}"]) + "\n", encoding="utf-8")
    values = (source / "values.yaml").read_text(encoding="utf-8")
    (folder / "values.yaml").write_text(values.replace("2026-01-01: 进一", f"2026-01-01: {rounding}"), encoding="utf-8")
    (folder / "cases.yaml").unlink(missing_ok=True)


def test_a_locked_return_keeps_the_law_it_was_made_under(demo, folder):
    row = states.lock(submitted(), by=ANYBODY, clock=clock)
    quota = thawed(row).cell(str(KANGDING), "quota").value
    _round(folder, "舍去", version=3)
    installed_law(reload=True)
    now, _ = states.now_known("status", KANGDING, OCTOBER, clock=later, today=ON)
    assert now.cell(str(KANGDING), "quota").value == quota - 1
    assert (again(row).hash, again(row).content) == (row.hash, row.content)
    assert row.law_hash != now.law_hash

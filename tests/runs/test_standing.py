"""Standing rows that must not fall behind: later knowledge, other places' facts, gone appointments, law that changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import rmtree

import pytest

from jiceng.base.dates import OPEN_END, day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Problems
from jiceng.places.tree import level_of, subject_of
from jiceng.runs import law as installed
from jiceng.runs import moments, rows, standing
from jiceng.runs.ask import ask_place, ask_worker
from jiceng.runs.binding import workers
from jiceng.runs.commit import Correct, Record, commit, erase, undo
from jiceng.runs.law import document_subject, installed_law, refused_law
from jiceng.runs.models import TODAY as TODAY_MOMENT
from jiceng.runs.models import Standing, State
from jiceng.runs.roster import AnswerFilter, RosterFilter, find, roster
from jiceng.runs.standing import moment_for
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, TODAY, Worker, at, book, population

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EVERYWHERE = [(0, 10**13)]


def names(moment: int) -> list[str]:
    return [row.name for row in roster(moment, ranges=EVERYWHERE, filters=RosterFilter()).rows]


def today(worker: Worker) -> Standing:
    return Standing.objects.get(moment_id=TODAY_MOMENT, subject=worker.subject)


def test_knowledge_up_to_the_end_of_today_gains_what_is_recorded_later_today(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1))
    tonight = datetime(2026, 11, 24, 15, 59, 59, 999_999, tzinfo=UTC)
    before = names(moment_for(on=date(2019, 1, 1), known_by=tonight, today=TODAY))
    Worker("卓玛示例", n=2).appoint(date(2018, 1, 1), on=TODAY)
    after = names(moment_for(on=date(2019, 1, 1), known_by=tonight, today=TODAY))
    Worker("尼玛示例", n=3).appoint(date(2018, 1, 1), on=TODAY + timedelta(days=1))
    assert (before, after) == (["格桑示例"], ["格桑示例", "卓玛示例"])
    assert names(moment_for(on=date(2019, 1, 1), known_by=tonight, today=TODAY)) == after


@pytest.mark.parametrize("piece", [1, 2, 5])
def test_a_day_built_in_pieces_misses_nobody(ganzi, monkeypatch, piece):
    monkeypatch.setattr(moments, "PIECE", piece)
    for n in range(5):
        Worker(f"示例{n}", n=n).appoint(date(2018, 1, 1))
    assert names(moment_for(on=date(2019, 1, 1), known_by=None, today=TODAY)) == [f"示例{n}" for n in range(5)]


def test_an_erased_person_stays_in_the_count_of_every_moment(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    then = datetime(2020, 1, 1, tzinfo=UTC)
    moment_for(on=date(2019, 1, 1), known_by=then, today=TODAY)
    erase(worker.subject, actor="测试员", basis="本人申请", why="删除", clock=at(date(2024, 1, 2)))
    assert names(moment_for(on=date(2019, 1, 1), known_by=then, today=TODAY)) == ["已删除"]
    assert names(moment_for(on=TODAY, known_by=None, today=TODAY)) == ["已删除"]


def test_a_worker_whose_only_appointment_was_never_so_has_no_row(ganzi):
    worker = Worker("格桑示例", n=1)
    entry = worker.appoint(date(2018, 1, 1))
    worker.write([Correct(entry.id << 20, None, None, None)], on=date(2024, 1, 1))
    assert names(TODAY_MOMENT) == []


def test_who_left_without_a_closed_appointment_is_not_in_service(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    worker.record("departure", date(2024, 1, 1), cause="resignation")
    assert (today(worker).state, today(worker).post, ask_worker(worker.subject, on=TODAY)["in_service"].value) == (State.left, None, 0)
    total = ask_place(COUNTY, on=TODAY, today=TODAY)["workers_total"]
    assert (total.value, total.why) == (0, "共 0 人")
    worker.appoint(date(2024, 1, 1), on=date(2024, 1, 1))
    assert (today(worker).state, ask_worker(worker.subject, on=TODAY)["in_service"].value) == (State.in_service, 1)


def test_horizons_see_what_is_recorded_for_later_days(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1), date(2027, 2, 1))
    worker.community = PLAIN_COMMUNITY
    worker.appoint(date(2027, 2, 1), on=date(2026, 1, 1))
    worker.record("contract", date(2025, 12, 1), date(2026, 12, 5), kind="street", signed="2025-12-01", ends="2027-11-30")
    worker.record("complete", date(2026, 12, 9), None, on=TODAY, kind="training", **{"from": "1900-01-01"})
    population(COUNTY, 256_000, on=date(2025, 1, 1))
    population(COUNTY, 300_000, on=date(2026, 12, 20))
    assert workers([worker.subject], on=TODAY, terms=installed_law().terms)[0].moves == date(2027, 2, 1)
    steps = ask_worker(worker.subject, on=TODAY)
    assert steps["contract_with_street"].horizon == date(2026, 12, 5)
    assert steps["last_trained"].horizon == date(2026, 12, 9)
    assert steps["worker_class"].horizon == date(2027, 2, 1)
    assert today(worker).next_change == date(2026, 12, 5)
    place = ask_place(COUNTY, on=TODAY, today=TODAY)
    assert (place["quota_exact"].horizon, place["workers_total"].horizon) == (date(2026, 12, 20), TODAY + timedelta(days=1))


def test_what_is_asked_about_a_month_has_an_answer_and_stands_on_no_row(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    law, regime = installed_law(), installed_law().regime(COMMUNITY, TODAY)
    of_a_month = {*law.answered(regime, "worker")} - {*law.standing(regime, "worker")}
    assert "month_days_served" in of_a_month
    standing.ensure(TODAY)
    assert ask_worker(worker.subject, on=TODAY)["month_days_served"].value == 30  # to the end of November
    assert of_a_month & today(worker).answers.keys() == set()


def test_a_county_that_has_told_counts_without_workers(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1))
    population(COUNTY, 20_000, on=date(2025, 1, 1))
    population(PLAIN_COUNTY, 50_000, on=date(2025, 1, 1))
    population(513323, 10_000, on=TODAY + timedelta(days=10))
    step = ask_place(CITY, on=date(2026, 6, 1), today=TODAY)["quota_exact"]
    assert (step.value, step.horizon) == (126_000_000, TODAY + timedelta(days=10))


def test_a_worker_stands_where_the_appointment_in_force_is(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    beside = {"post": "committee", "class": "committee_part_time"}
    worker.record("appointment", date(2020, 1, 1), date(2022, 1, 1), place=PLAIN_COMMUNITY, **beside)
    assert [rows.make_rows([worker.subject], moment=1, on=day, law=installed_law())[0].place for day in (date(2021, 1, 1), TODAY)] == [
        PLAIN_COMMUNITY, COMMUNITY,
    ]  # fmt: skip


def test_a_column_that_no_rule_asks_for_is_looked_at_again_when_its_fact_ends(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    worker.record("nation", date(2026, 1, 1), date(2026, 12, 1), nation="n01", on=TODAY)
    standing.ensure(TODAY)
    assert (today(worker).nation, today(worker).next_change) == (1, date(2026, 12, 1))
    standing.ensure(date(2026, 12, 1))
    assert today(worker).nation is None


def test_a_clock_set_back_brings_the_rows_back_too(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1), date(2027, 1, 1))
    standing.ensure(TODAY)
    standing.ensure(date(2027, 1, 1))
    assert today(worker).state == State.left
    standing.ensure(TODAY)
    assert today(worker).state == State.in_service


def test_a_fact_that_has_ended_or_not_begun_is_missing(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    worker.record("contract", date(2025, 1, 1), date(2025, 7, 1), kind="street", signed="2025-01-01", ends="2025-06-30")
    kinds = [ask_worker(worker.subject, on=day)["contract_due"].kind for day in (date(2024, 12, 31), date(2025, 6, 30), date(2025, 7, 1))]
    assert kinds == [AnswerKind.missing, AnswerKind.value, AnswerKind.missing]


def test_complete_since_a_day_after_hire_is_not_the_whole_history(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    worker.complete("appointment", since=date(2019, 1, 1), on=date(2019, 1, 1))
    assert ask_worker(worker.subject, on=TODAY)["community_months"].kind == AnswerKind.unchecked
    worker.complete("appointment", since=date(2018, 1, 1), on=date(2020, 1, 1))
    assert ask_worker(worker.subject, on=TODAY)["community_months"].kind == AnswerKind.value


def test_totals_leave_out_who_left_and_count_who_has_no_answer(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1), date(2020, 1, 1))
    serving = Worker("卓玛示例", n=2)
    serving.appoint(date(2018, 1, 1))
    Worker("尼玛示例", n=3).record("appointment", date(2018, 1, 1), place=COMMUNITY, **{"class": "dispatched", "post": "staff"})
    unclear = Worker("次仁示例", n=4)
    unclear.appoint(date(2018, 1, 1))
    standing.ensure(TODAY)
    answers = today(unclear).answers | {"in_quota": mark(AnswerKind.not_applicable)}
    Standing.objects.filter(subject=unclear.subject).update(answers=answers)
    total = ask_place(COUNTY, on=TODAY, today=TODAY)["workers_total"]
    assert (total.value, total.why) == (1, "共 3 人，其中 1 人不适用，没有计入")


def test_the_sixty_days_of_what_falls_due_end_before_the_sixty_first(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    soon = AnswerFilter("contract_due", from_day=TODAY, days=60)
    for days, listed in ((-1, 0), (0, 1), (59, 1), (60, 0)):
        answers = {"contract_due": day_number(TODAY + timedelta(days=days))}
        Standing.objects.filter(subject=worker.subject).update(answers=answers)
        assert len(find(TODAY_MOMENT, ranges=EVERYWHERE, filters=RosterFilter(answers=(soon,)))) == listed


def test_an_adopted_document_is_another_law_until_the_adoption_ends(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    before = installed_law(reload=True)
    document = next(one for one in before.documents if one.trust == "reprint")
    told = {"document": document.id, "office": "示例办公室"}
    adopt = Record(document_subject(document.id), "adoption", date(2026, 1, 1), None, told)
    entry = commit(book().id, [adopt], actor="测试员", act="adopt", basis="示例", why="核对", clock=at(TODAY))
    adopted = installed_law(reload=True)
    assert (adopted.document(document.id).trust, adopted.document(document.id).adopted_by) == ("adopted", "示例办公室")
    assert standing.ensure(TODAY) == 1
    assert today(worker).law_hash == adopted.hash != before.hash
    withdrawn = Correct(entry.id << 20, date(2026, 1, 1), TODAY, told)
    commit(book().id, [withdrawn], actor="测试员", basis="示例", why="撤回", clock=at(TODAY, 10))
    assert installed_law(reload=True).document(document.id).trust == "reprint"
    assert (standing.ensure(TODAY), today(worker).law_hash) == (1, before.hash)


def test_a_folder_broken_while_in_use_stops_nobody_and_is_told(ganzi, monkeypatch):
    law = installed_law(reload=True)
    folder = installed.site_policies() / "cn-9" / "2026-broken"
    folder.mkdir(parents=True)
    try:
        Path(folder, "document.yaml").write_text(": : [", encoding="utf-8")
        monkeypatch.setattr(installed._installed, "looked", time.monotonic() - installed._LOOK_AGAIN_SECONDS - 1)
        assert installed_law() is law
        told = refused_law()
        assert told is not None
        assert [problem.path for problem in told.problems if not problem.notice] == ["cn-9/2026-broken/document.yaml"]
        with pytest.raises(Problems):
            installed_law(reload=True)
    finally:
        rmtree(folder.parent)
    assert (installed_law(reload=True).hash, refused_law()) == (law.hash, None)


def test_rows_by_loops_and_one_by_one_are_the_same_on_every_day(ganzi, monkeypatch):
    ids = []
    for n in range(6):
        worker = Worker(f"示例{n}", n=n, community=COMMUNITY if n % 2 else PLAIN_COMMUNITY)
        worker.appoint(date(2018, 1, 1) + timedelta(days=100 * n), None if n else date(2030, 1, 1))
        if n % 3:
            worker.complete("training", on=date(2024, 1, 1))
            worker.train(date(2024, 3, 10))
        ids.append(worker.subject)
    law = installed_law()
    rows.make_loops(law)
    for day in (date(1, 1, 1), date(2018, 1, 1), TODAY, OPEN_END - timedelta(days=1), OPEN_END):
        alone = rows.make_rows(ids, moment=1, on=day, law=law)
        with monkeypatch.context() as patch:
            patch.setattr(rows, "FEW", 0)
            crowd = rows.make_rows(ids, moment=1, on=day, law=law)
        assert [(row.subject, row.state, row.answers) for row in crowd] == [(row.subject, row.state, row.answers) for row in alone]


SITE = """title: 示例走访办法
short: 走访
jurisdiction: "513324"
in_force: 2016-01-01
trust: reprint
"""
WORDS = """kinds:
  visit: {number: 901, name: 走访, of: worker, cardinality: event, record: Visit, fields: {hours: {name: 小时, type: int}}}
names:
  visits: {name: 走访, type: History, record: Visit, of: worker, history: visit}
"""
RULES = '''from jiceng.rules import Records, rule
from jiceng.terms import Visit


@rule(clause="一", title="走访小时")
def visit_hours(visits: Records[Visit]) -> int:
    """走访小时之和。"""
    hours = 0
    for v in visits:
        hours += v.hours
    return hours


@rule(clause="一", title="所在地户数")
def households_here(households: int) -> int:
    """所在地户数。"""
    return households
'''


@pytest.fixture
def site(ganzi: int) -> Iterator[None]:
    folder = installed.site_policies() / "cn-513324-jiulong" / "2016-visits"
    folder.mkdir(parents=True)
    for name, text in {"document.yaml": SITE, "terms.yaml": WORDS, "rules.py": RULES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    installed_law(reload=True)
    yield
    rmtree(folder.parent)
    installed_law(reload=True)


def test_a_kind_that_a_folder_brings_is_recorded_and_asked_for(site):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    worker.record("visit", date(2020, 1, 1), hours=3)
    entry = worker.record("visit", date(2020, 2, 1), hours=4)
    assert (ask_worker(worker.subject, on=TODAY)["visit_hours"].value, today(worker).answers["visit_hours"]) == (7, 7)
    undo(entry.id, actor="测试员", why="错了", clock=at(TODAY))
    assert (ask_worker(worker.subject, on=TODAY)["visit_hours"].value, today(worker).answers["visit_hours"]) == (3, 3)


def test_a_fact_of_a_place_reaches_the_rows_of_those_who_work_there(site):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    past = moment_for(on=date(2021, 1, 1), known_by=None, today=TODAY)
    told = Record(subject_of(COMMUNITY, level_of(COMMUNITY)), "households", date(2020, 1, 1), None, {"households": 900})
    commit(book().id, [told], actor="测试员", basis="示例", why="登记", clock=at(TODAY))
    assert today(worker).answers["households_here"] == 900
    assert moment_for(on=date(2021, 1, 1), known_by=None, today=TODAY) == past
    assert Standing.objects.get(moment_id=past).answers["households_here"] == 900

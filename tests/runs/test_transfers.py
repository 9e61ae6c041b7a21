"""A move between two 示例 schemes (J8): looked at, made as one act in two books, undone as one, and what is said when the past changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jiceng.base.kinds import AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.ids import book_of_entry
from jiceng.ledger.models import Entry
from jiceng.places import tree
from jiceng.runs import bulk_acts
from jiceng.runs.ask import ask_worker
from jiceng.runs.commit import Correct, Record, commit, undo
from jiceng.runs.transferred import transfers, transfers_of
from jiceng.runs.transfers import Agreed, Decided, Wanted, look, record_transfer
from tests.runs.world import Worker, at, book

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

A, B, NEAR = 513201100002, 513401001003, 513224100001  # 马尔康、西昌、松潘
DAY, TODAY = date(2026, 7, 1), date(2026, 7, 20)
AGREED = Agreed("马尔康示例办公室", date(2026, 6, 1), "西昌示例办公室", date(2026, 6, 10), "四川示例办公室", date(2026, 6, 20))


@pytest.fixture
def worker():
    """Eight years at A, the one of 2024 failed: by A's rule seven."""
    book(513401)
    who = Worker("甲某（示例）", n=1, community=A)
    who.appoint(date(2018, 3, 1), on=date(2018, 3, 2))
    who.record("grading", date(2024, 7, 1), on=date(2024, 7, 2), grade=6)
    for year in range(2018, 2026):
        result = "fail" if year == 2024 else "pass"
        who.record("assessment", date(year, 12, 31), on=date(year + 1, 1, 5), year=year, result=result)
    for kind in ("assessment", "appointment"):
        who.complete(kind, on=date(2026, 1, 6))
    return who


def wanted(who, **changes) -> Wanted:
    return replace(Wanted(who.subject, DAY, B, "staff", "full_time_staff", AGREED), **changes)


def made(who, **changes) -> list[Entry]:
    clock = at(TODAY)
    seen = look(wanted(who, **changes), clock=clock)
    return record_transfer(seen, [], heads=bulk_acts.book_heads(), actor="测试员", basis="示例批复", why="调动", clock=clock)


def said(who, *names, on) -> list:
    steps = ask_worker(who.subject, on=on)
    return [steps[name].value if steps[name].kind is AnswerKind.value else steps[name].kind.name for name in names]


def cited(step) -> str:
    return step.definition.document.id


def test_a_look_gives_both_sides_with_the_clause_of_each(worker):
    seen = look(wanted(worker), clock=at(TODAY))
    assert (seen.left, seen.same, seen.grade_before, seen.grade, seen.undecided, seen.lacking) == (A, False, 6, 8, False, ())
    values = {p.name: (p.before and p.before.value, p.after and p.after.value) for p in seen.pairs}
    since = (date(2019, 3, 1) - date(1970, 1, 1)).days
    assert values == {
        "monthly_pay": (410_000, 395_000), "retained_pay": (0, 15_000), "pay_with_retained": (410_000, 410_000),
        "worked_years": (7, 7), "years_since": (since, since), "grade_due": (6, 8), "post_class": (3, 3),
    }  # fmt: skip
    pay = next(p for p in seen.pairs if p.name == "monthly_pay")
    assert (cited(pay.before), cited(pay.after)) == ("cn-5132-aba/2026-demo", "cn-5134-liangshan/2026-demo")
    assert {cited(one) for one in (seen.mapped, *seen.mapped.inputs) if one.definition} == {
        "cn-5134-liangshan/2026-demo", "cn-51-sichuan/2026-demo"
    }  # fmt: skip


def test_the_act_is_one_number_in_two_books(worker):
    before = Entry.objects.count()
    entries = made(worker)
    assert [book_of_entry(entry.id) for entry in entries] == [worker.home.id, book(513401).id]
    assert [(entry.act, entry.batch) for entry in entries] == [("move", entries[0].id)] * 2
    assert Entry.objects.count() == before + 2


def test_after_the_move_grade_pay_retained_and_years(worker):
    made(worker)
    names = ("monthly_pay", "retained_pay", "pay_with_retained", "worked_years")
    assert said(worker, *names, on=DAY) == [395_000, 15_000, 410_000, 7]
    assert said(worker, *names, on=date(2027, 1, 1)) == [405_000, 5_000, 410_000, 7]
    assert said(worker, *names, on=date(2028, 1, 1)) == [425_000, 0, 425_000, 8]
    assert said(worker, "monthly_pay", "retained_pay", "worked_years", on=DAY - timedelta(days=1)) == [410_000, 0, 7]


def test_undoing_either_half_undoes_both_and_undoing_that_restores_both(worker):
    entries = made(worker)
    gone = undo(entries[1].id, actor="测试员", why="批复作废", clock=at(TODAY, 10))
    assert gone.undoes == entries[1].id
    assert set(Entry.objects.filter(act="undo").values_list("undoes", flat=True)) == {entry.id for entry in entries}
    assert said(worker, "monthly_pay", on=DAY) == [410_000]
    undo(gone.id, actor="测试员", why="批复仍有效", clock=at(TODAY, 11))
    assert said(worker, "monthly_pay", "retained_pay", on=DAY) == [395_000, 15_000]


@pytest.mark.parametrize(("grade", "to"), [(4, B), (6, 513301001001)])
def test_a_pair_the_map_does_not_name_waits_for_a_decision(worker, grade, to):
    worker.record("grading", date(2026, 5, 1), on=date(2026, 5, 2), grade=grade)
    seen = look(wanted(worker, to=to), clock=at(TODAY))
    assert (seen.grade_before, seen.grade, seen.undecided) == (grade, None, True)
    with pytest.raises(Refusal) as refused:
        made(worker, to=to)
    assert refused.value.id == "transfer.undecided"
    made(worker, to=to, decided=Decided(5, "示例认定办公室", "city"))
    step = ask_worker(worker.subject, on=DAY)["monthly_pay"]
    assert next(one.value for one in step.inputs if one.name == "recorded_grade") == 5


def test_a_decision_against_the_map_is_refused(worker):
    with pytest.raises(Refusal) as refused:
        look(wanted(worker, decided=Decided(9, "示例认定办公室", "city")), clock=at(TODAY))
    assert refused.value.id == "transfer.decided_grade"


def test_inside_one_scheme_grade_and_years_stay_and_nothing_is_carried(worker):
    seen = look(wanted(worker, to=NEAR), clock=at(TODAY))
    assert (seen.same, seen.grade, seen.carried, seen.mapped) == (True, 6, {}, None)
    made(worker, to=NEAR)
    assert said(worker, "monthly_pay", "retained_pay", "worked_years", on=DAY) == [410_000, 0, 7]


def test_what_the_place_left_cannot_say_is_told_and_stays_missing(worker):
    told = reading.history([worker.subject], on=TODAY, kinds=["complete"])
    fact = next(one.id for one in told if one.data["kind"] == "assessment")
    commit(worker.home, [Correct(fact, None, None, None)], actor="测试员", basis="测试", why="测试", clock=at(date(2026, 6, 1)))
    seen = look(wanted(worker), clock=at(TODAY))
    assert [title for title, _ in seen.lacking] == ["年限起算日"]
    made(worker)
    assert said(worker, "worked_years", "retained_pay", on=DAY) == ["missing", 15_000]


def test_a_late_correction_of_the_past_is_told_and_changes_nothing_by_itself(worker):
    made(worker)
    assert [one.differing for one in transfers_of(worker.subject, on=TODAY, known_by=None)] == [()]
    late = Record(worker.subject, "assessment", date(2025, 12, 31), None, {"year": 2025, "result": "fail"})
    commit(worker.home, [late], actor="测试员", basis="测试", why="更正", clock=at(date(2026, 8, 3)))
    assert said(worker, "worked_years", on=DAY) == [7]
    found = transfers(tree.ranges(5134), on=date(2026, 8, 4), known_by=None, most=10)
    assert [[(one.title, one.recorded, one.now) for one in done.differing] for done in found] == [
        [("年限起算日", "2019-03-01", "2020-03-01")]
    ]


@pytest.mark.parametrize(
    ("changes", "id"),
    [
        ({"to": A}, "transfer.same_place"),
        ({"day": date(2018, 3, 1)}, "transfer.not_serving"),
        ({"agreed": replace(AGREED, approved_on=date(2026, 7, 2))}, "transfer.agreed_late"),
        ({"agreed": replace(AGREED, from_on=date(2026, 6, 21))}, "transfer.agreed_late"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(worker, changes, id):
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        made(worker, **changes)
    assert (refused.value.id, Entry.objects.count()) == (id, before)


def test_a_look_that_is_out_of_date_is_refused(worker):
    heads = bulk_acts.book_heads()
    seen = look(wanted(worker), clock=at(TODAY))
    worker.record("grading", date(2026, 5, 1), on=date(2026, 7, 19), grade=5)
    with pytest.raises(Refusal) as refused:
        record_transfer(seen, [], heads=heads, actor="测试员", basis="示例批复", why="调动", clock=at(TODAY))
    assert refused.value.id == "bulk.moved"

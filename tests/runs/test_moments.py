"""Any past day, and any day as known then; the roster and its pages; undo and erasure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jiceng.base.refusals import Refusal
from jiceng.runs.commit import Correct, erase, undo
from jiceng.runs.models import TODAY as TODAY_MOMENT
from jiceng.runs.models import Moment, Standing, State
from jiceng.runs.roster import RosterFilter, roster
from jiceng.runs.standing import moment_for
from tests.runs.world import COMMUNITY, PLAIN_COMMUNITY, TODAY, Worker, at, id_number

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EVERYWHERE = [(0, 10**13)]


def names(moment: int, **filters: object) -> list[str]:
    return [row.name for row in roster(moment, ranges=EVERYWHERE, filters=RosterFilter(**filters)).rows]  # type: ignore[arg-type]


def test_roster_of_a_past_day_is_the_roster_of_that_day(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1), date(2020, 1, 1))
    Worker("卓玛示例", n=2).appoint(date(2019, 6, 1))
    assert [names(moment_for(on=day, known_by=None, today=TODAY)) for day in (date(2018, 1, 1), date(2019, 12, 31), date(2020, 1, 1))] == [
        ["格桑示例"],
        ["格桑示例", "卓玛示例"],
        ["卓玛示例"],
    ]
    assert names(moment_for(on=TODAY, known_by=None, today=TODAY), state=State.left) == ["格桑示例"]


def test_as_known_then_does_not_know_what_was_recorded_later(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1), on=date(2018, 3, 1))
    on = date(2018, 2, 1)
    early = moment_for(on=on, known_by=datetime(2018, 2, 15, tzinfo=UTC), today=TODAY)
    later = moment_for(on=on, known_by=datetime(2018, 3, 2, tzinfo=UTC), today=TODAY)
    assert (names(early), names(later)) == ([], ["格桑示例"])


def test_a_past_day_is_built_once_and_follows_later_entries(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1))
    day = date(2019, 1, 1)
    first = moment_for(on=day, known_by=None, today=TODAY)
    seen = [names(first)]
    late = Worker("卓玛示例", n=2).appoint(date(2018, 6, 1), on=date(2024, 3, 1))
    seen.append(names(moment_for(on=day, known_by=None, today=TODAY)))
    undo(late.id, actor="测试员", why="记错了人", clock=at(date(2024, 3, 2)))
    assert moment_for(on=day, known_by=None, today=TODAY) == first
    seen.append(names(first))
    assert seen == [["格桑示例"], ["格桑示例", "卓玛示例"], ["格桑示例"]]
    assert Moment.objects.count() == 2


def test_correction_and_undo_are_seen_at_once(ganzi):
    worker = Worker("格桑示例", n=1)
    entry = worker.appoint(date(2018, 1, 1), post="staff")
    fact = entry.id << 20
    wrong = worker.write([Correct(fact, date(2018, 1, 1), None, {"post": "grid", "class": "full_time_staff"})], on=date(2024, 1, 1))
    post = Standing.objects.get(moment_id=TODAY_MOMENT, subject=worker.subject).post
    undo(wrong.id, actor="测试员", why="改错了", clock=at(date(2024, 1, 2)))
    again = Standing.objects.get(moment_id=TODAY_MOMENT, subject=worker.subject).post
    assert (post, again) == (8, 7)
    with pytest.raises(Refusal) as refused:
        undo(wrong.id, actor="测试员", why="再撤一次", clock=at(date(2024, 1, 3)))
    assert refused.value.id == "ledger.undone"


def test_an_erased_person_has_no_name_in_any_moment(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    past = moment_for(on=date(2019, 1, 1), known_by=None, today=TODAY)
    assert names(past) == ["格桑示例"]
    erase(worker.subject, actor="测试员", basis="本人申请", why="删除", clock=at(date(2024, 1, 2)))
    assert names(moment_for(on=date(2019, 1, 1), known_by=None, today=TODAY)) == ["已删除"]
    assert not Standing.objects.filter(name="格桑示例").exists()


def test_search_by_name_initials_and_whole_number(ganzi):
    one = Worker("单增示例", n=1)
    one.appoint(date(2018, 1, 1))
    Worker("卓玛示例", n=2).appoint(date(2018, 1, 1))
    number = id_number(1, date(1985, 6, 1))
    assert [names(TODAY_MOMENT, search=text) for text in ("单增", "szsl", "shanzeng", number, number[:-1] + "0")] == [["单增示例"]] * 4 + [
        []
    ]


def test_pages_meet_without_overlap_and_go_back(ganzi):
    for n in range(7):
        Worker(f"示例{n}", n=n, community=COMMUNITY if n % 2 else PLAIN_COMMUNITY).appoint(date(2018, 1, 1))
    moment = moment_for(on=TODAY, known_by=None, today=TODAY)
    first = roster(moment, ranges=EVERYWHERE, filters=RosterFilter(), size=3)
    second = roster(moment, ranges=EVERYWHERE, filters=RosterFilter(), size=3, after=first.after)
    third = roster(moment, ranges=EVERYWHERE, filters=RosterFilter(), size=3, after=second.after)
    back = roster(moment, ranges=EVERYWHERE, filters=RosterFilter(), size=3, before=second.before)
    assert [len(page.rows) for page in (first, second, third)] == [3, 3, 1]
    assert (first.before, third.after, first.count) == (None, None, 7)
    assert [row.subject for row in back.rows] == [row.subject for row in first.rows]


def test_outside_the_ranges_there_is_no_row(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1))
    page = roster(TODAY_MOMENT, ranges=[(513322000000, 513322999999)], filters=RosterFilter())
    none = roster(TODAY_MOMENT, ranges=[], filters=RosterFilter())
    assert (page.rows, page.count, none.rows, none.count) == ((), 0, (), 0)

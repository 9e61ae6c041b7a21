"""J7: training, nobody slips; and the 400 days of W15."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiceng.base.dates import day_date
from jiceng.base.kinds import AnswerKind
from jiceng.runs import standing
from jiceng.runs.ask import ask_worker
from jiceng.runs.models import TODAY as TODAY_MOMENT
from jiceng.runs.models import Standing
from jiceng.runs.roster import AnswerFilter, RosterFilter, find
from jiceng.runs.rows import make_rows
from tests.runs.world import COMMUNITY, PLAIN_COMMUNITY, Worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def head(ganzi: int) -> Worker:
    worker = Worker("格桑示例", n=1, community=PLAIN_COMMUNITY)
    worker.appoint(date(2020, 1, 1), post="secretary_director")
    worker.complete("training", on=date(2024, 1, 1))
    worker.train(date(2024, 3, 10))
    worker.train(date(2025, 11, 2))
    return worker


def test_head_is_overdue_from_the_day_after_the_anniversary(head):
    steps = ask_worker(head.subject, on=date(2025, 6, 1))
    assert day_date(steps["training_overdue_from"].value) == date(2025, 3, 11)
    assert steps["training_overdue"].value == 1
    assert [
        ask_worker(head.subject, on=day, rule="training_overdue")["training_overdue"].value
        for day in (date(2025, 3, 10), date(2025, 3, 11))
    ] == [0, 1]
    assert ask_worker(head.subject, on=date(2025, 11, 2), rule="training_overdue")["training_overdue"].value == 0


def test_calendar_year_reading_of_a_county_moves_the_due_date(ganzi):
    worker = Worker("卓玛示例", n=2, community=COMMUNITY)
    worker.appoint(date(2020, 1, 1), post="secretary")
    worker.complete("training", on=date(2024, 1, 1))
    worker.train(date(2025, 3, 10))
    before, after = (
        ask_worker(worker.subject, on=day, rule="training_due")["training_due"] for day in (date(2026, 2, 28), date(2026, 3, 2))
    )
    assert (day_date(before.value), day_date(after.value)) == (date(2026, 3, 10), date(2026, 12, 31))


def test_never_trained_is_due_from_hire_and_unknown_is_in_neither_total(ganzi):
    never = Worker("次仁示例", n=3, community=PLAIN_COMMUNITY)
    never.appoint(date(2021, 5, 1))
    never.complete("training", on=date(2021, 5, 1))
    unknown = Worker("扎西示例", n=4, community=PLAIN_COMMUNITY)
    unknown.appoint(date(2021, 5, 1))
    on = date(2025, 6, 1)
    assert day_date(ask_worker(never.subject, on=on)["training_due"].value) == date(2024, 5, 1)
    assert ask_worker(unknown.subject, on=on)["training_due"].kind == AnswerKind.unchecked
    standing.refresh([never.subject, unknown.subject], on=on)
    everywhere = [(0, 10**13)]

    def listed(wanted: AnswerFilter) -> list[int]:
        return find(TODAY_MOMENT, ranges=everywhere, filters=RosterFilter(answers=(wanted,))).subjects.tolist()

    assert listed(AnswerFilter("training_overdue", equals=1)) == [never.subject]
    assert listed(AnswerFilter("training_overdue", equals=0)) == []
    assert listed(AnswerFilter("training_overdue", kind=AnswerKind.unchecked)) == [unknown.subject]


def test_a_leap_day_is_due_on_the_last_of_february(ganzi):
    worker = Worker("洛桑示例", n=5, community=PLAIN_COMMUNITY)
    worker.appoint(date(2020, 1, 1))
    worker.complete("training", on=date(2020, 1, 1))
    worker.train(date(2024, 2, 29))
    assert day_date(ask_worker(worker.subject, on=date(2026, 1, 1))["training_due"].value) == date(2027, 2, 28)


def test_four_hundred_days_without_a_write_equal_a_fresh_computation_each_day(head, ganzi):
    probation = Worker("拉姆示例", n=6, community=COMMUNITY)
    probation.appoint(date(2025, 12, 1))
    probation.record("probation", date(2025, 12, 1), None, ends="2026-02-28")
    probation.record("contract", date(2025, 12, 1), date(2026, 12, 1), kind="street", signed="2025-12-01", ends="2026-11-30")
    leaver = Worker("尼玛示例", n=7, community=COMMUNITY)
    leaver.appoint(date(2016, 7, 1), date(2026, 5, 5), post="secretary", on=date(2016, 7, 1))
    leaver.record("term", date(2021, 5, 6), date(2026, 5, 6), body="支部", post="secretary", **{"from": "2021-05-06", "to": "2026-05-05"})
    leaver.complete("term", on=date(2021, 5, 6))
    leaver.complete("appointment", on=date(2021, 5, 6))
    ids = [head.subject, probation.subject, leaver.subject]
    start = date(2025, 12, 2)
    standing.refresh(ids, on=start)
    law = standing.installed_law()
    refreshed = 0
    for days in range(401):
        today = start + timedelta(days=days)
        refreshed += standing.ensure(today)
        kept = {row.subject: (row.state, row.place, row.post, row.answers) for row in Standing.objects.filter(moment_id=TODAY_MOMENT)}
        fresh = {
            row.subject: (row.state, row.place, row.post, row.answers) for row in make_rows(ids, moment=TODAY_MOMENT, on=today, law=law)
        }
        assert kept == fresh, f"{today}: {kept} != {fresh}"
    assert refreshed < 401 * len(ids) / 2, "next-change dates spare most of the work"

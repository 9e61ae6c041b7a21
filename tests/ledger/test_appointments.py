"""Full-time work in two places at once is refused; a move and part-time work are not."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.runs.commit import Correct, Record
from tests.runs.world import COMMUNITY, PLAIN_COMMUNITY, Worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def worker() -> Worker:
    made = Worker("格桑示例", n=1, community=COMMUNITY)
    made.appoint(date(2018, 1, 1))
    made.community = PLAIN_COMMUNITY
    return made


def test_a_second_full_time_appointment_elsewhere_is_refused_naming_both(worker):
    with pytest.raises(Refusal) as refused:
        worker.appoint(date(2024, 5, 1))
    assert refused.value.id == "ledger.appointments_overlap"
    assert refused.value.what == (
        f"两段专职任职在时间上重叠：区划 {COMMUNITY} 自 2018年1月1日至今；区划 {PLAIN_COMMUNITY} 自 2024年5月1日至今"
    )


def test_one_that_ends_the_day_the_other_begins_is_a_move(worker):
    staff = {"post": "staff", "class": "full_time_staff"}
    held = next(fact for fact in reading.history([worker.subject], on=date(2024, 1, 1), kinds=["appointment"]))
    day = date(2024, 5, 1)
    changes = [
        Correct(held.id, held.since, day, held.data),
        Record(worker.subject, "appointment", day, None, staff, place=PLAIN_COMMUNITY),
    ]
    worker.write(changes, on=day)
    found = reading.history([worker.subject], on=day, kinds=["appointment"])
    assert [(fact.place, fact.since) for fact in found] == [(COMMUNITY, date(2018, 1, 1)), (PLAIN_COMMUNITY, day)]


def test_part_time_work_elsewhere_is_no_overlap(worker):
    entry = worker.record("appointment", date(2024, 5, 1), place=PLAIN_COMMUNITY, post="committee", **{"class": "committee_part_time"})
    assert entry.facts == 1

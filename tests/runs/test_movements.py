"""Arrivals, departures and moves between two days, and that with them opening and closing always agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from jiceng.places import tree
from jiceng.runs.commit import Correct
from jiceng.runs.models import State
from jiceng.runs.movements import UNRECORDED, Movement, Movements, movements
from jiceng.runs.roster import RosterFilter, find
from jiceng.runs.standing import moment_for
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, TODAY, Worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SINCE, UNTIL = date(2024, 1, 1), date(2024, 7, 1)


def of(place: int, *, known_by: datetime | None = None) -> Movements:
    return movements(place, since=SINCE, until=UNTIL, known_by=known_by)


def counts(found: Movements) -> tuple[int, int, int, int]:
    return len(found.arrivals), len(found.departures), len(found.moved_in), len(found.moved_out)


def in_service(place: int, on: date) -> int:
    moment = moment_for(on=on, known_by=None, today=TODAY)
    return len(find(moment, ranges=[tree.span(place)], filters=RosterFilter(state=State.in_service)))


def appoint(worker: Worker, place: int, since: date, until: date | None = None, *, on: date | None = None, full_time: bool = True) -> None:
    held = {"class": "full_time_staff" if full_time else "committee_part_time"}
    worker.record("appointment", since, until, on=on, place=place, post="staff", **held)


def test_nobody_moves_where_nothing_changes(ganzi):
    Worker("格桑示例", n=1).appoint(date(2018, 1, 1))
    assert of(CITY).steps == ()
    assert movements([], since=SINCE, until=UNTIL, known_by=None).steps == ()


def test_first_and_last_day_of_a_period(ganzi):
    for n, day in enumerate([SINCE - timedelta(days=1), SINCE, UNTIL - timedelta(days=1), UNTIL]):
        Worker(f"示例{n}", n=n).appoint(day)
    found = of(COUNTY)
    assert [step.day for step in found.arrivals] == [SINCE, UNTIL - timedelta(days=1)]
    assert counts(found) == (2, 0, 0, 0)


def test_departures_by_cause_with_closed_unclosed_and_unexplained_appointments(ganzi):
    closed, unclosed, unexplained, later = (Worker(f"示例{n}", n=n) for n in range(4))
    appoint(closed, COMMUNITY, date(2018, 1, 1), date(2024, 3, 1), on=date(2024, 3, 1))
    closed.record("departure", date(2024, 3, 1), cause="retirement")
    appoint(unclosed, COMMUNITY, date(2018, 1, 1))
    unclosed.record("departure", date(2024, 4, 1), cause="resignation")
    appoint(unexplained, COMMUNITY, date(2018, 1, 1), date(2024, 5, 1), on=date(2024, 5, 1))
    appoint(later, COMMUNITY, date(2018, 1, 1), date(2024, 6, 1), on=date(2024, 6, 1))
    later.record("departure", date(2024, 7, 15), cause="resignation")
    found = of(COUNTY)
    assert {cause: [step.subject for step in steps] for cause, steps in found.by_cause.items()} == {
        "resignation": [unclosed.subject, later.subject],
        "retirement": [closed.subject],
        UNRECORDED: [unexplained.subject],
    }
    assert list(found.by_cause) == ["resignation", "retirement", UNRECORDED]


def test_a_move_is_neither_arrival_nor_departure_and_no_change_for_the_whole(ganzi):
    worker = Worker("格桑示例", n=1)
    appoint(worker, COMMUNITY, date(2018, 1, 1), date(2024, 3, 1), on=date(2024, 3, 1))
    worker.record("departure", date(2024, 3, 1), cause="transfer")
    appoint(worker, PLAIN_COMMUNITY, date(2024, 3, 1))
    assert of(COUNTY).moved_out == (Movement(worker.subject, date(2024, 3, 1), COMMUNITY, PLAIN_COMMUNITY),)
    assert [counts(of(place)) for place in (CITY, COUNTY, PLAIN_COUNTY)] == [(0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0)]
    assert of(CITY).inside(COUNTY) == of(COUNTY)
    with pytest.raises(ValueError, match="lies outside"):
        of(COUNTY).inside(PLAIN_COUNTY)


def test_who_leaves_and_comes_again_did_both(ganzi):
    worker = Worker("格桑示例", n=1)
    appoint(worker, COMMUNITY, date(2018, 1, 1), date(2024, 2, 1), on=date(2024, 2, 1))
    worker.record("departure", date(2024, 2, 1), cause="resignation")
    appoint(worker, COMMUNITY, date(2024, 5, 1))
    found = of(COUNTY)
    assert (counts(found), found.net) == ((1, 1, 0, 0), 0)


def test_another_appointment_at_the_same_place_on_the_same_day_is_no_step(ganzi):
    worker = Worker("格桑示例", n=1)
    appoint(worker, COMMUNITY, date(2018, 1, 1), date(2024, 3, 1), on=date(2024, 3, 1))
    appoint(worker, COMMUNITY, date(2024, 3, 1))
    assert of(COUNTY).steps == ()


def test_what_was_learnt_later_is_not_known_earlier(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    gone = worker.record("departure", date(2024, 3, 1), on=date(2024, 9, 1), cause="resignation")
    worker.write([Correct(gone.id << 20, date(2024, 3, 1), None, {"cause": "retirement"})], on=date(2024, 10, 1))
    told = [list(of(COUNTY, known_by=datetime(2024, month, 15, tzinfo=UTC)).by_cause) for month in (8, 9, 10)]
    assert told == [[], ["resignation"], ["retirement"]]


@pytest.mark.parametrize("seed", range(4))
def test_opening_and_steps_give_closing_at_every_level(ganzi, seed):
    dice = Random(seed)
    places = [COMMUNITY, COMMUNITY + 1, PLAIN_COMMUNITY]
    for n in range(12):
        worker, day, at, spells = Worker(f"示例{n}", n=n), date(2023, 6, 1) + timedelta(days=dice.randrange(200)), dice.choice(places), 3
        while spells and day < date(2025, 1, 1):
            until = day + timedelta(days=dice.randrange(20, 200))
            closed = dice.random() < 0.6
            appoint(worker, at, day, until if closed else None, on=day, full_time=False)
            if not closed or dice.random() < 0.7:
                worker.record("departure", until, on=until, cause=dice.choice(["resignation", "retirement", "transfer"]))
            day = until + timedelta(days=dice.choice([0, 0, 1, 40]))
            others = [place for place in places if place != at]
            at, spells = dice.choice(others), spells - 1
    bounds = [date(2023, 8, 15), date(2024, 1, 1), date(2024, 2, 10), date(2024, 9, 1)]
    seen = 0
    for since, until in pairwise(bounds):
        whole = movements(CITY, since=since, until=until, known_by=None)
        seen += len(whole.moved_in) + len(whole.arrivals) + len(whole.departures)
        for place in (CITY, COUNTY, PLAIN_COUNTY, *places):
            found = movements(place, since=since, until=until, known_by=None)
            assert whole.inside(place) == found
            opening, closing = (in_service(place, day - timedelta(days=1)) for day in (since, until))
            assert (place, opening + found.net) == (place, closing)
        assert sum(len(whole.inside(place).arrivals) for place in places) == len(whole.arrivals)
        assert sum(len(whole.inside(place).departures) for place in places) == len(whole.departures)
    assert seen > 12

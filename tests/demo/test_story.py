"""The invented history: in order, whole, the same every time, and with the people the journeys ask for."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache
from itertools import count

from jiceng.demo.by_hand import COHORT_COMMUNITY, RESIDENTS, WITHOUT_POPULATION
from jiceng.demo.story import Begin, Story
from jiceng.demo.years import HELD_BACK_DAYS, told

ON = date(2026, 11, 24)
COMMUNITIES = {COHORT_COMMUNITY: "光明社区居民委员会", 513301001001: "向阳社区居民委员会", 513301002001: "公主桥社区居民委员会"}


@lru_cache(maxsize=4)
def story(county: int = 513301, on: date = ON) -> Story:
    return told(county, communities=COMMUNITIES, heads=16, on=on, seed=2016, numbers=count(1), taken=set())


def test_same_seed_same_story():
    again = told(513301, communities=COMMUNITIES, heads=16, on=ON, seed=2016, numbers=count(1), taken=set())
    assert again.acts() == story().acts()


def test_acts_come_in_time_order_and_all_lie_before_the_day():
    days = [act.day for act in story().acts()]
    assert days == sorted(days)
    assert (days[0], max(days) < ON) == (date(2016, 3, 1), True)


def test_nobody_gets_facts_after_leaving():
    left = {life.number: life.left for life in story().lives if life.left}
    late = [
        line
        for act in story().acts()
        for line in act.lines
        if isinstance(line, Begin)
        and line.worker in left
        and line.kind not in ("departure", "assessment")
        and line.since > left[line.worker]
    ]
    assert late == []


def test_every_worker_is_introduced_once_with_name_birth_and_appointment():
    for kind in ("person", "birth", "community_start"):
        seen = Counter(line.worker for act in story().acts() for line in act.lines if isinstance(line, Begin) and line.kind == kind)
        assert seen == Counter({life.number: 1 for life in story().lives})


def test_every_community_has_a_head_today():
    heads = {life.community for life in story().serving() if life.post in ("secretary", "secretary_director")}
    assert heads == set(COMMUNITIES)


def test_cohort_of_the_training_journey():
    trained = {}
    for act in story().acts():
        for line in act.lines:
            if isinstance(line, Begin) and line.kind == "training":
                trained.setdefault(line.worker, []).append(line.since)
    cohort = {life.started: life for life in story().serving(COHORT_COMMUNITY) if life.settled and life.post == "staff"}
    head = next(life for life in story().serving(COHORT_COMMUNITY) if life.settled and life.head)
    assert trained[head.number][-2:] == [date(2024, 3, 10), date(2025, 11, 2)]
    assert cohort[date(2021, 5, 1)].number not in trained
    assert cohort[date(2012, 6, 1)].number not in trained
    assert trained[cohort[date(2019, 8, 1)].number] == [date(2024, 2, 29)]


def test_residents_are_reported_by_every_county_but_one():
    def reported(county: int) -> list[int]:
        return [
            line.fields["urban_residents"]
            for act in story(county).acts()
            for line in act.lines
            if getattr(line, "kind", "") == "population"
        ]

    assert reported(513301)[-1] == RESIDENTS[513301] == 256_000
    assert reported(WITHOUT_POPULATION) == []


def test_only_those_hired_lately_are_left_for_the_workbooks():
    held = [life for life in story().lives if life.only_in_workbook]
    assert [life for life in held if (ON - life.started).days >= HELD_BACK_DAYS] == []
    assert sorted(life.number for life in held) == sorted(
        life.number for life in story().serving() if (ON - life.started).days < HELD_BACK_DAYS
    )


def test_a_story_told_on_a_leap_day_ends_there():
    acts = story(513322, date(2024, 2, 29)).acts()
    assert max(act.day for act in acts) < date(2024, 2, 29)

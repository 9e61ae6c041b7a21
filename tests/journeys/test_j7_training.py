"""J7 without the planner: training, nobody slips. Readings, known none, unknown, 29 February, 400 days without a write."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from jiceng.ledger.models import Entry
from jiceng.runs import standing
from jiceng.runs.roster import RosterFilter, roster
from tests.journeys.conftest import card_text
from tests.runs.world import COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, Worker

pytestmark = [pytest.mark.browser]


def cohort(community: int, *, first: int) -> dict[str, int]:
    """Head trained twice; never trained; unknown history; trained on 29 February."""
    head = Worker("马志强", n=first, community=community)
    head.appoint(date(2019, 1, 1), post="secretary")
    head.complete("training", on=date(2019, 1, 2))
    head.train(date(2024, 3, 10))
    head.train(date(2025, 11, 2))
    never = Worker("罗布泽仁", n=first + 1, community=community)
    never.appoint(date(2021, 5, 1))
    never.complete("training", on=date(2021, 5, 2))
    unknown = Worker("何晓燕", n=first + 2, community=community)
    unknown.appoint(date(2018, 1, 1))
    leap = Worker("阿旺降措", n=first + 3, community=community)
    leap.appoint(date(2018, 1, 1), post="director")
    leap.complete("training", on=date(2018, 1, 2))
    leap.train(date(2024, 2, 29))
    return {"head": head.subject, "never": never.subject, "unknown": unknown.subject, "leap": leap.subject}


def says(page, subject: int, title: str, on: str) -> str:
    page.goto(f"/workers/{subject}/?on={on}")
    return page.locator(".answer", has=page.locator(".title", has_text=title)).first.locator(".says").inner_text()


def listed(page, place: int, key: str, on: str) -> list[str]:
    page.goto(f"/roster/?place={place}&due={key}&on={on}")
    return page.locator("tbody th a").all_inner_texts()


def test_reading_known_none_unknown_and_leap_day(enter):
    by_year, by_anniversary = cohort(513324100001, first=41), cohort(PLAIN_COMMUNITY, first=51)
    page = enter(officer=5133)

    # 九龙县 has set 自然年度 from 2026-03-01; before that, and in 泸定县, the anniversary is the reading.
    assert says(page, by_anniversary["head"], "培训到期日", "2025-06-01") == "2025-03-10"
    assert says(page, by_anniversary["head"], "培训逾期自", "2025-06-01") == "2025-03-11"
    assert says(page, by_anniversary["head"], "培训已逾期", "2025-06-01") == "是"
    page.locator(".answer", has_text="培训到期日").locator(".says a").click()
    assert "培训周期读法：周年" in card_text(page)
    assert says(page, by_year["head"], "培训到期日", "2026-06-01") == "2026-12-31"
    page.locator(".answer", has_text="培训到期日").locator(".says a").click()
    assert "培训周期读法：自然年度" in card_text(page)

    assert says(page, by_anniversary["never"], "培训周期起点", "2025-06-01") == "2021-05-01"
    assert says(page, by_anniversary["never"], "培训到期日", "2025-06-01") == "2024-05-01"
    assert says(page, by_anniversary["unknown"], "培训到期日", "2025-06-01") == "需核实"
    assert says(page, by_anniversary["leap"], "培训到期日", "2025-06-01") == "2025-02-28"

    assert listed(page, PLAIN_COUNTY, "training_overdue", "2025-06-01") == ["马志强", "罗布泽仁", "阿旺降措"]
    assert listed(page, PLAIN_COUNTY, "training_unchecked", "2025-06-01") == ["何晓燕"]
    assert listed(page, COUNTY, "training_overdue", "2026-06-01") == ["罗布泽仁", "阿旺降措"]


def test_four_hundred_days_without_a_write(ground):
    people = {**cohort(513324100001, first=41), **{f"plain {key}": value for key, value in cohort(PLAIN_COMMUNITY, first=51).items()}}
    entries = Entry.objects.count()
    start = date(2025, 10, 20)
    with time_machine.travel(datetime(2025, 10, 20, 2, tzinfo=UTC), tick=False) as clock:
        standing.rebuild(start)
        for step in range(0, 401, 7):
            day = start + timedelta(days=step)
            clock.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
            kept = standing.moment_for(on=day, known_by=None, today=day)
            rows = {row.subject: row.answers for row in roster(kept, ranges=[(0, 1 << 62)], filters=RosterFilter()).rows}
            fresh = {
                row.subject: row.answers
                for row in standing.make_rows(sorted(people.values()), moment=kept, on=day, law=standing.installed_law())
            }
            assert rows == fresh, day
    assert Entry.objects.count() == entries

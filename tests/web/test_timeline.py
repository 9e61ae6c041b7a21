"""Timelines: what is believed by the day it holds from, what was recorded by when, both times on each; filters, pages, past moments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiceng.ledger import reading
from jiceng.ledger.models import Entry
from jiceng.places import changes as divisions
from jiceng.runs.commit import Correct, Record, commit, undo
from tests.runs.world import at, book, population
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def items(client, subject: int, query: str = "") -> list[tuple[str, str, str, list[str]]]:
    """Kind, day, when recorded, what stood there before."""
    pages = client.get(f"/workers/{subject}/history/{query}").context["pages"]
    shown = [one.item for one in pages]
    was = [[old.fields["result"] for old in item.was] for item in shown]
    times = [(item.fact.since.isoformat(), f"{item.act.known:%Y-%m-%d}") for item in shown]
    return [(item.fact.kind.id, *both, before) for item, both, before in zip(shown, times, was, strict=True)]


def entered(client, subject: int, query: str = "") -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Act, and of each change its kind and how many facts stood there before and after."""
    pages = client.get(f"/workers/{subject}/history/?view=known{query}").context["pages"]
    return [(one.act.act, [(change.kind, len(change.was), len(change.becomes)) for change in one.changes]) for one in pages]


def assess(subject: int, result: str, *, on: date, year: int = 2025) -> Entry:
    fields = {"year": year, "result": result}
    return commit(
        book(), [Record(subject, "assessment", date(year, 12, 31), None, fields)], actor="clerk", basis="通报", why="登记", clock=at(on)
    )  # fmt: skip


def corrected(subject: int, result: str, *, on: date, year: int = 2025) -> Entry:
    old = next(told.fact for told in reading.everything(subject) if told.fact.kind == "assessment" and told.ended is None)
    change = Correct(old.id, date(year, 12, 31), None, {"year": year, "result": result})
    return commit(book(), [change], actor="officer", act="correct", basis="更正通知", why="录错", clock=at(on))


def test_a_correction_strikes_what_stood_before_and_shows_both_times(signed_in, account, world: World):
    account("clerk", clerk=COUNTY)
    client = signed_in(officer=COUNTY)
    assess(world.staff, "pass", on=date(2026, 2, 20))
    corrected(world.staff, "excellent", on=date(2026, 6, 24))
    assert items(client, world.staff, "?kind=assessment") == [("assessment", "2025-12-31", "2026-06-24", ["pass"])]
    page = client.get(f"/workers/{world.staff}/history/?kind=assessment").content.decode()
    assert "更正前：<del>年度 2025，考核结果 合格（2025-12-31）</del>" in page
    assert "2026-06-24 17:00 由 示例办公室 officer（示例） 更正" in page
    assert entered(client, world.staff, "&kind=assessment") == [
        ("correct", [("assessment", 1, 1)]), ("record", [("assessment", 0, 1)]),
    ]  # fmt: skip


def test_a_correction_into_another_year_is_one_change(signed_in, world: World):
    assess(world.staff, "pass", on=date(2026, 2, 20))
    corrected(world.staff, "pass", on=date(2026, 3, 1), year=2024)
    client = signed_in(officer=COUNTY)
    assert entered(client, world.staff, "&kind=assessment")[0] == ("correct", [("assessment", 1, 1)])
    assert items(client, world.staff, "?kind=assessment") == [("assessment", "2024-12-31", "2026-03-01", ["pass"])]


def test_what_was_undone_is_told_by_when_it_was_recorded_and_is_gone_by_when_it_was(signed_in, world: World):
    entry = assess(world.staff, "fail", on=date(2026, 2, 20))
    undo(entry.id, actor="officer", why="记错了人", clock=at(date(2026, 2, 21)))
    client = signed_in(officer=COUNTY)
    assert items(client, world.staff, "?kind=assessment") == []
    assert entered(client, world.staff, "&kind=assessment") == [("undo", [("assessment", 1, 0)]), ("record", [("assessment", 0, 1)])]


def test_a_period_cut_short_is_still_told_by_who_told_it_first(signed_in, world: World):
    kind = {"kind": "street", "employer": "示例街道"}
    for since, known in ((date(2021, 5, 1), date(2025, 12, 3)), (date(2024, 5, 1), date(2026, 1, 3))):
        change = Record(world.staff, "contract", since, None, {**kind, "signed": since.isoformat()})
        commit(book(), [change], actor="clerk", basis="合同", why="签订", clock=at(known))
    pages = signed_in(officer=COUNTY).get(f"/workers/{world.staff}/history/?kind=contract").context["pages"]
    told = [(one.item.fact.since, f"{one.item.act.known:%Y-%m-%d}", one.item.cut and f"{one.item.cut.known:%Y-%m-%d}") for one in pages]
    assert told == [(date(2024, 5, 1), "2026-01-03", None), (date(2021, 5, 1), "2025-12-03", "2026-01-03")]


def test_past_moments_are_told_as_they_were_known(signed_in, world: World):
    assess(world.staff, "pass", on=date(2026, 2, 20))
    corrected(world.staff, "excellent", on=date(2026, 6, 24))
    client = signed_in(officer=COUNTY)
    assert items(client, world.staff, "?kind=assessment&known=2026-03-01") == [("assessment", "2025-12-31", "2026-02-20", [])]
    assert items(client, world.staff, "?kind=assessment&on=2025-12-30&known=") == []
    assert items(client, world.staff, "?kind=assessment&on=2025-12-31&known=") == [("assessment", "2025-12-31", "2026-06-24", ["pass"])]


def test_a_long_history_comes_in_pages_of_little_weight(signed_in, world: World):
    for number in range(120):
        day = date(2022, 1, 1) + timedelta(days=number)
        fields = {"level": "county", "kind": "in_service", "course": f"第 {number} 期培训班（示例）", "hours": 8}
        change = Record(world.head, "training", day, None, fields)
        commit(book(), [change], actor="officer", basis="名册", why="登记", clock=at(day), loaded=True)
    client = signed_in(officer=COUNTY)
    for view in ("valid", "known"):
        sizes, seen = [], []
        for number in (1, 2, 3, 4):
            answer = client.get(f"/workers/{world.head}/history/?view={view}&kind=training&page={number}")
            sizes.append(len(answer.content))
            seen += [one.item.fact.id if view == "valid" else one.act.id for one in answer.context["pages"]]
        assert (len(seen), len(set(seen)), max(sizes) < 60_000) == (122, 122, True)


def test_an_unknown_order_is_refused(signed_in, world: World):
    answer = signed_in(officer=COUNTY).get(f"/workers/{world.head}/history/?view=other")
    assert (answer.status_code, answer.context["refusal"].id) == (422, "page.order")


def test_a_place_tells_its_figures_its_names_and_what_became_of_it(signed_in, world: World):
    population(COUNTY, 40_000, on=date(2025, 1, 1))
    population(COUNTY, 43_000, on=date(2026, 1, 1))
    divisions.rename(COUNTY, "九龙新县", day=date(2026, 5, 1), basis="示例批复")
    context = signed_in(officer=COUNTY).get(f"/places/{COUNTY}/history/").context
    told = [(one.item.fact.since.isoformat(), one.item.fact.fields["urban_residents"]) for one in context["pages"]]
    assert told == [("2026-01-01", 43_000), ("2025-01-01", 40_000)]
    assert [(step.day.isoformat(), step.text, step.basis) for step in context["past"]] == [
        ("2026-05-01", "改称“九龙新县”", "示例批复"),
        ("2000-01-01", "名为“九龙县”", context["past"][1].basis),
    ]


PAGES = (
    "workers/{head}/", "workers/{head}/facts/", "workers/{head}/history/", "workers/{head}/history/?view=known",
    "workers/{head}/documents/",
)  # fmt: skip
PLACES = ("places/{city}/", "places/{county}/", "places/{county}/history/", "places/{county}/documents/", "places/{community}/")


@pytest.mark.parametrize("address", [*PAGES, *PLACES])
def test_a_page_takes_at_most_ten_statements(signed_in, world: World, django_assert_max_num_queries, address):
    population(COUNTY, 40_000, on=date(2025, 1, 1))
    client = signed_in(officer=5133)
    target = "/" + address.format(head=world.head, city=5133, county=PLAIN_COUNTY, community=513324100001)
    client.get(target)
    with django_assert_max_num_queries(10):
        answer = client.get(target)
    assert (answer.status_code, len(answer.content) < 60_000) == (200, True)

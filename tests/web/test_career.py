"""晋升通道: who is in which group, what speaks for and against, and that a gap in the history is to be checked, never a no."""

from __future__ import annotations

from datetime import date

import pytest

from tests.runs.world import Worker

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def secretary(name: str, n: int, *, since: date, whole: bool = True, term: tuple[date, date] | None = None) -> Worker:
    who = Worker(name, n=n)
    who.appoint(since, post="secretary")
    if term:
        data = {"body": "党支部（示例）", "post": "secretary", "from": term[0].isoformat(), "to": term[1].isoformat()}
        who.record("term", term[0], term[1], **data)
    if whole:
        for kind in ("appointment", "term", "assessment"):
            who.complete(kind, on=date(2026, 1, 6))
    return who


@pytest.fixture
def secretaries(world) -> None:
    """Beside the secretary of the world, whose history nobody vouched for, and the staff, who is no candidate."""
    secretary("次仁央宗", 31, since=date(2012, 3, 1), term=(date(2015, 1, 1), date(2020, 1, 1)))
    secretary("何泽民", 32, since=date(2019, 3, 1), term=(date(2020, 1, 1), date(2025, 1, 1)))
    secretary("扎西顿珠", 33, since=date(2012, 3, 1), term=(date(2015, 1, 1), date(2020, 1, 1)), whole=False)


def listed(client, show: str) -> dict[str, list[tuple[str, str]]]:
    found = client.get(f"/career/?show={show}").context["candidates"]
    return {one.line.name: [(reason.said, reason.figure) for reason in one.reasons] for one in found}


def test_groups_are_counted_and_nobody_is_lost(signed_in, secretaries):
    found = signed_in(officer=513324).get("/career/")
    assert [(key, number) for key, _, number in found.context["groups"]] == [("met", 1), ("unmet", 1), ("unchecked", 2), ("missing", 0)]


def test_reasons_for_and_against(signed_in, secretaries):
    client = signed_in(officer=513324)
    assert listed(client, "met") == {"次仁央宗": [("是", "14 年"), ("是", "1 届"), ("否", ""), ("否", "")]}
    assert listed(client, "unmet") == {"何泽民": [("否", "7 年"), ("是", "1 届"), ("不适用", ""), ("否", "")]}


def test_a_gap_is_to_be_checked_and_never_a_no(signed_in, secretaries):
    found = listed(signed_in(officer=513324), "unchecked")
    assert {name: [said for said, _ in reasons[:2]] for name, reasons in found.items()} == {
        "马志强": ["需核实", "需核实"], "扎西顿珠": ["需核实", "需核实"]
    }  # fmt: skip


def test_names_only_for_who_may_see_them(signed_in, secretaries):
    assert set(listed(signed_in(viewer=513324), "met")) == {"次**"}


def test_another_group_is_refused(signed_in, secretaries):
    assert signed_in(officer=513324).get("/career/?show=all").status_code == 422


def test_the_page_asks_little(signed_in, secretaries, django_assert_max_num_queries):
    client = signed_in(officer=513324)
    client.get("/career/")
    with django_assert_max_num_queries(10):
        client.get("/career/?show=met")

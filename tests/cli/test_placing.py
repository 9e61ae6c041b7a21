"""J3 by command line: residents in, quota out, residents removed, nothing guessed."""

from __future__ import annotations

import pytest

from jiceng.base.refusals import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

RECORD = ("population", 256000, "--source", "示例公报", "--year", 2023, "--since", "2025-01-01")


def _card(jiceng, county, rule, on):
    return jiceng("answer", county, rule, "--on", on, "--json").json["answers"][rule]


def test_residents_give_the_exact_quota_and_rounding_stays_open_until_set(jiceng, county):
    jiceng("place", county, *RECORD)
    assert _card(jiceng, county, "quota_exact", "2025-06-01")["text"] == "460.8 人"
    assert _card(jiceng, county, "quota", "2025-06-01")["kind"] == "open"
    rounded = _card(jiceng, county, "quota", "2026-06-01")
    assert (rounded["text"], rounded["kind"]) == ("461 人", "value")


def test_removed_residents_leave_a_missing_fact(jiceng, county):
    jiceng("place", county, *RECORD)
    jiceng("place", county, "population", "--since", "2025-01-01", "--remove")
    card = _card(jiceng, county, "quota_exact", "2025-06-01")
    assert (card["kind"], card["missing"]) == ("missing", [{"name": "urban_residents", "title": "城镇常住人口"}])


def test_listing_shows_number_source_and_year(jiceng, county):
    jiceng("place", county, *RECORD)
    facts = jiceng("place", county, "--json").json["facts"]
    assert [fact["data"] for fact in facts] == [{"urban_residents": 256000, "source": "示例公报", "year": 2023}]


@pytest.mark.parametrize(
    ("arguments", "id"),
    [(("birds", 3), "place.what"), (("population", 3), "place.number"), (("population", "--remove"), "place.nothing")],
)
def test_incomplete_statements_are_refused(jiceng, county, arguments, id):
    with pytest.raises(Refusal) as refused:
        jiceng("place", county, *arguments)
    assert refused.value.id == id

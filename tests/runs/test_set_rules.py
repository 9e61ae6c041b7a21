"""Sums over people from the ledger: at every level those of the members one by one, and only where they are meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from shutil import rmtree

import pytest

from jiceng.answers.answer import answer
from jiceng.answers.card import as_dict
from jiceng.answers.population import encoded
from jiceng.base.kinds import AnswerKind
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.ask import ask_place, summed_rules, totals_for
from jiceng.runs.law import installed_law, site_policies
from jiceng.runs.staffing import figures
from tests.law.folders import heading, rules, write
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, TODAY, Worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OTHER_STREET = 513324101001
CAPS = """
@rule(clause="一", title="示例：考核优秀")
def excellent_here(assessments: Records[Assessment], on: Date) -> bool:
    \"\"\"当年优秀。\"\"\"
    for a in assessments:
        if a.year == year(on) and a.result == Result.excellent:
            return True
    return False


@total(rule="excellent_here", to="county", clause="一", title="示例：优秀人数", unit="人")
def excellent_here_total() -> int:
    \"\"\"县里的优秀人数。\"\"\"


@rule(clause="一", title="示例：优秀人数在限额内", of="place")
def excellent_here_within(excellent_here_total: int, excellent_here_cap: int) -> bool:
    \"\"\"不超过限额。\"\"\"
    return excellent_here_total <= excellent_here_cap
"""
CAP = "excellent_here_cap: {title: 示例：优秀限额, clause: 一, unit: 人, 2022-01-01: 1, note: 示例}\n"


@pytest.fixture
def capped(ganzi) -> Iterator[list[Worker]]:
    """The county caps who may be excellent at one; three workers in two streets of it and one in another county."""
    write(site_policies(), "cn-5133-caps/2022-caps", document=heading("5133", example="是"), values=CAP, rules=rules(CAPS))
    installed_law(reload=True)
    people = [Worker(f"示例{n}", n=n, community=place) for n, place in enumerate((COMMUNITY, COMMUNITY, OTHER_STREET, PLAIN_COMMUNITY), 1)]
    for one, result in zip(people, ("excellent", "pass", "excellent", "excellent"), strict=True):
        one.appoint(date(2020, 1, 1), post="secretary" if result == "pass" else "staff")
        one.record("assessment", date(2026, 6, 30), year=2026, result=result)
    yield people
    rmtree(site_policies() / "cn-5133-caps")
    installed_law(reload=True)


LEVELS = (CITY, COUNTY, 513324100, COMMUNITY, 513324101, OTHER_STREET)


def test_every_sum_is_that_of_its_members_one_by_one(capped):
    law = installed_law()
    people = binding.workers([one.subject for one in capped], on=TODAY, terms=law.terms)
    for code in LEVELS:
        tallies = totals_for(code, on=TODAY, today=TODAY)
        assert sorted(tallies) == summed_rules(code, on=TODAY)
        inside = [one for one in people if tree.contains(code, one.place)]
        for name, tally in tallies.items():
            steps = [answer(law, one, name, on=TODAY) for one in inside]
            without = Counter(int(step.kind) for step in steps if step.kind not in (AnswerKind.value, AnswerKind.no_rule))
            total = tally.of(code)
            assert (total.value, total.members) == (sum(s.value for s in steps if s.kind is AnswerKind.value), len(inside))
            assert total.without == dict(without)


def test_a_cap_by_county_speaks_at_the_county_only(capped):
    said = {code: ask_place(code, on=TODAY, today=TODAY) for code in LEVELS}
    assert {code: steps["excellent_here_within"].kind.name for code, steps in said.items()} == {
        CITY: "not_applicable", COUNTY: "value", 513324100: "not_applicable", COMMUNITY: "not_applicable", 513324101: "not_applicable",
        OTHER_STREET: "not_applicable",
    }  # fmt: skip
    assert (said[COUNTY]["excellent_here_total"].value, said[COUNTY]["excellent_here_within"].value) == (2, 0)
    card = as_dict(said[CITY]["excellent_here_within"], installed_law().terms)
    assert (card["kind_name"], card["why"]) == ("不适用", "“示例：优秀人数”按县（区）汇总，这里是市")


def test_figures_of_places_before_and_after_an_act_say_the_same(capped):
    """The look before an act answers places from tallies: without a change it says what the place's own page says."""
    law, codes = installed_law(), (CITY, COUNTY, COMMUNITY)
    standing = figures(codes, {}, days=[TODAY], today=TODAY, law=law)
    subjects = standing._subjects(standing.told, on=TODAY, terms=law.terms)
    for code in codes:
        looked = standing._answers(code, subjects, standing.tallies, on=TODAY, law=law)
        asked = {name: encoded(step) for name, step in ask_place(code, on=TODAY, today=TODAY).items()}
        assert looked == asked

"""Rules about a group: averages, caps with their unit, quorum and panel mix, sums over a subtree. One at a time and in bulk."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from jiceng.answers.asking import Asking
from jiceng.answers.population import run
from jiceng.answers.subject import History, Known, Record, Subject, Total
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind, kind_of
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.places.tree import contains
from tests.policies.asked import values

NINGBO, HARBIN, DASHIQIAO, JIEFANG = 3302, 2301, 210882, 330402008
ON = date(2026, 12, 31)


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def worker(law, number, place, *, post="staff", result="", pay=0):
    """A worker of one appointment, perhaps assessed this year, perhaps with a recorded pay."""
    codes = law.terms.codes
    posts = Record(date(2015, 1, 1), OPEN_END, place, {"post": codes["Post"].by_id[post].number, "class": 1, "origin": 1})
    years = [Record(date(2026, 12, 1), OPEN_END, 0, {"year": 2026, "result": codes["Result"].by_id[result].number})] if result else []
    histories = {"appointments": History((posts,), date.min, True), "assessments": History(tuple(years), date.min, True)}
    facts = {"monthly_pay": Known(pay)} if pay else {}
    return Subject(number, "worker", place, facts, histories)


def summed(law, people, place, rules):
    """The sums over a subtree, counted one by one as the plain answers stand."""
    inside = [one for one in people if contains(place, one.place)]
    found = {}
    for name in rules:
        steps = [Asking(law, one, ON).step(name) for one in inside]
        valued = [step.value for step in steps if step.kind is AnswerKind.value]
        without = Counter(int(step.kind) for step in steps if step.kind not in (AnswerKind.value, AnswerKind.no_rule))
        found[name] = Total(sum(valued), len(inside), dict(without))
    return found


def asked(law, people, places, names, rules):
    """Answers about places, plain and in bulk, which have to be the same; marks as kinds."""
    subjects = [
        Subject(n, "place", place, {"local_average_wage": Known(6_000_000)}, totals=summed(law, people, place, rules))
        for n, place in enumerate(places)
    ]
    plain, bulk = (run(law, subjects, on=ON, names=names, compiled=compiled).answers for compiled in (False, True))
    assert {name: plain[name].tolist() for name in names} == {name: bulk[name].tolist() for name in names}
    return {name: [int(n) if kind_of(int(n)) is AnswerKind.value else kind_of(int(n)).name for n in plain[name]] for name in names}


# ---- averages ----

INCOME = ("chief_income", "chief_counted", "deputy_income", "deputy_counted", "general_income", "general_counted")
MET = ("chief_average_met", "deputy_average_met", "general_average_met")


def test_an_average_is_of_the_group_and_every_place_has_its_own(law):
    """At 60,000 a year chiefs need 96,000 on average: 108,000 and 84,000 do together, though one alone does not."""
    people = [
        worker(law, 1, 330203001001, post="secretary", pay=900_000),
        worker(law, 2, 330203001002, post="director", pay=700_000),
        worker(law, 3, 330203002001, pay=300_000),
    ]
    found = asked(law, people, [NINGBO, 330203, 330203001, 330203001001, 330203001002, 330203002], MET, INCOME)
    none = "not_applicable"
    assert found["chief_average_met"] == [1, 1, 1, 1, 0, none]
    assert found["deputy_average_met"] == [none] * 6
    assert found["general_average_met"] == [0, 0, none, none, none, 0]


def test_who_has_no_income_on_record_is_left_out_and_named(law):
    """Not counted as zero: an average over those who are known, with the others told."""
    people = [worker(law, 1, 330203001001, post="secretary", pay=900_000), worker(law, 2, 330203001001, post="secretary")]
    totals = summed(law, people, 330203001001, INCOME)
    assert (totals["chief_income"].value, totals["chief_counted"].value, totals["chief_income"].members) == (10_800_000, 1, 2)
    assert sum(totals["chief_income"].without.values()) == 1
    place = Subject(9, "place", 330203001001, {"local_average_wage": Known(6_000_000)}, totals=totals)
    step = Asking(law, place, ON).step("chief_income_total")
    assert step.why.startswith("共 2 人，其中 1 人")


# ---- caps and their unit ----

SHARE = ("is_excellent", "is_assessed")
CAP = ("assessed_total", "excellent_total", "excellent_limit", "excellent_within")


def group(law, place, excellent, passed, *, first):
    results = ["excellent"] * excellent + ["pass"] * passed
    return [worker(law, first + n, place, result=result) for n, result in enumerate(results)]


def test_a_cap_counts_its_own_unit_and_says_so_elsewhere(law):
    """Three of ten in each of two streets: 30 % of the district, and no street or city is asked."""
    one, other = 230102001001, 230102002001
    people = [*group(law, one, 6, 4, first=1), *group(law, other, 0, 10, first=100)]
    places = [HARBIN, 230102, 230102001, one, 230102002]
    found = asked(law, people, places, CAP, SHARE)
    aside = "not_applicable"
    assert found == {
        "assessed_total": [aside, 20, aside, aside, aside],
        "excellent_total": [aside, 6, aside, aside, aside],
        "excellent_limit": [aside, 6, aside, aside, aside],
        "excellent_within": [aside, 1, aside, aside, aside],
    }
    more = asked(law, [*people, worker(law, 200, other, result="excellent")], [230102], CAP, SHARE)
    assert more == {"assessed_total": [21], "excellent_total": [7], "excellent_limit": [6], "excellent_within": [0]}


def test_who_was_not_assessed_is_no_part_of_the_share(law):
    people = [*group(law, 230102001001, 3, 7, first=1), *(worker(law, 50 + n, 230102001001) for n in range(10))]
    assert asked(law, people, [230102], ("excellent_limit",), SHARE) == {"excellent_limit": [3]}


@pytest.mark.parametrize(("excellent", "passed", "within"), [(25, 75, 1), (30, 70, 1), (24, 76, 0), (31, 69, 0)])
def test_a_share_between_two_ends(law, excellent, passed, within):
    people = group(law, 210882001001, excellent, passed, first=1)
    names = ("excellent_share", "excellent_share_within")
    found = asked(law, people, [DASHIQIAO, 210882001], names, SHARE)
    assert found == {"excellent_share": [excellent * 10_000, "not_applicable"], "excellent_share_within": [within, "not_applicable"]}


# ---- quorum and panel ----


@pytest.mark.parametrize(
    ("came", "residents", "valid"),
    [(50, 35, 1), (49, 49, 0), (50, 34, 0), (51, 35, 0), (51, 36, 1), (100, 70, 1), (100, 69, 0), (0, 0, 0)],
)
def test_a_meeting_needs_its_number_and_its_mix(law, tmp_path, came, residents, valid):
    titles = {law.titles["meeting_attendance"]: came, law.titles["ordinary_residents"]: residents}
    known = ", ".join(f"{title}: {number}" for title, number in titles.items())
    assert values(law, tmp_path, "meeting_valid", on="2014-12-31", place=JIEFANG, known=known) == [valid]


# ---- subtrees ----


def test_sums_of_any_group_are_the_same_plain_and_in_bulk(law):
    """Random people over a city: every place on the way has the sum of its own subtree, and the parts add up to the whole."""
    dice = random.Random(8)
    communities = [330203000000 + street * 1000 + one for street in (1, 2, 3) for one in (1, 2)]
    people = [
        worker(
            law,
            n,
            dice.choice(communities),
            post=dice.choice(["secretary", "deputy_director", "staff"]),
            pay=dice.choice([0, 500_000, 800_000]),
        )
        for n in range(1, 60)
    ]
    streets = [330203001, 330203002, 330203003]
    names = ("chief_income_total", "deputy_income_total", "general_income_total", "general_counted_total", *MET)
    found = asked(law, people, [330203, *streets, *communities], names, INCOME)
    for name in names[:4]:
        whole, parts, leaves = found[name][0], found[name][1:4], found[name][4:]
        assert whole == sum(parts) == sum(leaves)
        assert whole > 0

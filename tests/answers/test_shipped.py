"""The shipped folders asked as a county would: parts add up, one question has two documents, the day the answer turns."""

from __future__ import annotations

import random
from datetime import date

import pytest

from jiceng.answers.answer import answer, answer_all
from jiceng.answers.card import as_dict
from jiceng.answers.check import check
from jiceng.answers.subject import History, Known, Record, Subject
from jiceng.base.dates import OPEN_END, day_date
from jiceng.law.load import find_folders, load_law, shipped_root

ON = date(2023, 12, 31)


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def paid(law, place: int, coefficient: int, *, result: int = 3) -> dict[str, int]:
    years = History((Record(date(2023, 12, 31), OPEN_END, 0, {"year": 2023, "result": result}),), date.min, True)
    who = Subject(1, "worker", place, {"coefficient": Known(coefficient)}, {"assessments": years})
    return {name: answer(law, who, name, on=ON).value for name in ("monthly_pay", "basic_pay", "performance_standard", "performance")}


@pytest.mark.parametrize("place", [2105, 210504])
def test_trap_14_parts_add_to_the_whole(law, place):
    pick = random.Random(14)
    for _ in range(5_000):
        basic = answer(law, Subject(1, "worker", place, {"coefficient": Known(pick.randint(1, 5_000_000))}), "basic_pay", on=ON)
        whole, part = (step.value for step in basic.inputs)
        assert basic.value + part == whole


def test_one_question_has_two_documents(law):
    city, county = paid(law, 210502, 1_000_000), paid(law, 210504, 1_000_000)
    assert (city["basic_pay"], city["performance"]) == (272_000, 68_000)
    assert (county["basic_pay"], county["performance"]) == (306_000, 34_000)
    assert paid(law, 210504, 1_000_000, result=5)["performance"] == 0


def test_quota_is_exact_and_the_rounding_open(law):
    place = Subject(2, "place", 2106, {"urban_residents": Known(256_000)})
    exact, rounded = (answer(law, place, name, on=date(2024, 6, 1)) for name in ("quota_exact", "quota"))
    assert (as_dict(exact, law.terms)["text"], rounded.kind.name) == ("460.8 人", "open")
    assert rounded.why.startswith("取整未定")
    empty = as_dict(answer(law, Subject(2, "place", 2106), "quota", on=date(2024, 6, 1)), law.terms)
    assert empty["missing"] == [{"name": "urban_residents", "title": "城镇常住人口"}]


def head(trained: date) -> Subject:
    post = Record(date(2022, 3, 1), OPEN_END, 210502001001, {"post": 2, "class": 1, "origin": 1, "appointed_by": 4})
    trainings = History((Record(trained, OPEN_END, 0, {}),), date.min, True)
    return Subject(1, "worker", 210502001001, {}, {"appointments": History((post,), date.min, True), "trainings": trainings})


def test_training_of_a_head_is_overdue_from_the_day_after_the_year(law):
    who = head(date(2024, 3, 10))
    due = answer(law, who, "training_due", on=date(2024, 6, 1))
    assert day_date(due.value) == date(2025, 3, 10)
    assert "周年" in " ".join(as_dict(due, law.terms)["assumes"])
    states = [answer(law, who, "training_overdue", on=day) for day in (date(2025, 3, 10), date(2025, 3, 11))]
    assert [state.value for state in states] == [0, 1]
    assert states[0].horizon == date(2025, 3, 11)


def test_reading_that_a_county_sets_is_no_assumption(law):
    due = answer(law, head(date(2024, 3, 10)), "training_due", on=date(2024, 6, 1))
    reading = next(step for step in due.inputs if step.name == "training_reading")
    assert (reading.definition.assumed, reading.definition.document.id) == (True, "cn/2024-community-workers")


def test_everything_that_is_shipped_checks(law):
    checked = check(find_folders(shipped_root()))
    assert [result.text for result in checked.wrong] == []
    assert len(checked.results) > 200


def test_every_step_of_every_answer_knows_its_clause_or_its_source(law):
    steps = answer_all(law, head(date(2024, 3, 10)), on=date(2024, 6, 1))
    cards = [as_dict(step, law.terms) for step in steps.values()]
    assert [card["name"] for card in cards if card["clause"] is None or not card["clause"]["mark"]] == []

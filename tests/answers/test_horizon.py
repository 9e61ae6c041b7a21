"""The horizon, proved by brute force: for 800 days, no answer changes before the day it said it might."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from jiceng.answers.answer import answer, answer_all, next_look
from jiceng.answers.horizon import FAR, Day, Watch
from jiceng.answers.subject import History, Known, Record, Subject, Total
from jiceng.base.dates import OPEN_END, day_number
from jiceng.law.load import find_folders, load_law, shipped_root
from tests.answers.people import people
from tests.law.folders import CITY, heading, law_of, rules, write

START, DAYS = date(2023, 11, 20), 800
VALUES = """
cycle: {title: 周期, clause: 一, unit: 年, 2022-01-01: 1, 2024-06-01: 2}
half: {title: 取整, clause: 一, unit: Rounding, 2022-01-01: 四舍五入}
part: {title: 份额, clause: 一, unit: 比, 2022-01-01: 30%}
tiers: {title: 档, clause: 一, unit: 天, kind: bands, 2022-01-01: [[0, 99, 5], [100, 299, 10], [350, 499, 15], [480, 以上, 20]]}
months: {title: 月表, clause: 一, unit: 级, axes: int, 2022-01-01: {1: 1, 2: 1, 5: 2, 6: 2, 11: 3}}
"""
COUNT = "n = 0\n    for a in {}:\n        if {}:\n            n += 1\n    return n"
FIRST = "for t in trainings:\n        if t.until > on:\n            return on - t.since\n    return not_applicable('没有')"
# Each line is one rule: its arguments, its result type, its body.
BODIES = [
    ("c: Date, on: Date", "bool", "return c < on"),
    ("c: Date, on: Date", "bool", "return on <= c"),
    ("c: Date, on: Date", "bool", "return on == c"),
    ("c: Date, on: Date", "bool", "return c != on"),
    ("c: Date, on: Date", "bool", "return not (on >= c)"),
    ("c: Date, on: Date", "bool", "return add_days(on, 1) > c"),
    ("c: Date, on: Date", "bool", "return c - on < 1"),
    ("c: Date, b: Date, on: Date", "int", "return full_years(b, on)"),
    ("c: Date, b: Date, on: Date, cycle: int", "bool", "return full_years(b, on) >= cycle"),
    ("c: Date, b: Date, on: Date", "int", "if full_months(b, on) > full_months(c, on):\n        return full_months(on, c)\n    return 0"),
    ("c: Date, on: Date, cycle: int", "Date", "return add_years(on, cycle)"),
    ("c: Date, on: Date, cycle: int", "bool", "return add_months(on, cycle) > c"),
    ("c: Date, on: Date", "bool", "return month(on) == month(c)"),
    ("c: Date, on: Date", "bool", "return day(on) < day(c)"),
    ("c: Date, on: Date", "int", "return year(on) - year(c)"),
    ("c: Date, on: Date", "Date", "return month_start(on)"),
    ("c: Date, on: Date", "Date", "return min(month_end(on), c)"),
    ("c: Date, on: Date", "Date", "return max(year_start(on), c)"),
    ("c: Date, on: Date", "bool", "return year_end(on) == year_end(c)"),
    ("c: Date, on: Date", "int", "return months_between(c, on)"),
    ("c: Date, on: Date", "int", "return abs(c - on)"),
    ("c: Date, on: Date, tiers: Bands", "int", "return band(tiers, max(on - c, 0))"),
    ("c: Date, on: Date, months: Table[int, int]", "int", "return months[month(on)]"),
    ("c: Date, on: Date, half: Rounding", "int", "return divide(on - c, 1 + 1, half)"),
    ("c: Date, on: Date, part: Ratio, half: Rounding", "int", "return times(full_months(c, on), part, half)"),
    ("c: Date, on: Date", "int", "y = year(on)\n    if on > c:\n        return ambiguous('哪一个', y, 0)\n    return 1"),
    ("c: Date, on: Date", "Date", "return date(year(on), month(c), 1)"),
    ("c: Date, on: Date", "bool", "return year(on) * year(c) > year(c) * year(c)"),
    ("assessments: History[Assessment], on: Date", "int", COUNT.format("assessments", "a.year == year(on)")),
    ("trainings: Records[Training], on: Date", "int", COUNT.format("trainings", "add_years(a.since, 1) >= on")),
    ("trainings: Records[Training], on: Date", "int", FIRST),
    ("r0: bool, r8: bool, on: Date", "bool", "return r0 and not r8"),
    ("c: Date, on: Date", "int", "return province(on - c)"),
]  # fmt: skip
TERMS = "names:\n  c: {name: 某日, type: Date, asked: true, of: worker}\n  b: {name: 另一日, type: Date, asked: true, of: worker}\n"


def all_rules() -> str:
    text = '@rule(clause="一", title="规则{0}")\ndef r{0}({1}) -> {2}:\n    """它。"""\n    {3}\n\n\n'
    return rules("".join(text.format(number, *body).replace("'", '"') for number, body in enumerate(BODIES)))


def subject(seed: int) -> Subject:
    pick = random.Random(seed)
    near = lambda: START + timedelta(days=pick.randint(-900, 900))  # noqa: E731
    within = START + timedelta(days=pick.randint(100, 700))
    facts = {"c": Known(day_number(within)), "b": Known(day_number((date(2023, 12, 31), date(2020, 2, 29))[seed % 2]))}
    years = [Record(date(y, 3, 1), OPEN_END, 0, {"year": y, "result": pick.randint(1, 5)}) for y in range(2021, 2026)]
    days = sorted(near() for _ in range(4))
    trainings = [Record(day, day + timedelta(days=pick.randint(1, 700)), 0, {}) for day in days]
    whole = {"assessments": History(tuple(years), date.min, True), "trainings": History(tuple(trainings))}
    return Subject(1, "worker", 210504, facts, whole)


def outcomes(law, who, day):
    steps = answer_all(law, who, on=day)
    return {name: (step.kind, step.value, step.options) for name, step in steps.items()}, {n: s.horizon for n, s in steps.items()}


def early(law, who, *, days: int) -> list[tuple[str, date, date]]:
    """(rule, asked on, changed on) wherever an answer changed before the horizon it gave."""
    found = []
    promised: dict[str, tuple[date, date, object]] = {}
    for number in range(days):
        day = START + timedelta(days=number)
        values, horizons = outcomes(law, who, day)
        for name, value in values.items():
            asked, until, then = promised.get(name, (day, day, None))
            if day < until and value != then:
                found.append((name, asked, day))
            # The widest promise made so far for this value is the one to hold.
            if day >= until or horizons[name] > until:
                promised[name] = (day, horizons[name], value)
            assert horizons[name] > day
    return found


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    folder = write(tmp_path_factory.mktemp("law"), CITY, values=VALUES, rules=all_rules(), terms=TERMS)
    return law_of(folder)


@pytest.mark.parametrize("seed", range(2))
def test_no_answer_changes_before_its_horizon(law, seed):
    assert early(law, subject(seed), days=DAYS) == []


def test_every_word_is_really_followed(law):
    """Every rule must change within the days walked; else the walk proves nothing."""
    moving = set()
    for seed in range(2):
        before = None
        for number in range(0, DAYS, 5):
            values, _ = outcomes(law, subject(seed), START + timedelta(days=number))
            moving |= {name for name in values if before and before[name] != values[name]}
            before = values
    # r2 and r3 hold on a single day, which these steps of five may pass over.
    assert {f"r{n}" for n in range(len(BODIES))} - moving <= {"r2", "r3"}


def horizon(law, name: str, c: date, on: date, **more: date) -> date:
    facts = {"c": c, **more}
    who = Subject(1, "worker", 210504, {key: Known(day_number(day)) for key, day in facts.items()})
    return answer(law, who, name, on=on).horizon


def test_horizon_is_the_very_day_for_what_can_be_followed_exactly(law):
    on = date(2024, 7, 1)
    assert horizon(law, "r0", date(2024, 12, 31), on) == date(2025, 1, 1)
    assert horizon(law, "r1", date(2024, 12, 31), on) == date(2025, 1, 1)
    assert horizon(law, "r2", date(2024, 12, 31), on) == date(2024, 12, 31)
    assert horizon(law, "r2", date(2024, 7, 1), on) == date(2024, 7, 2)
    assert horizon(law, "r0", date(2024, 1, 1), on) == OPEN_END
    assert horizon(law, "r7", date(2024, 1, 1), on, b=date(2020, 2, 29)) == date(2025, 2, 28)
    assert horizon(law, "r8", date(2024, 1, 1), on, b=date(2024, 2, 29)) == date(2026, 2, 28)
    assert horizon(law, "r12", date(2024, 9, 9), date(2024, 8, 15)) == date(2024, 9, 1)
    assert horizon(law, "r15", date(2024, 9, 9), on) == date(2024, 8, 1)


def test_horizon_stops_where_the_law_changes(law):
    assert horizon(law, "r0", date(2030, 12, 31), date(2024, 1, 1)) == date(2024, 6, 1)


def test_horizon_stops_where_a_record_begins(law):
    later = Record(date(2025, 3, 1), OPEN_END, 0, {"year": 2024, "result": 3})
    who = Subject(1, "worker", 210504, {}, {"assessments": History((later,), date.min, True)})
    assert answer(law, who, "r28", on=date(2025, 2, 1)).horizon == date(2025, 3, 1)
    assert answer(law, who, "r28", on=date(2025, 2, 1)).value == 0


def test_answer_that_never_changes_has_an_open_horizon(tmp_path):
    body = '@rule(clause="一", title="甲")\ndef first(birth_date: Date) -> Date:\n    """甲。"""\n    return birth_date\n'
    law = law_of(write(tmp_path, CITY, rules=rules(body)))
    step = answer(law, Subject(1, "worker", 2105, {"birth_date": Known(5)}), "first", on=date(2024, 1, 1))
    assert step.horizon == OPEN_END
    assert next_look({}, on=date(2024, 1, 1)) == date(2024, 1, 2)
    assert next_look({"first": step}, on=date(2024, 1, 1)) == OPEN_END


def test_day_used_as_a_plain_integer_is_noted():
    for use in (int, hash, lambda day: [0] * 9 and (0,) * day, lambda day: {3: 1}[day]):
        watch = Watch()
        use(Day(3, watch, slope=1))
        assert watch.days == 1
    watch = Watch()
    assert bool(Day(-4, watch, slope=1)) is True
    assert watch.days == 4


def test_number_that_stands_still_as_far_as_seen_is_looked_at_again():
    watch = Watch()
    assert (Day(7, watch, moves=lambda days: 7, rising=1) > 3) is True
    assert watch.days == FAR


PLACES = (513324100001, 210504001001, 350203001001)


@pytest.mark.parametrize("of", ["worker", "place"])
def test_shipped_folders_hold_their_horizons(of):
    law = load_law(find_folders(shipped_root()))
    for who in people(law, 4, of=of, places=PLACES, seed=20):
        assert early(law, who, days=DAYS) == []


def test_document_that_ends_bounds_the_horizon(tmp_path):
    body = '@rule(clause="一", title="甲")\ndef first(birth_date: Date) -> Date:\n    """甲。"""\n    return birth_date\n'
    law = law_of(write(tmp_path, CITY, rules=rules(body), document=heading("2105", until="2025-01-01")))
    who = Subject(1, "worker", 2105, {"birth_date": Known(5)})
    assert answer(law, who, "first", on=date(2024, 1, 1)).horizon == date(2025, 1, 1)
    assert answer(law, who, "first", on=date(2021, 1, 1)).horizon == date(2022, 1, 1)


SOON = '''
@rule(clause="一", title="甲")
def first(birth_date: Date) -> Date:
    """甲。"""
    return birth_date


@rule(clause="一", title="乙")
def second(assessments: History[Assessment]) -> int:
    """乙。"""
    return len(assessments)


@rule(clause="一", title="丙")
def third(households: int) -> int:
    """丙。"""
    return households


@rule(clause="一", title="丁")
def fourth() -> int:
    """丁。"""
    return 1


@total(rule="fourth", clause="一", title="戊")
def fifth() -> int:
    """戊。"""
'''
ON = date(2024, 1, 1)


def day_in(month: int) -> date:
    return date(2024, month, 1)


def test_what_is_recorded_for_later_days_bounds_the_horizon(tmp_path):
    law = law_of(write(tmp_path, CITY, rules=rules(SOON)))
    around = Subject(2, "place", 2105, {"households": Known(9)}, later={"households": day_in(6)})
    later = {"birth_date": day_in(3), "assessments": day_in(4)}
    there = Subject(1, "worker", 2105, {"birth_date": Known(5)}, {"assessments": History()}, around, later=later)
    assert {name: step.horizon for name, step in answer_all(law, there, on=ON).items()} == {
        "first": day_in(3), "second": day_in(4), "third": day_in(6), "fourth": OPEN_END,
    }  # fmt: skip
    nowhere = Subject(1, "worker", 2105, later=later)
    assert [answer(law, nowhere, name, on=ON).horizon for name in ("first", "second")] == [day_in(3), day_in(4)]


def test_a_recorded_move_bounds_every_horizon(tmp_path):
    law = law_of(write(tmp_path, CITY, rules=rules(SOON)))
    mover = Subject(1, "worker", 2105, {"birth_date": Known(5)}, {"assessments": History()}, moves=day_in(2))
    assert {step.horizon for step in answer_all(law, mover, on=ON).values()} == {day_in(2)}
    outside = Subject(1, "worker", 2106, {"birth_date": Known(5)}, moves=day_in(2))
    assert (answer(law, outside, "fourth", on=ON).kind.name, answer(law, outside, "fourth", on=ON).horizon) == ("no_rule", day_in(2))


def test_a_total_changes_when_one_of_its_members_does(tmp_path):
    law = law_of(write(tmp_path, CITY, rules=rules(SOON)))
    place = Subject(2, "place", 2105, totals={"fourth": Total(3, 3, until=day_in(5))})
    assert (answer(law, place, "fifth", on=ON).value, answer(law, place, "fifth", on=ON).horizon) == (3, day_in(5))
    unsaid = Subject(2, "place", 2105, totals={"fourth": Total(3, 3)})
    assert answer(law, unsaid, "fifth", on=ON).horizon == date(2024, 1, 2)


def test_the_last_day_of_the_calendar_has_no_next():
    assert next_look({}, on=OPEN_END) == OPEN_END

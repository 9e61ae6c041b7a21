"""A simulation equals, to the fen, the difference of two kept runs; its parts add up; months are simulations of their last days."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from jiceng.answers.population import run_over
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Problems
from jiceng.demo import build
from jiceng.law.layers import Law
from jiceng.law.settable import settables
from jiceng.places import tree
from jiceng.runs import kept, law_sets, standing
from jiceng.runs.affected import affected
from jiceng.runs.ask import ask_place
from jiceng.runs.commit import Record, commit
from jiceng.runs.kept_answers import Identity, calculated
from jiceng.runs.kept_difference import difference
from jiceng.runs.kept_rows import Rows
from jiceng.runs.law import installed_law
from jiceng.runs.people import people_of
from jiceng.runs.scenarios import Scenario, ValueChange, law_with, value_change
from jiceng.runs.simulating import months, simulate, year_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
CITY, COUNTY = 5133, 513301
SINCE, ON = date(2027, 1, 1), date(2027, 1, 31)
OPEN, VALUES = mark(AnswerKind.open), mark(AnswerKind.no_rule)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Built once for the module, in a transaction that is rolled back after it."""
    home = tmp_path_factory.mktemp("demo")
    (home / "data").mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        build.ready(home, now=NOW, report=lambda done, total: None)
        standing.ensure(NOW.date())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def _scenario(*texts: str, since: date = SINCE) -> Scenario:
    return Scenario(since, tuple(value_change(text, installed_law()) for text in texts))


def _drawn(draw: random.Random, law: Law, place: int) -> Scenario:
    """One to four values that a place may set, each some way from what it is, and within what is allowed; also cells of tables."""
    while True:
        scenario = _drawn_once(draw, law, place)
        try:
            law_with(scenario, place=place)
            return scenario
        except Problems:
            continue


def _drawn_once(draw: random.Random, law: Law, place: int) -> Scenario:
    found: list[ValueChange] = []
    every = [one for one in settables(law, place, on=SINCE) if one.definition.at is not None]
    wanted = draw.randint(1, 4)
    while len(found) < wanted:
        one = draw.choice(every)
        type, raw, unit = law.types[one.name], one.definition.at.raw, law.units.get(one.name, "")  # type: ignore[union-attr]
        if type.name == "Table" and len(type.parameters) == 2 and type.parameters[1].name in ("Yuan", "int"):
            found.append(ValueChange(one.name, str(draw.randint(1, 3_000)), (draw.choice(list(raw)),)))
        elif type.name in ("Yuan", "int") and unit != "年":
            found.append(ValueChange(one.name, str(draw.randint(1, 4_000))))
        elif type.name == "Ratio":
            found.append(ValueChange(one.name, f"{draw.randint(0, 100)}%"))
        elif type.name in law.terms.codes:
            found.append(ValueChange(one.name, draw.choice(law.terms.codes[type.name].items).name))
    return Scenario(SINCE, tuple(found))


def _kept(place: int, law: Law, names: tuple[str, ...], kind: str, scenario: str) -> Rows:
    """Rows of a run that was kept, read back from its file."""
    identity = Identity(kind, place, ON, NOW, law.hash, names, scenario)
    law_sets.keep(law)
    run = kept.keep(calculated(identity), identity, name="试算核对", actor="t", clock=lambda: NOW, law=law)
    return kept.rows_of(run)


@pytest.mark.parametrize("seed", range(10))
def test_a_simulation_is_the_difference_of_two_kept_runs(demo: None, seed: int) -> None:
    law, draw = installed_law(), random.Random(seed)
    place = draw.choice((COUNTY, 513324, 513322))
    scenario = _drawn(draw, law, place)
    told = simulate(scenario, place=place, on=ON, known_by=NOW)
    names = tuple(dict.fromkeys([*told.names, "in_scope"]))
    before = _kept(place, law, names, "answers", "")
    after = _kept(place, law_with(scenario, place=place), names, "simulated", scenario.text)
    assert [told.before.subjects.tolist(), told.after.subjects.tolist()] == [before.subjects.tolist(), after.subjects.tolist()]
    for name in told.names:
        assert told.before.answers[name].tolist() == before.answers[name].tolist(), name
        assert told.after.answers[name].tolist() == after.answers[name].tolist(), name
    less = difference(before, after, names=names)
    for one in told.moved:
        if one.of == "worker":
            total = less.total(one.name)
            assert (one.risen, one.fallen) == (total.risen.people, total.fallen.people)
            assert one.kinds == total.found.people + total.lost.people + total.otherwise
            if one.before is not None and one.after is not None:
                assert one.after - one.before == total.change
    assert {name for name in names if len(less.changed(name).subjects)} == {one.name for one in told.moved if one.of == "worker"}
    form = law.pay_form(place, ON)
    assert form is not None
    paid = {"gross": 1, "employer": 1, "deduction": 0}
    in_hand = {"gross": 1, "employer": 0, "deduction": -1}
    for signs, sums in ((paid, told.money.cost), (in_hand, told.money.gain)):
        lines = sum(signs[line.group] * less.total(line.rule).change for line in form.lines)
        # A line that was not there, or no longer is, counts in full.
        settled = sum(signs[line.group] * _settled(told, line.rule) for line in form.lines)
        assert int(sums.sum()) == lines + settled
    assert sum(cause.cost for cause in told.causes) == told.total.cost
    assert sum(cause.gain for cause in told.causes) == told.total.gain


def _settled(told: Any, name: str) -> int:
    old, new = told.before.answers[name], told.after.answers[name]
    turned = told.money.settles(name, old, new) & ((old > VALUES) != (new > VALUES))
    return int(new[turned & (new > VALUES)].sum()) - int(old[turned & (old > VALUES)].sum())


@pytest.mark.parametrize("seed", range(4))
def test_rules_that_cannot_change_do_not(demo: None, seed: int) -> None:
    law = installed_law()
    scenario = _drawn(random.Random(100 + seed), law, COUNTY)
    after = law_with(scenario, place=COUNTY)
    people = people_of(COUNTY, on=ON, known_by=NOW, law=after)
    before, now = (run_over(one, people.source, on=ON, compiled=True).answers for one in (law, after))
    moved = {name for name in now if name not in before or before[name].tolist() != now[name].tolist()}
    assert moved - set(affected(law, after, place=COUNTY, on=ON).rules["worker"]) == set()


def test_shares_of_places_add_up_at_every_level(demo: None) -> None:
    told = simulate(_scenario("grade_pay[3]=1100", "post_pay[正职]=2500"), place=CITY, on=ON, known_by=NOW)
    whole = told.total
    assert whole.changed > 100
    assert (whole.winners, whole.losers) == (told.count("winners"), told.count("losers"))
    for level in (None, tree.Level.county, tree.Level.street, tree.Level.community):
        shares = told.by_place(level)
        for part in ("heads", "changed", "winners", "losers", "kinds", "gain", "cost", "cost_before"):
            assert sum(getattr(share, part) for share in shares) == getattr(whole, part), (level, part)
        assert [tree.padded(share.place) for share in shares] == sorted(tree.padded(share.place) for share in shares)
    assert {len(str(share.place)) for share in told.by_place()} == {6}


def test_each_clause_counts_on_top_of_those_before(demo: None) -> None:
    told = simulate(_scenario("grade_pay[3]=1100", "performance_share=25%", "grade_pay[4]=1000"), place=COUNTY, on=ON, known_by=NOW)
    assert [cause.names for cause in told.causes] == [("grade_pay",), ("performance_share",)]
    assert told.stepwise
    alone = simulate(_scenario("grade_pay[3]=1100", "grade_pay[4]=1000"), place=COUNTY, on=ON, known_by=NOW)
    assert (told.causes[0].gain, told.causes[0].cost) == (alone.total.gain, alone.total.cost)
    assert not alone.stepwise
    assert sum(cause.gain for cause in told.causes) == told.total.gain
    assert told.causes[0].mark == "〔示例·甘孜州·4〕"


def test_a_draft_is_told_clause_by_clause_and_a_step_without_an_answer_passes_on(demo: None, tmp_path: Path) -> None:
    """The first clause asks for a table that only the second brings: between the two nobody has an answer, and nobody loses."""
    folder = tmp_path / "drafts" / "cn-513301-kangding" / "2027-draft"
    folder.mkdir(parents=True)
    files = {
        "document.yaml": 'title: 示例草案\nshort: 草案\njurisdiction: "513301"\nin_force: 2027-01-01\ntrust: unverified\nexample: 是\n',
        "values.yaml": 'draft_grade_pay: {title: 草案的等级工资, clause: "2", unit: 元, axes: int, 2027-01-01: {1: 900, 2: 1000, 3: 1100, '
        "4: 1200, 5: 1300, 6: 1400, 7: 1500, 8: 1600, 9: 1700, 10: 1800, 11: 1900, 12: 2000}}\n",
        "clauses.yaml": '- number: "1"\n  title: 工资\n  sentences:\n    - {digest: 示例, disposition: rule, points: [monthly_pay]}\n'
        '- number: "2"\n  title: 表\n  sentences:\n    - {digest: 示例, disposition: value, points: [draft_grade_pay]}\n',
        "rules.py": '"""示例。"""\n\nfrom jiceng.rules import Table, Yuan, rule\nfrom jiceng.terms import PostClass\n\n\n'
        '@rule(clause="1", title="工资标准", unit="元")\ndef monthly_pay(post_class: PostClass, recorded_grade: int, '
        "post_pay: Table[PostClass, Yuan], draft_grade_pay: Table[int, Yuan]) -> Yuan:\n"
        '    """示例。"""\n    return post_pay[post_class] + draft_grade_pay[recorded_grade]\n',
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    told = simulate(Scenario(SINCE, drafts=("cn-513301-kangding/2027-draft",)), place=COUNTY, on=ON, known_by=NOW)
    assert [(cause.mark, cause.names) for cause in told.causes] == [
        ("〔示例·甘孜州·4〕", ("monthly_pay",)),
        ("〔草案·2〕", ("draft_grade_pay",)),
    ]
    assert (told.causes[0].gain, told.causes[0].losers) == (0, 0)
    assert told.causes[1].gain == told.total.gain > 0
    assert told.count("kinds") == 0
    row = next(one for one in told.moved if one.name == "monthly_pay")
    assert row.mark == "〔草案·1〕"


def test_a_draft_may_pay_what_no_law_knew_before(demo: None, tmp_path: Path) -> None:
    """A line of its own on a pay sheet of its own: before, nobody had it, and that counts as nothing paid."""
    folder = tmp_path / "drafts" / "cn-513301-kangding" / "2027-bonus"
    folder.mkdir(parents=True)
    files = {
        "document.yaml": 'title: 示例津贴\nshort: 津贴\njurisdiction: "513301"\nin_force: 2027-01-01\ntrust: unverified\nexample: 是\n',
        "values.yaml": 'draft_plateau: {title: 草案的津贴标准, clause: "1", unit: 元, 2027-01-01: 300}\n',
        "clauses.yaml": '- number: "1"\n  title: 津贴\n  sentences:\n'
        "    - {digest: 示例, disposition: rule, points: [draft_paid, draft_plateau]}\n",
        "rules.py": '"""示例。"""\n\nfrom jiceng.rules import Yuan, rule\n\n\n@rule(clause="1", title="草案津贴", unit="元")\n'
        'def draft_paid(monthly_pay: Yuan, draft_plateau: Yuan) -> Yuan:\n    """示例。"""\n    return draft_plateau + monthly_pay * 0\n',
        "pay.yaml": 'title: 示例表\nclause: "1"\nlines:\n  - {rule: month_basic, title: 基本工资, group: 应发}\n'
        "  - {rule: draft_paid, title: 津贴, group: 应发}\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    told = simulate(Scenario(SINCE, drafts=("cn-513301-kangding/2027-bonus",)), place=COUNTY, on=ON, known_by=NOW)
    paid = told.after.answers["draft_paid"] > mark(AnswerKind.no_rule)
    assert set(told.before.answers["draft_paid"].tolist()) == {mark(AnswerKind.no_rule)}
    assert set(told.after.answers["draft_paid"][paid].tolist()) == {300_00}
    assert paid.sum() > 0


def test_an_answer_that_is_lost_is_told_apart_and_is_not_nothing(demo: None) -> None:
    told = simulate(_scenario("grade_pay[3]=未见"), place=COUNTY, on=ON, known_by=NOW)
    row = next(one for one in told.moved if one.name == "monthly_pay")
    assert row.kinds == row.changed == told.count("kinds") > 0
    assert (row.risen, row.fallen, row.before, row.after) == (0, 0, row.before, row.before)
    assert (told.total.gain, told.count("winners"), told.count("losers")) == (0, 0, 0)
    lost = told.after.answers["monthly_pay"][told.which("kinds")]
    assert set(lost.tolist()) == {OPEN}


def test_nobody_is_moved_by_a_value_that_stays(demo: None) -> None:
    told = simulate(_scenario("workers_per_10k_residents=18"), place=CITY, on=ON, known_by=NOW)
    assert (told.moved, told.causes, told.count("changed")) == ((), (), 0)
    assert "“每万城镇常住人口社区工作者数”在计算日期没有变化：数值相同，或那里以更晚或下级的规定为准" in told.notes


def test_places_are_answered_as_they_are_on_their_page(demo: None) -> None:
    scenario, on = _scenario("workers_per_10k_residents=20", since=NOW.date()), NOW.date()
    told = simulate(scenario, place=CITY, on=on, known_by=None)
    for code in (COUNTY, 513324, CITY):
        steps = ask_place(code, on=on, today=on)
        at = int(np.flatnonzero(told.places_before.places == code)[0])
        for name, answers in told.places_before.answers.items():
            expected = steps[name].value if steps[name].kind is AnswerKind.value else mark(steps[name].kind)
            assert int(answers[at]) == expected, (code, name)
    exact = next(one for one in told.moved if one.name == "quota_exact")
    assert exact.before is not None
    assert exact.after is not None
    assert exact.after * 18 == exact.before * 20
    assert sum(cause.places for cause in told.causes) == exact.changed


def test_months_are_simulations_of_their_last_days(demo: None) -> None:
    """With somebody whose departure is recorded ahead, and a value that begins in between."""
    people = people_of(COUNTY, on=NOW.date(), known_by=None, law=installed_law())
    leaver = int(people.subjects[40])
    clock = lambda: datetime(2026, 11, 24, 9, tzinfo=UTC)  # noqa: E731
    gone = Record(leaver, "departure", date(2027, 2, 10), None, {"cause": "retirement"})
    with transaction.atomic():
        commit(leaver >> 40, [gone], actor="t", basis="t", why="t", clock=clock)
        scenario = _scenario("grade_pay[3]=1100", "performance_share=25%", since=date(2027, 2, 1))
        found = months(scenario, place=COUNTY, since=date(2026, 12, 1), until=date(2027, 4, 1))
        days = [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
        assert [month.on for month in found] == days
        for month in found:
            told = simulate(scenario, place=COUNTY, on=month.on)
            assert month.heads == len(told.before)
            assert (month.before, month.after) == (int(told.money.cost_before.sum()), int(told.money.cost_after.sum()))
            assert (month.hand_before, month.hand_after) == (int(told.money.hand_before.sum()), int(told.money.hand_after.sum()))
            assert month.change == told.total.cost
            assert month.unknown == int(told.money.unknown.sum())
            inside = {share.place: (share.heads, share.cost_before, share.cost) for share in told.by_place()}
            assert {part.place: (part.heads, part.before, part.change) for part in month.parts} == inside
            for of in ("heads", "before", "after", "hand_before", "hand_after", "steps_before", "steps_after", "unknown"):
                assert sum(getattr(part, of) for part in month.parts) == getattr(month, of), (month.on, of)
        together = year_of(found)
        for of in ("before", "after", "change", "steps_after"):
            assert sum(getattr(part, of) for part in together) == sum(getattr(month, of) for month in found)
        assert sum(part.heads for part in together) == found[-1].heads
        assert len(together) > 1
        assert [month.left for month in found] == [0, 0, 1, 0, 0]
        assert [month.change != 0 for month in found] == [False, False, True, True, True]
        transaction.set_rollback(True)

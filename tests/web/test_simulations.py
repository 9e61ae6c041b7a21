"""Simulations as an official uses them: a value changed, who gains, both cards, saved, compared, dropped; and by whom not."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiceng.access.models import Denial, Export
from jiceng.desks.policy.models import Trial
from jiceng.desks.policy.scenario_form import ScenarioForm, checked
from jiceng.desks.policy.value_fields import value_field
from jiceng.law.settable import settables
from jiceng.runs import kept
from jiceng.runs.commit import Record, commit
from jiceng.runs.law import installed_law
from jiceng.runs.models import KeptRun
from jiceng.ui.choices import PlaceChoice
from tests.runs.world import COUNTY, PLAIN_COUNTY, Worker, at, book, population
from tests.web.conftest import SignIn, World, signed_in, site, today, world

__all__ = ["signed_in", "site", "today", "world"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]
NEW = "/policy/simulations/new/"
ASKED = {"place": str(COUNTY), "since": "2027-01-01"}


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def graded(world: World) -> World:
    """The two of 九龙县 with grades, so that their pay can be told."""
    for subject, grade in ((world.head, 7), (world.staff, 2)):
        told = [Record(subject, "grading", date(2026, 1, 1), None, {"grade": grade})]
        commit(book().id, told, actor="测试员", basis="测试", why="测试", clock=at(date(2026, 1, 2)))
    return world


def tried(client: Client, **changes: str) -> Trial:
    """A simulation asked for by the form."""
    names = {name.partition("-")[2].partition("-")[0] for name in changes}
    answer = client.post(NEW, {**ASKED, "v": sorted(names), **changes, "run": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return Trial.objects.latest("pk")


def test_a_value_is_found_by_its_name_and_shown_with_its_clause(signed_in: SignIn, graded: World):
    page = signed_in(officer=COUNTY).get(NEW, {**ASKED, "q": "书记和主任"})
    offered = [(one.title, one.now, one.clause["mark"]) for one in page.context["form"].offered]
    assert offered == [("书记和主任的培训周期", "1 年", "〔意见·8〕")]


def test_what_cannot_be_read_is_said_at_its_box(signed_in: SignIn, graded: World):
    answer = signed_in(officer=COUNTY).post(NEW, {**ASKED, "v": "career_years", "to-career_years": "八", "run": "1"})
    assert answer.status_code == 200
    assert [cell.wrong for one in answer.context["form"].chosen for cell in one.cells] == ["“八”不能用：这里应是整数"]
    assert Trial.objects.count() == 0


def test_nothing_changed_is_nothing_to_try(signed_in: SignIn, graded: World):
    answer = signed_in(officer=COUNTY).post(NEW, {**ASKED, "v": "career_years", "to-career_years": "10", "run": "1"})
    assert "还没有改任何数值" in answer.content.decode()


def test_a_value_outside_its_range_is_refused_at_the_value_with_the_clause(db: None):
    law, place, on = installed_law(), 350103, date(2027, 1, 1)
    (one,) = settables(law, place, on=on, names=["certified_per_community"])
    assert [(limit.text, limit.mark, limit.binding) for limit in one.limits] == [("2 至 3 人", "〔福建培训2013·目标〕", True)]
    field = value_field(one, {"to-certified_per_community": "9"}, law=law)
    form = ScenarioForm(PlaceChoice(place, ((place, "台江区"),), ()), on, "2027-01-01", "", (), 0, (field,), (), (), {})
    (refused,) = checked(form).chosen
    assert [("2 至 3 人" in words, "〔福建培训2013·目标〕" in words, "certified_per_community" in words) for words in refused.wrong] == [
        (True, True, False)
    ]


def test_a_table_is_typed_cell_by_cell_or_moved_as_a_whole(db: None):
    law = installed_law()
    (one,) = settables(law, COUNTY, on=date(2027, 1, 1), names=["post_pay"])
    whole = value_field(one, {"each-post_pay": "100"}, law=law)
    assert [(change.cell, change.value) for change in whole.changes] == [(("正职",), "2700"), (("副职",), "2400"), (("一般",), "2100")]
    single = value_field(one, {"to-post_pay-1": "2650.50"}, law=law)
    assert [(change.cell, change.value) for change in single.changes] == [(("正职",), "2650.50")]


def test_the_result_says_who_gains_and_what_it_costs_and_opens_to_both_cards(signed_in: SignIn, graded: World):
    client = signed_in(officer=COUNTY)
    trial = tried(client, **{"each-post_pay": "100"})
    assert (trial.state, trial.on, trial.told["words"]) == (
        "done", date(2027, 1, 31), ["岗位工资：正职 2600 → 2700；副职 2300 → 2400；一般 2000 → 2100 元"],
    )  # fmt: skip
    with CaptureQueriesContext(connection) as ran:
        page = client.get(f"/policy/simulations/{trial.pk}/")
    assert (page.status_code, len(ran) <= 10, len(page.content) < 60_000) == (200, True, True)
    counts = page.context["counts"]
    assert {what: counts[what] for what in ("winners", "losers", "even", "unknown", "all")} == {
        "winners": 2, "losers": 0, "even": 0, "unknown": 0, "all": 2,
    }  # fmt: skip
    assert (page.context["here"].gain, page.context["year"]) == (trial.told["total"]["gain"], 12 * trial.told["total"]["cost"])
    listed = client.get(f"/policy/simulations/{trial.pk}/people/", {"of": "winners", "sort": "most"})
    assert sorted(one.name for one in listed.context["people"]) == ["罗布泽仁", "马志强"]
    card = client.get(f"/policy/simulations/{trial.pk}/people/{graded.head}/", {"rule": "monthly_pay"})
    before, after = card.context["cards"]
    assert (before["text"], after["text"], before["changed"]) == ("4,060.00 元", "4,160.00 元", [])
    assert [(one["title"], one["clause"]["mark"], one["replaced"]["mark"]) for one in after["changed"]] == [
        ("岗位工资", "〔试算·设定〕", "〔示例·甘孜州·4〕")
    ]
    assert "/law/scenario-" not in card.content.decode()


def test_a_list_goes_on_by_key(signed_in: SignIn, graded: World, monkeypatch: pytest.MonkeyPatch):
    from jiceng.desks.policy import simulation_people

    monkeypatch.setattr(simulation_people, "PAGE_SIZE", 1)
    monkeypatch.setattr(simulation_people.paged, "__kwdefaults__", {"size": 1})
    client = signed_in(officer=COUNTY)
    trial = tried(client, **{"each-post_pay": "100"})
    names, after = [], ""
    for _ in range(3):
        page = client.get(f"/policy/simulations/{trial.pk}/people/", {"of": "all", "sort": "most", "after": after})
        names += [one.name for one in page.context["people"]]
        after = page.context["after"]
        if not after:
            break
    assert sorted(names) == ["罗布泽仁", "马志强"]


def test_a_saved_one_is_the_difference_of_two_kept_runs_and_opens_as_it_was(signed_in: SignIn, graded: World):
    client = signed_in(officer=COUNTY)
    trial = tried(client, **{"each-post_pay": "100"})
    client.post(f"/policy/simulations/{trial.pk}/save/", {"name": "每档加一百"})
    trial.refresh_from_db()
    assert [(run.kind, run.name) for run in KeptRun.objects.order_by("pk")] == [
        ("answers", "每档加一百：现行规定"), ("simulated", "每档加一百"),
    ]  # fmt: skip
    assert [kept.reproduced(run) for run in KeptRun.objects.all()] == [True, True]
    rows = [kept.rows_of(run) for run in (trial.before, trial.after)]
    total = kept.difference(*rows, names=["monthly_pay"]).total("monthly_pay")
    told = next(one for one in trial.told["moved"] if one["name"] == "monthly_pay")
    assert (total.before.sum, total.after.sum, total.risen.people) == (told["before"], told["after"], told["risen"])
    # What is recorded afterwards moves neither the figures nor the cards.
    Worker("新来的人", n=99).appoint(date(2026, 11, 1), post="staff")
    assert client.get(f"/policy/simulations/{trial.pk}/").context["here"].heads == 2
    again = client.get(f"/policy/simulations/{trial.pk}/people/{graded.staff}/", {"rule": "monthly_pay"}).context["cards"]
    assert [card["text"] for card in again] == ["2,900.00 元", "3,000.00 元"]


def test_place_rules_have_their_two_cards(signed_in: SignIn, graded: World):
    population(COUNTY, 9_000, on=date(2025, 1, 1))
    client = signed_in(officer=COUNTY)
    trial = tried(client, **{"to-workers_per_10k_residents": "20"})
    lines = {line.rule: (line.before, line.after) for line in client.get(f"/policy/simulations/{trial.pk}/").context["lines"]}
    page = client.get(f"/policy/simulations/{trial.pk}/places/{COUNTY}/quota_exact/")
    assert tuple(card["text"] for card in page.context["cards"]) == lines["quota_exact"]


def test_two_are_compared_and_one_is_dropped_with_its_runs(signed_in: SignIn, graded: World):
    client = signed_in(officer=COUNTY)
    numbers = [tried(client, **{"each-post_pay": more}).pk for more in ("100", "200")]
    for number in numbers:
        client.post(f"/policy/simulations/{number}/save/", {"name": f"方案{number}"})
    page = client.get("/policy/simulations/compare/", {"one": [str(number) for number in numbers]})
    first, second = page.context["shown"]
    assert (first.total.winners, second.total.winners, second.total.gain == 2 * first.total.gain) == (2, 2, True)
    client.post(f"/policy/simulations/{numbers[0]}/drop/")
    assert (Trial.objects.count(), KeptRun.objects.count()) == (1, 2)
    assert client.get("/policy/simulations/compare/", {"one": str(numbers[1])}).status_code == 422


def test_the_months_of_a_year_are_kept_and_go_out_as_a_workbook(signed_in: SignIn, graded: World):
    client = signed_in(officer=COUNTY)
    trial = tried(client, **{"each-post_pay": "100"})
    client.post(f"/policy/simulations/{trial.pk}/budget/", {"year": "2027"})
    page = client.get(f"/policy/simulations/{trial.pk}/budget/", {"year": "2027"})
    lines = page.context["lines"]
    assert (len(lines), page.context["sum"]["change"]) == (12, sum(line["after"] - line["before"] for line in lines))
    assert lines[0]["change"] == trial.told["total"]["cost"]
    year = openpyxl.load_workbook(io.BytesIO(client.get(f"/policy/simulations/{trial.pk}/file/", {"year": "2027"}).content))
    assert year.sheetnames == ["逐月", "分地方", "分地方逐月"]
    below = [one for _, one in page.context["shares"]]
    for part in below:
        own = client.get(f"/policy/simulations/{trial.pk}/budget/", {"year": "2027", "place": part["place"]}).context
        assert (own["part"], own["sum"]["before"], own["sum"]["after"]) == (part["place"], part["before"], part["after"])
    for side in ("before", "after", "change"):
        assert sum(part[side] for part in below) == page.context["sum"][side]
    assert client.get(f"/policy/simulations/{trial.pk}/budget/", {"year": "2027", "place": PLAIN_COUNTY}).status_code == 422
    whole = openpyxl.load_workbook(io.BytesIO(client.get(f"/policy/simulations/{trial.pk}/file/").content))
    assert whole.sheetnames == ["分地方", "分条款", "名单"]
    assert [one.rows for one in Export.objects.order_by("pk")] == [13 + (len(below) + 1) + 12 * len(below), 5]


def test_others_do_not_open_it(signed_in: SignIn, graded: World):
    trial = tried(signed_in(officer=COUNTY), **{"each-post_pay": "100"})
    same = signed_in(clerk=COUNTY)
    assert same.get(f"/policy/simulations/{trial.pk}/").status_code == 403
    trials = Trial.objects.filter(pk=trial.pk)
    trials.update(name="存了的")
    assert same.get(f"/policy/simulations/{trial.pk}/").status_code == 200
    assert same.post(f"/policy/simulations/{trial.pk}/drop/").status_code == 403
    other, before = signed_in(officer=PLAIN_COUNTY, viewer=PLAIN_COUNTY), Denial.objects.count()
    doors = [
        "", "people/?of=winners", f"people/{graded.head}/", f"places/{COUNTY}/quota_exact/", "budget/", "file/", "file/?year=2027",
    ]  # fmt: skip
    assert [other.get(f"/policy/simulations/{trial.pk}/{door}").status_code for door in doors] == [403] * len(doors)
    assert Denial.objects.count() == before + len(doors)
    assert other.get("/policy/simulations/compare/", {"one": [trial.pk, trial.pk + 1]}).status_code == 403
    assert "存了的" not in other.get("/policy/simulations/").content.decode()
    assert other.post(NEW, {**ASKED, "v": "career_years", "to-career_years": "8", "run": "1"}).status_code == 403
    assert signed_in(viewer=COUNTY).get("/policy/simulations/").status_code == 403
    assert Trial.objects.count() == 1

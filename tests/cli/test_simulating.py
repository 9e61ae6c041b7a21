"""`jiceng simulate`: what it prints is what the simulation says; nothing changes; refusals say what to write."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from jiceng.base.refusals import Refusal
from jiceng.ledger.models import Entry
from jiceng.runs.commit import Record, commit
from jiceng.runs.models import KeptRun

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COUNTY = 513301
FROM = ("--place", COUNTY, "--from", "2027-01-01")


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    yield
    for name in ("runs", "cache"):
        shutil.rmtree(Path(settings.DATA) / name, ignore_errors=True)


@pytest.fixture
def graded(worker: int) -> int:
    changes = [Record(worker, "grading", date(2026, 1, 1), None, {"grade": 3})]
    commit(worker >> 40, changes, actor="示例", basis="示例", why="测试", clock=lambda: datetime(2026, 1, 4, tzinfo=UTC))
    return worker


def test_a_raise_of_one_cell(jiceng, graded):
    entries = Entry.objects.count()
    told = jiceng("simulate", "grade_pay[3]=1100", *FROM, "--json").json
    assert (told["on"], told["total"]["heads"], told["total"]["winners"], told["total"]["losers"]) == ("2027-01-31", 1, 1, 0)
    assert [(one["mark"], one["gain"], one["people"]) for one in told["causes"]] == [("〔示例·甘孜州·4〕", told["total"]["gain"], 1)]
    pay = next(one for one in told["moved"] if one["name"] == "monthly_pay")
    assert pay["after"] - pay["before"] == 10_000
    assert sum(one["cost"] for one in told["places"]) == told["total"]["cost"] == 10_000
    assert told["kept"] == []
    assert (Entry.objects.count(), KeptRun.objects.count()) == (entries, 0)


def test_in_words(jiceng, graded):
    said = jiceng("simulate", "等级工资[3]=1100", *FROM, "--list", "winners").out
    wanted = ("在册 1 人，有变化 1 人：增加 1 人，减少 0 人；每月应付 +100.00 元", "〔示例·甘孜州·4〕", "增加的人，1 人", str(graded))
    assert [text for text in wanted if text not in said] == []


def test_only_the_rules_asked_for_are_summed(jiceng, graded):
    told = jiceng("simulate", "grade_pay[3]=1100", *FROM, "--rule", "工资标准", "--list", "winners", "--json").json
    assert [one["name"] for one in told["moved"]] == ["monthly_pay"]
    assert [(one["subject"], one["gain"]) for one in told["list"]] == [(graded, told["total"]["gain"])]


def test_a_quota_is_told_for_places(jiceng, graded):
    said = jiceng("simulate", "workers_per_10k_residents=20", *FROM, "--json").json
    assert [(one["names"], one["people"], one["gain"]) for one in said["causes"]] == [(["workers_per_10k_residents"], 0, 0)]
    assert said["total"]["changed"] == 0


def test_both_sides_are_kept_and_their_difference_is_the_simulation(jiceng, graded):
    told = jiceng("simulate", "grade_pay[3]=1100", *FROM, "--keep", "三级", "--json").json
    runs = {run.pk: (run.name, run.kind) for run in KeptRun.objects.all()}
    assert runs == {told["kept"][0]: ("三级（改前）", "answers"), told["kept"][1]: ("三级（改后）", "simulated")}
    between = jiceng("runs", "compare", *told["kept"], "--json").json["names"]
    for one in told["moved"]:
        assert between[one["name"]]["change"] == one["after"] - one["before"]
    for number in told["kept"]:
        assert jiceng("runs", "check", number, "--json").json["equal"]


def test_months(jiceng, graded):
    told = jiceng("simulate", "grade_pay[3]=1100", *FROM, "--months", "2026-12..2027-02", "--json").json
    assert [(one["on"], one["change"]) for one in told["months"]] == [("2026-12-31", 0), ("2027-01-31", 10_000), ("2027-02-28", 10_000)]
    assert told["change"] == sum(one["change"] for one in told["places"]) == 20_000
    assert [sum(part["after"] for part in one["parts"]) for one in told["months"]] == [one["after"] for one in told["months"]]
    assert "2027-02" in jiceng("simulate", "grade_pay[3]=1100", *FROM, "--months", "2026-12..2027-02").out


def test_a_draft_anywhere_on_the_disk(jiceng, graded, tmp_path):
    folder = tmp_path / "cn-513301-kangding" / "2027-draft"
    folder.mkdir(parents=True)
    head = 'title: 示例草案\nshort: 草案\njurisdiction: "513301"\nin_force: 2030-01-01\ntrust: unverified\n'
    (folder / "document.yaml").write_text(head, encoding="utf-8")
    (folder / "values.yaml").write_text('performance_share: {clause: "2", unit: 比, 2030-01-01: 30%}\n', encoding="utf-8")
    told = jiceng("simulate", "--draft", folder, *FROM, "--json").json
    assert [(one["names"], one["people"]) for one in told["causes"]] == [(["performance_share"], 1)]
    assert told["scenario"] == "自 2027-01-01 起：草案 cn-513301-kangding/2027-draft"


@pytest.mark.parametrize(
    ("arguments", "id"),
    [
        (("grade_pay[3]=1100", "--place", COUNTY, "--from", "2027-13-01"), "cli.date"),
        (("grade_pay[3]=1100", *FROM, "--list", "everybody"), "cli.simulate_list"),
        (("grade_pay[3]=1100", *FROM, "--level", "乡"), "cli.simulate_level"),
        (("grade_pay[3]=1100", *FROM, "--months", "2027"), "cli.simulate_months"),
        (("grade_pay[3]=1100", *FROM, "--months", "2027-05..2027-01"), "scenario.months"),
        (("grade_pay=1100", *FROM), "scenario.cell"),
        ((*FROM,), "scenario.nothing"),
        (("--draft", "cn/none", *FROM), "scenario.no_draft"),
    ],
)
def test_refusals(jiceng, graded, arguments, id):
    with pytest.raises(Refusal) as refused:
        jiceng("simulate", *arguments)
    assert refused.value.id == id


def test_nothing_about_people_cannot_be_kept(jiceng, graded):
    with pytest.raises(Refusal) as refused:
        jiceng("simulate", "workers_per_10k_residents=20", "--place", COUNTY, "--from", "2025-06-01", "--keep", "应配")
    assert refused.value.id == "cli.simulate_keep"

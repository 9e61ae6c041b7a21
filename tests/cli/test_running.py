"""Kept runs by command line: calculated, kept, shown, compared, exported, worked out again; a damaged file is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

from jiceng.base.refusals import Refusal
from jiceng.runs.models import KeptRun

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COUNTY = 513301


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    yield
    shutil.rmtree(Path(settings.DATA) / "runs", ignore_errors=True)


def test_calculated_without_keeping(jiceng, worker):
    told = jiceng("run", "in_service", "--place", COUNTY, "--on", "2024-06-30", "--json").json
    assert (told["number"], told["people"], told["names"]["in_service"]["sum"]) == (None, 1, 1)
    assert told["names"]["in_service"]["kinds"] == {"value": 1}
    assert KeptRun.objects.count() == 0
    said = jiceng("run", "in_service", "--place", COUNTY, "--on", "2024-06-30").out
    assert ("没有保存" in said, "1 人" in said) == (True, True)


def test_kept_shown_renamed_compared_exported_and_worked_out_again(jiceng, worker, tmp_path):
    before = jiceng("run", "in_service", "training_overdue", "--place", COUNTY, "--on", "2021-04-30", "--keep", "到岗前", "--json").json
    after = jiceng("run", "in_service", "training_overdue", "--place", COUNTY, "--on", "2024-06-30", "--keep", "到岗后", "--json").json
    assert (before["people"], after["people"]) == (0, 1)
    listed = jiceng("runs", "list", "--json").json
    assert [(one["name"], one["people"], one["hash"]) for one in listed] == [("到岗后", 1, after["hash"]), ("到岗前", 0, before["hash"])]
    assert jiceng("runs", "list", "--place", 513302, "--json").json == []
    shown = jiceng("runs", "show", after["number"], "--json").json
    assert (shown["law"], shown["rules"], shown["names"]["in_service"]["sum"]) == (after["law"], ["in_service", "training_overdue"], 1)
    assert after["hash"] in jiceng("runs", "show", after["number"]).out
    told = jiceng("runs", "compare", after["number"], before["number"], "--json").json
    assert (told["before"], told["after"], told["joiners"], told["leavers"]) == (before["number"], after["number"], [worker], [])
    assert (told["names"]["in_service"]["joined"], told["names"]["in_service"]["change"]) == ({"people": 1, "sum": 1}, 1)
    assert "新增 1 人" in jiceng("runs", "compare", before["number"], after["number"]).out
    elsewhere = jiceng("runs", "compare", before["number"], after["number"], "--place", 513301002, "--json").json
    assert elsewhere["joiners"] == []
    assert jiceng("runs", "rename", after["number"], "改名", "--json").json == {"number": after["number"], "name": "改名"}
    out = tmp_path / "run.xlsx"
    assert jiceng("runs", "export", after["number"], out, "--json").json["rows"] == 1
    cells = [cell for row in load_workbook(out).active.iter_rows(values_only=True) for cell in row if cell is not None]
    assert [one for one in ("格桑示例", str(worker), "是", "改名") if one not in cells] == []
    with pytest.raises(Refusal, match="不能存成"):
        jiceng("runs", "export", after["number"], tmp_path / "run.csv")
    assert jiceng("runs", "check", "--json").json["equal"] is True
    assert "全部逐字节相同" in jiceng("runs", "check").out


def test_a_damaged_file_is_found_by_check_and_by_verify(jiceng, worker):
    made = jiceng("run", "in_service", "--place", COUNTY, "--on", "2024-06-30", "--keep", "六月", "--json").json
    assert jiceng("verify").code == 0
    path = Path(settings.DATA) / "runs" / f"{made['hash']}.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    checked = jiceng("runs", "check", made["number"], "--json")
    assert (checked.code, checked.json["runs"][0]["kept"], checked.json["runs"][0]["equal"]) == (2, False, True)
    assert "缺失或损坏，重算结果相同" in jiceng("runs", "check", made["number"]).out
    found = jiceng("verify", "--json")
    assert (found.code, [one["id"] for one in found.json["problems"]]) == (2, ["runs.file_changed"])


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        (("run", "in_service", "--place", 513399), "place.unknown"), (("run", "没有", "--place", COUNTY), "law.no_name"),
        (("run", "quota_exact", "--place", COUNTY), "runs.not_worker"), (("runs", "show", 99), "cli.run"),
        (("run", "in_service", "--place", COUNTY, "--keep", "字" * 81), "runs.name"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(jiceng, worker, arguments, refused):
    with pytest.raises(Refusal) as error:
        jiceng(*arguments)
    assert error.value.id == refused


def test_runs_of_places_apart_and_of_other_rules_are_not_compared(jiceng, worker):
    one = jiceng("run", "in_service", "--place", COUNTY, "--on", "2024-06-30", "--keep", "甲", "--json").json["number"]
    two = jiceng("run", "in_service", "--place", 513301001, "--on", "2024-06-30", "--keep", "乙", "--json").json["number"]
    three = jiceng("run", "in_service", "--place", 513301002, "--on", "2024-06-30", "--keep", "丙", "--json").json["number"]
    four = jiceng("run", "training_overdue", "--place", COUNTY, "--on", "2024-06-30", "--keep", "丁", "--json").json["number"]
    assert jiceng("runs", "compare", one, two, "--json").json["place"] == 513301001
    for pair, refused in (((two, three), "runs.places_apart"), ((one, four), "runs.nothing_common")):
        with pytest.raises(Refusal) as error:
            jiceng("runs", "compare", *pair)
        assert error.value.id == refused

"""Returns by command line: worked out, sent up, locked, checked; a changed byte is found."""

from __future__ import annotations

import pytest

from jiceng.base.refusals import Refusal
from jiceng.reports.models import Return

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COUNTY = 513301


def test_worked_out_for_any_day_as_known_then(jiceng, worker):
    told = jiceng("report", "status", "--place", COUNTY, "--on", "2024-06-30", "--json").json
    cells = told["lines"][0]["cells"]
    assert (cells["in_service"], cells["sex.unknown"], cells["quota_exact"]["kind"]) == (1, 1, "missing")
    assert cells["quota_exact"]["missing"] == ["城镇常住人口"]
    before = jiceng("report", "status", "--place", COUNTY, "--on", "2021-04-30", "--json").json
    assert before["lines"][0]["cells"]["in_service"] == 0
    since = jiceng("report", "status", "--place", COUNTY, "--on", "2021-12-31", "--since", "2021-01-01", "--json").json
    assert since["lines"][0]["cells"]["arrivals"] == 1


def test_saved_as_a_file_by_its_ending(jiceng, worker, tmp_path):
    for ending, begins in ((".xlsx", b"PK"), (".pdf", b"%PDF")):
        out = tmp_path / f"status{ending}"
        assert jiceng("report", "status", "--place", COUNTY, "--out", out).code == 0
        assert out.read_bytes()[: len(begins)] == begins
    with pytest.raises(Refusal, match="不能存成"):
        jiceng("report", "status", "--place", COUNTY, "--out", tmp_path / "status.doc")


def test_sent_up_locked_and_checked_and_a_changed_byte_is_found(jiceng, worker):
    made = jiceng("report", "submit", "--place", COUNTY, "--on", "2024-06-30", "--json").json
    assert (made["state"], made["version"], len(made["hash"])) == ("submitted", 1, 64)
    jiceng("report", "lock", made["number"])
    with pytest.raises(Refusal, match="完全相同"):
        jiceng("report", "correct", made["number"], "--why", "核对")
    assert [row["state"] for row in jiceng("report", "list", "--place", COUNTY, "--json").json] == ["locked"]
    assert jiceng("report", "check", "--json").json["equal"] is True
    assert jiceng("verify").code == 0
    row = Return.objects.get(pk=made["number"])
    Return.objects.filter(pk=row.pk).update(content=row.content.replace('"cells":[1,', '"cells":[2,', 1))
    checked = jiceng("report", "check", "--json")
    assert (checked.code, checked.json["returns"][0]["kept"], checked.json["returns"][0]["equal"]) == (2, False, False)
    found = jiceng("verify", "--json")
    assert (found.code, [one["id"] for one in found.json["problems"]]) == (2, ["reports.changed"])


def test_a_number_that_is_not_there_and_a_period_that_runs_backwards_are_refused(jiceng, worker):
    with pytest.raises(Refusal) as refused:
        jiceng("report", "lock", 99)
    assert refused.value.id == "cli.report"
    with pytest.raises(Refusal) as refused:
        jiceng("report", "status", "--place", COUNTY, "--on", "2024-01-01", "--since", "2024-02-01")
    assert refused.value.id == "reports.period"

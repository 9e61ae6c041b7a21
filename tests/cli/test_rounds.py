"""A collection round from the command line says what the page says."""

from __future__ import annotations

import zipfile
from io import BytesIO

import openpyxl
import pytest

from jiceng.base.refusals import Refusal
from tests.packets.conftest import COUNTY, OTHER_TOWN, TOWN, changed, clock, county, put

pytestmark = [pytest.mark.django_db, pytest.mark.database]
__all__ = ["clock", "county"]


def test_round_from_asking_to_merging(jiceng, county, tmp_path):
    asked = jiceng("round", "new", "--place", COUNTY, "--title", "核对", "--due", "2100-01-01", "--office", "示例", "--json").json
    assert asked["places"] == [TOWN, OTHER_TOWN]
    number = asked["round"]
    out = tmp_path / "收表.zip"
    assert jiceng("round", "send", number, "--out", out, "--json").json["workbooks"] == 2
    back = tmp_path / "交回"
    back.mkdir()
    with zipfile.ZipFile(out) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            at = int(name.rsplit("-", 1)[1][:-5])
            change = (
                (lambda sheet: put(sheet, "丁增", "民族", "汉族")) if at == TOWN else (lambda sheet: put(sheet, "白玛", "民族", "火星族"))
            )
            (back / f"{at}.xlsx").write_bytes(changed(content, change))
    assert [one["state"] for one in jiceng("round", "receive", number, back, "--json").json] == ["received", "received"]
    places = jiceng("round", "board", number, "--json").json["places"]
    assert [(one["state"], one["changed"], one["refused"]) for one in places] == [("received", 1, 0), ("received", 0, 1)]
    refused = tmp_path / "退回.zip"
    merged = jiceng("round", "merge", number, "--yes", "--returned", refused, "--json").json
    assert [(one["place"], one["changed"]) for one in merged["merged"]] == [(TOWN, 1)]
    with zipfile.ZipFile(refused) as archive:
        assert openpyxl.load_workbook(BytesIO(archive.read(archive.namelist()[0]))).sheetnames == ["花名册"]
    assert jiceng("round", "remind", number, "--json").json == []
    assert [one["state"] for one in jiceng("round", "board", number, "--json").json["places"]] == ["merged", "received"]


def test_what_is_not_there_is_refused(jiceng, county):
    with pytest.raises(Refusal) as refused:
        jiceng("round", "board", 99)
    assert refused.value.id == "packets.no_round"
    asked = ("round", "new", "--place", COUNTY, "--title", "甲", "--due", "2100-01-01", "--office", "乙")
    with pytest.raises(Refusal) as refused:
        jiceng(*asked, "--level", "室")
    assert refused.value.id == "cli.level"

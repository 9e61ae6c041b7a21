"""The law by command line."""

from __future__ import annotations

import pytest

from jiceng.base.refusals import Refusal

pytestmark = pytest.mark.django_db


def test_list_names_every_shipped_folder(jiceng):
    said = jiceng("law", "list", "--json").json
    assert [d["id"] for d in said["documents"] if d["id"].startswith("cn/")] == [
        "cn/2012-certificate-conditions",
        "cn/2020-proof-list",
        "cn/2024-community-workers",
    ]
    assert len(said["hash"]) == 64


def test_show_gives_a_clause_sentence_by_sentence(jiceng):
    said = jiceng("law", "show", "cn/2024-community-workers", "8", "--json").json
    assert [clause["number"] for clause in said["clauses"]] == ["8"]
    assert {rule["clause"] for rule in said["rules"]} == {"8"}


def test_show_refuses_a_clause_that_is_not_there(jiceng):
    with pytest.raises(Refusal) as refused:
        jiceng("law", "show", "cn/2024-community-workers", "99")
    assert refused.value.id == "cli.clause"


def test_check_of_the_shipped_folders_finds_nothing_wrong(jiceng):
    said = jiceng("law", "check", "--json")
    assert (said.code, said.json["right"], said.json["problems"], said.json["cases"]["wrong"]) == (0, True, [], [])


def test_new_folder_checks_as_it_stands_and_a_broken_one_does_not(jiceng, tmp_path):
    folder = tmp_path / "cn-5133-ganzi" / "2027-example"
    arguments = ("--title", "示例办法", "--short", "示例2027", "--jurisdiction", 5133, "--in-force", "2027-01-01", "--issuer", "示例办公室")
    jiceng("law", "new", folder, *arguments)
    assert jiceng("law", "check", folder, "--json").json["right"] is True
    (folder / "rules.py").write_text("import os\n", encoding="utf-8")
    said = jiceng("law", "check", folder, "--json")
    assert (said.code, said.json["right"], said.json["problems"][0]["line"]) == (2, False, 1)


def test_check_refuses_what_is_no_folder(jiceng, tmp_path):
    with pytest.raises(Refusal) as refused:
        jiceng("law", "check", tmp_path)
    assert refused.value.id == "cli.file"


def test_reload_refreshes_rows(jiceng, worker):
    assert jiceng("law", "reload", "--json").json["documents"] == len(jiceng("law", "list", "--json").json["documents"])


def test_contradictions_by_place_and_kind(jiceng):
    copied = jiceng("law", "contradictions", "--kind", "copied", "--json").json["findings"]
    pair = ["cn-14-shanxi/2020-pay-copy", "cn-6101-xian/2020-pay"]
    assert [([side["document"] for side in one["sides"]], one["places"], one["known"]) for one in copied] == [(pair, [6101, 14], "")]
    assert jiceng("law", "contradictions", "--kind", "copied", "--place", 5133, "--json").json["findings"] == []
    (about,) = jiceng("law", "contradictions", "--kind", "about", "--place", 210504, "--json").json["findings"]
    assert (about["before"], about["after"]) == ("约 20%", "10%")
    said = jiceng("law", "contradictions", "--place", 210504).out
    assert "〔cn-2105-benxi/2022-pay·工资〕约 20%" in said
    with pytest.raises(Refusal) as refused:
        jiceng("law", "contradictions", "--kind", "x")
    assert refused.value.id == "cli.kind"


def test_coverage_is_told_and_written(jiceng, tmp_path):
    rows = {one["id"]: one for one in jiceng("law", "coverage", "--json").json["documents"]}
    opinion = rows["cn/2024-community-workers"]
    assert [opinion[key] for key in ("rule", "value", "thing", "duty", "none")] == [16, 0, 13, 29, 18]
    assert (opinion["without_rule"], opinion["without_case"]) == (["5", "6", "7", "10", "11", "15", "16"], [])
    with pytest.raises(Refusal) as refused:
        jiceng("law", "coverage", "--write", tmp_path)
    assert refused.value.id == "cli.file"
    (tmp_path / "README.md").write_text("无表\n", encoding="utf-8")
    written = jiceng("law", "coverage", "--write", tmp_path, "--json").json["written"]
    assert written == [str(tmp_path / "coverage.md")]
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "无表\n"


def test_a_draft_is_copied_packed_and_taken_in_and_put_in_force_only_if_it_is_there(jiceng, tmp_path, monkeypatch, settings):
    from jiceng.cli import drafting
    from jiceng.runs.law import installed_law

    settings.DATA = tmp_path / "data"
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(drafting, "home", lambda: tmp_path)
    id, said = "cn-513324/2027-pay", ("--jurisdiction", 513324, "--in-force", "2027-01-01", "--title", "示例：办法", "--short", "示例·办法")
    jiceng("law", "new", id, "--from", "cn-5133-ganzi/2026-demo", *said)
    out = tmp_path / "pay.zip"
    assert jiceng("law", "pack", id, "--out", out, "--json").json["id"] == id
    assert jiceng("law", "unpack", out, "--json").json["id"] == id
    with pytest.raises(Refusal) as refused:
        jiceng("law", "put", "cn-513324/2027-none", "--basis", "x", "--why", "x")
    assert refused.value.id == "draft.none"
    with pytest.raises(Refusal) as refused:
        jiceng("law", "back", id, "--why", "x")
    assert refused.value.id == "draft.not_in_force"
    installed_law(reload=True)

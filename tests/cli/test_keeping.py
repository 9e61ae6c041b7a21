"""Verify with exported heads, undo, backup and restore by command line."""

from __future__ import annotations

import json

import pytest

from jiceng.base.refusals import Refusal
from tests.cli.test_placing import RECORD

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_verify_counts_and_exports_heads(jiceng, worker, tmp_path):
    heads = tmp_path / "heads.json"
    said = jiceng("verify", "--export", heads, "--json")
    assert (said.code, said.json["whole"], said.json["entries"], said.json["facts"]) == (0, True, 1, 5)
    assert json.loads(heads.read_text()) == said.json["heads"]
    assert jiceng("verify", "--heads", heads).code == 0


def test_verify_finds_a_head_that_is_not_there(jiceng, worker, tmp_path):
    heads = tmp_path / "heads.json"
    kept = jiceng("verify", "--json").json["heads"]
    (book, (number, seal)), *_ = kept.items()
    heads.write_text(json.dumps({book: [number + 1, seal]}))
    said = jiceng("verify", "--heads", heads, "--json")
    assert (said.code, said.json["whole"], len(said.json["problems"])) == (2, False, 1)


def test_a_heads_file_that_does_not_read_is_refused(jiceng, worker, tmp_path):
    (tmp_path / "heads.json").write_text("[1]")
    with pytest.raises(Refusal) as refused:
        jiceng("verify", "--heads", tmp_path / "heads.json")
    assert refused.value.id == "cli.file"


def test_undo_takes_an_entry_back_and_cannot_be_done_twice(jiceng, county):
    entry = jiceng("place", county, *RECORD, "--json").json["entry"]
    jiceng("undo", entry, "--why", "填错了")
    assert jiceng("place", county, "--since", "2025-06-01", "--json").json["facts"] == []
    with pytest.raises(Refusal) as refused:
        jiceng("undo", entry, "--why", "再来一次")
    assert refused.value.id == "ledger.undone"


def test_restore_wants_to_be_confirmed(jiceng, tmp_path):
    with pytest.raises(Refusal) as refused:
        jiceng("restore", tmp_path / "x.jcb")
    assert refused.value.id == "cli.confirm"

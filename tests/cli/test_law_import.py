"""`jiceng law import`: from a page to the kept text, again, and changed by one character."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from jiceng.base.refusals import Refusal
from jiceng.law.folding import text_hash
from jiceng.ledger.models import Entry
from jiceng.runs.law import installed_law
from jiceng.runs.texts import kept_text, recorded
from tests.law.text import articles, opinion
from tests.runs.world import book

pytestmark = pytest.mark.django_db
OPINION = "cn/2024-community-workers"
SENTENCES = [3, 3, 5, 6, 4, 6, 3, 6, 5, 3, 4, 3, 6, 5, 4, 3, 7]
KEPT = Path(settings.DATA) / "texts"


@pytest.fixture(autouse=True)
def _nothing_kept(db: None) -> Iterator[None]:
    book()
    shutil.rmtree(KEPT, ignore_errors=True)
    yield
    shutil.rmtree(KEPT, ignore_errors=True)


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(opinion.page(installed_law().document(OPINION)), encoding="utf-8")
    return path


def test_a_page_becomes_seventeen_clauses_beside_seventy_six_digests(jiceng, page):
    said = jiceng("law", "import", page, "--document", OPINION, "--json").json
    assert [text["title"] for text in said["texts"]] == [
        articles.CARPENTER_TITLE, "　".join(articles.FAIR_TITLES), articles.CANTEEN_TITLE, installed_law().document(OPINION).title,
    ]  # fmt: skip
    assert [text["chosen"] for text in said["texts"]] == [False, False, False, True]
    assert [(clause["sentences"], clause["agrees"], clause["state"]) for clause in said["clauses"]] == [(n, True, "new") for n in SENTENCES]
    assert sum(said["dispositions"].values()) == 76
    assert said["missing"] == ["缺开头：本页从半截开始，注明“紧接第一版”", "缺第一部分：本页的部分从“二、第一组”开始"]
    assert (said["problems"], said["unplaced"], said["complete"], said["kept"]) == ([], [], False, True)


def test_the_text_lies_beside_the_database_with_its_hashes(jiceng, page):
    jiceng("law", "import", page, "--document", OPINION)
    raw = json.loads((KEPT / f"{OPINION}.json").read_text(encoding="utf-8"))
    kept = kept_text(OPINION)
    assert [clause["hash"] for clause in raw["clauses"]] == [text_hash(clause.printed) for clause in kept.clauses]
    assert (kept.file, kept.source, len(kept.clauses), kept.by.partition(":")[0]) == ("page.txt", "据示例社", 17, "命令行")
    first = installed_law().document(OPINION).clauses[0]
    assert kept.clauses[0].sentences == tuple(opinion.sentence(one.digest) for one in first.sentences)
    assert (KEPT / "pages" / f"{kept.page}.txt").read_bytes() == page.read_bytes()


def test_the_same_page_again_changes_nothing(jiceng, page):
    jiceng("law", "import", page, "--document", OPINION)
    before = (KEPT / f"{OPINION}.json").read_bytes()
    said = jiceng("law", "import", page, "--document", OPINION, "--json").json
    assert {clause["state"] for clause in said["clauses"]} == {"equal"}
    assert (KEPT / f"{OPINION}.json").read_bytes() == before


def test_one_changed_character_is_shown_and_not_taken_over_unasked(jiceng, page):
    jiceng("law", "import", page, "--document", OPINION)
    before = (KEPT / f"{OPINION}.json").read_bytes()
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("人口18名", "人口19名"), encoding="utf-8")
    said = jiceng("law", "import", page, "--document", OPINION, "--json")
    changed = [clause for clause in said.json["clauses"] if clause["state"] != "equal"]
    assert [(clause["number"], clause["state"]) for clause in changed] == [("3", "changed")]
    assert [piece for piece in changed[0]["marked"] if piece[0] != "kept"] == [["removed", "8"], ["added", "9"]]
    assert (said.code, said.json["kept"], (KEPT / f"{OPINION}.json").read_bytes() == before) == (2, False, True)
    words = jiceng("law", "import", page, "--document", OPINION).out
    assert "1[-8-][+9+]名" in words

    assert jiceng("law", "import", page, "--document", OPINION, "--replace").code == 0
    assert "人口19名" in kept_text(OPINION).clauses[2].printed
    assert [path.read_bytes() for path in KEPT.rglob("*.before-*.json")] == [before]


def test_a_kept_clause_that_was_touched_is_not_intact(jiceng, page):
    jiceng("law", "import", page, "--document", OPINION)
    path = KEPT / f"{OPINION}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("一万名", "二万名"), encoding="utf-8")
    assert [clause.number for clause in kept_text(OPINION).clauses if not clause.intact] == ["3"]


def test_a_clause_too_many_and_one_too_few_are_named(jiceng, page):
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("17.深化", "18.深化"), encoding="utf-8")
    said = jiceng("law", "import", page, "--document", OPINION, "--json").json
    assert said["problems"] == ["第 18 条：本页有原文，文件夹里没有摘要", "第 17 条：文件夹里有摘要，本页没有原文"]
    assert said["missing"][-1] == "缺第 17 条"


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", "lawtext.empty"),
        (b"\x00\x01PK", "lawtext.encoding"),
        (b"\xff" * 10, "lawtext.encoding"),
        ("\n".join(articles.stacked(articles.FAIR, 30)).encode(), "lawtext.no_clauses"),
        ("\n".join(articles.stacked(articles.duty_paragraphs(), 30)).encode("gb18030"), "lawtext.which"),
        (b"a" * (512 << 10) + b"b", "lawtext.too_large"),
        (b"a\n" * 3001, "lawtext.too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused(jiceng, tmp_path, content, refused):
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(Refusal) as found:
        jiceng("law", "import", path, "--document", OPINION)
    assert (found.value.id, KEPT.exists()) == (refused, False)


@pytest.mark.parametrize(("position", "refused"), [(5, "lawtext.no_text"), (1, "lawtext.no_clauses")])
def test_a_text_chosen_by_hand_must_be_there_and_have_clauses(jiceng, page, position, refused):
    with pytest.raises(Refusal) as found:
        jiceng("law", "import", page, "--document", OPINION, "--text", position)
    assert found.value.id == refused


def test_a_broken_file_says_so(jiceng, page):
    jiceng("law", "import", page, "--document", OPINION)
    (KEPT / f"{OPINION}.json").write_text("{", encoding="utf-8")
    with pytest.raises(Refusal) as found:
        kept_text(OPINION)
    assert found.value.id == "lawtext.broken"


def test_the_import_is_an_entry_and_a_file_changed_hash_and_all_is_unknown_to_it(jiceng, page):
    jiceng("law", "import", page, "--document", OPINION)
    jiceng("law", "import", page, "--document", OPINION)
    assert [(entry.act, entry.why) for entry in Entry.objects.all()] == [
        ("import_text", f"导入{installed_law().document(OPINION).title}原文 17 条")
    ]
    assert recorded(kept_text(OPINION))
    file = KEPT / f"{OPINION}.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    clause = raw["clauses"][2]
    clause["printed"] = clause["printed"].replace("18", "81")
    clause["sentences"] = [one.replace("18", "81") for one in clause["sentences"]]
    clause["hash"] = text_hash(clause["printed"])
    file.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    kept = kept_text(OPINION)
    assert [one.intact for one in kept.clauses] == [True] * 17
    assert not recorded(kept)

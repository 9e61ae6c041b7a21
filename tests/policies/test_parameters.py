"""The page of parameters: every folder it names is there, holds the rules and values it names, and the cases or tests that prove them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.law.model import Document

PAGE = Path(__file__).parents[2] / "docs" / "law" / "parameters.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| P")
]
ABOUT_DOCUMENTS = ("trust", "sources")


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def folders(law, cell: str) -> list[Document]:
    """The documents a row names: `place/year`, `place`, `place-…`, or `year` beside the place before it."""
    found: list[Document] = []
    place = ""
    for name in re.findall(r"`([^`]+)`", cell):
        if re.match(r"cn[-/]|cn$", name):
            start, place = name.removesuffix("…"), name.partition("/")[0]
            here = [
                one
                for one in law.documents
                if one.id == start or one.id.startswith(start if start.endswith("-") else f"{start}-") or one.id.startswith(f"{start}/")
            ]
        else:
            here = [one for one in law.documents if one.id == f"{place}/{name}"]
        assert here, f"no folder {name}"
        found += here
    return found


def test_all_parameters_have_a_row():
    assert sorted({row[0] for row in ROWS}, key=lambda name: int(name[1:])) == [f"P{number}" for number in range(1, 35)]
    assert {len(row) for row in ROWS} == {5}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_a_row_names_what_there_is(law, row):
    _, _, where, names, proofs = row
    documents = folders(law, where) if "`" in where else list(law.documents)
    own = {value.name for one in documents for value in one.values} | {rule.id for one in documents for rule in one.rules}
    asked = {argument.name for one in documents for rule in one.rules for argument in rule.arguments}
    assert [name for name in re.findall(r"`([a-z_]+)`", names) if name not in own | asked | set(ABOUT_DOCUMENTS)] == []
    titles = [str(case.get("情形", "")) for one in documents for case in one.cases]
    clauses = [clause.number for one in documents for clause in one.clauses]
    for words in re.findall(r"(条款)?((?:“[^”]+”)+)", proofs):
        for said in re.findall(r"“([^”]+)”", words[1]):
            assert any(said in title for title in titles) or said in clauses, said
    for number in re.findall(r"T\d+", proofs):
        assert any(number in title for title in titles) or number in FEATURES, number
    for number in re.findall(r"特征 ?(\d+)", proofs):
        assert f"def test_feature_{number}_" in FEATURES, number


FEATURES = (Path(__file__).parent / "test_features.py").read_text(encoding="utf-8")


def test_every_feature_of_the_dossier_has_a_test():
    assert [number for number in range(1, 21) if f"def test_feature_{number}_" not in FEATURES] == []

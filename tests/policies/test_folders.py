"""The shipped folders: they load, their cases hold, their sentences are counted, and no digest copies the page."""

import re
from pathlib import Path

import pytest

from jiceng.law.coverage import TABLE_START, by_clause, coverage, publish, table, with_table, without_case, without_rule
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.places.tree import NOWHERE, contains

OPINION = "cn/2024-community-workers"
SENTENCES = [3, 3, 5, 6, 4, 6, 3, 6, 5, 3, 4, 3, 6, 5, 4, 3, 7]
TRUST = {
    "cn-11-beijing/2015-pay": ("reprint", False),
    "cn-110102-xicheng/2026-attendance": ("reprint", False),
    "cn-110116-huairou/2018-pay": ("reprint", False),
    "cn-12-tianjin/2018-workers": ("reprint", False),
    "cn-13-hebei/2026-grades": ("unverified", False),
    "cn-14-shanxi/2020-pay-copy": ("unverified", False),
    "cn-1501-hohhot/2023-regrading": ("unverified", False),
    "cn-152921-alxa-left/2026-pay": ("unverified", False),
    "cn-2105-benxi/2022-pay": ("official", False),
    "cn-210504-mingshan/2023-performance": ("official", False),
    "cn-210882-dashiqiao/2026-assessment": ("unverified", False),
    "cn-2301-harbin/2023-workers": ("reprint", False),
    "cn-3301-hangzhou/2012-allowances": ("unverified", False),
    "cn-3302-ningbo/2026-pay": ("unverified", False),
    "cn-330402008-jiefang/2014-satisfaction": ("reprint", False),
    "cn-35-fujian/2013-training": ("unverified", False),
    "cn-3501-fuzhou/2021-structure": ("unverified", False),
    "cn-350103-taijiang/2026-dispatch": ("unverified", False),
    "cn-3502-xiamen/2009-pay": ("reprint", False),
    "cn-3502-xiamen/2021-structure": ("unverified", False),
    "cn-3507-nanping/2021-structure": ("unverified", False),
    "cn-370102-lixia/2022-recruitment": ("unverified", False),
    "cn-370405-taierzhuang/2026-recruitment": ("unverified", False),
    "cn-370724-linqu/2022-recruitment": ("unverified", False),
    "cn-370781-qingzhou/2022-recruitment": ("unverified", False),
    "cn-370911-daiyue/2025-recruitment": ("unverified", False),
    "cn-42-hubei/2026-proof-list": ("unverified", False),
    "cn-420202005-shenjiaying/2024-leave": ("official", False),
    "cn-440304-futian/2019-package": ("unverified", False),
    "cn-51-sichuan/2026-demo": ("unverified", True),
    "cn-511681-huaying/2026-trial": ("reprint", False),
    "cn-5132-aba/2026-demo": ("unverified", True),
    "cn-5133-ganzi/2026-demo": ("unverified", True),
    "cn-5133-ganzi/2026-pay-demo": ("unverified", True),
    "cn-513324-jiulong/2026-demo": ("unverified", True),
    "cn-5134-liangshan/2026-demo": ("unverified", True),
    "cn-6101-xian/2020-pay": ("unverified", False),
    "cn-6101-xian/2022-base": ("unverified", False),
    "cn-62-gansu/2023-workers": ("reprint", False),
    "cn-64-ningxia/2025-grades": ("reprint", False),
    "cn-990301-unplaced-county-leave/2026-leave": ("unverified", False),
    "cn-990302-unplaced-leave-template/2026-leave": ("unverified", False),
    "cn-9908-unplaced-post-level-title/2026-pay": ("unverified", False),
    "cn-9911-unplaced-older-amounts/2014-amounts": ("unverified", False),
    "cn-9937-unplaced-shandong-city/2022-pay": ("reprint", False),
    "cn-993701-unplaced-jinan-type/2019-pay": ("reprint", False),
    "cn-9942-unplaced-hubei-type/2026-posts": ("unverified", False),
    "cn-995201-unplaced-guizhou-county/2023-posts": ("unverified", False),
    "cn-9964-unplaced-deemed-years/2025-education": ("reprint", False),
    "cn/2012-certificate-conditions": ("reprint", False),
    "cn/2020-proof-list": ("official", False),
    OPINION: ("reprint", False),
}
"""Every folder: trust, and whether it is an example."""
NOTICES = [
    ("law.about", "cn-210504-mingshan/2023-performance/values.yaml"),
    ("law.bands_gap", "cn-990301-unplaced-county-leave/2026-leave/values.yaml"),
    ("law.bands_overlap", "cn-5133-ganzi/2026-demo/values.yaml"),
    ("law.bands_overlap", "cn-990302-unplaced-leave-template/2026-leave/values.yaml"),
    ("law.bands_overlap", "cn-990302-unplaced-leave-template/2026-leave/values.yaml"),
    ("law.succeeds", "cn-3502-xiamen/2021-structure"),
    ("law.succeeds", "cn-6101-xian/2022-base"),
]
README = Path(__file__).parents[2] / "docs" / "law" / "README.md"


@pytest.fixture(scope="module")
def law():
    return load_law(find_folders(shipped_root()))


def test_all_folders_load(law):
    assert sorted(document.id for document in law.documents) == sorted(TRUST)


def test_notices_are_the_known_ones(law):
    found = sorted((notice.id, notice.path) for notice in law.notices)
    assert found == NOTICES


def test_trust_and_examples(law):
    assert {document.id: (document.trust, document.example) for document in law.documents} == TRUST


def test_what_names_no_place_stands_where_no_place_is(law):
    """No division code begins with 99; a folder there is no example (its figures are somebody's) and says that its place is unknown."""
    unplaced = [document for document in law.documents if document.jurisdiction and contains(NOWHERE, document.jurisdiction)]
    assert [document.id for document in unplaced if "unplaced" not in document.id or document.example] == []
    assert [document.id for document in unplaced if "地方" not in document.title or "代用区划" not in document.note] == []
    assert [document.id for document in law.documents if "unplaced" in document.id and document not in unplaced] == []


def test_every_example_says_so(law):
    for document in law.documents:
        if document.example:
            assert document.title.startswith("示例")
            assert [value.name for value in document.values if not value.note.startswith("示例")] == []


def test_opinion_has_17_clauses_and_76_sentences(law):
    document = law.document(OPINION)
    assert [clause.number for clause in document.clauses] == [str(number) for number in range(1, 18)]
    assert [len(clause.sentences) for clause in document.clauses] == SENTENCES
    assert sum(SENTENCES) == 76


def test_coverage_adds_up_to_the_sentences(law):
    assert coverage(law.document(OPINION)) == {"rule": 16, "value": 0, "thing": 13, "duty": 29, "none": 18}
    for document in law.documents:
        assert sum(coverage(document).values()) == sum(len(clause.sentences) for clause in document.clauses)


def test_every_rule_and_value_stands_under_a_sentence(law):
    for document in law.documents:
        if document.clauses:
            named = {point for clause in document.clauses for sentence in clause.sentences for point in sentence.points}
            own = {value.name for value in document.values} | {rule.id for rule in document.rules}
            assert named == own


def test_documentation_counts_what_is_there(law):
    """`jiceng law coverage --write docs/law` would change nothing."""
    text = README.read_text(encoding="utf-8")
    assert TABLE_START in text.splitlines()
    assert with_table(text, law) == text
    assert (README.parent / "coverage.md").read_text(encoding="utf-8") == by_clause(law)


def test_what_is_counted_is_what_the_folders_hold(law):
    lines = table(law).splitlines()[2:]
    assert [int(line.split("|")[3]) for line in lines if OPINION in line] == [76]
    assert len(lines) == len(law.documents)
    clauses = [line.split("|")[2:4] for line in by_clause(law).splitlines() if line.startswith(f"| `{OPINION}`")]
    assert [int(sentences) for _, sentences in clauses] == SENTENCES
    assert [clause.number for clause in without_rule(law.document(OPINION))] == ["5", "6", "7", "10", "11", "15", "16"]
    assert [(d.id, without_case(law, d)) for d in law.documents if without_case(law, d)] == []


def test_a_table_is_replaced_and_the_rest_of_the_page_stays(law, tmp_path):
    (tmp_path / "README.md").write_text(f"前\n\n{TABLE_START}\n|---|\n| `cn/old` |\n\n后\n", encoding="utf-8")
    assert [path.name for path in publish(law, tmp_path)] == ["README.md", "coverage.md"]
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == f"前\n\n{table(law)}\n\n后\n"
    assert publish(law, tmp_path) == []


def test_page_where_it_is_there(law):
    """The newspaper page lies beside the checkout for us and in CI: sentences counted on it, nothing copied from it."""
    page = Path(__file__).parents[3] / "shared" / "seed" / "newspaper-page.txt"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    flat = re.sub(r"\s", "", text)
    digests = [re.sub(r"\s", "", s.digest) for clause in law.document(OPINION).clauses for s in clause.sentences]
    copied = [run for digest in digests for start in range(len(digest) - 19) if (run := digest[start : start + 20]) in flat]
    assert copied == []
    assert (_sentences(text) if text else "not compared") == (SENTENCES if page.exists() else "not compared")


def _sentences(text: str) -> list[int]:
    text = re.sub(r"\s", "", text[text.index("（紧接第一版）") : text.index("（据新华社）")])
    articles = re.split(r"(?<!\d)\d{1,2}\.(?=[一-鿿])", text)[1:]
    # The first full stop ends the heading, the last article runs to the end.
    return [article.count("。") - 1 for article in articles]

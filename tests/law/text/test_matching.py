"""Printed clauses beside a folder's digests, and against an earlier copy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.base.refusals import Refusal
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.law.model import Document
from jiceng.law.text.clauses import Printed, printed
from jiceng.law.text.columns import blocks
from jiceng.law.text.matching import Change, chosen, compared, fitting, marked, match
from jiceng.law.text.separate import separate
from tests.law.text import articles, opinion


@pytest.fixture(scope="module")
def document() -> Document:
    return load_law(find_folders(shipped_root())).document("cn/2024-community-workers")


@pytest.fixture(scope="module")
def text(document) -> Printed:
    return printed(blocks("\n".join(articles.stacked(opinion.opinion(document), 36))))


def test_every_sentence_stands_beside_its_digest(document, text):
    found = match(text, document)
    assert found.problems == ()
    assert [row.rows for row in found.clauses] == [
        tuple((opinion.sentence(one.digest), one) for one in clause.sentences) for clause in document.clauses
    ]


def test_a_sentence_too_few_is_named_and_the_digest_stands_alone(document, text):
    short = replace(text.clauses[0], sentences=text.clauses[0].sentences[:2])
    found = match(replace(text, clauses=(short, *text.clauses[1:])), document)
    assert found.problems == ("第 1 条：原文 2 句，摘要 3 句",)
    assert found.clauses[0].rows[2] == ("", document.clauses[0].sentences[2])


def test_another_title_is_named(document, text):
    other = replace(text.clauses[4], title="提升能力")
    found = match(replace(text, clauses=(*text.clauses[:4], other, *text.clauses[5:])), document)
    assert found.problems == ("第 5 条：原文标题“提升能力”，文件夹写“提升政治素质”",)


def test_a_first_sentence_that_looked_like_a_title_is_a_sentence(document, text):
    clause = document.clauses[4]
    first, *rest = clause.sentences
    untitled = printed(blocks(f"5.{opinion.sentence(first.digest)}{''.join(opinion.sentence(one.digest) for one in rest)}\n"))
    assert (untitled.clauses[0].title, len(untitled.clauses[0].sentences)) == (first.digest.rstrip("。"), 3)
    row = match(untitled, replace(document, clauses=(replace(clause, title=""),))).clauses[0]
    assert [original for original, _ in row.rows] == [opinion.sentence(one.digest) for one in clause.sentences]


def test_two_texts_as_like_cannot_be_chosen_between(document):
    body = "\n".join(articles.stacked(opinion.opinion(document), 36))
    page = separate(f"{body}（据示例社）\n\n{body}（据示例社）\n")
    assert [position for position, _, _ in fitting(page, document)] == [1, 2]
    with pytest.raises(Refusal) as refused:
        chosen(page, document, position=None)
    assert refused.value.id == "lawtext.which"
    assert chosen(page, document, position=2) is page.texts[1]


def test_compared_with_an_earlier_copy(text):
    first, second, third, *_ = text.clauses
    earlier = {"1": (first.printed, first.hash), "2": (second.printed.replace("四", "五", 1), "other"), "99": ("旧条。", "old")}
    assert compared([first, second, third], earlier) == (
        Change("1", "equal"),
        Change("2", "changed", marked(second.printed.replace("四", "五", 1), second.printed)),
        Change("3", "new"),
        Change("99", "gone"),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("每3年轮训", "每2年轮训", (("kept", "每"), ("removed", "3"), ("added", "2"), ("kept", "年轮训"))),
        ("应当公开", "应公开", (("kept", "应"), ("removed", "当"), ("kept", "公开"))),
        ("公开", "公开。", (("kept", "公开"), ("added", "。"))),
        ("", "新", (("added", "新"),)),
        ("同", "同", (("kept", "同"),)),
    ],
)
def test_marked_characters(old, new, expected):
    assert marked(old, new) == expected


@given(old=st.text(alphabet="甲乙丙", max_size=30), new=st.text(alphabet="甲乙丙", max_size=30))
def test_marks_give_back_both_texts(old, new):
    pieces = marked(old, new)
    assert "".join(piece for kind, piece in pieces if kind != "removed") == new
    assert "".join(piece for kind, piece in pieces if kind != "added") == old


def test_what_is_too_long_to_compare_is_marked_whole():
    old, new = "头" + "甲乙" * 1000 + "尾", "头" + "丙丁" * 1000 + "尾"
    assert marked(old, new) == (("kept", "头"), ("removed", "甲乙" * 1000), ("added", "丙丁" * 1000), ("kept", "尾"))

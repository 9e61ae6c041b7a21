"""Lines rejoined: whatever width a text is cut to, it comes back; small rules of joining and of numbers."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiceng.law.text import marks
from jiceng.law.text.columns import blocks, joined, tidy
from jiceng.law.text.separate import separate
from tests.law.text import articles

OURS = {"story": articles.CARPENTER, "canteen": articles.CANTEEN, "duty": tuple(articles.duty_paragraphs())}
WIDTHS = st.integers(min_value=20, max_value=60)


def whole(page: str) -> list[str]:
    return [block.text for block in blocks(page)]


@given(column=WIDTHS, name=st.sampled_from(sorted(OURS)))
def test_cut_with_indents_kept_comes_back_paragraph_by_paragraph(column, name):
    assert whole("\n".join(articles.set_in(OURS[name], column))) == [tidy(text) for text in OURS[name]]


@given(column=WIDTHS, name=st.sampled_from(sorted(OURS)))
def test_cut_with_blank_lines_comes_back_paragraph_by_paragraph(column, name):
    assert whole("\n".join(articles.stacked(OURS[name], column))) == [tidy(text) for text in OURS[name]]


@settings(max_examples=300)
@given(
    text=st.text(alphabet="社区村镇的了在有，、：“”（）《》0123456789年月", min_size=1, max_size=200).map(lambda body: f"村里{body}完。"),
    column=st.integers(min_value=4, max_value=60),
)
def test_no_character_is_lost_or_added_whatever_the_text(text, column):
    page = "\n".join(articles.cut(text, column))
    assert "".join(whole(page)) == text
    assert Counter("".join(block.text for block in separate(page).blocks())) == Counter(text)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("每年4", "月 8 日至 9 日", "每年4月8日至9日"),
        ("20", "24年", "2024年"),
        ("共有1", "00 人", "共有100人"),
        ("使用Excel", "workbook 填报", "使用Excel workbook填报"),
        ("“起航 未", "来”", "“起航 未来”"),
    ],
)
def test_halves_of_a_line(left, right, expected):
    assert joined(left, right) == expected


def test_a_bracket_or_quotation_pushed_to_its_own_line_stays_in_its_sentence():
    lines = [
        "镇里统一安排人手，由各村轮流值班，", "值班表每月公布一次，接受监督。村", "", "（社区）", "",
        "书记带头值守，成员轮流参加，不得", "", "“空岗”", "，违者通报，情节严重的另行处理，并", "在年底统一公示。",
    ]  # fmt: skip
    page = "\n".join(lines)
    assert whole(page) == [
        "镇里统一安排人手，由各村轮流值班，值班表每月公布一次，接受监督。村（社区）书记带头值守，成员轮流参加，不得“空岗”，违者通报，情节严重的另行处理，并在年底统一公示。"
    ]


@pytest.mark.parametrize(
    ("text", "number"), [("1.明确", 1), ("17．深化", 17), ("3、安排", 3), ("第二十一条 村", 21), ("1.73米", None), ("2024年", None)]
)
def test_number_a_clause_begins_with(text, number):
    assert marks.clause_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("一", 1), ("十", 10), ("十七", 17), ("二十", 20), ("九十九", 99), ("一百零三", 103), ("8", 8)]
)
def test_numerals(text, number):
    assert marks.number_in(text) == number

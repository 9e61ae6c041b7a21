"""Invented pages in four layouts: which texts are on them, whole and in order, and nothing lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from jiceng.law.text.clauses import printed
from jiceng.law.text.separate import Page, separate
from tests.law.text import articles

PAGES = Path(__file__).with_name("pages")
STORY, FAIR, CANTEEN = "".join(articles.CARPENTER), "".join(articles.FAIR), "".join(articles.CANTEEN)
DUTY = "".join(articles.duty_paragraphs())


def page(name: str) -> str:
    return (PAGES / f"{name}.txt").read_text(encoding="utf-8")


def texts(found: Page) -> dict[str, str]:
    """Title → the whole text; the space after a dateline is the typesetter's."""
    return {text.title: "".join(block.text for block in text.paragraphs) for text in found.texts}


def tight(text: str) -> str:
    return text.replace("讯 5月", "讯5月")


LAYOUTS = {
    "stacked": {
        articles.CARPENTER_TITLE: STORY, "　".join(articles.FAIR_TITLES): FAIR, articles.CANTEEN_TITLE: CANTEEN, articles.DUTY_TITLE: DUTY,
    },
    "headlines-first": {
        articles.DUTY_TITLE: DUTY, articles.CARPENTER_TITLE: STORY, articles.CANTEEN_TITLE: CANTEEN, "　".join(articles.FAIR_TITLES): FAIR,
    },
    "side-by-side": {articles.DUTY_TITLE: DUTY, "".join(articles.FAIR_TITLES): FAIR},
    "interrupted": {articles.CARPENTER_TITLE: STORY, articles.FAIR_TITLES[1]: FAIR},
}  # fmt: skip
UNPLACED = {
    "stacked": ["全县上下齐心协力奋力谱写山乡巨变新篇章"],
    "headlines-first": ["云溪日报　第二版"],
    "side-by-side": [],
    "interrupted": [articles.FAIR_TITLES[0]],
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_text_comes_back_whole_with_its_title(name):
    expected = {title: tight(text) for title, text in LAYOUTS[name].items()}
    assert list(texts(separate(page(name))).items()) == list(expected.items())


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_belongs_to_no_text_is_listed(name):
    assert [block.text for block in separate(page(name)).unplaced] == UNPLACED[name]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_character_and_every_line_is_somewhere_once(name):
    found = separate(page(name))
    signs = Counter("".join(page(name).split()))
    assert Counter("".join("".join(block.text for block in found.blocks()).split())) == signs
    numbers = {number for number, line in enumerate(page(name).splitlines(), 1) if line.strip()}
    assert {number for block in found.blocks() for number in block.lines} == numbers


@pytest.mark.parametrize("name", ["stacked", "headlines-first", "side-by-side"])
def test_clauses_of_the_regulation_and_what_is_missing(name):
    text = next(text for text in separate(page(name)).texts if text.title == articles.DUTY_TITLE)
    found = printed(text.paragraphs)
    assert [(one.number, one.title, one.sentences) for one in found.clauses] == list(articles.DUTY)
    assert found.parts == articles.DUTY_PARTS
    assert [clause.part for clause in found.clauses] == [articles.DUTY_PARTS[0]] * 3 + [articles.DUTY_PARTS[1]] * 2
    assert found.preface == (articles.DUTY_OPENING,)
    assert found.missing == (
        "缺开头：本页从半截开始，注明“紧接第一版”",
        "缺第一部分：本页的部分从“二、值班安排”开始",
        "缺前面的条：本页从第 3 条开始",
    )
    assert text.source == "据云溪发布"


def test_names_bylines_and_captions_stand_around_their_text():
    around = {text.title: [block.text for block in text.around] for text in separate(page("stacked")).texts}
    assert around[articles.CARPENTER_TITLE] == [
        articles.CARPENTER_NAME, articles.CARPENTER_TITLE, articles.CARPENTER_BYLINE, "图为赵木生在木工棚里。",
    ]  # fmt: skip
    assert around[articles.CANTEEN_TITLE] == [articles.CANTEEN_NAME, articles.CANTEEN_TITLE]


def test_a_text_says_why_it_is_taken_for_one():
    duty = separate(page("stacked")).texts[3]
    assert duty.because == ("注明从别的版接来", "文末有来源", "公文标题，正文有编号", "编号从 3 到 7 连续")
    assert (duty.confidence, duty.lines) == (95, (78, 107))


@pytest.mark.parametrize("empty", ["", "\n \n　\n", "\ufeff"])
def test_a_page_without_text_has_none(empty):
    assert separate(empty) == Page((), ())


def test_a_page_of_headlines_has_no_texts_and_all_lines_unplaced():
    found = separate("云溪日报\n\n第二版\n")
    assert (found.texts, [block.text for block in found.unplaced]) == ((), ["云溪日报", "第二版"])

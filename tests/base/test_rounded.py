"""Rounded words: what each claims, figure by figure, and that the writer never claims what is not so."""

from __future__ import annotations

import pytest

from jiceng.base.refusals import Refusal
from jiceng.base.rounded import check_claim, claim_holds, claim_of, exact_text, rounded_text


def held(text: str, numbers: range) -> list[int]:
    """The figures for which the words may stand."""
    return [number for number in numbers if claim_holds(text, number, unit="人")]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("5,000余人", 5_001, 5_999),
        ("1,500余人", 1_501, 1_599),
        ("100余人", 101, 199),
        ("100多人", 101, 199),
        ("1,510余人", 1_511, 1_519),
        ("近千名", 900, 999),
        ("近千人", 900, 999),
        ("近1,000人", 900, 999),
        ("近1,500人", 1_350, 1_499),
        ("近万人", 9_000, 9_999),
        ("近百名", 90, 99),
        ("1.21万人", 12_050, 12_149),
        ("1.20万人", 11_950, 12_049),
        ("1.2万余人", 12_001, 12_999),
        ("1万多人", 10_001, 19_999),
        ("10余万人", 100_001, 199_999),
        ("千余人", 1_001, 1_999),
        ("五千余人", 5_001, 5_999),
        ("两千三百余人", 2_301, 2_399),
        ("十余人", 11, 19),
        ("1,003人", 1_003, 1_003),
        ("1，003人", 1_003, 1_003),
        ("3万人", 30_000, 30_000),
        ("1.2万人", 12_000, 12_000),
        ("0人", 0, 0),
    ],
)
def test_claim_covers_exactly_these_figures(text: str, least: int, most: int) -> None:
    span = range(max(least - 1_200, 0), most + 1_200)
    assert held(text, span) == list(range(least, most + 1))


@pytest.mark.parametrize(
    ("text", "exact"),
    [("近千名", 1_003), ("近千名", 899), ("5,000余人", 4_990), ("5,000余人", 6_000), ("100余人", 100), ("1.21万人", 12_150)],
)
def test_check_claim_refuses_and_says_what_was_claimed(text: str, exact: int) -> None:
    claim = claim_of(text)
    with pytest.raises(Refusal) as refused:
        check_claim(text, exact, unit="人")
    assert refused.value.id == "rounded.words"
    assert refused.value.why == f"实有 {exact:,} 人，“{text}”说的是 {claim.least:,}至{claim.most:,}"


@pytest.mark.parametrize(
    "text",
    [
        "约5,000人",
        "超过5,000人",
        "5,000人左右",
        "近5,000余人",
        "5,000余多人",
        "5000",
        "余人",
        "0余人",
        "1.215万余次",
        "5,000余辆",
        "1.23456万人",
        "一二三人",
    ],
)
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        claim_of(text)
    assert refused.value.id == "rounded.words"


@pytest.mark.parametrize(("text", "unit"), [("近千名", "人次"), ("5,000余人次", "人"), ("5,000余家", "个"), ("5,000余份", "人")])
def test_another_unit_is_another_claim(text: str, unit: str) -> None:
    claim = claim_of(text)
    assert claim_holds(text, claim.least, unit=unit) is False  # type: ignore[arg-type]
    assert claim_holds(text, claim.least, unit=claim.unit) is True
    with pytest.raises(Refusal, match=f"按{unit}统计，写成了{claim.unit}"):
        check_claim(text, claim.least, unit=unit)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", ["人", "人次", "份", "个", "家"])
def test_writer_claims_only_what_is_so(unit: str) -> None:
    wrong = [n for n in range(0, 30_000) if not claim_holds(rounded_text(n, unit=unit), n, unit=unit)]  # type: ignore[arg-type]
    assert wrong == []
    large = [n for n in range(9_949_000, 10_151_000, 37) if not claim_holds(rounded_text(n, unit="人"), n, unit="人")]
    assert large == []


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (0, "0人"), (7, "7人"), (99, "99人"), (100, "100人"), (101, "100余人"), (137, "130余人"), (150, "150人"),
        (195, "近200人"),
        (900, "900人"), (940, "940人"), (949, "940余人"), (960, "近1,000人"), (1_003, "1,000余人"), (1_543, "1,500余人"),
        (4_990, "近5,000人"),
        (9_990, "近10,000人"), (12_100, "1.21万人"), (12_149, "1.21万人"), (12_150, "1.22万人"), (30_000, "3万人"), (30_001, "3.00万人"),
        (1_234_567, "123.46万人"),
    ],
)  # fmt: skip
def test_writer_chooses_the_word(exact: int, text: str) -> None:
    assert rounded_text(exact, unit="人") == text


def test_writer_refuses_less_than_nothing() -> None:
    with pytest.raises(Refusal) as refused:
        rounded_text(-1, unit="人")
    assert refused.value.id == "rounded.words"


def test_exact_figure_is_its_own_claim() -> None:
    assert exact_text(1_003, unit="人次") == "1,003人次"
    assert claim_holds("1,003人次", 1_003, unit="人次") is True

"""Amounts in capitals by the rules for receipts."""

from __future__ import annotations

import pytest

from jiceng.base.capitals import capital_yuan


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "零元整"), (340_000, "叁仟肆佰元整"), (406_000, "肆仟零陆拾元整"), (1_050, "壹拾元零伍角整"), (105, "壹元零伍分"),
        (50, "伍角整"), (1_001_000, "壹万零壹拾元整"),
        (10_000_000_00, "壹仟万元整"), (100_000_100, "壹佰万零壹元整"), (123_456_789_01, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
        (10_000_500_000, "壹亿零伍仟元整"), (-20_000, "负贰佰元整"), (5, "伍分"),
        (320_455, "叁仟贰佰零肆元伍角伍分"), (17_000_000, "壹拾柒万元整"),
    ],
)  # fmt: skip
def test_amounts_in_capitals(fen, said):
    assert capital_yuan(fen) == said

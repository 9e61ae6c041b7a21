"""Words for rounded numbers in reports: when 余, 多, 近 and 万 may stand for a figure, and which of them to write.

余/多 claim more than the shown figure by less than one unit of its last non-zero digit (1,500余: 1,501 to 1,599); 近 claims at most
a tenth less (近千: 900 to 999); 万 with two decimals is the figure rounded to the hundred. Any other word claims nothing that could
be checked and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from jiceng.base.refusals import Refusal

Unit = Literal["人", "人次", "份", "个", "家"]
UNITS: Final[tuple[Unit, ...]] = ("人", "人次", "份", "个", "家")
Word = Literal["", "余", "近", "万"]

_TEN_THOUSAND: Final = 10_000
_MAGNITUDES: Final = {"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
# 名 and 位 count people as 人 does.
_READ_AS: Final[dict[str, Unit]] = {"名": "人", "位": "人", **{unit: unit for unit in UNITS}}
_CLAIM: Final = re.compile(
    rf"(?P<near>近)?(?P<number>[0-9][0-9,，]*(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+)(?P<inner>余|多)?"
    rf"(?P<magnitude>[百千万亿])?(?P<outer>余|多)?(?P<unit>{'|'.join(sorted(_READ_AS, key=len, reverse=True))})"
)


@dataclass(frozen=True)
class Claim:
    """What a rounded figure says: a number from `least` to `most`, of a unit."""

    shown: int
    word: Word
    unit: Unit
    least: int
    most: int


def claim_of(text: str) -> Claim:
    """What a figure with its words claims: 近千名 → 900 to 999 人; 1.21万人 → 12,050 to 12,149; 1,003人 → 1,003.

    Errors  Refusal rounded.words if it is written in any other way
    """
    found = _CLAIM.fullmatch(text.strip().replace(" ", ""))
    if found is None or sum(bool(found[part]) for part in ("near", "inner", "outer")) > 1:
        raise _refused(text, why="只认数字加“余、多、近”、两位小数的“万”和单位" + "、".join(UNITS))
    exact = _number(found["number"], text) * _MAGNITUDES[found["magnitude"] or ""]
    shown = int(exact)
    if shown != exact or (shown <= 0 and (found["near"] or found["inner"] or found["outer"])):
        raise _refused(text, why="写出的数不是整数")
    unit = _READ_AS[found["unit"]]
    if found["inner"] or found["outer"]:
        return Claim(shown, "余", unit, shown + 1, shown + _last_unit(shown) - 1)
    if found["near"]:
        return Claim(shown, "近", unit, -(-shown * 9 // 10), shown - 1)
    if found["magnitude"] == "万" and len(found["number"].partition(".")[2]) == 2:
        return Claim(shown, "万", unit, shown - 50, shown + 49)
    return Claim(shown, "", unit, shown, shown)


def claim_holds(text: str, exact: int, *, unit: Unit) -> bool:
    """Whether a figure as written may stand for the exact one, counted in this unit.

    Errors  Refusal rounded.words if the words claim nothing that could be checked
    """
    claim = claim_of(text)
    return claim.unit == unit and claim.least <= exact <= claim.most


def check_claim(text: str, exact: int, *, unit: Unit) -> None:
    """Nothing if the figure as written may stand for the exact one.

    Errors  Refusal rounded.words
    """
    claim = claim_of(text)
    if claim.unit != unit:
        raise _refused(text, why=f"按{unit}统计，写成了{claim.unit}")
    if not claim.least <= exact <= claim.most:
        meant = f"{claim.least:,}至{claim.most:,}" if claim.least != claim.most else f"{claim.shown:,}"
        raise _refused(text, why=f"实有 {exact:,} {unit}，“{text}”说的是 {meant}")


def rounded_text(exact: int, *, unit: Unit) -> str:
    """The figure with the word that fits it: 1.21万人, 近1,000人, 1,500余人; below 100, and where it is round itself, exactly.

    Shape   two leading digits and 余; 近 within a twentieth below a number of one digit and noughts; from 10,000 on 万
    Errors  Refusal rounded.words for a negative figure
    """
    if exact < 0:
        raise _refused(f"{exact:,}{unit}", why="不能是负数")
    if exact >= _TEN_THOUSAND:
        hundreds = (exact + 50) // 100
        return f"{exact // _TEN_THOUSAND:,}万{unit}" if exact % _TEN_THOUSAND == 0 else f"{Decimal(hundreds) / 100:,.2f}万{unit}"
    leading = int("1" + "0" * (len(str(exact)) - 1))
    if exact < 100 or exact % leading == 0:
        return f"{exact:,}{unit}"
    above = (exact // leading + 1) * leading
    if exact * 20 >= above * 19:
        return f"近{above:,}{unit}"
    step = leading // 10
    down = exact // step * step
    return f"{down:,}余{unit}" if down != exact and step > 1 else f"{exact:,}{unit}"


def exact_text(exact: int, *, unit: Unit) -> str:
    """The figure itself: 1,003人."""
    return f"{exact:,}{unit}"


def _last_unit(shown: int) -> int:
    """One unit of the last non-zero digit: 1,500 → 100."""
    unit = 1
    while shown % (unit * 10) == 0:
        unit *= 10
    return unit


def _number(text: str, whole: str) -> Decimal:
    if text[0].isascii():
        return Decimal(text.replace(",", "").replace("，", ""))
    total = part = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign == "万":
            total, part, digit = total + (part + digit or 1) * _TEN_THOUSAND, 0, 0
        else:
            part, digit = part + (digit or 1) * _MAGNITUDES[sign], 0
    if len(text) > 1 and not set(text) & set("十百千万"):
        raise _refused(whole, why="中文数字要写出十、百、千、万")
    return Decimal(total + part + digit)


def _refused(text: str, *, why: str) -> Refusal:
    return Refusal("rounded.words", f"“{text}”不能用", why=why, do="请写准确的数字，或换成与数字相符的说法")

"""Amounts in capitals, as they stand on receipts: 3,400.00 → 叁仟肆佰元整."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")


def capital_yuan(fen: int) -> str:
    """An amount of fen in capitals; below zero with 负 in front. Exact below 10^16 yuan."""
    if fen < 0:
        return f"负{capital_yuan(-fen)}"
    yuan, part = divmod(fen, 100)
    jiao, fen = divmod(part, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not part:
        return f"{whole or '零元'}整"
    small = (f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else "") + (f"{_DIGITS[fen]}分" if fen else "整")
    # 零 stands where the yuan end in 0 and jiao follow: 壹拾元零伍角.
    bridge = "零" if whole and jiao and yuan % 10 == 0 else ""
    return f"{whole}{bridge}{small}"


def _whole(yuan: int) -> str:
    sections = []
    while yuan:
        yuan, section = divmod(yuan, 10_000)
        sections.append(section)
    said, gap = "", False
    for at in range(len(sections) - 1, -1, -1):
        section = sections[at]
        if section == 0:
            gap = bool(said)
            continue
        if said and (gap or section < 1_000):
            said += "零"
        said, gap = said + _section(section) + _SECTIONS[at], False
    return said


def _section(number: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said, gap = said + ("零" if gap else "") + _DIGITS[digit] + _PLACES[place], False
    return said

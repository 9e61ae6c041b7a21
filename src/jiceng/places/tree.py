"""The tree of divisions as arithmetic on codes.

A division code is an integer in its natural width: province 2 digits, city 4, county 6, street or township 9,
community or village 12; the nation is 0. Width gives the level, so 4419 (东莞, city) and 441900 (东莞's only "county")
stay apart, which codes padded to twelve digits would not. Columns that are filtered by place may hold either natural
codes (filter by `ranges`) or padded ones (filter by `span`, one range).
"""

from __future__ import annotations

from enum import IntEnum

from jiceng.base.refusals import Refusal

NATION = 0
NOWHERE = 99
"""No division code begins so: papers that name no place stand there, and no real place gets their law."""
_PLACE_SUBJECT = 1 << 62
_CODE_LIMIT = 10**12


class Level(IntEnum):
    """Levels from the widest to the narrowest; the number is kept in the places table and in subject ids."""

    nation = 0
    province = 1
    city = 2
    county = 3
    street = 4
    community = 5


LEVEL_NAMES = {
    Level.nation: "全国",
    Level.province: "省",
    Level.city: "市",
    Level.county: "县（区）",
    Level.street: "街道（乡镇）",
    Level.community: "社区（村）",
}
WIDTHS = {Level.nation: 0, Level.province: 2, Level.city: 4, Level.county: 6, Level.street: 9, Level.community: 12}
_LEVEL_OF_WIDTH = {width: level for level, width in WIDTHS.items()}


def level_of(code: int) -> Level:
    """Level of a natural code, by its width.

    Errors  Refusal place.code if the number has no such width
    """
    level = _LEVEL_OF_WIDTH.get(len(str(code)) if code > 0 else 0 if code == 0 else -1)
    if level is None:
        raise Refusal("place.code", f"“{code}”不是区划代码", why="区划代码应为 2、4、6、9 或 12 位数字，全国为 0", do="请核对代码")
    return level


def up(code: int, level: Level) -> int:
    """The place of `level` that holds `code`; `code` itself at its own level.

    Errors  ValueError if `level` is narrower than the code
    """
    drop = WIDTHS[level_of(code)] - WIDTHS[level]
    if drop < 0:
        raise ValueError(f"{code} has no {level.name} above it")
    return code // 10**drop if level else NATION


def parent_of(code: int) -> int:
    """The place one level up; the nation's parent is the nation."""
    return up(code, Level(max(level_of(code) - 1, 0)))


def ancestors(code: int) -> tuple[int, ...]:
    """Places above `code`, the widest first; the nation and `code` itself are not among them."""
    return tuple(up(code, level) for level in Level if 0 < level < level_of(code))


def contains(outer: int, inner: int) -> bool:
    """Whether `inner` is `outer` or lies under it."""
    outer_level, inner_level = level_of(outer), level_of(inner)
    return outer_level <= inner_level and up(inner, outer_level) == outer


def start(code: int, level: Level) -> int:
    """The lowest code of `level` inside `code`; with `upto` a range that holds all of them."""
    return code * _inside(code, level)


def upto(code: int, level: Level) -> int:
    """The highest code of `level` inside `code`, inclusive."""
    return (code + 1) * _inside(code, level) - 1


def _inside(code: int, level: Level) -> int:
    """How many codes of `level` one code can hold."""
    own = level_of(code)
    if level < own:
        raise ValueError(f"{level.name} is not inside {own.name} {code}")
    return int(10 ** (WIDTHS[level] - WIDTHS[own]))


def ranges(code: int) -> tuple[tuple[int, int], ...]:
    """Inclusive ranges that together hold every natural code inside `code`, itself included, and nothing else."""
    if code == NATION:
        return ((0, _CODE_LIMIT - 1),)
    return tuple((start(code, level), upto(code, level)) for level in Level if level >= level_of(code))


def padded(code: int) -> int:
    """The code with zeros to twelve digits. Sorts in tree order; not an identity (four codes collide)."""
    return start(code, Level.community)


def span(code: int) -> tuple[int, int]:
    """The one inclusive range that holds every padded code inside `code`."""
    return padded(code), upto(code, Level.community)


def natural(code: int, level: Level) -> int:
    """A padded code back in the width of its level."""
    return code // 10 ** (WIDTHS[Level.community] - WIDTHS[level]) if level else NATION


def subject_of(code: int, level: Level | int | None = None) -> int:
    """The subject id under which the ledger keeps facts about a place; in tree order.

    `level` is only asked for where `code` is padded; a natural code says its own.
    """
    level = level_of(code) if level is None else Level(level)
    long = code if WIDTHS[level] < len(str(code)) else padded(code)
    return _PLACE_SUBJECT | (long << 3) | level


def code_of(subject: int) -> int:
    """The natural code of a place's subject id."""
    if not is_place_subject(subject):
        raise ValueError(f"{subject} is not the subject of a place")
    rest = subject ^ _PLACE_SUBJECT
    return natural(rest >> 3, Level(rest & 7))


def is_place_subject(subject: int) -> bool:
    """Whether a subject id stands for a place (not for a worker or a document)."""
    return subject >= _PLACE_SUBJECT


def subject_span(code: int) -> tuple[int, int]:
    """The one inclusive range of subject ids of `code` and every place inside it."""
    first, last = span(code)
    return _PLACE_SUBJECT | (first << 3) | level_of(code), _PLACE_SUBJECT | (last << 3) | 7


def is_residents_committee(code: int) -> bool:
    """Whether a community-level code belongs to a residents' committee: its last three digits are 001 to 199.

    Source  statistical division codes: 001-199 residents' committees, 200-399 villagers' committees, above: neither
    """
    return level_of(code) is Level.community and 1 <= code % 1000 <= 199

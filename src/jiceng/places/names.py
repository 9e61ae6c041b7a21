"""Names as people write them against names as they stand in the code table.

Three tries, each only where the one before found nothing: the name as written; without the word for the office
(居民委员会, 街道办事处, 人民政府); without the word for the kind of place (社区, 村, 街道, 镇, 县, 自治县…). The last two
never cross from one kind to another: 幸福社区 is not 幸福村, 城关镇 is not 城关乡, 某县 is not 某区.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from jiceng.terms.registry import base_terms


class Named(Protocol):
    """Anything with a name: a row of the places table, a test's own tuple."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)

# (ending, what stays of it, kind). Longest first; a kind set by the office must not meet another.
_OFFICES = (
    ("社区居民委员会", "社区", "residents"),
    ("社区居委会", "社区", "residents"),
    ("社区委员会", "社区", "residents"),
    ("居民委员会", "", "residents"),
    ("居委会", "", "residents"),
    ("村村民委员会", "村", "villagers"),
    ("村村委会", "村", "villagers"),
    ("村民委员会", "村", "villagers"),
    ("村委会", "村", "villagers"),
    ("街道办事处", "街道", "street"),
    ("街道办", "街道", "street"),
    ("镇人民政府", "镇", "town"),
    ("镇政府", "镇", "town"),
    ("乡人民政府", "乡", "township"),
    ("乡政府", "乡", "township"),
)
_KINDS = (
    ("社区", "residents"),
    ("村", "villagers"),
    ("街道", "street"),
    ("镇", "town"),
    ("民族乡", "township"),
    ("乡", "township"),
    ("各族自治县", "county"),
    ("自治县", "county"),
    ("县", "county"),
    ("自治旗", "banner"),
    ("旗", "banner"),
    ("自治区", "region"),
    ("自治州", "prefecture"),
    ("州", "prefecture"),
    ("地区", "area"),
    ("盟", "league"),
    ("省", "province"),
    ("市", "city"),
    ("区", "district"),
)
# Kinds in whose names peoples stand: 木里藏族自治县 is said 木里县, 子耳彝族乡 is said 子耳乡.
_WITH_PEOPLES = frozenset({"township", "county", "banner", "region", "prefecture"})
# 沙市 may be said for 沙市区; but 幸福村 is never said for 幸福村社区.
_COMMUNITIES = frozenset({"residents", "villagers"})
_NEAR = 0.6
_OTHER_KIND = 0.35


def tidy(name: str) -> str:
    """Full width, spaces and invisible characters folded away."""
    folded = unicodedata.normalize("NFKC", name)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


def short_name(name: str) -> str:
    """民族广场社区居民委员会 → 民族广场社区; 呷尔村民委员会 → 呷尔村. What would be left without a kind stays whole."""
    stem, _ = _without_office(tidy(name))
    return stem if stem.endswith(("社区", "村", "街道", "镇", "乡")) else tidy(name)


def match(name: str, candidates: Sequence[T]) -> tuple[T, ...]:
    """The candidates that a written name means: none, one, or several that it cannot tell apart.

    Empty   an empty name means nothing
    """
    wanted = tidy(name)
    if not wanted:
        return ()
    exact = tuple(c for c in candidates if tidy(c.name) == wanted)
    if exact:
        return exact
    office = _without_office(wanted)
    found = tuple(c for c in candidates if _agree(office, _without_office(tidy(c.name))))
    if found:
        return found
    bare = _without_kind(wanted)
    readings = ((c, _without_kind(tidy(c.name))) for c in candidates)
    return tuple(c for c, read in readings if _agree(bare, read) or (read[0] == wanted and read[1] not in _COMMUNITIES))


def near(name: str, candidates: Sequence[T], *, limit: int = 5) -> tuple[T, ...]:
    """Candidates whose names look like a written one, the nearest first; to be offered, never to be taken."""
    stem, kind = _without_kind(tidy(name))
    scored = []
    for at, candidate in enumerate(candidates):
        other, other_kind = _without_kind(tidy(candidate.name))
        score = _likeness(stem, other) - (_OTHER_KIND if None not in (kind, other_kind) and kind != other_kind else 0)
        if score >= _NEAR:
            scored.append((-score, at, candidate))
    return tuple(candidate for _, _, candidate in sorted(scored, key=lambda row: row[:2])[:limit])


def spellings(name: str) -> tuple[str, ...]:
    """Full names that a written one may stand for, for a search by index where candidates are too many to look at."""
    wanted = tidy(name)
    stem, kind = _without_office(wanted)
    bare, bare_kind = _without_kind(wanted)
    forms = {name.strip(), wanted, stem, bare}
    for ending, rest, office in _OFFICES:
        if kind in (None, office) and (not rest or stem.endswith(rest)):
            forms.add(stem[: len(stem) - len(rest)] + ending)
        if bare_kind in (None, office):
            forms.add(bare + ending)
    forms.update(bare + ending for ending, of in _KINDS if bare_kind in (None, of))
    return tuple(sorted(forms - {""}))


def _agree(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    return one[0] == other[0] and (one[1] is None or other[1] is None or one[1] == other[1])


@lru_cache(maxsize=65_536)
def _without_office(name: str) -> tuple[str, str | None]:
    """呷尔村民委员会 → (呷尔村, villagers); 鼓楼居委会 → (鼓楼, residents); 鼓楼社区 → (鼓楼社区, None)."""
    for ending, rest, kind in _OFFICES:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: len(name) - len(ending)] + rest, kind
    return name, None


@lru_cache(maxsize=65_536)
def _without_kind(name: str) -> tuple[str, str | None]:
    """呷尔村民委员会 → (呷尔, villagers); 木里藏族自治县 → (木里, county); 鼓楼 → (鼓楼, None)."""
    stem, office = _without_office(name)
    for ending, kind in _KINDS:
        if stem.endswith(ending) and len(stem) > len(ending) and office in (None, kind):
            bare = stem[: len(stem) - len(ending)]
            return (_without_peoples(bare) if kind in _WITH_PEOPLES else bare), kind
    return stem, office


def _without_peoples(stem: str) -> str:
    """双江拉祜族佤族布朗族傣族 → 双江. Two characters at least are left: 鄂伦春 and 内蒙古 stay."""
    return _peoples().sub(r"\1", stem)


@lru_cache(maxsize=1)
def _peoples() -> re.Pattern[str]:
    """Names of the 56 peoples at the end of a stem; a long one also without 族 (新疆维吾尔, 博尔塔拉蒙古)."""
    names = sorted((item.name for item in base_terms().codes["Nation"].items), key=len, reverse=True)
    long = [name.removesuffix("族") for name in names if len(name) > 2]
    return re.compile(f"^(.{{2,}}?)(?:{'|'.join(names + long)})+$")


def _likeness(one: str, other: str) -> float:
    """1 for equal stems; high where one holds the other's characters in order (新兴, 新兴一); else by common parts."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and _in_order(short, long):
        return 0.7 + 0.3 * len(short) / len(long)
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)

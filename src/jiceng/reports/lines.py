"""The lines of a return: the place, and below it every place with anything to count, level by level; nobody falls between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level

Spans = tuple[tuple[int, int], ...]
DEPTH = 3
"""Levels below the place that a return goes down: to communities from a prefecture or county, to streets from a province."""


@dataclass(frozen=True)
class Line:
    """One place of a return. `own`: what stands at the place itself and at none of the places below it."""

    code: int
    name: str
    level: Level
    own: bool
    spans: Spans

    @property
    def key(self) -> str:
        """How addresses name the line."""
        return f"{self.code}.own" if self.own else str(self.code)


def lines(place: int, *, on: date, keys: NDArray[np.int64]) -> tuple[Line, ...]:
    """A place and what lies below it, in tree order: the places directly below in any case, deeper ones where somebody counts.

    `keys`: padded codes at which people stand or between which they moved
    """
    own = tree.level_of(place)
    levels = [level for level in Level if own < level <= min(own + DEPTH, Level.community)]
    inside = [Q(code__range=(tree.start(place, level), tree.upto(place, level))) for level in levels]
    found = dict(places.on_day(on).filter(reduce(or_, inside, Q(code=place))).values_list("code", "name"))
    if place not in found:
        found[place] = places.place(place, on=on).name
    return arranged(place, found.items(), keys)


def arranged(place: int, named: Iterable[tuple[int, str]], keys: NDArray[np.int64]) -> tuple[Line, ...]:
    """Lines from the places of a tree (code, name) that somebody has already read."""
    names = dict(named)
    sorted_keys = np.sort(keys)
    count = {code: _between(sorted_keys, *tree.span(code)) for code in names}
    below: dict[int, list[int]] = defaultdict(list)
    for code in names:
        if code != place:
            below[_above(code, place, names)].append(code)
    kept = {code for code in names if count[code] or _above(code, place, names) == place or code == place}
    found = [Line(code, names[code], tree.level_of(code), False, (tree.span(code),)) for code in kept]
    for code in kept:
        inside = [one for one in below.get(code, []) if one in kept]
        if inside and count[code] > sum(count[one] for one in inside):
            found.append(Line(code, f"{names[code]}本级", tree.level_of(code), True, _gaps(code, inside)))
    return tuple(sorted(found, key=lambda line: (tree.padded(line.code), line.level, line.own)))


def _above(code: int, place: int, names: dict[int, str]) -> int:
    """The next place above that is in the tree read; a level may be missing (东莞 has no counties)."""
    return next((up for up in reversed(tree.ancestors(code)) if up in names), place)


def _gaps(code: int, inside: Iterable[int]) -> Spans:
    """What a place's span holds outside the spans of the places below it."""
    low, last = tree.span(code)
    found = []
    for first, end in sorted(tree.span(one) for one in inside):
        if low < first:
            found.append((low, first - 1))
        low = max(low, end + 1)
    return (*found, (low, last)) if low <= last else tuple(found)


def _between(keys: NDArray[np.int64], low: int, high: int) -> int:
    return int(np.searchsorted(keys, high, "right") - np.searchsorted(keys, low, "left"))


def depths(found: Iterable[Line]) -> dict[str, int]:
    """Line → how many lines stand over it: 0 for the place itself, 1 for what is directly below it."""
    kept = list(found)
    codes = {line.code for line in kept if not line.own}
    return {line.key: sum(1 for up in {tree.NATION, *tree.ancestors(line.code)} if up in codes - {line.code}) + line.own for line in kept}

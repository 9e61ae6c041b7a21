"""Arithmetic on many place codes at once; as `places.tree` for one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jiceng.law.layers import Law
from jiceng.places import tree

Codes = NDArray[np.int64]


def at_level(places: Codes, level: tree.Level) -> Codes:
    """Each code's place of a level; a code that is wider stays what it is."""
    found = places.copy()
    for narrower in tree.Level:
        if narrower > level:
            width = tree.WIDTHS[narrower]
            here = (places >= 10 ** (width - 1)) & (places < 10**width)
            found[here] //= 10 ** (width - tree.WIDTHS[level])
    return found


def grounds(places: Codes, law: Law) -> Codes:
    """For each place the narrowest one at or above it that has documents of its own, else the nation: both have the same law."""
    speaking = np.array(law.jurisdictions(), np.int64)
    found, missing = np.zeros(len(places), np.int64), np.ones(len(places), bool)
    for level in reversed(tree.Level):
        codes = at_level(places, level)
        here = missing & np.isin(codes, speaking)
        found[here] = codes[here]
        missing &= ~here
    return found

"""The level a sum over people is meant for: a cap that counts by county says nothing about a street of it, or about the city."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jiceng.places.tree import LEVEL_NAMES, Level, level_of
from jiceng.rules.definition import RuleDef


def not_here(rule: RuleDef, place: int) -> str:
    """Why a total has no answer at this place; "" where it is meant for the place's level, or for any."""
    if not rule.to or level_of(place) == Level[rule.to]:
        return ""
    return f"“{rule.title}”按{LEVEL_NAMES[Level[rule.to]]}汇总，这里是{LEVEL_NAMES[level_of(place)]}"


def meant_for(rule: RuleDef, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The same for many places at once: whether each has an answer."""
    codes, back = np.unique(places, return_inverse=True)
    return np.array([not not_here(rule, int(code)) for code in codes], dtype=np.bool_)[back]

"""Sums and counts of worker answers by place, from columns of standing rows, so that all rules together cost one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jiceng.answers.subject import Total
from jiceng.base.kinds import AnswerKind, kind_of, mark
from jiceng.places import tree
from jiceng.runs.models import State
from jiceng.runs.writing import StandingRow

Array = NDArray[np.int64]
Grouped = tuple[Array, NDArray[np.intp]]
"""The padded place codes there are, ascending, and for each worker which of them."""
WITHOUT = [kind for kind in AnswerKind if kind not in (AnswerKind.value, AnswerKind.no_rule)]
_NO_RULE = mark(AnswerKind.no_rule)


@dataclass(frozen=True, eq=False)
class Tally:
    """One rule's answers over the workers in service, by the place they stand in: any subtree's total costs two look-ups.

    `keys`     padded place codes, ascending
    `running`  three or more rows, one column longer than `keys`: sums of values, numbers of workers, and how many have no value
               by kind of answer (`kinds` names the rows from the third on), each of the places before
    `moved`    rows put in (+1) or taken out (-1) since: padded code, sign, answer
    """

    rule: str
    keys: Array
    running: Array
    kinds: tuple[int, ...]
    moved: tuple[tuple[int, int, int], ...] = ()

    def of(self, code: int) -> Total:
        """The total over a place's subtree; a subtree without workers gives 0 of 0, which is a value."""
        low, high = tree.span(code)
        first, end = int(self.keys.searchsorted(low)), int(self.keys.searchsorted(high, side="right"))
        value, members, *counts = (self.running[:, end] - self.running[:, first]).tolist()
        without = {kind: count for kind, count in zip(self.kinds, counts, strict=True) if count}
        for key, sign, answer in self.moved:
            if low <= key <= high:
                members += sign
                kind = kind_of(answer)
                value += sign * answer if kind == AnswerKind.value else 0
                if kind in WITHOUT:
                    without[int(kind)] = without.get(int(kind), 0) + sign
        return Total(value, members, {kind: count for kind, count in without.items() if count})

    def replaced(self, gone: Iterable[StandingRow], come: Iterable[StandingRow]) -> Tally:
        """The tally with these rows taken out and those put in; rows of workers not in service count for nothing."""
        moved = [
            (row.place_key, sign, row.answers.get(self.rule, _NO_RULE))
            for sign, rows in ((-1, gone), (1, come))
            for row in rows
            if row.state == State.in_service
        ]
        return replace(self, moved=(*self.moved, *moved))


def grouped(place_keys: Array) -> Grouped:
    """Workers by place, once for all rules; `place_keys` are the padded codes of the places they stand in."""
    keys, at = np.unique(place_keys, return_inverse=True)
    return keys, at


def tallied(rule: str, places: Grouped, answers: Array) -> Tally:
    """Sums and counts of a worker rule's answers, which come in the order of the workers grouped."""
    keys, at = places
    size = len(keys)
    sums = np.zeros(size, np.int64)
    valued = answers > _NO_RULE
    np.add.at(sums, at[valued], answers[valued])
    others, their = answers[~valued], at[~valued]
    kinds = tuple(int(kind) for kind in WITHOUT if (others == mark(kind)).any())
    counts = [np.bincount(their[others == mark(AnswerKind(kind))], minlength=size) for kind in kinds]
    return Tally(rule, keys, _running([sums, np.bincount(at, minlength=size), *counts]), kinds)


def of_totals(rule: str, by_place: Mapping[int, Total]) -> Tally:
    """A tally from totals that were summed elsewhere, by place code; no place lies inside another."""
    found = sorted((tree.padded(place), total) for place, total in by_place.items())
    kinds = tuple(sorted({kind for _, total in found for kind in total.without}))
    rows = [[total.value, total.members, *(total.without.get(kind, 0) for kind in kinds)] for _, total in found]
    columns = np.array(rows, np.int64).reshape(len(found), 2 + len(kinds)).T
    return Tally(rule, np.array([key for key, _ in found], np.int64), _running(columns), kinds)


def _running(rows: Iterable[Array]) -> Array:
    return np.array([np.concatenate(([0], np.cumsum(row, dtype=np.int64))) for row in rows], np.int64)

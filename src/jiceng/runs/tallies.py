"""Sums and counts of worker answers by place, from columns of standing rows, so that all rules together cost one statement."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jiceng.answers.subject import Total
from jiceng.base.kinds import AnswerKind, kind_of, mark
from jiceng.places import tree
from jiceng.runs.models import State
from jiceng.runs.roster import Columns
from jiceng.runs.writing import StandingRow

WITHOUT = [kind for kind in AnswerKind if kind not in (AnswerKind.value, AnswerKind.no_rule)]


@dataclass(frozen=True)
class Tally:
    """One rule's answers over the workers in service, by the place they stand in.

    `by_place`: code → Total (sum of values, number of workers, how many have no value by kind of answer)
    """

    rule: str
    by_place: dict[int, Total]

    def of(self, code: int) -> Total:
        """The total over a place's subtree; a subtree without workers gives 0 of 0, which is a value."""
        low, high = tree.span(code)
        keys, totals = self._in_order
        return _sum(totals[bisect_left(keys, low) : bisect_right(keys, high)])

    def replaced(self, gone: Iterable[StandingRow], come: Iterable[StandingRow]) -> Tally:
        """The tally with these rows taken out and those put in; rows of workers not in service count for nothing."""
        by_place = dict(self.by_place)
        for sign, rows in ((-1, gone), (1, come)):
            for row in rows:
                if row.state == State.in_service:
                    old = by_place.get(row.place, Total(0, 0))
                    by_place[row.place] = _with(old, row.answers.get(self.rule, mark(AnswerKind.no_rule)), sign)
        return Tally(self.rule, by_place)

    @cached_property
    def _in_order(self) -> tuple[list[int], list[Total]]:
        found = sorted((tree.padded(place), place) for place in self.by_place)
        return [key for key, _ in found], [self.by_place[place] for _, place in found]


def _with(total: Total, answer: int, sign: int) -> Total:
    """A total with one more answer, or one less."""
    kind = kind_of(answer)
    without = dict(total.without)
    if kind in WITHOUT:
        without[int(kind)] = without.get(int(kind), 0) + sign
    value = sign * answer if kind == AnswerKind.value else 0
    return Total(total.value + value, total.members + sign, {key: count for key, count in without.items() if count})


def _sum(totals: Iterable[Total]) -> Total:
    value = members = 0
    without: dict[int, int] = {}
    for total in totals:
        value += total.value
        members += total.members
        for kind, count in total.without.items():
            without[kind] = without.get(kind, 0) + count
    return Total(value, members, without)


def tallied(found: Columns, rule: str) -> Tally:
    """Sum and counts of a worker rule by place, over the workers in these columns."""
    places, at = found.by_place
    answers = found.answers[rule]
    members = np.bincount(at, minlength=len(places)).tolist()
    valued = answers > mark(AnswerKind.no_rule)
    sums = np.zeros(len(places), np.int64)
    np.add.at(sums, at[valued], answers[valued])
    without = {int(kind): np.bincount(at[answers == mark(kind)], minlength=len(places)).tolist() for kind in WITHOUT}
    by_place = {
        place: Total(value, count, {kind: counts[k] for kind, counts in without.items() if counts[k]})
        for k, (place, value, count) in enumerate(zip(places.tolist(), sums.tolist(), members, strict=True))
    }
    return Tally(rule, by_place)

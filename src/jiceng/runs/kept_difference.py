"""One calculation less another: who came, who went, whose answer changed, and what that makes in sum; at any place.

An answer that is lost or found (a value on one side only) is counted apart: it is not known to be 0, so it makes no rise or fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiceng.base.kinds import LOWEST, AnswerKind
from jiceng.runs.kept_rows import Array, Rows

VALUES = LOWEST + int(AnswerKind.no_rule)
"""Every encoded answer above it is a value."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """Some people, and the sum of their values (for changes: of the differences)."""

    people: int
    sum: int


@dataclass(frozen=True)
class Total:
    """One name at one place, before and after.

    `risen`, `fallen`: people with a value on both sides; `same` those without any change. `joined`, `left`: people on one side
    only, with a value. `found`, `lost`: people on both sides with a value on one, summed as it stands there. `otherwise`: without
    a value on both sides, but for another reason. after.sum = before.sum + risen + fallen + joined − left + found − lost
    """

    before: Part
    after: Part
    risen: Part
    fallen: Part
    same: int
    joined: Part
    left: Part
    found: Part
    lost: Part
    otherwise: int

    @property
    def change(self) -> int:
        """What is known to have changed: rises, falls, who came and who went; without answers lost or found."""
        return self.risen.sum + self.fallen.sum + self.joined.sum - self.left.sum


@dataclass(frozen=True, eq=False)
class Changes:
    """People on both sides whose answers differ, in the order of the later rows; `places` where they are after."""

    subjects: Array
    places: Array
    before: Array
    after: Array


@dataclass(frozen=True, eq=False)
class Difference:
    """What differs between two sets of rows under some names.

    `joiners` the rows of people only in the later ones, `leavers` of those only in the earlier
    """

    before: Rows
    after: Rows
    names: tuple[str, ...]

    @property
    def joiners(self) -> Rows:
        return self.after.part(~self._pairs[3])

    @property
    def leavers(self) -> Rows:
        return self.before.part(~self._pairs[2])

    def at(self, place: int) -> Difference:
        """The difference of a place and everything inside it; who moved in or out there comes and goes."""
        return Difference(self.before.inside(place), self.after.inside(place), self.names)

    def changed(self, name: str) -> Changes:
        """Whose answer under a name differs, be it the value or the kind."""
        first, then, _, _ = self._pairs
        old, new = self.before.answers[name][first], self.after.answers[name][then]
        here = old != new
        at = then[here]
        return Changes(self.after.subjects[at], self.after.places[at], old[here], new[here])

    def total(self, name: str) -> Total:
        """Sums and counts of one name."""
        first, then, stayed_before, stayed_after = self._pairs
        before, after = self.before.answers[name], self.after.answers[name]
        old, new = before[first], after[then]
        had, has = old > VALUES, new > VALUES
        risen, fallen = had & has & (new > old), had & has & (new < old)
        return Total(
            _part(before, before > VALUES), _part(after, after > VALUES),
            _part(new, risen, less=old), _part(new, fallen, less=old), int((old == new).sum()),
            _part(after, ~stayed_after & (after > VALUES)), _part(before, ~stayed_before & (before > VALUES)),
            _part(new, has & ~had), _part(old, had & ~has), int((~had & ~has & (old != new)).sum()),
        )  # fmt: skip

    @cached_property
    def _pairs(self) -> tuple[Array, Array, Mask, Mask]:
        """Rows of the people on both sides, in the order of the later rows: at which place before and after; who they are."""
        _, first, then = np.intersect1d(self.before.subjects, self.after.subjects, assume_unique=True, return_indices=True)
        order = np.argsort(then)
        stayed_before, stayed_after = np.zeros(len(self.before), bool), np.zeros(len(self.after), bool)
        stayed_before[first], stayed_after[then] = True, True
        return first[order], then[order], stayed_before, stayed_after


def difference(before: Rows, after: Rows, *, names: Sequence[str]) -> Difference:
    """The later rows less the earlier, under names that both have.

    Units   as encoded: fen, millionths, days
    Empty   equal rows give a difference of nothing
    Errors  ValueError for a name that one of them does not have
    """
    missing = [name for name in names if name not in before.answers or name not in after.answers]
    if missing:
        raise ValueError(f"not on both sides: {missing}")
    return Difference(before, after, tuple(names))


def _part(values: Array, of: Mask, *, less: Array | None = None) -> Part:
    summed = int(values[of].sum()) - (0 if less is None else int(less[of].sum()))
    return Part(int(of.sum()), summed)

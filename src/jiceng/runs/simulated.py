"""A simulation as it is looked at: what moved, by clause and by place, who gains and who loses, and the rows behind each number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiceng.answers.codes import at_level
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.layers import Law
from jiceng.places import tree
from jiceng.runs.affected import Affected
from jiceng.runs.kept_rows import Array, Rows
from jiceng.runs.scenarios import Scenario
from jiceng.runs.simulated_money import Money

VALUES = mark(AnswerKind.no_rule)
"""Every encoded answer above it is a value."""
SUMMED = ("Yuan", "int", "Ratio", "bool")
"""Types whose values can be added up; of yes and no that counts the yes."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Moved:
    """One rule whose answers come out otherwise, with the clause it stands in.

    `changed` people (places, for `of` place) whose answer differs; `risen` and `fallen` those with a value on both sides; `kinds`
    those with another kind of answer. `before`, `after`: sums over those with a value on both sides; of a place rule, its answer
    at the place itself, as encoded. None where it cannot be added up
    """

    name: str
    title: str
    unit: str
    type: str
    of: str
    document: str
    clause: str
    mark: str
    changed: int
    risen: int
    fallen: int
    kinds: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Cause:
    """One changed clause and what it did, on top of the causes before it. `gain`, `cost`: fen a month.

    `people` workers whose answers it moved, `places` places; `winners` and `losers` by money
    """

    names: tuple[str, ...]
    title: str
    document: str
    clause: str
    mark: str
    people: int
    places: int
    winners: int
    losers: int
    gain: int
    cost: int


@dataclass(frozen=True)
class Share:
    """One place's part: `heads` in service, of whom so many have another answer, gain, lose, or have another kind of answer.

    `gain` what they get more in hand, `cost` what is paid more for them, `cost_before` what is paid now; fen a month
    """

    place: int
    heads: int
    changed: int
    winners: int
    losers: int
    kinds: int
    gain: int
    cost: int
    cost_before: int


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a scenario does on a day. Rows hold the rules that can change and the lines money is summed over; one row a worker in
    service (`before`, `after`: the same workers), and one a place (`places_before`, `places_after`; subjects are those of places).

    `stepwise`: several clauses changed, so each cause counts on top of those before it
    """

    scenario: Scenario
    place: int
    on: date
    known_by: datetime | None
    law_before: Law
    law_after: Law
    affected: Affected
    before: Rows
    after: Rows
    places_before: Rows
    places_after: Rows
    money: Money
    moved: tuple[Moved, ...]
    causes: tuple[Cause, ...]
    stepwise: bool
    notes: tuple[str, ...] = ()
    extra: dict[str, Array] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Worker rules that can change, as far as asked for."""
        return tuple(self.before.answers)

    @cached_property
    def changed(self) -> Mask:
        """Which workers have any other answer."""
        found = np.zeros(len(self.before), bool)
        for name in self.before.answers:
            found |= self.before.answers[name] != self.after.answers[name]
        return found

    @cached_property
    def kinds(self) -> Mask:
        """Which workers have another kind of answer to any question (a value that is missing afterwards); never counted as 0."""
        found = np.zeros(len(self.before), bool)
        for name, old in self.before.answers.items():
            new = self.after.answers[name]
            found |= (old != new) & ((old <= VALUES) | (new <= VALUES)) & ~self.money.settles(name, old, new)
        return found

    def which(self, what: str) -> Array:
        """Row numbers of winners, losers, changed, kinds, or unchanged workers, in tree order."""
        gain = self.money.gain
        mask = {
            "winners": gain > 0, "losers": gain < 0, "changed": self.changed, "kinds": self.kinds, "unchanged": ~self.changed,
        }[what]  # fmt: skip
        return np.flatnonzero(mask)

    def count(self, what: str) -> int:
        """How many these are."""
        return len(self.which(what))

    @property
    def total(self) -> Share:
        """The whole place."""
        return self._share(self.place, np.arange(len(self.before)))

    def by_place(self, level: tree.Level | None = None) -> tuple[Share, ...]:
        """Shares by place of a level (one below the place itself, if none is given), in tree order; places without workers are
        left out. Who stands above that level is counted under the place he stands at."""
        own = tree.level_of(self.place)
        wanted = tree.Level(min(own + 1, tree.Level.community)) if level is None else level
        codes = at_level(self.before.places, wanted)
        distinct, at = np.unique(codes, return_inverse=True)
        order = np.argsort(at, kind="stable")
        bounds = np.searchsorted(at[order], np.arange(len(distinct) + 1))
        shares = [self._share(int(code), order[bounds[n] : bounds[n + 1]]) for n, code in enumerate(distinct.tolist())]
        return tuple(sorted(shares, key=lambda share: (tree.padded(share.place), share.place)))

    def _share(self, place: int, at: Array) -> Share:
        gain, cost = self.money.gain[at], self.money.cost[at]
        return Share(
            place, len(at), int(self.changed[at].sum()), int((gain > 0).sum()), int((gain < 0).sum()), int(self.kinds[at].sum()),
            int(gain.sum()), int(cost.sum()), int(self.money.cost_before[at].sum()),
        )  # fmt: skip

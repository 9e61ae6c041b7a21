"""Money in a simulation: the lines of the pay form in force where each person stands, before and after, in fen a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jiceng.answers.codes import grounds
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.layers import Law
from jiceng.runs.kept_rows import Array

Mask = NDArray[np.bool_]
_VALUES = mark(AnswerKind.no_rule)
_NOT_APPLICABLE = mark(AnswerKind.not_applicable)
_SIGNS = {"gross": (1, 1), "deduction": (-1, 0), "employer": (0, 1)}
"""What a line of a group adds to what a person has in hand, and to what is paid for him."""


@dataclass(frozen=True, eq=False)
class Weights:
    """By name, for each person: with what sign it goes into what he has in hand (`hand`) and into what is paid for him (`cost`).

    `defined`: whether the law where he stands says anything under the name; `formed`: whether a pay form is in force there
    """

    hand: Mapping[str, Array]
    cost: Mapping[str, Array]
    defined: Mapping[str, Mask]
    formed: Mask

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.hand)

    def known(self, name: str, answers: Array) -> Mask:
        """Whether the amount of a line is known: it has a value, it does not apply, or there is no such line there at all, which
        is nothing paid. A line that asks for something nobody has ruled is not known."""
        found = (answers > _VALUES) | (answers == _NOT_APPLICABLE)
        if name not in self.hand:
            return np.ones(len(answers), bool)
        return found | ~self.defined[name] | ((self.hand[name] == 0) & (self.cost[name] == 0))


@dataclass(frozen=True, eq=False)
class Money:
    """Fen a month by person: `gain` more in hand, `cost` more paid for him, over lines known on both sides. `cost_before` to
    `hand_after` over the lines known on that side; `unknown`: some line is not known on one of them. `lines`: the names summed;
    none if there was nothing to sum."""

    gain: Array
    cost: Array
    cost_before: Array
    cost_after: Array
    hand_before: Array
    hand_after: Array
    unknown: Mask
    lines: tuple[str, ...]
    counts: Mapping[str, Mask]

    def settles(self, name: str, old: Array, new: Array) -> Mask:
        """Where a change of kind is a change of money all the same: a line that was not there, or is there no longer."""
        return self.counts[name] if name in self.counts else np.zeros(len(old), bool)


def amount(answers: Array) -> Array:
    """The amount, 0 where nothing is paid or nothing is known."""
    return np.where(answers > _VALUES, answers, 0)


def weights_of(law: Law, places: Array, *, on: date, names: Sequence[str] | None) -> Weights:
    """The weights of the pay forms in force at these places; where there is none, the rules of unit 元 among `names`."""
    hand: dict[str, Array] = {}
    cost: dict[str, Array] = {}
    defined: dict[str, Mask] = {}
    formed = np.zeros(len(places), bool)
    asked = [name for name in names or () if law.types[name].name == "Yuan" and law.units.get(name) == "元"]
    distinct, at = np.unique(grounds(places, law), return_inverse=True)
    forms = [law.pay_form(place, on) for place in distinct.tolist()]
    for form in dict.fromkeys(map(id, forms)):
        here = np.isin(at, [n for n, one in enumerate(forms) if id(one) == form])
        found = next(one for one in forms if id(one) == form)
        formed |= here & (found is not None)
        lines = [(line.rule, _SIGNS[line.group]) for line in found.lines] if found else [(name, (1, 1)) for name in asked]
        for name, signs in lines:
            for side, sign in zip((hand, cost), signs, strict=True):
                side.setdefault(name, np.zeros(len(places), np.int64))[here] += sign
    for name in hand:
        speaks = [name in law.regime(place, on).definitions for place in distinct.tolist()]
        defined[name] = np.array(speaks, bool)[at]
    return Weights(hand, cost, defined, formed)


def both(before: Weights, after: Weights) -> tuple[str, ...]:
    """Names of either side."""
    return tuple(dict.fromkeys([*before.names, *after.names]))


class Ledgered:
    """Amounts moving from the law before to the law after, step by step; each person's steps add up to his whole change."""

    def __init__(self, before: Weights, after: Weights, old: Mapping[str, Array], new: Mapping[str, Array], size: int) -> None:
        self.after, self.names, self.new = after, both(before, after), new
        self.size = size
        # Only a line that is known on both sides counts: what is missing on one of them is not nothing.
        self.counts = {name: before.known(name, old[name]) & after.known(name, new[name]) for name in self.names}
        self.hand = {name: _signed(before.hand, name, old, size) for name in self.names}
        self.cost = {name: _signed(before.cost, name, old, size) for name in self.names}

    def step(self, answers: Mapping[str, Array]) -> tuple[Array, Array]:
        """What one step adds by person, in hand and paid; a line without a value at this step keeps the amount it had."""
        gain, cost = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        for name in self.names:
            here = self.counts[name] & ((answers[name] > _VALUES) | (answers[name] == self.new[name]))
            for held, weights, added in ((self.hand, self.after.hand, gain), (self.cost, self.after.cost, cost)):
                now = np.where(here, _signed(weights, name, answers, self.size), held[name])
                added += np.where(self.counts[name], now - held[name], 0)
                held[name] = now
        return gain, cost


def money_of(before: Weights, after: Weights, old: Mapping[str, Array], new: Mapping[str, Array], size: int) -> Money:
    """The whole change by person, and what is paid on either side."""
    ledgered = Ledgered(before, after, old, new, size)
    nothing = np.zeros(size, np.int64)
    paid = [
        sum((_signed(weights, name, answers, size) for name in weights), nothing)
        for weights, answers in ((before.cost, old), (after.cost, new), (before.hand, old), (after.hand, new))
    ]
    unknown = np.zeros(size, bool)
    for side, answers in ((before, old), (after, new)):
        for name in side.names:
            unknown |= ~side.known(name, answers[name])
    return Money(*ledgered.step(new), paid[0], paid[1], paid[2], paid[3], unknown, ledgered.names, ledgered.counts)


def _signed(weights: Mapping[str, Array], name: str, answers: Mapping[str, Array], size: int) -> Array:
    return weights[name] * amount(answers[name]) if name in weights else np.zeros(size, np.int64)

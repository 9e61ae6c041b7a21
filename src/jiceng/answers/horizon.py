"""When an answer may turn out otherwise by itself: the day `on` as a number that knows how it moves.

A rule gets `on` as a `Day`. It behaves as the number it is today; each comparison, each table cell, each result made from
it notes in how many days it would first come out otherwise. The fewest of those days is the answer's horizon: until then
the same rule takes the same way to the same value, as long as nothing is recorded and the law stands.

A `Day` is no subclass of int on purpose: wherever Python wants a plain integer it has to ask, and asking is noted.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from jiceng.rules.language import Unanswerable
from jiceng.rules.source import PLAIN_WORDS

FAR = 20_000
"""Days looked ahead (54 years). Nothing seen within them: look again then."""
NEVER = 1 << 30
_SCAN = 31
"""Days tried one by one where nothing is known about how a number moves."""


class Watch:
    """Collects the fewest days after which something turns out otherwise."""

    __slots__ = ("days", "seen")

    def __init__(self) -> None:
        self.days = NEVER
        # With the arguments beside the result: as long as they are held, their ids stay their own.
        self.seen: dict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]] = {}

    def note(self, days: int) -> None:
        """Something changes in so many days; what lies behind or now is no change."""
        if 0 < days < self.days:
            self.days = days


class Day:
    """A number that moves with the day: `slope` a day (±1), or `moves(d)` after d days, never falling (rising 1) or rising (−1)."""

    __slots__ = ("moves", "now", "rising", "slope", "watch")

    def __init__(self, now: int, watch: Watch, *, slope: int = 0, moves: Callable[[int], int] | None = None, rising: int = 0) -> None:
        self.now, self.watch, self.slope, self.moves = now, watch, slope, moves
        self.rising = slope or rising

    def at(self, days: int) -> int:
        """The number after so many days."""
        return self.moves(days) if self.moves else self.now + self.slope * days

    def settle(self) -> int:
        """The number as it is now; that it moves is noted."""
        if self.moves is None:
            self.watch.note(1)
        else:
            self.watch.note(_first_change(self.at, monotone=self.rising != 0))
        return self.now

    def __lt__(self, other: Any) -> bool:
        return _compare(self, other, operator.lt)

    def __le__(self, other: Any) -> bool:
        return _compare(self, other, operator.le)

    def __gt__(self, other: Any) -> bool:
        return _compare(self, other, operator.gt)

    def __ge__(self, other: Any) -> bool:
        return _compare(self, other, operator.ge)

    def __eq__(self, other: object) -> bool:
        return _compare(self, other, operator.eq)

    def __ne__(self, other: object) -> bool:
        return _compare(self, other, operator.ne)

    def __hash__(self) -> int:
        return hash(self.settle())

    def __index__(self) -> int:
        return self.settle()

    def __int__(self) -> int:
        return self.settle()

    def __bool__(self) -> bool:
        return _compare(self, 0, operator.ne)

    def __abs__(self) -> Day:
        return Day(abs(self.now), self.watch, moves=lambda days: abs(self.at(days)))

    def __repr__(self) -> str:
        return f"Day({self.now})"


def plain(value: Any) -> Any:
    """A result without its tracking, noting that it moves."""
    return value.settle() if isinstance(value, Day) else value


def _compare(one: Day, other: Any, how: Callable[[Any, Any], bool]) -> bool:
    """The comparison as it is now; the first day it would come out otherwise is noted."""
    there = other.now if isinstance(other, Day) else other
    if not isinstance(there, int):
        return False if how is operator.eq else how(one.now, there)
    if one.moves is None and not (isinstance(other, Day) and other.moves):
        _note_straight(one.now - there, one.slope - (other.slope if isinstance(other, Day) else 0), how, one.watch)
        return how(one.now, there)

    def after(days: int) -> Any:
        left, right = one.at(days), other.at(days) if isinstance(other, Day) else other
        # Equality is three-sided on purpose: less, equal, more is what moves one way only.
        return (left > right) - (left < right) if how in (operator.eq, operator.ne) else how(left, right)

    monotone = one.rising != 0 and (not isinstance(other, Day) or other.rising == -one.rising)
    one.watch.note(_first_change(after, monotone=monotone))
    return how(one.now, there)


def _note_straight(gap: int, slope: int, how: Callable[[Any, Any], bool], watch: Watch) -> None:
    """gap + slope·d against 0: the first d ≥ 1 at which the comparison comes out otherwise."""
    if slope == 0:
        return
    if slope < 0:
        gap, slope = -gap, -slope
        how = _MIRROR.get(how, how)
    if how in (operator.eq, operator.ne):
        watch.note(1 if gap == 0 else -(gap // slope))
    elif how in (operator.lt, operator.ge):
        watch.note(-(gap // slope))
    else:
        watch.note(-gap // slope + 1)


_MIRROR = {operator.lt: operator.gt, operator.gt: operator.lt, operator.le: operator.ge, operator.ge: operator.le}


def _first_change(after: Callable[[int], Any], *, monotone: bool) -> int:
    """The first d ≥ 1 with after(d) ≠ after(0), or an earlier one."""

    def seen(days: int) -> Any:
        try:
            return after(days)
        except Unanswerable as none:
            return none.kind, none.why, none.options

    now = seen(0)
    if not monotone:
        return next((days for days in range(1, _SCAN + 1) if seen(days) != now), _SCAN + 1)
    if seen(FAR) == now:
        return FAR
    low, high = 0, FAR
    while high - low > 1:
        middle = (low + high) // 2
        if seen(middle) == now:
            low = middle
        else:
            high = middle
    return high


# How each word moves with each of its arguments: 1 never falls, −1 never rises, 0 nothing is known.
_MOVES = {
    "plus": (1, 1), "minus": (1, -1), "valid": (1,), "year": (1,), "month": (0,), "day": (0,), "date": (0, 0, 0),
    "add_days": (1, 1), "add_months": (1, 1), "add_years": (1, 1), "month_start": (1,), "month_end": (1,),
    "year_start": (1,), "year_end": (1,), "months_between": (-1, 1), "full_months": (-1, 1), "full_years": (-1, 1),
    "product": (0, 0), "divide": (0, 0, 0), "times": (0, 0, 0), "divide_by": (0, 0, 0), "ratio": (0, 0, 0),
    "whole": (0, 0), "band": (0, 0), "province": (0,), "city": (0,), "county": (0,),
}  # fmt: skip
_STRAIGHT = {"plus": (1, 1), "minus": (1, -1), "add_days": (1, 1)}


def _tracked(name: str, word: Callable[..., int], signs: tuple[int, ...]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        for arg in args:
            if arg.__class__ is Day:
                return _moving(name, word, signs, args)
        return word(*args)

    return call


def _moving(name: str, word: Callable[..., int], signs: tuple[int, ...], args: tuple[Any, ...]) -> Any:
    watch: Watch = next(arg.watch for arg in args if isinstance(arg, Day))
    key = (name, *((0, id(arg)) if isinstance(arg, Day) or not isinstance(arg, int) else arg for arg in args))
    kept = watch.seen.get(key)
    if kept is not None:
        return kept[0]

    def after(days: int) -> int:
        return word(*(arg.at(days) if isinstance(arg, Day) else arg for arg in args))

    try:
        now = after(0)
    except Unanswerable:
        watch.note(_first_change(after, monotone=False))
        raise
    slope = _slope(name, args)
    made: Any = now if slope == 0 else Day(now, watch, slope=slope or 0, moves=None if slope else after, rising=_rising(signs, args))
    watch.seen[key] = made, args
    return made


def _slope(name: str, args: tuple[Any, ...]) -> int | None:
    """Sums of straight days stay straight: `on + 60`, `due - on`; 0 where they cancel out, None where nothing is straight."""
    signs = _STRAIGHT.get(name)
    if signs is None or any(isinstance(arg, Day) and arg.moves is not None for arg in args):
        return None
    return sum(sign * arg.slope for sign, arg in zip(signs, args, strict=True) if isinstance(arg, Day))


def _rising(signs: tuple[int, ...], args: tuple[Any, ...]) -> int:
    """The one way all moving arguments push, or 0."""
    ways = {sign * arg.rising for sign, arg in zip(signs, args, strict=False) if isinstance(arg, Day)}
    return ways.pop() if len(ways) == 1 else 0


TRACKING_WORDS = {name: _tracked(name, PLAIN_WORDS[name], signs) for name, signs in _MOVES.items()}
"""Words for a rule that asks for `on`: on plain numbers the same, on a `Day` they move with it."""

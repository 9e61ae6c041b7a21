"""The places a filter or a form offers: what the account may see, opened one level at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiceng.access.scope import Scope
from jiceng.places import reading, tree
from jiceng.places.models import Place


@dataclass(frozen=True)
class PlaceChoice:
    """Where a list stands: the chosen place (0: everything the account sees), the way down to it, what lies below."""

    chosen: int
    trail: tuple[tuple[int, str], ...]
    below: tuple[tuple[int, str], ...]

    @property
    def options(self) -> list[tuple[str, str]]:
        """For a select: the way down, then one level below."""
        steps = [(str(code), "　" * depth + name) for depth, (code, name) in enumerate(self.trail)]
        depth = len(self.trail)
        return [*steps, *((str(code), "　" * depth + name) for code, name in self.below)]

    @property
    def name(self) -> str:
        return self.trail[-1][1] if self.trail else "全部"


def place_choice(scope: Scope, code: int, *, on: date, permission: str = "see") -> PlaceChoice:
    """The choice for a place asked for; 0 takes the account's only place, or the list of its places.

    Errors  Denied if the place lies outside what the account may see
    """
    own = scope.places_for(permission)
    if code == 0 and len(own) == 1:
        code = own[0]
    if code == 0:
        return PlaceChoice(0, (), tuple((place, name) for place, name in sorted(reading.names_of(own, on=on).items())))
    scope.require(permission, code, what=f"查看区划 {code}")
    above = [up for up in tree.ancestors(code) if scope.may(permission, up)]
    found = reading.names_of([*above, code], on=on)
    trail = tuple((place, found[place]) for place in (*above, code) if place in found)
    return PlaceChoice(code, trail, tuple((place.code, place.name) for place in below(code, on=on)))


def below(code: int, *, on: date) -> list[Place]:
    """Places one level below; an empty level (东莞 has no counties) is skipped."""
    found = reading.children(code, on=on)
    return found

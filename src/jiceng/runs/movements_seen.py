"""Movements as an account may see them: names by scope, a place outside told only as the county it lies in. Page and API ask here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.access.scope import Scope
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import reading as kept
from jiceng.runs.law import installed_law
from jiceng.runs.movements import Movement, Movements

WAYS = {"arrivals": "进入", "moved_in": "调入", "departures": "离任", "moved_out": "调出"}
NO_CAUSE = "没有登记原因"


@dataclass(frozen=True)
class Move:
    """One step of somebody, in words."""

    subject: int
    name: str
    day: date
    way: str
    origin: str
    destination: str
    cause: str


def causes() -> dict[str, str]:
    """Causes of departure by id."""
    return {item.id: item.name for item in installed_law().terms.codes["DepartureCause"].items}


def steps_of(found: Movements, *, way: str = "", cause: str | None = None) -> Iterator[tuple[str, Movement]]:
    """(way, step) by day and worker: all, those of one way, or the departures of one cause (UNRECORDED among them)."""
    ways = [(key, step) for key in WAYS if way in ("", key) for step in getattr(found, key)]
    if cause is not None:
        ways = [(key, step) for key, step in ways if key == "departures" and step.cause == cause]
    yield from sorted(ways, key=lambda pair: (pair[1].day, pair[1].subject))


def moves_seen(scope: Scope, steps: Sequence[tuple[str, Movement]], *, on: date, above: int = tree.NATION) -> list[Move]:
    """Steps with names of people and places as the account may see them; places inside `above` are named from there on."""
    people = kept.names_of({step.subject for _, step in steps})
    codes = {code for _, step in steps for code in (step.origin, step.destination) if code}
    seen = {code: code if scope.may("see", code) else tree.up(code, min(tree.level_of(code), tree.Level.county)) for code in codes}
    names = places.full_names(seen.values(), on=on, above=above)
    told = causes()

    def place(code: int) -> str:
        return names.get(seen[code], str(seen[code])) if code else ""

    def name(subject: int) -> str:
        called, where = people.get(subject, ("（不在名册）", 0))
        return scope.shown_name(called, place=where) if where else called

    return [
        Move(
            step.subject, name(step.subject), step.day, WAYS[way], place(step.origin), place(step.destination),
            (told.get(step.cause) or NO_CAUSE) if way == "departures" else "",
        )
        for way, step in steps
    ]  # fmt: skip

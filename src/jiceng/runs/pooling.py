"""Facts of a wide place from the counties inside it: a prefecture's residents are the sum of its counties' residents.

Only facts that terms.yaml marks `sums` are pooled, and only where the place has no such fact of its own. Missing is not
zero: as long as one county with workers has not told its figure, the whole place has none; a partial pool is asked for
by name and says which counties it leaves out. A county that has told counts whether or not it has workers: without any it
is short of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from jiceng.answers.subject import Known, Provenance, Subject, Total
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs import binding
from jiceng.runs.tallies import Tally
from jiceng.terms.registry import Terms


@dataclass(frozen=True)
class Ground:
    """A place and the places inside it that its figures come from, read once.

    `counties`: code → name of the counties a wide place is pooled from, none for a county and below
    `below`: code → name of the places one level down, if they were asked for
    `subjects`: the place, its counties and what lies below, each with its own facts
    """

    code: int
    counties: dict[int, str]
    below: dict[int, str]
    subjects: dict[int, Subject]


@dataclass(frozen=True)
class Pool:
    """A place ready for answers, the counties it was pooled from, and those that have not told their figure."""

    subject: Subject
    told: tuple[int, ...] = ()
    untold: tuple[int, ...] = ()


def ground(code: int, *, on: date, known_by: datetime | None, terms: Terms, below: bool = False) -> Ground:
    """A place with what its figures come from, in three statements at most.

    Time    state at the end of `on`, as known by `known_by`
    """
    level = tree.level_of(code)
    inside = {place.code: place.name for place in places.children(code, on=on)} if below or level is Level.city else {}
    counties = inside if level is Level.city else {}
    if level < Level.city:
        counties = {place.code: place.name for place in places.within(code, on=on, level=Level.county)}
    codes = list(dict.fromkeys([code, *counties, *(inside if below else ())]))
    subjects = binding.place_subjects(codes, on=on, known_by=known_by, terms=terms)
    return Ground(code, counties, inside if below else {}, {subject.place: subject for subject in subjects})


def grounds(code: int, *, days: Sequence[date], known_by: datetime | None, terms: Terms) -> dict[date, Ground]:
    """The same place on several days, in two statements, however many days; without what lies below."""
    inside = places.within_on(code, days, level=Level.county) if tree.level_of(code) < Level.county else {day: [] for day in days}
    told = binding.PlaceHistories({code, *(one.code for found in inside.values() for one in found)}, known_by=known_by, terms=terms)
    found = {}
    for day in days:
        counties = {one.code: one.name for one in inside[day]}
        found[day] = Ground(code, counties, {}, {one: told.on(one, day) for one in (code, *counties)})
    return found


def pooled(found: Ground, *, on: date, terms: Terms, tallies: Mapping[str, Tally], partial: bool = False) -> Pool:
    """A place with its facts and totals; wide places take summing facts from their counties.

    `partial`: pool the counties that have told, with totals over those counties only
    """
    own = found.subjects[found.code]
    whole = replace(own, totals={name: counted.of(found.code) for name, counted in tallies.items()})
    sums = [name.id for name in terms.names.values() if name.sums and name.id not in own.facts]
    if not found.counties or not sums:
        return Pool(whole)
    parts = {code: found.subjects[code] for code in found.counties}
    members = [c for c in parts if any(counted.of(c).members for counted in tallies.values())]
    later = [{name: day for name, day in part.later.items() if name in sums} for part in parts.values()]
    whole = replace(whole, later=_earliest([own.later, *later]))
    name = "urban_residents" if "urban_residents" in sums else sums[0]
    told = tuple(c for c in parts if name in parts[c].facts)
    untold = tuple(c for c in members if c not in told)
    if not told or (untold and not partial):
        return Pool(whole, told, untold)
    source = _source(told, [found.counties[c] for c in untold], on)
    facts = dict(own.facts)
    for fact in sums:
        values = [parts[c].facts[fact].value for c in told if fact in parts[c].facts]
        if len(values) == len(told):
            facts[fact] = Known(sum(values), source)
    totals = {n: _over(counted, told) for n, counted in tallies.items()} if untold else whole.totals
    return Pool(replace(whole, facts=facts, totals=totals), told, untold)


def _over(counted: Tally, codes: tuple[int, ...]) -> Total:
    value = members = 0
    without: dict[int, int] = {}
    for total in map(counted.of, codes):
        value, members = value + total.value, members + total.members
        for kind, count in total.without.items():
            without[kind] = without.get(kind, 0) + count
    return Total(value, members, without)


def _earliest(later: Iterable[Mapping[str, date]]) -> dict[str, date]:
    found: dict[str, date] = {}
    for days in later:
        for name, day in days.items():
            found[name] = min(day, found.get(name, day))
    return found


def _source(told: tuple[int, ...], left_out: list[str], on: date) -> Provenance:
    text = f"所辖 {len(told)} 个县（市、区）已报数合计"
    if left_out:
        text += "，未计入：" + "、".join(left_out)
    return Provenance(basis=text, since=on)

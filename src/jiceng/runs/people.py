"""Everybody in service inside a place on a day, ready to be asked under any law: columns of the day made from what is bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiceng.answers.columns import Columns, HistoryColumns
from jiceng.answers.source import Source, Told
from jiceng.base.dates import OPEN_END, day_number
from jiceng.law.layers import Law
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.bound import Bound, bound
from jiceng.runs.bound_rows import ALWAYS, APPOINTMENT, COMPLETE, DEPARTURE, MISSING, STARTED, KindRows
from jiceng.runs.kept_rows import Array, Rows, padded_all
from jiceng.terms.registry import Terms

KEPT_DAYS = 2
_OPEN = day_number(OPEN_END)
_BEFORE_ALL = day_number(date(1900, 1, 1))
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class People:
    """Workers in tree order of their places, then by number; `source` asks them in this order.

    `answered`: what they answered last under a law that stays, so that the next what-if need not ask again
    """

    subjects: Array
    places: Array
    on: date
    source: Source
    answered: dict[Any, dict[str, Array]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subjects)

    def rows(self, answers: Mapping[str, Array], names: Sequence[str]) -> Rows:
        """Some of their answers as rows that can be kept."""
        return Rows(self.subjects, self.places, np.full(len(self), day_number(self.on), np.int32), {name: answers[name] for name in names})


def people_of(place: int, *, on: date, known_by: datetime | None, law: Law, seconds: float | None = None) -> People:
    """Everybody in service inside a place.

    Time    state at the end of `on`, as known by `known_by`
    Errors  Refusal runs.building, here or when a rule asks, if facts have to be read and that takes longer than `seconds`
    """
    told = bound(place, known_by=known_by, terms=law.terms, seconds=seconds)
    kept: _Day | None = told.days.get(on)
    if kept is None or kept.terms is not law.terms:
        kept = _Day(told, on, law.terms, known_by)
        told.days = {**dict([*told.days.items()][-KEPT_DAYS + 1 :]), on: kept}
    return kept.people


class _Day:
    """What is bound, as it stands at the end of one day."""

    def __init__(self, told: Bound, on: date, terms: Terms, known_by: datetime | None) -> None:
        self.told, self.on, self.day, self.terms, self.known_by = told, on, day_number(on), terms, known_by
        known = binding.encoders(terms)
        self.kind_of_fact = {name: (kind, one) for kind, fields in known.facts.get("worker", {}).items() for name, one, _ in fields}
        self.kind_of_history = dict(known.histories)
        self.serving, places = self._service()
        padded = padded_all(places)
        low, high = tree.span(told.place)
        here = np.flatnonzero(self.serving & (padded >= low) & (padded <= high))
        self.at = here[np.lexsort((told.subjects[here], places[here], padded[here]))]
        self.places = places[self.at]
        self.rank = np.full(len(told.subjects), -1, np.int64)
        self.rank[self.at] = np.arange(len(self.at))
        self._facts: dict[str, Array] = {}
        self._histories: dict[str, HistoryColumns] = {}
        self._around: tuple[Source, Array] | None = None

    @cached_property
    def people(self) -> People:
        columns = Columns(
            "worker", self.told.subjects[self.at], self.places, self.fact, self.history, self.around,
            self.kind_of_fact, self.kind_of_history,
        )  # fmt: skip
        return People(columns.ids, self.places, self.on, columns)

    def _service(self) -> tuple[Mask, Array]:
        """Who is in service, and where each stands: the latest appointment in force, else the one that ended last."""
        size = len(self.told.subjects)
        held, gone = self.told.kind(APPOINTMENT), self.told.kind(DEPARTURE)
        left = np.full(size, ALWAYS, np.int64)
        departed = gone.since <= self.day
        np.maximum.at(left, gone.who[departed], gone.since[departed].astype(np.int64))
        begun = np.flatnonzero(held.since <= self.day)
        who, since, until = held.who[begun], held.since[begun], held.until[begun]
        in_force = until > self.day
        serving = np.zeros(size, bool)
        serving[who[in_force & (since >= left[who])]] = True
        # Of equals the first, as they were recorded: it comes last in the order, and the last one written stays.
        order = np.lexsort((-np.arange(len(begun)), since, np.where(in_force, _OPEN, until), who))
        places = np.zeros(size, np.int64)
        places[who[order]] = held.place[begun][order]
        return serving, places

    def _valid(self, rows: KindRows) -> Array:
        """Rows that hold on the day, of people in service here."""
        return np.flatnonzero((rows.since <= self.day) & (rows.until > self.day) & (self.rank[rows.who] >= 0))

    def fact(self, name: str) -> Array:
        """A fact of each: the latest of its kind that holds and has the field."""
        if name not in self.kind_of_fact:  # nobody records it: a sheet or an applicant gives it when asked
            return np.full(len(self.at), MISSING, np.int64)
        if name not in self._facts:
            kind, one = self.kind_of_fact[name]
            rows = self.told.kind(kind)
            valid = self._valid(rows)
            values = rows.fields[one][valid]
            filled = values != MISSING
            column = np.full(len(self.at), MISSING, np.int64)
            column[self.rank[rows.who[valid[filled]]]] = values[filled]
            self._facts[name] = column
        return self._facts[name]

    def history(self, name: str) -> HistoryColumns:
        """A history of each, and whether anybody vouched for it."""
        if name not in self._histories:
            self._histories[name] = self._history(self.kind_of_history[name])
        return self._histories[name]

    def _history(self, kind: str) -> HistoryColumns:
        rows = self.told.kind(kind)
        begun = np.flatnonzero((rows.since <= self.day) & (self.rank[rows.who] >= 0))
        rank = self.rank[rows.who[begun]]
        order = np.argsort(rank, kind="stable")
        begun, rank = begun[order], rank[order]
        starts = np.searchsorted(rank, np.arange(len(self.at) + 1)).astype(np.int64)
        since = rows.since[begun].astype(np.int64)
        place = np.where(rows.placed_from[begun] <= self.day, rows.place[begun], 0)
        complete = self._complete(kind)
        told = complete != MISSING
        whole = told & ((complete <= _BEFORE_ALL) | (complete <= self._first_days()))
        none = np.diff(starts) == 0
        last = np.where(none, ALWAYS, since[np.maximum(starts[1:] - 1, 0)] if len(since) else ALWAYS)
        recent = whole | (told & ~none & (complete <= last))
        fields = {one: column[begun] for one, column in rows.fields.items()}
        return HistoryColumns(starts, since, rows.until[begun].astype(np.int64), place, fields, whole, recent, complete)

    def _complete(self, kind: str) -> Array:
        """From which day on somebody vouched that a history is complete."""
        rows = self.told.kind(COMPLETE)
        valid = self._valid(rows)
        valid = valid[rows.fields["kind"][valid] == self.terms.kinds[kind].number]
        found = np.full(len(self.at), MISSING, np.int64)
        found[self.rank[rows.who[valid]]] = rows.fields["from"][valid]
        return found

    def _first_days(self) -> Array:
        """The day each came: the first appointment, or what is told of it; one that is not known lies before all."""
        first = np.full(len(self.at), _OPEN + 1, np.int64)
        held, started = self.told.kind(APPOINTMENT), self.told.kind(STARTED)
        for rows, days in ((held, held.since.astype(np.int64)), (started, started.fields["date"])):
            begun = np.flatnonzero((rows.since <= self.day) & (self.rank[rows.who] >= 0) & (days != MISSING))
            np.minimum.at(first, self.rank[rows.who[begun]], days[begun])
        return np.where(first > _OPEN, ALWAYS, first)

    def around(self) -> tuple[Source, Array]:
        """The places they stand at, with the facts of each."""
        if self._around is None:
            codes, at = np.unique(self.places, return_inverse=True)
            known = [code for code in codes.tolist() if code]
            subjects = binding.place_subjects(known, on=self.on, known_by=self.known_by, terms=self.terms)
            offset = len(codes) - len(known)
            self._around = Told(subjects, "place"), at.astype(np.int64) - offset
        return self._around

"""Many workers as columns that are filled already: facts and histories of one day, end to end. Says what subjects would say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiceng.answers.chunk import MISSING, UNCHECKED, LawMatrix, Numbers, Records
from jiceng.answers.codes import grounds
from jiceng.answers.source import Source
from jiceng.answers.subject import History, Known, Record, Subject
from jiceng.base.dates import day_date
from jiceng.rules.language import RECORD_FIELDS


@dataclass(frozen=True, eq=False)
class HistoryColumns:
    """Records that have begun, by subject and then as they began: those of subject n lie from `starts[n]` to `starts[n + 1]`.

    `place` 0 where nobody told it. `whole`: nothing is missing; `recent`: nothing since the latest record. `complete_from`: the
    day number from which on nothing is missing, or the mark of a missing one
    """

    starts: Numbers
    since: Numbers
    until: Numbers
    place: Numbers
    fields: dict[str, Numbers]
    whole: NDArray[np.bool_]
    recent: NDArray[np.bool_]
    complete_from: Numbers


@dataclass(frozen=True, eq=False)
class Columns:
    """Subjects of one kind at the end of one day. What a rule asks for is fetched when it asks.

    `fact_of`, `history_of`: the column of a name over all subjects; `facts`, `histories`: the names there are. `surroundings`:
    the places around them, and which is around each
    """

    of: str
    ids: Numbers
    places: Numbers
    fact_of: Callable[[str], Numbers]
    history_of: Callable[[str], HistoryColumns]
    surroundings: Callable[[], tuple[Source, Numbers]]
    facts: Collection[str]
    histories: Collection[str]
    start: int = 0
    stop: int | None = None

    def __len__(self) -> int:
        return len(self.places)

    def part(self, start: int, stop: int) -> Columns:
        ids, places = self.ids[start:stop], self.places[start:stop]
        return replace(self, ids=ids, places=places, start=self.start + start, stop=self.start + stop)

    def fact(self, name: str) -> Numbers:
        if name not in self.facts:
            return np.full(len(self), MISSING, np.int64)
        return self.fact_of(name)[self.start : self.stop]

    def given(self, names: set[str]) -> set[str]:
        return set()

    def total(self, name: str) -> Numbers:
        return np.full(len(self), MISSING, np.int64)

    def around(self) -> tuple[Source, Numbers]:
        source, at = self.surroundings()
        return source, at[self.start : self.stop]

    def records(self, name: str, fields: Sequence[str], matrix: LawMatrix, *, on: date, dated: bool) -> Records:
        told = self.history_of(name)
        bounds = told.starts[self.start : self.start + len(self) + 1]
        here = slice(int(bounds[0]), int(bounds[-1]))
        starts = np.ascontiguousarray(bounds - bounds[0])
        place = np.where(told.place[here] != 0, told.place[here], np.repeat(self.places, np.diff(starts)))
        columns = {"since": told.since[here], "until": told.until[here], "place": place}
        cells = [columns[one] if one in RECORD_FIELDS else _field(told, one, here) for one in fields]
        rows = np.array(cells, dtype=np.int64).reshape(len(fields), here.stop - here.start)
        law = _regimes(place, told.since[here], matrix) if dated else np.zeros(here.stop - here.start, np.int64)
        sure = [np.where(column[self.start : self.start + len(self)], 0, UNCHECKED) for column in (told.whole, told.recent)]
        return Records(starts, np.ascontiguousarray(rows), law, sure[0], sure[1])

    def subject(self, number: int) -> Subject:
        at = self.start + number
        source, around = self.surroundings()
        return Subject(
            int(self.ids[number]), self.of, int(self.places[number]), _Asked(self.facts, lambda name: self._known(name, at)),
            _Asked(self.histories, lambda name: self._history(name, at)), source.subject(int(around[at])) if around[at] >= 0 else None,
        )  # fmt: skip

    def _known(self, name: str, at: int) -> Known | None:
        value = int(self.fact_of(name)[at])
        return None if value == MISSING else Known(value)

    def _history(self, name: str, at: int) -> History:
        told = self.history_of(name)
        records = tuple(
            Record(
                day_date(int(told.since[n])), day_date(int(told.until[n])), int(told.place[n]),
                {one: int(column[n]) for one, column in told.fields.items() if column[n] != MISSING},
            )
            for n in range(int(told.starts[at]), int(told.starts[at + 1]))
        )  # fmt: skip
        since = int(told.complete_from[at])
        return History(records, None if since == MISSING else day_date(since), bool(told.whole[at]))


class _Asked(dict[str, Any]):
    """Facts or histories of one subject, each looked up when it is asked for."""

    def __init__(self, names: Collection[str], look: Callable[[str], Any]) -> None:
        super().__init__()
        self._names, self._look = names, look

    def get(self, name: str, otherwise: Any = None) -> Any:
        found = self._look(name) if name in self._names else None
        return otherwise if found is None else found

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None


def _field(told: HistoryColumns, name: str, here: slice) -> Numbers:
    return told.fields[name][here] if name in told.fields else np.full(here.stop - here.start, MISSING, np.int64)


def _regimes(places: Numbers, days: Numbers, matrix: LawMatrix) -> Numbers:
    """The regime of each record's own place and day, by number."""
    found = np.empty(len(places), np.int64)
    distinct, at = np.unique(grounds(places, matrix.law), return_inverse=True)
    order = np.argsort(at, kind="stable")
    bounds = np.searchsorted(at[order], np.arange(len(distinct) + 1))
    for n, place in enumerate(distinct.tolist()):
        rows = order[bounds[n] : bounds[n + 1]]
        day, which = np.unique(days[rows], return_inverse=True)
        found[rows] = np.array([matrix.number(place, day_date(one)) for one in day.tolist()], np.int64)[which]
    return found

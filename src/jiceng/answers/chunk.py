"""Some thousand subjects as arrays of integers: facts by column, histories end to end, law as one matrix (regime × value)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiceng.answers.codes import grounds
from jiceng.answers.subject import History, Subject
from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.layers import Law, Regime
from jiceng.law.model import Definition
from jiceng.rules.language import HIGH, RECORD_FIELDS
from jiceng.rules.tables import Bands, Table

Numbers = NDArray[np.int64]
MISSING, UNCHECKED, OPEN, NO_RULE = (mark(kind) for kind in (AnswerKind.missing, AnswerKind.unchecked, AnswerKind.open, AnswerKind.no_rule))
NOT_APPLICABLE = mark(AnswerKind.not_applicable)
LARGEST_TABLE = 1_000_000
_NOTHING = History()


@dataclass(eq=False)
class LawMatrix:
    """The values of the law by regime (row) and name (column); tables and bands lie in `flat`, their cell is the offset."""

    law: Law
    names: list[str]
    regimes: list[Regime] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)
    _rows: list[list[int]] = field(default_factory=list)
    _flat: list[int] = field(default_factory=list)
    _offsets: dict[int, int] = field(default_factory=dict)
    _at: dict[tuple[int, date], int] = field(default_factory=dict)

    def number(self, place: int, on: date) -> int:
        """The row of the regime of a place on a day; a new one is added."""
        key = (place, on)
        if key not in self._at:
            regime = self.law.regime(place, on)
            number = self._numbers.get(id(regime))
            if number is None:
                number = self._numbers[id(regime)] = len(self.regimes)
                self.regimes.append(regime)
            self._at[key] = number
        return self._at[key]

    def arrays(self) -> tuple[Numbers, Numbers]:
        """The matrix and the flat cells, as far as regimes are known by now."""
        for regime in self.regimes[len(self._rows) :]:
            self._rows.append([self._cell(regime.definitions.get(name)) for name in self.names])
        matrix = np.array(self._rows, dtype=np.int64).reshape(len(self._rows), len(self.names))
        return np.ascontiguousarray(matrix), np.array(self._flat or [0], dtype=np.int64)

    def _cell(self, definition: Definition | None) -> int:
        if definition is None or definition.rule is not None:
            return NO_RULE
        if definition.delegated or definition.at is None:
            return OPEN
        parsed = definition.at.parsed
        if isinstance(parsed, Table) and span(parsed) > LARGEST_TABLE:
            return OPEN  # read by Python only: see `too_wide`
        if isinstance(parsed, Table | Bands):
            if id(parsed) not in self._offsets:
                self._offsets[id(parsed)] = len(self._flat)
                self._flat += flat_table(parsed) if isinstance(parsed, Table) else flat_bands(parsed)
            return self._offsets[id(parsed)]
        return int(parsed)

    def too_wide(self) -> set[str]:
        """Names of tables that are not laid out flat anywhere; rules that ask for them are answered by Python."""
        return {
            definition.name
            for regime in self.regimes
            for definition in regime.definitions.values()
            if definition.at is not None and isinstance(definition.at.parsed, Table) and span(definition.at.parsed) > LARGEST_TABLE
        }


def span(table: Table) -> int:
    """How many cells a table has from its least to its greatest key, printed or not."""
    count = 1
    for _low, size in _axes(table):
        count *= size
    return count


def _axes(table: Table) -> list[tuple[int, int]]:
    lows = [min((key[k] for key in table.cells), default=0) for k in range(len(table.axes))]
    return [(low, max((key[k] for key in table.cells), default=-1) - low + 1) for k, low in enumerate(lows)]


def flat_table(table: Table) -> list[int]:
    """Number of axes, low and size of each, cells by row; a cell that is not printed is open."""
    axes = _axes(table)
    cells = [OPEN] * span(table)
    for key, value in table.cells.items():
        at = 0
        for part, (low, size) in zip(key, axes, strict=True):
            at = at * size + part - low
        cells[at] = value
    return [len(axes), *(number for axis in axes for number in axis), *cells]


def flat_bands(bands: Bands) -> list[int]:
    """Their number, then low, high, value of each."""
    return [len(bands.bands), *(n for low, high, value in bands.bands for n in (low, HIGH if high is None else high, value))]


@dataclass(eq=False)
class Records:
    """One history of many subjects: where each subject's records start, fields by column, the regime of each record."""

    starts: Numbers
    rows: Numbers
    law: Numbers
    whole: Numbers
    recent: Numbers


def regimes_at(places: Numbers, matrix: LawMatrix, *, on: date) -> Numbers:
    """The regime of each of these places, by number."""
    distinct, at = np.unique(grounds(places, matrix.law), return_inverse=True)
    return np.array([matrix.number(place, on) for place in distinct.tolist()], dtype=np.int64)[at]


def facts(subjects: Sequence[Subject], name: str) -> Numbers:
    """A fact of each subject, or the mark of a missing one. Always 64 bits wide: a narrower column would lose the mark."""
    return np.array([known.value if (known := subject.facts.get(name)) is not None else MISSING for subject in subjects], dtype=np.int64)


def totals(subjects: Sequence[Subject], name: str) -> Numbers:
    """The sum of a worker rule over each place, or missing where nobody summed it."""
    return np.array([total.value if (total := subject.totals.get(name)) is not None else MISSING for subject in subjects], dtype=np.int64)


def records(subjects: Sequence[Subject], name: str, fields: Sequence[str], matrix: LawMatrix, *, on: date, dated: bool) -> Records:
    """A history of each subject, records that have begun by `on` only. `dated`: the regime of each record is wanted too."""
    starts, whole, recent, law = [0], [], [], []
    rows: list[list[int]] = [[] for _ in fields]
    readers = [(column, _reader(name_of)) for column, name_of in zip(rows, fields, strict=True)]
    count = 0
    for subject in subjects:
        history = subject.histories.get(name, _NOTHING)
        begun = tuple(record for record in history.records if record.since <= on)
        for record in begun:
            place = record.place or subject.place
            for column, read in readers:
                column.append(read(record, place))
            if dated:
                law.append(matrix.number(place, record.since))
        count += len(begun)
        starts.append(count)
        whole.append(0 if history.whole else UNCHECKED)
        sure = history.whole or History(begun, history.complete_from, history.whole).recent
        recent.append(0 if sure else UNCHECKED)
    cells = np.array(rows, dtype=np.int64).reshape(len(fields), count)
    regimes = np.array(law if dated else [0] * count, dtype=np.int64)
    return Records(_numbers(starts), np.ascontiguousarray(cells), regimes, _numbers(whole), _numbers(recent))


def _numbers(values: list[int]) -> Numbers:
    return np.array(values, dtype=np.int64)


def _reader(name: str) -> Callable[[Any, int], int]:
    if name not in RECORD_FIELDS:
        return lambda record, _place: record.values.get(name, MISSING)
    if name == "place":
        return lambda _record, place: place
    return lambda record, _place: day_number(getattr(record, name))


def writable(array: NDArray[Any]) -> Numbers:
    """An array as compiled loops take it: int64, contiguous, not read-only.

    A read-only one (as Arrow gives) is another type to Numba and would be refused, or compiled again in every process.
    """
    return np.require(array, dtype=np.int64, requirements=["C", "W", "O"])

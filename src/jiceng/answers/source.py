"""Where the facts of many subjects come from: subjects one by one, or columns that are filled already (see columns.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

import numpy as np

from jiceng.answers import chunk
from jiceng.answers.chunk import LawMatrix, Numbers, Records
from jiceng.answers.subject import Subject


class Source(Protocol):
    """Subjects of one kind, in order. `places`: the place of each, which decides its law."""

    @property
    def of(self) -> str: ...

    @property
    def places(self) -> Numbers: ...

    def __len__(self) -> int: ...

    def part(self, start: int, stop: int) -> Source:
        """Some that stand together."""

    def fact(self, name: str) -> Numbers:
        """A fact of each, or the mark of a missing one."""

    def given(self, names: set[str]) -> set[str]:
        """Those of the names of the law that are given by hand for any of them."""

    def records(self, name: str, fields: Sequence[str], matrix: LawMatrix, *, on: date, dated: bool) -> Records:
        """A history of each, records that have begun by `on` only; `dated`: the regime of each record is wanted too."""

    def total(self, name: str) -> Numbers:
        """The sum of a worker rule over each place."""

    def around(self) -> tuple[Source, Numbers]:
        """The places around them, each once, and which of these is around each; -1 for none."""

    def subject(self, number: int) -> Subject:
        """One of them, for a rule that runs in Python."""


@dataclass(frozen=True, eq=False)
class Told:
    """Subjects as they are."""

    subjects: Sequence[Subject]
    of: str

    @cached_property
    def places(self) -> Numbers:
        return np.array([subject.place for subject in self.subjects], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.subjects)

    def part(self, start: int, stop: int) -> Told:
        return Told(self.subjects[start:stop], self.of)

    def fact(self, name: str) -> Numbers:
        return chunk.facts(self.subjects, name)

    def given(self, names: set[str]) -> set[str]:
        return {name for subject in self.subjects for name in subject.facts} & names

    def records(self, name: str, fields: Sequence[str], matrix: LawMatrix, *, on: date, dated: bool) -> Records:
        return chunk.records(self.subjects, name, fields, matrix, on=on, dated=dated)

    def total(self, name: str) -> Numbers:
        return chunk.totals(self.subjects, name)

    def around(self) -> tuple[Told, Numbers]:
        places = {id(subject.around): subject.around for subject in self.subjects if subject.around is not None}
        numbers = {key: number for number, key in enumerate(places)}
        at = [numbers[id(subject.around)] if subject.around is not None else -1 for subject in self.subjects]
        return Told(list(places.values()), "place"), np.array(at, dtype=np.int64)

    def subject(self, number: int) -> Subject:
        return self.subjects[number]

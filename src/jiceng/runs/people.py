"""Everybody in service inside a place on a day, ready to be asked under any law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from jiceng.answers.source import Source, Told
from jiceng.base.dates import day_number
from jiceng.law.layers import Law
from jiceng.runs.kept_answers import serving_in
from jiceng.runs.kept_rows import Array, Rows, in_order


@dataclass(frozen=True, eq=False)
class People:
    """Workers in tree order of their places, then by number; `source` asks them in this order."""

    subjects: Array
    places: Array
    on: date
    source: Source

    def __len__(self) -> int:
        return len(self.subjects)

    def rows(self, answers: Mapping[str, Array], names: Sequence[str]) -> Rows:
        """Some of their answers as rows that can be kept."""
        return Rows(self.subjects, self.places, np.full(len(self), day_number(self.on), np.int32), {name: answers[name] for name in names})


def people_of(place: int, *, on: date, known_by: datetime | None, law: Law, seconds: float | None = None) -> People:
    """Everybody in service inside a place.

    Time    state at the end of `on`, as known by `known_by`
    """
    found = [subject for some in serving_in(place, on=on, known_by=known_by, law=law) for subject in some]
    subjects = np.array([subject.id for subject in found], np.int64)
    places = np.array([subject.place for subject in found], np.int64)
    ordered = in_order(subjects, places, np.zeros(len(found), np.int32), {"at": np.arange(len(found))})
    return People(ordered.subjects, ordered.places, on, Told([found[at] for at in ordered.answers["at"].tolist()], "worker"))

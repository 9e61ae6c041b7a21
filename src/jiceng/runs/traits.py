"""What a table counts people by, as arrays: where each stands, the codes of their row, the day of birth, answers of rules.

Two ways to the same arrays: from the kept rows of a moment, which a page can wait for; or anew from the ledger under any law,
which is how a frozen figure is worked out again without anything kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.tables import no_collector
from jiceng.places import tree
from jiceng.runs import narrow
from jiceng.runs.columns import NO_CODE, NO_DAY, PAGE_SECONDS
from jiceng.runs.finding import RosterFilter, find
from jiceng.runs.models import TODAY, State
from jiceng.runs.rows import make_rows
from jiceng.runs.writing import StandingRow

Array = NDArray[np.int64]
CODES = ("post", "worker_class", "education", "certificate", "sex", "political")
_PIECE = 1_000


@dataclass(frozen=True)
class Traits:
    """Workers in service at some places, in tree order. Arrays of one length.

    `place_key` padded place codes; `codes` by column of the row, NO_CODE where nothing is recorded; `birth` day numbers;
    `answers` encoded answers by rule, the mark of no rule where it is not in force
    """

    subject: Array
    place_key: Array
    codes: dict[str, Array]
    birth: Array
    answers: dict[str, Array]

    def __len__(self) -> int:
        return len(self.subject)


def kept_traits(moment: int, *, place: int, rules: Iterable[str], seconds: float | None = PAGE_SECONDS) -> Traits:
    """Everybody in service inside a place, from the kept rows of a moment.

    Errors  Refusal runs.building if their columns are being read for the first time
    """
    names = tuple(sorted(set(rules)))
    filters = RosterFilter(state=State.in_service)
    found = find(moment, ranges=[tree.span(place)], filters=filters, rules=names, seconds=seconds)
    plain = {name: found.table.plain[name][found.at].astype(np.int64) for name in ("subject", "place_key", "birth", *CODES)}
    answers = {name: narrow.wide(found.table.answer(name)[found.at]) for name in names}
    return Traits(plain["subject"], plain["place_key"], {name: plain[name] for name in CODES}, plain["birth"], answers)


def fresh_traits(*, place: int, rules: Iterable[str], on: date, known_by: datetime | None, law: Law) -> Traits:
    """The same worked out from the ledger, keeping nothing.

    Time    state at the end of `on`, as known by `known_by`, under this law
    """
    names = tuple(sorted(set(rules)))
    ids = reading.placed_in(tree.ranges(place), on=on, known_by=known_by, terms=law.terms)
    low, high = tree.span(place)
    rows: list[StandingRow] = []
    for start in range(0, len(ids), _PIECE):
        with no_collector():
            made = make_rows(ids[start : start + _PIECE], moment=TODAY, on=on, known_by=known_by, law=law)
        rows += [row for row in made if row.state == State.in_service and low <= row.place_key <= high]
    rows.sort(key=lambda row: (row.place_key, row.subject))
    nothing = mark(AnswerKind.no_rule)
    kept = [[row.subject, row.place_key, *(_coded(getattr(row, name)) for name in CODES)] for row in rows]
    births = [NO_DAY if row.birth is None else day_number(row.birth) for row in rows]
    return _traits(kept, births, [[row.answers.get(name, nothing) for name in names] for row in rows], names)


def _coded(value: int | None) -> int:
    return NO_CODE if value is None else value


def _traits(rows: Sequence[Sequence[int]], births: Sequence[int], answers: Sequence[Sequence[int]], names: Sequence[str]) -> Traits:
    table = np.array(rows, np.int64).reshape(len(rows), 2 + len(CODES))
    told = np.array(answers, np.int64).reshape(len(answers), len(names))
    return Traits(
        table[:, 0], table[:, 1], {name: table[:, 2 + k] for k, name in enumerate(CODES)}, np.array(births, np.int64),
        {name: told[:, k] for k, name in enumerate(names)},
    )  # fmt: skip

"""Facts of many workers read from the ledger into columns, one kind at a time: days, places and encoded fields, all integers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from jiceng.base.dates import OPEN_END, day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import no_collector
from jiceng.runs import binding
from jiceng.runs.kept_rows import Array
from jiceng.terms.registry import Terms

MISSING = mark(AnswerKind.missing)
APPOINTMENT, DEPARTURE, COMPLETE, STARTED = "appointment", "departure", "complete", "community_start"
ALWAYS = -(2**31)
"""A day before all others."""
PIECE = 5_000
_PLAIN = ("since", "until", "place", "placed_from")
Days = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class KindRows:
    """Every believed fact of a kind, of all time: by worker (`who`, a position), then as they began.

    `since`, `until` day numbers; `place` 0 for none. `placed_from`: a place that is not the fact's own, but where the worker
    stood, counts from this day on. `fields` encoded, or the mark of a missing one
    """

    who: Days
    since: Days
    until: Days
    place: Array
    placed_from: Days
    fields: dict[str, Array]

    def __len__(self) -> int:
        return len(self.who)

    @classmethod
    def of(cls, columns: Mapping[str, Array]) -> KindRows:
        """From columns by name, as `columns` gives them."""
        fields = {name.removeprefix("field."): one for name, one in columns.items() if name.startswith("field.")}
        return cls(columns["who"], columns["since"], columns["until"], columns["place"], columns["placed_from"], fields)  # type: ignore[arg-type]

    def columns(self) -> dict[str, Array]:
        """Every column by name, to be kept."""
        plain = {"who": self.who, "since": self.since, "until": self.until, "place": self.place, "placed_from": self.placed_from}
        return {**plain, **{f"field.{name}": one for name, one in self.fields.items()}}  # type: ignore[dict-item]

    def renumbered(self, at: Array) -> KindRows:
        """With other positions of the workers; those at -1 are left out. The order of the workers stays."""
        who = at[self.who]
        kept = who >= 0
        columns = {name: one[kept] for name, one in self.columns().items()}
        return KindRows.of({**columns, "who": who[kept].astype(np.int32)})  # type: ignore[dict-item]


def joined(parts: Sequence[KindRows]) -> KindRows:
    """Rows of different workers put together, by worker again."""
    columns = {name: np.concatenate([part.columns()[name] for part in parts]) for name in parts[0].columns()}
    order = np.argsort(columns["who"], kind="stable")
    return KindRows.of({name: one[order] for name, one in columns.items()})


def read(subjects: Array, kind: str, *, known_by: datetime, terms: Terms, before: Callable[[], None] | None = None) -> KindRows:
    """The rows of one kind about these workers, rising; `before` is called ahead of each piece.

    Time    of all time, as known by `known_by`
    """
    fields = _fields(kind, terms)
    placed = kind != APPOINTMENT and any(history == kind for _, history in binding.encoders(terms).histories)
    kinds = [kind, APPOINTMENT] if placed else [kind]
    out: dict[str, list[int]] = {name: [] for name in ("who", *_PLAIN, *fields)}
    for start in range(0, len(subjects), PIECE):
        if before:
            before()
        some = subjects[start : start + PIECE].tolist()
        numbers = {subject: start + n for n, subject in enumerate(some)}
        with no_collector():
            told = reading.history(some, on=OPEN_END, known_by=known_by, kinds=kinds, terms=terms)
            for row, appointments in _with_appointments(told, kind):
                _put(out, row, appointments, fields, numbers[row.subject], placed=placed)
    types = {name: np.int32 for name in ("who", "since", "until", "placed_from")}
    arrays = {name: np.array(column, types.get(name, np.int64)) for name, column in out.items()}
    return KindRows.of({name if name in ("who", *_PLAIN) else f"field.{name}": one for name, one in arrays.items()})


def _fields(kind: str, terms: Terms) -> dict[str, Callable[[object], int | None]]:
    if kind == COMPLETE:
        numbers = {one.id: one.number for one in terms.kinds.values()}
        days = binding.encoders(terms).of("Date")
        assert days is not None
        return {"kind": lambda text: numbers.get(str(text)), "from": days}
    return dict(binding.encoders(terms).records[kind])


def _with_appointments(told: Sequence[FactRow], kind: str) -> Iterator[tuple[FactRow, list[FactRow]]]:
    """Each row of the kind in the order of its worker's facts, with his appointments."""
    mine: dict[int, list[FactRow]] = defaultdict(list)
    appointments: dict[int, list[FactRow]] = defaultdict(list)
    for row in told:
        if row.kind == kind:
            mine[row.subject].append(row)
        if row.kind == APPOINTMENT:
            appointments[row.subject].append(row)
    for subject, rows in mine.items():
        held = sorted(appointments[subject], key=_in_time)
        for row in sorted(rows, key=_in_time):
            yield row, held


def _in_time(row: FactRow) -> tuple[date, int]:
    return row.since, row.id


def _put(
    out: dict[str, list[int]], row: FactRow, appointments: list[FactRow], fields: Mapping[str, Callable[[object], int | None]], who: int,
    *, placed: bool,
) -> None:  # fmt: skip
    place, placed_from = row.place or 0, ALWAYS
    if placed and not place and appointments:
        place = binding.standing_place(appointments, row.since)
        if appointments[0].since > row.since:
            placed_from = day_number(appointments[0].since)  # told before he came: his first place, once he has come
    out["who"].append(who)
    out["since"].append(day_number(row.since))
    out["until"].append(day_number(row.until))
    out["place"].append(place)
    out["placed_from"].append(placed_from)
    for name, how in fields.items():
        value = how(row.data[name]) if name in row.data else None
        out[name].append(MISSING if value is None else value)

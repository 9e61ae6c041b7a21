"""A moment's standing rows as arrays in tree order: read from the database, and with changed rows taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from django.db import connection
from numpy.typing import NDArray

from jiceng.base.kinds import AnswerKind, mark
from jiceng.ledger.tables import streamed
from jiceng.runs import narrow
from jiceng.runs.names import Names, named

NO_CODE = -1
NO_DAY = -1_000_000
_BLOCK = 5_000

CODES = ("state", "post", "worker_class", "education", "certificate", "sex", "political", "nation", "grade")
DAYS = ("birth", "post_since")
LONG = ("subject", "place_key", "place")
WIDTH = len(LONG) + len(CODES) + len(DAYS)

Array = NDArray[np.signedinteger]
Changed = list[tuple[Any, ...]]
"""Rows as `selected` gives them, then name, pinyin keys, and the answers as text."""


@dataclass(frozen=True)
class WorkerIndex:
    """Where each worker stands in a table; worked out when first asked for, and good as long as nobody comes, goes or moves."""

    subjects: Array

    @cached_property
    def _sorted(self) -> tuple[Array, NDArray[np.intp]]:
        order = np.argsort(self.subjects, kind="stable")
        return self.subjects[order], order

    def places(self, wanted: NDArray[np.int64]) -> NDArray[np.intp]:
        """The places of those of these workers who are in the table."""
        there, order = self._sorted
        if not len(there):
            return np.empty(0, np.intp)
        at = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
        found: NDArray[np.intp] = order[at[there[at] == wanted]]
        return found


@dataclass(frozen=True)
class Table:
    """Rows of one moment in tree order (place_key, then worker). Arrays are shared between versions and never written to.

    `plain`    the row's own columns; NO_CODE, NO_DAY where nothing is recorded
    `answers`  every rule's answers, narrowed (runs.narrow); empty until a rule is asked for
    `names`    None until somebody searches
    """

    plain: dict[str, Array]
    answers: dict[str, Array]
    names: Names | None = None
    index: WorkerIndex | None = None
    orders: dict[tuple[str, bool], NDArray[np.int32]] = field(default_factory=dict, compare=False)
    """Orders of all rows that somebody has asked for (runs.roster)."""

    def __len__(self) -> int:
        return len(self.plain["subject"])

    def places_of(self, workers: NDArray[np.int64]) -> NDArray[np.intp]:
        """The places of those of these workers who have a row."""
        return (self.index or WorkerIndex(self.plain["subject"])).places(workers)

    def answer(self, rule: str) -> Array:
        """A rule's answers; the mark of no rule everywhere where no row has one."""
        held = self.answers.get(rule)
        return held if held is not None else narrow.narrow(np.full(len(self), mark(AnswerKind.no_rule), np.int64))


def _day(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"COALESCE({column} - DATE '1970-01-01', {NO_DAY})"
    return f"COALESCE(CAST(julianday({column}) - 2440587.5 AS INTEGER), {NO_DAY})"


def selected() -> str:
    """The columns of a row, as SQL, in the order of LONG, CODES and DAYS."""
    return ", ".join([*LONG, *(f"COALESCE({c}, {NO_CODE})" for c in CODES), *(_day(c) for c in DAYS)])


def _blocks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while block := list(islice(rows, _BLOCK)):
        yield block


def _plain_of(rows: Sequence[Sequence[int]]) -> dict[str, Array]:
    table = np.array(rows, np.int64).reshape(len(rows), WIDTH)
    kinds = {**dict.fromkeys(LONG, np.int64), **dict.fromkeys(CODES, np.int16), **dict.fromkeys(DAYS, np.int32)}
    return {name: table[:, at].astype(kind) for at, (name, kind) in enumerate(kinds.items())}


def read_plain(moment: int) -> Table:
    """The rows' own columns, from the database."""
    sql = f"SELECT {selected()} FROM runs_standing WHERE moment_id = %s"
    parts = [_plain_of(block) for block in _blocks(streamed(sql, [moment]))] or [_plain_of([])]
    plain = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _ordered(Table(plain, {}))


def _ordered(table: Table) -> Table:
    order = np.lexsort((table.plain["subject"], table.plain["place_key"]))
    plain = {name: held[order] for name, held in table.plain.items()}
    return Table(plain, {rule: held[order] for rule, held in table.answers.items()}, table.names, WorkerIndex(plain["subject"]))


Answers = tuple[Array, dict[str, Array]]
"""Workers in the order of their numbers, and each rule's answers for them."""


def read_answers(moment: int, rules: Sequence[str]) -> Answers:
    """Every rule's answers, from the database."""
    subjects: list[Array] = [np.empty(0, np.int64)]
    parts: list[dict[str, Array]] = []
    for block in _blocks(streamed("SELECT subject, CAST(answers AS TEXT) FROM runs_standing WHERE moment_id = %s", [moment])):
        subjects.append(np.array([row[0] for row in block], np.int64))
        parts.append(_answers_of([row[1] for row in block], rules))
    read = np.concatenate(subjects)
    order = np.argsort(read, kind="stable")
    return read[order], {rule: narrow.joined([part[rule] for part in parts] or [np.empty(0, np.int8)])[order] for rule in rules}


def with_answers(table: Table, read: Answers) -> Table:
    """The table with answers. A worker of one who is not among the other has been written meanwhile: the next look mends it."""
    subjects, answers = read
    if not len(subjects):
        return replace(table, answers={rule: table.answer("") for rule in answers})
    at = np.minimum(np.searchsorted(subjects, table.plain["subject"]), len(subjects) - 1)
    return replace(table, answers={rule: held[at] for rule, held in answers.items()})


def _answers_of(texts: Sequence[str], rules: Sequence[str]) -> dict[str, Array]:
    names = tuple(sorted(rules))
    decode = _decoder(names)
    table = np.array([msgspec.structs.astuple(decode(text)) for text in texts], np.int64).reshape(len(texts), len(names))
    return {name: narrow.narrow(table[:, at].copy()) for at, name in enumerate(names)}


@lru_cache(maxsize=8)
def _decoder(names: tuple[str, ...]) -> Callable[[str], Any]:
    nothing = mark(AnswerKind.no_rule)
    fields = [(f"rule_{k}", int, msgspec.field(default=nothing, name=name)) for k, name in enumerate(names)]
    return msgspec.json.Decoder(msgspec.defstruct("Answers", fields)).decode


def read_names(moment: int) -> Names:
    return named(streamed("SELECT subject, name, pinyin FROM runs_standing WHERE moment_id = %s", [moment]))


def applied(table: Table, changed: Changed, gone: set[int], rules: Sequence[str]) -> Table:
    """The table with these rows in place of what it had of their workers, and without those that are gone."""
    plain = _plain_of([row[:WIDTH] for row in changed])
    answers = _answers_of([row[WIDTH + 2] for row in changed], rules) if table.answers else {}
    names = table.names
    if names is not None:
        names = names.with_later({**dict.fromkeys(gone, ("", "")), **{row[0]: (row[WIDTH], row[WIDTH + 1]) for row in changed}})
    touched = np.isin(table.plain["subject"], np.concatenate([plain["subject"], np.fromiter(gone, np.int64, len(gone))]))
    at = np.flatnonzero(touched)
    fresh = _ordered(Table(plain, answers))
    if not gone and _same_rows(table, fresh, at):
        return replace(
            table,
            plain={n: _set(a, at, fresh.plain[n]) for n, a in table.plain.items()},
            answers={n: _set_answers(a, at, fresh.answers[n]) for n, a in table.answers.items()},
            names=names,
            orders={},
        )
    stays = ~touched
    return replace(
        _ordered(
            Table(
                {n: np.concatenate([a[stays], fresh.plain[n]]) for n, a in table.plain.items()},
                {n: narrow.joined([a[stays], fresh.answers[n]]) for n, a in table.answers.items()},
            )
        ),
        names=names,
    )


def _same_rows(table: Table, fresh: Table, at: Array) -> bool:
    """Whether exactly these rows were there before, in the same order."""
    return len(at) == len(fresh) and all(np.array_equal(table.plain[n][at], fresh.plain[n]) for n in ("place_key", "subject"))


def _set(held: Array, at: Array, values: Array) -> Array:
    if np.array_equal(held[at], values):
        return held
    copy = held.copy()
    copy[at] = values
    return copy


def _set_answers(held: Array, at: Array, values: Array) -> Array:
    now = narrow.wide(values)
    if np.array_equal(narrow.wide(held[at]), now):
        return held
    both = narrow.joined([held, values])
    copy = both[: len(held)].copy()
    copy[at] = both[len(held) :]
    return copy

"""The standing rows of a moment as columns in this process's memory, so that a list of a million costs what one of ten thousand does.

Kept between requests and brought up to date in one statement, which reads only the rows written since the last look: every row
says in `written` when that was, by a number that never runs ahead of what others can see (see `writing.mark_of_writing`).
Who reads inside a transaction gets columns of its own, so that nothing uncommitted is ever kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from django.db import connection
from numpy.typing import NDArray

from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.ledger.tables import rows as fetched
from jiceng.ledger.tables import streamed
from jiceng.runs import narrow
from jiceng.runs.models import TODAY
from jiceng.runs.names import Names, named
from jiceng.runs.writing import EVERYBODY

NO_CODE = -1
NO_DAY = -1_000_000
KEPT_MOMENTS = 3
PAGE_SECONDS = 8.0
"""How long a page waits for columns being read for the first time before it says so."""
AT_ONCE = 20_000
"""Up to so many rows are read while the page waits; more are read aside, and the page may say that it is waiting."""
_BLOCK = 5_000

CODES = ("state", "post", "worker_class", "education", "certificate", "sex", "political", "nation", "grade")
DAYS = ("birth", "post_since")
_LONG = ("subject", "place_key", "place")

Array = NDArray[np.signedinteger]


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

    def __len__(self) -> int:
        return len(self.plain["subject"])

    def answer(self, rule: str) -> Array:
        """A rule's answers; the mark of no rule everywhere where no row has one."""
        held = self.answers.get(rule)
        return held if held is not None else narrow.narrow(np.full(len(self), mark(AnswerKind.no_rule), np.int64))


# ---- reading ----


def _day(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"COALESCE({column} - DATE '1970-01-01', {NO_DAY})"
    return f"COALESCE(CAST(julianday({column}) - 2440587.5 AS INTEGER), {NO_DAY})"


def _selected() -> str:
    return ", ".join([*_LONG, *(f"COALESCE({c}, {NO_CODE})" for c in CODES), *(_day(c) for c in DAYS)])


def _blocks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while block := list(islice(rows, _BLOCK)):
        yield block


def _plain_of(rows: Sequence[Sequence[int]]) -> dict[str, Array]:
    table = np.array(rows, np.int64).reshape(len(rows), len(_LONG) + len(CODES) + len(DAYS))
    kinds = {**dict.fromkeys(_LONG, np.int64), **dict.fromkeys(CODES, np.int16), **dict.fromkeys(DAYS, np.int32)}
    return {name: table[:, at].astype(kind) for at, (name, kind) in enumerate(kinds.items())}


def _read_plain(moment: int) -> Table:
    """The rows' own columns, from the database."""
    sql = f"SELECT {_selected()} FROM runs_standing WHERE moment_id = %s"
    parts = [_plain_of(block) for block in _blocks(streamed(sql, [moment]))] or [_plain_of([])]
    plain = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _ordered(Table(plain, {}))


def _ordered(table: Table) -> Table:
    order = np.lexsort((table.plain["subject"], table.plain["place_key"]))
    return replace(
        table, plain={n: a[order] for n, a in table.plain.items()}, answers={n: a[order] for n, a in table.answers.items()}
    )  # fmt: skip


Answers = tuple[Array, dict[str, Array]]
"""Workers in the order of their numbers, and each rule's answers for them."""


def _read_answers(moment: int, rules: Sequence[str]) -> Answers:
    """Every rule's answers, from the database."""
    subjects: list[Array] = [np.empty(0, np.int64)]
    parts: list[dict[str, Array]] = []
    for block in _blocks(streamed("SELECT subject, CAST(answers AS TEXT) FROM runs_standing WHERE moment_id = %s", [moment])):
        subjects.append(np.array([row[0] for row in block], np.int64))
        parts.append(_answers_of([row[1] for row in block], rules))
    read = np.concatenate(subjects)
    order = np.argsort(read, kind="stable")
    return read[order], {rule: narrow.joined([part[rule] for part in parts] or [np.empty(0, np.int8)])[order] for rule in rules}


def _with_answers(table: Table, read: Answers) -> Table:
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


def _read_names(moment: int) -> Names:
    return named(streamed("SELECT subject, name, pinyin FROM runs_standing WHERE moment_id = %s", [moment]))


# ---- kept, and brought up to date ----


@dataclass(frozen=True)
class _Look:
    """How far a kept table reaches: rows written from `since` on have not been seen. `epoch` is the moment's own random mark."""

    epoch: str
    since: int


class Kept:
    """One moment's table, kept. `held` guards it; `coming` is a first reading under way."""

    def __init__(self, moment: int) -> None:
        self.moment, self.held = moment, threading.RLock()
        self.table: Table | None = None
        self.look = _Look("", 0)
        self.rules: tuple[str, ...] = ()
        self.coming: Future[None] | None = None

    def read(self, *, rules: Sequence[str], names: bool) -> None:
        """Read from the start what is asked for and not there; the rows can be written and read by others meanwhile."""
        look = _where(self.moment)
        plain = _read_plain(self.moment) if self.table is None else None
        answers = None if set(rules) <= set(self.rules) else _read_answers(self.moment, sorted({*self.rules, *rules}))
        every = _read_names(self.moment) if names and (self.table is None or self.table.names is None) else None
        with self.held:
            table = plain if self.table is None else self.table
            if table is None:
                return  # emptied by somebody meanwhile: the caller begins again
            if answers is not None:
                table, self.rules = _with_answers(table, answers), tuple(answers[1])
            if every is not None:
                table = replace(table, names=every)
            # Going on from before the reading: what was written since is taken over once more, whichever part had it.
            self.table, self.look = table, look

    def now(self) -> Table | None:
        """The table brought up to date; None if it has to be read from the start."""
        with self.held:
            if self.table is not None and not self._caught_up():
                self.table, self.rules = None, ()
            return self.table

    def _caught_up(self) -> bool:
        """Take over what was written since the last look; False if the table has to be read from the start."""
        assert self.table is not None
        look, changed, gone = _changes(self.moment, self.look, self.rules)
        if look is None:
            return False
        if changed or gone:
            self.table = _applied(self.table, changed, gone, self.rules)
        self.look = look
        return True

    def lacks(self, *, rules: Sequence[str], names: bool) -> bool:
        """Whether all rows would have to be read."""
        table = self.table
        return table is None or not set(rules) <= set(self.rules) or (names and table.names is None)


_kept: OrderedDict[tuple[Any, int], Kept] = OrderedDict()
_guard = threading.Lock()


def table_of(moment: int, *, rules: Sequence[str] = (), names: bool = False, seconds: float | None = PAGE_SECONDS) -> Table:
    """The columns of a moment as they stand in the database now.

    `rules`: every worker rule of the law whose answers may be asked of the table; the same ones each time cost nothing
    Errors  Refusal runs.building if they are being read for the first time and that takes longer than `seconds`
    """
    if connection.in_atomic_block:
        fresh = _read_plain(moment)
        fresh = _with_answers(fresh, _read_answers(moment, rules)) if rules else fresh
        return replace(fresh, names=_read_names(moment)) if names else fresh
    kept = _kept_for(moment)
    while True:
        if kept.lacks(rules=rules, names=names):
            if _many(moment):
                _read_aside(kept, rules=rules, names=names, seconds=seconds)
            else:
                kept.read(rules=rules, names=names)
        table = kept.now()
        if table is not None:
            return table


def _kept_for(moment: int) -> Kept:
    with _guard:
        key = (str(connection.settings_dict["NAME"]), moment)
        kept = _kept.setdefault(key, Kept(moment))
        _kept.move_to_end(key)
        past = [one for one in _kept if one[1] != TODAY]
        for old in past[: max(0, len(past) - KEPT_MOMENTS)]:
            del _kept[old]
        return kept


def _many(moment: int) -> bool:
    return bool(fetched("SELECT 1 FROM runs_standing WHERE moment_id = %s LIMIT 1 OFFSET %s", [moment, AT_ONCE]))


def _read_aside(kept: Kept, *, rules: Sequence[str], names: bool, seconds: float | None) -> None:
    """Read in a thread of its own and wait for it; what it has read stays, whoever stops waiting."""

    def read(done: Future[None]) -> None:
        try:
            kept.read(rules=rules, names=names)
            done.set_result(None)
        except BaseException as problem:
            done.set_exception(problem)
        finally:
            kept.coming = None
            connection.close()

    with _guard:
        coming = kept.coming
        if coming is None:
            coming = kept.coming = Future()
            threading.Thread(target=read, args=(coming,), name="columns", daemon=True).start()
    try:
        coming.result(timeout=seconds)
    except TimeoutError:
        raise _being_read() from None


def _being_read() -> Refusal:
    return Refusal("runs.building", "名册正在读入内存", why="服务刚启动或第一次用到这些内容，人数较多", do="请稍候刷新本页，读入会接着进行")


def _position() -> str:
    return "txid_snapshot_xmin(txid_current_snapshot())" if connection.vendor == "postgresql" else "m.turn + 1"


def _where(moment: int) -> _Look:
    found = fetched(f"SELECT m.epoch, {_position()} FROM runs_moment m WHERE m.id = %s", [moment])
    return _Look(*found[0]) if found else _NOWHERE


_NOWHERE = _Look("", 0)


Changed = list[tuple[Any, ...]]


def _changes(moment: int, look: _Look, rules: Sequence[str]) -> tuple[_Look | None, Changed, set[int]]:
    """What was written since a look, in one statement: the new look (None: read all anew), rows, workers without a row."""
    blank = ", ".join(["0"] * (len(_LONG) + len(CODES) + len(DAYS) - 1))
    sql = f"""
        SELECT m.epoch, {_position()}, c.* FROM runs_moment m LEFT JOIN (
            SELECT 0 AS gone, {_selected()}, name, pinyin, CAST(answers AS TEXT) AS answers FROM runs_standing
            WHERE moment_id = %s AND written >= %s
            UNION ALL SELECT 1, subject, {blank}, '', '', '' FROM runs_gone WHERE moment_id = %s AND written >= %s
        ) c ON 1 = 1 WHERE m.id = %s"""
    found = fetched(sql, [moment, look.since, moment, look.since, moment])
    if not found and look == _NOWHERE:
        # Nobody has been recorded yet: there is no moment, and nothing to take over.
        return look, [], set()
    if not found or found[0][0] != look.epoch or found[0][1] < look.since:
        return None, [], set()
    now = _Look(found[0][0], found[0][1])
    told = [row[2:] for row in found if row[2] is not None]
    changed = [row[1:] for row in told if not row[0]]
    gone = {row[1] for row in told if row[0]} - {row[0] for row in changed}
    return (None if EVERYBODY in gone else now), changed, gone


def _applied(table: Table, changed: Changed, gone: set[int], rules: Sequence[str]) -> Table:
    width = len(_LONG) + len(CODES) + len(DAYS)
    plain = _plain_of([row[:width] for row in changed])
    answers = _answers_of([row[width + 2] for row in changed], rules) if table.answers else {}
    names = table.names
    if names is not None:
        names = names.with_later({**dict.fromkeys(gone, ("", "")), **{row[0]: (row[width], row[width + 1]) for row in changed}})
    touched = np.isin(table.plain["subject"], np.concatenate([plain["subject"], np.fromiter(gone, np.int64, len(gone))]))
    at = np.flatnonzero(touched)
    fresh = _ordered(Table(plain, answers))
    if not gone and _same_rows(table, fresh, at):
        return Table(
            {n: _set(a, at, fresh.plain[n]) for n, a in table.plain.items()},
            {n: _set_answers(a, at, fresh.answers[n]) for n, a in table.answers.items()},
            names,
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

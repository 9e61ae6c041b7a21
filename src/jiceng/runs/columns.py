"""The standing rows of a moment as columns in this process's memory, so that a list of a million costs what one of ten thousand does.

Kept between requests and brought up to date in one statement, which reads only the rows written since the last look: every row
says in `written` when that was, by a number that never runs ahead of what others can see (see `writing.mark_of_writing`).
Who reads inside a transaction gets columns of its own, so that nothing uncommitted is ever kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from jiceng.base.refusals import Refusal
from jiceng.ledger.tables import rows as fetched
from jiceng.runs.models import TODAY
from jiceng.runs.row_table import (
    NO_CODE,
    NO_DAY,
    WIDTH,
    Array,
    Changed,
    Table,
    applied,
    read_answers,
    read_names,
    read_plain,
    selected,
    with_answers,
)  # fmt: skip
from jiceng.runs.writing import EVERYBODY

__all__ = ["NO_CODE", "NO_DAY", "PAGE_SECONDS", "Array", "Table", "table_of"]

KEPT_MOMENTS = 3
PAGE_SECONDS = 8.0
"""How long a page waits for columns being read for the first time before it says so."""
AT_ONCE = 20_000
"""Up to so many rows are read while the page waits; more are read aside, and the page may say that it is waiting."""


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
        plain = read_plain(self.moment) if self.table is None else None
        answers = None if set(rules) <= set(self.rules) else read_answers(self.moment, sorted({*self.rules, *rules}))
        every = read_names(self.moment) if names and (self.table is None or self.table.names is None) else None
        with self.held:
            table = plain if self.table is None else self.table
            if table is None:
                return  # emptied by somebody meanwhile: the caller begins again
            if answers is not None:
                table, self.rules = with_answers(table, answers), tuple(answers[1])
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
            self.table = applied(self.table, changed, gone, self.rules)
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
        fresh = read_plain(moment)
        fresh = with_answers(fresh, read_answers(moment, rules)) if rules else fresh
        return replace(fresh, names=read_names(moment)) if names else fresh
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


def _changes(moment: int, look: _Look, rules: Sequence[str]) -> tuple[_Look | None, Changed, set[int]]:
    """What was written since a look, in one statement: the new look (None: read all anew), rows, workers without a row."""
    blank = ", ".join(["0"] * (WIDTH - 1))
    sql = f"""
        SELECT m.epoch, {_position()}, c.* FROM runs_moment m LEFT JOIN (
            SELECT 0 AS gone, {selected()}, name, pinyin, CAST(answers AS TEXT) AS answers FROM runs_standing
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

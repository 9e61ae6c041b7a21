"""Standing rows into their table, in each database's quickest plain way; a row that is there is replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from jiceng.ledger.tables import among, insert, run
from jiceng.ledger.tables import rows as fetched

_MANY = 200  # rows from which COPY beats a pipelined INSERT
_BLOCK = 38  # rows a statement on SQLite, under its limit of 999 places on old builds
_MANY_GONE = 1_000
EVERYBODY = 0
"""In place of a worker in `runs_gone`: the moment was emptied, or so much of it that reading it anew is quicker."""


class StandingRow(NamedTuple):
    """A row of Standing before it is written, in the order of its columns."""

    moment_id: int
    subject: int
    book: int
    place: int
    place_key: int
    state: int
    name: str
    pinyin: str
    id_masked: str
    sex: int | None
    birth: date | None
    nation: int | None
    political: int | None
    education: int | None
    certificate: int | None
    post: int | None
    worker_class: int | None
    post_since: date | None
    grade: int | None
    answers: dict[str, int]
    next_change: date
    made_on: date
    through: int
    law_hash: str
    written: int = 0


_COLUMNS = StandingRow._fields
_NAMES = ", ".join(f'"{column}"' for column in _COLUMNS)
_REPLACING = "ON CONFLICT (moment_id, subject) DO UPDATE SET " + ", ".join(f'"{c}" = excluded."{c}"' for c in _COLUMNS[2:])
_ANSWERS = _COLUMNS.index("answers")
_DAYS = [_COLUMNS.index(column) for column in ("birth", "post_since", "next_change", "made_on")]


def write(rows: Sequence[StandingRow]) -> int:
    """Put rows of one moment in, in place of those there are; gives their number. Belongs into the caller's transaction."""
    if not rows:
        return 0
    written = mark_of_writing(rows[0].moment_id)
    values = [_plain(row, written) for row in rows]
    if connection.vendor == "postgresql":
        _write_postgres(values)
    else:
        _write_sqlite(values)
    return len(rows)


def remove(moment: int, subjects: Iterable[int]) -> None:
    """Take the rows of these workers out of a moment."""
    lost = list(subjects)
    condition, numbers = among("subject", lost)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM runs_standing WHERE moment_id = %s AND {condition}", [moment, numbers])
        there = cursor.rowcount
    if there:
        _note_gone(moment, lost if len(lost) <= _MANY_GONE else [EVERYBODY])


def empty(moment: int) -> None:
    """Take every row out of a moment."""
    run("DELETE FROM runs_standing WHERE moment_id = %s", [moment])
    run("DELETE FROM runs_gone WHERE moment_id = %s", [moment])
    _note_gone(moment, [EVERYBODY])


def _note_gone(moment: int, subjects: Sequence[int]) -> None:
    written = mark_of_writing(moment)
    insert("runs_gone", ("moment_id", "subject", "written"), [(moment, subject, written) for subject in subjects])


def mark_of_writing(moment: int) -> int:
    """The number for `written` of rows written now, inside the writer's transaction; readers go on from the last they saw.

    SQLite has one writer at a time: the moment counts. PostgreSQL: the transaction's own number; a reader goes on from the
    oldest transaction still open at its last look, so that none that commits late is missed.
    """
    if connection.vendor == "postgresql":
        return int(fetched("SELECT txid_current()")[0][0])
    return int(fetched("UPDATE runs_moment SET turn = turn + 1 WHERE id = %s RETURNING turn", [moment])[0][0])


def _plain(row: StandingRow, written: int) -> list[Any]:
    values: list[Any] = list(row)
    values[-1] = written
    values[_ANSWERS] = msgspec.json.encode(row.answers).decode()
    for at in _DAYS:
        if values[at] is not None:
            values[at] = values[at].isoformat()
    return values


def _write_postgres(values: Sequence[Sequence[Any]]) -> None:
    into = f"INSERT INTO runs_standing ({_NAMES})"
    with connection.cursor() as cursor:
        if len(values) < _MANY:
            if values:
                cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(_COLUMNS))}) {_REPLACING}", values)
            return
        # COPY cannot replace: it fills a table of this transaction, from which one statement takes the rows over.
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS coming (LIKE runs_standing) ON COMMIT DELETE ROWS")
        cursor.execute("ALTER TABLE coming ALTER COLUMN id DROP NOT NULL")
        with cursor.copy(f"COPY coming ({_NAMES}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        cursor.execute(f"{into} SELECT {_NAMES} FROM coming ORDER BY subject {_REPLACING}")
        cursor.execute("TRUNCATE coming")


def _write_sqlite(values: Sequence[Sequence[Any]]) -> None:
    """Past Django's cursor, which would look through every value of every statement."""
    marks = f"({', '.join('?' * len(_COLUMNS))})"
    into = f"INSERT INTO runs_standing ({_NAMES}) VALUES"
    whole = len(values) - len(values) % _BLOCK
    statement = f"{into} {', '.join([marks] * _BLOCK)} {_REPLACING}"
    with connection.cursor(), connection.wrap_database_errors:
        execute = connection.connection.execute
        for at in range(0, whole, _BLOCK):
            execute(statement, [value for row in values[at : at + _BLOCK] for value in row])
        connection.connection.executemany(f"{into} {marks} {_REPLACING}", values[whole:])

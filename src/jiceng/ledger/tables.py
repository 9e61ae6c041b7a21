"""How rows of the three tables are put in and read back, in each database's quickest plain way."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from django.db import connection

from jiceng.ledger.planning import Line

FACT_COLUMNS = ("id", "subject", "kind", "slot", "since", "until", "known", "place", "data", "sealed")
ENDING_COLUMNS = ("fact", "entry", "known")
# Dates are read as text: no database driver then parses them row by row.
LINE_SQL = "f.id, f.subject, f.kind, f.slot, CAST(f.since AS TEXT), CAST(f.until AS TEXT), f.place, f.data, f.sealed"
# A fact as its table has it, in the order of FACT_COLUMNS.
FACT_SQL = "f.id, f.subject, f.kind, f.slot, CAST(f.since AS TEXT), CAST(f.until AS TEXT), f.known, f.place, f.data, f.sealed"
BELIEVED = "NOT EXISTS (SELECT 1 FROM ledger_ending e WHERE e.fact = f.id)"
_MANY = 200  # rows from which COPY beats a pipelined INSERT
_BLOCK = 50


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows into a table, in the caller's transaction: few by executemany, many by what each database does quickest."""
    names = ", ".join(f'"{column}"' for column in columns)
    into = f"INSERT INTO {table} ({names}) VALUES"
    with connection.cursor() as cursor:
        if len(rows) < _MANY:
            if rows:
                cursor.executemany(f"{into} ({', '.join(['%s'] * len(columns))})", rows)
        elif connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            _insert_blocks(into, len(columns), rows)


def _insert_blocks(into: str, width: int, rows: Sequence[Sequence[Any]]) -> None:
    """Fifty rows a statement: a quarter less time than row by row. Past Django's cursor, which would format each one."""
    marks = f"({', '.join('?' * width)})"
    whole = len(rows) - len(rows) % _BLOCK
    statement = f"{into} {', '.join([marks] * _BLOCK)}"
    with connection.wrap_database_errors:
        execute = connection.connection.execute
        for at in range(0, whole, _BLOCK):
            execute(statement, [value for row in rows[at : at + _BLOCK] for value in row])
        connection.connection.executemany(f"{into} {marks}", rows[whole:])


def counted(*others: str) -> None:
    """Let PostgreSQL count the ledger's tables, and others by name, after many rows came in: a plan made for empty tables takes
    hours on full ones, and inside a transaction nobody counts them for us. SQLite's plans follow its indexes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(('ledger_entry', 'ledger_fact', 'ledger_ending', *others))}")


def among(column: str, numbers: Iterable[int]) -> tuple[str, Any]:
    """A condition that a column is one of many numbers, as one parameter however many they are."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(numbers)
    return f"{column} IN (SELECT value FROM json_each(%s))", msgspec.json.encode(list(numbers)).decode()


def rows(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()


def run(sql: str, parameters: Sequence[Any] = ()) -> None:
    """A statement without rows to read."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))


def streamed(sql: str, parameters: Sequence[Any] = (), *, size: int = 5_000) -> Iterator[tuple[Any, ...]]:
    """Rows of a query, a block at a time, without holding them all."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, list(parameters))
        while block := cursor.fetchmany(size):
            yield from block


def facts_by_id(ids: Iterable[int]) -> dict[int, Line]:
    """Facts by their ids, believed or not."""
    condition, numbers = among("f.id", ids)
    return {row[0]: Line._make(row) for row in rows(f"SELECT {LINE_SQL} FROM ledger_fact f WHERE {condition}", [numbers])}


def believed_lines(subjects: Iterable[int], kinds: Iterable[int]) -> list[Line]:
    """What is believed now of these subjects, of these kinds, over all time; in order of id."""
    whose, subject_list = among("f.subject", subjects)
    which, kind_list = among("f.kind", kinds)
    sql = f"SELECT {LINE_SQL} FROM ledger_fact f WHERE {whose} AND {which} AND {BELIEVED} ORDER BY f.id"
    return [Line._make(row) for row in rows(sql, [subject_list, kind_list])]


def enders(facts: Iterable[int]) -> dict[int, int]:
    """Fact → the entry that ended it, for those of these facts that have ended."""
    condition, numbers = among("fact", facts)
    return dict(rows(f"SELECT fact, entry FROM ledger_ending WHERE {condition}", [numbers]))


def anything_about(first: int, last: int) -> bool:
    """Whether any fact stands about a subject in [first, last]."""
    return bool(rows("SELECT 1 FROM ledger_fact WHERE subject BETWEEN %s AND %s LIMIT 1", [first, last]))


@contextmanager
def no_collector() -> Iterator[None]:
    """Without the garbage collector inside."""
    # Millions of short-lived tuples and no cycles: the collector would only walk over them again and again.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

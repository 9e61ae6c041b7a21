"""Triggers that make Entry, Fact and Ending append-only in the database itself, on SQLite and PostgreSQL.

Installed after every migrate, not by one migration: when a SQLite table is remade its triggers vanish without a word.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from jiceng.base.refusals import Refusal

TABLES = ("ledger_entry", "ledger_fact", "ledger_ending")
# Only a BEFORE INSERT guard stops INSERT OR REPLACE from a client that leaves recursive_triggers off. On Fact it would
# cost a third of the insert speed, so there verify finds it.
_ID_OF = {"ledger_entry": "id", "ledger_ending": "fact"}
_NO_CHANGE = "台账只增不改：请用更正"
_NO_DELETE = "台账只增不删：请用撤销"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%（%，%）', CASE tg_op WHEN 'UPDATE' THEN '{_NO_CHANGE}' ELSE '{_NO_DELETE}' END, tg_table_name, tg_op
    USING errcode = 'integrity_constraint_violation';
END $$
"""


def sqlite_triggers() -> dict[str, str]:
    """Name → statement of every guard on SQLite."""
    found = {}
    for table in TABLES:
        for verb, words in (("UPDATE", _NO_CHANGE), ("DELETE", _NO_DELETE)):
            name = f"{table}_no_{verb.lower()}"
            found[name] = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT,'{words}'); END"
    for table, column in _ID_OF.items():
        name = f"{table}_no_replace"
        when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {column} = NEW.{column})"
        found[name] = f"CREATE TRIGGER {name} BEFORE INSERT ON {table} {when} BEGIN SELECT RAISE(ABORT,'{_NO_CHANGE}'); END"
    return found


def postgres_triggers() -> dict[tuple[str, str], str]:
    """(table, name) → statement of every guard on PostgreSQL."""
    tail = "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    found = {}
    for table in TABLES:
        found[table, "refuse_change"] = f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} {tail}"
        found[table, "refuse_truncate"] = f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} {tail}"
    return found


def install_guards(using: str = "default") -> None:
    """Put every guard in place that is missing or reads otherwise. Does nothing where the tables are not there yet."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not set(TABLES) <= set(connection.introspection.table_names(cursor)):
            return
        if connection.vendor == "sqlite":
            there = _sqlite_present(cursor)
            for name, sql in sqlite_triggers().items():
                if there.get(name) != sql:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}", None)
                    cursor.execute(sql, None)
            return
        cursor.execute(_POSTGRES_FUNCTION, None)
        there_now = _postgres_present(cursor)
        for (table, name), sql in postgres_triggers().items():
            if (table, name) not in there_now:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", None)
                cursor.execute(sql, None)


def check_guards(using: str = "default") -> None:
    """That every guard is in place and switched on.

    Errors  Refusal ledger.guards naming what is missing
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            there = _sqlite_present(cursor)
            missing = [name for name, sql in sqlite_triggers().items() if there.get(name) != sql]
            cursor.execute("PRAGMA recursive_triggers")
            if cursor.fetchone()[0] != 1:
                missing.append("recursive_triggers")
        else:
            on = _postgres_present(cursor)
            missing = [f"{table}.{name}" for table, name in postgres_triggers() if (table, name) not in on]
    if missing:
        raise Refusal(
            "ledger.guards",
            f"台账的防改触发器不全：{'、'.join(missing)}",
            why="没有它们，已记的分录可能被改动而不被发现",
            do="请运行 jiceng migrate 重新装上，再运行 jiceng verify",
        )


def _sqlite_present(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", None)
    return dict(cursor.fetchall())


def _postgres_present(cursor: Any) -> set[tuple[str, str]]:
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND n.nspname = current_schema()",
        None,
    )
    return set(cursor.fetchall())

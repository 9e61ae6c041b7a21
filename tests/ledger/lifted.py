"""The ledger's guards taken away for a moment, as only tests may: flushing a test database, playing an intruder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from jiceng.ledger.guards import TABLES, install_guards, sqlite_triggers


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """No guards inside, all guards again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in sqlite_triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        install_guards(connection.alias)

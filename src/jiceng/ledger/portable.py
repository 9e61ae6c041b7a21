"""Tables as JSON lines that either database can read back: one array a row, the first line names the columns."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import msgspec
from django.apps import apps
from django.db import connection, models

from jiceng.base.refusals import Refusal
from jiceng.ledger.models import Ending, Entry, Fact, Key, Lookup
from jiceng.ledger.tables import insert

APPEND_ONLY = (Entry, Fact, Ending)
KEY_TABLES = (Key, Lookup)
_BLOCK = 5_000
_encode = msgspec.json.Encoder().encode

Model = type[models.Model]


def kept_models() -> list[Model]:
    """Every table of the site that a backup keeps: not keys (they go apart), sessions, nor what says `in_backup = False`."""
    return [model for model in _all() if model not in KEY_TABLES and getattr(model, "in_backup", True) and not _is_session(model)]


def passing_models() -> list[Model]:
    """Tables that a backup leaves out and a restore empties: sessions, projections that are rebuilt."""
    return [model for model in _all() if model not in KEY_TABLES and model not in kept_models()]


def _all() -> list[Model]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy and not model._meta.swapped]


def _is_session(model: Model) -> bool:
    return model._meta.label_lower == "sessions.session"


def columns_of(model: Model) -> list[str]:
    """Column names of a table, as its model declares them."""
    return [str(column.column) for column in model._meta.concrete_fields]


def write_table(model: Model, out: IO[bytes]) -> int:
    """Every row of a table. Returns how many."""
    out.write(_encode(columns_of(model)) + b"\n")
    names = [column.attname for column in model._meta.concrete_fields]
    count = 0
    for row in model._default_manager.order_by("pk").values_list(*names).iterator(chunk_size=_BLOCK):
        out.write(_encode(row) + b"\n")
        count += 1
    return count


def read_table(model: Model, source: IO[bytes], *, rows: int) -> None:
    """Rows written by `write_table` into the (empty) table.

    Errors  Refusal ledger.backup_version if the columns differ, ledger.backup_broken if rows are missing or unreadable
    """
    label = model._meta.label_lower
    try:
        columns = msgspec.json.decode(source.readline())
        if columns != columns_of(model):
            raise Refusal("ledger.backup_version", f"备份里“{label}”的列与本版软件不同", do="请先装上做备份时的版本，恢复后再升级")
        done = 0
        for block in _blocks(source, [_reader(column) for column in model._meta.concrete_fields]):
            insert(model._meta.db_table, columns, block)
            done += len(block)
    except msgspec.DecodeError:
        raise Refusal("ledger.backup_broken", f"备份里“{label}”读不出来", do="请换一份备份") from None
    if done != rows:
        raise Refusal("ledger.backup_broken", f"备份里“{label}”应有 {rows:,} 行，实有 {done:,} 行", do="请换一份备份")


def _blocks(source: IO[bytes], readers: Sequence[Callable[[Any], Any] | None]) -> Iterator[list[list[Any]]]:
    todo = [(at, reader) for at, reader in enumerate(readers) if reader is not None]
    block: list[list[Any]] = []
    for text in source:
        row = msgspec.json.decode(text)
        for at, reader in todo:
            if row[at] is not None:
                row[at] = reader(row[at])
        block.append(row)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _reader(column: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What turns a JSON value back into one the database takes; None where it already does."""
    if isinstance(column, models.ForeignKey):
        return _reader(column.target_field)
    if isinstance(column, models.BinaryField):
        return base64.b64decode
    if isinstance(column, models.IntegerField | models.TextField | models.CharField | models.BooleanField):
        return None
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return None
    return lambda value: column.get_db_prep_save(column.to_python(value), connection)

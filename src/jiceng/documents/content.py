"""What stands in a document, apart from how it looks: headings, paragraphs, tables. Word and PDF are made from the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

from jiceng.documents.stamp import instant
from jiceng.documents.tables import Column, Row, Table, Total, Value, cells_of

_ALIGNED = {"text": "left", "identity": "left", "date": "center", "integer": "right", "number": "right", "ratio": "right"}


@dataclass(frozen=True)
class Heading:
    """`level` 1: 一、 in 黑体; 2: （一） in 楷体. The text brings its own number."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, indented by two characters."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table inside a document; its title stands above it, its notes below."""

    table: Table
    rows: tuple[Row, ...]


Block = Heading | Paragraph | Grid


@dataclass(frozen=True)
class Document:
    """`foot`: the lines of the stamp."""

    title: str
    blocks: tuple[Block, ...]
    foot: tuple[str, ...] = ()


def document_values(document: Document) -> dict[str, Any]:
    """A document as templates take it: everything text, nothing left to format."""
    return {"title": document.title, "blocks": [_block_values(block) for block in document.blocks], "foot": list(document.foot)}


def _block_values(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text, "level": block.level}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    return {"kind": "table", "title": block.table.title, "notes": list(block.table.notes), "table": table_values(block.table, block.rows)}


def table_values(table: Table, rows: Iterable[Row]) -> dict[str, Any]:
    """A table as templates take it.

    Shape   columns (name with its group, width, align), heads: one or two rows of cells (text, across, down), rows: cells as
            text, strong or not
    Errors  Refusal documents.row
    """
    body = []
    for at, row in enumerate(rows, 1):
        cells = cells_of(row, table, at=at)
        texts = [cell_text(value, column) for value, column in zip(cells, table.columns, strict=True)]
        body.append({"strong": isinstance(row, Total), "cells": texts})
    columns = [{"name": column.full_name, "width": column.width, "align": _ALIGNED[column.kind]} for column in table.columns]
    return {"columns": columns, "heads": _heads(table), "rows": body}


def _heads(table: Table) -> list[list[dict[str, Any]]]:
    if not table.grouped:
        return [[{"text": column.name, "across": 1, "down": 1} for column in table.columns]]
    top: list[dict[str, Any]] = []
    for group, members in groupby(table.columns, lambda column: column.group):
        names = [column.name for column in members]
        if group:
            top.append({"text": group, "across": len(names), "down": 1})
        else:
            top.extend({"text": name, "across": 1, "down": 2} for name in names)
    return [top, [{"text": column.name, "across": 1, "down": 1} for column in table.columns if column.group]]


def cell_text(value: Value, column: Column) -> str:
    """A value as a printed table shows it: 1,234.5, 20.0%, 2026-06-01; nothing is blank."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if column.kind in ("text", "identity"):
        return str(value)
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    if column.kind == "ratio":
        return f"{_rounded(exact * 100, column.digits):,}%"
    return f"{_rounded(exact, 0 if column.kind == 'integer' else column.digits):,}"


def _rounded(exact: Decimal, digits: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

"""Encoded values as people read them: 3,400.00 元, 20%, 2025-03-11, 社区党组织书记, 是."""

from __future__ import annotations

from typing import Any

from jiceng.base.dates import OPEN_END, day_date
from jiceng.base.kinds import AnswerKind, kind_of
from jiceng.base.quantities import plain, ratio_text, yuan_text
from jiceng.rules.tables import Bands, ByDate, Table
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import Field, Kind, Terms

_FEW = 8


def value_text(value: Any, type: TypeRef, unit: str, terms: Terms) -> str:
    """A value of the law, a fact or an answer as printed, with its unit.

    Units   as encoded: fen, millionths, days since 1970-01-01, code numbers; tables, bands and records in short
    Empty   no value (None) prints as —
    """
    if value is None:
        return "—"
    if isinstance(value, (Table, Bands)):
        return _table(value, type, unit, terms) if isinstance(value, Table) else _bands(value, type, unit, terms)
    if isinstance(value, ByDate):
        return "按当时的规定"
    if isinstance(value, tuple):
        return f"{len(value)} 条记录" if value else "没有记录"
    return number_text(value, type, unit, terms)


def number_text(value: int, type: TypeRef, unit: str, terms: Terms) -> str:
    """One integer of a scalar type or a code list."""
    if type.name in terms.codes:
        item = terms.codes[type.name].by_number.get(value)
        return item.name if item else str(value)
    if type.name == "Yuan":
        return yuan_text(value)
    if type.name == "Ratio":
        return f"{plain(value)} {unit}" if unit and unit not in ("比", "%") else ratio_text(value)
    if type.name == "Date":
        day = day_date(value)
        return "至今" if day == OPEN_END else day.isoformat()
    if type.name == "bool":
        return "是" if value else "否"
    return f"{value:,} {unit}" if unit else str(value)


def _table(table: Table, type: TypeRef, unit: str, terms: Terms) -> str:
    cell = type.parameters[-1] if type.parameters else TypeRef("int")
    parts = []
    for key, value in list(table.cells.items())[:_FEW]:
        labels = (number_text(part, axis, "", terms) for part, axis in zip(key, table.axes, strict=True))
        parts.append(f"{'·'.join(labels)} {number_text(value, cell, unit, terms)}")
    return "；".join(parts) + (f"；……共 {len(table.cells)} 格" if len(table.cells) > _FEW else "")


def _bands(bands: Bands, type: TypeRef, unit: str, terms: Terms) -> str:
    over, cell = (TypeRef("int"), *type.parameters, TypeRef("int"))[:2] if len(type.parameters) < 2 else type.parameters
    parts = []
    for low, high, value in bands.bands[:_FEW]:
        start = "" if low < -(2**60) else number_text(low, over, "", terms)
        end = "以上" if high is None else number_text(high, over, "", terms)
        span = f"{start}以上" if high is None else f"{end}以下" if not start else f"{start}—{end}"
        parts.append(f"{span}：{'未印' if kind_of(value) is not AnswerKind.value else number_text(value, cell, unit, terms)}")
    return "；".join(parts) + (f"；……共 {len(bands.bands)} 档" if len(bands.bands) > _FEW else "")


def field_text(one: Field, value: int, terms: Terms) -> str:
    """One field of a record as printed; a code speaks for itself, a number or a date needs its field's name."""
    text = number_text(value, TypeRef(one.type), "", terms)
    return text if one.type in terms.codes else f"{one.name} {text}"


def record_text(kind: Kind, values: dict[str, int], since: str, terms: Terms) -> str:
    """A record in a few words: its year or day, then what it says."""
    said = [field_text(one, values[one.id], terms) for one in kind.open_fields.values() if one.id in values and one.id != "year"]
    head = str(values["year"]) if "year" in values else since
    return " ".join((head, *said[:4]))

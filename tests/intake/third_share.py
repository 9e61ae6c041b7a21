"""The third set held against its truth: cells right, refused as they must be, refused though readable, not taken, wrong without a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.base.refusals import Refusal
from jiceng.intake.cells import Assessed
from jiceng.intake.checking import check
from jiceng.intake.combined import Moment
from jiceng.intake.days import Day
from jiceng.intake.identity import Identity
from jiceng.intake.outcome import Checked, CheckedSheet
from jiceng.intake.reading import read_roster
from jiceng.intake.texts import NONE, cell_text, folded
from jiceng.terms.registry import base_terms
from tests.intake.third_people import REFUSED, Either, Office

AS_OF = date(2024, 5, 1)
_WITHIN = {"post_since": "post", "joined": "political_status", "degree": "education_full", "degree_full": "education_full",
           "contract_signed": "contract_period", "contract_ends": "contract_period"}  # fmt: skip
"""Where a thing stands if it has no column of its own: a refusal of that cell covers it."""


@dataclass
class Share:
    """One office's result. `wrong`: (person, column, read, meant), nothing having been said."""

    title: str
    rows: int
    cells: int
    rows_whole: int = 0
    right: int = 0
    rightly_refused: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    not_taken: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str, Any, Any]] = field(default_factory=list)
    whole_file: str = ""


@dataclass(frozen=True)
class _Row:
    """One row as read. `own`: columns the sheet has for themselves; `said`: cells stand in columns listed as not taken."""

    values: dict[str, Any]
    own: frozenset[str]
    refused: frozenset[str]
    accepted: bool
    said: bool


def share(office: Office) -> Share:
    """Reads one office's file and holds it against the truth."""
    result = Share(office.title, len(office.truth), sum(len(meant) + 1 for meant in office.truth.values()))
    try:
        checked = check(read_roster(office.raw).layouts, scope=5133, as_of=AS_OF, terms=base_terms())
    except Refusal as refusal:
        result.whole_file = refusal.text
        result.refused = [(name, column) for name, meant in office.truth.items() for column in ("name", *meant)]
        return result
    rows = dict(_rows(checked, set(office.truth)))
    columns = {column for meant in office.truth.values() for column in meant}
    skipped = " ".join(folded(one.text) for sheet in checked.sheets for one in sheet.layout.skipped)
    for name, meant in office.truth.items():
        row = rows.pop(name, None)
        if row is None:
            missed = [(name, column) for column in ("name", *meant)]
            if name in skipped or meant["id_number"] in skipped:
                result.not_taken += missed
            else:
                result.wrong.append((name, "整行", None, "有这个人"))
            continue
        whole = [_judge(result, row, name, column, value) for column, value in {"name": name, **meant}.items()]
        result.wrong += [(name, column, row.values[column], None) for column in sorted(columns - meant.keys())
                         if row.values.get(column) not in (None, "无", "")]  # fmt: skip
        must_be_refused = REFUSED in meant.values()
        result.rows_whole += all(whole) and (row.accepted or must_be_refused)
    result.wrong += [(name, "整行", "当作人", None) for name, row in rows.items() if row.accepted]
    return result


def _judge(result: Share, row: _Row, name: str, column: str, value: Any) -> bool:
    meant = value.meant if isinstance(value, Either) else (value,)
    got = row.values.get(column)
    refused = (
        column in row.refused
        or (column == "education" and row.refused & {"education_full", "education_service"})
        or (column not in row.own and _WITHIN.get(column) in row.refused)
    )
    if refused and REFUSED in meant:
        result.rightly_refused += 1
        return True
    if not refused and any(_same(got, one) for one in meant):
        result.right += 1
        return True
    if refused:
        result.refused.append((name, column))
    elif got is None and column not in row.values and row.said:
        result.not_taken.append((name, column))
    else:
        result.wrong.append((name, column, got, value))
    return False


def _same(got: Any, meant: Any) -> bool:
    if isinstance(got, str) and isinstance(meant, str) and meant[:2] in ("19", "20") and meant[4:5] == "-":
        return got.startswith(meant)
    return bool(got == meant)


def _rows(checked: Checked, names: set[str]) -> Iterator[tuple[str, _Row]]:
    for sheet in checked.sheets:
        by_letter = {read.letter: read.column.id for read in sheet.layout.columns if read.column}
        refused: dict[int, set[str]] = {}
        for refusal in checked.refusals:
            if refusal.sheet == sheet.layout.sheet.name:
                refused.setdefault(refusal.row, set()).add(_place_name(by_letter.get(refusal.column, "place")))
        accepted = set(sheet.accepted)
        own = frozenset(_place_name(column) for column in by_letter.values())
        for position in range(len(sheet.layout.rows)):
            row = refused.get(sheet.row_number(position), set())
            name = _name(sheet, position, names)
            yield name, _Row(_values(sheet, position), own, frozenset(row), position in accepted, _said(sheet, position))


def _place_name(column: str) -> str:
    if column in ("county", "street", "community"):
        return "place"
    return column


def _name(sheet: CheckedSheet, position: int, names: set[str]) -> str:
    """The truth's name for a row: as read, or as it stands in the row where the name was refused."""
    value = sheet.values["name"][position]
    if isinstance(value, str):
        return value.replace(" ", "")
    text = folded("".join(cell_text(cell) for cell in sheet.layout.sheet.row(sheet.layout.rows[position])))
    return next((name for name in names if name in text), f"第{sheet.row_number(position)}行")


def _said(sheet: CheckedSheet, position: int) -> bool:
    row = sheet.layout.rows[position]
    return any(cell_text(sheet.layout.sheet.columns[read.index][row]) for read in sheet.layout.not_taken)


def _values(sheet: CheckedSheet, position: int) -> dict[str, Any]:
    read = {column: _plain(values[position]) for column, values in sheet.values.items()}
    for both, parts in (("education", ("education_full", "education_service")), ("degree", ("degree", "degree_full", "degree_service"))):
        if any(part in read for part in parts):
            read[both] = next((read[part] for part in parts if read.get(part)), None)
    for column, values in sheet.values.items():
        if column.startswith("assessment:") and isinstance(values[position], Assessed) and values[position].result:
            read[f"assessment_{values[position].year}"] = (values[position].year, values[position].result)
    if read.get("nation"):
        read["nation"] = base_terms().codes["Nation"].by_id[read["nation"]].name.removesuffix("族")
    if read.get("phone"):
        read["phone"] = read["phone"].replace("-", "")
    identity, place = sheet.identities[position], sheet.places[position]
    return {
        **read,
        "id_number": identity.number if isinstance(identity, Identity) else None,
        "place": place if isinstance(place, int) else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.iso
    if isinstance(value, Day):
        return value.day.isoformat()
    if isinstance(value, Assessed):
        return (value.year, value.result) if value.result else "无"
    if value is NONE:
        return "无"
    return value if isinstance(value, str) else None

"""How much of the second set is understood: cells right, refused or not taken, and — worst — read wrongly without a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.base.refusals import Refusal
from jiceng.intake.cells import Assessed
from jiceng.intake.checking import check
from jiceng.intake.combined import Moment
from jiceng.intake.days import Day
from jiceng.intake.identity import Identity
from jiceng.intake.outcome import Checked
from jiceng.intake.reading import read_roster
from jiceng.intake.texts import NONE
from jiceng.terms.registry import base_terms
from tests.intake.second_set import Office

AS_OF = date(2024, 5, 1)


@dataclass
class Share:
    """One office's result. `wrong` lists (person, column, read, meant)."""

    title: str
    rows: int
    rows_right: int = 0
    cells: int = 0
    right: int = 0
    told: int = 0
    not_taken: int = 0
    wrong: list[tuple[str, str, Any, Any]] = field(default_factory=list)
    refused: str = ""
    reasons: Counter[str] = field(default_factory=Counter)


def share(office: Office) -> Share:
    """Reads one office's file and holds it against the truth."""
    cells = sum(len(truth) + 1 for truth in office.truth.values())
    result = Share(office.title, len(office.truth), cells=cells)
    try:
        checked = check(read_roster(office.raw).layouts, scope=5133, as_of=AS_OF, terms=base_terms())
    except Refusal as refusal:
        result.refused, result.told = refusal.text, cells
        return result
    result.reasons.update(refusal.id for refusal in checked.refusals)
    found = _found(checked)
    for name, truth in office.truth.items():
        read, refused, accepted = found.get(truth["id_number"], ({}, set(), False))
        row_right = accepted
        for column, meant in {"name": name, **truth}.items():
            got = read.get(column)
            if got == meant or (column == "birth" and isinstance(got, str) and got.startswith(meant)):
                result.right += 1
            elif column in refused:
                result.told, row_right = result.told + 1, False
            elif got is None:
                result.not_taken, row_right = result.not_taken + 1, False
            else:
                result.wrong.append((name, column, got, meant))
                row_right = False
        result.rows_right += row_right
    return result


def _found(checked: Checked) -> dict[str, tuple[dict[str, Any], set[str], bool]]:
    rows = {}
    for sheet in checked.sheets:
        accepted = set(sheet.accepted)
        by_letter = {read.letter: read.column.id for read in sheet.layout.columns if read.column}
        refused: dict[int, set[str]] = {}
        for refusal in checked.refusals:
            if refusal.sheet == sheet.layout.sheet.name:
                column = by_letter.get(refusal.column, "")
                refused.setdefault(refusal.row, set()).add("place" if column in ("community", "street") else column)
        for position, identity in enumerate(sheet.identities):
            if not isinstance(identity, Identity):
                continue
            read = {column: _plain(values[position]) for column, values in sheet.values.items()}
            place = sheet.places[position]
            # A degree found in the cell of an education is kept with that education.
            read["degree"] = next((read[key] for key in ("degree", "degree_service", "degree_full") if read.get(key)), None)
            read |= {"id_number": identity.number, "place": place if isinstance(place, int) else None}
            rows[identity.number] = (read, refused.get(sheet.row_number(position), set()), position in accepted)
    return rows


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

"""A workbook understood sheet by sheet: the door before checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jiceng.base.refusals import Refusal
from jiceng.intake.layout import Layout, understand
from jiceng.intake.roster import LISTS_SHEET, ROSTER
from jiceng.intake.sheets import read_sheets


@dataclass(frozen=True)
class Workbook:
    """Sheets with a roster in them, and the sheets that have none, with the reason."""

    layouts: tuple[Layout, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def read_roster(source: Path | bytes, *, remembered: Mapping[str, str] | None = None) -> Workbook:
    """Every sheet of a workbook that holds a roster.

    Errors  Refusals of `read_sheets`; intake.no_table if no sheet holds one
    """
    layouts = []
    left_out = []
    first: Refusal | None = None
    for sheet in read_sheets(source):
        if sheet.hidden and sheet.name == LISTS_SHEET:
            continue
        try:
            layouts.append(understand(sheet, ROSTER, remembered or {}))
        except Refusal as refusal:
            if refusal.id != "intake.no_table":
                raise
            first = first or refusal
            left_out.append((sheet.name, refusal.what))
    if not layouts:
        assert first is not None
        raise first
    return Workbook(tuple(layouts), tuple(left_out))

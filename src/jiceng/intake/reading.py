"""A workbook understood sheet by sheet: the door before checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jiceng.base.refusals import Refusal
from jiceng.intake.forms import beside, flattened, lacking
from jiceng.intake.layout import Layout, understand
from jiceng.intake.roster import GUIDE_SHEET, LISTS_SHEET, ROSTER
from jiceng.intake.sheets import Sheet, read_sheets


@dataclass(frozen=True)
class Workbook:
    """Sheets with a roster in them, and the sheets that have none, with the reason."""

    layouts: tuple[Layout, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def read_roster(source: Path | bytes, *, remembered: Mapping[str, str] | None = None) -> Workbook:
    """Every sheet of a workbook that holds a roster.

    Errors  Refusals of `read_sheets`; intake.no_table if no sheet holds one
    """
    layouts: list[Layout] = []
    left_out = []
    first: Refusal | None = None
    sheets = read_sheets(source)
    ours = [sheet for sheet in sheets if sheet.name != GUIDE_SHEET and not (sheet.hidden and sheet.name == LISTS_SHEET)]
    for sheet in ours or sheets:
        try:
            layouts.extend(_tables(sheet, remembered or {}))
        except Refusal as refusal:
            if refusal.id != "intake.no_table":
                raise
            first = first or refusal
            left_out.append((sheet.name, refusal.what))
    if not layouts:
        assert first is not None
        raise first
    return Workbook(tuple(layouts), tuple(left_out))


def _tables(sheet: Sheet, remembered: Mapping[str, str]) -> list[Layout]:
    """The table of a sheet; two that stand side by side; or its forms, where it is no table."""
    try:
        layout = understand(sheet, ROSTER, remembered)
    except Refusal:
        form = flattened(sheet, remembered=remembered)
        if form is None:
            raise
        return [understand(form, ROSTER, remembered)]
    if lacking(layout):
        form = flattened(sheet, remembered=remembered)
        return [understand(form, ROSTER, remembered) if form else layout]
    parts = beside(layout)
    return [table for part in parts for table in _tables(part, remembered)] if parts else [layout]

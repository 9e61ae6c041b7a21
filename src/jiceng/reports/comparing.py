"""Returns compared: a version with the one it corrects, cell by cell; a place's with those of the places below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from jiceng.reports.behind import subjects_behind
from jiceng.reports.form import Column
from jiceng.reports.lines import Line, depths
from jiceng.reports.models import Return
from jiceng.reports.returns import Cell, Period, Worked

State = Return.State


@dataclass(frozen=True)
class Difference:
    """A cell that came out otherwise. `came`, `gone`: workers counted now and not before, and before and not now."""

    line: Line
    column: Column
    before: Cell | None
    after: Cell | None
    came: tuple[int, ...]
    gone: tuple[int, ...]


def differences(old: Worked, new: Worked) -> list[Difference]:
    """Every cell that differs, in the order of the new one's lines and columns; a line that only one has is compared with none."""
    lines = {line.key: line for line in (*old.lines, *new.lines)}
    order = {line.key: at for at, line in enumerate(new.lines)}
    found = []
    for key in sorted(lines, key=lambda key: order.get(key, len(order))):
        for column in new.form.columns:
            before, after = old.cell(key, column.id), new.cell(key, column.id)
            if before != after and not (before is None and after == 0) and not (after is None and before == 0):
                found.append(_difference(lines[key], column, before, after, old, new))
    return found


def _difference(line: Line, column: Column, before: Cell | None, after: Cell | None, old: Worked, new: Worked) -> Difference:
    if not column.counted:
        return Difference(line, column, before, after, (), ())
    was, now = (Counter(_behind(worked, line, column)) for worked in (old, new))
    return Difference(line, column, before, after, tuple(sorted((now - was).elements())), tuple(sorted((was - now).elements())))


def _behind(worked: Worked, line: Line, column: Column) -> list[int]:
    held = worked.line(line.key)
    return subjects_behind(worked, held, column) if held else []


@dataclass(frozen=True)
class Part:
    """A place directly below and its own return for the period, if there is one. `differing`: counted columns in which a
    submitted or locked one does not say what the wider return says of it; None where there is nothing to compare."""

    code: int
    name: str
    row: Return | None
    differing: tuple[str, ...] | None


@dataclass(frozen=True)
class Parts:
    """The places below with their returns, and the sums of those that are locked against the same places here."""

    parts: tuple[Part, ...]
    summed: tuple[tuple[str, int, int], ...]

    @property
    def locked(self) -> int:
        """How many are locked."""
        return sum(1 for part in self.parts if part.row and part.row.state in (State.locked, State.corrected))

    @property
    def sent(self) -> int:
        """How many have a return for the period, in whatever state."""
        return sum(1 for part in self.parts if part.row)

    @property
    def unequal(self) -> tuple[tuple[str, int, int], ...]:
        """Columns (title, locked ones together, here) whose sums differ."""
        return tuple(one for one in self.summed if one[1] != one[2])


def latest(form: str, places: Iterable[int], period: Period) -> dict[int, Return]:
    """The latest version by place for one period, without what stands behind the figures."""
    rows = Return.objects.filter(form=form, place__in=list(places), since=period.since, on=period.on)
    return {row.place: row for row in rows.defer("behind").order_by("version")}


def parts(worked: Worked) -> Parts:
    """The returns of the places directly below a place, for the same period and form."""
    depth = depths(worked.lines)
    below = [line for line in worked.lines if depth[line.key] == 1 and not line.own]
    held = latest(worked.form.id, [line.code for line in below], worked.period)
    counted = [column for column in worked.form.columns if column.counted]
    told = {code: _first_line(row, counted) for code, row in held.items() if row.content}
    found = tuple(Part(line.code, line.name, held.get(line.code), _differing(worked, line, told, counted)) for line in below)
    locked = [code for code in told if held[code].state in (State.locked, State.corrected)]
    summed = tuple((label(worked, column), sum(told[c][column.id] for c in locked), _sum(worked, locked, column)) for column in counted)
    return Parts(found, summed if locked else ())


def _differing(worked: Worked, line: Line, told: dict[int, dict[str, int]], counted: Sequence[Column]) -> tuple[str, ...] | None:
    if line.code not in told:
        return None
    return tuple(label(worked, column) for column in counted if told[line.code][column.id] != worked.cell(line.key, column.id))


def label(worked: Worked, column: Column) -> str:
    """A column's title; of a part with what it is a part of."""
    group = next(one for one in worked.form.groups if one.id == column.group)
    return f"{group.title}·{column.title}" if group.whole else column.title


def _sum(worked: Worked, codes: Sequence[int], column: Column) -> int:
    cells = [worked.cell(str(code), column.id) for code in codes]
    return sum(cell for cell in cells if isinstance(cell, int))


def _first_line(row: Return, counted: Sequence[Column]) -> dict[str, int]:
    """Column → count of a kept return's own line; a column that its form did not have is 0."""
    content = msgspec.json.decode(row.content)
    cells = dict(zip((one["id"] for one in content["form"]["columns"]), content["lines"][0]["cells"], strict=True))
    return {column.id: cells.get(column.id, 0) for column in counted}

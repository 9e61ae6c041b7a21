"""A prefilled workbook come home: what its people changed, against what was in it when it left.

A cell that came back as it went says nothing: whatever the ledger has learned in between stays. A masked number that came back
masked is the number the ledger holds. Only the kinds of fact in which somebody wrote something else are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from jiceng.intake.days import Day, read_day
from jiceng.intake.headings import key
from jiceng.intake.held_cells import SEALED, HeldRow, serving
from jiceng.intake.identity import Identity, read_identities
from jiceng.intake.layout import ColumnRead, Layout
from jiceng.intake.outcome import Checked, RowRefusal
from jiceng.intake.roster import KEY_NAME
from jiceng.intake.sheets import Cell
from jiceng.intake.texts import cell_text, folded
from jiceng.terms.registry import Terms

_PLACE_TOLD = "appointment"


@dataclass(frozen=True)
class Base:
    """When and of which place a workbook was filled before it left."""

    place: int
    on: date
    known_by: datetime

    def as_dict(self) -> dict[str, object]:
        """As an upload keeps it."""
        return {"place": self.place, "on": self.on.isoformat(), "known_by": self.known_by.isoformat()}


def base_from(kept: Mapping[str, str | int]) -> Base | None:
    """The base an upload keeps; None for a workbook that did not leave from here."""
    if not kept:
        return None
    return Base(int(kept["place"]), date.fromisoformat(str(kept["on"])), datetime.fromisoformat(str(kept["known_by"])))


@dataclass(frozen=True)
class Homecoming:
    """Tables ready to be checked, and what is to be said about the rest.

    `untouched` rows came back as they went and are not in the tables any more; `missing` were sent and did not come back;
    `cleared` cells were emptied, which changes nothing; `choices` are the places as they were written when they left.
    """

    layouts: tuple[Layout, ...]
    untouched: int = 0
    repeated: int = 0
    cleared: int = 0
    missing: tuple[int, ...] = ()
    flags: tuple[RowRefusal, ...] = ()
    choices: Mapping[str, int] = field(default_factory=dict)

    @property
    def remarks(self) -> dict[str, int]:
        """What was taken otherwise than written."""
        said = {
            "格子清空了：空着不改台账，确知没有的请填“无”": self.cleared,
            "表里有而交回时没有的人：不作离任处理，请确认": len(self.missing),
            "与别的行完全相同，没有再算": self.repeated,
        }
        return {text: times for text, times in said.items() if times}


def came_home(layouts: Sequence[Layout], base: Base, *, terms: Terms) -> Homecoming:
    """The tables of a workbook against what was in it when it left.

    Shape   a part that was sent back for mending (it has the column 退回原因) misses nobody
    """
    sent = {row.subject: row for row in serving(base.place, on=base.on, known_by=base.known_by, terms=terms)}
    tables = [_Table(layout, sent) for layout in layouts]
    twice = _twice(tables)
    done = [table.result(twice) for table in tables]
    seen = {subject for table in tables for subject in table.known.values()}
    whole = not any(read.rule == "own" for layout in layouts for read in layout.columns)
    return Homecoming(
        tuple(done),
        sum(table.untouched for table in tables),
        sum(table.repeated for table in tables),
        sum(table.cleared for table in tables),
        tuple(subject for subject in sent if subject not in seen) if whole else (),
        tuple(flag for table in tables for flag in table.flags),
        {_written(row): row.place for row in sent.values()},
    )


def with_flags(checked: Checked, home: Homecoming) -> Checked:
    """What the checks say, with the rows that are not this workbook's refused, and the untouched ones counted."""
    flagged = {(flag.sheet, flag.row) for flag in home.flags}
    sheets = tuple(
        replace(sheet, accepted=[at for at in sheet.accepted if (sheet.layout.sheet.name, sheet.row_number(at)) not in flagged])
        for sheet in checked.sheets
    )
    order = {sheet.layout.sheet.name: at for at, sheet in enumerate(sheets)}
    # A flag says what is wrong with the whole row; what else the checks found in it would only confuse.
    others = [refusal for refusal in checked.refusals if (refusal.sheet, refusal.row) not in flagged]
    refusals = sorted((*others, *home.flags), key=lambda refusal: (order.get(refusal.sheet, 0), refusal.row))
    remarks = {**checked.remarks, **home.remarks}
    return replace(checked, sheets=sheets, refusals=tuple(refusals), remarks=remarks, untouched=home.untouched, missing=home.missing)


def _written(row: HeldRow) -> str:
    return "/".join(part for part in (row.text("county"), row.text("street"), row.text("community")) if part)


class _Table:
    """One table while its rows are recognised. `known`: row of the sheet → the worker it is."""

    def __init__(self, layout: Layout, sent: Mapping[int, HeldRow]) -> None:
        self.layout, self.sent = layout, sent
        self.reads = layout.by_id()
        self.key = next((read.index for read in layout.columns if key(read.heading) == key(KEY_NAME)), None)
        self.flags: list[RowRefusal] = []
        self.untouched = self.repeated = self.cleared = 0
        self.texts = {name: [cell_text(cell) for cell in layout.cells(read)] for name, read in self.reads.items()}
        self.numbers = read_identities(layout.cells(self.reads["id_number"])) if "id_number" in self.reads else []
        self.by_number = {row.text("id_number"): subject for subject, row in sent.items() if row.text("id_number")}
        self.by_name: dict[tuple[str, str], list[int]] = {}
        for subject, row in sent.items():
            self.by_name.setdefault((folded(row.text("name")), row.masked("id_number")), []).append(subject)
        self.known: dict[int, int] = {}
        for position, row_number in enumerate(layout.rows):
            subject = self._worker(position, row_number)
            if subject:
                self.known[row_number] = subject

    def _worker(self, position: int, row: int) -> int:
        """The worker of a row, 0 for one who was not in the workbook: by the hidden number if the row bears it out, else by
        the ID number, else by the name and the masked number."""
        text = cell_text(self.layout.sheet.columns[self.key][row]).strip() if self.key is not None else ""
        if text.isascii() and text.isdigit():
            held = self.sent.get(int(text))
            if held is None:
                self._flag(row, "intake.other_sheet", "这一行带着别的表里的系统编号，这个人不在发给这里的表中",
                           "如果是从别的表里剪贴来的，请交回原来的表；如果是新来的人，请写在下面的空行里")  # fmt: skip
                return 0
            name, number = self._same(position, "name", held), self._same(position, "id_number", held)
            if name and not number and self._another(position):
                self._flag(row, "intake.id_changed", "身份证号与发出时不同，姓名没有变", "号码确有更正的，请到人员页办理更正；写错的请改回")
            if name or number:
                return held.subject
        identity = self.numbers[position] if self.numbers else None
        if isinstance(identity, Identity):
            return self.by_number.get(identity.number, 0)
        found = self.by_name.get((folded(self._text(position, "name")), self._text(position, "id_number")), [])
        return found[0] if len(found) == 1 else 0

    def _text(self, position: int, column: str) -> str:
        texts = self.texts.get(column)
        return texts[position] if texts else ""

    def _same(self, position: int, column: str, held: HeldRow) -> bool:
        """Whether a cell came back as it went; a column that is not there says nothing else either."""
        if column not in self.texts:
            return True
        text, before = self._text(position, column), held.text(column)
        if folded(text) in (folded(before), folded(held.masked(column))):
            return True
        read = self.reads[column].column
        return bool(read and read.reader in ("date", "training", "birth") and before and _same_day(text, before))

    def _another(self, position: int) -> bool:
        """Whether the ID number cell holds something else than nothing."""
        return bool(self._text(position, "id_number"))

    def _flag(self, row: int, id: str, message: str, do: str) -> None:
        read = self.reads.get("id_number")
        letter, heading = (read.letter, read.heading) if read else ("", "")
        self.flags.append(RowRefusal(self.layout.sheet.name, row + 1, letter, heading, id, message, do))

    def content(self, row: int) -> tuple[str, ...]:
        """What a row says, to tell repeated rows from contradicting ones."""
        position = self.layout.rows.index(row)
        return tuple(folded(texts[position]) for texts in self.texts.values())

    def result(self, twice: Mapping[int, tuple[tuple[int, int], ...]]) -> Layout:
        """The table without the untouched rows; for the others, what each of them tells and means."""
        rows: list[int] = []
        told: dict[int, frozenset[str]] = {}
        meant: dict[int, dict[int, Cell]] = {}
        flagged = {flag.row - 1 for flag in self.flags}
        for position, row in enumerate(self.layout.rows):
            subject = self.known.get(row)
            if subject is None or row in flagged:
                rows.append(row)
                continue
            held = self.sent[subject]
            if subject in twice:
                if (id(self), row) in twice[subject]:
                    self.repeated += 1
                    continue
                if twice[subject] == ():
                    rows.append(row)
                    self._mean(meant, row, "id_number", held.text("id_number"))
                    continue
            kinds = self._told(position, held)
            if not kinds:
                self.untouched += 1
                continue
            rows.append(row)
            told[row] = kinds
            self._meaning(meant, position, row, held, kinds)
        return replace(self.layout, rows=rows, told=told, meant=meant)

    def _told(self, position: int, held: HeldRow) -> frozenset[str]:
        kinds = set()
        for name, read in self.reads.items():
            if self._same(position, name, held):
                continue
            if not self._text(position, name):
                self.cleared += 1
                continue
            kinds.add(_kind_of(read))
        return frozenset(kinds)

    def _meaning(self, meant: dict[int, dict[int, Cell]], position: int, row: int, held: HeldRow, kinds: frozenset[str]) -> None:
        """Cells of what is not told again say nothing, but who and where the row is about stays readable."""
        for name, read in self.reads.items():
            column = read.column
            assert column is not None
            keep = column.needed or column.reader == "place"
            text = self._text(position, name)
            if _kind_of(read) in kinds:
                if (self._same(position, name, held) and name in SEALED) or (not text and keep):
                    self._mean(meant, row, name, held.text(name))
            else:
                self._mean(meant, row, name, held.text(name) if keep else "")

    def _mean(self, meant: dict[int, dict[int, Cell]], row: int, column: str, text: str) -> None:
        if column in self.reads:
            meant.setdefault(self.reads[column].index, {})[row] = text


def _twice(tables: Sequence[_Table]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Workers with more than one row: the rows to leave out where all say the same, () where they contradict each other."""
    rows: dict[int, list[tuple[_Table, int]]] = {}
    for table in tables:
        for row, subject in table.known.items():
            rows.setdefault(subject, []).append((table, row))
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for subject, places in rows.items():
        if len(places) > 1:
            same = len({table.content(row) for table, row in places}) == 1
            found[subject] = tuple((id(table), row) for table, row in places[1:]) if same else ()
    return found


def _kind_of(read: ColumnRead) -> str:
    assert read.column is not None
    return _PLACE_TOLD if read.column.reader == "place" else read.column.kind


def _same_day(text: str, before: str) -> bool:
    one, two = read_day(text), read_day(before)
    return isinstance(one, Day) and isinstance(two, Day) and one == two

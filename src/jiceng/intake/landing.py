"""From accepted rows to entries: what would change (preview), and the landing itself, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from jiceng.base.refusals import Refusal
from jiceng.intake.compare import Against, Comparison, Held, held, record
from jiceng.intake.facts import statements
from jiceng.intake.identity import Identity
from jiceng.intake.outcome import Checked, CheckedSheet, RowRefusal
from jiceng.ledger.books import book_of
from jiceng.ledger.changes import Change
from jiceng.ledger.identity import find_by_id_numbers
from jiceng.ledger.reading import as_of
from jiceng.places.reading import full_names
from jiceng.runs import commit
from jiceng.terms.registry import Terms

CHUNK = 5_000
Progress = Callable[[int, int], None]
"""Told (rows done, rows in all)."""


@dataclass(frozen=True)
class Preview:
    """What landing would do. `refused` counts rows, with those that contradict the ledger; `facts` what would be written."""

    checked: Checked
    new: int
    changed: int
    unchanged: int
    facts: int

    @property
    def refused(self) -> int:
        """Rows that cannot land."""
        return len(self.checked.refused_rows)

    @property
    def accepted(self) -> int:
        """Rows that can."""
        return self.checked.accepted


@dataclass(frozen=True)
class Landed:
    """What an import wrote: its batch (to undo it by), entries, persons new, changed and unchanged."""

    batch: int
    entries: tuple[int, ...]
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class _Piece:
    """Rows of one sheet with what they change: new persons have no subject yet."""

    sheet: CheckedSheet
    fresh: list[int]
    known: list[tuple[int, int, list[Change]]]
    against: list[tuple[int, Against]]


def preview(checked: Checked, *, terms: Terms, progress: Progress | None = None) -> Preview:
    """The accepted rows against the ledger; rows that contradict it become refusals.

    Shape   nothing is written
    """
    new = changed = facts = 0
    unchanged = done = checked.untouched
    refusals = list(checked.refusals)
    sheets = []
    for sheet in checked.sheets:
        out: set[int] = set()
        states = statements(sheet, as_of=checked.as_of)
        for piece in _pieces(checked, sheet, terms):
            new += len(piece.fresh)
            facts += sum(len(states(position)) for position in piece.fresh)
            for _, _, changes in piece.known:
                changed += bool(changes)
                unchanged += not changes
                facts += len(changes)
            for position, against in piece.against:
                out.add(position)
                refusals.append(_refused(sheet, position, against))
            done += len(piece.fresh) + len(piece.known) + len(piece.against)
            if progress:
                progress(done, checked.accepted)
        sheets.append(replace(sheet, accepted=[p for p in sheet.accepted if p not in out]) if out else sheet)
    order = {sheet.layout.sheet.name: at for at, sheet in enumerate(checked.sheets)}
    refusals.sort(key=lambda refusal: (order[refusal.sheet], refusal.row))
    return Preview(replace(checked, sheets=tuple(sheets), refusals=tuple(refusals)), new, changed, unchanged, facts)


def land(
    looked: Preview, *, book: int, actor: str, basis: str, why: str, clock: Callable[[], datetime], batch: int, terms: Terms,
    progress: Progress | None = None,
) -> Landed:  # fmt: skip
    """The accepted rows of a preview into the ledger: one transaction, entries of at most 5,000 persons, one batch.

    Shape   rows that change nothing write nothing; without any change no entry is made
    Errors  Refusal intake.ledger_moved if a row accepted in the preview contradicts the ledger by now; nothing is written then
    """
    checked = looked.checked
    counts = {"new": 0, "changed": 0, "unchanged": checked.untouched, "done": checked.untouched}

    def chunks() -> Iterator[Sequence[tuple[int, Sequence[Change]]]]:
        for sheet in checked.sheets:
            states = statements(sheet, as_of=checked.as_of)
            for piece in _pieces(checked, sheet, terms):
                if piece.against:
                    raise _moved(sheet, *piece.against[0])
                if piece.fresh:
                    subjects = commit.new_subjects(book, len(piece.fresh))
                    yield [
                        (subject, [record(subject, fact) for fact in states(position)])
                        for subject, position in zip(subjects, piece.fresh, strict=True)
                    ]
                touched = [(subject, changes) for _, subject, changes in piece.known if changes]
                if touched:
                    yield touched
                counts["new"] += len(piece.fresh)
                counts["changed"] += len(touched)
                counts["unchanged"] += len(piece.known) - len(touched)
                counts["done"] += len(piece.fresh) + len(piece.known)
                if progress:
                    progress(counts["done"], checked.accepted)

    with transaction.atomic():
        entries = commit.land(book, chunks(), actor=actor, basis=basis, why=why, clock=clock, batch=batch)
    return Landed(batch, tuple(entry.id for entry in entries), counts["new"], counts["changed"], counts["unchanged"])


def _pieces(checked: Checked, sheet: CheckedSheet, terms: Terms) -> Iterator[_Piece]:
    """Accepted rows of a sheet, some thousand at a time, told apart into new persons, known ones and contradictions."""
    books: dict[int, int] = {}
    book = book_of(checked.scope).id
    states = statements(sheet, as_of=checked.as_of)
    for at in range(0, len(sheet.accepted), CHUNK):
        positions = sheet.accepted[at : at + CHUNK]
        numbers = {p: _number(sheet, p) for p in positions}
        there = find_by_id_numbers(list(numbers.values()))
        believed = held(there.values(), terms=terms) if there else Held({}, {})
        names = _places_of(there.values(), checked, books)
        comparison = Comparison(terms, checked.as_of, checked.scope, book, books, names)
        piece = _Piece(sheet, [], [], [])
        for position in positions:
            subject = there.get(numbers[position])
            if subject is None:
                piece.fresh.append(position)
                continue
            outcome = comparison.changes(subject, states(position), believed)
            if isinstance(outcome, Against):
                piece.against.append((position, outcome))
            else:
                piece.known.append((position, subject, outcome))
        yield piece


def _places_of(subjects: object, checked: Checked, books: dict[int, int]) -> Mapping[int, str]:
    """Names of the places where known persons stand on the roster's day; their books are noted on the way."""
    rows = as_of(list(subjects), on=checked.as_of, kinds=["appointment"]) if subjects else []  # type: ignore[call-overload]
    places = {row.place for row in rows if row.place is not None}
    for place in places - books.keys():
        books[place] = book_of(place).id
    return full_names(places, on=checked.as_of, above=checked.scope) if places else {}


def _number(sheet: CheckedSheet, position: int) -> str:
    identity = sheet.identities[position]
    assert isinstance(identity, Identity)
    return identity.number


def _refused(sheet: CheckedSheet, position: int, against: Against) -> RowRefusal:
    read = sheet.layout.by_id().get(against.column)
    letter, heading = (read.letter, read.heading) if read else ("", "")
    return RowRefusal(sheet.layout.sheet.name, sheet.row_number(position), letter, heading, against.id, against.why, against.do)


def _moved(sheet: CheckedSheet, position: int, against: Against) -> Refusal:
    return Refusal(
        "intake.ledger_moved",
        "预览之后台账又有变化，本次没有写入",
        where=f"第 {sheet.row_number(position)} 行",
        why=against.why,
        do="请重新预览后再确认",
    )

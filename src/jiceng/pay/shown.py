"""A sheet as people read it: who stands on it, cells in words, what each person is paid in all.

Page, workbook, PDF, payslip and command line print this and nothing else, so they say the same to the fen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from jiceng.access.scope import Scope
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of
from jiceng.law.payform import PayLine
from jiceng.ledger import reading
from jiceng.pay.shapes import Change, Row, Sheet, amount
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs.reading import names_of
from jiceng.terms.registry import Terms

Key = tuple[int, int]
"""A person and the sub-district on whose sheet they stand."""
NOWHERE = "（不在名册）"
_NOTHING = "—"


def yuan(fen: int) -> str:
    """340000 → 3,400.00; a minus sign in front of what is taken."""
    return f"{'−' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def signed(fen: int) -> str:
    """A difference: +200.00, −200.00, 0.00."""
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


@dataclass(frozen=True)
class Person:
    """Who a row is about: the name as the account may see it, community, post and grade on the row's day."""

    name: str
    place: str
    post: str
    post_id: str
    grade: str


@dataclass(frozen=True)
class Cell:
    """One figure in words. `fen` is None where there is none, never 0 for what is missing."""

    line: PayLine
    text: str
    fen: int | None
    kind: str


@dataclass(frozen=True)
class Payee:
    """One person of a sheet: the row, if they served this month, and the lines of earlier months that came out otherwise."""

    key: Key
    row: Row | None
    changes: tuple[Change, ...]
    place: int

    @property
    def subject(self) -> int:
        """The person's number."""
        return self.key[0]

    @property
    def arrears(self) -> int:
        """What earlier months add or take, in fen."""
        return sum(change.net for change in self.changes)

    @property
    def employer_arrears(self) -> int:
        """What earlier months add to the employer's cost, in fen."""
        return sum(change.employer for change in self.changes)

    @property
    def waiting(self) -> bool:
        """Whether something is missing, so that there is no sum yet."""
        return self.row is not None and self.row.net is None and not self.row.left_out

    @property
    def payable(self) -> int | None:
        """What is paid in all, in fen: this month's net and what earlier months add. None as long as something is missing."""
        if self.waiting:
            return None
        return self.arrears + (self.row.net or 0 if self.row is not None and self.row.paid else 0)

    @property
    def order(self) -> tuple[int, int, int]:
        """Where they stand in the list: by the tree's order of places, then by number; who is on no row comes last."""
        return (tree.padded(self.place) if self.row else 10**13, self.subject, self.key[1])


@dataclass(frozen=True)
class Shown:
    """A sheet with its payees in order."""

    sheet: Sheet
    terms: Terms

    @cached_property
    def payees(self) -> tuple[Payee, ...]:
        """Everybody on the sheet: its rows, then those of whom only earlier months are settled."""
        told: dict[Key, list[Change]] = defaultdict(list)
        for change in self.sheet.changes:
            told[change.subject, change.unit].append(change)
        found = []
        for row in self.sheet.rows:
            key = (row.subject, row.unit)
            found.append(Payee(key, row, tuple(told.pop(key, ())), row.place))
        found += [Payee(key, None, tuple(some), key[1]) for key, some in told.items()]
        return tuple(sorted(found, key=lambda one: one.order))

    def payee(self, subject: int) -> Payee | None:
        """A person of the sheet; of two rows the last."""
        return next((one for one in reversed(self.payees) if one.subject == subject), None)

    def cells(self, row: Row) -> tuple[Cell, ...]:
        """A row's figures in words, in the order of the form."""
        return tuple(said(cell, line, row) for cell, line in zip(row.cells, self.sheet.form.lines, strict=True))

    def people(self, some: Iterable[Payee], scope: Scope | None) -> dict[Key, Person]:
        """Who they are. `scope` None is the command line, which sees everything.

        Time    name as it is today; post and grade on the row's day, as known when the sheet was worked out
        """
        wanted = list(some)
        names = names_of({one.subject for one in wanted})
        communities = places.names_of({one.place for one in wanted}, on=self.sheet.on)
        held = self._held(wanted)
        found = {}
        for one in wanted:
            name = names.get(one.subject, (NOWHERE, 0))[0]
            shown = name if scope is None else scope.shown_name(name, place=one.place)
            post, grade = held.get(one.key, ("", ""))
            known = self.terms.codes["Post"].by_id.get(post)
            found[one.key] = Person(shown, communities.get(one.place, str(one.place)), known.name if known else post, post, grade)
        return found

    def _held(self, some: Sequence[Payee]) -> dict[Key, tuple[str, str]]:
        """(post, grade) of each row, read once for each day asked about."""
        by_day: dict[date, list[Payee]] = defaultdict(list)
        for one in some:
            if one.row is not None:
                by_day[one.row.day].append(one)
        found: dict[Key, tuple[str, str]] = {}
        for day, those in by_day.items():
            ids = {one.subject for one in those}
            rows = reading.as_of(ids, on=day, known_by=self.sheet.known_by, kinds=("appointment", "grading"), terms=self.terms)
            posts = {(row.subject, row.place): str(row.data.get("post", "")) for row in rows if row.kind == "appointment"}
            grades = {row.subject: row.data.get("grade") for row in rows if row.kind == "grading"}
            for one in those:
                grade = grades.get(one.subject)
                found[one.key] = (posts.get((one.subject, one.place), ""), "" if grade is None else f"{grade}级")
        return found


def said(cell: int, line: PayLine, row: Row) -> Cell:
    """One encoded figure as people read it."""
    kind = kind_of(cell)
    if kind is AnswerKind.value:
        return Cell(line, yuan(cell), cell, kind.name)
    if kind is AnswerKind.not_applicable:
        return Cell(line, _NOTHING, None, kind.name)
    if kind in (AnswerKind.missing, AnswerKind.unchecked) and len(row.missing) == 1:
        return Cell(line, f"缺：{row.missing[0]}", None, kind.name)
    return Cell(line, KIND_NAMES[kind], None, kind.name)


def outside(row: Row) -> bool:
    """Whether no line concerns the person: on the place's roster, but not among those the form pays."""
    return all(kind_of(cell) is AnswerKind.not_applicable for cell in row.cells)


def record_kind(title: str, terms: Terms) -> str:
    """The kind of fact that a missing thing, by its title, is recorded as; "" where it is none of its own."""
    name = title.removesuffix("（需核实）")
    for term in terms.names.values():
        if term.name == name:
            return term.fact[0] if term.fact else (term.history or "")
    return ""


def sums(some: Iterable[Payee]) -> Mapping[str, int]:
    """Gross, deductions, arrears, payable and employer's cost of some payees, in fen; who waits for something is not in them."""
    total = {"gross": 0, "deductions": 0, "arrears": 0, "net": 0, "employer": 0}
    for one in some:
        row = one.row if one.row is not None and one.row.paid else None
        total["gross"] += row.gross or 0 if row else 0
        total["deductions"] += row.deductions or 0 if row else 0
        total["arrears"] += one.arrears
        total["net"] += one.arrears + (row.net or 0 if row else 0)
        total["employer"] += one.employer_arrears + (row.employer or 0 if row else 0)
    return total


def line_sums(some: Iterable[Payee], sheet: Sheet) -> dict[str, int]:
    """The sum of every line over the payees whose row counts, in fen."""
    paid = [one.row for one in some if one.row is not None and one.row.paid]
    return {line.rule: sum(amount(row.cells[at]) for row in paid) for at, line in enumerate(sheet.form.lines)}

"""What a pay sheet is made of: rows, changes of earlier months, totals, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.base.kinds import LOWEST, AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.law.payform import PayForm, PayLine
from jiceng.pay.stays import month_end, unit_of

_MARKS = LOWEST + int(AnswerKind.no_rule)


def amount(cell: int) -> int:
    """The fen of an encoded cell; a line that does not concern somebody adds nothing."""
    return cell if cell > _MARKS else 0


@dataclass(frozen=True)
class Cause:
    """Why a figure differs: what was found to differ behind it.

    `kind`  joined, left, moved, post, step, assessment, certificate, leave, law, rule, time or other; see `causes.KINDS`
    `words` said in full, with dates; `fact` and `entry` of the ledger and `document` of the law, where there is one
    """

    kind: str
    words: str
    fact: int = 0
    entry: int = 0
    document: str = ""


@dataclass(frozen=True)
class Row:
    """One person on a sheet. `cells` are encoded, in the order of the form's lines.

    `missing`  words for every line without an answer: the facts it lacks, by title, or why there is none. As long as there
               are any, the sums are None: what is missing is not zero
    `left_out` the reason, where the person was left out of this month by name
    `elsewhere` another sub-district in which the person served on one of the same days, 0 if none
    """

    subject: int
    place: int
    day: date
    cells: tuple[int, ...]
    gross: int | None
    deductions: int | None
    net: int | None
    employer: int | None
    missing: tuple[str, ...] = ()
    left_out: str = ""
    elsewhere: int = 0

    @property
    def unit(self) -> int:
        """The sub-district whose sheet the row stands on."""
        return unit_of(self.place)

    @property
    def paid(self) -> bool:
        """Whether the row counts in the totals: nothing is missing, and nobody left it out."""
        return self.net is not None and not self.left_out


@dataclass(frozen=True)
class Change:
    """A line of an earlier, locked month that now comes out otherwise than it was settled.

    `unit` is the sub-district on whose sheet it was settled; `before` and `after` are fen, 0 where nothing was or is paid
    """

    subject: int
    unit: int
    month: date
    line: str
    title: str
    group: str
    before: int
    after: int
    causes: tuple[Cause, ...] = ()

    @property
    def net(self) -> int:
        """What it adds to (or takes from) the pay of this month, in fen."""
        return {"gross": self.after - self.before, "deduction": self.before - self.after}.get(self.group, 0)

    @property
    def employer(self) -> int:
        """What it adds to the employer's cost, in fen."""
        return self.after - self.before if self.group == "employer" else 0


@dataclass(frozen=True)
class Totals:
    """Sums of a sheet in fen: over the rows that are paid, `lines` in the form's order, and `arrears` over all changes.

    `net` is gross − deductions + arrears; `employer` has the employer's part of the changes in it. `waiting`: rows not counted
    because something is missing
    """

    people: int
    waiting: int
    lines: tuple[int, ...]
    gross: int
    deductions: int
    arrears: int
    net: int
    employer: int


@dataclass(frozen=True)
class Check:
    """Something to look at before a sheet is locked. `level`: refuse (it cannot be locked so) or notice."""

    id: str
    level: str
    words: str
    do: str = ""
    subjects: tuple[int, ...] = ()
    document: str = ""


@dataclass(frozen=True)
class Settled:
    """An earlier locked sheet that this one was compared with."""

    month: date
    sheet: int
    hash: str


@dataclass(frozen=True)
class Sheet:
    """A place's pay of a month, as known by `known_by` (None: now) under the law set of `law_hash`.

    `rows` in tree order of places, then by person; `changes` by person, month and line. `missing`: title of the fact → the
    persons who lack it. `assumptions`: how the text is read where it is silent, each once
    """

    place: int
    month: date
    form: PayForm
    law_hash: str
    known_by: datetime | None
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    totals: Totals
    missing: Mapping[str, tuple[int, ...]]
    assumptions: tuple[str, ...]
    checks: tuple[Check, ...]
    settled: tuple[Settled, ...] = ()

    @property
    def on(self) -> date:
        """The last day of the month."""
        return month_end(self.month)

    @property
    def refusals(self) -> tuple[Check, ...]:
        """What keeps it from being locked."""
        return tuple(check for check in self.checks if check.level == "refuse")

    def row(self, subject: int) -> Row | None:
        """The row of a person; the last place served at where there are two."""
        return next((row for row in reversed(self.rows) if row.subject == subject), None)

    def line(self, rule: str) -> PayLine:
        """The line of a rule.

        Errors  Refusal pay.no_line
        """
        for line in self.form.lines:
            if line.rule == rule:
                return line
        raise Refusal("pay.no_line", f"这张工资表没有“{rule}”一行", do="请从工资表里点开")

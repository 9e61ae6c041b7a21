"""One sheet: what must be done before it is locked, what differs from last month, earlier months' lines, and a row a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from jiceng.access.scope import Scope
from jiceng.base.kinds import AnswerKind
from jiceng.desks.pay.steps import steps_of
from jiceng.law.bounds import cite
from jiceng.law.payform import GROUPS, PayLine
from jiceng.pay import comparing, frozen, months
from jiceng.pay.comparing import Compared
from jiceng.pay.differences import Difference, OfCause
from jiceng.pay.models import PaySheet
from jiceng.pay.printing import remark
from jiceng.pay.shapes import Check, Sheet
from jiceng.pay.sheets import worked_out
from jiceng.pay.shown import NOWHERE, Cell, Key, Payee, Person, Shown, line_sums, record_kind, sums
from jiceng.pay.stays import month_before, month_end, month_name, next_month
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs.law_sets import law_of
from jiceng.runs.reading import names_of
from jiceng.runs.standing import PAGE_SECONDS
from jiceng.ui.pages import PAGE_SIZE, page, scope_in

State = PaySheet.State
NAMED = 8
_PLAIN = frozenset({AnswerKind.value.name, AnswerKind.not_applicable.name})


@dataclass(frozen=True)
class Opened:
    """A sheet as a page has it: kept, or worked out for this look alone."""

    place: int
    name: str
    month: date
    kept: PaySheet | None
    shown: Shown

    @property
    def sheet(self) -> Sheet:
        """Its figures."""
        return self.shown.sheet

    @property
    def locked(self) -> bool:
        """Whether nothing in it changes any more."""
        return self.kept is not None and self.kept.state == State.locked


@dataclass(frozen=True)
class Heading:
    """A column's heading with the clause that decides it."""

    line: PayLine | None
    title: str
    mark: str


@dataclass(frozen=True)
class Line:
    """One person of the table. `figures`: the cells by column, sums in their places."""

    at: int
    of: Payee
    person: Person
    figures: tuple[Cell | int | None, ...]
    remark: str
    changed: bool
    twice: bool


@dataclass(frozen=True)
class Behind:
    """One person behind a cause: by how much their net and the employer's cost differ, and the lines."""

    name: str
    net: int
    employer: int
    lines: tuple[Difference, ...]


@dataclass(frozen=True)
class Told:
    """The month before beside this one: each kind of cause with who stands behind it."""

    of: Compared
    groups: tuple[tuple[OfCause, tuple[Behind, ...]], ...]
    keys: frozenset[Key]


@dataclass(frozen=True)
class Found:
    """A check in words, with the people it is about: (number, name, kind of fact to record)."""

    check: Check
    people: tuple[tuple[int, str], ...]
    more: int
    record: str


def opened(request: HttpRequest, place: int, month: date) -> Opened:
    """The sheet of a place and month: as it was calculated, else as it would come out now.

    Errors  Denied; Refusal pay.no_form, pay.forms, pay.slow, pay.unreadable, pay.changed
    """
    scope_in(request).require("pay", place, what=f"查看区划 {place} 的工资表")
    kept = months.kept_sheet(place, month)
    sheet = frozen.thawed(kept) if kept else worked_out(place, month, seconds=PAGE_SECONDS)
    law = law_of(sheet.law_hash)
    names = places.names_of([place], on=month_end(month))
    return Opened(place, names.get(place, str(place)), month, kept, Shown(sheet, law.terms))


@dataclass(frozen=True)
class Asked:
    """What the table is narrowed to."""

    post: str
    only: str
    after: int

    @property
    def words(self) -> str:
        """In words, for the head of a printed part."""
        only = {"changed": "只看与上月不同的", "missing": "只看缺事实的", "left_out": "只看不列入的"}.get(self.only, "")
        return "；".join(part for part in (only, f"岗位：{self.post}" if self.post else "") if part)


def asked_in(query: QueryDict) -> Asked:
    """The filter an address describes."""
    only = query.get("only", "")
    after = query.get("after", "")
    return Asked(
        query.get("post", "")[:40], only if only in ("changed", "missing", "left_out") else "",
        int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0,
    )  # fmt: skip


def narrowed(some: Sequence[Payee], people: dict[Key, Person], asked: Asked, changed: frozenset[Key]) -> list[tuple[int, Payee]]:
    """(serial number on the whole sheet, payee) of those asked for."""
    found = []
    for at, one in enumerate(some, 1):
        row = one.row
        if asked.post and people[one.key].post != asked.post:
            continue
        if asked.only == "changed" and one.key not in changed:
            continue
        if asked.only == "missing" and not one.waiting:
            continue
        if asked.only == "left_out" and not (row is not None and row.left_out):
            continue
        found.append((at, one))
    return found


@page("pay")
def sheet_page(request: HttpRequest, place: int, month: date) -> HttpResponse:
    """One sheet, a part of its rows at a time."""
    return render(request, "pay_desk/sheet.html", context_of(request, opened(request, place, month)))


def context_of(request: HttpRequest, seen: Opened) -> dict[str, Any]:
    """Everything a sheet's page says."""
    scope, shown = scope_in(request), seen.shown
    asked, people = asked_in(request.GET), shown.people(shown.payees, scope)
    compared = comparison(seen, people, scope)
    chosen = narrowed(shown.payees, people, asked, compared.keys if compared else frozenset())
    part = [one for one in chosen if one[0] > asked.after][:PAGE_SIZE]
    rest = bool(part) and part[-1][0] < chosen[-1][0]
    posts = dict.fromkeys(who.post for who in people.values() if who.post)
    return {
        "of": seen, "sheet": seen.sheet, "place": seen.place, "month": seen.month, "name": seen.name, "month_name": month_name(seen.month),
        "totals": seen.sheet.totals, "titles": seen.sheet.form.totals, "groups": _groups(seen), "headings": _headings(seen),
        "lines": [_line(at, one, people[one.key], shown, compared.keys if compared else frozenset()) for at, one in part],
        "sums": _sums([one for _, one in chosen], seen), "number": len(chosen), "asked": asked, "posts": list(posts),
        "after": part[-1][0] if rest else 0, "first": part[0][0] if part else 0, "last": part[-1][0] if part else 0,
        "checks": [_found(check, shown, people) for check in seen.sheet.checks], "compared": compared,
        "arrears": [(people[one.key], one) for one in shown.payees if one.changes],
        "before": month_before(seen.month), "next": next_month(seen.month), "trail": _trail(scope, seen),
        **steps_of(request, seen.kept, seen.sheet, place=seen.place, month=seen.month),
    }  # fmt: skip


def comparison(seen: Opened, people: dict[Key, Person], scope: Scope) -> Told | None:
    """The month before and its differences by cause, with who stands behind each; None where there is no sheet of it."""
    found = comparing.with_month_before(seen.sheet)
    if found is None:
        return None
    gone = found.keys - people.keys()
    names = names_of({subject for subject, _ in gone})
    told = {key: scope.shown_name(names.get(key[0], (NOWHERE, 0))[0], place=key[1]) for key in gone}
    told |= {key: who.name for key, who in people.items()}
    groups = []
    for group in found.groups:
        behind = tuple(
            Behind(told[key], sum(one.net for one in lines), sum(one.employer for one in lines), tuple(lines))
            for key, lines in comparing.by_person(group).items()
        )
        groups.append((group, behind))
    return Told(found, tuple(groups), found.keys)


def _trail(scope: Scope, seen: Opened) -> list[tuple[int, str]]:
    above = [code for code in tree.ancestors(seen.place) if scope.may("pay", code)]
    names = places.names_of(above, on=seen.sheet.on) if above else {}
    return [(code, names[code]) for code in above if code in names]


def _headings(seen: Opened) -> list[Heading]:
    """Columns of amounts in the order shown: the lines of each group, then its sum."""
    form = seen.sheet.form
    definitions = law_of(seen.sheet.law_hash).regime(seen.place, seen.sheet.on).definitions

    def of(line: PayLine) -> Heading:
        definition = definitions.get(line.rule)
        return Heading(line, line.title, cite(definition.document, definition.clause) if definition else "")

    found = [of(line) for line in form.of_group("gross")] + [Heading(None, form.totals["gross"], "")]
    found += [of(line) for line in form.of_group("deduction")] + [Heading(None, form.totals["deductions"], "")]
    found += [Heading(None, form.totals["arrears"], ""), Heading(None, form.totals["net"], "")]
    if form.of_group("employer"):
        found += [of(line) for line in form.of_group("employer")] + [Heading(None, form.totals["employer"], "")]
    return found


def _groups(seen: Opened) -> list[tuple[str, int]]:
    form = seen.sheet.form
    found = [(GROUPS["gross"], len(form.of_group("gross")) + 1), (GROUPS["deduction"], len(form.of_group("deduction")) + 1), ("实发", 2)]
    return [*found, (GROUPS["employer"], len(form.of_group("employer")) + 1)] if form.of_group("employer") else found


def _line(at: int, one: Payee, who: Person, shown: Shown, changed: frozenset[Key]) -> Line:
    form, row = shown.sheet.form, one.row
    told = {cell.line.rule: cell for cell in shown.cells(row)} if row else {}

    def group(name: str, total: int | None) -> list[Cell | int | None]:
        return [*(told.get(line.rule) for line in form.of_group(name)), total]

    figures = [*group("gross", row.gross if row else None), *group("deduction", row.deductions if row else None)]
    figures += [one.arrears, one.payable]
    if form.of_group("employer"):
        own = row.employer if row else 0
        figures += group("employer", None if own is None else own + one.employer_arrears)
    twice = sum(1 for other in shown.payees if other.subject == one.subject) > 1
    return Line(at, one, who, tuple(figures), remark(one), one.key in changed, twice)


def _sums(some: Sequence[Payee], seen: Opened) -> list[int]:
    """The sums of the columns of amounts over the rows asked for."""
    form, whole = seen.sheet.form, sums(some)
    lines = line_sums(some, seen.sheet)
    found = [*(lines[line.rule] for line in form.of_group("gross")), whole["gross"]]
    found += [*(lines[line.rule] for line in form.of_group("deduction")), whole["deductions"], whole["arrears"], whole["net"]]
    return [*found, *(lines[line.rule] for line in form.of_group("employer")), whole["employer"]] if form.of_group("employer") else found


def _found(check: Check, shown: Shown, people: dict[Key, Person]) -> Found:
    keys = {one.subject: one.key for one in shown.payees}
    named = [(subject, people[keys[subject]].name) for subject in check.subjects if subject in keys]
    title = next((title for title, those in shown.sheet.missing.items() if f"“{title}”" in check.words), "")
    kind = record_kind(title, shown.terms) if check.id == "pay.missing" else ""
    return Found(check, tuple(named[:NAMED]), len(check.subjects) - len(named[:NAMED]), kind)

"""Returns as an account may see them: one by its number, its figures, and who came and went between two versions. Page and API ask here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.access.scope import Scope
from jiceng.places import tree
from jiceng.reports.comparing import Difference, differences
from jiceng.reports.frozen import thawed
from jiceng.reports.models import Return, Step
from jiceng.reports.returns import Period, Worked, worked_out
from jiceng.runs import reading

NAMED = 8
"""So many workers are named at each side of a changed cell; how many more there are is told."""


def return_seen(scope: Scope, number: int, *, permission: str = "see") -> Return:
    """A return, if the account may see its place; whether there is one elsewhere is not told.

    Errors  Concealed (access.concealed)
    """
    row = Return.objects.filter(pk=number).first()
    if row is None or not scope.may(permission, row.place):
        raise scope.conceal(permission, what=f"查看第 {number} 号报表", place=row.place if row else None)
    return row


def correction_of(row: Return) -> Return | None:
    """The version that corrects it, if somebody made one."""
    return Return.objects.filter(corrects=row).first()


def last_steps(rows: Iterable[Return]) -> dict[int, Step]:
    """What was done last with each return, by the return's number."""
    return {step.of_id: step for step in Step.objects.filter(of__in=[row.pk for row in rows]).order_by("id")}


def kept_periods(form: str, place: int, *, most: int) -> list[Period]:
    """Periods of which a place or one inside it has a return, the latest first."""
    held = Return.objects.filter(form=form, place_key__range=tree.span(place)).order_by("-on", "-since")
    return [Period(since, on) for since, on in held.values_list("since", "on").distinct()[:most]]


def figures(row: Return, *, today: date) -> Worked:
    """Its figures: frozen as it was sent up, of a draft those of the moment.

    Errors  Refusal runs.catching_up, runs.building for a draft; reports.unreadable for a frozen one
    """
    return thawed(row) if row.frozen else now_of(row, today=today)


def now_of(row: Return, *, today: date) -> Worked:
    """The figures of its place and period from all that is known now.

    Errors  Refusal runs.catching_up, runs.building
    """
    return worked_out(row.form, row.place, period=Period(row.since, row.on), known_by=None, today=today)


@dataclass(frozen=True)
class Compared:
    """Two versions of a return, and every cell in which they differ. `new` is None for the ledger as it is now."""

    old: int
    new: int | None
    worked: Worked
    found: tuple[Difference, ...]

    @property
    def people(self) -> int:
        """How many workers came into or went out of some cell."""
        return len(movers(self.found))


def compared(row: Return, worked: Worked, *, today: date) -> Compared:
    """A correction with what it corrects; a return that corrects none with what is known by now.

    Errors  Refusal runs.catching_up, runs.building
    """
    if row.corrects is not None:
        return Compared(row.version - 1, row.version, worked, tuple(differences(thawed(row.corrects), worked)))
    return Compared(row.version, None, worked, tuple(differences(worked, now_of(row, today=today))))


def movers(found: Iterable[Difference]) -> set[int]:
    """The workers behind some differences."""
    return {subject for one in found for subject in (*one.came, *one.gone)}


@dataclass(frozen=True)
class Movers:
    """Who came into a cell and who went out of it: (worker, name) where names may be seen; `hidden`: how many are not named."""

    came: tuple[tuple[int, str], ...]
    gone: tuple[tuple[int, str], ...]
    hidden: int


def named(found: Sequence[Difference], scope: Scope) -> list[Movers]:
    """The movers of each difference as the account may know them."""
    names = reading.names_of(movers(one for one in found if scope.may("see_names", one.line.code)))

    def told(some: tuple[int, ...], seen: bool) -> tuple[tuple[int, str], ...]:
        return tuple((subject, names.get(subject, ("（不在名册）", 0))[0]) for subject in some[:NAMED]) if seen else ()

    made = []
    for one in found:
        seen = scope.may("see_names", one.line.code)
        came, gone = told(one.came, seen), told(one.gone, seen)
        made.append(Movers(came, gone, len(one.came) + len(one.gone) - len(came) - len(gone)))
    return made

"""One person's months of pay: what each locked sheet says of them, as it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiceng.access.scope import Scope
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.pay import frozen
from jiceng.pay.models import PaySheet
from jiceng.pay.shown import Payee, Shown
from jiceng.pay.stays import unit_of
from jiceng.places import tree
from jiceng.terms.registry import Terms

MOST = 36
"""So many months back."""


@dataclass(frozen=True)
class PersonMonth:
    """A person on one locked sheet."""

    kept: PaySheet
    shown: Shown
    payee: Payee


def months_of(subject: int, *, scope: Scope | None, today: date, terms: Terms) -> list[PersonMonth]:
    """The locked months of a person on sheets this account may see, the latest first.

    Empty   somebody who stands on no such sheet, or who is not there at all
    """
    codes = _units(reading.history([subject], on=today, kinds=("appointment",)))
    around = {up for code in codes for up in (*tree.ancestors(code), code) if scope is None or scope.may("pay", up)}
    rows = PaySheet.objects.filter(place__in=around, state=PaySheet.State.locked).order_by("-month", "place_key")[:MOST]
    found = []
    for kept in rows:
        shown = Shown(frozen.thawed(kept), terms)
        found += [PersonMonth(kept, shown, one) for one in shown.payees if one.subject == subject]
    return found


def _units(appointments: list[FactRow]) -> set[int]:
    return {unit_of(row.place) for row in appointments if row.place is not None}

"""Whoever acted, as people read it: the ledger keeps the account's name, pages show the person and the office."""

from __future__ import annotations

from collections.abc import Iterable

from jiceng.access.models import Account


def shown_actors(names: Iterable[str]) -> dict[str, str]:
    """Account name as the ledger keeps it → person and office, in one statement.

    Empty   what is no account (a loader, a console, one that was removed) is shown as it was written
    """
    wanted = set(names)
    found = Account.objects.filter(username__in=wanted).values_list("username", "display_name", "office") if wanted else ()
    shown = {name: f"{office} {person}" if office and office not in person else person for name, person, office in found if person}
    return {name: shown.get(name, name) for name in wanted}

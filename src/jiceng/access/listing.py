"""Accounts and logs as lists, inside what an account may keep or audit."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from jiceng.access.models import Account, Denial, Export, Grant, Reveal
from jiceng.access.scope import Scope


def accounts_in(scope: Scope, *, on: date) -> list[tuple[Account, list[Grant]]]:
    """Accounts with a grant (past or present) where `scope` keeps accounts, by user name, with those of their grants.

    Empty   accounts without any grant are shown to whoever keeps accounts somewhere: somebody has to find them
    """
    held = [grant for grant in Grant.objects.order_by("place", "role") if scope.may("accounts", grant.place)]
    bare = Account.objects.filter(grants=None) if scope.places_for("accounts") else Account.objects.none()
    mine = Account.objects.filter(id__in={grant.account_id for grant in held}) | bare
    by_account: dict[int, list[Grant]] = {}
    for grant in held:
        if grant.until > on:
            by_account.setdefault(grant.account_id, []).append(grant)
    return [(account, by_account.get(account.pk, [])) for account in mine.distinct().order_by("username")]


def account_in(scope: Scope, account: int, *, on: date) -> tuple[Account, list[Grant]]:
    """One account with its grants in force or to come.

    Errors  Concealed for one that is not there or has no grant at the places kept
    """
    for found, grants in accounts_in(scope, on=on):
        if found.pk == account:
            return found, grants
    raise scope.conceal("accounts", what=f"查看编号 {account} 的账号")


def reveals_in(scope: Scope, *, before: int = 0, size: int = 50) -> list[Reveal]:
    """Views of sealed data where `scope` may audit, newest first; `before` is the number of the last row seen."""
    found = Reveal.objects.select_related("account").filter(scope.holding("place", permission="audit"))
    return list((found.filter(id__lt=before) if before else found).order_by("-id")[:size])


def denials_in(scope: Scope, *, size: int = 50) -> list[Denial]:
    """Refused attempts where `scope` may audit, and those of accounts that hold something there; newest first."""
    people = Grant.objects.filter(scope.holding("place", permission="audit")).values("account")
    found = Denial.objects.select_related("account").filter(scope.holding("place", permission="audit") | Q(account__in=people))
    return list(found.order_by("-id")[:size])


def exports_in(scope: Scope, *, size: int = 50) -> list[Export]:
    """Lists taken out of the house where `scope` may audit, newest first."""
    found = Export.objects.select_related("account").filter(scope.holding("place", permission="audit"))
    return list(found.order_by("-id")[:size])

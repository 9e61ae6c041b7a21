"""What one account may do, and where. Deny by default: without a grant in force nothing is seen.

A permission counts only at the places of the grant that brings it. An officer in one county who may look at another
is no officer there; so grants are kept apart, never poured into one set of places and one set of permissions.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from jiceng.access.masking import mask_name
from jiceng.access.models import Account, Denial, Grant
from jiceng.access.roles import NEEDS_SECOND_FACTOR, PERMISSIONS, ROLES
from jiceng.base.refusals import Refusal
from jiceng.places import tree

_log = logging.getLogger("jiceng.access")


@dataclass(frozen=True)
class Held:
    """Permissions at a place and everything inside it."""

    place: int
    permissions: frozenset[str]


class Denied(Refusal):
    """A refusal for want of permission; `denial` is its row in the log."""

    def __init__(self, denial: Denial, what: str) -> None:
        self.denial = denial
        super().__init__("access.denied", what, why="您的账号在这个地方没有这项权限", do="确需办理的，请管理员授权；本次已记入日志")

    def keep(self) -> None:
        """Writes the row again if the transaction it was written in has been undone."""
        row = self.denial
        if not Denial.objects.filter(at=row.at, account_id=row.account_id, permission=row.permission, place=row.place).exists():
            self.denial = Denial(account_id=row.account_id, permission=row.permission, place=row.place, what=row.what, address=row.address)
            self.denial.save()


class Concealed(Denied):
    """A refusal that does not tell whether the thing asked for is there at all."""

    def __init__(self, denial: Denial, what: str) -> None:
        super().__init__(denial, what)
        self.id, self.why = "access.concealed", "没有这一项，或不在您的权限范围内"
        self.do = "请核对编号；确需办理的，请管理员授权。本次已记入日志"
        self.args = (self.text,)


@dataclass(frozen=True)
class Scope:
    """What an account holds on a day. `account` is 0 for nobody; `through` names the token that asks in its stead."""

    account: int
    held: tuple[Held, ...]
    address: str = ""
    through: str = ""

    @property
    def places(self) -> tuple[int, ...]:
        """Places of the grants, by code, without those that lie inside another."""
        codes = {held.place for held in self.held if held.permissions}
        return _widest(codes)

    @property
    def permissions(self) -> frozenset[str]:
        """Permissions held anywhere: for menus. Whether one holds at a place is asked of `may`."""
        return frozenset().union(*(held.permissions for held in self.held))

    @property
    def needs_second_factor(self) -> bool:
        """Whether the account must sign in with a second factor."""
        return bool(self.permissions & NEEDS_SECOND_FACTOR)

    def may(self, permission: str, place: int) -> bool:
        """Whether the permission holds at a place (0: the nation, or a subject that has no place)."""
        _known(permission)
        return any(permission in held.permissions and tree.contains(held.place, place) for held in self.held)

    def require(self, permission: str, place: int, *, what: str = "") -> None:
        """Nothing if the permission holds at the place; else the refusal, on record.

        Ask before opening a transaction: a row of the log goes with the transaction that the refusal undoes. For web
        requests the middleware writes it again; the log line stays in any case.

        Errors  Denied (access.denied)
        """
        if not self.may(permission, place):
            said = what or f"不能{PERMISSIONS[permission]}"
            raise Denied(self._noted(permission, place, said), said)

    def conceal(self, permission: str, *, what: str, place: int | None = None) -> Refusal:
        """The refusal for a thing that is not there or not to be seen: the same words, the same row of the log for both.

        Nobody finds out by its number whether a thing exists outside his places. `place` only goes into the log.
        """
        return Concealed(self._noted(permission, place, what), what)

    def _noted(self, permission: str, place: int | None, said: str) -> Denial:
        through = f"（令牌“{self.through}”）" if self.through else ""
        denial = Denial(
            account_id=self.account or None, permission=permission, place=place, what=(said + through)[:300], address=self.address
        )
        denial.save()
        _log.warning("access.denied account=%s permission=%s place=%s what=%s", self.account, permission, place, said + through)
        return denial

    def shown_name(self, name: str, *, place: int) -> str:
        """A worker's name as this account may see it at a place."""
        return name if self.may("see_names", place) else mask_name(name)

    def places_for(self, permission: str) -> tuple[int, ...]:
        """Places at which a permission holds, by code, without those that lie inside another."""
        _known(permission)
        return _widest({held.place for held in self.held if permission in held.permissions})

    def ranges(self, permission: str = "see") -> tuple[tuple[int, int], ...]:
        """Inclusive ranges of natural place codes at which a permission holds; one range a level.

        Empty   nothing is held: a query must then give nothing, not everything
        """
        return tuple(one for code in self.places_for(permission) for one in tree.ranges(code))

    def spans(self, permission: str = "see") -> tuple[tuple[int, int], ...]:
        """The same for columns that hold padded codes (`tree.padded`): one range a place."""
        return tuple(tree.span(code) for code in self.places_for(permission))

    def holding(self, column: str, *, permission: str) -> Q:
        """Condition on a column of natural place codes: the rows at places where a permission holds.

        Empty   nothing is held: no row, not every row
        """
        inside = Q(pk__in=[])
        for first, last in self.ranges(permission):
            inside |= Q(**{f"{column}__range": (first, last)})
        return inside


NOBODY = Scope(account=0, held=())


def scope_of(account: Account, *, on: date, address: str = "") -> Scope:
    """What an account may do on a day, by its grants in force then.

    Empty   an anonymous, inactive or unknown account, and one without a grant, holds nothing
    """
    if not account.is_authenticated or not account.is_active:
        return Scope(account=account.pk or 0, held=(), address=address)
    grants = Grant.objects.filter(account=account, since__lte=on, until__gt=on).order_by("place", "role")
    held = tuple(Held(place, ROLES.get(role, frozenset())) for place, role in grants.values_list("place", "role"))
    return Scope(account=account.pk, held=held, address=address)


def _widest(codes: set[int]) -> tuple[int, ...]:
    return tuple(sorted(code for code in codes if not any(other != code and tree.contains(other, code) for other in codes)))


def _known(permission: str) -> None:
    if permission not in PERMISSIONS:
        raise ValueError(f"no permission is called {permission}")

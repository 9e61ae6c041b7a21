"""What can be asked of the ledger: record something that holds over a period, or correct a fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Record:
    """Something holds of a subject over [since, until). In its slot it takes the place of whatever was believed then.

    `until` None: no end. An event takes None: once happened, it stays true.
    `data` are the plain fields, `sealed` those the kind seals (name, ID number …), both in the ledger's form.
    """

    subject: int
    kind: str
    since: date
    until: date | None
    data: Mapping[str, Any]
    sealed: Mapping[str, Any] | None = None
    place: int | None = None


@dataclass(frozen=True)
class Correct:
    """A fact was recorded wrongly: it ends, and what is said here stands instead.

    `data` None: it was never so. `sealed` None keeps the sealed fields, `place` None keeps the place.
    """

    fact: int
    since: date | None
    until: date | None
    data: Mapping[str, Any] | None
    sealed: Mapping[str, Any] | None = None
    place: int | None = None


Change = Record | Correct

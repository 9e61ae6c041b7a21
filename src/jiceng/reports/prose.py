"""Sentences made of words, figures and marks. A figure knows where its rows or its card are; a mark names the clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Way = Literal["", "arrivals", "moved_in", "departures", "moved_out"]


@dataclass(frozen=True)
class Target:
    """What stands behind a figure.

    `kind`  roster (a list of workers: `key` a list of the workbench, blank for everybody in service; `on` another day),
            answer (`key` a rule, of a place), moves (who came and went from `since` on: `way`, `cause`), report (the
            briefing of a place), asks (places that have not told a figure), bench (the workbench of a place)
    """

    kind: Literal["roster", "answer", "moves", "report", "asks", "bench"]
    place: int
    key: str = ""
    on: date | None = None
    since: date | None = None
    way: Way = ""
    cause: str | None = None


@dataclass(frozen=True)
class Figure:
    """A number as printed."""

    text: str
    to: Target


@dataclass(frozen=True)
class Mark:
    """〔意见·3〕, with the rule that was asked and the place it was asked for."""

    text: str
    rule: str
    place: int


Part = str | Figure | Mark
Sentence = tuple[Part, ...]


def flat(parts: Sequence[Part]) -> str:
    """A sentence as it is printed on paper."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def joined(groups: Sequence[Sequence[Part]], sign: str = "，") -> list[Part]:
    """Groups of parts with a sign between them; empty groups are left out."""
    found: list[Part] = []
    for group in groups:
        if group:
            found += [*([sign] if found else []), *group]
    return found


def named(names: Sequence[str], *, most: int = 6) -> str:
    """甲、乙; more than `most` are shortened: 甲、乙等12个."""
    return "、".join(names) if len(names) <= most else "、".join(names[:most]) + f"等{len(names)}个"

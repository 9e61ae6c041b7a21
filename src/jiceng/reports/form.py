"""A return's form: columns declared in a file, made plain with the words and rules of a law, so that they can be frozen with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from jiceng.base.kinds import AnswerKind
from jiceng.law.load import Law
from jiceng.runs.models import NONE_HELD
from jiceng.runs.movements import UNRECORDED
from jiceng.runs.traits import CODES, NO_CODE
from jiceng.terms.registry import CodeList

FORMS = Path(__file__).parent / "forms"
ALL, CODED, YEARS, MONTHS, ANSWERED, MOVED, ASKED = "all", "coded", "years", "months", "answered", "moved", "asked"
OPENING = "opening"
FLOWS = (OPENING, "arrivals", "moved_in", "departures", "moved_out")
CAUSE = "cause"


@dataclass(frozen=True)
class Column:
    """One column. `measure` says how it is counted, the fields after it by what.

    `of`      the row's column, the flow, or the rule; empty for ages
    `codes`   coded: numbers counted here; NO_CODE is nothing recorded
    `low`, `high`   years, months: from full years, to before; both None: without a birthday, or without a count of months
    `kind`, `equals`, `days`   answered: the kind, the value, or a date within so many days from the day on
    `cause`   moved: departures of one cause
    `type`, `unit`   asked: how the rule's values are printed
    """

    id: str
    title: str
    group: str
    measure: str
    of: str = ""
    codes: tuple[int, ...] = ()
    low: int | None = None
    high: int | None = None
    kind: int = 0
    equals: int | None = None
    days: int | None = None
    cause: str = ""
    type: str = "int"
    unit: str = "人"
    note: str = ""

    @property
    def counted(self) -> bool:
        """Whether it is a number of people, and not what a rule answers about the place."""
        return self.measure != ASKED

    @property
    def rule(self) -> str:
        """The rule that decides it; "" where none does."""
        asked = self.measure in (ASKED, ANSWERED, MONTHS)
        return self.of if asked else ""


@dataclass(frozen=True)
class Group:
    """Columns under one heading. `whole`: they divide those in service, so that they add up to them."""

    id: str
    title: str
    whole: bool


@dataclass(frozen=True)
class Sheet:
    """Groups that are shown and printed together."""

    id: str
    title: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form with its columns in order."""

    id: str
    title: str
    unit: str
    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    sheets: tuple[Sheet, ...]

    def of(self, group: str) -> tuple[Column, ...]:
        """The columns of a group."""
        return tuple(column for column in self.columns if column.group == group)

    def on_sheet(self, sheet: Sheet) -> tuple[Column, ...]:
        """The columns of a sheet; everybody in service stands on each, for the parts to be added up to."""
        return tuple(column for column in self.columns if column.group in sheet.groups or column.measure == ALL)

    def column(self, id: str) -> Column | None:
        """A column by its id."""
        return next((column for column in self.columns if column.id == id), None)

    @property
    def worker_rules(self) -> tuple[str, ...]:
        """Worker rules of which every row's answer is needed."""
        return tuple(sorted({column.rule for column in self.columns if column.rule and column.counted}))

    @property
    def place_rules(self) -> tuple[str, ...]:
        """Place rules that are asked."""
        return tuple(column.of for column in self.columns if not column.counted)


def form(id: str, law: Law) -> Form:
    """A form under a law: code lists spelled out, types and units of its rules at hand.

    Errors  KeyError for a form, a code or a rule that there is not: the forms ship with the software and are tested
    """
    told = _declared(id)
    columns = tuple(column for group in told["groups"] for column in _columns(group, law))
    groups = tuple(Group(one["id"], one["title"], any(how in one for how in ("by", "years", "months"))) for one in told["groups"])
    sheets = tuple(Sheet(one["id"], one["title"], tuple(one["groups"])) for one in told["sheets"])
    return Form(told["id"], told["title"], told["unit"], groups, columns, sheets)


@lru_cache(maxsize=8)
def _declared(id: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FORMS / f"{id}.yaml").read_text(encoding="utf-8")))


def _columns(group: dict[str, Any], law: Law) -> Iterator[Column]:
    if "by" in group:
        yield from _coded(group, law.terms.codes[group["list"]])
    elif "years" in group or "months" in group:
        measure, of = (YEARS, "") if "years" in group else (MONTHS, group["months"])
        for one in group["columns"]:
            yield Column(f"{group['id']}.{one['id']}", one["title"], group["id"], measure, of,
                         low=one.get("from", -1_000), high=one.get("below", 1_000))  # fmt: skip
        yield Column(f"{group['id']}.unknown", group["unknown"], group["id"], measure, of)
    elif group.get("moved") == "causes":
        for item in law.terms.codes["DepartureCause"].items:
            yield Column(f"{group['id']}.{item.id}", item.name, group["id"], MOVED, CAUSE, cause=item.id)
        yield Column(f"{group['id']}.unknown", group["unknown"], group["id"], MOVED, CAUSE, cause=UNRECORDED)
    else:
        for one in group["columns"]:
            yield _single(one, group["id"], law)


def _coded(group: dict[str, Any], codes: CodeList) -> Iterator[Column]:
    """A column an item or as joined; then who is known to have none; then who has nothing recorded."""
    assert group["by"] in CODES
    numbers = {item.id: item.number for item in codes.items}
    named = [(one["id"], one["title"], [numbers[code] for code in one.get("codes", ())]) for one in group.get("columns", ())]
    taken = {number for _, _, joined in named for number in joined}
    named = [(id, title, joined or [n for n in numbers.values() if n not in taken]) for id, title, joined in named]
    for id, title, joined in named or [(item.id, item.name, [item.number]) for item in codes.items]:
        yield Column(f"{group['id']}.{id}", title, group["id"], CODED, group["by"], codes=tuple(joined))
    if "none" in group:
        yield Column(f"{group['id']}.none", group["none"], group["id"], CODED, group["by"], codes=(NONE_HELD,))
    yield Column(f"{group['id']}.unknown", group["unknown"], group["id"], CODED, group["by"], codes=(NO_CODE,))


def _single(one: dict[str, Any], group: str, law: Law) -> Column:
    id, title, note = one["id"], one["title"], one.get("note", "")
    if "ask" in one:
        name = one["ask"]
        return Column(id, title, group, ASKED, name, type=law.types[name].name, unit=law.units.get(name, ""), note=note)
    if "moved" in one:
        assert one["moved"] in FLOWS
        return Column(id, title, group, MOVED, one["moved"], note=note)
    if "answered" in one:
        kind = int(AnswerKind[one["kind"]]) if "kind" in one else int(AnswerKind.value)
        return Column(
            id, title, group, ANSWERED, one["answered"], kind=kind, equals=one.get("equals"), days=one.get("within_days"), note=note
        )
    return Column(id, title, group, ALL, note=note)

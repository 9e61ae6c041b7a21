"""What law is made of: documents, clauses, dated values, and the definitions in force at a place on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jiceng.law.payform import PayForm
from jiceng.rules.definition import RuleDef
from jiceng.rules.types import TypeRef

TRUSTS = {"official": "官方文本", "reprint": "转载", "unverified": "未核实", "adopted": "本地确认"}
DISPOSITIONS = {"rule": "规则", "value": "数值", "thing": "流程", "duty": "职责", "none": "不设"}
INT = TypeRef("int")
BOUNDS = ("range", "floor", "cap")
VALUE_KINDS = ("value", "table", "bands", "range", "floor", "cap", "about", "delegate", "forbid")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a clause, in our own words, with what the system does about it."""

    digest: str
    disposition: str
    points: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Clause:
    """One clause: number as printed ("8", "工资", "附件"), title, sentences in order."""

    number: str
    title: str
    sentences: tuple[Sentence, ...]
    line: int = 0


@dataclass(frozen=True)
class ValueAt:
    """What a value says from a date on: the raw text and the parsed content.

    `parsed` is an integer, a Table, Bands, a (lowest, highest) pair for a range, or None from the date the value ends.
    """

    since: date
    raw: Any
    parsed: Any


@dataclass(frozen=True)
class ValueDef:
    """One value of one document, by date. `axes` names the code lists or int axes of a table.

    `type` is what a rule gets (Table[Post, Yuan] for a table); `reading` is what a delegated value is taken to be until
    somebody sets it, printed as an assumption. Such a value is in force from the document's first day.
    """

    name: str
    clause: str
    unit: str
    kind: str
    by_date: tuple[ValueAt, ...]
    axes: tuple[TypeRef, ...] = ()
    note: str = ""
    line: int = 0
    type: TypeRef = INT
    title: str = ""
    reading: ValueAt | None = None

    def on(self, day: date) -> ValueAt | None:
        """What the value says on a day: the latest one that has begun, unless it has ended."""
        latest = None
        for at in self.by_date:
            if at.since <= day:
                latest = at
        return latest if latest is not None and latest.parsed is not None else None


@dataclass(frozen=True)
class Document:
    """One policy folder. `jurisdiction` is a division code; 0 is the nation."""

    id: str
    folder: Path
    title: str
    short: str
    number: str
    issuer: str
    jurisdiction: int
    dated: date | None
    published: date | None
    in_force: date
    until: date | None
    trust: str
    sources: tuple[str, ...]
    version: int
    example: bool
    clauses: tuple[Clause, ...]
    values: tuple[ValueDef, ...]
    rules: tuple[RuleDef, ...]
    cases: tuple[dict[str, Any], ...]
    hash: str
    adopted_by: str = ""
    note: str = ""
    pay: PayForm | None = None

    def clause(self, number: str) -> Clause | None:
        """The clause with this number, if the folder has it."""
        return next((c for c in self.clauses if c.number == number), None)


@dataclass(frozen=True)
class Definition:
    """A name's definition in force at a place on a day: a value or a rule, with the upper ones it replaced."""

    name: str
    document: Document
    clause: str
    value: ValueDef | None = None
    at: ValueAt | None = None
    rule: RuleDef | None = None
    replaced: tuple[Definition, ...] = field(default=())

    @property
    def delegated(self) -> bool:
        """An upper document leaves this to a lower level (or only bounds it), none has set it, and no reading is stated."""
        return self.value is not None and (self.value.kind in BOUNDS or (self.value.kind == "delegate" and self.at is None))

    @property
    def assumed(self) -> bool:
        """Nobody has set it, but the document states how it is read until then."""
        return self.value is not None and self.value.kind == "delegate" and self.at is not None

    @property
    def type(self) -> TypeRef:
        """Type of what it gives."""
        return self.rule.result if self.rule else self.value.type if self.value else TypeRef("int")

    @property
    def unit(self) -> str:
        """Unit it is printed in."""
        return self.rule.unit if self.rule else self.value.unit if self.value else ""

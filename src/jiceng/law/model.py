"""What law is made of: documents, clauses, dated values, and the definitions in force at a place on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jiceng.rules.definition import RuleDef
from jiceng.rules.types import TypeRef

TRUSTS = {"official": "官方文本", "reprint": "转载", "unverified": "未核实", "adopted": "本地确认"}
DISPOSITIONS = {"rule": "规则", "value": "数值", "thing": "流程", "duty": "职责", "none": "不设"}
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


@dataclass(frozen=True)
class ValueAt:
    """What a value says from a date on: the raw text and the parsed content (int, Table, Bands, range pair)."""

    since: date
    raw: Any
    parsed: Any


@dataclass(frozen=True)
class ValueDef:
    """One value of one document, by date. `axes` names the code lists or int axes of a table."""

    name: str
    clause: str
    unit: str
    kind: str
    by_date: tuple[ValueAt, ...]
    axes: tuple[TypeRef, ...] = ()
    note: str = ""
    line: int = 0


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
        """An upper document leaves this to a lower level, and none has set it."""
        return self.value is not None and self.value.kind == "delegate"

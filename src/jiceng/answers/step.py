"""One step of an answer: what was found under a name, where it came from, and the steps it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from jiceng.answers.subject import Provenance, Record
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind
from jiceng.law.model import Definition
from jiceng.rules.types import TypeRef

SOURCES = {
    "rule": "规则", "value": "法规数值", "fact": "台账", "history": "履历", "default": "缺省", "date": "计算日期",
    "total": "合计", "given": "给定",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """How a history rule stood after one record, as a line to print."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step. `value` is the encoded integer (or a table, bands, records) where `kind` is value, else None.

    `records` are those of a history that have begun, also where it is not known whether they are all.

    `inputs` are the steps it was made of; one step may be an input of several. `horizon` is the first later day on which
    this step may come out otherwise with nothing recorded: correct or earlier, never later.
    """

    name: str
    title: str
    type: TypeRef
    unit: str
    value: Any
    kind: AnswerKind
    source: str
    definition: Definition | None = None
    provenance: Provenance | None = None
    why: str = ""
    options: tuple[int, ...] = ()
    inputs: tuple[Step, ...] = ()
    states: tuple[State, ...] = ()
    replaced: tuple[Definition, ...] = ()
    assumes: tuple[str, ...] = ()
    horizon: date = OPEN_END
    records: tuple[Record, ...] = ()

    @property
    def unverified(self) -> bool:
        """Whether this step or one it was made of stands on a text nobody has checked."""
        return any(step.definition is not None and step.definition.document.trust == "unverified" for step in walk(self))


def walk(step: Step) -> list[Step]:
    """The step and all it was made of, each once, the step first."""
    found: dict[int, Step] = {}
    waiting = [step]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            waiting.extend(reversed(one.inputs))
    return list(found.values())


def missing(step: Step) -> tuple[tuple[str, str], ...]:
    """(name, title) of every fact that is not there or not checked, in the order the rules ask; each once.

    Empty   a step with a value misses nothing, even where a default stepped in for one of its inputs
    """
    found: dict[str, str] = {}

    def visit(one: Step) -> None:
        if one.kind is AnswerKind.value:
            return
        lacking = [part for part in one.inputs if part.kind is not AnswerKind.value]
        for part in lacking:
            visit(part)
        if not lacking and one.kind in (AnswerKind.missing, AnswerKind.unchecked):
            found.setdefault(one.name, one.title)

    visit(step)
    return tuple(found.items())


def pay_ready(step: Step) -> bool:
    """Whether the answer may feed a locked sheet: it has a value, and no unverified text stands behind it."""
    return step.kind is AnswerKind.value and not step.unverified

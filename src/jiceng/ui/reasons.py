"""An answer as numbered reasons, from the facts up: each step once, what it rests on, its arithmetic, its mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jiceng.answers.card import as_dict
from jiceng.answers.step import Step
from jiceng.terms.registry import Terms
from jiceng.ui.arithmetic import Formula, formula


@dataclass(frozen=True)
class Reason:
    """One reason. `uses` are the numbers of the reasons it is made of."""

    number: int
    card: dict[str, Any]
    uses: tuple[int, ...]
    formula: Formula | None
    doc: str


def reasons(step: Step, terms: Terms) -> list[Reason]:
    """The reasons of an answer in the order they are needed; the answer itself comes last."""
    numbers: dict[str, int] = {}
    found: list[Reason] = []

    def visit(one: Step) -> int:
        key = f"{one.name}/{one.source}/{one.kind.name}"
        if key in numbers:
            return numbers[key]
        uses = tuple(visit(part) for part in one.inputs)
        numbers[key] = len(found) + 1
        rule = one.definition.rule if one.definition else None
        found.append(Reason(numbers[key], as_dict(one, terms), uses, formula(one, terms), rule.doc if rule else ""))
        return numbers[key]

    visit(step)
    return found

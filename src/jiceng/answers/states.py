"""Lines of a history rule: 2023 不合格 → 已计 2，不计 1."""

from __future__ import annotations

from typing import Any

from jiceng.answers.horizon import Day
from jiceng.answers.printing import number_text, record_text
from jiceng.answers.step import State
from jiceng.answers.tracing import Trace
from jiceng.rules.definition import RuleDef
from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.terms.registry import Kind, Terms

_BOOL, _INT = TypeRef("bool"), TypeRef("int")


def state_lines(trace: Trace, rule: RuleDef, terms: Terms) -> tuple[State, ...]:
    """One line a record, in the order the rule went through them.

    Empty   a rule without records, or without Chinese names for its locals, prints none
    """
    kinds = [terms.kind_of_record.get(a.type.parameters[0].name) for a in rule.arguments if a.type.name in HISTORIES]
    lines = []
    for stand in trace.stands:
        kind = _kind_of(stand.record.values, [kind for kind in kinds if kind])
        since = stand.record.since.isoformat()
        head = record_text(kind, stand.record.values, since, terms) if kind else since
        named = [(name, chinese) for name, chinese in rule.names.items() if name in stand.values]
        values = [f"{chinese} {_text(stand.values[name], rule, name, terms)}" for name, chinese in named]
        remarks = f"（{'；'.join(stand.remarks)}）" if stand.remarks else ""
        lines.append(State(f"{head} → {'，'.join(values)}{remarks}" if values else f"{head}{remarks}"))
    return tuple(lines)


def _kind_of(values: dict[str, int], kinds: list[Kind]) -> Kind | None:
    """The kind a record is of: the one of the rule's histories that has all its fields."""
    return next((kind for kind in kinds if values.keys() <= kind.fields.keys()), None)


def _text(value: Any, rule: RuleDef, name: str, terms: Terms) -> str:
    if isinstance(value, Day):
        value = value.now
    type = _BOOL if isinstance(value, bool) else rule.locals.get(name, _INT)
    return number_text(int(value), type, "", terms)

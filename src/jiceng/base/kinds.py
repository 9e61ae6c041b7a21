"""The nine kinds of answer, and the one integer that holds a value or a mark.

Every answer, fact and law value travels as one int64. The lowest integers are marks; everything else is a value in
the unit of its type: fen (Yuan), millionths (Ratio), days since 1970-01-01 (Date), code numbers, 0 or 1 (bool).
"""

from __future__ import annotations

from enum import IntEnum

LOWEST = -(2**63)


class AnswerKind(IntEnum):
    """Kind of an answer. Of several inputs without a value the highest wins, so argument order never matters."""

    value = 0
    missing = 1
    unchecked = 2
    open = 3
    needs_decision = 4
    ambiguous = 5
    conflict = 6
    not_applicable = 7
    no_rule = 8


KIND_NAMES = {
    AnswerKind.value: "有答案",
    AnswerKind.missing: "缺事实",
    AnswerKind.unchecked: "需核实",
    AnswerKind.open: "无法回答",
    AnswerKind.needs_decision: "待决定",
    AnswerKind.ambiguous: "条文不明",
    AnswerKind.conflict: "规定冲突",
    AnswerKind.not_applicable: "不适用",
    AnswerKind.no_rule: "无此规定",
}

# A default argument steps in for these only; it must never hide what is open, undecided, ambiguous or in conflict,
# nor a history that nobody has checked.
DEFAULT_STEPS_IN = frozenset({AnswerKind.missing, AnswerKind.not_applicable, AnswerKind.no_rule})


_MARKS = {LOWEST + int(kind): kind for kind in AnswerKind if kind}
_VALUE = AnswerKind.value  # asked of every cell of a sheet


def mark(kind: AnswerKind) -> int:
    """The integer that stands for an answer without a value."""
    return LOWEST + int(kind)


def kind_of(number: int) -> AnswerKind:
    """Kind of an encoded answer; everything above the marks is a value."""
    return _MARKS.get(number, _VALUE)

"""What a policy file may write: marks, types, words, outcomes. The one list that the fence, the checker and the loops share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from jiceng.base.kinds import LOWEST, AnswerKind

LOW = LOWEST + int(AnswerKind.no_rule)
"""The highest mark. A value lies strictly between LOW and HIGH; what leaves that range is 无法回答."""
HIGH = -LOW

MARKS = ("rule", "total")
TYPE_WORDS = ("Yuan", "Ratio", "Date", "Table", "Bands", "ByDate", "History", "Recent", "Records", "Rounding")
BUILT_IN = ("int", "bool", "min", "max", "abs", "len", "range")
OUTCOMES = {
    "ambiguous": AnswerKind.ambiguous,
    "conflict": AnswerKind.conflict,
    "needs_decision": AnswerKind.needs_decision,
    "not_applicable": AnswerKind.not_applicable,
}
CALENDAR_WORDS = (
    "year", "month", "day", "date", "add_days", "add_months", "add_years", "month_start", "month_end",
    "year_start", "year_end", "full_months", "full_years", "months_between",
)  # fmt: skip
ROUNDING_WORDS = ("times", "divide", "divide_by", "ratio", "whole")
ACCESS_WORDS = ("band", "at", "known")
PLACE_WORDS = ("province", "city", "county")
WORDS = (*CALENDAR_WORDS, *PLACE_WORDS, *ROUNDING_WORDS, *ACCESS_WORDS)
IMPORTABLE = (*MARKS, *TYPE_WORDS, *WORDS, *OUTCOMES)
MADE_WORDS = ("plus", "minus", "product", "valid", "present", "filled")
"""Words that the rewrite puts into a rule; nobody writes them."""
RESERVED = frozenset((*IMPORTABLE, *BUILT_IN, *MADE_WORDS))
"""Names that no rule, argument or local may take."""

RECORD_FIELDS = {"since": "Date", "until": "Date", "place": "int"}
"""What every record has, beside the fields of its kind."""


@dataclass(frozen=True)
class Outcome:
    """What a rule returns when it has no value: `return ambiguous("…", 4, 5)`."""

    kind: AnswerKind
    why: str = ""
    options: tuple[Any, ...] = ()


class Unanswerable(Exception):
    """Raised inside an expression that has no value: a cell not printed, an overflow, a field nobody filled.

    `absent` is the input that was not there, so that whoever prints it can give its Chinese name
    """

    def __init__(self, kind: AnswerKind, why: str = "", options: tuple[Any, ...] = (), absent: str = "") -> None:
        self.kind, self.why, self.options, self.absent = AnswerKind(kind), why, options, absent
        super().__init__(why)


def outcome_word(name: str) -> Any:
    """The function behind `ambiguous`, `conflict`, `needs_decision`, `not_applicable`."""
    kind = OUTCOMES[name]

    def word(why: str, *options: int) -> Outcome:
        return Outcome(kind, why, options)

    return word


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """“。是否想写：a、b” for the nearest known names, or nothing."""
    near = difflib.get_close_matches(name, sorted(set(known)), n=3, cutoff=0.6)
    return f"。是否想写：{'、'.join(near)}" if near else ""


def field_id(attribute: str) -> str:
    """Field or code behind an attribute: `class_`, `from_`, `pass_` stand for words which Python keeps for itself."""
    return attribute[:-1] if attribute[-1:] == "_" and iskeyword(attribute[:-1]) else attribute

"""Year by year: how the named locals of a rule stood after each record of a history, seen while Python runs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from jiceng.rules.tables import Row


@dataclass(slots=True)
class Stand:
    """One record and the locals after it; `remarks` say where the law of its own day was another one."""

    record: Any
    values: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class Trace:
    """The records one call of a rule has gone through."""

    __slots__ = ("code", "names", "stands")

    def __init__(self, code: CodeType, names: tuple[str, ...]) -> None:
        self.code, self.names = code, names
        self.stands: list[Stand] = []

    def remark(self, text: str) -> None:
        """Say something about the record the rule is at."""
        if self.stands and text not in self.stands[-1].remarks:
            self.stands[-1].remarks.append(text)


class TracedRows(tuple[Row, ...]):
    """Records that note what the rule made of each. Everything else about them is a tuple."""

    trace: Trace
    records: tuple[Any, ...]

    def __iter__(self) -> Iterator[Row]:
        trace = self.trace
        for row, record in zip(tuple.__iter__(self), self.records, strict=True):
            # Noted before it is handed out: a `return` or `break` at this record must not lose it.
            stand = Stand(record)
            trace.stands.append(stand)
            try:
                yield row
            finally:
                _look(trace, stand)


def _look(trace: Trace, stand: Stand) -> None:
    """Read the locals of the rule, if it is the rule that asked for the next record (or left the loop)."""
    frame = sys._getframe(2)
    if frame.f_code is trace.code:
        there = frame.f_locals
        stand.values = {name: there[name] for name in trace.names if name in there}


def traced(rows: tuple[Row, ...], records: tuple[Any, ...], trace: Trace) -> TracedRows:
    """The same rows, noting."""
    made = TracedRows(rows)
    made.trace, made.records = trace, records
    return made

"""A value of the law in words, on each of its days."""

from __future__ import annotations

from datetime import date

from jiceng.answers.printing import value_text
from jiceng.law.layers import Law
from jiceng.law.model import ValueDef


def dated_texts(law: Law, value: ValueDef) -> list[tuple[date | None, str]]:
    """The value from each of its days on, in words; one line without a day where a lower level has to set it."""
    if not value.by_date:
        reading = f"暂按“{value_text(value.reading.parsed, value.type, value.unit, law.terms)}”" if value.reading else "交由下级确定"
        return [(None, reading)]
    found: list[tuple[date | None, str]] = []
    for at in value.by_date:
        if isinstance(at.parsed, tuple):
            words = "—".join(value_text(one, value.type, value.unit, law.terms) for one in at.parsed)
        else:
            words = "停止" if at.parsed is None else value_text(at.parsed, value.type, value.unit, law.terms)
        found.append((at.since, words))
    return found

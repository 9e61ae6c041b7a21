"""The roster: filters, search and keyset pages over standing rows, inside a scope, at a moment."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any

import msgspec
import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from numpy.typing import NDArray

from jiceng.base.dates import day_number
from jiceng.base.kinds import LOWEST, AnswerKind, mark
from jiceng.ledger.identity import find_by_id_number
from jiceng.places import tree
from jiceng.runs.models import Standing, State

COUNT_CAP = 10_000
LEAST_VALUE = LOWEST + int(AnswerKind.no_rule) + 1
HIGH = (1 << 63) - 1

Ranges = Sequence[tuple[int, int]]
"""Inclusive spans of padded place codes (tree.span) that a viewer may see. Empty: nothing."""


@dataclass(frozen=True)
class AnswerFilter:
    """Rows by what a rule answers: `kind` other than value, or a value equal, or a date within `days` from the day on."""

    rule: str
    kind: AnswerKind = AnswerKind.value
    equals: int | None = None
    from_day: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class RosterFilter:
    """What a roster list is narrowed to; empty fields narrow nothing."""

    place: int = 0
    state: int = State.in_service
    search: str = ""
    posts: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()
    educations: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()
    answers: tuple[AnswerFilter, ...] = field(default=())


@dataclass(frozen=True)
class RosterPage:
    """One page. `after`/`before` are the keys (place_key, subject) of the neighbours, None at an end; `count` is capped."""

    rows: tuple[Standing, ...]
    count: int
    capped: bool
    after: tuple[int, int] | None
    before: tuple[int, int] | None


class _Answer(Func):
    """A rule's answer out of a row's JSON, with one look at it: Django's own way parses each row's JSON four times on SQLite."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="json_extract(%(expressions)s)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::bigint", arg_joiner=" ->> ", **extra)


def answer_column(rule: str) -> Func:
    """SQL expression for a rule's answer as an integer; NULL where the rule is not in force."""
    key = f'$."{rule}"' if connection.vendor == "sqlite" else rule
    return _Answer(F("answers"), Value(key, TextField()))


def in_ranges(ranges: Ranges) -> Q:
    """Rows inside the ranges; no range, no row."""
    if not ranges:
        return Q(pk__in=[])
    return reduce(or_, (Q(place_key__gte=low, place_key__lte=high) for low, high in ranges))


def rows_of(moment: int, *, ranges: Ranges, filters: RosterFilter) -> QuerySet[Standing]:
    """All rows that match, unordered; callers inside runs count and group them."""
    rows = Standing.objects.filter(in_ranges(ranges), moment_id=moment)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.place:
        rows = rows.filter(in_ranges([tree.span(filters.place)]))
    for column, wanted in (
        ("post", filters.posts),
        ("worker_class", filters.classes),
        ("education", filters.educations),
        ("certificate", filters.certificates),
    ):
        if wanted:
            rows = rows.filter(**{f"{column}__in": wanted})
    rows = _searched(rows, filters.search.strip())
    for index, wanted in enumerate(filters.answers):
        rows = _answered(rows, wanted, f"answer_{index}")
    return rows


def _searched(rows: QuerySet[Standing], text: str) -> QuerySet[Standing]:
    """Name, pinyin, or a whole ID number (found through the blind index, never by scanning)."""
    if not text:
        return rows
    if len(text) in (15, 18) and text[:-1].isdigit():
        return rows.filter(subject=find_by_id_number(text.upper()) or 0)
    if text.isascii():
        key = text.lower().replace(" ", "")
        return rows.filter(Q(pinyin__startswith=key) | Q(pinyin__contains=f" {key}"))
    return rows.filter(name__contains=text)


def _answered(rows: QuerySet[Standing], wanted: AnswerFilter, alias: str) -> QuerySet[Standing]:
    return rows.annotate(**{alias: answer_column(wanted.rule)}).filter(_condition(wanted, alias))


def _condition(wanted: AnswerFilter, alias: str) -> Q:
    if wanted.kind != AnswerKind.value:
        return Q(**{alias: mark(wanted.kind)})
    if wanted.equals is not None:
        return Q(**{alias: wanted.equals})
    low, high = _bounds(wanted)
    return Q(**{f"{alias}__gte": low}) & Q(**{f"{alias}__lt": high})


def _bounds(wanted: AnswerFilter) -> tuple[int, int]:
    """Values asked for, from the first to before the second; every value lies above the marks."""
    if wanted.from_day is None:
        return LEAST_VALUE, HIGH
    low = day_number(wanted.from_day)
    return low, HIGH if wanted.days is None else day_number(wanted.from_day + timedelta(days=wanted.days))


@dataclass(frozen=True)
class Columns:
    """Answers of many workers as arrays: the place of each and, by rule, what it answers (no rule in force: its mark)."""

    places: NDArray[np.int64]
    answers: dict[str, NDArray[np.int64]]

    def count(self, wanted: AnswerFilter) -> int:
        """How many workers an answer filter leaves: as many as the list has rows."""
        answers = self.answers[wanted.rule]
        if wanted.kind != AnswerKind.value:
            return int((answers == mark(wanted.kind)).sum())
        if wanted.equals is not None:
            return int((answers == wanted.equals).sum())
        low, high = _bounds(wanted)
        return int(((answers >= low) & (answers < high)).sum())


def columns(moment: int, *, ranges: Ranges, filters: RosterFilter, rules: Iterable[str]) -> Columns:
    """What these rules answer for every row of a list, in one statement.

    Each row's JSON is read once for all rules together, outside the database: inside, every condition would parse it again.
    """
    names = sorted(set(rules))
    decode = _decoder(tuple(names))
    found = rows_of(moment, ranges=ranges, filters=filters).order_by().annotate(text=Cast("answers", TextField()))
    places, kept = array("q"), array("q")
    for place, text in found.values_list("place", "text").iterator(chunk_size=5_000):
        places.append(place)
        kept.extend(msgspec.structs.astuple(decode(text)))
    table = np.frombuffer(kept, dtype=np.int64).reshape(len(places), len(names))
    return Columns(np.frombuffer(places, dtype=np.int64), {name: table[:, k] for k, name in enumerate(names)})


@lru_cache(maxsize=64)
def _decoder(names: tuple[str, ...]) -> Callable[[str], Any]:
    nothing = mark(AnswerKind.no_rule)
    fields = [(f"rule_{k}", int, msgspec.field(default=nothing, name=name)) for k, name in enumerate(names)]
    return msgspec.json.Decoder(msgspec.defstruct("Answers", fields)).decode


def roster(
    moment: int, *, ranges: Ranges, filters: RosterFilter, size: int = 30,
    after: tuple[int, int] | None = None, before: tuple[int, int] | None = None,
) -> RosterPage:  # fmt: skip
    """One page of the roster.

    Shape   at most `size` rows, sorted by place code then worker number
    Time    the moment's day
    Empty   no rows, count 0
    """
    rows = rows_of(moment, ranges=ranges, filters=filters)
    count = rows.order_by()[: COUNT_CAP + 1].count()
    if before:
        # The usual OR form of keyset paging defeats the index on both databases; this form does not.
        found = rows.filter(place_key__lte=before[0]).exclude(place_key=before[0], subject__gte=before[1])
        page = list(found.order_by("-place_key", "-subject")[: size + 1])
        more_before, page = len(page) > size, page[:size][::-1]
        more_after = True
    else:
        found = rows.filter(place_key__gte=after[0]).exclude(place_key=after[0], subject__lte=after[1]) if after else rows
        page = list(found.order_by("place_key", "subject")[: size + 1])
        more_after, page = len(page) > size, page[:size]
        more_before = after is not None
    first = (page[0].place_key, page[0].subject) if page and more_before else None
    last = (page[-1].place_key, page[-1].subject) if page and more_after else None
    return RosterPage(tuple(page), min(count, COUNT_CAP), count > COUNT_CAP, last, first)

"""The roster: filters, search and keyset pages over standing rows, inside a scope, at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import BigIntegerField, Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from jiceng.base.dates import day_number
from jiceng.base.kinds import LOWEST, AnswerKind, mark
from jiceng.ledger.identity import find_by_id_number
from jiceng.places import tree
from jiceng.runs.models import Standing, State

COUNT_CAP = 10_000

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


def answer_column(rule: str) -> Cast:
    """SQL expression for a rule's answer as an integer; NULL where the rule is not in force."""
    return Cast(KeyTextTransform(rule, "answers"), BigIntegerField())


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
    condition = Q(**{f"{alias}__gt": LOWEST + int(AnswerKind.no_rule)})
    if wanted.equals is not None:
        condition &= Q(**{alias: wanted.equals})
    if wanted.from_day is not None:
        condition &= Q(**{f"{alias}__gte": day_number(wanted.from_day)})
        if wanted.days is not None:
            condition &= Q(**{f"{alias}__lt": day_number(wanted.from_day + timedelta(days=wanted.days))})
    return condition


def counts(moment: int, *, ranges: Ranges, filters: RosterFilter, wanted: Sequence[AnswerFilter]) -> list[int]:
    """How many rows each answer filter leaves of a list, in one statement.

    Shape   one number a filter, in their order; the same numbers as the lists have rows
    """
    rows = rows_of(moment, ranges=ranges, filters=filters).order_by()
    columns = {f"answer_of_{rule}": answer_column(rule) for rule in {one.rule for one in wanted}}
    counted = {f"n{i}": Count("id", filter=_condition(one, f"answer_of_{one.rule}")) for i, one in enumerate(wanted)}
    found = rows.annotate(**columns).aggregate(**counted)
    return [found[f"n{i}"] for i in range(len(wanted))]


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

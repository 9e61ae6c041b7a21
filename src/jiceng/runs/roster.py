"""The roster: what a filter leaves, sorted and in keyset pages; and the answers of many for counts and sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiceng.runs import narrow
from jiceng.runs.columns import NO_CODE, NO_DAY, Table
from jiceng.runs.finding import AnswerFilter, Found, Positions, Ranges, RosterFilter, answered, asks_for_a_number, find
from jiceng.runs.models import Standing
from jiceng.runs.narrow import HIGH, LEAST_VALUE
from jiceng.runs.tallies import Grouped, Tally, grouped, tallied

__all__ = [
    "AnswerFilter",
    "Found",
    "Order",
    "Ranges",
    "RosterFilter",
    "RosterPage",
    "answers_of",
    "asks_for_a_number",
    "columns",
    "find",
    "roster",
]

IN_TREE_ORDER = "place"
SORTED_AT_ONCE = 50_000
ORDERS_KEPT = 6


@dataclass(frozen=True)
class Order:
    """How a list is sorted: `by` tree order ("place"), a column of the row, or a rule's answer. Ties stand in tree order,
    rows without a value at the end."""

    by: str = IN_TREE_ORDER
    falling: bool = False


@dataclass(frozen=True)
class RosterPage:
    """One page. `after`/`before` are the keys of the neighbours, None at an end: (place_key, worker), or under another order
    (value sorted by, worker). `count`: all that match. `first`: the number of the first row, from 1."""

    rows: tuple[Standing, ...]
    count: int
    after: tuple[int, int] | None
    before: tuple[int, int] | None
    first: int = 1


def in_order(found: Found, order: Order) -> Positions:
    """Places in the columns in an order."""
    if order.by == IN_TREE_ORDER:
        return found.at[::-1] if order.falling else found.at
    if len(found) <= SORTED_AT_ONCE:
        return found.at[_ranks(sort_values(found, order.by), falling=order.falling)]
    every = _order_of_all(found, order)
    kept = np.zeros(len(found.table), bool)
    kept[found.at] = True
    return every[kept[every]].astype(np.int64)


def _order_of_all(found: Found, order: Order) -> NDArray[np.int32]:
    """The order of all rows of the table, kept with it: a long list then only leaves out what does not match."""
    orders, key = found.table.orders, (order.by, order.falling)
    every = orders.get(key)
    if every is None:
        whole = replace(found, at=np.arange(len(found.table)))
        every = _ranks(sort_values(whole, order.by), falling=order.falling).astype(np.int32)
        if len(orders) >= ORDERS_KEPT:
            orders.clear()
        orders[key] = every
    return every


def sort_values(found: Found, by: str) -> NDArray[np.int64]:
    """What the rows found are sorted by; HIGH for a row without a value."""
    if by in found.table.plain:
        held = found.table.plain[by][found.at]
        values = held.astype(np.int64)
        values[held == (NO_DAY if held.dtype == np.int32 else NO_CODE)] = HIGH
        return values
    values = narrow.wide(found.table.answer(by)[found.at])
    values[values < LEAST_VALUE] = HIGH
    return values


def _ranks(values: NDArray[np.int64], *, falling: bool) -> NDArray[np.int64]:
    """The order of values, stable, the empty ones last whichever way."""
    told = values != HIGH
    some = values[told]
    low, high = (int(some.min()), int(some.max())) if len(some) else (0, 0)
    if high - low < (1 << 16) - 1:
        # Sixteen bits are sorted by counting: a million in a few milliseconds.
        short = np.where(told, (high - values) if falling else (values - low), (1 << 16) - 1).astype(np.uint16)
        return np.argsort(short, kind="stable")
    return np.argsort(np.where(told, -values if falling else values, HIGH), kind="stable")


def roster(
    moment: int, *, ranges: Ranges, filters: RosterFilter, size: int = 30, order: Order = Order(),
    after: tuple[int, int] | None = None, before: tuple[int, int] | None = None, found: Found | None = None,
) -> RosterPage:  # fmt: skip
    """One page of the roster. `found`: what `find` gave for the same question, if the caller has it.

    Shape   at most `size` rows, in the order asked for; tree order is by place code, then worker
    Time    the moment's day
    Empty   no rows, count 0
    Errors  Refusal runs.building
    """
    if found is None:
        found = find(moment, ranges=ranges, filters=filters, rules=rules_of(order))
    ordered = in_order(found, order)
    count = len(ordered)
    if before:
        last = _next(found, ordered, order, before, inclusive=True)
        first = max(0, last - size)
    else:
        first = _next(found, ordered, order, after, inclusive=False) if after else 0
        last = min(count, first + size)
    page = ordered[first:last]
    key = [_key(found.table, int(at), order) for at in page[[0, -1]]] if len(page) else [None, None]
    return RosterPage(
        rows=tuple(standing_rows(found, page)), count=count, after=key[1] if last < count else None, before=key[0] if first else None,
        first=first + 1,
    )  # fmt: skip


def rules_of(order: Order) -> tuple[str, ...]:
    """The rule an order asks for, if any."""
    return () if order.by == IN_TREE_ORDER or order.by in SORTED_COLUMNS else (order.by,)


SORTED_COLUMNS = ("birth", "post_since", "education", "grade", "sex", "post", "worker_class", "certificate", "political", "state")


def standing_rows(found: Found, page: Positions) -> list[Standing]:
    """The standing rows at these places, in one statement; one that has gone meanwhile is left out."""
    wanted = found.table.plain["subject"][page].tolist()
    rows = {row.subject: row for row in Standing.objects.filter(moment_id=found.moment, subject__in=wanted)} if wanted else {}
    return [rows[subject] for subject in wanted if subject in rows]


def _key(table: Table, at: int, order: Order) -> tuple[int, int]:
    value = table.plain["place_key"][at] if order.by == IN_TREE_ORDER else sort_values_at(table, at, order.by)
    return int(value), int(table.plain["subject"][at])


def sort_values_at(table: Table, at: int, by: str) -> int:
    """What one row is sorted by."""
    if by in table.plain:
        held = table.plain[by][at]
        return HIGH if held == (NO_DAY if table.plain[by].dtype == np.int32 else NO_CODE) else int(held)
    value = int(narrow.wide(table.answer(by)[at : at + 1])[0])
    return HIGH if value < LEAST_VALUE else value


def _next(found: Found, ordered: Positions, order: Order, key: tuple[int, int], *, inclusive: bool) -> int:
    """Where a list goes on after a key; `inclusive`: where the key itself stands. A row that is gone leaves its place known."""
    plain = found.table.plain
    here = np.flatnonzero(plain["subject"][ordered] == key[1])
    if len(here):
        return int(here[0]) + (0 if inclusive else 1)
    if order.by == IN_TREE_ORDER:
        places, workers = plain["place_key"][found.at], plain["subject"][found.at]
        first, last = np.searchsorted(places, key[0]), np.searchsorted(places, key[0], side="right")
        at = int(first + np.searchsorted(workers[first:last], key[1]))
        return len(ordered) - at if order.falling else at
    values = sort_values(replace(found, at=ordered), order.by)
    told = int((values != HIGH).sum())
    if key[0] == HIGH:
        return told
    held = values[:told]
    return int((held > key[0]).sum() if order.falling else (held < key[0]).sum())


# ---- answers of many, for counts and sums ----


@dataclass(frozen=True)
class Columns:
    """Answers of many workers as arrays: the padded place code of each and, by rule, what it answers (no rule in force: its mark)."""

    place_keys: NDArray[np.int64]
    answers: dict[str, NDArray[np.int64]]

    def count(self, wanted: AnswerFilter) -> int:
        """How many workers an answer filter leaves: as many as the list has rows."""
        return int(answered(self.answers[wanted.rule], wanted).sum())

    def tally(self, rule: str) -> Tally:
        """Sum and counts of a rule by place, over these workers."""
        return tallied(rule, self._grouped, self.answers[rule])

    @cached_property
    def _grouped(self) -> Grouped:
        return grouped(self.place_keys)


def columns(moment: int, *, ranges: Ranges, filters: RosterFilter, rules: Iterable[str]) -> Columns:
    """What these rules answer for every row of a list, in one statement."""
    names = set(rules)
    return answers_of(find(moment, ranges=ranges, filters=filters, rules=names), names)


def answers_of(found: Found, rules: Iterable[str]) -> Columns:
    """What these rules answer for every row found; `find` was told of the rules."""
    names = sorted(set(rules))
    return Columns(found.place_keys, {name: narrow.wide(found.table.answer(name)[found.at]) for name in names})

"""Sums and counts of worker answers by place, from standing rows: one statement a rule, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from jiceng.answers.subject import Total
from jiceng.base.kinds import LOWEST, AnswerKind, mark
from jiceng.places import tree
from jiceng.runs.models import State
from jiceng.runs.roster import Ranges, RosterFilter, answer_column, rows_of

WITHOUT = [kind for kind in AnswerKind if kind not in (AnswerKind.value, AnswerKind.no_rule)]


@dataclass(frozen=True)
class Tally:
    """One rule's answers over the workers in service, by the place they stand in.

    `by_place`: code → Total (sum of values, number of workers, how many have no value by kind of answer)
    """

    rule: str
    by_place: dict[int, Total]

    def of(self, code: int) -> Total:
        """The total over a place's subtree; a subtree without workers gives 0 of 0, which is a value."""
        low, high = tree.span(code)
        return _sum(total for place, total in self.by_place.items() if low <= tree.padded(place) <= high)


def _sum(totals: Iterable[Total]) -> Total:
    value = members = 0
    without: dict[int, int] = {}
    for total in totals:
        value += total.value
        members += total.members
        for kind, count in total.without.items():
            without[kind] = without.get(kind, 0) + count
    return Total(value, members, without)


def tally(rule: str, *, moment: int, ranges: Ranges) -> Tally:
    """Sum and counts of a worker rule by place, over workers in service inside the ranges."""
    rows = rows_of(moment, ranges=ranges, filters=RosterFilter(state=State.in_service)).order_by()
    counted = rows.annotate(answer=answer_column(rule)).values("place").annotate(
        total=Sum("answer", filter=Q(answer__gt=LOWEST + int(AnswerKind.no_rule))),
        members=Count("id"),
        **{f"without_{int(kind)}": Count("id", filter=Q(answer=mark(kind))) for kind in WITHOUT},
    )  # fmt: skip
    by_place = {
        row["place"]: Total(row["total"] or 0, row["members"], {int(kind): n for kind in WITHOUT if (n := row[f"without_{int(kind)}"])})
        for row in counted
    }
    return Tally(rule, by_place)

"""What became of a place: the names it bore, what it came out of, what it was merged into or split into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from jiceng.base.dates import OPEN_END
from jiceng.places.models import Place, Succession


@dataclass(frozen=True)
class Past:
    """One step in the life of a place, on a day, with the document it rests on."""

    day: date
    text: str
    basis: str
    others: tuple[tuple[int, str], ...] = ()


def past(code: int) -> list[Past]:
    """Every step of a place, the latest first, in three statements at most.

    Empty   a code that never was has none
    """
    rows = list(Place.objects.filter(code=code).select_related("basis").order_by("since"))
    steps = [Past(row.since, f"{'改称' if number else '名为'}“{row.name}”", row.basis.title) for number, row in enumerate(rows)]
    joined = list(Succession.objects.filter(Q(old=code) | Q(new=code)).exclude(old=code, new=code).select_related("basis"))
    others = {one.new if one.old == code else one.old for one in joined}
    named = dict(Place.objects.filter(code__in=others).order_by("since").values_list("code", "name")) if others else {}
    for one in joined:
        other = one.new if one.old == code else one.old
        verb = ("拆出" if one.split else "并入或改为") if one.old == code else ("由其拆出" if one.split else "承接")
        steps.append(Past(one.day, verb, one.basis.title, ((other, named.get(other, str(other))),)))
    if rows and rows[-1].until < OPEN_END:
        steps.append(Past(rows[-1].until, "代码停用", ""))
    return sorted(steps, key=lambda step: step.day, reverse=True)

"""What a list of workers is made of: age, education, post and so on, each part with the filter that lists it.

Counted over the columns that the overview has already found, so that eight breakdowns cost no statement more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiceng.base.dates import day_date, day_number
from jiceng.base.kinds import KIND_NAMES, AnswerKind, mark
from jiceng.rules.words import add_years
from jiceng.runs import narrow
from jiceng.runs.columns import NO_CODE, NO_DAY
from jiceng.runs.finding import AnswerFilter, Found
from jiceng.runs.models import NONE_HELD
from jiceng.terms.registry import Terms

NOT_TOLD = "未填"
YEARS_RULE = "community_months"
_EVER = date(1900, 1, 1)


@dataclass(frozen=True)
class Band:
    """A span of whole years (ages) or months (of service): from `low` to before `high`, None without an end."""

    key: str
    title: str
    low: int
    high: int | None


AGES = (Band("30", "30岁及以下", 0, 31), Band("40", "31—40岁", 31, 41), Band("50", "41—50岁", 41, 51), Band("51", "51岁及以上", 51, None))
SERVICE = (
    Band("2", "不满3年", 0, 36), Band("5", "3—5年", 36, 72), Band("9", "6—9年", 72, 120), Band("10", "10年及以上", 120, None),
)  # fmt: skip
UNTOLD = "none"
"""The key of those of whom nothing is recorded."""
CODED = (
    ("education", "education", "学历", "EducationLevel"), ("post", "post", "岗位", "Post"),
    ("certificate", "certificate", "社会工作者职业资格", "CertificateKind"), ("cls", "worker_class", "人员类别", "WorkerClass"),
    ("sex", "sex", "性别", "Sex"), ("political", "political", "政治面貌", "PoliticalStatus"),
)  # fmt: skip
"""Breakdowns by a code: key in an address, column, title, code list."""


@dataclass(frozen=True)
class Part:
    """One bar: `key` is what the roster's address says for it. `told`: something is recorded."""

    key: str
    title: str
    number: int
    told: bool = True


@dataclass(frozen=True)
class Breakdown:
    """How many of which, in the order of the code list or of the bands; those of whom nothing is recorded last.

    Empty   no part without anybody in it; no workers, no parts
    """

    key: str
    title: str
    parts: tuple[Part, ...]

    @property
    def number(self) -> int:
        return sum(part.number for part in self.parts)


def structure(found: Found, *, on: date, terms: Terms) -> tuple[Breakdown, ...]:
    """The breakdowns of these workers; each adds up to all of them."""
    coded = {key: Breakdown(key, title, tuple(_coded(found, column, codes, terms))) for key, column, title, codes in CODED}
    age = Breakdown("age", "年龄", tuple(_ages(found, on)))
    service = Breakdown("years", "从事社区工作年限（累计）", tuple(_service(found)))
    return (coded["education"], age, coded["post"], coded["cls"], coded["certificate"], coded["sex"], coded["political"], service)


def _coded(found: Found, column: str, codes: str, terms: Terms) -> Iterator[Part]:
    held = found.table.plain[column][found.at]
    numbers = dict(zip(*(array.tolist() for array in np.unique(held, return_counts=True)), strict=True))
    for item in terms.codes[codes].items:
        if number := numbers.get(item.number):
            yield Part(str(item.number), item.name, number)
    if column == "certificate" and (number := numbers.get(NONE_HELD)):
        yield Part(str(NONE_HELD), "无证书", number)
    if number := numbers.get(NO_CODE):
        yield Part(str(NO_CODE), NOT_TOLD, number, told=False)


def _ages(found: Found, on: date) -> Iterator[Part]:
    birth = found.table.plain["birth"][found.at]
    for band in AGES:
        since, until = born_in(band, on=on)
        yield from _some(band.key, band.title, (birth >= day_number(since)) & (birth <= day_number(until)))
    yield from _some(UNTOLD, NOT_TOLD, birth == NO_DAY, told=False)


def born_in(band: Band, *, on: date) -> tuple[date, date]:
    """The first and last birthday of an age band: ages in completed years at the end of `on`."""
    return _EVER if band.high is None else born_last(band.high, on) + timedelta(days=1), born_last(band.low, on)


def born_last(age: int, on: date) -> date:
    """The latest birthday of somebody who has completed so many years; born on 29 February, on 28 February of other years."""
    day = day_number(on)
    born = add_years(day, -age)
    while add_years(born + 1, age) <= day:
        born += 1
    return day_date(born)


def _service(found: Found) -> Iterator[Part]:
    months = narrow.wide(found.table.answer(YEARS_RULE)[found.at])
    for band in SERVICE:
        yield from _some(band.key, band.title, (months >= band.low) & (months < (band.high or narrow.HIGH)))
    for kind in AnswerKind:
        if kind is not AnswerKind.value:
            untold = kind is AnswerKind.missing
            yield from _some(kind.name, NOT_TOLD if untold else KIND_NAMES[kind], months == mark(kind), told=False)


def age_filter(key: str, *, on: date) -> dict[str, Any]:
    """The roster filter's fields for a part of the ages."""
    if key == UNTOLD:
        return {"birth_untold": True}
    return {"born": (born_in(next(band for band in AGES if band.key == key), on=on),)}


def service_filter(key: str) -> AnswerFilter:
    """The roster filter of a part of the years of service."""
    band = next((band for band in SERVICE if band.key == key), None)
    if band is None:
        return AnswerFilter(YEARS_RULE, kind=AnswerKind[key])
    return AnswerFilter(YEARS_RULE, least=band.low, below=band.high)


def _some(key: str, title: str, which: NDArray[np.bool_], *, told: bool = True) -> Iterator[Part]:
    if number := int(which.sum()):
        yield Part(key, title, number, told)

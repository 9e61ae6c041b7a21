"""Charts of the workbench: what a place's workers are made of, and the map of the places below. Each bar is a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from jiceng.answers.card import value_text
from jiceng.answers.step import Step
from jiceng.places.boundaries import Outlines, Shape, outlines
from jiceng.runs.law import installed_law
from jiceng.runs.overview import Line, Overview, has_value
from jiceng.runs.structure import Breakdown
from jiceng.ui.templatetags.kit import brief

SHADES = 5
DRAWN = {"education": "ring", "age": "bars"}
"""Breakdowns drawn as a chart beside their table, and how."""
NAME_SIZE = 26
"""Size of a name in the units of the map, as the style sheet has it."""


@dataclass(frozen=True)
class PartShown:
    """One bar of a breakdown: its share of the longest bar, and the list behind it."""

    title: str
    number: int
    share: float
    href: str
    told: bool


@dataclass(frozen=True)
class BreakdownShown:
    """A breakdown as a table and, where `chart` says how, as a chart of it."""

    key: str
    title: str
    parts: tuple[PartShown, ...]
    chart: str


def breakdowns(seen: Overview) -> list[BreakdownShown]:
    """What those in service are made of, each part with the roster list of exactly these workers."""
    return [_shown(one, seen.place) for one in seen.structure if one.parts]


def _shown(one: Breakdown, place: int) -> BreakdownShown:
    longest = max(part.number for part in one.parts)
    parts = tuple(
        PartShown(part.title, part.number, part.number / longest, _list(place, {one.key: part.key}), part.told) for part in one.parts
    )
    return BreakdownShown(one.key, one.title, parts, DRAWN.get(one.key, ""))


def _list(place: int, narrowed: dict[str, object]) -> str:
    return f"{reverse('roster')}?{urlencode({'place': place, **narrowed})}"


# ---- the map ----


@dataclass(frozen=True)
class Figure:
    """A figure the map can be coloured by. `of`: the number to compare (None: nothing to show), its text."""

    key: str
    title: str
    of: Callable[[Line], tuple[float, str] | None]


@dataclass(frozen=True)
class Area:
    """One outline with what it shows. `shade` 1 to SHADES, 0 without a figure; `named`: whether the name fits."""

    path: str
    shade: int
    name: str
    text: str
    href: str
    x: int
    y: int
    named: bool


@dataclass(frozen=True)
class Shade:
    """A line of the legend."""

    number: int
    text: str
    places: int


@dataclass(frozen=True)
class Map:
    """The map of the places one level below, coloured by a figure."""

    figure: Figure
    figures: tuple[Figure, ...]
    width: int
    height: int
    areas: tuple[Area, ...]
    lines: tuple[str, ...]
    legend: tuple[Shade, ...]
    untold: int
    note: str


def _answer(name: str) -> Callable[[Line], tuple[float, str] | None]:
    def of(line: Line) -> tuple[float, str] | None:
        step: Step | None = line.steps.get(name)
        if step is None or not has_value(step):
            return None
        text = value_text(step.value, step.type, step.unit, installed_law().terms)
        return float(int(step.value)), brief({"value": step.value, "text": text})  # type: ignore[arg-type]

    return of


def _late(line: Line) -> tuple[float, str] | None:
    return None if line.overdue is None else (float(line.overdue), f"{line.overdue:,} 人")


FIGURES = (
    Figure("gap", "缺额（未取整）", _answer("gap_exact")),
    Figure("rate", "每万城镇常住人口", _answer("rate_per_10k")),
    Figure("members", "在册（各类人员）", lambda line: (float(line.members), f"{line.members:,} 人")),
    Figure("overdue", "培训已逾期", _late),
)


def map_of(seen: Overview, children: Sequence[tuple[int, str]], *, wanted: str) -> Map | None:
    """The map of a place's children; None where no outline is known or the site has switched maps off."""
    if not settings.MAP:
        return None
    drawn = outlines(seen.place, [code for code, _ in children], folder=Path(settings.MAP_FOLDER))
    if drawn is None:
        return None
    figure = next((one for one in FIGURES if one.key == wanted), FIGURES[0])
    told = {line.code: said for line in seen.lines if (said := figure.of(line)) is not None}
    return _coloured(drawn, dict(children), figure, told)


def _coloured(drawn: Outlines, names: dict[int, str], figure: Figure, told: dict[int, tuple[float, str]]) -> Map:
    shades = _shades({code: value for code, (value, _) in told.items()})
    named = _named(drawn, names)
    areas = [
        Area(
            shape.path, shades.get(shape.code, 0), names[shape.code], told[shape.code][1] if shape.code in told else "未填报",
            f"?{urlencode({'place': shape.code})}", *shape.at, named=shape in named,
        )
        for shape in drawn.shapes if shape.code
    ]  # fmt: skip
    lines = tuple(shape.path for shape in drawn.shapes if not shape.code)
    untold = len({shape.code for shape in drawn.shapes if shape.code} - told.keys())
    return Map(figure, FIGURES, drawn.width, drawn.height, tuple(areas), lines, tuple(_legend(shades, told)), untold, drawn.note)


def _named(drawn: Outlines, names: dict[int, str]) -> list[Shape]:
    """The outlines on which a name finds room, the widest asked first, so that no two names overlap."""
    kept: list[Shape] = []
    for shape in sorted((shape for shape in drawn.shapes if shape.code), key=lambda shape: -shape.size):
        width = len(names[shape.code]) * NAME_SIZE
        apart = all(
            abs(shape.at[1] - one.at[1]) > NAME_SIZE * 1.2 or abs(shape.at[0] - one.at[0]) > (width + len(names[one.code]) * NAME_SIZE) / 2
            for one in kept
        )
        if apart and width < shape.size * 1.3:
            kept.append(shape)
    return kept


def _shades(values: dict[int, float]) -> dict[int, int]:
    """Places in up to five equal groups by their figure; equal figures are of one group."""
    distinct = sorted(set(values.values()))
    groups = min(SHADES, len(distinct))
    first = SHADES - groups
    return {code: first + distinct.index(value) * groups // len(distinct) + 1 for code, value in values.items()}


def _legend(shades: dict[int, int], told: dict[int, tuple[float, str]]) -> list[Shade]:
    legend = []
    for number in sorted(set(shades.values()), reverse=True):
        some = sorted(told[code] for code, shade in shades.items() if shade == number)
        low, high = some[0][1], some[-1][1]
        legend.append(Shade(number, low if low == high else f"{low.partition(' ')[0]} 至 {high}", len(some)))
    return legend

"""Two kept runs compared: sums by name and by place, and the people behind each number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.base.refusals import Refusal
from jiceng.desks.policy.runs import children, place_asked, trail
from jiceng.desks.policy.runs_people import card_href
from jiceng.places import reading as places
from jiceng.reports.kept_runs import answer_text, between, people_named, run_seen, said_of, sum_text
from jiceng.runs.kept import Difference, Rows
from jiceng.runs.kept_difference import VALUES, Part, Total
from jiceng.runs.law import installed_law
from jiceng.runs.models import KeptRun
from jiceng.terms.registry import Terms
from jiceng.ui.pages import PAGE_SIZE, page, scope_in

WAYS = {
    "risen": "增加的人", "fallen": "减少的人", "joined": "新来的人", "left": "离开的人", "found": "由无到有的人", "lost": "由有到无的人",
    "otherwise": "仍没有答案、缘由变了的人",
}  # fmt: skip

HEADS = {
    "risen": "增加", "fallen": "减少", "joined": "新来", "left": "离开", "found": "由无到有", "lost": "由有到无", "otherwise": "缘由变了",
}  # fmt: skip
EVERYBODY = {"came": "新来的人，有没有答案都在内", "went": "离开的人，有没有答案都在内"}


@dataclass(frozen=True)
class Cell:
    """How many people, what that makes in sum (nothing where sums mean nothing), and what opens them."""

    way: str
    people: int
    sum: str


@dataclass(frozen=True)
class Line:
    """One name at one place: before, after, what is known to have changed, and how it comes about. `query` asks for both;
    `own`: who stands at no place below."""

    name: str
    place: int
    own: bool
    title: str
    before: str
    after: str
    change: str
    cells: tuple[Cell, ...]

    @property
    def query(self) -> str:
        return f"place={self.place}&name={self.name}" + ("&own=1" if self.own else "")


@dataclass(frozen=True)
class Mover:
    """Somebody behind a number; `before`, `after` as printed, nothing on a side where the person is not, each with its card."""

    subject: int
    name: str
    place: str
    before: str
    after: str
    change: str
    before_href: str
    after_href: str


@dataclass(frozen=True)
class _Asked:
    """The two runs an address names, and where the comparison stands."""

    old: KeptRun
    new: KeptRun
    found: Difference
    whole: int
    place: int
    names: dict[int, str]
    said: dict[str, dict[str, Any]]
    terms: Terms


def _asked(request: HttpRequest) -> _Asked:
    """Errors  Concealed; Refusal runs.two, and those of `between`"""
    numbers = [int(text) for text in dict.fromkeys(request.GET.getlist("r")) if text.isascii() and text.isdigit() and len(text) < 10]
    if len(numbers) != 2:
        raise Refusal("runs.two", f"选了 {len(numbers)} 次计算", why="比较要正好选两次", do="请在列表里勾选两次计算，再按“比较”")
    first, second = (run_seen(scope_in(request), number) for number in numbers)
    old, new, found, whole = between(first, second)
    inner = old if old.place == whole else new
    place = place_asked(request, inner)
    here = found if place == whole else found.at(place)
    codes = {*here.before.places.tolist(), *here.after.places.tolist()}
    names = places.names_of({old.place, new.place, place, *trail(inner, place), *children(sorted(codes), place)}, on=new.on)
    return _Asked(old, new, here, whole, place, names, said_of(old) | said_of(new), installed_law().terms)


@page("see")
def compare(request: HttpRequest) -> HttpResponse:
    """Sums by name at a place, and of one name by the places below."""
    asked = _asked(request)
    found, said = asked.found, asked.said
    summed = [one for one in found.names if said[one]["sum"] is not None]
    name = request.GET.get("name", "")
    name = name if name in found.names else next(iter([*summed, *found.names]))
    codes = sorted({*np.unique(found.before.places).tolist(), *np.unique(found.after.places).tolist()})
    below = children(codes, asked.place)
    inner = asked.old if asked.old.place == asked.whole else asked.new
    context = {
        "old": asked.old, "new": asked.new, "place": asked.place, "place_name": asked.names.get(asked.place, str(asked.place)),
        "trail": [(code, asked.names.get(code, str(code))) for code in trail(inner, asked.place)],
        "names": asked.names, "joined": len(found.joiners), "left": len(found.leavers), "heads": HEADS,
        "lines": [_line(one, asked.place, False, said[one]["title"], found.total(one), said[one], asked.terms) for one in found.names],
        "name": name, "title": said[name]["title"], "query": f"r={asked.old.pk}&r={asked.new.pk}",
        "places": [
            _line(
                name, code, code == asked.place, asked.names.get(code, str(code)), _only(found, code, asked.place).total(name),
                said[name], asked.terms,
            )
            for code in below
        ],
    }  # fmt: skip
    return render(request, "policy/runs_compare.html", context)


def _only(found: Difference, code: int, place: int) -> Difference:
    if code != place:
        return found.at(code)
    before, after = (rows.part(rows.places == code) for rows in (found.before, found.after))
    return Difference(before, after, found.names)


def _line(name: str, place: int, own: bool, title: str, total: Total, said: Mapping[str, Any], terms: Terms) -> Line:
    summed = said["sum"] is not None

    def text(value: int, *, signed: bool = False) -> str:
        said_so = sum_text(value, said, terms) if summed else ""
        return f"+{said_so}" if signed and summed and value > 0 else said_so

    def cell(way: str, part: Part) -> Cell:
        return Cell(way, part.people, text(part.sum, signed=way in ("risen", "fallen")) if part.people else "")

    parts = {way: getattr(total, way) for way in WAYS if way != "otherwise"}
    cells = (*(cell(way, part) for way, part in parts.items()), Cell("otherwise", total.otherwise, ""))
    return Line(name, place, own, title, text(total.before.sum), text(total.after.sum), text(total.change, signed=True), cells)


@page("see")
def movers(request: HttpRequest) -> HttpResponse:
    """The people behind one number of a comparison, with what each had before and after."""
    asked, scope = _asked(request), scope_in(request)
    found, name, way = asked.found, request.GET.get("name", ""), request.GET.get("way", "")
    if name not in found.names or way not in WAYS | EVERYBODY:
        raise Refusal("runs.no_row", "比较里没有这一格", why="网址里的规则或栏目不在这次比较里", do="请从比较里点开数字")
    if request.GET.get("own"):
        found = _only(found, asked.place, asked.place)
    rows, before, after = _behind(found, name, way)
    shown = Paginator(range(len(rows)), PAGE_SIZE).get_page(request.GET.get("page", ""))
    at = np.array(shown.object_list, np.int64)
    part, said, terms = rows.part(at), asked.said[name], asked.terms
    full = places.full_names(part.places.tolist(), on=asked.new.on, above=asked.whole)
    told = zip(part.subjects.tolist(), part.places.tolist(), people_named(part, scope), at.tolist(), strict=True)
    context = {
        "old": asked.old, "new": asked.new, "place_name": asked.names.get(asked.place, str(asked.place)), "found": shown,
        "people": len(rows), "title": said["title"], "way": (WAYS | EVERYBODY)[way], "name": name,
        "query": f"r={asked.old.pk}&r={asked.new.pk}",
        "place": asked.place,
        "lines": [
            Mover(
                subject, who, full.get(code, str(code)), *_sides(before, after, n, lambda value: answer_text(value, said, terms)),
                _change(before, after, n, said, terms), card_href(asked.old, subject, name), card_href(asked.new, subject, name),
            )
            for subject, code, who, n in told
        ],
    }  # fmt: skip
    return render(request, "policy/runs_movers.html", context)


Side = np.ndarray[Any, np.dtype[np.int64]] | None


def _behind(found: Difference, name: str, way: str) -> tuple[Rows, Side, Side]:
    """Rows of the people of a way, and their answers on each side."""
    if way in ("came", "joined"):
        rows = found.joiners if way == "came" else _valued(found.joiners, name)
        return rows, None, rows.answers[name]
    if way in ("went", "left"):
        rows = found.leavers if way == "went" else _valued(found.leavers, name)
        return rows, rows.answers[name], None
    changed = found.changed(name)
    had, has = changed.before > VALUES, changed.after > VALUES
    masks = {
        "risen": had & has & (changed.after > changed.before), "fallen": had & has & (changed.after < changed.before),
        "found": has & ~had, "lost": had & ~has, "otherwise": ~had & ~has,
    }  # fmt: skip
    here = masks[way]
    rows = found.after.part(np.isin(found.after.subjects, changed.subjects[here]))
    return rows, changed.before[here], changed.after[here]


def _valued(rows: Rows, name: str) -> Rows:
    return rows.part(rows.answers[name] > VALUES)


def _sides(before: Side, after: Side, n: int, text: Callable[[int], str]) -> tuple[str, str]:
    return tuple("" if side is None else text(int(side[n])) for side in (before, after))  # type: ignore[return-value]


def _change(before: Side, after: Side, n: int, said: Mapping[str, Any], terms: Terms) -> str:
    """What is known to have changed for one person, where numbers can be taken from one another."""
    if before is None or after is None or said["type"] not in ("Yuan", "int", "Ratio"):
        return ""
    old, new = int(before[n]), int(after[n])
    if old <= VALUES or new <= VALUES:
        return ""
    text = sum_text(new - old, said, terms)
    return f"+{text}" if new > old else text

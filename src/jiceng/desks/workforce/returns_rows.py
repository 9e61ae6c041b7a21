"""What stands behind a number of a return: the people, or where names may not be seen how many and where; and what a version changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access.scope import Scope
from jiceng.answers.card import as_dict
from jiceng.base.dates import day_date
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.returns import kept, live
from jiceng.desks.workforce.showing import code_name
from jiceng.documents.pdf import PDF
from jiceng.documents.sending import attachment
from jiceng.documents.sheets import XLSX
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports.asked import step_of
from jiceng.reports.behind import Person, people_behind
from jiceng.reports.comparing import Difference
from jiceng.reports.form import MOVED, OPENING, Column
from jiceng.reports.lines import Line, depths
from jiceng.reports.masks import NOWHERE
from jiceng.reports.models import Return
from jiceng.reports.printing import Standing, paper, workbook
from jiceng.reports.returns import Period, Worked
from jiceng.reports.saying import period_text, said
from jiceng.reports.seen import compared, named
from jiceng.runs import reading
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import law_of
from jiceng.ui.moment import Moment
from jiceng.ui.pages import PAGE_SIZE, actor_of, clock, moment_in, page, scope_in

_SHOWN = 200


@dataclass(frozen=True)
class Shown:
    """Somebody behind a number. `day`, `cause`, `other` of a step: when, why, and the place at its other end."""

    subject: int
    name: str
    place: str
    post: str
    worker_class: str
    day: date | None
    cause: str
    other: str


@page("see")
def preview_rows(request: HttpRequest, place: int, since: date) -> HttpResponse:
    """Behind a number of a live return."""
    scope_in(request).require("see", place, what=f"查看区划 {place} 的报表")
    return _rows(request, live(place, Period(since, moment_in(request).on), request), back="../")


@page("see")
def return_rows(request: HttpRequest, number: int) -> HttpResponse:
    """Behind a number of a kept return."""
    return _rows(request, kept(request, number)[1], back="../")


def _rows(request: HttpRequest, worked: Worked, *, back: str) -> HttpResponse:
    line, column = _cell_asked(request, worked)
    if not column.counted:
        raise _no_cell()
    scope = scope_in(request)
    found = people_behind(worked, line, column)
    titles = {group.id: group.title for group in worked.form.groups}
    context: dict[str, Any] = {
        "worked": worked, "line": line, "column": column, "group": titles[column.group], "period_text": period_text(worked.period),
        "back": back, "number": len(found), "moved": column.measure == MOVED and column.of != OPENING,
    }  # fmt: skip
    if scope.may("see_names", line.code):
        start = _whole(request.GET.get("start", ""))
        end = start + PAGE_SIZE
        context |= {"people": _shown(worked, found[start:end]), "start": start, "before": max(start - PAGE_SIZE, 0)}
        context |= {"after": end if end < len(found) else 0, "params": f"p={line.key}&c={column.id}"}
    else:
        context["counts"] = _counts(worked, line, column)
    return render(request, "workforce/return_rows.html", context)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _cell_asked(request: HttpRequest, worked: Worked) -> tuple[Line, Column]:
    line, column = worked.line(request.GET.get("p", "")), worked.form.column(request.GET.get("c", ""))
    if line is None or column is None:
        raise _no_cell()
    return line, column


def _no_cell() -> Refusal:
    return Refusal("reports.cell", "报表里没有这一格", why="网址里的地方或栏目不在这张表里", do="请从报表里点开数字")


def _shown(worked: Worked, found: list[Person]) -> list[Shown]:
    """People of a line at which names may be seen."""
    terms = installed_law().terms
    names = reading.names_of(person.subject for person in found)
    natural = {key: _natural(key) for person in found for key in (person.key, person.other) if key != NOWHERE}
    full = places.full_names(natural.values(), on=worked.period.on, above=worked.place)
    causes = {item.id: item.name for item in terms.codes["DepartureCause"].items}
    return [
        Shown(
            one.subject, names.get(one.subject, ("（不在名册）", 0))[0], full.get(natural[one.key], str(natural[one.key])),
            code_name(terms, "Post", one.post), code_name(terms, "WorkerClass", one.worker_class),
            None if one.day is None else day_date(one.day), "" if one.cause is None else causes.get(one.cause, "未注明"),
            full.get(natural[one.other], "") if one.other != NOWHERE else "",
        )
        for one in found
    ]  # fmt: skip


def _natural(key: int) -> int:
    """A padded code back to the narrowest place it can be: a community, or the sub-district, county … itself."""
    for level in (tree.Level.province, tree.Level.city, tree.Level.county, tree.Level.street):
        natural = tree.natural(key, level)
        if tree.padded(natural) == key:
            return natural
    return key


def _counts(worked: Worked, line: Line, column: Column) -> list[tuple[str, int]]:
    """Numbers by the lines directly below, where names may not be seen."""
    depth = depths(worked.lines)
    inside = [one for one in worked.lines if depth[one.key] == depth[line.key] + 1 and tree.contains(line.code, one.code)]
    told = [(one.name, worked.cell(one.key, column.id)) for one in inside]
    return [(name, cell) for name, cell in told if isinstance(cell, int) and cell]


@page("see")
def preview_card(request: HttpRequest, place: int, since: date) -> HttpResponse:
    """The answer card of a live return's cell."""
    scope_in(request).require("see", place, what=f"查看区划 {place} 的报表")
    return _card(request, live(place, Period(since, moment_in(request).on), request))


@page("see")
def return_card(request: HttpRequest, number: int) -> HttpResponse:
    """The answer card of a kept return's cell, under the law and the knowledge it was frozen by."""
    return _card(request, kept(request, number)[1])


def _card(request: HttpRequest, worked: Worked) -> HttpResponse:
    line, column = _cell_asked(request, worked)
    if column.counted or line.own:
        raise _no_cell()
    law = law_of(worked.law_hash)
    step = step_of(
        column.of, line.code, place=worked.place, found=worked.lines, traits=worked.behind.traits, on=worked.period.on,
        known_by=worked.known_by, law=law, made=worked.form,
    )  # fmt: skip
    moment = Moment(worked.period.on, worked.known_by, moment_in(request).today)
    context = {"card": as_dict(step, law.terms), "about": line.name, "why_href": "", "moment": moment}
    template = "ui/panel_card.html" if request.headers.get("HX-Request") else "ui/card_page.html"
    return render(request, template, context)


@dataclass(frozen=True)
class Changed:
    """A difference in words. `came`, `gone`: (worker, name) where names may be seen; `hidden`: how many are not named."""

    line: str
    group: str
    column: str
    before: str
    after: str
    came: tuple[tuple[int, str], ...]
    gone: tuple[tuple[int, str], ...]
    hidden: int


@page("see")
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """Cell by cell, what a correction says otherwise than the version it corrects; of a return not corrected, what is known by now."""
    row, worked = kept(request, number)
    seen = compared(row, worked, today=moment_in(request).today)
    context = {
        "row": row, "worked": worked, "period_text": period_text(worked.period), "said_old": f"第 {seen.old} 版",
        "said_new": "台账现在" if seen.new is None else f"第 {seen.new} 版",
        "changes": _changed(seen.found[:_SHOWN], worked, scope_in(request)), "number": len(seen.found), "people": seen.people,
        "causes": Counter(one.column.title for one in seen.found).most_common(6),
    }  # fmt: skip
    return render(request, "workforce/return_changes.html", context)


def _changed(found: Sequence[Difference], worked: Worked, scope: Scope) -> list[Changed]:
    titles = {group.id: group.title for group in worked.form.groups}
    told = []
    for one, who in zip(found, named(found, scope), strict=True):
        before, after = ("—" if cell is None else said(cell, one.column).text for cell in (one.before, one.after))
        told.append(Changed(one.line.name, titles[one.column.group], one.column.title, before, after, who.came, who.gone, who.hidden))
    return told


@page("see")
def preview_file(request: HttpRequest, place: int, since: date, kind: str) -> HttpResponse:
    """A live return as a file."""
    scope_in(request).require("see", place, what=f"下载区划 {place} 的报表")
    return _file(request, live(place, Period(since, moment_in(request).on), request), Standing("未上报，导出时计算", 1, ""), kind)


@page("see")
def return_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """A kept return as a file."""
    row, worked = kept(request, number)
    return _file(request, worked, standing_of(row), kind)


def standing_of(row: Return) -> Standing:
    """What a printed return says of itself."""
    return Standing(row.get_state_display(), row.version, row.hash)


def _file(request: HttpRequest, worked: Worked, standing: Standing, kind: str) -> HttpResponse:
    """Every sheet of the form, down to the level asked for."""
    deep = _whole(request.GET.get("deep", "")) or 1
    made, by = clock(), actor_of(request)
    name = f"{worked.lines[0].name}{worked.form.title}-{period_text(worked.period)}"
    sheets = worked.form.sheets
    if kind not in ("pdf", "xlsx"):
        raise Http404
    if kind == "pdf":
        content = paper(worked, standing, sheets=sheets, deep=deep, by=by, made=made)
        return attachment(content, name=f"{name}.pdf", type=PDF)
    return attachment(workbook(worked, standing, sheets=sheets, deep=deep, by=by, made=made), name=f"{name}.xlsx", type=XLSX)

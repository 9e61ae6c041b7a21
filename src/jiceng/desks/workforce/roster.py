"""The roster: who is on it, filtered, sorted and paged. All of it is in the address, so a list can be sent as a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.asking import Asked, asked, filters_of
from jiceng.desks.workforce.bulk_forms import bulk_kinds
from jiceng.desks.workforce.list_columns import NAME, ListColumn, chosen, shown
from jiceng.desks.workforce.lists import LISTS
from jiceng.desks.workforce.views import columns_kept, named_views
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs.law import installed_law
from jiceng.runs.roster import IN_TREE_ORDER, Found, Order, find, roster, rules_of
from jiceng.runs.standing import PAGE_SECONDS, moment_for
from jiceng.ui.choices import PlaceChoice
from jiceng.ui.moment import Moment
from jiceng.ui.pages import PAGE_SIZE, moment_in, page, scope_in

__all__ = ["filters_of", "listing_of", "roster_page"]

SIZES = (PAGE_SIZE, 80)
_PLACES_SHOWN = 40
_JUMPS = 12


@dataclass(frozen=True)
class Listing:
    """A roster address worked out: what was asked, by which columns and in which order it is shown, and all that match."""

    asked: Asked
    columns: tuple[ListColumn, ...]
    order: Order
    found: Found


@dataclass(frozen=True)
class Heading:
    """A column's heading: the order a click gives, and how the list is sorted by it now ("ascending", "descending", "")."""

    column: ListColumn
    sort: str
    now: str


def listing_of(query: QueryDict, *, scope: Scope, moment: Moment, kept: Sequence[str], seconds: float | None = PAGE_SECONDS) -> Listing:
    """The roster an address describes. `kept`: keys of the columns where the address names none.

    Errors  Refusal page.filter, page.columns, page.sort, runs.building; Denied
    """
    question = asked(query, scope=scope, moment=moment)
    keys = query.get("cols", "")
    columns = chosen(keys.split(",") if keys else kept, installed_law())
    order = _order(query.get("sort", ""), columns)
    at = moment_for(on=moment.on, known_by=moment.known_by, today=moment.today, seconds=seconds)
    found = find(at, ranges=scope.spans(question.seen), filters=question.filters, rules=rules_of(order), seconds=seconds)
    return Listing(question, columns, order, found)


@page("see")
def roster_page(request: HttpRequest) -> HttpResponse:
    """One page of the roster.

    Errors  Refusal page.filter if the address holds a filter that is not offered
    """
    if request.GET.get("to", "").strip():
        return _jump(request)
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    listing = listing_of(request.GET, scope=scope, moment=moment, kept=columns_kept(request))
    question, size = listing.asked, _size(request)
    after, before = _key(request.GET.get("after", "")), _key(request.GET.get("before", ""))
    at = listing.found.moment
    seen = roster(
        at, ranges=(), filters=question.filters, size=size, order=listing.order, after=after, before=before, found=listing.found
    )  # fmt: skip
    context = {
        "form": question.form,
        "choice": question.choice,
        "chips": question.chips,
        "found": seen,
        "name": NAME,
        "headings": [_heading(column, listing.order) for column in listing.columns],
        "lines": shown(seen.rows, listing.columns, scope=scope, law=law, on=moment.on, above=question.choice.chosen),
        "last": seen.first + len(seen.rows) - 1,
        "after": _text(seen.after),
        "before": _text(seen.before),
        "size": size,
        "sizes": SIZES,
        "below": _below(question.choice, listing.found),
        "views": named_views(request),
        "columns": ",".join(column.key for column in listing.columns),
        "may_record": bool(scope.places_for("record")),
        "bulk": bulk_kinds(law.terms) if moment.is_now and scope.places_for("record") else (),
        "may_import": bool(scope.places_for("import")),
        "listed": [LISTS[key] for key in question.form.cleaned_data["due"] if not LISTS[key].soon],
    }
    return render(request, "workforce/roster.html", context)


def _below(choice: PlaceChoice, found: Found) -> list[tuple[int, str, int]]:
    """Places one level below with somebody of the list in them, and how many."""
    counts = [(code, name, found.count_inside(code)) for code, name in choice.below] if len(found) else []
    return [one for one in counts if one[2]][:_PLACES_SHOWN]


def _jump(request: HttpRequest) -> HttpResponse:
    """Straight to a place by its name; where several have it, a list to choose from."""
    scope, moment = scope_in(request), moment_in(request)
    text = request.GET.get("to", "").strip()
    hits = [one for code in scope.places_for("see") for one in places.search(text, scope=code, on=moment.on, limit=_JUMPS)]
    rest = request.GET.copy()
    for name in ("to", "after", "before", "on", "known"):
        rest.pop(name, None)
    if len(hits) == 1:
        rest["place"] = str(hits[0].code)
        return redirect(f"{reverse('roster')}?{rest.urlencode()}")
    names = places.full_names([one.code for one in hits], on=moment.on)
    found = [(one.code, names.get(one.code, one.name), tree.LEVEL_NAMES[tree.level_of(one.code)]) for one in hits]
    return render(request, "workforce/roster_jump.html", {"text": text, "found": found, "most": _JUMPS})


def _order(text: str, columns: tuple[ListColumn, ...]) -> Order:
    """The order in an address: a column's sort name, with - in front for falling."""
    by = text.removeprefix("-")
    if not by:
        return Order()
    if by != IN_TREE_ORDER and by not in {column.sort for column in columns if column.sort}:
        raise Refusal("page.sort", f"不能按“{by}”排序", why="这一列不在表中，或不能排序", do="请点表头有箭头的列")
    return Order(by, falling=text.startswith("-"))


def _heading(column: ListColumn, order: Order) -> Heading:
    if not column.sort or column.sort != order.by:
        return Heading(column, column.sort, "")
    return Heading(column, column.sort if order.falling else f"-{column.sort}", "descending" if order.falling else "ascending")


def _size(request: HttpRequest) -> int:
    text = request.GET.get("size", "")
    return int(text) if text in {str(size) for size in SIZES} else PAGE_SIZE


def _key(text: str) -> tuple[int, int] | None:
    """A page's key in the address: value-subject."""
    value, dash, subject = text.rpartition("-")
    if not dash or not text.isascii() or not subject.isdigit() or not value.removeprefix("-").isdigit() or len(text) > 40:
        return None
    return int(value), int(subject)


def _text(key: tuple[int, int] | None) -> str:
    return f"{key[0]}-{key[1]}" if key else ""

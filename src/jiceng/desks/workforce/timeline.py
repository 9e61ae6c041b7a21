"""Timelines of a worker and of a place: what is believed, by the day it holds from; what was recorded, by when it became known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access.actors import shown_actors
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.place import place_in_scope
from jiceng.desks.workforce.worker import head_context, permissions, row_in_scope
from jiceng.ledger import reading
from jiceng.ledger.attachments import KINDS
from jiceng.ledger.ids import entry_of
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.past import past
from jiceng.runs import attaching, timeline
from jiceng.runs import reading as kept
from jiceng.runs.attaching import Document
from jiceng.runs.law import installed_law
from jiceng.runs.reading import Act
from jiceng.runs.timeline import Change, Item
from jiceng.ui.pages import moment_in, page, scope_in

ITEMS = 40
VIEWS = {"valid": "按发生时间", "known": "按记入时间"}


@dataclass(frozen=True)
class Entered:
    """An entry on the timeline: what it changed, and the documents that came with it."""

    act: Act
    changes: tuple[Change, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Held:
    """A fact on the timeline, with the documents that prove it."""

    item: Item
    documents: tuple[Document, ...]


@page("see")
def worker_timeline(request: HttpRequest, subject: int) -> HttpResponse:
    """Everything told of a worker, along time."""
    found = row_in_scope(request, subject)
    context = head_context(request, found) | {"tab": "history", "of": "worker"}
    return render(request, "workforce/history.html", context | _timeline(request, subject, found.place))


@page("see")
def place_timeline(request: HttpRequest, code: int) -> HttpResponse:
    """Everything told of a place, along time, with its names and what became of it."""
    here, choice = place_in_scope(request, code)
    context = {"code": code, "choice": choice, "here": here, "of": "place", "may": permissions(request, code), "past": past(code)}
    return render(request, "workforce/place_history.html", context | _timeline(request, tree.subject_of(code), code))


def _timeline(request: HttpRequest, subject: int, place: int) -> dict[str, Any]:
    moment, terms = moment_in(request), installed_law().terms
    view = request.GET.get("view", "valid")
    if view not in VIEWS:
        raise Refusal("page.order", "没有这种排法", where="时间线", do="请选“按发生时间”或“按记入时间”")
    told = reading.everything(subject, terms=terms)
    acts = kept.acts_about(subject, known_by=moment.known_by, terms=terms, told=told)
    names = scope_in(request).may("see_names", place)
    documents = _documents(told, opened=names)
    chosen = request.GET.get("kind", "")
    shown: list[Any]
    if view == "valid":
        held = [Held(item, _proving(item, documents)) for item in timeline.believed(acts, on=moment.on) if item.fact.kind is not None]
        # A document that proves a fact stands there; asked for documents, all of them are listed.
        shown_at = set() if chosen else {paper.fact for one in held for paper in one.documents}
        shown = [one for one in held if _wanted(one.item.fact.kind, chosen) and one.item.fact.id not in shown_at]
    else:
        shown = [
            Entered(act, tuple(change for change in timeline.changes(act) if chosen in ("", change.kind)), _with(act.id, documents))
            for act in acts
        ]  # fmt: skip
        shown = [one for one in shown if one.changes]
    told_kinds = {one.fact.kind for one in told}
    pages = Paginator(shown, ITEMS).get_page(request.GET.get("page"))
    on_page = {one.item.act.actor if isinstance(one, Held) else one.act.actor for one in pages}
    return {
        "view": view, "views": VIEWS, "kind": chosen, "pages": pages, "actors": shown_actors(on_page), "names": names,
        "kinds": [kind for kind in sorted(terms.kinds.values(), key=lambda kind: kind.number) if kind.id in told_kinds],
        "places": places.full_names(_placed(pages), on=moment.on), "files": {one.fact: one for one in documents},
    }  # fmt: skip


def _wanted(kind: Any, chosen: str) -> bool:
    return not chosen or (kind is not None and kind.id == chosen)


def _documents(told: Sequence[reading.Told], *, opened: bool) -> list[Document]:
    """Documents of the subject, ended ones too; unopened, without what they are called."""
    facts = [one.fact for one in told if one.fact.kind in KINDS.values()]
    return attaching.shown(facts if opened else [fact._replace(sealed=None) for fact in facts])


def _proving(item: Item, documents: Iterable[Document]) -> tuple[Document, ...]:
    """Documents recorded with a fact, or named as its evidence later. One recorded with several facts stands at each."""
    if item.fact.kind is not None and item.fact.kind.id in KINDS.values():
        return ()
    return tuple(one for one in documents if one.about in item.ids or (not one.about and one.entry == item.act.id))


def _with(entry: int, documents: Iterable[Document]) -> tuple[Document, ...]:
    return tuple(one for one in documents if one.entry == entry or (one.about and entry_of(one.about) == entry))


def _placed(shown: Iterable[Held | Entered]) -> set[int]:
    facts = [fact for one in shown for fact in _facts(one)]
    return {fact.place for fact in facts if fact.place}


def _facts(one: Held | Entered) -> list[kept.FactShown]:
    if isinstance(one, Held):
        return [one.item.fact, *one.item.was]
    return [fact for change in one.changes for fact in (*change.was, *change.becomes)]


"""Entries of the ledger: what each wrote and ended, who, when, on what basis, under which seal; and undoing one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access.actors import shown_actors
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import reading as kept
from jiceng.runs.commit import undo
from jiceng.runs.seen import entry_seen
from jiceng.ui.pages import PAGE_SIZE, actor_of, clock, moment_in, page, scope_in


class UndoForm(forms.Form):
    """Why an entry is undone."""

    why = forms.CharField(label="撤销理由", max_length=300)


@page("see")
def entries_page(request: HttpRequest) -> HttpResponse:
    """The latest entries of the books the account may see."""
    scope = scope_in(request)
    books = kept.books_in(scope.ranges("see"))
    before = request.GET.get("before", "")
    found = kept.recent_acts(books, before=int(before) if before.isascii() and before.isdigit() else None, size=PAGE_SIZE + 1)
    more = len(found) > PAGE_SIZE
    acts = found[:PAGE_SIZE]
    context = {
        "acts": acts,
        "actors": shown_actors(act.actor for act in acts),
        "books": books,
        "before": acts[-1].known_number if more else "",
    }
    return render(request, "office/entries.html", context)


@page("see")
def entry_page(request: HttpRequest, number: int) -> HttpResponse:
    """One entry."""
    scope, moment = scope_in(request), moment_in(request)
    found, spoken = entry_seen(scope, number)
    workers = {fact.subject for fact in (*found.wrote, *found.ended) if fact.subject < 1 << 61}
    rows = kept.names_of(sorted(workers)[:300])
    people = {subject: scope.shown_name(name, place=place) for subject, (name, place) in rows.items()}
    codes = {tree.code_of(fact.subject) for fact in (*found.wrote, *found.ended) if fact.subject >= 1 << 62}
    codes |= {fact.place for fact in (*found.wrote, *found.ended) if fact.place}
    context = {
        "act": found,
        "actors": shown_actors([found.actor]),
        "people": people,
        "places": places.full_names(codes, on=moment.on),
        "may_undo": not found.undone and found.act != "erase" and all(scope.may("undo", place) for place in spoken),
    }
    return render(request, "office/entry.html", context)


@page("undo")
def undo_page(request: HttpRequest, number: int) -> HttpResponse:
    """Undo an entry, after a reason."""
    scope = scope_in(request)
    found, _ = entry_seen(scope, number, "undo")
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entry = undo(number, actor=actor_of(request), why=form.cleaned_data["why"], clock=clock)
        messages.success(request, f"已撤销{found.name}，记为{entry}。")
        return redirect("entry", entry.id)
    context = {"act": found, "actors": shown_actors([found.actor]), "form": form}
    return render(request, "office/undo.html", context, status=422 if form.is_bound else 200)

"""One act for many workers: choose them on the roster, fill in once, look at what it does, confirm, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce import bulk_jobs
from jiceng.desks.workforce.bulk_forms import EACH, EACH_MOST, BulkForm, EachForm, ask_as_json, ask_from_json, bulk_kinds, initial_from
from jiceng.desks.workforce.bulk_look import above
from jiceng.desks.workforce.entering import communities_of
from jiceng.desks.workforce.jobs import read_progress
from jiceng.desks.workforce.models import BulkAct
from jiceng.desks.workforce.roster import filters_of
from jiceng.intake.models import Upload
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import bulk_acts
from jiceng.runs.commit import undo_batch
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing
from jiceng.runs.roster import find
from jiceng.runs.standing import moment_for
from jiceng.runs.transferred import subject_moved_by
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.pages import PAGE_SIZE, actor_of, clock, moment_in, page, scope_in

State = BulkAct.State
SHOWN = 50


class UndoForm(forms.Form):
    """Why an act is taken back."""

    why = forms.CharField(label="撤销理由", max_length=300)


@page("record")
def choose(request: HttpRequest) -> HttpResponse:
    """The account's own acts; or takes the workers chosen on the roster: those ticked, or all that match its conditions.

    Errors  Denied for a worker at a place where the account may not record, or whom nobody knows; Refusal bulk.nobody,
            bulk.too_many, bulk.kind
    """
    moment, terms = moment_in(request), installed_law().terms
    if request.method != "POST":
        own = BulkAct.objects.filter(account=request.user).defer("result", "ask", "heads")[:PAGE_SIZE]
        return render(request, "workforce/bulk_list.html", {"acts": [(act, terms.kinds[act.kind].name, len(act.subjects)) for act in own]})
    kind = _kind(request.POST.get("kind", ""), terms)
    at = moment_for(on=moment.today, known_by=None, today=moment.today)
    subjects = _matching(request, at) if request.POST.get("who") == "all" else _ticked(request)
    if not subjects:
        raise Refusal("bulk.nobody", "没有选人", why="一个人也没有勾选，或没有符合条件的人", do="请回到名册勾选，或选“符合条件的全部”")
    if len(subjects) > bulk_acts.MOST:
        raise Refusal(
            "bulk.too_many", f"选了 {bulk_acts.MOST:,} 人以上", why=f"一批最多 {bulk_acts.MOST:,} 人", do="请按县或按条件分几批办理"
        )
    act = BulkAct.objects.create(account=request.user, at=clock(), kind=kind.id, on=moment.today, subjects=subjects)
    return redirect("bulk", act.pk)


def _ticked(request: HttpRequest) -> list[int]:
    """The ticked workers. A number from elsewhere refuses the whole: it did not come from a page we sent."""
    given = {int(text) for text in request.POST.getlist("one") if text.isascii() and text.isdigit() and len(text) < 19}
    scope, rows = scope_in(request), bulk_acts.standing_rows(sorted(given))
    for subject in sorted(given):
        # Whom nobody knows is refused like whom somebody else keeps: at no place.
        scope.require("record", rows[subject].place if subject in rows else 0, what=f"批量办理编号 {subject} 的人员")
    return list(rows)


def _matching(request: HttpRequest, at: int) -> list[int]:
    """Workers who match the roster's conditions, at places where the account may record; one more than may be."""
    scope = scope_in(request)
    filters, seen = filters_of(request, QueryDict(request.POST.get("query", "")))
    # The narrower of both: what may be found by these conditions, and where something may be recorded.
    found = find(at, ranges=scope.spans(seen), filters=filters)
    there = zip(found.subjects.tolist(), found.table.plain["place"][found.at].tolist(), strict=True)
    return [subject for subject, place in there if scope.may("record", place)][: bulk_acts.MOST + 1]


def _kind(text: str, terms: Terms) -> Kind:
    found = next((kind for kind in bulk_kinds(terms) if kind.id == text), None)
    if found is None:
        raise Refusal("bulk.kind", "没有选要办的事", why="这一种不能批量登记，或没有选", do="请在名册下方选择要登记什么")
    return found


def act_of(request: HttpRequest, number: int) -> BulkAct:
    """An act of the account's own; one that was recorded also for whoever may see all its places.

    Errors  Concealed for one that is not there, is somebody else's and not recorded yet, or speaks of a place outside
    """
    scope, found = scope_in(request), BulkAct.objects.select_related("account").filter(pk=number).first()
    spoken = bulk_acts.places_of_batch(found.batch if found and found.batch is not None else 0)
    outside = next((place for place in sorted(spoken) if not scope.may("see", place)), None)
    if found is None or outside is not None or (found.account_id != request.user.pk and found.batch is None):
        raise scope.conceal("see", what=f"查看批量办理 {number}", place=outside)
    return found


@page("see")
def bulk_page(request: HttpRequest, act: int) -> HttpResponse:
    """Where the act stands: the form, the look, what was recorded."""
    found = act_of(request, act)
    terms = installed_law().terms
    kind = terms.kinds[found.kind]
    context: dict[str, Any] = {"act": found, "kind": kind, "number": len(found.subjects)}
    if found.state in (State.looking, State.landing):
        context["stalled"] = found.account_id == request.user.pk and bulk_jobs.stalled(found)
        if request.method == "POST" and context["stalled"]:
            bulk_jobs.start_look(found)
            return redirect("bulk", act)
        return render(request, "workforce/bulk_wait.html", context | _progress(found))
    if found.state == State.landed:
        return render(request, "workforce/bulk_done.html", context | _done(request, found))
    if request.method == "POST" or found.state == State.chosen or request.GET.get("edit"):
        return _form(request, found, kind, context)
    return render(request, "workforce/bulk_look.html", context | _looked(request, found))


def _form(request: HttpRequest, found: BulkAct, kind: Kind, context: dict[str, Any]) -> HttpResponse:
    moment, terms = moment_in(request), installed_law().terms
    rows = bulk_acts.standing_rows(found.subjects)
    kept = ask_from_json(found.kind, found.ask) if found.ask else None
    first = initial_from(kept, kind) if kept else {"since": moment.today}
    one_by_one = kind.id in EACH and len(rows) <= EACH_MOST
    form = BulkForm(
        kind, terms, request.POST or None, initial=first, each=one_by_one, places=_places(request, rows) if kind.placed else ()
    )  # fmt: skip
    said = kept.each if kept else {}
    each = {s: EachForm(kind, terms, request.POST or None, prefix=f"p{s}", initial=said.get(s)) for s in (rows if one_by_one else ())}
    if request.method == "POST" and form.is_valid() and all([one.is_valid() for one in each.values()]):
        ask = form.ask({subject: given for subject, one in each.items() if (given := one.given())})
        if ask.place:
            scope_in(request).require("record", ask.place, what="把任职登记到该地方")
        found.ask, found.on = ask_as_json(ask), moment.on
        found.save(update_fields=["ask", "on"])
        bulk_jobs.start_look(found)
        return redirect("bulk", found.pk)
    people = _people(request, rows)
    context |= {
        "form": form,
        "each": [(people[subject], one) for subject, one in each.items()],
        "each_fields": [kind.fields[name] for name in EACH.get(kind.id, ())] if each else [],
        "people": list(people.values())[:8],
        "refusal": found.result.get("refusal") if request.method != "POST" else None,
    }
    return render(request, "workforce/bulk_form.html", context, status=422 if request.method == "POST" else 200)


def _places(request: HttpRequest, rows: Mapping[int, Standing]) -> list[tuple[str, Any]]:
    """Communities of the places around those where the workers stand."""
    scope, moment = scope_in(request), moment_in(request)
    counties = sorted({tree.ancestors(row.place)[2] for row in rows.values() if len(tree.ancestors(row.place)) > 2})
    if len(counties) != 1:
        return []
    return [
        (group, [(code, name) for code, name in inside if scope.may("record", int(code))])
        for group, inside in communities_of(counties[0], on=moment.on)
    ]


def _people(request: HttpRequest, rows: Mapping[int, Standing]) -> dict[int, dict[str, Any]]:
    """Names and places as the account may see them."""
    scope, moment = scope_in(request), moment_in(request)
    codes = {row.place for row in rows.values() if row.place}
    names = places.full_names(codes, on=moment.on, above=above(codes))
    return {
        subject: {"subject": subject, "name": scope.shown_name(row.name, place=row.place), "place": names.get(row.place, "")}
        for subject, row in rows.items()
    }


def _looked(request: HttpRequest, found: BulkAct) -> dict[str, Any]:
    persons: Sequence[Mapping[str, Any]] = found.result["persons"]
    only = request.GET.get("only", "")
    wanted = [one for one in persons if not only or one["state"] == only]
    text = request.GET.get("from", "0")
    start = min(int(text), len(wanted)) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    shown = wanted[start : start + SHOWN]
    people = _people(request, bulk_acts.standing_rows([one["subject"] for one in shown]))
    ask = ask_from_json(found.kind, found.ask)
    return {
        "ask": ask, "result": found.result, "counts": found.result["counts"], "only": only, "wanted": len(wanted),
        "persons": [(people.get(one["subject"], {"subject": one["subject"], "name": "（不在名册）", "place": ""}), one) for one in shown],
        "before": max(start - SHOWN, 0) if start else None, "after": start + SHOWN if start + SHOWN < len(wanted) else None,
    }  # fmt: skip


@page("record")
def confirm(request: HttpRequest, act: int) -> HttpResponse:
    """Records what was looked at. One update decides who confirms: a second click finds the state changed.

    Errors  Refusal bulk.not_looked
    """
    found = act_of(request, act)
    if request.method != "POST" or not BulkAct.objects.filter(pk=act, state=State.looked, account=request.user).update(state=State.landing):
        if found.state in (State.landing, State.landed):
            return redirect("bulk", act)
        raise Refusal("bulk.not_looked", "这次办理现在不能确认", why=f"状态是“{found.get_state_display()}”", do="请回到办理页看现在的情况")
    bulk_jobs.start_landing(found)
    return redirect("bulk", act)


def _progress(found: BulkAct) -> dict[str, Any]:
    done, rows = read_progress(f"bulk-{found.pk}")
    return {"done": done, "rows": rows}


@page("record")
def progress(request: HttpRequest, act: int) -> HttpResponse:
    """How far it got; once it is over, the whole page is asked for again."""
    found = act_of(request, act)
    answer = render(request, "workforce/bulk_progress.html", {"act": found, **_progress(found)})
    if found.state not in (State.looking, State.landing):
        answer["HX-Refresh"] = "true"
    return answer


def _done(request: HttpRequest, found: BulkAct) -> dict[str, Any]:
    assert found.batch is not None
    scope = scope_in(request)
    entries = bulk_acts.entries_of(found.batch)
    undone = sum(entries.values())
    whole = undone == len(entries)
    may = not whole and all(scope.may("undo", place) for place in bulk_acts.places_of_batch(found.batch))
    ask = ask_from_json(found.kind, found.ask)
    return {"entries": entries.items(), "undone": undone, "whole": whole, "may_undo": may, "counts": found.result["counts"], "ask": ask}


@page("see")
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """From the number of a batch to the page of what it was: an import, an act for many, or a move.

    Errors  Concealed for one that is not there, or that the account may not see
    """
    scope = scope_in(request)
    upload, act = Upload.objects.filter(batch=number).first(), BulkAct.objects.filter(batch=number).first()
    spoken = bulk_acts.places_of_batch(number)
    outside = next((place for place in sorted(spoken) if not scope.may("see", place)), None)
    moved = subject_moved_by(number)
    if moved is not None and outside is None:
        return redirect("roster_transfer", moved)
    if outside is not None or (upload is None and act is None):
        raise scope.conceal("see", what=f"查看批次 {number}", place=outside)
    return redirect("import_upload", upload.pk) if upload is not None else redirect("bulk", act.pk)  # type: ignore[union-attr]


@page("undo")
def undo_page(request: HttpRequest, act: int) -> HttpResponse:
    """Take the whole batch back."""
    found = act_of(request, act)
    if found.batch is None:
        raise Refusal("bulk.not_landed", "这次办理没有记入，不用撤销", why=f"状态是“{found.get_state_display()}”", do="请回到办理页")
    for place in sorted(bulk_acts.places_of_batch(found.batch)):
        scope_in(request).require("undo", place, what=f"撤销批量办理 {act}")
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        undo_batch(found.batch, actor=actor_of(request), why=form.cleaned_data["why"], clock=clock)
        messages.success(request, "已撤销整批。")
        return redirect("bulk", act)
    context = {
        "act": found,
        "form": form,
        "kind": installed_law().terms.kinds[found.kind],
        "entries": bulk_acts.entries_of(found.batch).items(),
    }
    return render(request, "workforce/bulk_undo.html", context, status=422 if form.is_bound else 200)

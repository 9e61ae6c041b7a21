"""Starting a collection round, and the reminders of one."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.rounds import board_for
from jiceng.intake.roster import ROSTER
from jiceng.packets import rounds
from jiceng.packets.reminders import reminders
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.ui.choices import place_choice
from jiceng.ui.kind_forms import DayField
from jiceng.ui.moment import Moment
from jiceng.ui.pages import clock, moment_in, page, scope_in

_DAYS = 7
OFFERED = [column for column in ROSTER if column.offered and not column.needed]


class RoundForm(forms.Form):
    """What is asked, of which day, until when."""

    title = forms.CharField(label="名称", max_length=80, help_text="写在每张表上，如“2026年11月花名册核对”")
    office = forms.CharField(label="收表单位", max_length=80)
    on = DayField(label="截至日", help_text="表里预填这一天的情况")
    due = DayField(label="交回期限")
    note = forms.CharField(label="要求", max_length=300, required=False, help_text="写在每张表的第一页，如“请重点核对合同到期日”")


@page("import")
def new(request: HttpRequest) -> HttpResponse:
    """Who is asked: the account's place or one inside it, a level, the places of it; then what and until when."""
    scope, moment = scope_in(request), moment_in(request)
    asked = request.POST if request.method == "POST" else request.GET
    choice = place_choice(scope, _number(asked.get("place", "")), on=moment.today, permission="import")
    if not choice.chosen:
        return render(request, "workforce/round_where.html", {"choice": choice})
    levels = rounds.levels_below(choice.chosen)
    level = _number(asked.get("level", "")) if _number(asked.get("level", "")) in levels else _usual(levels)
    found = rounds.candidates(choice.chosen, level=level, on=moment.today, terms=installed_law().terms)
    form = RoundForm(request.POST or None, initial=_usual_words(scope, request, moment))
    ticked = {_number(text) for text in request.POST.getlist("to")} if form.is_bound else {one.code for one in found if one.workers}
    columns = request.POST.getlist("columns") if form.is_bound else [column.id for column in OFFERED]
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(request, form, choice.chosen, sorted(ticked), columns)
        except Refusal as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, "已发起。下载压缩包，发给各地填报；各地也可以登录后自己下载。")
            return redirect("round", made.pk)
    context = {
        "form": form, "choice": choice, "levels": levels.items(), "level": level, "offered": OFFERED, "columns": columns,
        "groups": _grouped(found), "ticked": ticked, "workers": sum(one.workers for one in found),
    }  # fmt: skip
    return render(request, "workforce/round_new.html", context, status=422 if form.is_bound else 200)


def _made(request: HttpRequest, form: RoundForm, place: int, to: list[int], columns: list[str]) -> Any:
    scope, moment = scope_in(request), moment_in(request)
    scope.require("import", place, what=f"在区划 {place} 发起收表")
    given = form.cleaned_data
    whole = {column.id for column in OFFERED} <= set(columns)
    return rounds.new_round(
        title=given["title"], place=place, places=to, columns=() if whole else columns or ["name"], on=given["on"], due=given["due"],
        office=given["office"], note=given["note"], account=request.user, clock=clock, today=moment.today, terms=installed_law().terms,  # type: ignore[arg-type]
    )  # fmt: skip


def _usual(levels: dict[int, str]) -> int:
    """Streets and towns where there are any below: that is whom a county asks."""
    return 4 if 4 in levels else next(iter(levels))


def _usual_words(scope: Scope, request: HttpRequest, moment: Moment) -> dict[str, Any]:
    today = moment.today
    office = getattr(request.user, "office", "")
    return {"title": f"{today.year}年{today.month}月花名册核对", "office": office, "on": today, "due": today + timedelta(days=_DAYS)}


def _grouped(found: list[rounds.Candidate]) -> list[tuple[str, list[rounds.Candidate]]]:
    groups: dict[str, list[rounds.Candidate]] = {}
    for one in found:
        groups.setdefault(one.above, []).append(one)
    return list(groups.items())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


@page("import")
def remind(request: HttpRequest, number: int) -> HttpResponse:
    """A text for each place that is waited for, to copy."""
    found, _, lines = board_for(request, number)
    scope_in(request).require("import", found.place, what=f"催办（收表 {number}）")
    told = reminders(found, lines, today=moment_in(request).today)
    context = {"round": found, "told": told, "place": places.full_name(found.place, on=found.on)}
    return render(request, "workforce/round_remind.html", context)


@page("import")
def remind_text(request: HttpRequest, number: int) -> FileResponse:
    """All reminders as one text file."""
    found, _, lines = board_for(request, number)
    scope_in(request).require("import", found.place, what=f"催办（收表 {number}）")
    told = reminders(found, lines, today=moment_in(request).today)
    text = "\r\n\r\n".join(one.text.replace("\n", "\r\n") for one in told) or "没有要催办的地方。"
    # A byte order mark, so that old editors on office machines read it as what it is.
    content = BytesIO(text.encode("utf-8-sig"))
    return FileResponse(content, as_attachment=True, filename=f"催办-{found.title}.txt", content_type="text/plain; charset=utf-8")

"""Fill once: another department's form, its columns matched with what is held, filled in its own workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.importing import XLSX
from jiceng.intake.held_cells import SEALED
from jiceng.packets import filling
from jiceng.packets.forms import Form
from jiceng.packets.models import Filling
from jiceng.places import reading as places
from jiceng.ui.choices import place_choice
from jiceng.ui.kind_forms import DayField
from jiceng.ui.moment import Moment
from jiceng.ui.pages import clock, moment_in, page, scope_in


class FormForm(forms.Form):
    """A department's form, of which place and day it is to be filled."""

    file = forms.FileField(label="要填的表", help_text="Excel 工作簿（.xlsx）：一行一人的表，或一人一张的登记表")
    department = forms.CharField(label="要表的部门", max_length=80)
    place = forms.ChoiceField(label="填哪里的人")
    on = DayField(label="截至日", help_text="按这一天的情况填")

    def __init__(self, *args: Any, options: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["place"].choices = options


@page("see_names")
def home(request: HttpRequest) -> HttpResponse:
    """Send a form up; below, what was filled before and how much of it was held."""
    scope, moment = scope_in(request), moment_in(request)
    form = FormForm(request.POST or None, request.FILES or None, options=_options(scope, moment), initial={"on": moment.today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        scope.require("see_names", int(given["place"]), what="填表")
        try:
            kept = filling.keep_form(
                given["file"].read(), name=given["file"].name, department=given["department"], place=int(given["place"]), on=given["on"],
                account=request.user, clock=clock,  # type: ignore[arg-type]
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", refusal.text)
        else:
            return redirect("filling", kept.pk)
    done = filling.fillings(scope)
    names = places.names_of({one.place for one in done}, on=moment.today)
    context = {"form": form, "done": [(one, names.get(one.place, "")) for one in done]}
    return render(request, "workforce/fillings.html", context, status=422 if form.is_bound else 200)


def _options(scope: Scope, moment: Moment) -> list[tuple[str, str]]:
    options: dict[str, str] = {}
    for code in scope.places_for("see_names"):
        options |= dict(place_choice(scope, code, on=moment.today, permission="see_names").options)
    return list(options.items())


@page("see_names")
def filling_page(request: HttpRequest, number: int) -> HttpResponse:
    """How the form's columns are matched, who is in it, what it takes to fill it."""
    kept = filling.filling_for(scope_in(request), number)
    return _shown(request, kept, filling.form_of(kept))


def _shown(request: HttpRequest, kept: Filling, form: Form, *, refusal: Refusal | None = None) -> HttpResponse:
    scope = scope_in(request)
    sealed = [one.name for one in form.asked if one.column in SEALED]
    context = {
        "filling": kept,
        "form": form,
        "place": places.full_name(kept.place, on=kept.on),
        "choices": filling.choices(kept),
        "unheld": filling.unheld(form),
        "sealed": "、".join(dict.fromkeys(sealed)),
        "may_reveal": bool(sealed) and scope.may("reveal", kept.place),
        "refusal": refusal,
        "who": request.POST.get("who", ""),
    }
    return render(request, "workforce/filling.html", context, status=422 if refusal else 200)


@page("see_names")
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """Corrections of the match; remembered for this office's next form."""
    kept = filling.filling_for(scope_in(request), number)
    if request.method == "POST":
        corrected = 0
        for one in filling.form_of(kept).asked:
            asked = request.POST.get(f"column-{one.row}-{one.index}")
            if asked is not None and asked.strip() != one.name:
                filling.correct(kept, one.heading, asked.strip(), account=request.user, clock=clock)  # type: ignore[arg-type]
                corrected += 1
        filling.recount(kept)
        messages.success(request, f"已更正 {corrected} 处，下次的表也照此办理。" if corrected else "没有改动。")
    return redirect("filling", number)


@page("see_names")
def fill(request: HttpRequest, number: int) -> FileResponse | HttpResponse:
    """The form filled, as a download."""
    scope = scope_in(request)
    kept = filling.filling_for(scope, number)
    if request.method != "POST":
        return redirect("filling", number)
    form = filling.recount(kept)
    reason = request.POST.get("reason", "").strip() if request.POST.get("plain") else ""
    try:
        if request.POST.get("plain") and not reason:
            raise Refusal("access.reason", "填入完整号码须写明事由", do="请写明办理什么事项")
        made = filling.fill(kept, form, scope=scope, who=request.POST.get("who", ""), reason=reason, clock=clock)
    except Refusal as refusal:
        if refusal.id == "access.denied":
            raise
        return _shown(request, kept, form, refusal=refusal)
    return FileResponse(BytesIO(made.content), as_attachment=True, filename=f"已填-{kept.name}", content_type=XLSX)

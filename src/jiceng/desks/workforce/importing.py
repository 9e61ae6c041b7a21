"""The import wizard: send a file, see how its columns were understood, look at what would land, confirm, undo."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.jobs import begin_landing, read_progress
from jiceng.desks.workforce.pasting_text import NAMED
from jiceng.documents.sheets import XLSX
from jiceng.intake import uploads
from jiceng.intake.landing import Preview
from jiceng.intake.models import Upload
from jiceng.intake.roster import ROSTER
from jiceng.intake.templates_out import write_template
from jiceng.packets.opening import not_of_a_round
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.ui.choices import place_choice
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

SHOWN, LISTED = 200, 30
State = Upload.State


class UploadForm(forms.Form):
    """A file, the place it is about, the day it states."""

    file = forms.FileField(label="表格文件", help_text="Excel（xlsx、xls）、WPS 或 CSV，按内容认，不看扩展名；不超过 30 MB")
    place = forms.ChoiceField(label="办理范围", help_text="表里的人都在这个范围内")
    as_of = DayField(label="截至日", help_text="这张表说的是哪一天的情况")

    def __init__(self, *args: Any, options: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["place"].choices = options


class ConfirmForm(forms.Form):
    """On what basis the rows are taken into the ledger."""

    basis = forms.CharField(label="依据", max_length=300)
    why = forms.CharField(label="理由", max_length=300, initial="花名册导入")


class UndoForm(forms.Form):
    """Why an import is taken back."""

    why = forms.CharField(label="撤销理由", max_length=300)


@page("import")
def home(request: HttpRequest) -> HttpResponse:
    """Send a file; below, what was sent before."""
    scope, moment = scope_in(request), moment_in(request)
    options = importable_places(scope, moment.today)
    form = UploadForm(request.POST or None, request.FILES or None, options=options, initial={"as_of": moment.today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        scope.require("import", int(given["place"]), what="导入表格")
        try:
            upload = uploads.keep(
                not_of_a_round(given["file"].read()),
                name=given["file"].name,
                account=request.user,
                place=int(given["place"]),
                as_of=given["as_of"],
                clock=clock,
            )
        except Refusal as refusal:
            form.add_error("file", refusal.text)
        else:
            return redirect("import_upload", upload.pk)
    sent = uploads.latest_uploads(scope, most=LISTED)
    names = places.names_of({one.place for one in sent}, on=moment.today)
    context = {"form": form, "sent": [(one, names.get(one.place, "")) for one in sent]}
    return render(request, "workforce/import_home.html", context, status=422 if form.is_bound else 200)


def importable_places(scope: Scope, on: date) -> list[tuple[str, str]]:
    """The account's places for import and one level below each."""
    options: dict[str, str] = {}
    for code in scope.places_for("import"):
        options |= dict(place_choice(scope, code, on=on, permission="import").options)
    return list(options.items())


def upload_in_scope(request: HttpRequest, number: int) -> Upload:
    return uploads.upload_seen(scope_in(request), number)


@page("import")
def upload_page(request: HttpRequest, upload: int) -> HttpResponse:
    """Where the upload stands: what was understood, what would land, what is refused and why."""
    found = upload_in_scope(request, upload)
    context: dict[str, Any] = {"upload": found, "place": places.full_name(found.place, on=found.as_of)}
    context["pasted"] = found.name.startswith(NAMED) and found.state not in (State.landing, State.landed, State.undone)
    # Looking again writes the summary anew; why the last attempt failed is told once, here.
    context["not_landed"] = found.summary.get("not_landed")
    if found.state == State.landing:
        return render(request, "workforce/import_landing.html", context | _progress(found))
    if found.state in (State.landed, State.undone):
        return render(request, "workforce/import_done.html", context)
    try:
        looked = uploads.look(found, terms=installed_law().terms)
    except Refusal as refusal:
        context |= {"refusal": refusal, "columns": _columns_if_read(found), "choices": _column_choices()}
        return render(request, "workforce/import_refused.html", context, status=422)
    return render(
        request, "workforce/import_look.html", context | _looked(looked) | {"confirm": ConfirmForm(initial={"basis": f"“{found.name}”"})}
    )


def _looked(looked: Preview) -> dict[str, Any]:
    checked = looked.checked
    reasons = Counter(refusal.id for refusal in checked.refusals)
    return {
        "looked": looked,
        "refusals": checked.refusals[:SHOWN],
        "more": max(len(checked.refusals) - SHOWN, 0),
        "reasons": reasons.most_common(),
        "remarks": checked.remarks.items(),
        "layouts": [sheet.layout for sheet in checked.sheets],
        "choices": _column_choices(),
    }


def _column_choices() -> list[tuple[str, str]]:
    return [("", "不取"), *((column.id, column.name) for column in ROSTER)]


def _columns_if_read(upload: Upload) -> tuple[Any, ...]:
    """How the columns were read, where the file could be read at all."""
    try:
        return uploads.understood(upload).layouts
    except Refusal:
        return ()


@page("import")
def columns(request: HttpRequest, upload: int) -> HttpResponse:
    """Corrections of how columns and places are read; remembered for this office's next file."""
    found = upload_in_scope(request, upload)
    if request.method != "POST":
        return redirect("import_upload", upload)
    corrected = 0
    for layout in _columns_if_read(found):
        for read in layout.columns:
            asked = request.POST.get(f"column-{layout.sheet.name}-{read.index}")
            if asked is not None and asked != (read.column.id if read.column else ""):
                uploads.correct_heading(read.heading, asked, place=found.place, account=request.user, clock=clock)  # type: ignore[arg-type]
                corrected += 1
    for key, code in request.POST.items():
        if key.startswith("place-") and code.isascii() and code.isdigit():
            uploads.choose_place(key.removeprefix("place-"), int(code), place=found.place, account=request.user, clock=clock)  # type: ignore[arg-type]
            corrected += 1
    messages.success(request, f"已更正 {corrected} 处，下次上传也照此办理。" if corrected else "没有改动。")
    return redirect("import_upload", upload)


@page("import")
def confirm(request: HttpRequest, upload: int) -> HttpResponse:
    """Lands the accepted rows in a job of the server."""
    found = upload_in_scope(request, upload)
    form = ConfirmForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        raise Refusal("import.basis", "确认导入须写明依据和理由", why="依据或理由是空的", do="请回到上传页填写")
    begin_landing(found, actor=actor_of(request), basis=form.cleaned_data["basis"], why=form.cleaned_data["why"])
    return redirect("import_upload", upload)


def _progress(upload: Upload) -> dict[str, Any]:
    done, rows = read_progress(upload.pk)
    return {"done": done, "rows": rows}


@page("import")
def progress(request: HttpRequest, upload: int) -> HttpResponse:
    """How far the landing got; once it is over, the whole page is asked for again."""
    found = upload_in_scope(request, upload)
    answer = render(request, "workforce/import_progress.html", {"upload": found, **_progress(found)})
    if found.state != State.landing:
        answer["HX-Refresh"] = "true"
    return answer


@page("import")
def returned(request: HttpRequest, upload: int) -> FileResponse:
    """The refused rows with their reasons beside the cells, as a workbook."""
    found = upload_in_scope(request, upload)
    content = uploads.refused_workbook(uploads.look(found, terms=installed_law().terms))
    if not content:
        raise Refusal("import.none_refused", "没有退回的行", why="这张表的每一行都可以写入", do="可以直接确认导入")
    stem = found.name.rsplit(".", 1)[0]
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"退回-{stem}.xlsx", content_type=XLSX)


@page("import")
def template(request: HttpRequest) -> FileResponse:
    """The empty roster for a place, with the choices of each column."""
    scope, asked = scope_in(request), request.GET.get("place", "")
    code = int(asked) if asked.isascii() and asked.isdigit() else scope.places_for("import")[0]
    scope.require("import", code, what="下载模板")
    out = BytesIO()
    write_template(code, out, on=moment_in(request).today, terms=installed_law().terms)
    out.seek(0)
    name = places.names_of([code], on=moment_in(request).today).get(code, str(code))
    return FileResponse(out, as_attachment=True, filename=f"{name}社区工作者花名册.xlsx", content_type=XLSX)


@page("undo")
def undo_page(request: HttpRequest, upload: int) -> HttpResponse:
    """Take a landed import back."""
    found = upload_in_scope(request, upload)
    scope_in(request).require("undo", found.place, what=f"撤销上传 {upload}")
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        uploads.undo(found, actor=actor_of(request), why=form.cleaned_data["why"], clock=clock)
        messages.success(request, f"已撤销“{found.name}”的导入。")
        return redirect("import_upload", upload)
    context = {"upload": found, "form": form}
    return render(request, "workforce/import_undo.html", context, status=422 if form.is_bound else 200)

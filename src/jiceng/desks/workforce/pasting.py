"""Pasting from Excel or WPS into a grid: kept as an upload, checked by the import's own checks, the words beside the cells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.importing import ConfirmForm, importable_places, upload_in_scope
from jiceng.desks.workforce.pasting_text import NAMED, Grid, grid_in, grid_of, text_of, workbook_of
from jiceng.intake import uploads
from jiceng.intake.landing import Preview
from jiceng.intake.models import Upload
from jiceng.intake.roster import COLUMNS, ROSTER, SERIAL_NAMES
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.ui.kind_forms import DayField
from jiceng.ui.moment import ZONE
from jiceng.ui.pages import clock, moment_in, page, scope_in

OFFERED = tuple(column.id for column in ROSTER if column.offered)
EMPTY_ROWS = 8
State = Upload.State


class PasteForm(forms.Form):
    """Where, as of when, and the text."""

    place = forms.ChoiceField(label="办理范围", help_text="贴的人都在这个范围内")
    as_of = DayField(label="截至日", help_text="说的是哪一天的情况")
    text = forms.CharField(
        label="贴在这里",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}),
    )
    fill = forms.BooleanField(label="区县、街道、社区空着的，照上一行（合并单元格复制过来常是这样）", required=False)

    def __init__(self, *args: Any, options: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["place"].choices = options


@page("import")
def paste(request: HttpRequest) -> HttpResponse:
    """An empty grid; what is pasted becomes an upload."""
    scope, moment = scope_in(request), moment_in(request)
    columns = _columns(request)
    form = PasteForm(request.POST or None, options=importable_places(scope, moment.today), initial={"as_of": moment.today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        scope.require("import", int(given["place"]), what="粘贴导入")
        try:
            grid = _grid(form, columns, place=int(given["place"]))
            made = uploads.keep(
                workbook_of(grid), name=f"{NAMED}{_now(clock()):%Y-%m-%d %H.%M}.xlsx", account=request.user,  # type: ignore[arg-type]
                place=int(given["place"]), as_of=given["as_of"], clock=clock,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("text", refusal.text)
        else:
            return _sent(request, made)
    context = {"form": form, "columns": [COLUMNS[id] for id in columns], "every": [COLUMNS[id] for id in OFFERED], "names": _names()}
    if not form.is_bound:
        context["text"] = text_of([[COLUMNS[id].name for id in columns], *[[""] * len(columns)] * EMPTY_ROWS])
    return _refused_script(request, form) or render(request, "workforce/paste.html", context, status=422 if form.is_bound else 200)


@page("import")
def paste_upload(request: HttpRequest, upload: int) -> HttpResponse:
    """The grid of an upload with what the checks say; changed, it is kept and checked again.

    Errors  Refusal paste.not_pasted; Denied
    """
    found = upload_in_scope(request, upload)
    if not found.name.startswith(NAMED):
        raise Refusal("paste.not_pasted", f"“{found.name}”不是贴上来的", why="文件里的行要在原表里改", do="请下载退回的行，改好后再上传")
    if found.state in (State.landing, State.landed, State.undone):
        return redirect("import_upload", upload)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["place"], data["as_of"] = str(found.place), found.as_of.isoformat()
    form = PasteForm(data, options=[(str(found.place), "")], initial={"as_of": found.as_of})
    if request.method == "POST" and form.is_valid():
        try:
            uploads.replace(found, workbook_of(_grid(form, OFFERED, place=found.place)))
        except Refusal as refusal:
            form.add_error("text", refusal.text)
        else:
            return _sent(request, found)
    grid = grid_in(uploads.file_of(found))
    context: dict[str, Any] = {"form": form, "upload": found, "place": places.full_name(found.place, on=found.as_of), "names": _names()}
    context |= {"text": form.data.get("text") if form.is_bound else grid.text, "not_landed": found.summary.get("not_landed")}
    if not form.is_bound:
        context |= _looked(found, grid)
    return _refused_script(request, form) or render(request, "workforce/paste.html", context, status=422 if form.is_bound else 200)


def _grid(form: PasteForm, columns: tuple[str, ...], *, place: int) -> Grid:
    given = form.cleaned_data
    names = [COLUMNS[id].name for id in columns]
    return grid_of(given["text"], columns=names, remembered=uploads.remembered_headings(place), fill_places=given["fill"])


def _looked(found: Upload, grid: Grid) -> dict[str, Any]:
    """What the import says of it: rows counted, and each refusal with its cell."""
    try:
        looked: Preview = uploads.look(found, terms=installed_law().terms)
    except Refusal as refusal:
        return {"refusal": refusal}
    said = [{"row": one.row - 1, "column": _index(one.column), "one": one} for one in looked.checked.refusals]
    skipped = [(one.row - 1, one.reason) for sheet in looked.checked.sheets for one in sheet.layout.skipped]
    unread = [read.heading for sheet in looked.checked.sheets for read in sheet.layout.not_taken if read.rule == "unknown"]
    return {
        "looked": looked, "said": said, "skipped": skipped, "unread": unread, "remarks": looked.checked.remarks.items(),
        "confirm": ConfirmForm(initial={"basis": f"“{found.name}”"}),
    }  # fmt: skip


def _index(letter: str) -> int:
    """A → 1, AA → 27; no column → 0."""
    number = 0
    for sign in letter:
        number = number * 26 + ord(sign) - 64
    return number


def _columns(request: HttpRequest) -> tuple[str, ...]:
    """The columns asked for, in the order of the roster; all that are offered if none are."""
    asked = [id for id in (request.POST.getlist("column") or request.GET.getlist("column")) if id in OFFERED]
    return tuple(id for id in OFFERED if id in asked) or OFFERED


def _names() -> str:
    """Names of columns by which the grid knows a heading row before anything is sent."""
    known = {name for column in ROSTER for name in (column.name, *column.aliases, *column.assumed)}
    return "\n".join(sorted(known | SERIAL_NAMES))


def _sent(request: HttpRequest, upload: Upload) -> HttpResponse:
    """To the grid of the upload; the script of the grid is told where that is and goes there itself, or stays where it is."""
    address = reverse("paste_upload", args=[upload.pk])
    return JsonResponse({"next": address}) if _by_script(request) else redirect(address)


def _refused_script(request: HttpRequest, form: PasteForm) -> HttpResponse | None:
    """For the script, so that what was typed stays where it is: the words alone."""
    if not (_by_script(request) and form.is_bound):
        return None
    return JsonResponse({"wrong": [error for errors in form.errors.values() for error in errors]}, status=422)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Grid") == "1"


def _now(at: datetime) -> datetime:
    return at.astimezone(ZONE)

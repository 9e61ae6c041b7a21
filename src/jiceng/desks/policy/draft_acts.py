"""What is done with a draft as a whole: packed into one file, taken in from one, put in force, taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.base.refusals import Problems, Refusal
from jiceng.desks.policy.draft_shared import open_draft, page_of, place_name, say
from jiceng.law.drafting import packed, unpacked
from jiceng.law.drafting.advice import told
from jiceng.law.drafting.packing import LARGEST
from jiceng.runs import drafts
from jiceng.runs.law import installed_law
from jiceng.ui.pages import actor_of, clock, page, scope_in


class PutForm(forms.Form):
    """Why a draft comes into force, and on what paper."""

    basis = forms.CharField(label="依据", max_length=300, help_text="印发的文件：文号、日期、存放处")
    why = forms.CharField(label="理由", max_length=300)


class BackForm(forms.Form):
    """Why it is taken back."""

    why = forms.CharField(label="收回的理由", max_length=300)


class FileForm(forms.Form):
    """A packed folder sent up."""

    file = forms.FileField(label="导出的文件", help_text="别处用“导出一个文件”得到的 zip")
    replace = forms.BooleanField(label="本机已有同编号的，用文件里的代替（原来的留在版本里）", required=False)


@page("draft_law")
def pack_file(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The draft as one file."""
    found = open_draft(request, area, name)
    return HttpResponse(
        packed(found.folder), content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{area}-{name}.zip"', "X-Content-Type-Options": "nosniff"},
    )  # fmt: skip


@page("draft_law")
def take_in(request: HttpRequest) -> HttpResponse:
    """A packed folder becomes a draft here, if every hash is right and the place is the account's."""
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.cleaned_data["file"]
            if sent.size > LARGEST:
                raise Refusal("draft.too_large", f"文件有 {sent.size >> 10} KB", do="请核对是不是选错了文件")
            held = unpacked(sent.read())
            made = drafts.taken_in(scope_in(request), held, replacing=form.cleaned_data["replace"], actor=actor_of(request), clock=clock)
        except Refusal as refusal:
            form.add_error("file", refusal.text)
        else:
            messages.success(request, f"已导入“{made.title}”，逐字与清单核对过。")
            return redirect("draft", *made.id.split("/"))
    return render(request, "policy/draft_take_in.html", context, status=422 if form.is_bound else 200)


@page("draft_law")
def put_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """Put the draft in force, after a reason."""
    found, scope = open_draft(request, area, name), scope_in(request)
    form = PutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scope.require("draft_law", found.place, what="施行法规文件夹")
        given = form.cleaned_data
        try:
            if request.POST.get("seen") != found.hash:
                raise Refusal("draft.changed", "这份草稿在您打开以后被改过", do="请看过现在的内容，再决定施行")
            entry = drafts.put_in_force(found, actor=actor_of(request), basis=given["basis"], why=given["why"], clock=clock)
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"“{found.title}”已施行，记为{entry}。")
            return redirect("draft", area, name)
    checked = drafts.check(found)
    context = {
        "form": form, "checked": checked, "problems": [told(one) for one in checked.problems],
        "now": drafts.installed_version(found.id),
    }  # fmt: skip
    return page_of(request, "draft_put", found, status=422 if form.is_bound else 200, **context)


@page("draft_law")
def back_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """Take back what was put in force; the draft stays, or comes back if it was given up."""
    scope, id = scope_in(request), f"{area}/{name}"
    document = next((one for one in installed_law().documents if one.id == id), None)
    if document is None or not scope.may("draft_law", document.jurisdiction):
        raise scope.conceal("draft_law", what=f"收回 {id}"[:200], place=document.jurisdiction if document else None)
    form = BackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = drafts.take_back(id, actor=actor_of(request), why=form.cleaned_data["why"], clock=clock)
        except (Refusal, Problems) as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"已收回“{document.title}”，记为{entry}。")
            return redirect("draft_home")
    context = {
        "document": document, "form": form, "area": area, "name": name, "standing": drafts.standing_of(id),
        "place_name": place_name(document.jurisdiction, request),
    }  # fmt: skip
    return render(request, "policy/draft_back.html", context, status=422 if form.is_bound else 200)

"""Drafts of policy folders: the list, a new one, its heading, its text by hand, its earlier states."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.access.actors import shown_actors
from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.desks.policy.draft_shared import context_of, open_draft, page_of, place_name, save, say
from jiceng.law.drafting import begun, folders
from jiceng.law.drafting.pieces import heading_text
from jiceng.law.layers import Law
from jiceng.law.model import TRUSTS
from jiceng.places import reading as places
from jiceng.places.tree import NATION
from jiceng.runs import drafts
from jiceng.runs.drafts import Opened
from jiceng.runs.law import installed_law, site_policies
from jiceng.ui.choices import below
from jiceng.ui.kind_forms import DayField, WholeField
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

_TRUSTS = [(key, words) for key, words in TRUSTS.items() if key != "adopted"]
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


class HeadingForm(forms.Form):
    """What document.yaml says."""

    title = forms.CharField(label="题名", max_length=200, help_text="文件全名，例如：某县社区工作者薪酬管理办法")
    short = forms.CharField(label="简称", max_length=30, help_text="用在引用里，例如〔某县薪酬·3〕")
    place = forms.ChoiceField(label="施行地方")
    in_force = DayField(label="施行日")
    issuer = forms.CharField(label="发文机关", max_length=120, required=False)
    number = forms.CharField(label="文号", max_length=80, required=False)
    dated = DayField(label="成文日", required=False, help_text="没有见到就空着")
    published = DayField(label="公布日", required=False)
    until = DayField(label="失效日", required=False, help_text="这一天起不再施行；没有就空着")
    trust = forms.ChoiceField(label="文本可信度", choices=_TRUSTS, initial="unverified", help_text="没有核对过原件的选“未核实”")
    version = WholeField(label="版本", initial=1, min_value=1, help_text="施行过的再改，版本加一")
    sources = forms.CharField(
        label="来源", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="一行一个：网址、文件编号、存放处"
    )
    example = forms.BooleanField(label="示例：数字是编的，不是任何机关的规定", required=False)
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, options: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["place"].choices = options  # type: ignore[attr-defined]

    def text(self, *, keeping: tuple[str, ...] = ()) -> str:
        """document.yaml of what was filled in."""
        given = self.cleaned_data
        said = {
            key: str(given[key] or "") for key in ("title", "short", "number", "issuer", "dated", "published", "in_force", "until", "trust")
        }
        said["jurisdiction"] = given["place"]
        sources = [line.strip() for line in given["sources"].splitlines() if line.strip()]
        return heading_text(said, sources=sources, version=given["version"], example=given["example"], note=given["note"])


class NewForm(HeadingForm):
    """A heading and the short English name that becomes the folder's."""

    name = forms.CharField(label="文件夹短名", max_length=41, help_text="小写英文和年份，例如 2027-pay；以后不改")
    field_order = ("title", "short", "name", "place", "in_force", "issuer")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip().lower()
        if not _SLUG.fullmatch(name):
            raise forms.ValidationError("只能用小写英文字母、数字和连字符，例如 2027-pay")
        return name


def place_options(scope: Scope, request: HttpRequest, *, also: int | None = None) -> list[tuple[str, str]]:
    """Places to draft for: the account's own, and those one level below."""
    on = moment_in(request).on
    own = scope.places_for("draft_law")
    names = places.full_names(own, on=on)
    options = [(str(code), names.get(code, "全国" if code == NATION else str(code))) for code in own]
    for code in own:
        options += [(str(one.code), f"　{one.name}") for one in below(code, on=on)] if code != NATION or len(own) == 1 else []
    if also is not None and str(also) not in dict(options):
        options.append((str(also), place_name(also, request)))
    return options


@page("draft_law")
def drafts_page(request: HttpRequest) -> HttpResponse:
    """The drafts the account may work on, and the folders in force that came from here."""
    scope = scope_in(request)
    rows = [(one, *one.id.split("/"), place_name(one.place, request), drafts.standing_of(one.id)) for one in drafts.visible(scope)]
    actors = shown_actors(one.last.by for one in drafts.visible(scope) if one.last)
    return render(request, "policy/drafts.html", {"rows": rows, "held": _held(scope), "actors": actors})


def _held(scope: Scope) -> list[tuple[Any, ...]]:
    """Folders of this site in force at the account's places, whether or not a draft of them is still there."""
    root = site_policies()
    found = [one for one in installed_law().documents if root in one.folder.parents and scope.may("draft_law", one.jurisdiction)]
    return [(one, *one.id.split("/")) for one in found]


@page("draft_law")
def draft_new(request: HttpRequest) -> HttpResponse:
    """A new draft from its heading, or as a copy of a folder in use."""
    scope, law = scope_in(request), installed_law()
    source = request.GET.get("from", "") or request.POST.get("from", "")
    copied = next((one for one in law.documents if one.id == source), None)
    form = NewForm(request.POST or None, options=place_options(scope, request), initial=_initial(copied, request))
    if request.method == "POST" and form.is_valid():
        place = int(form.cleaned_data["place"])
        scope.require("draft_law", place, what="起草法规文件夹")
        files = {"document.yaml": form.text(), **({name: text for name, text in _copied(copied).items() if name != "document.yaml"})}
        id = f"{area_of(place, law)}/{form.cleaned_data['name']}"
        what = f"由 {copied.id} 复制" if copied else "新建"
        try:
            begun(id, files, root=drafts.drafts_root(), by=actor_of(request), at=clock(), what=what)
        except Refusal as refusal:
            say(form, refusal, "name")
        else:
            messages.success(request, "已建草稿。下一步：在“条款”里逐句写摘要。")
            return redirect("draft_clauses" if not copied else "draft", *id.split("/"))
    context = {"form": form, "copied": copied, "sources": _sources(law, scope)}
    return render(request, "policy/draft_new.html", context, status=422 if form.is_bound else 200)


def _initial(copied: Any, request: HttpRequest) -> dict[str, Any]:
    if copied is None:
        return {"trust": "unverified", "version": 1, "in_force": moment_in(request).on.replace(month=1, day=1)}
    told = {key: getattr(copied, key) for key in ("title", "short", "issuer", "number", "in_force", "trust", "example", "note")}
    return told | {"place": str(copied.jurisdiction), "sources": "\n".join(copied.sources), "version": 1}


def _copied(document: Any) -> dict[str, str]:
    return folders.contents(document.folder) if document is not None else {}


def _sources(law: Law, scope: Scope) -> list[tuple[str, str]]:
    """Folders to copy from: every one in use; how others wrote it is nobody's secret."""
    return [(one.id, one.title) for one in sorted(law.documents, key=lambda one: (one.jurisdiction, one.in_force))]


def area_of(place: int, law: Law) -> str:
    """First part of a new folder's id: that of the folders the place has, else its code."""
    if place == NATION:
        return "cn"
    held = [one.id.split("/")[0] for one in law.documents if one.jurisdiction == place]
    return held[0] if held else f"cn-{place}"


@page("draft_law")
def heading_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The heading of a draft."""
    found, scope = open_draft(request, area, name), scope_in(request)
    initial = _heading_initial(found)
    form = HeadingForm(request.POST or None, options=place_options(scope, request, also=found.place), initial=initial)
    if request.method == "POST" and form.is_valid():
        scope.require("draft_law", int(form.cleaned_data["place"]), what="起草法规文件夹")
        try:
            save(request, found, {"document.yaml": form.text(), **_moved(found, form.cleaned_data["in_force"])}, what="改抬头")
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, "抬头已保存。")
            return redirect("draft", area, name)
    return page_of(request, "draft_heading", found, form=form, status=422 if form.is_bound else 200)


def _moved(found: Opened, to: date) -> dict[str, str]:
    """values.yaml where what is said from the first day on is said from the new first day on."""
    old, text = drafts.in_force_day(found), found.files.get("values.yaml", "")
    return {"values.yaml": re.sub(rf"(?<!\d){old}(?=[\"']?\s*:)", to.isoformat(), text)} if text and old and old != to else {}


def _heading_initial(found: Opened) -> dict[str, Any]:
    raw = found.draft.heading
    told = {key: str(raw.get(key, "")) for key in ("title", "short", "number", "issuer", "in_force", "trust", "version", "note")}
    told |= {key: "" if raw.get(key) in (None, "未见") else str(raw[key]) for key in ("dated", "published", "until")}
    sources = raw.get("sources", ())
    lines = (
        [sources] if isinstance(sources, str) else [one if isinstance(one, str) else "，".join(map(str, one.values())) for one in sources]
    )
    return told | {"place": str(found.place), "sources": "\n".join(lines), "example": str(raw.get("example", "")) in ("是", "true", "yes")}


class TextForm(forms.Form):
    """One file as text."""

    text = forms.CharField(
        label="内容",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false", "wrap": "off", "class": "code-box"}),
    )


@page("draft_law")
def text_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """A file of the draft by hand; what the check says of it is shown while it is typed."""
    found = open_draft(request, area, name)
    file = request.GET.get("file", "") or request.POST.get("file", "") or "rules.py"
    if file not in folders.FILES:
        raise Refusal("draft.no_file", f"没有“{file}”这个文件", do="请从页面上选一个")
    form = TextForm(request.POST or None, initial={"text": found.files.get(file, "")})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            save(request, found, {file: text if text.strip() or file == "document.yaml" else None}, what=f"改文字 {file}")
        except Refusal as refusal:
            say(form, refusal, "text")
        else:
            messages.success(request, f"{file} 已保存。")
            return redirect("draft", area, name)
    return page_of(request, "draft_text", found, form=form, file=file, files=folders.FILES, status=422 if form.is_bound else 200)


@page("draft_law")
def versions_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """Every state kept; any of them can be taken back out."""
    found = open_draft(request, area, name)
    refusal = ""
    if request.method == "POST" and request.POST.get("number", "").isdigit():
        number = int(request.POST["number"])
        try:
            files = folders.version_files(found.folder, number)
            gone: dict[str, str | None] = dict.fromkeys(found.files)
            save(request, found, {**gone, **files}, what=f"取回第 {number} 版")
        except Refusal as refused:
            refusal = refused.text
        else:
            messages.success(request, f"已取回第 {number} 版；取回以前的内容也在版本里。")
            return redirect("draft", area, name)
    versions = folders.versions(found.folder)
    actors = shown_actors(one.by for one in versions)
    return page_of(request, "draft_versions", found, versions=versions, actors=actors, refusal=refusal, status=422 if refusal else 200)


@page("draft_law")
def drop_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """Give a draft up; what is in force stays in force."""
    found = open_draft(request, area, name)
    if request.method == "POST":
        folders.dropped(found.folder, seen=request.POST.get("seen", ""), by=actor_of(request), at=clock())
        messages.success(request, f"已放弃草稿“{found.title}”。")
        return redirect("draft_home")
    return render(request, "policy/draft_drop.html", context_of(request, found))

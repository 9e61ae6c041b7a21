"""The columns an account chose, and its named views: filters, columns and order under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from jiceng.access.models import ListView
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.list_columns import DEFAULT, MOST, ListColumn, chosen, offered
from jiceng.runs.law import installed_law
from jiceng.ui.pages import page, scope_in

ROSTER = "roster"
MOST_VIEWS = 20
_NOT_KEPT = ("after", "before", "on", "known", "panel", "q", "to", "csrfmiddlewaretoken")


def _kept(request: HttpRequest) -> list[ListView]:
    """The account's rows for this list, read once a request."""
    found: list[ListView] | None = getattr(request, "list_views", None)
    if found is None:
        found = list(ListView.objects.filter(account_id=request.user.pk, listing=ROSTER))
        request.list_views = found  # type: ignore[attr-defined]
    return found


def columns_kept(request: HttpRequest) -> tuple[str, ...]:
    """Keys of the columns this account sees: its own choice, or those everybody begins with."""
    return next((tuple(one.columns) for one in _kept(request) if not one.name), DEFAULT)


@dataclass(frozen=True)
class NamedView:
    """A view of the account's own, and the address that shows it."""

    number: int
    name: str
    address: str


def named_views(request: HttpRequest) -> list[NamedView]:
    """The account's named views, by name."""
    return [NamedView(one.pk, one.name, f"{reverse('roster')}?{_address(one)}") for one in _kept(request) if one.name]


def _address(view: ListView) -> str:
    query = QueryDict(view.query, mutable=True)
    query["cols"] = ",".join(view.columns)
    return query.urlencode()


def _clean(text: str) -> QueryDict:
    """A roster address without page, day, and what was searched for."""
    query = QueryDict(text[:2_000], mutable=True)
    for name in _NOT_KEPT:
        query.pop(name, None)
    return query


@page("see")
def columns_page(request: HttpRequest) -> HttpResponse:
    """Choose the columns and their order; kept for the account."""
    law = installed_law()
    back = _clean(request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode())
    if request.method == "POST":
        keys = DEFAULT if "reset" in request.POST else _picked(request.POST, offered(law))
        columns = chosen(keys, law)
        if not columns:
            raise Refusal("page.columns", "一列也没有选", do="请至少选一列；“恢复默认”可回到原来的列")
        with transaction.atomic():
            told = {"columns": [column.key for column in columns]}
            ListView.objects.update_or_create(account_id=request.user.pk, listing=ROSTER, name="", defaults=told)
        back.pop("cols", None)
        messages.success(request, f"以后您的名册显示这 {len(columns)} 列。")
        return redirect(f"{reverse('roster')}?{back.urlencode()}")
    now = chosen(str(back["cols"]).split(",") if back.get("cols") else columns_kept(request), law)
    here = offered(law, places=scope_in(request).places_for("see"))
    rest = [column for column in here.values() if column not in now]
    others = [("名册上的其他列", [one for one in rest if not one.rule]), ("各项规定的答案", [one for one in rest if one.rule])]
    context = {"now": now, "others": others, "query": back.urlencode(), "most": MOST}
    return render(request, "workforce/roster_columns.html", context)


def _picked(given: QueryDict, there: dict[str, ListColumn]) -> list[str]:
    """The ticked columns by the number written beside each; without a number at the end, as they stood."""
    ticked = [key for key in given.getlist("show") if key in there]

    def at(key: str) -> int:
        text = given.get(f"at-{key}", "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 999

    return sorted(ticked, key=at)


class ViewForm(forms.Form):
    """A name for what is on the page."""

    name = forms.CharField(label="给这个视图起个名字", max_length=40)


@page("see")
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep filters, columns and order under a name; the same name is replaced."""
    if request.method != "POST":
        return redirect("roster")
    query = _clean(request.POST.get("query", ""))
    form = ViewForm(request.POST)
    if not form.is_valid():
        raise Refusal("page.view", "视图没有保存", why="没有写名字", do="请写一个您认得出的名字，如“我县到期名单”")
    mine = ListView.objects.filter(account_id=request.user.pk, listing=ROSTER).exclude(name="")
    name = form.cleaned_data["name"].strip()
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise Refusal("page.view", "视图没有保存", why=f"每个账号最多保存 {MOST_VIEWS} 个视图", do="请先删除不用的")
    keys = [key for key in query.get("cols", "").split(",") if key] or list(columns_kept(request))
    columns = [column.key for column in chosen(keys, installed_law())]
    query.pop("cols", None)
    if len(query.urlencode()) > 1_000:
        raise Refusal("page.view", "视图没有保存", why="条件太多", do="请减少条件后再保存")
    told: dict[str, Any] = {"columns": columns, "query": query.urlencode()}
    view, _ = ListView.objects.update_or_create(account_id=request.user.pk, listing=ROSTER, name=name, defaults=told)
    messages.success(request, f"已保存视图“{name}”。查找的姓名不会随视图保存。")
    return redirect(f"{reverse('roster')}?{_address(view)}")


@page("see")
def view_delete(request: HttpRequest, view: int) -> HttpResponse:
    """Drop a view of one's own; somebody else's is refused like one that never was, and both are on record.

    Errors  Concealed (access.concealed)
    """
    if request.method == "POST":
        gone, _ = ListView.objects.filter(pk=view, account_id=request.user.pk, listing=ROSTER).exclude(name="").delete()
        if not gone:
            raise scope_in(request).conceal("see", what=f"删除第 {view} 号名册视图")
        messages.success(request, "视图已删除。")
    return redirect("roster")

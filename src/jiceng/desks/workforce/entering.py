"""Entering one person who is not on the roster yet: identity, where and as what. Birth and sex follow from the ID number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiceng.base.refusals import Refusal
from jiceng.intake.days import NotRead
from jiceng.intake.identity import Identity, read_identities
from jiceng.ledger.books import book_of
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs.commit import Record, commit, new_subjects
from jiceng.runs.law import installed_law
from jiceng.terms.registry import Terms
from jiceng.ui.choices import place_choice
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in


class PersonForm(forms.Form):
    """Who, where, as what, since when, on what basis."""

    name = forms.CharField(label="姓名", max_length=60)
    id_number = forms.CharField(label="身份证号", max_length=18, help_text="出生日期和性别由号码得出；密封保存")
    phone = forms.CharField(label="手机号", max_length=20, required=False)
    community = forms.ChoiceField(label="社区")
    post = forms.ChoiceField(label="岗位")
    cls = forms.ChoiceField(label="人员类别", required=False)
    origin = forms.ChoiceField(label="进入方式", required=False)
    since = DayField(label="任现岗时间")
    basis = forms.CharField(label="依据", max_length=300, help_text="任职文件、合同或选举结果的名称和文号")
    why = forms.CharField(label="理由", max_length=300, initial="新进人员登记")

    def __init__(self, *args: Any, terms: Terms, communities: list[tuple[str, Any]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["community"].choices = communities
        for field, code_list, first in (("post", "Post", "请选择"), ("cls", "WorkerClass", "未记"), ("origin", "Origin", "未记")):
            self.fields[field].choices = [("", first), *((item.id, item.name) for item in terms.codes[code_list].items)]

    def clean_id_number(self) -> Identity:
        found = read_identities([self.cleaned_data["id_number"]])[0]
        if isinstance(found, Identity):
            return found
        raise forms.ValidationError(f"{found.why}。{found.do}" if isinstance(found, NotRead) else "请填身份证号")


@page("record")
def enter(request: HttpRequest) -> HttpResponse:
    """First the county where the account answers for several, then the person; every community of the county is offered."""
    scope, moment, terms = scope_in(request), moment_in(request), installed_law().terms
    asked = request.GET.get("place", "")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=moment.on, permission="record")
    if not choice.chosen or tree.level_of(choice.chosen) < Level.county:
        return render(request, "workforce/enter_where.html", {"choice": choice})
    communities = [("", "请选择"), *communities_of(choice.chosen, on=moment.on)]
    form = PersonForm(request.POST or None, terms=terms, communities=communities, initial={"since": moment.today})
    if request.method == "POST" and form.is_valid():
        scope.require("record", int(form.cleaned_data["community"]), what="登记人员")
        try:
            return _entered(request, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.text)
    context = {"form": form, "choice": choice}
    return render(request, "workforce/enter.html", context, status=422 if form.is_bound else 200)


def communities_of(code: int, *, on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Communities inside a place for a select, by street; those of towns first, villages after all of them."""
    inside = places.within(code, on=on, level=Level.community)
    streets = places.names_of({tree.parent_of(place.code) for place in inside}, on=on)
    groups: dict[tuple[bool, int], list[tuple[str, str]]] = {}
    for place in inside:
        groups.setdefault((place.kind == "villagers", tree.parent_of(place.code)), []).append((str(place.code), place.name))
    return [(f"{streets.get(street, street)}{' · 村' if village else ''}", groups[village, street]) for village, street in sorted(groups)]


def _entered(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    place, since, identity = int(given["community"]), given["since"], given["id_number"]
    book = book_of(place)
    subject = new_subjects(book, 1)[0]
    sealed = {"name": given["name"], "id_number": identity.number, "id_type": "居民身份证"}
    appointment = {"post": given["post"], "class": given["cls"], "origin": given["origin"]}
    changes = [
        Record(subject, "person", identity.birth, None, {}, sealed=sealed),
        Record(subject, "birth", identity.birth, None, {"date": identity.birth.isoformat()}),
        Record(subject, "sex", identity.birth, None, {"sex": identity.sex}),
        Record(subject, "appointment", since, None, {key: value for key, value in appointment.items() if value}, place=place),
    ]
    if given["phone"]:
        changes.append(Record(subject, "contact", since, None, {}, sealed={"phone": given["phone"]}))
    entry = commit(book.id, changes, actor=actor_of(request), basis=given["basis"], why=given["why"], clock=clock)
    messages.success(request, f"已登记，记为{entry}。履历齐全的，请接着“确认履历完整”，否则年限、培训等只能答“需核实”。")
    return redirect("roster_worker", subject)

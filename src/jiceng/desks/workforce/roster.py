"""The roster: who is on it, filtered and paged. Every filter is in the address, so a list can be sent as a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.bulk_forms import bulk_kinds
from jiceng.desks.workforce.choices import PlaceChoice, place_choice
from jiceng.desks.workforce.lists import LISTS, list_filters
from jiceng.desks.workforce.showing import lines
from jiceng.runs.law import installed_law
from jiceng.runs.models import State
from jiceng.runs.roster import RosterFilter, RosterPage, roster
from jiceng.runs.standing import moment_for
from jiceng.terms.registry import Terms
from jiceng.ui.pages import PAGE_SIZE, moment_in, page, scope_in

STATES = (("", "在册"), (str(int(State.left)), "已离任"), (str(int(State.not_yet)), "未到任"), ("all", "全部"))
EVERY_STATE = 0


class RosterForm(forms.Form):
    """The filters of the roster."""

    q = forms.CharField(label="姓名、拼音或完整证件号码", required=False, max_length=60)
    place = forms.ChoiceField(label="地方", required=False)
    post = forms.ChoiceField(label="岗位", required=False)
    cls = forms.ChoiceField(label="人员类别", required=False)
    education = forms.ChoiceField(label="最高学历", required=False)
    certificate = forms.ChoiceField(label="职业资格", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    due = forms.ChoiceField(label="到期与核实", required=False)

    def __init__(self, *args: Any, terms: Terms, choice: PlaceChoice, by_name: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if not by_name:
            self.fields["q"].label = "完整证件号码"
        self.fields["place"].choices = [*([("", "全部")] if not choice.trail else []), *choice.options]
        for field, code_list in (
            ("post", "Post"),
            ("cls", "WorkerClass"),
            ("education", "EducationLevel"),
            ("certificate", "CertificateKind"),
        ):
            items = terms.codes[code_list].items
            self.fields[field].choices = [("", "不限"), *((str(item.number), item.name) for item in items)]
        self.fields["due"].choices = [("", "不限"), *((key, entry.title) for key, entry in LISTS.items())]

    def filters(self, *, place: int, moment: Any) -> RosterFilter:
        """The filters as the roster takes them."""
        given = self.cleaned_data
        state = given["state"]
        return RosterFilter(
            place=place,
            state=EVERY_STATE if state == "all" else int(state or State.in_service),
            search=given["q"],
            posts=_one(given["post"]),
            classes=_one(given["cls"]),
            educations=_one(given["education"]),
            certificates=_one(given["certificate"]),
            answers=list_filters(given["due"], on=moment.on),
        )


@page("see")
def roster_page(request: HttpRequest) -> HttpResponse:
    """One page of the roster.

    Errors  Refusal page.filter if the address holds a filter that is not offered
    """
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    form, choice, filters, seen = _asked(request, request.GET)
    at = moment_for(on=moment.on, known_by=moment.known_by, today=moment.today)
    after, before = _key(request.GET.get("after", "")), _key(request.GET.get("before", ""))
    found = roster(at, ranges=scope.spans(seen), filters=filters, size=PAGE_SIZE, after=after, before=before)
    context = {
        "form": form,
        "choice": choice,
        "found": found,
        "lines": lines(found.rows, scope=scope, terms=law.terms, on=moment.on, above=choice.chosen),
        "after": _text(found, "after"),
        "before": _text(found, "before"),
        "narrowed": any(value for key, value in form.cleaned_data.items() if key != "place"),
        "may_record": bool(scope.places_for("record")),
        "bulk": bulk_kinds(law.terms) if moment.is_now and scope.places_for("record") else (),
        "may_import": bool(scope.places_for("import")),
        "listed": LISTS.get(form.cleaned_data["due"]),
    }
    return render(request, "workforce/roster.html", context)


def filters_of(request: HttpRequest, query: QueryDict) -> tuple[RosterFilter, str]:
    """The filters of a roster address, and the permission that decides whose rows they may find.

    Errors  Refusal page.filter; Denied if the place lies outside what the account may see
    """
    return _asked(request, query)[2:]


def _asked(request: HttpRequest, query: QueryDict) -> tuple[RosterForm, PlaceChoice, RosterFilter, str]:
    scope, moment, terms = scope_in(request), moment_in(request), installed_law().terms
    choice = place_choice(scope, _number(query.get("place", "")), on=moment.on)
    form = RosterForm(query, terms=terms, choice=choice, by_name="see_names" in scope.permissions, initial={"place": str(choice.chosen)})
    if not form.is_valid():
        raise Refusal(
            "page.filter", "筛选条件不能用", why="；".join(e for errors in form.errors.values() for e in errors), do="请从名册页重新选择"
        )
    filters = form.filters(place=choice.chosen, moment=moment)
    # Whoever sees names masked must not find out the rest letter by letter.
    return form, choice, filters, "see_names" if _asks_a_name(filters.search) else "see"


def _one(text: str) -> tuple[int, ...]:
    return (int(text),) if text else ()


def _asks_a_name(text: str) -> bool:
    """Whether the search looks into names; a whole ID number is looked up by itself."""
    return bool(text) and not (len(text) in (15, 18) and text[:-1].isdigit())


def _number(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit():
        raise Refusal("page.filter", f"“{text}”不是区划代码", where="网址里的地方", why="区划代码只有数字", do="请从名册页重新选择地方")
    return int(text)


def _key(text: str) -> tuple[int, int] | None:
    """A page's key in the address: place_key-subject."""
    place, dash, subject = text.partition("-")
    if not dash or not (place.isdigit() and subject.isdigit()) or not text.isascii():
        return None
    return int(place), int(subject)


def _text(found: RosterPage, side: str) -> str:
    key = getattr(found, side)
    return f"{key[0]}-{key[1]}" if key else ""

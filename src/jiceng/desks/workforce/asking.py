"""What a roster address asks for: its filters, read back, said in words, each with the address that leaves it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from jiceng.access.scope import Scope
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.lists import LISTS, list_filters
from jiceng.runs.columns import NO_CODE
from jiceng.runs.law import installed_law
from jiceng.runs.models import NONE_HELD, State
from jiceng.runs.overview import ENDING_SOON_DAYS
from jiceng.runs.roster import AnswerFilter, RosterFilter, asks_for_a_number
from jiceng.runs.structure import AGES, NOT_TOLD, SERVICE, UNTOLD, age_filter, service_filter
from jiceng.terms.registry import Terms
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.kind_forms import DayField
from jiceng.ui.moment import Moment
from jiceng.ui.pages import moment_in, scope_in

STATES = (("", "在册"), (str(int(State.left)), "已离任"), (str(int(State.not_yet)), "未到任"), ("all", "全部"))
EVERY_STATE = 0
CODED = {
    "post": ("岗位", "Post", "posts"), "cls": ("人员类别", "WorkerClass", "classes"),
    "education": ("最高学历", "EducationLevel", "educations"), "certificate": ("职业资格", "CertificateKind", "certificates"),
    "sex": ("性别", "Sex", "sexes"), "political": ("政治面貌", "PoliticalStatus", "politicals"),
}  # fmt: skip
"""Filters by a code: name in the address → label, code list, field of the roster's filter."""
MANY = (*CODED, "age", "years", "due")
PAGING = ("after", "before")
_LONGEST = 36_500


class RosterForm(forms.Form):
    """The filters of the roster."""

    q = forms.CharField(label="姓名、拼音或完整证件号码", required=False, max_length=60)
    place = forms.ChoiceField(label="地方", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    grade = forms.CharField(label="等级", required=False, max_length=20, help_text="如 5，或 3-7")
    within = forms.IntegerField(
        label="几天内到期", required=False, min_value=1, max_value=_LONGEST, help_text=f"不填为 {ENDING_SOON_DAYS} 天",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    until = DayField(label="或到期不晚于", required=False)

    def __init__(self, query: QueryDict, *, terms: Terms, choice: PlaceChoice, by_name: bool) -> None:
        super().__init__(query, initial={"place": str(choice.chosen)})
        self.query = query
        if not by_name:
            self.fields["q"].label = "完整证件号码"
        places = [*([("", "全部")] if not choice.trail else []), *choice.options]
        self.fields["place"] = forms.ChoiceField(label="地方", required=False, choices=places)
        for name, (label, code_list, _) in CODED.items():
            items = [(str(item.number), item.name) for item in terms.codes[code_list].items]
            if name == "certificate":
                items.append((str(NONE_HELD), "无证书"))
            self.fields[name] = _many(label, [*items, (str(NO_CODE), NOT_TOLD)])
        self.fields["age"] = _many("年龄", [*((band.key, band.title) for band in AGES), (UNTOLD, NOT_TOLD)])
        kinds = [(kind.name, NOT_TOLD if kind is AnswerKind.missing else KIND_NAMES[kind]) for kind in AnswerKind if kind]
        self.fields["years"] = _many("社区工作年限", [*((band.key, band.title) for band in SERVICE), *kinds])
        self.fields["due"] = _many("到期与核实", [(key, entry.title) for key, entry in LISTS.items()])

    @property
    def plain(self) -> list[Any]:
        """Fields with one answer, in the order of the page."""
        return [self[name] for name in ("q", "place", "state", "grade", "within", "until")]

    @property
    def many(self) -> list[tuple[Any, int]]:
        """Fields with several answers, and how many are chosen."""
        return [(self[name], len(self.query.getlist(name))) for name in MANY]

    def clean_grade(self) -> tuple[int, ...]:
        """5, or 3-7."""
        text = self.cleaned_data["grade"].replace("—", "-").replace("–", "-").strip()
        if not text:
            return ()
        low, dash, high = text.partition("-")
        if not (low.isascii() and low.isdigit() and len(low) < 4) or (dash and not (high.isascii() and high.isdigit() and len(high) < 4)):
            raise ValidationError(f"等级“{text}”不认识，请写 5 或 3-7")
        return tuple(range(int(low), int(high or low) + 1))

    def clean(self) -> dict[str, Any]:
        """A day or a number of days means something only beside a list of dates."""
        given = super().clean() or self.cleaned_data
        soon = [key for key in given.get("due", ()) if LISTS[key].soon]
        if (given.get("within") is not None or given.get("until")) and not soon and "due" in given:
            self.add_error("within", "填了到期的天数或日期，但没有选“……内到期”的名单")
        return given

    def days(self, on: date) -> int:
        """How many days from the day on a due date may lie in."""
        given = self.cleaned_data
        if given["until"]:
            return max(0, int((given["until"] - on).days) + 1)
        return ENDING_SOON_DAYS if given["within"] is None else int(given["within"])

    def filters(self, *, place: int, on: date) -> RosterFilter:
        """The filters as the roster takes them."""
        given = self.cleaned_data
        coded = {field: tuple(int(text) for text in given[name]) for name, (_, _, field) in CODED.items()}
        ages = [age_filter(key, on=on) for key in given["age"]]
        days = self.days(on)
        answers: list[AnswerFilter] = [one for key in given["due"] for one in list_filters(key, on=on, days=days)]
        return RosterFilter(
            place=place,
            state=EVERY_STATE if given["state"] == "all" else int(given["state"] or State.in_service),
            search=given["q"],
            grades=given["grade"],
            born=tuple(span for one in ages for span in one.get("born", ())),
            birth_untold=any(one.get("birth_untold") for one in ages),
            answers=tuple(answers),
            either=tuple(service_filter(key) for key in given["years"]),
            **coded,
        )


def _many(label: str, choices: Sequence[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address without it."""

    text: str
    without: str
    personal: bool = False


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `seen`: the permission that decides whose rows may be found."""

    form: RosterForm
    choice: PlaceChoice
    filters: RosterFilter
    seen: str
    chips: tuple[Chip, ...]
    days: int

    @property
    def words(self) -> str:
        """All of it on one line."""
        return "；".join([self.choice.name, *(chip.text for chip in self.chips)])

    @property
    def words_logged(self) -> str:
        """The same without what was searched for, which may be somebody's name or number."""
        return "；".join([self.choice.name, *("查找" if chip.personal else chip.text for chip in self.chips)])


def asked(query: QueryDict, *, scope: Scope, moment: Moment) -> Asked:
    """A roster address read.

    Errors  Refusal page.filter if it holds a filter that is not offered; Denied if the place lies outside what may be seen
    """
    terms = installed_law().terms
    choice = place_choice(scope, number_in(query.get("place", "")), on=moment.on)
    form = RosterForm(query, terms=terms, choice=choice, by_name="see_names" in scope.permissions)
    if not form.is_valid():
        told = "；".join(str(error) for errors in form.errors.values() for error in errors)
        raise Refusal("page.filter", "筛选条件不能用", why=told, do="请从名册页重新选择")
    filters = form.filters(place=choice.chosen, on=moment.on)
    # Whoever sees names masked must not find out the rest letter by letter.
    text = filters.search.strip()
    seen = "see_names" if text and not asks_for_a_number(text) else "see"
    return Asked(form, choice, filters, seen, tuple(_chips(form, query, moment)), form.days(moment.on))


def filters_of(request: HttpRequest, query: QueryDict) -> tuple[RosterFilter, str]:
    """The filters of a roster address, and the permission that decides whose rows they may find.

    Errors  as `asked`
    """
    found = asked(query, scope=scope_in(request), moment=moment_in(request))
    return found.filters, found.seen


def number_in(text: str) -> int:
    """A division code in an address; 0 for none.

    Errors  Refusal page.filter
    """
    if not text:
        return 0
    if not text.isascii() or not text.isdigit():
        raise Refusal("page.filter", f"“{text}”不是区划代码", where="网址里的地方", why="区划代码只有数字", do="请从名册页重新选择地方")
    return int(text)


def _chips(form: RosterForm, query: QueryDict, moment: Moment) -> Iterator[Chip]:
    given = form.cleaned_data
    if given["q"].strip():
        yield Chip(f"查找 {_searched(given['q'].strip())}", without(query, "q"), personal=True)
    if given["state"]:
        yield Chip(f"状态：{dict(STATES)[given['state']]}", without(query, "state"))
    for name in MANY:
        field = form.fields[name]
        names = dict(field.choices)  # type: ignore[attr-defined]
        for key in given[name]:
            text = _list_name(key, form, moment.on) if name == "due" else f"{field.label}：{names[key]}"
            yield Chip(text, without(query, name, key))
    if given["grade"]:
        first, last = given["grade"][0], given["grade"][-1]
        yield Chip(f"等级：{first} 级" if first == last else f"等级：{first} 至 {last} 级", without(query, "grade"))


def _list_name(key: str, form: RosterForm, on: date) -> str:
    entry, days = LISTS[key], form.days(on)
    if not entry.soon:
        return entry.title
    last = on + timedelta(days=days - 1)
    return f"{entry.title.replace(f'{ENDING_SOON_DAYS} 天内', '')}：{on.isoformat()} 至 {last.isoformat()}（{days} 天内）"


def _searched(text: str) -> str:
    """What was looked into for this text."""
    if asks_for_a_number(text):
        return f"证件号码 {text[:6]}…{text[-4:]}"
    return f"拼音以“{text}”开头的" if text.isascii() else f"姓名含“{text}”的"


def without(query: QueryDict, name: str, value: str = "") -> str:
    """The address without one filter, or without one of its values, on its first page."""
    left = query.copy()
    for other in (*PAGING, "on", "known", "panel"):
        left.pop(other, None)
    kept = [one for one in left.getlist(name) if value and one != value]
    left.setlist(name, kept)
    if not any(LISTS[key].soon for key in left.getlist("due") if key in LISTS):
        left.pop("within", None)
        left.pop("until", None)
    return "?" + left.urlencode()

"""Worked cases of a draft as rows: what is known, what should come out; and its pay sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jiceng.base.refusals import Refusal
from jiceng.desks.policy.draft_check import by_case
from jiceng.desks.policy.draft_shared import Words, law_here, open_draft, page_of, save, say, take_out, words_of
from jiceng.law.drafting.blocks import scalar
from jiceng.law.drafting.pieces import CaseRow, with_case
from jiceng.law.drafting.rules_text import marks_in
from jiceng.law.layers import Law
from jiceng.law.payform import GROUPS
from jiceng.rules.language import did_you_mean
from jiceng.runs import drafts
from jiceng.runs.drafts import Opened, in_force_day
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import moment_in, page

_KNOWN_ROWS, _EXPECTED_ROWS = 6, 6


class CaseForm(forms.Form):
    """The head of a case; what is known and expected are rows beside it."""

    title = forms.CharField(label="情形", max_length=80, help_text="例如：书记，五级，考核合格")
    on = DayField(label="哪一天")
    place = forms.CharField(label="在哪里（区划代码）", max_length=12, required=False, help_text="空着就是文件的施行地方")
    basis = forms.CharField(label="依据", max_length=120, required=False, help_text="手工怎样算的，例如：2600＋800")

    def clean_place(self) -> str:
        text = str(self.cleaned_data["place"]).strip()
        if text and not text.isdecimal():
            raise forms.ValidationError("区划代码只有数字")
        return text


@page("draft_law")
def cases_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The cases with what came out; a POST takes one out."""
    found = open_draft(request, area, name)
    there = found.files.get("cases.yaml", "")
    back, refusal = take_out(
        request, found, lambda at: {"cases.yaml": with_case(there, int(at), None)}, what="删算例", done="已删去这个算例。", numbered=True
    )
    if back:
        return back
    checked = drafts.check(found)
    results = {group[0].case.number: group for group in by_case(checked.results)}
    rows = [(at, one, results.get(at + 1, [])) for at, one in enumerate(found.draft.cases)]
    context = {"rows": rows, "checked": checked, "refusal": refusal}
    return page_of(request, "draft_cases", found, status=422 if refusal else 200, **context)


@page("draft_law")
def case_page(request: HttpRequest, area: str, name: str, at: int) -> HttpResponse:
    """One case; a number past the last one begins a new one, filled like the one named by `like`."""
    found, law = open_draft(request, area, name), law_here()
    cases, words = found.draft.cases, words_of(found, law)
    held = cases[at] if at < len(cases) else None
    like = request.GET.get("like", "")
    shown = held or (cases[int(like)] if like.isdigit() and int(like) < len(cases) else None)
    form = CaseForm(request.POST or None, initial=_initial(request, found, shown))
    known, expected = _rows(request, "known", shown), _rows(request, "expected", shown)
    if request.method == "POST" and form.is_valid():
        try:
            row = _row(form, known, expected, words)
            histories = [one for one, _ in row.known if (type := law.types.get(words.name(one) or "")) and type.name == "History"]
            text = with_case(found.files.get("cases.yaml", ""), at, row, histories=histories)
            save(request, found, {"cases.yaml": text}, what=f"{'改' if held else '加'}算例“{row.title}”")
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"算例“{row.title}”已保存。")
            return redirect("draft_cases", area, name)
    context = {
        "form": form, "at": at, "held": held, "known": [*known, *[("", "")] * _KNOWN_ROWS],
        "expected": [*expected, *[("", "")] * _EXPECTED_ROWS], "facts": _facts(law), "own": _asked(found, words),
    }  # fmt: skip
    return page_of(request, "draft_case", found, status=422 if form.is_bound else 200, **context)


def _initial(request: HttpRequest, found: Opened, shown: CaseRow | None) -> dict[str, Any]:
    if shown is None:
        return {"on": in_force_day(found) or moment_in(request).on}
    return {"title": shown.title, "on": shown.on, "place": shown.place, "basis": shown.basis}


def _rows(request: HttpRequest, part: str, shown: CaseRow | None) -> list[tuple[str, str]]:
    if request.method == "POST":
        names, contents = request.POST.getlist(f"{part}_name"), request.POST.getlist(f"{part}_content")
        return [(one.strip(), text) for one, text in zip(names, contents, strict=False) if one.strip() or text.strip()]
    return list(getattr(shown, part)) if shown else []


def _row(form: CaseForm, known: list[tuple[str, str]], expected: list[tuple[str, str]], words: Words) -> CaseRow:
    given = form.cleaned_data
    for one, text in (*known, *expected):
        if not one or not text.strip():
            raise Refusal(
                "draft.case_row", f"“{one or text.strip()}”这一行只写了一半", why="名称和内容要成对", do="补上另一半，或清空这一行"
            )
        if words.name(one) is None:
            hint = did_you_mean(one, words.titles.values())
            raise Refusal("draft.no_point", f"没有叫“{one}”的事实、规则或数值{hint}", do="请从提示里选一个名称")
    if not expected:
        raise Refusal("draft.case_row", "还没有写应得什么", why="算例至少要有一个应得", do="写一条规则的名称和手工算出的结果")
    return CaseRow(given["title"], given["on"].isoformat(), given["place"], tuple(known), tuple(expected), given["basis"])


def _facts(law: Law) -> list[str]:
    """Facts a case may state."""
    return sorted(term.name for term in law.terms.names.values() if not term.is_value)


def _asked(found: Opened, words: Words) -> list[str]:
    return [words.title(one) for one in marks_in(found.files.get("rules.py", ""))]


class PayForm(forms.Form):
    """pay.yaml as text."""

    text = forms.CharField(
        label="工资表的声明", required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "wrap": "off", "class": "code-box"}),
        help_text="每行的意思见《写一个工资办法》第 8 节；清空就是没有工资表",
    )  # fmt: skip


@page("draft_law")
def pay_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """Which rules are lines of the pay sheet; the text of it."""
    found, law = open_draft(request, area, name), law_here()
    marks = marks_in(found.files.get("rules.py", ""))
    lines = [(key, mark.title, request.POST.get(f"group-{key}", "")) for key, mark in marks.items() if mark.gives == "Yuan"]
    held = found.files.get("pay.yaml", "")
    form = PayForm(request.POST if "text" in request.POST else None, initial={"text": held})
    if request.method == "POST":
        try:
            if "text" in request.POST and form.is_valid():
                text = form.cleaned_data["text"].replace("\r\n", "\n")
            else:
                text = pay_text(
                    found, [(key, title, group) for key, title, group in lines if group in GROUPS], request.POST.get("clause", "")
                )
            save(request, found, {"pay.yaml": text if text.strip() else None}, what="改工资表")
        except Refusal as refusal:
            form = PayForm({"text": request.POST.get("text", held)})
            form.is_valid()
            say(form, refusal, "text")
        else:
            messages.success(request, "工资表已保存。")
            return redirect("draft_pay", area, name)
    clauses = [(one.number, f"{one.number}　{one.title}") for one in found.draft.clauses]
    context = {"form": form, "lines": lines, "groups": GROUPS.items(), "held": held, "clauses": clauses, "law": law}
    return page_of(request, "draft_pay", found, status=422 if form.is_bound else 200, **context)


def pay_text(found: Opened, lines: list[tuple[str, str, str]], clause: str) -> str:
    """A pay sheet of these lines with the usual columns for bank and insurance.

    Errors  Refusal draft.pay_empty
    """
    if not lines:
        raise Refusal("draft.pay_empty", "还没有选一项", why="工资表至少一行应发", do="给要发的各项选“应发”")
    short = str(found.draft.heading.get("short", "")) or found.title
    text = f"title: {scalar(short + '工资表')}\n" + (f'clause: "{clause}"\n' if clause else "") + "day: 月末\nlines:\n"
    text += "".join(f"  - {{rule: {key}, title: {scalar(title)}, group: {GROUPS[group]}}}\n" for key, title, group in lines)
    readings = [one.name for one in found.draft.values if one.kind == "delegate" and one.reading]
    text += f"readings: [{', '.join(readings)}]\n" if readings else ""
    columns = ("序号", "序号"), ("姓名", "姓名"), ("银行账号", "银行账号"), ("金额", "实发")
    text += "bank:\n" + "".join(f"  - {{title: {title}, from: {taken}}}\n" for title, taken in columns)
    paid = [(scalar(title), key) for key, title, group in lines if group != "gross"]
    insured = (*columns[:2], ("证件号码", "证件号码"), *paid)
    return text + ("insurance:\n" + "".join(f"  - {{title: {title}, from: {taken}}}\n" for title, taken in insured) if paid else "")

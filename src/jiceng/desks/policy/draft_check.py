"""A draft checked while it is written: findings in an official's words, cases, coverage sentence by sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.cases import CaseResult
from jiceng.answers.drafted import Drafted
from jiceng.base.refusals import Refusal
from jiceng.desks.policy.draft_shared import context_of, law_here, open_draft, page_of, words_of
from jiceng.law.drafting import folders
from jiceng.law.drafting.advice import Told, told
from jiceng.law.drafting.rules_text import marks_in
from jiceng.law.model import DISPOSITIONS
from jiceng.runs import drafts
from jiceng.runs.drafts import Opened
from jiceng.ui.pages import page


@dataclass(frozen=True)
class Covered:
    """Sentences by disposition, those nobody disposed of yet, names no sentence stands for, rules without a case."""

    counts: tuple[tuple[str, int], ...]
    sentences: int
    open: int
    loose: tuple[str, ...]
    without_case: tuple[str, ...]


def covered(found: Opened) -> Covered:
    """How much of the text the draft carries."""
    words, draft = words_of(found, law_here()), found.draft
    rows = [sentence for clause in draft.clauses for sentence in clause.sentences]
    counts = Counter(row.disposition for row in rows if not row.open)
    told = {name for row in rows for name in row.points}
    rules = marks_in(found.files.get("rules.py", ""))
    own = [*rules, *(value.name for value in draft.values)]
    asked = {words.name(name) for case in draft.cases for name, _ in case.expected}
    return Covered(
        tuple((title, counts[key]) for key, title in DISPOSITIONS.items()),
        len(rows),
        sum(row.open for row in rows),
        tuple(words.title(name) for name in own if name not in told) if draft.clauses else (),
        tuple(words.title(name) for name in rules if name not in asked),
    )


def by_case(results: tuple[CaseResult, ...]) -> list[list[CaseResult]]:
    """Results of each case together."""
    found: dict[int, list[CaseResult]] = {}
    for result in results:
        found.setdefault(result.case.number, []).append(result)
    return list(found.values())


def _told(checked: Drafted) -> tuple[list[Told], list[Told]]:
    return [told(one) for one in checked.problems], [told(one) for one in checked.notices]


@page("draft_law")
def draft_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The draft at a glance: what is to be mended, what is noticed, cases, coverage, what can be done next."""
    found = open_draft(request, area, name)
    checked = drafts.check(found)
    problems, notices = _told(checked)
    return page_of(
        request, "draft", found, checked=checked, problems=problems, notices=notices, cases=by_case(checked.results),
        covered=covered(found), steps=_steps(found),
    )  # fmt: skip


def _steps(found: Opened) -> list[tuple[str, str, str, bool]]:
    """The way through: part, words, what there is, whether something is there."""
    draft, rules = found.draft, len(marks_in(found.files.get("rules.py", "")))
    return [
        ("draft_heading", "抬头", str(draft.heading.get("short", "")), bool(draft.heading)),
        ("draft_clauses", "条款", f"{len(draft.clauses)} 条", bool(draft.clauses)),
        ("draft_rules", "规则", f"{rules} 条", rules > 0),
        ("draft_values", "数值", f"{len(draft.values)} 个，没有定的 {sum(one.open for one in draft.values)} 个", bool(draft.values)),
        ("draft_cases", "算例", f"{len(draft.cases)} 个", bool(draft.cases)),
        ("draft_pay", "工资表", "已有" if found.files.get("pay.yaml") else "没有", bool(found.files.get("pay.yaml"))),
    ]


@page("draft_law")
def strip(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The check on one line for the top of the other pages; a POST checks a text that is just being typed."""
    found = open_draft(request, area, name)
    instead: dict[str, str] | None = None
    file = request.POST.get("file", "")
    if request.method == "POST" and file:
        if file not in folders.FILES:
            raise Refusal("draft.no_file", f"没有“{file}”这个文件", do="请从页面上选一个")
        instead = {file: request.POST.get("text", "").replace("\r\n", "\n")}
    checked = drafts.check(found, instead=instead)
    problems, notices = _told(checked)
    context: dict[str, Any] = {"checked": checked, "problems": problems, "notices": notices, "typing": instead is not None}
    return render(request, "policy/draft_strip.html", context_of(request, found, **context))

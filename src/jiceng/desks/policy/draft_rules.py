"""Rules of a draft: chosen from sentence patterns, read aloud, taken out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jiceng.base.refusals import Problem, Refusal
from jiceng.desks.policy.draft_shared import Words, law_here, open_draft, page_of, save, sentence_at, sentence_choices, take_out, words_of
from jiceng.law.drafting import pattern_month, pattern_pay, pattern_years
from jiceng.law.drafting.advice import told
from jiceng.law.drafting.patterns import Given, Option, Pattern, given_for
from jiceng.law.drafting.pieces import needed, with_points, with_value, without_point
from jiceng.law.drafting.rules_text import rules_in, with_rules, without_rule
from jiceng.law.layers import Law
from jiceng.law.prose import Line, prose
from jiceng.places.tree import contains
from jiceng.rules.definition import RuleDef
from jiceng.rules.source import read_rules
from jiceng.runs.drafts import Opened
from jiceng.ui.pages import page

PATTERNS: dict[str, Pattern] = {one.id: one for one in (*pattern_month.PATTERNS, *pattern_pay.PATTERNS, *pattern_years.PATTERNS)}
GROUPS = ("岗位", "年数和等级", "工资标准", "绩效", "津贴补贴", "试用", "合计", "按月发放", "配备")


@dataclass(frozen=True)
class Aloud:
    """A rule as it is read aloud."""

    rule: RuleDef
    lines: tuple[Line, ...]
    asked: tuple[str, ...]


@page("draft_law")
def rules_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The rules in Chinese, and the patterns to add from; a POST takes a rule out."""
    found, law = open_draft(request, area, name), law_here()

    def without(name: str) -> dict[str, str]:
        rules = without_rule(found.files.get("rules.py", ""), name, terms=law.terms)
        return {"rules.py": rules, "clauses.yaml": without_point(found.files.get("clauses.yaml", ""), name)}

    done = "已删去这条规则；它用的数值还在“数值”里。"
    back, refusal = take_out(request, found, without, what="删规则 {}", done=done)
    if back:
        return back
    rules, problems = aloud(found, law)
    groups = [(group, [one for one in PATTERNS.values() if one.group == group]) for group in GROUPS]
    context = {"rules": rules, "problems": problems, "groups": groups, "refusal": refusal}
    return page_of(request, "draft_rules", found, status=422 if refusal else 200, **context)


def aloud(found: Opened, law: Law) -> tuple[list[Aloud], list[Any]]:
    """Every rule of the draft in words; what does not read is told."""
    text = found.files.get("rules.py", "")
    rules, problems = read_rules(text, path="rules.py", terms=law.terms) if text.strip() else ((), [])
    titles = words_of(found, law).titles
    shown = [Aloud(one, prose(one, titles=titles, terms=law.terms), tuple(_asked(one, titles))) for one in rules]
    return shown, [told(one) for one in problems if isinstance(one, Problem)]


def _asked(rule: RuleDef, titles: Any) -> list[str]:
    return ["计算日" if one.name == "on" else titles.get(one.name, one.name) for one in rule.arguments]


@page("draft_law")
def pattern_page(request: HttpRequest, area: str, name: str, pattern: str) -> HttpResponse:
    """A pattern with its choices; written into the draft with the values it needs left open."""
    found, law = open_draft(request, area, name), law_here()
    chosen = PATTERNS.get(pattern)
    if chosen is None:
        raise Refusal("draft.option", "没有这一种句式", do="请从“规则”页选择")
    sentences = sentence_choices(found.draft)
    refusal = ""
    posted = {option.id: tuple(request.POST.getlist(option.id)) for option in chosen.options} if request.method == "POST" else {}
    if request.method == "POST":
        try:
            given = given_for(chosen, posted)
            names = _write(request, found, law, chosen, given)
        except Refusal as refused:
            refusal = refused.text
        else:
            words = "、".join(words_of(open_draft(request, area, name), law).title(one) for one in names)
            messages.success(request, f"已加规则：{words}。没有定的数值请到“数值”里填。")
            return redirect("draft_rules", area, name)
    options = [_shown(option, posted.get(option.id) or option.default, law) for option in chosen.options]
    context = {
        "pattern": chosen, "options": options, "sentences": sentences, "refusal": refusal, "after": _lacking(found, law, chosen),
        "chosen_sentence": request.POST.get("sentence", ""), "needs": [one.title for one in chosen.needs(given_for(chosen, {}))],
    }  # fmt: skip
    return page_of(request, "draft_pattern", found, status=422 if refusal else 200, **context)


def _shown(option: Option, chosen: tuple[str, ...], law: Law) -> dict[str, Any]:
    listed = law.terms.codes[option.codes].items if option.codes else ()
    choices = [(item.id, item.name) for item in listed] if option.codes else list(option.choices)
    return {"option": option, "choices": [(key, words, key in chosen) for key, words in choices]}


def _lacking(found: Opened, law: Law, pattern: Pattern) -> list[str]:
    """Rules this one asks for that are neither in the draft nor in a wider document."""
    words: Words = words_of(found, law)
    rules, _ = aloud(found, law)
    have = {one.rule.id for one in rules} | set(above(found, law))
    return [words.title(one) for one in pattern.after if one not in have]


def above(found: Opened, law: Law) -> set[str]:
    """Names that documents of wider places define here already."""
    return {
        name
        for document in law.documents
        if document.jurisdiction != found.place and contains(document.jurisdiction, found.place)
        for name in (*(one.name for one in document.values), *(one.id for one in document.rules))
    }


def _write(request: HttpRequest, found: Opened, law: Law, pattern: Pattern, given: Given) -> list[str]:
    """The rules of a pattern into the draft.

    Errors  Refusal draft.no_sentence, draft.rule_twice, draft.changed, draft.text_broken
    """
    if not found.draft.clauses:
        raise Refusal("draft.no_sentence", "还没有条款", why="规则要写明依据哪一句", do="请先到“条款”里写摘要")
    at = sentence_at(found.draft, request.POST.get("sentence", ""))
    clause = found.draft.clauses[at[0]].number
    rules = pattern.rules(given)
    title = f"{found.title}"
    text = with_rules(found.files.get("rules.py", ""), rules, clause=clause, title=title, terms=law.terms)
    values, held = found.files.get("values.yaml", ""), {one.name for one in found.draft.values}
    worked_out = set(rules_in(text))
    for one in found.draft.values:
        if one.open and one.name in worked_out:
            values = with_value(values, None, name=one.name)
    asked = []
    for need in pattern.needs(given):
        row = None if need.name in worked_out else needed(need, clause=clause)
        if need.name not in held and row is not None:
            values = with_value(values, row, titled=need.name not in law.terms.names)
        if row is not None:
            asked.append(need.name)
    names = [name for name, _ in rules]
    clauses = with_points(found.files.get("clauses.yaml", ""), at, [*asked, *names], disposition="rule")
    files = {"rules.py": text, "values.yaml": values, "clauses.yaml": clauses}
    save(request, found, files, what=f"加规则“{pattern.title}”")
    return names

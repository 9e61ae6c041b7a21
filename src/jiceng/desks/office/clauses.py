"""Reading one clause: left the text, right what the system does with it, in Chinese, from the rules and values themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.cases import CaseResult
from jiceng.base.refusals import Refusal
from jiceng.desks.office.cases import case_results
from jiceng.desks.office.values import dated_texts
from jiceng.law.layers import Law
from jiceng.law.model import DISPOSITIONS, Document, Sentence, ValueDef
from jiceng.law.prose import Line, prose
from jiceng.places import tree
from jiceng.rules.definition import RuleDef
from jiceng.rules.types import HISTORIES
from jiceng.runs import texts
from jiceng.runs.law import installed_law
from jiceng.ui.pages import moment_in, page

_DOES = {
    "rule": "由下面的规则计算",
    "value": "定为下面的数值",
    "thing": "是要走的流程，系统不替人决定",
    "duty": "是单位的职责，由单位办理",
    "none": "不设规则和数值",
}
_BINDS = {
    "range": "下级只能在这个范围内定", "floor": "下级不得低于", "cap": "下级不得高于", "about": "下级可以略有出入，出入要标明",
    "delegate": "交由下级确定", "forbid": "下级不得另定",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One thing a rule needs: its title, where it comes from in words, and the rule's or value's name to open, if any."""

    title: str
    source: str
    name: str = ""


@dataclass(frozen=True)
class RuleRead:
    """A rule for reading: what it needs, what it does line by line, the worked cases that hold it, who rewrote it below."""

    rule: RuleDef
    asked: tuple[Asked, ...]
    lines: tuple[Line, ...]
    cases: tuple[CaseResult, ...]
    rewritten: tuple[Document, ...]


@dataclass(frozen=True)
class ValueRead:
    """A value for reading: on which days it is what, how it binds lower levels, and what those have set."""

    value: ValueDef
    title: str
    dated: tuple[tuple[date | None, str], ...]
    binds: str
    set_below: tuple[tuple[Document, str], ...]


@page("see")
def clause_page(request: HttpRequest, document: str, number: str) -> HttpResponse:
    """One clause of a document.

    Errors  Refusal law.clause_unknown
    """
    law, moment = installed_law(), moment_in(request)
    found = law.document(document)
    clause = found.clause(number)
    if clause is None:
        what = f"《{found.title}》没有第 {number} 条的摘要"
        raise Refusal("law.clause_unknown", what, why="网址有误，或文件夹换了写法", do="请从法规页进入")
    kept = texts.kept_text(found.id)
    text = next((one for one in kept.clauses if one.number == number), None) if kept else None
    originals = text.sentences if text else ()
    told: set[str] = set()
    rows = []
    for at in range(max(len(originals), len(clause.sentences))):
        sentence = clause.sentences[at] if at < len(clause.sentences) else None
        does = _read(law, found, sentence, told) if sentence else None
        rows.append((originals[at] if at < len(originals) else "", sentence, does))
    numbers = [one.number for one in found.clauses]
    here = numbers.index(number)
    others = [rule_read(law, found, rule) for rule in found.rules if rule.clause == number and rule.id not in told]
    context = {
        "document": found, "clause": clause, "rows": rows, "kept": kept, "text": text, "others": others,
        "before": numbers[here - 1] if here else "", "after": numbers[here + 1] if here + 1 < len(numbers) else "",
        "numbers": numbers, "moment": moment,
    }  # fmt: skip
    return render(request, "office/clause.html", context)


def _read(law: Law, document: Document, sentence: Sentence, told: set[str]) -> dict[str, Any]:
    """What the system does with a sentence; a rule told in full under an earlier sentence is only named again."""
    rules = {rule.id: rule for rule in document.rules}
    values = {value.name: value for value in document.values}
    full, named = [], []
    for name in sentence.points:
        if name in told:
            named.append(law.titles.get(name, name))
        elif name in rules:
            full.append(rule_read(law, document, rules[name]))
        told.add(name)
    return {
        "name": DISPOSITIONS[sentence.disposition], "words": _DOES[sentence.disposition], "rules": full, "named": named,
        "values": [value_read(law, document, values[name]) for name in sentence.points if name in values],
    }  # fmt: skip


def rule_read(law: Law, document: Document, rule: RuleDef) -> RuleRead:
    """A rule with everything that is told about it."""
    cases = tuple(one for one in case_results(law, document) if one.name == rule.id)
    rewritten = tuple(one for one in _below(law, document) if any(other.id == rule.id for other in one.rules))
    return RuleRead(rule, asked_by(law, rule), lines_of(rule, law), cases, rewritten)


def asked_by(law: Law, rule: RuleDef) -> tuple[Asked, ...]:
    """What a rule needs and where each thing comes from."""
    return tuple(_asked(law, argument.name, history=argument.type.name in HISTORIES) for argument in rule.arguments)


def _asked(law: Law, name: str, *, history: bool) -> Asked:
    title = law.titles.get(name, name)
    if name == "on":
        return Asked("计算日", "页面上选的日期")
    known = law.terms.names.get(name)
    if history:
        return Asked(title, "台账里的全部记录")
    if known and known.fact:
        return Asked(title, f"台账：{law.terms.kinds[known.fact[0]].name}")
    if any(rule.id == name for one in law.documents for rule in one.rules):
        return Asked(title, "另一条规则算出", name)
    if any(value.name == name for one in law.documents for value in one.values):
        return Asked(title, "法规的数值", name)
    return Asked(title, "申请时填写")


def value_read(law: Law, document: Document, value: ValueDef) -> ValueRead:
    """A value with its days, and what lower documents made of it."""
    below = tuple(
        (one, "；".join(words for _, words in dated_texts(law, own)))
        for one in _below(law, document)
        for own in one.values
        if own.name == value.name
    )
    return ValueRead(value, law.titles.get(value.name, value.name), tuple(dated_texts(law, value)), _BINDS.get(value.kind, ""), below)


def _below(law: Law, document: Document) -> list[Document]:
    """Documents of places inside this one's, loaded here."""
    here = document.jurisdiction
    return [one for one in law.documents if one.jurisdiction != here and (not here or tree.contains(here, one.jurisdiction))]


def lines_of(rule: RuleDef, law: Law) -> tuple[Line, ...]:
    """A rule in words."""
    return prose(rule, titles=law.titles, terms=law.terms)

"""The contradiction report: what documents and layers say against one another, or leave out, as findings.

Every check has one place: bounds and equal levels (law/bounds.py), bands and tables (law/gaps.py) and what loading notices
(`Law.notices`) come in as they are; here is what can only be seen with the whole law in hand. What is asked for at places
where somebody works with the law is found by law/unset.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from jiceng.base.refusals import Problem, Problems
from jiceng.law.bounds import check_bounds, check_same_level, cite, with_unit
from jiceng.law.copies import copied
from jiceng.law.findings import KINDS, SEVERITIES, Finding, Side, about_one, about_two
from jiceng.law.gaps import bands_flawed, holes
from jiceng.law.layers import Law, Regime, asks, in_period
from jiceng.law.model import TRUSTS, Definition, Document
from jiceng.places.tree import NOWHERE, contains
from jiceng.rules.definition import RuleDef

_NOTICED = ("no_case", "same_title")
"""What loading notices and nothing here finds again."""


def contradictions(law: Law) -> tuple[Finding, ...]:
    """Everything the documents of a law say against one another, or leave out.

    Shape   the gravest first, then by kind, place and document; each once
    Time    over all time; `since` is the first day a finding holds
    Empty   a law whose documents agree and leave nothing out has none
    """
    return ordered({finding.key: finding for finding in _all(law)}.values())


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings, the gravest first, then in the order of KINDS, then by place and document."""
    grave, kinds = list(SEVERITIES), list(KINDS)
    return tuple(sorted(findings, key=lambda f: (grave.index(f.severity), kinds.index(f.kind), f.place, f.documents, f.line, f.name)))


def of_refused(refused: Problems) -> tuple[Finding, ...]:
    """The findings for which folders were refused as a whole, by file and line."""
    return ordered(_from_problem(problem) for problem in refused.problems)


def _from_problem(problem: Problem) -> Finding:
    kind = problem.id.partition(".")[2]
    document = "/".join(problem.path.split("/")[:2])
    sides = (Side(document),) if "/" in document else ()
    return Finding(kind if kind in KINDS else "refused", problem.message, (0,), sides, path=problem.path, line=problem.line)


def concerns(finding: Finding, place: int) -> bool:
    """Whether a finding matters at a place: its narrowest document (of two places, either) rules there, or somewhere inside."""
    if finding.kind in ("copied", "unset"):
        return any(contains(code, place) or contains(place, code) for code in finding.places)
    return contains(finding.place, place) or contains(place, finding.place)


def _all(law: Law) -> Iterator[Finding]:
    documents = law.documents
    yield from check_bounds(documents)
    yield from check_same_level(documents)
    copies = tuple(copied(documents))
    yield from copies
    yield from _noticed(law)
    yield from _replaced(law)
    asked = _asked_anywhere(law)
    resting = _resting(law)
    for document in documents:
        yield from bands_flawed(document)
        yield from holes(law, document)
        yield from _dates(document)
        yield from _conflicts(document, copies)
        yield from _loose(document)
        yield from _unasked(law, document, asked)
        yield from _upper_ended(law, document)
        yield from _unverified(document, resting)


def _noticed(law: Law) -> Iterator[Finding]:
    rules = {(rule.path, rule.line): (document, rule) for document in law.documents for rule in document.rules}
    for notice in law.notices:
        kind = notice.id.partition(".")[2]
        if kind == "no_case" and (notice.path, notice.line) in rules:
            document, rule = rules[notice.path, notice.line]
            yield about_one(kind, notice.message, document, rule.clause, name=rule.id, path=notice.path, line=notice.line)
        elif kind in _NOTICED:
            yield Finding(kind, notice.message, (0,), ())


def _replaced(law: Law) -> Iterator[Finding]:
    """A lower document that says otherwise what an upper one had said for good, with nothing left open."""
    seen: set[tuple[str, str, str]] = set()
    for _, regime in law.regimes():
        for name, lower in regime.definitions.items():
            upper = next((d for d in lower.replaced if d.document.jurisdiction != lower.document.jurisdiction), None)
            if upper is None or _left_open(upper) or not _different(upper, lower):
                continue
            key = (name, upper.document.id, lower.document.id)
            if key not in seen:
                seen.add(key)
                yield _overriding(law, name, upper, lower, regime.since)


def _left_open(upper: Definition) -> bool:
    return upper.value is not None and upper.value.kind in ("delegate", "about", "range", "floor", "cap")


def _different(upper: Definition, lower: Definition) -> bool:
    if upper.rule is not None and lower.rule is not None:
        return _body(upper.rule) != _body(lower.rule)
    return upper.at is None or lower.at is None or upper.at.parsed != lower.at.parsed


def _body(rule: RuleDef) -> list[str]:
    """What a rule does, without its mark and its explanation."""
    return [ast.dump(line) for line in rule.node.body[1:]] if rule.node else [rule.total]


def _overriding(law: Law, name: str, upper: Definition, lower: Definition, since: date) -> Finding:
    title = law.titles.get(name, name)
    says = _apart(upper, lower)
    what = f"“{title}”{cite(upper.document, upper.clause)}已有规定，{cite(lower.document, lower.clause)}自 {since} 起另定"
    path, line = _where(lower)
    sides = (upper.document, upper.clause, says[0]), (lower.document, lower.clause, says[1])
    return about_two("overrides", what, *sides, name=name, since=since, path=path, line=line)


def _apart(upper: Definition, lower: Definition) -> tuple[str, str]:
    """What each says; of two tables only the cells in which they differ."""
    one, other = (definition.at.raw if definition.at else None for definition in (upper, lower))
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return _says(upper), _says(lower)
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    said = ["、".join(f"{key} {raw[key]}" for key in keys if isinstance(raw.get(key), str)) for raw in (one, other)]
    return said[0], said[1]


def _says(definition: Definition) -> str:
    if definition.rule is not None:
        return f"规则：{definition.rule.doc.strip().splitlines()[0]}"
    return with_unit(definition.at, definition.unit) if definition.at else ""


def _where(definition: Definition) -> tuple[str, int]:
    if definition.rule is not None:
        return definition.rule.path, definition.rule.line
    return f"{definition.document.id}/values.yaml", definition.value.line if definition.value else 0


def _dates(document: Document) -> Iterator[Finding]:
    """Dated, published, in force, until: in this order; values within the days the document is in force."""
    steps = [("成文", document.dated), ("公布", document.published), ("施行", document.in_force)]
    told = [(name, day) for name, day in steps if day]
    for (first, early), (second, late) in pairwise(told):
        if early > late:
            says = f"{first} {early}，{second} {late}"
            what = f"{document.title}：{second}日 {late} 早于{first}日 {early}"
            yield about_one("dates", what, document, says=says, since=late, path=f"{document.id}/document.yaml")
    for value in document.values:
        for at in value.by_date:
            if not in_period(document, at.since):
                until = f"至 {document.until}" if document.until else "起"
                what = f"{document.title}：“{value.title or value.name}”写自 {at.since} 起，文件施行期是 {document.in_force} {until}"
                place: dict[str, Any] = {"name": value.name, "since": at.since, "path": f"{document.id}/values.yaml", "line": value.line}
                yield about_one("dates", what, document, value.clause, f"自 {at.since}", **place)


def _conflicts(document: Document, copies: Iterable[Finding]) -> Iterator[Finding]:
    """Rules that answer 规定冲突: sources that say different things, side by side, none chosen."""
    beside = tuple(side for copy in copies if document.id in copy.documents for side in copy.sides if side.document != document.id)
    for rule in document.rules:
        for reason in _reasons(rule):
            what = f"{document.title}：“{rule.title}”答“规定冲突”——{reason}"
            sides = (*beside, Side(document.id, rule.clause, reason))
            yield Finding("conflict", what, (document.jurisdiction,), sides, rule.id, document.in_force, rule.path, rule.line)


def _reasons(rule: RuleDef) -> list[str]:
    if rule.node is None:
        return []
    calls = [node for node in ast.walk(rule.node) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    texts = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "conflict" and call.args]
    return [str(text.value) for text in texts if isinstance(text, ast.Constant)]


def _loose(document: Document) -> Iterator[Finding]:
    """A folder without digests, a rule or value under no sentence, a sentence that points to nothing."""
    path = f"{document.id}/clauses.yaml"
    if not document.clauses:
        count = len(document.values) + len(document.rules)
        what = f"{document.title}（{document.id}）没有逐句摘要，{count} 个数值和规则只引条号"
        yield about_one("undigested", what, document, path=path)
        return
    sentences = [(clause, sentence) for clause in document.clauses for sentence in clause.sentences]
    pointed = {point for _, sentence in sentences for point in sentence.points}
    lines = {
        **{v.name: (v.title, v.clause, v.line) for v in document.values},
        **{r.id: (r.title, r.clause, r.line) for r in document.rules},
    }
    for name, (title, number, line) in lines.items():
        if name not in pointed:
            what = f"{document.title}：没有一句写明由“{title or name}”体现"
            yield about_one("no_sentence", what, document, number, name=name, path=path, line=line)
    for clause, sentence in sentences:
        for point in sentence.points if sentence.disposition not in ("rule", "value") else ():
            if point not in lines:
                what = f"{document.title}：条款“{clause.number}”指到“{point}”，本文件没有"
                yield about_one("no_point", what, document, clause.number, point, name=point, path=path, line=clause.line)


def _asked_anywhere(law: Law) -> set[str]:
    """Names that some rule of some document asks for, or some pay sheet prints."""
    rules = [rule for document in law.documents for rule in document.rules]
    asked = {argument.name for rule in rules for argument in rule.arguments} | {rule.total for rule in rules}
    for document in law.documents:
        if document.pay:
            asked |= set(document.pay.names)
    return asked


def _unasked(law: Law, document: Document, asked: set[str]) -> Iterator[Finding]:
    """Values no rule looks at."""
    for value in document.values:
        if value.name not in asked:
            what = f"{document.title}：没有规则用到“{law.titles.get(value.name, value.name)}”"
            says = with_unit(value.by_date[-1], value.unit) if value.by_date else ""
            place: dict[str, Any] = {"name": value.name, "path": f"{document.id}/values.yaml", "line": value.line}
            yield about_one("unasked", what, document, value.clause, says, **place)


def _upper_ended(law: Law, document: Document) -> Iterator[Finding]:
    """A document in force beyond the end of an upper one that it rests on, with nothing in its place."""
    for upper in law.documents:
        ends = upper.until
        if ends is None or upper.jurisdiction == document.jurisdiction or not contains(upper.jurisdiction, document.jurisdiction):
            continue
        if not in_period(document, ends) or not in_period(document, ends - timedelta(days=1)):
            continue
        before, after = (law.regime(document.jurisdiction, day) for day in (ends - timedelta(days=1), ends))
        lost = [name for name in _leans_on(document, before, upper) if name not in after.definitions]
        names = [*lost, *(name for name in _was_bound(document, before, after, upper) if name not in lost)]
        if names:
            titles = "、".join(law.titles.get(name, name) for name in names)
            what = f"{upper.title}（{upper.id}）自 {ends} 起失效，{document.title}还靠它的“{titles}”，没有别的文件接着定"
            sides = (upper, "", f"{ends} 失效"), (document, "", f"{document.in_force} 起施行")
            yield about_two("upper_ended", what, *sides, name=names[0], since=ends, path=f"{document.id}/document.yaml")


def _was_bound(document: Document, before: Regime, after: Regime, upper: Document) -> list[str]:
    """Names a document sets where the upper one had said something, and nobody above it says anything any more."""
    own = [definition for definition in after.definitions.values() if definition.document is document and not definition.replaced]
    return [d.name for d in own if any(above.document is upper for above in before.definitions[d.name].replaced)]


def _leans_on(document: Document, before: Regime, upper: Document) -> list[str]:
    """Names that a document's rules ask for and the upper one told."""
    own = [d for d in before.definitions.values() if d.document is document]
    asked = dict.fromkeys(name for definition in own for name in asks(definition))
    return [name for name in asked if (d := before.definitions.get(name)) is not None and d.document is upper]


def _resting(law: Law) -> dict[str, set[str]]:
    """Document → the rules that are its own or ask for something it says, where they are in force."""
    found: dict[str, set[str]] = {}
    for _, regime in law.regimes():
        for definition in regime.definitions.values():
            if definition.rule is None:
                continue
            found.setdefault(definition.document.id, set()).add(definition.name)
            for name in asks(definition):
                below = regime.definitions.get(name)
                if below is not None:
                    found.setdefault(below.document.id, set()).add(definition.name)
    return found


def _unverified(document: Document, resting: dict[str, set[str]]) -> Iterator[Finding]:
    rules = resting.get(document.id, set())
    if document.trust == "unverified" and rules and not contains(NOWHERE, document.jurisdiction):
        what = f"{document.title}（{document.id}）{TRUSTS['unverified']}，{len(rules)} 项答案据以作出"
        says = "；".join(document.sources)
        yield about_one("unverified", what, document, says=says, since=document.in_force, path=f"{document.id}/document.yaml")

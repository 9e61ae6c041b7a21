"""Names across all folders: one name has one type, title and unit in the whole country; every name asked for exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jiceng.base.refusals import Problem
from jiceng.law.bounds import cite
from jiceng.law.layers import Law, circle
from jiceng.law.model import Document
from jiceng.law.scalars import same_type, type_of_name
from jiceng.places.tree import NATION
from jiceng.rules.definition import Argument, RuleDef
from jiceng.rules.language import did_you_mean
from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.terms.registry import Terms

DAY = "on"
_MAY_ASK = {"worker": ("worker", "place"), "place": ("place",), "request": ("request", "place")}


@dataclass
class Names:
    """What each name means, gathered from the word list and every folder."""

    types: dict[str, TypeRef] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    of_a_month: set[str] = field(default_factory=set)


def gather(documents: tuple[Document, ...], terms: Terms, found: list[Problem]) -> Names:
    """The meaning of every name; clashes are appended to `found`.

    Errors  law.two_types, law.two_titles, law.two_units, law.untitled, law.law_and_fact, law.defined_twice
    """
    names = Names()
    for term in terms.names.values():
        names.titles[term.id], names.where[term.id] = term.name, "词表"
        if term.type or term.history:
            names.types[term.id] = type_of_name(term)
        if term.unit:
            names.units[term.id] = term.unit
        if not term.is_value:
            names.of[term.id] = term.of
    for document in documents:
        twice = {value.name for value in document.values} & {rule.id for rule in document.rules}
        for value in document.values:
            path = f"{document.id}/values.yaml"
            if value.name in twice:
                found.append(Problem("law.defined_twice", f"“{value.name}”在同一文件里既是数值又是规则", path, value.line))
            names.values.add(value.name)
            _one(names, value.name, value.type, value.title, value.unit, document, path, value.line, found)
        for rule in document.rules:
            names.rules.add(rule.id)
            if rule.asked:
                names.of_a_month.add(rule.id)
            _one(names, rule.id, rule.result, rule.title, rule.unit, document, rule.path, rule.line, found)
            if names.of.setdefault(rule.id, rule.of) != rule.of:
                message = f"“{rule.id}”这里问的是 {rule.of}，别处是 {names.of[rule.id]}"
                found.append(Problem("law.two_types", message, rule.path, rule.line))
    for document in documents:
        for value in document.values:
            if not names.titles.get(value.name):
                message = f"数值“{value.name}”没有中文名：请写 title，或在 terms.yaml 里写 name"
                found.append(Problem("law.untitled", message, f"{document.id}/values.yaml", value.line))
    _same_titles(names, documents, found)
    return names


def _one(
    names: Names, name: str, type: TypeRef, title: str, unit: str, document: Document, path: str, line: int, found: list[Problem]
) -> None:
    term = document.id
    if name in names.of and name not in names.rules:
        found.append(Problem("law.law_and_fact", f"“{name}”既是法规又是事实：词表里是{names.titles[name]}", path, line))
        return
    if names.types.setdefault(name, type) != type:
        message = f"“{name}”这里的类型是 {type}，{names.where[name]}里是 {names.types[name]}"
        found.append(Problem("law.two_types", message, path, line))
    cell = type.parameters[-1] if type.name == "Table" else type
    if unit and (unit == "元") != (cell.name == "Yuan"):
        found.append(Problem("law.unit", f"“{name}”的类型是 {type}，单位却是“{unit}”", path, line))
    if title and (names.titles.get(name) or title) != title:
        message = f"“{name}”这里叫“{title}”，{names.where[name]}里叫“{names.titles[name]}”"
        found.append(Problem("law.two_titles", message, path, line))
    if unit and names.units.setdefault(name, unit) != unit:
        found.append(Problem("law.two_units", f"“{name}”这里的单位是“{unit}”，别处是“{names.units[name]}”", path, line))
    if title:
        names.titles[name] = title
    names.where.setdefault(name, term)


def _same_titles(names: Names, documents: tuple[Document, ...], found: list[Problem]) -> None:
    by_title: dict[str, str] = {}
    for name in sorted(names.titles):
        title = names.titles[name]
        other = by_title.setdefault(title, name)
        if other != name and (name in names.values | names.rules or other in names.values | names.rules):
            message = f"“{other}”与“{name}”都叫“{title}”，用中文名问不出是哪一个"
            found.append(Problem("law.same_title", message, notice=True))


_OF_A_MONTH = "规则“{}”用了“{}”：那是按月问的，标记里写着 asked=\"month\"；用它的规则也要这样写，不能汇总到地方"


def check_asked(documents: tuple[Document, ...], names: Names, terms: Terms) -> Iterator[Problem]:
    """Every argument of every rule names something, of the type it says, about a subject the rule may see.

    Errors  law.unknown_name with did-you-mean, law.type_mismatch, law.wrong_subject, law.of_a_month
    """
    for document in documents:
        for rule in document.rules:
            for argument in rule.arguments:
                yield from _asked(rule, argument, names)
            if rule.total:
                yield from _totalled(rule, names)


def _asked(rule: RuleDef, argument: Argument, names: Names) -> Iterator[Problem]:
    name, wanted = argument.name, argument.type
    if name == DAY:
        if wanted != TypeRef("Date"):
            yield Problem("law.type_mismatch", f"规则“{rule.title}”的 on 应写成 on: Date", rule.path, rule.line)
        return
    given = names.types.get(name)
    if given is None:
        known = {*names.types, DAY}
        message = f"规则“{rule.title}”的输入“{name}”在词表、数值、规则中都没有{did_you_mean(name, known)}"
        yield Problem("law.unknown_name", message, rule.path, rule.line)
        return
    if wanted.name == "ByDate":
        if name not in names.values or name in names.rules or given.parameters or given.name == "Bands":
            message = f"规则“{rule.title}”的输入“{name}”写成 ByDate：只有法规的单个数值可以按日期取"
            yield Problem("law.type_mismatch", message, rule.path, rule.line)
        wanted = wanted.parameters[0] if wanted.parameters else given
    if not (same_type(wanted, given) or (wanted.name == given.name == "Bands")):
        message = f"规则“{rule.title}”的输入“{name}”写成 {argument.type}，{names.where[name]}里是 {given}"
        yield Problem("law.type_mismatch", message, rule.path, rule.line)
    of = names.of.get(name, rule.of)
    if of not in _MAY_ASK.get(rule.of, (rule.of,)):
        message = f"规则“{rule.title}”问的是 {rule.of}，不能用 {of} 的“{name}”" + ("；汇总请用 total" if rule.of == "place" else "")
        yield Problem("law.wrong_subject", message, rule.path, rule.line)
    if name in names.of_a_month and not rule.asked:
        yield Problem("law.of_a_month", _OF_A_MONTH.format(rule.title, name), rule.path, rule.line)


def _totalled(rule: RuleDef, names: Names) -> Iterator[Problem]:
    if rule.total not in names.rules:
        message = f"“{rule.title}”要汇总的规则“{rule.total}”没有{did_you_mean(rule.total, names.rules)}"
        yield Problem("law.unknown_name", message, rule.path, rule.line)
    elif names.of[rule.total] != "worker" or names.types[rule.total].name in (*HISTORIES, "Date"):
        yield Problem("law.wrong_subject", f"“{rule.title}”只能汇总一条关于人员的数量规则", rule.path, rule.line)
    elif rule.total in names.of_a_month:
        yield Problem("law.of_a_month", _OF_A_MONTH.format(rule.title, rule.total), rule.path, rule.line)


def check_clauses(document: Document, names: Names) -> Iterator[Problem]:
    """Clauses that rules and values cite exist; points of sentences name something of this folder.

    Empty   a folder without clauses.yaml cites freely (a local decision of one line)
    Errors  law.unknown_clause, law.unknown_point; the notice law.no_case
    """
    if document.clauses:
        numbers = [clause.number for clause in document.clauses]
        for value in document.values:
            if value.clause not in numbers:
                message = f"数值“{value.name}”引的条款“{value.clause}”在 clauses.yaml 里没有{did_you_mean(value.clause, numbers)}"
                yield Problem("law.unknown_clause", message, f"{document.id}/values.yaml", value.line)
        for rule in document.rules:
            if rule.clause not in numbers:
                message = f"规则“{rule.title}”引的条款“{rule.clause}”在 clauses.yaml 里没有{did_you_mean(rule.clause, numbers)}"
                yield Problem("law.unknown_clause", message, rule.path, rule.line)
    own = {value.name for value in document.values} | {rule.id for rule in document.rules}
    for clause in document.clauses:
        for sentence in clause.sentences:
            for point in sentence.points if sentence.disposition in ("rule", "value") else ():
                if point not in own:
                    hint = did_you_mean(point, own)
                    message = f"条款“{clause.number}”说由“{point}”体现，但本文件没有这条规则或数值{hint}"
                    yield Problem("law.unknown_point", message, f"{document.id}/clauses.yaml", clause.line)


def check_circles(law: Law, *, inside: Iterable[int] = (NATION,)) -> Iterator[Problem]:
    """Names that ask one another in a circle, in any regime at these places or inside them; circles that no place puts together
    are no fault.

    Errors  law.circle, naming the documents
    """
    seen: set[frozenset[str]] = set()
    for place, regime in law.regimes(inside):
        around = circle(regime.definitions)
        key = frozenset(definition.name for definition in around)
        if around and key not in seen:
            seen.add(key)
            chain = " ← ".join(f"{d.name}{cite(d.document, d.clause)}" for d in (*around, around[0]))
            first = around[-1]
            where = f"{place or '全国'} 自 {regime.since} 起" if regime.since.year > 1 else f"{place or '全国'}"
            path, line = (first.rule.path, first.rule.line) if first.rule else (first.document.id, 0)
            yield Problem("law.circle", f"规则互相依赖成一个圈（{where}）：{chain}", path, line)

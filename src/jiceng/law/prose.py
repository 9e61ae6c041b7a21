"""A rule read aloud: its own statements line by line in Chinese, for whoever answers for the text and reads no code."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from jiceng.law.wording import Saying, Unsayable, called, is_day, part, said
from jiceng.rules.definition import RuleDef
from jiceng.rules.language import OUTCOMES
from jiceng.rules.types import HISTORIES
from jiceng.terms.registry import Kind, Terms

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_OUTCOMES = {"ambiguous": "条文不明", "conflict": "规定冲突", "needs_decision": "待决定", "not_applicable": "不适用"}


@dataclass(frozen=True)
class Line:
    """One line of a rule in words; `depth` counts the conditions and rounds it stands under."""

    depth: int
    text: str


@dataclass
class _Telling:
    """What is known while a rule is told: words of its names, and of the locals met so far."""

    rule: RuleDef
    titles: Mapping[str, str]
    terms: Terms
    named: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    records: dict[str, Kind] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def saying(self) -> Saying:
        return Saying(self.name, self.terms, self.types, self.records)

    def name(self, name: str) -> str:
        if name == "on":
            return "计算日"
        if name in self.named:
            return f"“{self.named[name]}”"
        argument = next((one for one in self.rule.arguments if one.name == name), None)
        if argument is None:
            raise Unsayable
        if argument.type.name in HISTORIES:
            return f"{self.terms.kind_of_record[argument.type.parameters[0].name].name}记录"
        return self.titles.get(name, name)

    def local(self, name: str) -> str:
        """The words of a local: those the rule gives it, else the next of 甲 乙 丙."""
        if name not in self.named:
            own = sum(1 for one in self.named if one not in self.rule.names)
            self.named[name] = self.rule.names.get(name) or _STEMS[own % 10] + ("" if own < 10 else str(own // 10 + 1))
        return f"“{self.named[name]}”"

    def add(self, depth: int, text: str) -> None:
        self.lines.append(Line(depth, text))


def prose(rule: RuleDef, *, titles: Mapping[str, str], terms: Terms) -> tuple[Line, ...]:
    """The rule in words, from the same statements that are calculated.

    `titles` gives the words of each name a rule may ask for
    Shape   one line a statement, in order; a sum over a place is one line
    Empty   a statement without words ends the telling with a line that points to the rule's text
    """
    if rule.total:
        return (Line(0, f"把这个地方全部在册人员的“{titles.get(rule.total, rule.total)}”相加（是与否的，数“是”的人数）。"),)
    assert rule.node is not None
    types = {one.name: one.type.name for one in rule.arguments}
    telling = _Telling(rule, titles, terms, types=types | {name: type.name for name, type in rule.locals.items()})
    try:
        _block(rule.node.body[1:], 0, telling)
    except Unsayable:
        telling.add(0, "这一步没有现成的说法，请看规则原文。")
    return tuple(telling.lines)


def _block(body: list[ast.stmt], depth: int, telling: _Telling) -> None:
    for node in body:
        _statement(node, depth, telling)


def _statement(node: ast.stmt, depth: int, telling: _Telling) -> None:
    match node:
        case ast.Return(value=ast.expr() as value):
            telling.add(depth, f"{_result(value, telling)}。")
        case ast.If():
            _branch(node, depth, telling, "如果")
        case ast.For(target=ast.Name()):
            _round(node, depth, telling)
        case ast.Assign(targets=[ast.Name() as target]):
            told_value = part(node.value, telling.saying())
            if is_day(node.value, telling.saying()):
                telling.types[target.id] = "Date"
            telling.add(depth, f"记{telling.local(target.id)}为 {told_value}。")
        case ast.Assign(targets=[ast.Tuple() as targets], value=ast.Tuple() as values):
            saying = telling.saying()
            told = [part(one, saying) for one in values.elts]
            names = [telling.local(one.id) for one in targets.elts if isinstance(one, ast.Name)]
            telling.add(depth, "；".join(f"记{name}为 {one}" for name, one in zip(names, told, strict=True)) + "。")
        case ast.AugAssign(target=ast.Name() as target) if isinstance(node.op, ast.Add | ast.Sub):
            step = part(node.value, telling.saying())
            telling.add(depth, f"{telling.local(target.id)}{'加上' if isinstance(node.op, ast.Add) else '减去'} {step}。")
        case ast.Continue():
            telling.add(depth, "看下一条。")
        case ast.Break():
            telling.add(depth, "不再往下看。")
        case _:
            raise Unsayable


def _branch(node: ast.If, depth: int, telling: _Telling, word: str) -> None:
    """A condition with what follows from it; a consequence of one sentence stands on the same line."""
    test = said(node.test, telling.saying())
    _consequence(node.body, depth, telling, f"{word} {test}：")
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        _branch(node.orelse[0], depth, telling, "否则，如果")
    elif node.orelse:
        _consequence(node.orelse, depth, telling, "否则：")


def _consequence(body: list[ast.stmt], depth: int, telling: _Telling, head: str) -> None:
    if len(body) == 1 and not isinstance(body[0], ast.If | ast.For):
        before = len(telling.lines)
        _statement(body[0], depth, telling)
        told = telling.lines.pop(before)
        telling.add(depth, head + told.text)
    else:
        telling.add(depth, head)
        _block(body, depth + 1, telling)


def _round(node: ast.For, depth: int, telling: _Telling) -> None:
    assert isinstance(node.target, ast.Name)
    saying = telling.saying()
    if isinstance(node.iter, ast.Call) and called(node.iter) == "range":
        bounds = [part(one, saying) for one in node.iter.args]
        first, end = (bounds[0], bounds[1]) if len(bounds) > 1 else ("0", bounds[0])
        telling.add(depth, f"让{telling.local(node.target.id)}从 {first} 起逐一加 1，到 {end} 之前为止：")
    elif isinstance(node.iter, ast.Name):
        argument = next(one for one in telling.rule.arguments if one.name == node.iter.id)
        kind = telling.terms.kind_of_record[argument.type.parameters[0].name]
        telling.records[node.target.id] = kind
        telling.add(depth, f"按时间先后逐条看{kind.name}记录：")
    else:
        raise Unsayable
    _block(node.body, depth + 1, telling)


def _result(node: ast.expr, telling: _Telling) -> str:
    saying = telling.saying()
    match node:
        case ast.Call() if called(node) in OUTCOMES:
            options = " 或 ".join(said(one, saying) for one in node.args[1:])
            return f"{_OUTCOMES[called(node)]}（{said(node, saying)}）" + (f"，可能是 {options}" if options else "")
        case ast.IfExp():
            return f"如果 {said(node.test, saying)}，{_result(node.body, telling)}；否则，{_result(node.orelse, telling)}"
        case ast.Constant(value=bool()):
            return f"答“{said(node, saying)}”"
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return f"{said(node, saying)}，答“是”，不然答“否”"
    return f"得 {said(node, saying)}"

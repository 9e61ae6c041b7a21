"""A rule's own formula in Chinese: names as titles, then with the figures put in, along the branch that was taken.

A rule that goes through records has no formula that reads as a sentence; its records are printed one by one instead.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import Any

from jiceng.answers.printing import value_text
from jiceng.answers.step import Step
from jiceng.base.kinds import AnswerKind
from jiceng.rules.definition import RuleDef
from jiceng.terms.registry import Terms


@dataclass(frozen=True)
class Formula:
    """`passed`: conditions looked at on the way, each with 是 or 否; `words`: the formula in titles; `figures`: with the
    figures put in, blank where the words hold them already (a yes-or-no rule)."""

    passed: tuple[tuple[str, str], ...] = ()
    words: str = ""
    figures: str = ""


class _Unsayable(Exception):
    """The rule has something that does not read as a sentence."""


_SIGNS = {ast.Add: "＋", ast.Sub: "－", ast.Mult: "×", ast.FloorDiv: "整除以", ast.Mod: "除余"}
_NUMBERS = {ast.Eq: "等于", ast.NotEq: "不等于", ast.Lt: "小于", ast.LtE: "不大于", ast.Gt: "大于", ast.GtE: "不小于"}
_DAYS = {ast.Eq: "就是", ast.NotEq: "不是", ast.Lt: "早于", ast.LtE: "不晚于", ast.Gt: "晚于", ast.GtE: "不早于"}
_WORDS = {
    "add_days": "{0} 加 {1}", "add_months": "{0} 加 {1}", "add_years": "{0} 加 {1}", "year_end": "{0} 所在年的最后一天",
    "year_start": "{0} 所在年的第一天", "month_start": "{0} 所在月的第一天", "month_end": "{0} 所在月的最后一天", "year": "{0} 的年份",
    "month": "{0} 的月份", "full_years": "从 {0} 到 {1} 的满整年数", "full_months": "从 {0} 到 {1} 的满整月数",
    "months_between": "从 {0} 到 {1} 的月数", "times": "{0} × {1}，{2}", "divide": "{0} ÷ {1}，{2}", "divide_by": "{0} ÷ {1}，{2}",
    "whole": "{0} 取整（{1}）", "known": "有“{0}”", "at": "{0} 中的一格", "abs": "{0} 的绝对值", "len": "{0} 的条数",
    "band": "{0} 在 {1} 中所在的档", "max": "{0} 与 {1} 中较大（晚）的", "min": "{0} 与 {1} 中较小（早）的",
}  # fmt: skip
_STEPS = {"add_days": "天", "add_months": "个月", "add_years": "年"}
_DATES = {"add_days", "add_months", "add_years", "year_end", "year_start", "month_start", "month_end"}


def formula(step: Step, terms: Terms) -> Formula | None:
    """The formula of a rule's step; None where it does not read as a sentence."""
    rule = step.definition.rule if step.definition else None
    if rule is None or rule.node is None:
        return None
    try:
        return _Saying(step, rule, terms).said()
    except _Unsayable:
        return None


class _Saying:
    """One rule being put into words."""

    def __init__(self, step: Step, rule: RuleDef, terms: Terms) -> None:
        self.rule, self.terms = rule, terms
        self.inputs = {one.name: one for one in step.inputs}
        self.conditional = False
        self.locals: dict[str, ast.expr] = {}
        self.types = {argument.name: argument.type.name for argument in rule.arguments}

    def said(self) -> Formula:
        assert self.rule.node is not None
        passed: list[tuple[str, str]] = []
        found = self._walk(self.rule.node.body, passed)
        if found is None:
            raise _Unsayable
        if self.rule.result.name == "bool":
            return Formula(tuple(passed), self._words(found, figures=True))
        return Formula(tuple(passed), self._words(found, figures=False), self._words(found, figures=True))

    def _walk(self, body: list[ast.stmt], passed: list[tuple[str, str]]) -> ast.expr | None:
        """The expression returned on the branch taken; notes each condition on the way."""
        for one in body:
            if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
                continue
            if isinstance(one, ast.Return) and one.value is not None:
                return self._inlined(one.value)
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                self.locals[one.targets[0].id] = self._inlined(one.value)
                continue
            if not isinstance(one, ast.If):
                raise _Unsayable
            test = self._inlined(one.test)
            holds = self._holds(test)
            self.conditional = True
            # "Not satisfied? No." is hard to read: the question is asked without the not.
            plain, reads = (test.operand, not holds) if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else (test, holds)
            passed.append((self._words(plain, figures=True), "是" if reads else "否"))
            self.conditional = False
            found = self._walk(one.body if holds else one.orelse, passed)
            if found is not None:
                return found
        return None

    def _inlined(self, node: ast.expr) -> ast.expr:
        """The expression with each local in it written out."""
        return _Inlining(self.locals).visit(copy.deepcopy(node))  # type: ignore[no-any-return]

    def _holds(self, test: ast.expr) -> bool:
        """Whether a condition holds here, worked out by the rule's own words on the figures of this answer."""
        function: Any = self.rule.function
        values = {name: one.value if one.kind is AnswerKind.value else None for name, one in self.inputs.items()}
        if self._bare_known(test):
            return self.inputs[test.args[0].id].kind is AnswerKind.value  # type: ignore[attr-defined]
        plain = _Numbers(self.terms).visit(copy.deepcopy(test))
        code = compile(ast.Expression(ast.fix_missing_locations(plain)), "<condition>", "eval")
        try:
            return bool(eval(code, dict(function.__globals__), values))
        except Exception as error:
            raise _Unsayable from error

    def _bare_known(self, test: ast.expr) -> bool:
        return (
            isinstance(test, ast.Call)
            and _called(test) == "known"
            and isinstance(test.args[0], ast.Name)
            and test.args[0].id in self.inputs
        )

    def _words(self, node: ast.expr, *, figures: bool) -> str:
        match node:
            case ast.Name():
                return self._name(node.id, figures=figures)
            case ast.Constant():
                return _constant(node.value)
            case ast.Attribute(value=ast.Name()):
                return self._code(node)
            case ast.BinOp() if type(node.op) in _SIGNS:
                return f"{self._part(node.left, figures)} {_SIGNS[type(node.op)]} {self._part(node.right, figures)}"
            case ast.UnaryOp(op=ast.Not()):
                return f"不满足“{self._words(node.operand, figures=figures)}”"
            case ast.UnaryOp(op=ast.USub()):
                return f"负 {self._words(node.operand, figures=figures)}"
            case ast.BoolOp():
                joiner = " 且 " if isinstance(node.op, ast.And) else " 或 "
                return joiner.join(self._part(one, figures) for one in node.values)
            case ast.Compare():
                return self._compare(node, figures=figures)
            case ast.IfExp():
                return self._words(node.body if self._holds(node.test) else node.orelse, figures=figures)
            case ast.Call():
                return self._call(node, figures=figures)
        raise _Unsayable

    def _part(self, node: ast.expr, figures: bool) -> str:
        text = self._words(node, figures=figures)
        return f"（{text}）" if isinstance(node, ast.BinOp | ast.BoolOp) else text

    def _name(self, name: str, *, figures: bool) -> str:
        one = self.inputs.get(name)
        if one is None:
            raise _Unsayable
        if not figures or one.kind is not AnswerKind.value or isinstance(one.value, tuple):
            return one.title
        text = value_text(one.value, one.type, one.unit, self.terms)
        # A figure stands for itself in a sum; in a condition a code, a yes or a no needs its name beside it.
        return f"{one.title}（{text}）" if one.type.name == "bool" or one.type.name in self.terms.codes or self._asks() else text

    def _asks(self) -> bool:
        return self.conditional or self.rule.result.name == "bool"

    def _code(self, node: ast.Attribute) -> str:
        assert isinstance(node.value, ast.Name)
        listed = self.terms.codes.get(node.value.id)
        item = listed.by_id.get(node.attr.rstrip("_")) if listed else None
        if item is None:
            raise _Unsayable
        return f"“{item.name}”"

    def _compare(self, node: ast.Compare, *, figures: bool) -> str:
        words = _DAYS if self._is_day(node.left) or self._is_day(node.comparators[0]) else _NUMBERS
        coded = any(isinstance(one, ast.Attribute) for one in (node.left, *node.comparators))
        said = self._words(node.left, figures=figures)
        for sign, right in zip(node.ops, node.comparators, strict=True):
            word = {ast.Eq: "是", ast.NotEq: "不是"}.get(type(sign)) if coded else words.get(type(sign))
            if word is None:
                raise _Unsayable
            said += f" {word} {self._words(right, figures=figures)}"
        return said

    def _is_day(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return self.types.get(node.id) == "Date"
        return isinstance(node, ast.Call) and _called(node) in _DATES

    def _call(self, node: ast.Call, *, figures: bool) -> str:
        name = _called(node)
        if name in ("not_applicable", "needs_decision", "ambiguous", "conflict"):
            return str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else name
        if name == "ratio":
            said = f"{self._part(node.args[0], figures)} ÷ {self._part(node.args[1], figures)}"
            return said if len(node.args) == 2 else f"{said}（{self._words(node.args[2], figures=figures)}）"
        if name not in _WORDS:
            raise _Unsayable
        said = [self._part(one, figures) for one in node.args]
        if name in _STEPS and isinstance(node.args[1], ast.Constant | ast.UnaryOp):
            said[1] += f" {_STEPS[name]}"
        return _WORDS[name].format(*said)


class _Inlining(ast.NodeTransformer):
    """Puts the expression of a local where its name stands."""

    def __init__(self, locals: dict[str, ast.expr]) -> None:
        self.locals = locals

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self.locals.get(node.id, node))


class _Numbers(ast.NodeTransformer):
    """Puts a code's number where its name stands (TrainingReading.calendar_year), as rules see it."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        listed = self.terms.codes.get(node.value.id) if isinstance(node.value, ast.Name) else None
        item = listed.by_id.get(node.attr.rstrip("_")) if listed else None
        return ast.Constant(item.number) if item else node


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value:,}"
    raise _Unsayable

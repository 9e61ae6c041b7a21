"""A rule's own formula in Chinese: names as titles, then with the figures put in, along the branch that was taken.

A rule that goes through records has no formula that reads as a sentence; its records are printed one by one instead.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jiceng.answers.printing import value_text
from jiceng.answers.step import Step
from jiceng.base.kinds import AnswerKind
from jiceng.law.wording import Saying, Unsayable, called, said
from jiceng.rules.definition import RuleDef
from jiceng.terms.registry import Terms


@dataclass(frozen=True)
class Formula:
    """`passed`: conditions looked at on the way, each with 是 or 否; `words`: the formula in titles; `figures`: with the
    figures put in, blank where the words hold them already (a yes-or-no rule)."""

    passed: tuple[tuple[str, str], ...] = ()
    words: str = ""
    figures: str = ""


def formula(step: Step, terms: Terms) -> Formula | None:
    """The formula of a rule's step; None where it does not read as a sentence."""
    rule = step.definition.rule if step.definition else None
    if rule is None or rule.node is None:
        return None
    try:
        return _Saying(step, rule, terms).said()
    except Unsayable:
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
            raise Unsayable
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
                raise Unsayable
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
            raise Unsayable from error

    def _bare_known(self, test: ast.expr) -> bool:
        return (
            isinstance(test, ast.Call) and called(test) == "known" and isinstance(test.args[0], ast.Name) and test.args[0].id in self.inputs
        )

    def _words(self, node: ast.expr, *, figures: bool) -> str:
        """The expression along the branches taken, in titles or with the figures put in."""
        taken = _Taken(self._holds).visit(copy.deepcopy(node))
        return said(taken, Saying(lambda name: self._name(name, figures=figures), self.terms, self.types))

    def _name(self, name: str, *, figures: bool) -> str:
        one = self.inputs.get(name)
        if one is None:
            raise Unsayable
        if not figures or one.kind is not AnswerKind.value or isinstance(one.value, tuple):
            return one.title
        text = value_text(one.value, one.type, one.unit, self.terms)
        # A figure stands for itself in a sum; in a condition a code, a yes or a no needs its name beside it.
        return f"{one.title}（{text}）" if one.type.name == "bool" or one.type.name in self.terms.codes or self._asks() else text

    def _asks(self) -> bool:
        return self.conditional or self.rule.result.name == "bool"


class _Taken(ast.NodeTransformer):
    """Puts the branch that was taken where a choice stands."""

    def __init__(self, holds: Callable[[ast.expr], bool]) -> None:
        self.holds = holds

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return self.visit(node.body if self.holds(node.test) else node.orelse)  # type: ignore[no-any-return]


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

"""Expressions of a rule in Chinese, from its own syntax tree, so that what people read is what is calculated.

One vocabulary for the whole rule put into words (law.prose) and for an answer's arithmetic with its figures.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jiceng.rules.language import OUTCOMES, field_id
from jiceng.terms.registry import Kind, Terms


class Unsayable(Exception):
    """The expression has something that does not read as a sentence."""


@dataclass(frozen=True)
class Saying:
    """How names are said.

    `name` gives the words of an argument or local (raises Unsayable for one it does not know); `types` the type of each
    by name, so that days are compared as days; `records` the kind of fact behind each loop variable
    """

    name: Callable[[str], str]
    terms: Terms
    types: Mapping[str, str]
    records: Mapping[str, Kind] = field(default_factory=dict)


_SIGNS = {ast.Add: "＋", ast.Sub: "－", ast.Mult: "×"}
_NUMBERS = {ast.Eq: "等于", ast.NotEq: "不等于", ast.Lt: "小于", ast.LtE: "不大于", ast.Gt: "大于", ast.GtE: "不小于"}
_DAYS = {ast.Eq: "就是", ast.NotEq: "不是", ast.Lt: "早于", ast.LtE: "不晚于", ast.Gt: "晚于", ast.GtE: "不早于"}
_CODED = {ast.Eq: "是", ast.NotEq: "不是"}
_TURNED = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
_WORDS = {
    "add_days": "{0} 加 {1}", "add_months": "{0} 加 {1}", "add_years": "{0} 加 {1}", "year_end": "{0} 所在年的最后一天",
    "year_start": "{0} 所在年的第一天", "month_start": "{0} 所在月的第一天", "month_end": "{0} 所在月的最后一天", "year": "{0} 的年份",
    "month": "{0} 的月份", "day": "{0} 的日", "full_years": "从 {0} 到 {1} 的满整年数", "full_months": "从 {0} 到 {1} 的满整月数",
    "months_between": "从 {0} 到 {1} 的月数", "times": "{0} × {1}（{2}）", "divide": "{0} ÷ {1}（{2}）", "divide_by": "{0} ÷ {1}（{2}）",
    "whole": "{0} 取整（{1}）", "abs": "{0} 的绝对值", "len": "{0} 的条数", "band": "{1} 在“{0}”中所在的一档",
    "province": "{0} 所在的省", "city": "{0} 所在的市", "county": "{0} 所在的县", "date": "{0} 年 {1} 月 {2} 日",
}  # fmt: skip
_STEPS = {"add_days": "天", "add_months": "个月", "add_years": "年"}
_DATES = {"add_days", "add_months", "add_years", "year_end", "year_start", "month_start", "month_end", "date"}
_RECORD = {"since": "开始日", "until": "终止日", "place": "所在地方"}


def said(node: ast.expr, saying: Saying) -> str:
    """The expression in words.

    Errors  Unsayable
    """
    match node:
        case ast.Name():
            return saying.name(node.id)
        case ast.Constant():
            return constant(node.value)
        case ast.Attribute(value=ast.Name()):
            return _attribute(node, saying)
        case ast.BinOp() if type(node.op) in _SIGNS:
            return f"{part(node.left, saying)} {_SIGNS[type(node.op)]} {part(node.right, saying)}"
        case ast.UnaryOp(op=ast.Not()):
            return _denied(node.operand, saying)
        case ast.UnaryOp(op=ast.USub()):
            return f"负 {part(node.operand, saying)}"
        case ast.BoolOp():
            return (" 且 " if isinstance(node.op, ast.And) else " 或 ").join(part(one, saying) for one in node.values)
        case ast.Compare():
            return _compared(node, saying)
        case ast.IfExp():
            return f"如果 {said(node.test, saying)}，取 {part(node.body, saying)}，否则取 {part(node.orelse, saying)}"
        case ast.Call():
            return _call(node, saying)
        case ast.Subscript():
            keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return f"“{said(node.value, saying)}”表中 {'、'.join(part(key, saying) for key in keys)} 的一格"
    raise Unsayable


def part(node: ast.expr, saying: Saying) -> str:
    """The same as a part of a longer expression: in brackets where it would run together."""
    text = said(node, saying)
    runs_on = isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp) or (isinstance(node, ast.Call) and called(node) in ("min", "max"))
    return f"（{text}）" if runs_on else text


def called(node: ast.Call) -> str:
    """The word a call uses."""
    return node.func.id if isinstance(node.func, ast.Name) else ""


def constant(value: Any) -> str:
    """A yes, a no or a number."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value:,}"
    raise Unsayable


def _attribute(node: ast.Attribute, saying: Saying) -> str:
    """A code by its name, or a field of the record looked at."""
    assert isinstance(node.value, ast.Name)
    name, asked = node.value.id, field_id(node.attr)
    kind = saying.records.get(name)
    if kind is not None:
        words = _RECORD.get(asked) or (kind.fields[asked].name if asked in kind.fields else "")
        if not words:
            raise Unsayable
        return f"这条{kind.name}的{words}"
    listed = saying.terms.codes.get(name)
    item = listed.by_id.get(asked) if listed else None
    if item is None:
        raise Unsayable
    return f"“{item.name}”"


def _denied(node: ast.expr, saying: Saying) -> str:
    """A condition that must not hold: turned round where that reads better than a not."""
    if isinstance(node, ast.Call) and called(node) == "known":
        return f"没有 {part(node.args[0], saying)}"
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _TURNED:
        turned = ast.Compare(node.left, [_TURNED[type(node.ops[0])]()], node.comparators)
        return _compared(turned, saying)
    text = said(node, saying)
    return f"不满足{text}" if text.startswith("“") and text.endswith("”") and text.count("“") == 1 else f"不满足“{text}”"


def _compared(node: ast.Compare, saying: Saying) -> str:
    sides = (node.left, *node.comparators)
    coded = any(isinstance(one, ast.Attribute) and _is_code(one, saying) for one in sides)
    words = _CODED if coded else _DAYS if any(is_day(one, saying) for one in sides) else _NUMBERS
    text = part(node.left, saying)
    for sign, right in zip(node.ops, node.comparators, strict=True):
        word = words.get(type(sign))
        if word is None:
            raise Unsayable
        text += f" {word} {part(right, saying)}"
    return text


def _is_code(node: ast.Attribute, saying: Saying) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in saying.terms.codes


def is_day(node: ast.expr, saying: Saying) -> bool:
    """Whether an expression gives a day."""
    if isinstance(node, ast.Name):
        return saying.types.get(node.id) == "Date"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in saying.records:
        asked = field_id(node.attr)
        own = saying.records[node.value.id].fields.get(asked)
        return asked in ("since", "until") or (own is not None and own.type == "Date")
    if isinstance(node, ast.IfExp):
        return is_day(node.body, saying)
    if isinstance(node, ast.Call) and called(node) in ("min", "max"):
        return any(is_day(one, saying) for one in node.args)
    return isinstance(node, ast.Call) and called(node) in _DATES


def _call(node: ast.Call, saying: Saying) -> str:
    name = called(node)
    if name in OUTCOMES:
        return str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else name
    if name == "known":
        return f"有 {part(node.args[0], saying)}"
    if name == "at":
        return _at(node, saying)
    if name in ("min", "max"):
        days = any(is_day(one, saying) for one in node.args)
        word = {"min": ("最小", "最早"), "max": ("最大", "最晚")}[name][days]
        return f"{'、'.join(part(one, saying) for one in node.args)} 中{word}的"
    if name == "ratio":
        whole = isinstance(node.args[1], ast.Constant) and node.args[1].value == 1
        text = part(node.args[0], saying) if whole else f"{part(node.args[0], saying)} ÷ {part(node.args[1], saying)}"
        return text if len(node.args) == 2 else f"{text}（{said(node.args[2], saying)}）"
    if name not in _WORDS:
        raise Unsayable
    parts = [part(one, saying) for one in node.args]
    if name in _STEPS and isinstance(node.args[1], ast.UnaryOp):
        return f"{parts[0]} 减 {part(node.args[1].operand, saying)} {_STEPS[name]}"
    if name in _STEPS and isinstance(node.args[1], ast.Constant):
        parts[1] += f" {_STEPS[name]}"
    return _WORDS[name].format(*parts)


def _at(node: ast.Call, saying: Saying) -> str:
    """A value as it was at a record's time."""
    text = f"{said(node.args[0], saying)}（按这条记录当时、当地的规定"
    return f"{text}，没有规定的按“{said(node.args[2], saying)}”）" if len(node.args) == 3 else f"{text}）"

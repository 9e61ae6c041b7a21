"""From the text of a rules.py to checked rules. The file is read, never executed: each function is compiled alone."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any

from jiceng.base.refusals import Problem
from jiceng.rules import rewrite, tables, words
from jiceng.rules.annotations import INT, Wrong, agrees, read_type, type_text
from jiceng.rules.definition import REQUIRED, Argument, RuleDef
from jiceng.rules.fence import Report, allowed, functions, parse
from jiceng.rules.flow import check_body
from jiceng.rules.language import OUTCOMES, RESERVED, field_id, outcome_word
from jiceng.rules.marks import Mark, read_mark
from jiceng.rules.types import TypeRef
from jiceng.rules.units import AMOUNTS, ZERO, Scope, join
from jiceng.terms.registry import SCALARS, Terms

_CALCULATED = (
    "plus", "minus", "product", "valid", "year", "month", "day", "date", "add_days", "add_months", "add_years",
    "month_start", "month_end", "year_start", "year_end", "months_between", "full_months", "full_years", "divide", "times",
    "divide_by", "ratio", "whole", "province", "city", "county",
)  # fmt: skip
PLAIN_WORDS: Mapping[str, Any] = {
    **{name: getattr(words, name) for name in _CALCULATED},
    **{name: getattr(tables, name) for name in ("band", "at", "known", "present", "filled")},
    **{name: outcome_word(name) for name in OUTCOMES},
    **{"min": min, "max": max, "abs": abs, "len": len, "range": range},
}
"""Everything a rule can reach when Python runs it; `rebound` swaps some of them."""


def read_rules(text: str, *, path: str, terms: Terms) -> tuple[tuple[RuleDef, ...], tuple[Problem, ...]]:
    """The rules of one file, and every finding. A rule with a finding is left out; nothing of the file is ever run.

    Errors  none raised: findings carry line and column in characters
    """
    report = Report(path, re.split(r"\r\n|\r|\n", text))
    tree = parse(text, report)
    if tree is None:
        return (), tuple(report.problems)
    found: list[RuleDef] = []
    nodes, imported = functions(tree, terms, report)
    for node in nodes:
        before = len(report.problems)
        rule = _rule(node, text, imported, terms, report)
        if rule is not None and len(report.problems) == before:
            found.append(rule)
    return tuple(found), tuple(report.problems)


def rebound(rule: RuleDef, **replacements: Any) -> Callable[..., Any]:
    """The rule's plain function with some words replaced (a calendar word that also notes when it would change)."""
    assert isinstance(rule.function, FunctionType)
    return FunctionType(rule.function.__code__, {**rule.function.__globals__, **replacements}, rule.id)


def _rule(node: ast.FunctionDef, text: str, imported: set[str], terms: Terms, report: Report) -> RuleDef | None:
    mark = read_mark(node, report)
    if mark is None:
        return None
    if mark.word not in imported:
        report.add("rules.import", f"请在文件开头写 from jiceng.rules import {mark.word}", node)
    if node.name in RESERVED or node.name.startswith("_") or node.name in terms.codes:
        report.add("rules.redefined", f"“{node.name}”不能作规则的名字", node)
    doc = ast.get_docstring(node)
    if not doc:
        report.add("rules.doc", f"规则“{node.name}”缺说明：请在第一行用一句话写明给出什么", node)
        return None
    result = _annotation(node.returns, node, imported, terms, report)
    if result is not None and result.name not in SCALARS and result.name not in terms.codes:
        report.add("rules.annotation", "结果只能是整数、是否、日期、金额、比例或代码", node.returns)
        result = None
    if result is not None and node.name in terms.names and not agrees(result, terms.names[node.name], terms):
        declared = terms.names[node.name]
        what = f"履历 {declared.record}" if declared.history else declared.type
        report.add("rules.type_differs", f"“{node.name}”在词表里是 {what}，这里写成 {result}", node.returns)
    arguments = _arguments(node, imported, terms, report)
    if result is None or arguments is None:
        return None
    locals: dict[str, TypeRef] = {}
    if mark.word == "total":
        _total_shape(node, report)
    elif (named := _body(node, result, arguments, mark, imported, terms, report)) is None:
        return None
    else:
        locals.update(named)
    return _definition(node, text, mark, result, arguments, locals, doc, terms, report.path)


def _body(
    node: ast.FunctionDef,
    result: TypeRef,
    arguments: tuple[Argument, ...],
    mark: Mark,
    imported: set[str],
    terms: Terms,
    report: Report,
) -> dict[str, TypeRef] | None:
    """Types of the locals that have Chinese names; None if anything was found."""
    before = len(report.problems)
    named: dict[str, TypeRef] = {}
    if allowed(node, report):
        scope = Scope(report, terms, imported, {a.name: a for a in arguments})
        body = node.body[1:]
        if not body:
            report.add("rules.return", "不是每条路都有 return：请补上其余情形的结果", node)
        check_body(body, result, scope)
        named = {name: INT if type == ZERO else type for name in mark.names if (type := scope.locals.get(name))}
        for name, chinese in mark.names.items():
            if name not in scope.locals:
                report.add("rules.mark", f"names 里的“{name}”不是这条规则里的变量", node.decorator_list[0])
            elif not chinese.strip():
                report.add("rules.mark", f"names 里的“{name}”缺中文名", node.decorator_list[0])
    return named if len(report.problems) == before else None


def _total_shape(node: ast.FunctionDef, report: Report) -> None:
    if node.args.args:
        report.add("rules.mark", "合计（@total）没有自己的输入", node.args.args[0])
    if len(node.body) > 1:
        report.add("rules.mark", "合计（@total）的函数体里只写说明", node.body[1])


def _annotation(node: ast.expr | None, owner: ast.AST, imported: set[str], terms: Terms, report: Report) -> TypeRef | None:
    if node is None:
        report.add("rules.annotation", "缺类型：每个输入和结果都要写明类型", owner)
        return None
    found = read_type(node, terms)
    if isinstance(found, Wrong):
        report.add("rules.annotation", found.message, found.node)
        return None
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id not in imported:
            where = "jiceng.rules" if part.id in RESERVED else "jiceng.terms"
            report.add("rules.import", f"请在文件开头写 from {where} import {part.id}", part)
    return found


def _arguments(node: ast.FunctionDef, imported: set[str], terms: Terms, report: Report) -> tuple[Argument, ...] | None:
    before, spec = len(report.problems), node.args
    if spec.posonlyargs or spec.kwonlyargs or spec.vararg or spec.kwarg or getattr(node, "type_params", None):
        report.add("rules.annotation", "输入只能是普通的名字，不用 *、**、/，函数名后面没有方括号", node)
        return None
    defaults: list[ast.expr | None] = [None] * (len(spec.args) - len(spec.defaults)) + list(spec.defaults)
    found: list[Argument] = []
    for arg, default in zip(spec.args, defaults, strict=True):
        if arg.arg in RESERVED or arg.arg.startswith("_") or arg.arg in terms.codes or arg.arg == node.name:
            report.add("rules.redefined", f"“{arg.arg}”不能作输入的名字", arg)
            continue
        type = _annotation(arg.annotation, arg, imported, terms, report)
        if type is None:
            continue
        name = terms.names.get(arg.arg)
        if name is not None and not agrees(type, name, terms):
            declared = f"履历 {name.record}" if name.history else name.type
            report.add("rules.type_differs", f"“{arg.arg}”在词表里是 {declared}，这里写成 {type}", arg)
        if arg.arg == "on" and type.name != "Date":
            report.add("rules.type_differs", "on 是计算日期，类型是 Date", arg)
        found.append(Argument(arg.arg, type, REQUIRED if default is None else _default(default, type, arg, terms, report)))
    return tuple(found) if len(report.problems) == before else None


def _default(node: ast.expr, type: TypeRef, arg: ast.arg, terms: Terms, report: Report) -> Any:
    if type.parameters or arg.arg == "on":
        report.add("rules.default", f"{type_text(type)}不能有缺省", node)
        return REQUIRED
    if isinstance(node, ast.Constant):
        value = node.value
        if value is None:
            return None
        if isinstance(value, bool):
            if type.name == "bool":
                return int(value)
        elif isinstance(value, int) and value in (0, 1) and join(INT if value else ZERO, type) == type:
            return value
        more = "：0、1 以外的数请写进 values.yaml" if isinstance(value, int) and type in AMOUNTS else ""
        report.add("rules.default", f"缺省与类型不符，应是{type_text(type)}{more}", node)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in terms.codes:
        items = terms.codes[node.value.id].by_id
        item = items.get(field_id(node.attr))
        if item is not None and node.value.id == type.name:
            return item.number
        known = "、".join(items)
        message = f"缺省应是{type_text(type)}" if item is not None else f"代码表 {node.value.id} 里没有“{node.attr}”，有：{known}"
        report.add("rules.default", message, node)
    else:
        report.add("rules.default", "缺省只能是 0、1、True、False、None 或代码", node)
    return REQUIRED


def _definition(
    node: ast.FunctionDef,
    text: str,
    mark: Mark,
    result: TypeRef,
    arguments: tuple[Argument, ...],
    locals: dict[str, TypeRef],
    doc: str,
    terms: Terms,
    path: str,
) -> RuleDef:
    source = ast.get_source_segment(text, node) or ""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    total = mark.text("rule")
    return RuleDef(
        id=node.name,
        title=mark.text("title"),
        clause=mark.text("clause"),
        of="place" if total else mark.text("of") or "worker",
        result=result,
        arguments=arguments,
        path=path,
        line=first,
        source=source,
        unit=mark.text("unit"),
        doc=doc,
        names=dict(mark.names),
        locals=locals,
        assumes=mark.assumes,
        total=total,
        asked=mark.text("asked"),
        to="" if (to := mark.text("to")) == "place" else to,
        node=None if total else node,
        function=None if total else _plain_function(node, arguments, result, terms, path),
        text_hash=hashlib.sha256(f"{ast.unparse(node)}\n{result}".encode()).hexdigest(),
    )


def _plain_function(node: ast.FunctionDef, arguments: tuple[Argument, ...], result: TypeRef, terms: Terms, path: str) -> FunctionType:
    tree = rewrite.plain(node, arguments=arguments, result=result, codes=terms.codes)
    module = compile(ast.Module([tree], []), path, "exec", dont_inherit=True)
    # The function's code is taken out of the module's; the module itself, with its `def`, never runs either.
    code = next(part for part in module.co_consts if isinstance(part, CodeType))
    return FunctionType(code, {"__builtins__": {}, **PLAIN_WORDS}, node.name)

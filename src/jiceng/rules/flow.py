"""The statements of a rule: every path returns, every name has a value on every path, loops end, outcomes stand after return."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from jiceng.rules.annotations import INT, type_text
from jiceng.rules.language import OUTCOMES, RESERVED
from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.rules.units import Scope, arithmetic, condition, join, type_in

MOST_TURNS = 100
DEEPEST_LOOPS = 2
Assigned = frozenset[str] | None
"""Names that have a value here; None where no path leads."""


@dataclass
class _Walk:
    scope: Scope
    result: TypeRef
    loops: int = 0


def check_body(body: list[ast.stmt], result: TypeRef, scope: Scope) -> None:
    """Check one rule's statements. `scope.locals` holds the type of each local afterwards."""
    walk = _Walk(scope, result)
    # A name that begins as 0 takes its type from later lines, so types settle in silent rounds before anything is reported.
    scope.silent = True
    for _round in range(3):
        _block(body, frozenset(), walk)
    scope.silent = False
    after = _block(body, frozenset(), walk)
    if after is not None and body:
        scope.refuse("rules.return", "不是每条路都有 return：请补上其余情形的结果", body[-1])


def _block(body: list[ast.stmt], assigned: Assigned, walk: _Walk) -> Assigned:
    for node in body:
        if assigned is None:
            walk.scope.refuse("rules.unreachable", "这一行永远执行不到", node)
            return None
        assigned = _statement(node, assigned, walk)
    return assigned


def _statement(node: ast.stmt, assigned: frozenset[str], walk: _Walk) -> Assigned:
    match node:
        case ast.Return():
            _returned(node, assigned, walk)
            return None
        case ast.If():
            _used(node.test, assigned, walk.scope)
            condition(node.test, walk.scope)
            return _meet(_block(node.body, assigned, walk), _block(node.orelse, assigned, walk))
        case ast.For():
            _loop(node, assigned, walk)
            return assigned
        case ast.Assign():
            return assigned | _assign(node, assigned, walk.scope)
        case ast.AugAssign():
            return assigned | _augmented(node, assigned, walk.scope)
        case ast.Break() | ast.Continue():
            if walk.loops == 0:
                walk.scope.refuse("rules.forbidden", "break 和 continue 只能写在 for 里面", node)
            return None
    return assigned


def _meet(a: Assigned, b: Assigned) -> Assigned:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def _used(node: ast.expr, assigned: frozenset[str], scope: Scope) -> None:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in scope.locals and part.id not in assigned and part.id not in scope.arguments:
            scope.refuse("rules.assigned", f"“{part.id}”不是每条路都赋过值：请先给它一个初值", part)


def _returned(node: ast.Return, assigned: frozenset[str], walk: _Walk) -> None:
    value, scope = node.value, walk.scope
    if value is None:
        scope.refuse("rules.return", "return 后面要有结果", node)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in OUTCOMES:
        _outcome(value, value.func.id, assigned, walk)
    else:
        _used(value, assigned, scope)
        found = type_in(value, scope)
        if found is not None and join(found, walk.result) != walk.result:
            scope.refuse("rules.unit", f"结果要{type_text(walk.result)}，这里是{type_text(found)}", value)


def _outcome(node: ast.Call, word: str, assigned: frozenset[str], walk: _Walk) -> None:
    scope = walk.scope
    why = node.args[0] if node.args else None
    if not (isinstance(why, ast.Constant) and isinstance(why.value, str) and why.value.strip()):
        scope.refuse("rules.outcome", f"{word} 的第一个输入是理由，要写成文本", node)
        return
    if word not in scope.imported:
        scope.refuse("rules.import", f"请在文件开头写 from jiceng.rules import {word}", node)
    if len(node.args) > 1 and word not in ("ambiguous", "conflict"):
        scope.refuse("rules.outcome", f"{word} 只写理由", node)
    for option in node.args[1:]:
        # Options are shown, not computed: what could itself fail would give one kind in Python and another compiled.
        number = isinstance(option, ast.Constant) and type(option.value) is (bool if walk.result.name == "bool" else int)
        name = isinstance(option, ast.Name) and getattr(scope.arguments.get(option.id), "default", 0) is not None
        code = isinstance(option, ast.Attribute) and isinstance(option.value, ast.Name) and option.value.id in scope.terms.codes
        if not (number or name or code):
            scope.refuse("rules.outcome", "供选的结果只能是数、名字或代码", option)
            continue
        if not number:
            _used(option, assigned, scope)
            found = type_in(option, scope)
            if found is not None and join(found, walk.result) != walk.result:
                scope.refuse("rules.unit", f"结果要{type_text(walk.result)}，这里是{type_text(found)}", option)


def _assign(node: ast.Assign, assigned: frozenset[str], scope: Scope) -> frozenset[str]:
    target, value = node.targets[0], node.value
    _used(value, assigned, scope)
    if len(node.targets) > 1:
        scope.refuse("rules.forbidden", "一次只给一个名字赋值", node)
        return frozenset()
    if isinstance(target, ast.Name):
        return _store(target, type_in(value, scope), scope)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        types = [type_in(part, scope) for part in value.elts]
        names: frozenset[str] = frozenset()
        for part, type in zip(target.elts, types, strict=True):
            names |= _store(part, type, scope)
        return names
    scope.refuse("rules.forbidden", "只能给普通名字赋值，左右个数要相同", node)
    return frozenset()


def _augmented(node: ast.AugAssign, assigned: frozenset[str], scope: Scope) -> frozenset[str]:
    _used(node.value, assigned, scope)
    if not isinstance(node.target, ast.Name):
        scope.refuse("rules.forbidden", "只能给普通名字赋值", node)
        return frozenset()
    read = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
    _used(read, assigned, scope)
    return _store(node.target, arithmetic(node.op, type_in(read, scope), type_in(node.value, scope), node, scope), scope)


def _store(target: ast.expr, type: TypeRef | None, scope: Scope) -> frozenset[str]:
    if not isinstance(target, ast.Name):
        scope.refuse("rules.forbidden", "只能给普通名字赋值", target)
        return frozenset()
    name = target.id
    if name in scope.arguments or name in scope.records:
        scope.refuse("rules.redefined", f"“{name}”是输入或记录，不能再赋值：请另取一个名字", target)
        return frozenset()
    if name in RESERVED or name in scope.terms.codes or name in scope.terms.kind_of_record:
        scope.refuse("rules.redefined", f"“{name}”是规则语言或词表里的词，不能另作他用", target)
        return frozenset()
    if type is not None and type.parameters:
        scope.refuse("rules.unit", f"{type_text(type)}不能另取名字", target)
        return frozenset({name})
    before = scope.locals.get(name)
    if before is None or type is None:
        scope.locals[name] = before or type
    else:
        joined = join(before, type)
        if joined is None:
            scope.refuse("rules.unit", f"“{name}”前面是{type_text(before)}，这里是{type_text(type)}", target)
        scope.locals[name] = joined or before
    return frozenset({name})


def _loop(node: ast.For, assigned: frozenset[str], walk: _Walk) -> None:
    scope, target, over = walk.scope, node.target, node.iter
    if not isinstance(target, ast.Name):
        scope.refuse("rules.forbidden", "for 后面只能写一个名字", node)
        return
    if target.id in scope.arguments or target.id in scope.records:
        scope.refuse("rules.redefined", f"“{target.id}”已经用过，请另取一个名字", target)
        return
    if walk.loops >= DEEPEST_LOOPS:
        scope.refuse("rules.range", f"for 套 for 不得超过 {DEEPEST_LOOPS} 层", node)
        return
    inside, record = assigned, ""
    argument = scope.arguments.get(over.id) if isinstance(over, ast.Name) else None
    if argument is not None and argument.type.name in HISTORIES:
        if target.id in scope.locals or target.id in RESERVED or target.id in scope.terms.codes:
            scope.refuse("rules.redefined", f"“{target.id}”已经用过，请另取一个名字", target)
            return
        record = target.id
        scope.records[record] = scope.terms.kind_of_record[argument.type.parameters[0].name]
    elif isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "range":
        _range(over, scope)
        inside |= _store(target, INT, scope)
    else:
        scope.refuse("rules.forbidden", "for 只能走过一份履历，或 range(数)", over)
        return
    walk.loops += 1
    _block(node.body, inside, walk)
    walk.loops -= 1
    scope.records.pop(record, None)


def _range(node: ast.Call, scope: Scope) -> None:
    numbers = [part.value for part in node.args if isinstance(part, ast.Constant) and type(part.value) is int]
    if len(numbers) != len(node.args) or len(numbers) not in (1, 2) or any(not 0 <= n <= MOST_TURNS for n in numbers):
        scope.refuse("rules.range", f"range 里只能写 0 至 {MOST_TURNS} 的整数，一个或两个", node)

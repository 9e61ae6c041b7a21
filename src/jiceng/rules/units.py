"""The unit checker: which types meet in an expression. Yuan is not a number, a date is not a count, a code is not another code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from jiceng.rules.annotations import INT, type_text
from jiceng.rules.definition import REQUIRED, Argument
from jiceng.rules.fence import Report
from jiceng.rules.language import OUTCOMES, PLACE_WORDS, RECORD_FIELDS, WORDS, did_you_mean, field_id
from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.terms.registry import Kind, Terms

BOOL, DATE, YUAN, RATIO, ROUNDING = (TypeRef(n) for n in ("bool", "Date", "Yuan", "Ratio", "Rounding"))
ZERO = TypeRef("0")
"""The literal 0: whole number, amount or ratio, whichever is needed."""
AMOUNTS = (INT, YUAN, RATIO)
_ORDERED = (*AMOUNTS, DATE)
_CALENDAR: dict[str, tuple[tuple[TypeRef, ...], TypeRef]] = {
    "date": ((INT, INT, INT), DATE), "whole": ((RATIO, ROUNDING), INT),
    **{w: ((DATE,), INT) for w in ("year", "month", "day")},
    **{w: ((INT,), INT) for w in PLACE_WORDS},
    **{w: ((DATE, INT), DATE) for w in ("add_days", "add_months", "add_years")},
    **{w: ((DATE,), DATE) for w in ("month_start", "month_end", "year_start", "year_end")},
    **{w: ((DATE, DATE), INT) for w in ("full_months", "full_years", "months_between")},
}  # fmt: skip
_USAGE = {
    "times": "times(金额, 比例, 舍入)", "divide": "divide(被除数, 整数, 舍入)", "divide_by": "divide_by(金额, 比例, 舍入)",
    "ratio": "ratio(被除数, 除数) 或 ratio(被除数, 除数, 舍入)", "band": "band(分档, 数)", "at": "at(分时值, 记录, 缺省)",
    "known": "known(输入) 或 known(记录.字段)", "len": "len(履历)", "abs": "abs(数)", "min": "min(数, 数)", "max": "max(数, 数)",
}  # fmt: skip


def join(a: TypeRef | None, b: TypeRef | None) -> TypeRef | None:
    """The type that both are, 0 giving way; None if there is none."""
    if a == b:
        return a
    if a == ZERO and b in AMOUNTS:
        return b
    return a if b == ZERO and a in AMOUNTS else None


@dataclass
class Scope:
    """What names mean inside one rule: its arguments, its locals, the records its loops stand on."""

    report: Report
    terms: Terms
    imported: set[str]
    arguments: dict[str, Argument]
    locals: dict[str, TypeRef | None] = field(default_factory=dict)
    records: dict[str, Kind] = field(default_factory=dict)
    silent: bool = False

    def refuse(self, id: str, message: str, node: ast.AST) -> None:
        if not self.silent:
            self.report.add(id, message, node)

    def names(self) -> list[str]:
        return [*self.arguments, *self.locals, *self.records]


def type_in(node: ast.expr, scope: Scope) -> TypeRef | None:
    """Type of an expression; None after a finding, so that one mistake is reported once."""
    match node:
        case ast.Constant():
            return _constant(node, scope)
        case ast.Name():
            return _name(node, scope)
        case ast.Attribute():
            return _attribute(node, scope)
        case ast.Subscript():
            return _cell(node, scope)
        case ast.BinOp():
            return arithmetic(node.op, type_in(node.left, scope), type_in(node.right, scope), node, scope)
        case ast.UnaryOp():
            return _unary(node, scope)
        case ast.BoolOp():
            for part in node.values:
                condition(part, scope)
            return BOOL
        case ast.Compare():
            return _compare(node, scope)
        case ast.IfExp():
            condition(node.test, scope)
            return _joined([node.body, node.orelse], "两种情形的类型不同", node, scope)
        case ast.Call():
            return _call(node, scope)
    scope.refuse("rules.forbidden", "这里不能这样写", node)
    return None


def condition(node: ast.expr, scope: Scope) -> None:
    """A condition is a yes or no: a number alone is none."""
    found = type_in(node, scope)
    if found is not None and found != BOOL:
        scope.refuse("rules.unit", f"条件要是“是否”，这里是{type_text(found)}：请写成比较", node)


def _joined(nodes: list[ast.expr], message: str, node: ast.AST, scope: Scope) -> TypeRef | None:
    types = [type_in(part, scope) for part in nodes]
    result: TypeRef | None = types[0]
    for other in types[1:]:
        if result is None or other is None:
            return None
        joined = join(result, other)
        if joined is None:
            scope.refuse("rules.unit", f"{message}：{type_text(result)}与{type_text(other)}", node)
        result = joined
    return result


def _constant(node: ast.Constant, scope: Scope) -> TypeRef | None:
    if isinstance(node.value, bool):
        return BOOL
    if node.value == 0:
        return ZERO
    if node.value == 1:
        return INT
    if node.value is None:
        scope.refuse("rules.forbidden", "None 只能作输入的缺省；有没有请用 known(…)", node)
    elif isinstance(node.value, str):
        scope.refuse("rules.forbidden", "规则里不能用文本：请用代码表", node)
    else:
        scope.refuse("rules.number", f"数 {node.value!r} 请写进 values.yaml，规则里只写 0 和 1", node)
    return None


def _name(node: ast.Name, scope: Scope) -> TypeRef | None:
    if node.id in scope.arguments:
        return scope.arguments[node.id].type
    if node.id in scope.locals:
        return scope.locals[node.id]
    if node.id in scope.records:
        scope.refuse("rules.record", f"记录“{node.id}”只能取它的字段", node)
    elif node.id in scope.terms.codes:
        scope.refuse("rules.code", f"代码表“{node.id}”要写明条目", node)
    else:
        scope.refuse("rules.name", f"“{node.id}”没有定义{did_you_mean(node.id, scope.names())}", node)
    return None


def _attribute(node: ast.Attribute, scope: Scope) -> TypeRef | None:
    assert isinstance(node.value, ast.Name)  # the fence let nothing else through
    owner, name = node.value.id, field_id(node.attr)
    if owner in scope.records:
        kind = scope.records[owner]
        if name in RECORD_FIELDS:
            return TypeRef(RECORD_FIELDS[name])
        found = kind.open_fields.get(name)
        if found is None:
            known = [*RECORD_FIELDS, *(f for f, entry in kind.open_fields.items() if entry.type != "text")]
            scope.refuse("rules.record", f"“{kind.name}”的记录没有字段“{name}”，有：{'、'.join(known)}", node)
            return None
        if found.type == "text":
            scope.refuse("rules.record", f"字段“{name}”是文本，不进规则", node)
            return None
        return TypeRef(found.type)
    if owner in scope.terms.codes and owner not in scope.names():
        items = scope.terms.codes[owner].by_id
        _imported(owner, node, scope)
        if name not in items:
            scope.refuse("rules.code", f"代码表 {owner} 里没有“{node.attr}”，有：{'、'.join(items)}", node)
            return None
        return TypeRef(owner)
    scope.refuse("rules.attribute", f"“{owner}.{node.attr}”不能用：点号只能用在记录的字段和代码表的条目上", node)
    return None


def _imported(name: str, node: ast.AST, scope: Scope) -> None:
    if name not in scope.imported:
        where = "jiceng.terms" if name in scope.terms.codes and name != "Rounding" else "jiceng.rules"
        scope.refuse("rules.import", f"请在文件开头写 from {where} import {name}", node)


def _cell(node: ast.Subscript, scope: Scope) -> TypeRef | None:
    table = type_in(node.value, scope)
    if table is None:
        return None
    if table.name != "Table":
        scope.refuse("rules.unit", "方括号只能用在表（Table）的名字后面", node)
        return None
    keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    axes, cell = table.parameters[:-1], table.parameters[-1]
    if len(keys) != len(axes):
        scope.refuse("rules.unit", f"这张表有 {len(axes)} 个方向（{'、'.join(map(type_text, axes))}），写了 {len(keys)} 个", node)
        return cell
    for key, axis in zip(keys, axes, strict=True):
        _expect(key, axis, "表的行列", scope)
    return cell


def _expect(node: ast.expr, wanted: TypeRef, what: str, scope: Scope) -> None:
    found = type_in(node, scope)
    if found is not None and join(found, wanted) != wanted:
        scope.refuse("rules.unit", f"{what}要{type_text(wanted)}，这里是{type_text(found)}", node)


def arithmetic(op: ast.operator, a: TypeRef | None, b: TypeRef | None, node: ast.AST, scope: Scope) -> TypeRef | None:
    """Yuan ± Yuan, Yuan × int, Date ± days, Date − Date; nothing else but whole numbers and ratios among themselves."""
    if a is None or b is None:
        return None
    joined = join(a, b)
    if isinstance(op, ast.Mult):
        for one, other in ((a, b), (b, a)):
            if one in (*AMOUNTS, ZERO) and other in (INT, ZERO):
                return one if one != ZERO else other
        if {a, b} <= {*AMOUNTS}:
            pair = "金额与比例" if {a, b} == {YUAN, RATIO} else f"{type_text(a)}与{type_text(b)}"
            scope.refuse("rules.unit", f"{pair}不能这样相乘：金额乘比例请用 times(金额, 比例, 舍入)", node)
            return None
    elif joined in (*AMOUNTS, ZERO):
        return joined
    elif a == DATE and b in (INT, ZERO):
        return DATE
    elif a == b == DATE and isinstance(op, ast.Sub):
        return INT
    sign = {ast.Add: "相加", ast.Sub: "相减", ast.Mult: "相乘"}[type(op)]
    scope.refuse("rules.unit", f"{type_text(a)}与{type_text(b)}不能{sign}", node)
    return None


def _unary(node: ast.UnaryOp, scope: Scope) -> TypeRef | None:
    if isinstance(node.op, ast.Not):
        condition(node.operand, scope)
        return BOOL
    found = type_in(node.operand, scope)
    if found is not None and found not in (*AMOUNTS, ZERO):
        scope.refuse("rules.unit", f"{type_text(found)}没有负数", node)
        return None
    return found


def _compare(node: ast.Compare, scope: Scope) -> TypeRef:
    parts = [node.left, *node.comparators]
    types = [type_in(part, scope) for part in parts]
    for op, a, b in zip(node.ops, types, types[1:], strict=False):
        if a is None or b is None:
            continue
        joined = join(a, b)
        same_only = joined == BOOL and not isinstance(op, ast.Eq | ast.NotEq)
        if joined is None or same_only or joined.parameters:
            scope.refuse("rules.unit", f"{type_text(a)}与{type_text(b)}不能这样比较", node)
    return BOOL


def _call(node: ast.Call, scope: Scope) -> TypeRef | None:
    assert isinstance(node.func, ast.Name)
    word = node.func.id
    if word in OUTCOMES:
        scope.refuse("rules.outcome", f"{word}(…) 只能紧跟在 return 后面", node)
        return None
    if word == "range":
        scope.refuse("rules.range", "range 只能写在 for … in 后面", node)
        return None
    if word in scope.names() or word not in (*WORDS, "min", "max", "abs", "len"):
        hint = did_you_mean(word, [*WORDS, *OUTCOMES, "min", "max", "abs", "len"])
        scope.refuse("rules.name", f"没有“{word}”这个词{hint}", node)
        return None
    _imported(word, node, scope)
    if word in _CALENDAR:
        wanted, result = _CALENDAR[word]
        if len(node.args) != len(wanted):
            scope.refuse("rules.unit", f"{word} 要 {len(wanted)} 个输入（{'、'.join(map(type_text, wanted))}）", node)
            return result
        for argument, type in zip(node.args, wanted, strict=True):
            _rounding(argument, scope) if type == ROUNDING else _expect(argument, type, word, scope)
        return result
    return _special(word, node, scope)


def _rounding(node: ast.expr, scope: Scope) -> None:
    if isinstance(node, ast.Attribute):
        scope.refuse("rules.unit", "取整由条文写明：请作为输入（…: Rounding），不要写死在规则里", node)
    else:
        _expect(node, ROUNDING, "舍入", scope)


def _special(word: str, node: ast.Call, scope: Scope) -> TypeRef | None:
    count = len(node.args)
    counts = {"times": (3,), "divide": (3,), "divide_by": (3,), "ratio": (2, 3), "band": (2,), "at": (2, 3), "known": (1,)}
    counts |= {"len": (1,), "abs": (1,), "min": range(2, 9), "max": range(2, 9)}  # type: ignore[dict-item]
    if count not in counts[word]:
        scope.refuse("rules.unit", f"请写 {_USAGE[word]}", node)
        return None
    if word == "known":
        return _known(node, scope)
    if word == "at":
        return _at(node, scope)
    if word in ("min", "max", "abs"):
        found = _joined(node.args, f"{word} 的输入类型不同", node, scope)
        if found is not None and found not in (*(AMOUNTS if word == "abs" else _ORDERED), ZERO):
            scope.refuse("rules.unit", f"{word} 不能用于{type_text(found)}", node)
            return None
        return found
    first = type_in(node.args[0], scope)
    if first is None:
        return None
    if word == "len":
        return _checked(first.name in HISTORIES, INT, word, node, scope)
    if word == "band":
        if first.name == "Bands":
            _expect(node.args[1], first.parameters[0], "分档的数", scope)
        return _checked(first.name == "Bands", first.parameters[-1] if first.parameters else INT, word, node, scope)
    if count == 3:
        _rounding(node.args[2], scope)
    if word == "ratio":
        joined = join(first, type_in(node.args[1], scope))
        return _checked(joined in (*AMOUNTS, ZERO), RATIO, word, node, scope)
    _expect(node.args[1], INT if word == "divide" else RATIO, word, scope)
    return _checked(first in (*AMOUNTS, ZERO), first, word, node, scope)


def _checked(right: bool, result: TypeRef, word: str, node: ast.Call, scope: Scope) -> TypeRef | None:
    if not right:
        scope.refuse("rules.unit", f"{word} 的输入类型不对：请写 {_USAGE[word]}", node)
        return None
    return result


def _known(node: ast.Call, scope: Scope) -> TypeRef | None:
    asked = node.args[0]
    if isinstance(asked, ast.Attribute) and isinstance(asked.value, ast.Name) and asked.value.id in scope.records:
        type_in(asked, scope)
        return BOOL
    if isinstance(asked, ast.Name) and asked.id in scope.arguments:
        if scope.arguments[asked.id].default is not None:
            word = "必有" if scope.arguments[asked.id].default is REQUIRED else "有缺省"
            scope.refuse("rules.known", f"“{asked.id}”{word}，不用问；要问请写 {asked.id}: … = None", node)
        return BOOL
    return _checked(False, BOOL, "known", node, scope)


def _at(node: ast.Call, scope: Scope) -> TypeRef | None:
    by_date, record = type_in(node.args[0], scope), node.args[1]
    if by_date is None:
        return None
    right = by_date.name == "ByDate" and isinstance(record, ast.Name) and record.id in scope.records
    result = _checked(right, by_date.parameters[0] if by_date.parameters else INT, "at", node, scope)
    if result is not None and len(node.args) == 3:
        _expect(node.args[2], result, "缺省", scope)
    return result

"""Types as written: in annotations of rules and as text in terms.yaml."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.terms.registry import SCALARS, Name, Terms

INT = TypeRef("int")
_NESTED = {"Table": range(2, 5), "Bands": range(0, 3), "ByDate": range(1, 2), "History": range(1, 2)}
_NESTED |= {"Recent": _NESTED["History"], "Records": _NESTED["History"]}
_CHINESE = {"int": "整数", "bool": "是否", "Date": "日期", "Yuan": "金额", "Ratio": "比例", "0": "0"}


@dataclass(frozen=True)
class Wrong:
    """Why an annotation is no type."""

    message: str
    node: ast.AST


def read_type(node: ast.expr, terms: Terms) -> TypeRef | Wrong:
    """A type from an annotation: plain names and names in square brackets only."""
    if isinstance(node, ast.Name):
        return _named(node.id, (), node, terms)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        parts: list[TypeRef] = []
        for part in inner:
            if not isinstance(part, ast.Name):
                return Wrong("方括号里只能是类型的名字", part)
            parts.append(TypeRef(part.id))
        return _named(node.value.id, tuple(parts), node, terms)
    return Wrong("类型只能是词表里的名字", node)


def type_of_text(text: str, terms: Terms) -> TypeRef | None:
    """A type from terms.yaml (“Table[Post, Yuan]”); None if it is none. Text is checked like an annotation."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    found = read_type(node, terms)
    return found if isinstance(found, TypeRef) else None


def _named(name: str, parts: tuple[TypeRef, ...], node: ast.AST, terms: Terms) -> TypeRef | Wrong:
    counts = _NESTED.get(name)
    if counts is None:
        if parts or (name not in SCALARS and name not in terms.codes):
            return Wrong(f"不认识的类型“{name}”", node)
        return TypeRef(name)
    if len(parts) not in counts:
        return Wrong(f"{name} 的方括号里应写 {counts.start} 个{f'至 {counts.stop - 1} 个' if len(counts) > 1 else ''}类型", node)
    if name in HISTORIES:
        if parts[0].name not in terms.kind_of_record:
            return Wrong(f"没有记录类型“{parts[0].name}”", node)
        return TypeRef(name, parts)
    axes = parts[:-1] if name != "ByDate" else ()
    for part in parts:
        if part.name not in SCALARS and part.name not in terms.codes:
            return Wrong(f"不认识的类型“{part.name}”", node)
    if name == "Table" and any(axis.name != "int" and axis.name not in terms.codes for axis in axes):
        return Wrong("表的行列只能是代码表或整数", node)
    if name == "Bands":  # Bands = Bands[int, int]; Bands[Yuan] = Bands[int, Yuan]
        parts = (INT,) * (2 - len(parts)) + parts
    return TypeRef(name, parts)


def agrees(written: TypeRef, name: Name, terms: Terms) -> bool:
    """Whether a type agrees with the one type a name has in the whole country."""
    if name.history:
        return written.name in HISTORIES and written.parameters[0].name == name.record
    if written.name in HISTORIES:
        return False
    declared = type_of_text(name.type, terms)
    if declared is None:
        return not name.type
    if written.name == "ByDate":
        return written.parameters[0] == declared or written == declared
    return written == declared


def type_text(type: TypeRef | None) -> str:
    """A type in Chinese, for messages."""
    if type is None:
        return "？"
    return _CHINESE.get(type.name) or (str(type) if type.parameters else f"代码 {type.name}")

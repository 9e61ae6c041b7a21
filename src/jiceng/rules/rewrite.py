"""The few rewrites of a rule's tree: the same ones for Python and for the compiled loop, so that kind and value agree.

Both: `+ - *` are checked against 63 bits, code names become numbers, an argument with `= None` is read through
`present`, `known(a.field)` asks the record, a date is checked to be one before it is returned.
Compiled only: a record is a number, a field a column, a table an offset, and words of refusal are marks.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from jiceng.base.kinds import mark
from jiceng.rules.definition import Argument
from jiceng.rules.language import OUTCOMES, field_id
from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.terms.registry import CodeList

_SUMS = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "product"}


def call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


class Plain(ast.NodeTransformer):
    """The tree that Python runs for one subject."""

    def __init__(self, arguments: tuple[Argument, ...], result: TypeRef, codes: dict[str, CodeList]) -> None:
        self.optional = {a.name for a in arguments if a.default is None}
        self.names = {a.name for a in arguments}
        self.result, self.codes = result, codes

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(call(_SUMS[type(node.op)], node.left, node.right), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        assert isinstance(node.target, ast.Name)
        value = self.visit(node.value)
        read = ast.Name(node.target.id, ast.Load())
        return ast.copy_location(ast.Assign([node.target], call(_SUMS[type(node.op)], read, value)), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.USub):
            return ast.copy_location(call("minus", ast.Constant(0), node.operand), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        assert isinstance(node.value, ast.Name)
        if node.value.id in self.codes and node.value.id not in self.names:
            return ast.copy_location(ast.Constant(self.codes[node.value.id].by_id[field_id(node.attr)].number), node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.optional and isinstance(node.ctx, ast.Load):
            return ast.copy_location(call("present", node, ast.Constant(node.id)), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        assert isinstance(node.func, ast.Name)
        if node.func.id == "known":
            asked = node.args[0]
            if isinstance(asked, ast.Attribute):
                return ast.copy_location(call("filled", asked.value, ast.Constant(asked.attr)), node)
            return node
        node.args = [self.visit(part) for part in node.args]
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        value = node.value
        refusing = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in OUTCOMES
        if self.result.name == "Date" and value is not None and not refusing:
            node.value = ast.copy_location(call("valid", value), value)
        return node


def plain(node: ast.FunctionDef, *, arguments: tuple[Argument, ...], result: TypeRef, codes: dict[str, CodeList]) -> ast.FunctionDef:
    """One rule's function for Python: no mark, no annotations, no defaults (the caller passes every argument)."""
    return _bare(Plain(arguments, result, codes).visit(copy.deepcopy(node)), [a.name for a in arguments])


@dataclass
class Columns:
    """What the compiled text reads, in the order of its index numbers: law columns of dated values, fields of histories."""

    dated: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)


class Compiled(Plain):
    """The tree that Numba compiles. Records become numbers; what a word cannot answer is noted in `_F` and read afterwards."""

    def __init__(
        self,
        arguments: tuple[Argument, ...],
        result: TypeRef,
        codes: dict[str, CodeList],
        failing: Callable[[str], bool],
        columns: Columns,
    ) -> None:
        super().__init__(arguments, result, codes)
        self.types = {a.name: a.type for a in arguments}
        self.failing, self.columns = failing, columns
        self.histories = [a.name for a in arguments if a.type.name in HISTORIES]
        self.record: dict[str, str] = {}

    def _word(self, name: str, *args: ast.expr) -> ast.Call:
        return call(f"_{name}", ast.Name("_F", ast.Load()), *args) if self.failing(name) else call(f"_{name}", *args)

    def _history(self, name: str, part: str) -> ast.Name:
        return ast.Name(f"_h{self.histories.index(name)}{part}", ast.Load())

    def _index(self, kind: str, number: int) -> ast.expr:
        return ast.Subscript(ast.Name(f"_{kind}", ast.Load()), ast.Constant(number), ast.Load())

    def _field(self, node: ast.Attribute) -> tuple[str, ast.expr]:
        assert isinstance(node.value, ast.Name)
        key = (self.record[node.value.id], field_id(node.attr))
        if key not in self.columns.fields:
            self.columns.fields.append(key)
        return key[0], self._index("fields", self.columns.fields.index(key))

    def visit_For(self, node: ast.For) -> ast.AST:
        assert isinstance(node.target, ast.Name)
        if isinstance(node.iter, ast.Name):
            name = node.iter.id
            before = self.record.get(node.target.id)
            self.record[node.target.id] = name
            node.iter = call("range", self._history(name, "from"), self._history(name, "to"))
            node.body = [self.visit(part) for part in node.body]
            self.record.pop(node.target.id)
            if before is not None:
                self.record[node.target.id] = before
            return node
        node.body = [self.visit(part) for part in node.body]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self._word(_SUMS[type(node.op)], node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        assert isinstance(node.target, ast.Name)
        value = self.visit(node.value)
        read = ast.Name(node.target.id, ast.Load())
        return ast.Assign([node.target], self._word(_SUMS[type(node.op)], read, value))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return self._word("minus", ast.Constant(0), node.operand) if isinstance(node.op, ast.USub) else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.optional and isinstance(node.ctx, ast.Load):
            return self._word("present", node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        assert isinstance(node.value, ast.Name)
        if node.value.id not in self.record:
            return super().visit_Attribute(node)
        history, index = self._field(node)
        return self._word("field", self._history(history, "rows"), index, node.value)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return self._word(f"cell{len(keys)}", ast.Name("_flat", ast.Load()), node.value, *keys)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        assert isinstance(node.func, ast.Name)
        word, args = node.func.id, node.args
        if word == "known":
            if isinstance(args[0], ast.Attribute):
                history, index = self._field(args[0])
                return self._word("filled", self._history(history, "rows"), index, args[0].value)
            return self._word("known", args[0])
        if word == "at":
            return self._at(args)
        if word == "len":
            assert isinstance(args[0], ast.Name)
            return self._word("minus", self._history(args[0].id, "to"), self._history(args[0].id, "from"))
        if word in OUTCOMES:
            return ast.Constant(mark(OUTCOMES[word]))
        args = [self.visit(part) for part in args]
        if word == "band":
            return self._word("band", ast.Name("_flat", ast.Load()), *args)
        if word in ("min", "max", "abs"):
            return call(word, *args)
        return self._word(word, *args)

    def _at(self, args: list[ast.expr]) -> ast.AST:
        by_date, record = args[0], args[1]
        assert isinstance(by_date, ast.Name)
        assert isinstance(record, ast.Name)
        if by_date.id not in self.columns.dated:
            self.columns.dated.append(by_date.id)
        column = self._index("dated", self.columns.dated.index(by_date.id))
        regimes = self._history(self.record[record.id], "law")
        rest = [self.visit(part) for part in args[2:]]
        return self._word(f"at{len(args)}", ast.Name("_laws", ast.Load()), regimes, column, record, *rest)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        value = node.value
        assert value is not None
        refusing = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in OUTCOMES
        node.value = self.visit(value)
        if not refusing:
            node.value = self._word("valid", node.value) if self.result.name == "Date" else call("int", node.value)
        return node


def _bare(node: ast.FunctionDef, names: list[str]) -> ast.FunctionDef:
    node.decorator_list, node.returns = [], None
    node.args = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:]
    return ast.fix_missing_locations(node)


def compiled(
    node: ast.FunctionDef,
    *,
    arguments: tuple[Argument, ...],
    result: TypeRef,
    codes: dict[str, CodeList],
    failing: Callable[[str], bool],
) -> tuple[ast.FunctionDef, Columns]:
    """One rule's function for Numba, and the columns it reads. Its arguments are written by `loops`."""
    columns = Columns()
    turned = Compiled(arguments, result, codes, failing, columns).visit(copy.deepcopy(node))
    return _bare(turned, []), columns

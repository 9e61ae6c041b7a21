"""The words as text for the compiler, turned so that a failure is noted instead of raised."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jiceng.rules import flat, words


@dataclass(frozen=True)
class Library:
    """Text of each word, the words each one calls, and which may fail. Names begin with “_”."""

    texts: dict[str, str]
    calls: dict[str, set[str]]
    failing: frozenset[str]

    def reached(self, node: ast.AST) -> set[str]:
        """The words a tree calls, and those that they call."""
        found: set[str] = set()
        waiting = list(_called(node))
        while waiting:
            name = waiting.pop()
            if name in self.calls and name not in found:
                found.add(name)
                waiting.extend(self.calls[name])
        return found


@lru_cache(maxsize=1)
def read_library() -> Library:
    """The words as compiled text: `raise` notes the kind instead, and whoever may fail takes `_F` first."""
    calculated = _functions(words.__file__)
    access = _functions(flat.__file__)
    failing = {name for name, node in calculated.items() if any(isinstance(part, ast.Raise) for part in ast.walk(node))}
    failing |= {name for name, node in access.items() if node.args.args[0].arg == "F"}
    while grown := {n for n, node in calculated.items() if n not in failing and _called(node) & failing}:
        failing |= grown
    texts: dict[str, str] = {}
    calls: dict[str, set[str]] = {}
    for name, node in (calculated | access).items():
        turned = _Word(failing, set(calculated) | set(access), threaded=name in calculated).visit(node)
        texts[f"_{name}"] = ast.unparse(ast.fix_missing_locations(turned))
        calls[f"_{name}"] = _called(turned)
    return Library(texts, calls, frozenset(f"_{name}" for name in failing))


def _functions(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _called(node: ast.AST) -> set[str]:
    return {part.func.id for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}


class _Word(ast.NodeTransformer):
    def __init__(self, failing: set[str], every: set[str], *, threaded: bool) -> None:
        self.failing, self.every, self.threaded = failing, every, threaded

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if self.threaded and node.name in self.failing:
            node.args.args.insert(0, ast.arg("F"))
        self.generic_visit(node)
        node.name, node.returns = f"_{node.name}", None
        for arg in node.args.args:
            arg.annotation = None
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        assert isinstance(node.exc, ast.Call)
        return ast.Return(ast.Call(ast.Name("_fail", ast.Load()), [ast.Name("F", ast.Load()), node.exc.args[0]], []))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.every:
            if self.threaded and node.func.id in self.failing:
                node.args.insert(0, ast.Name("F", ast.Load()))
            node.func.id = f"_{node.func.id}"
        return node

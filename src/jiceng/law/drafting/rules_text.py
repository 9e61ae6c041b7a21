"""rules.py of a draft as text: rules added from patterns, one taken out, the import lines kept to what is used."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from jiceng.base.refusals import Refusal
from jiceng.rules.language import BUILT_IN, IMPORTABLE
from jiceng.terms.registry import Terms

_WIDE = 140


def rules_in(text: str) -> dict[str, str]:
    """Each rule of the file with its own lines, in order.

    Errors  Refusal draft.text_broken
    """
    lines = text.splitlines(keepends=True)
    return {node.name: "".join(lines[first - 1 : node.end_lineno]) for node, first in _functions(text)}


def with_rules(text: str, rules: Sequence[tuple[str, str]], *, clause: str, title: str, terms: Terms) -> str:
    """The file with these rules at its end, citing the clause. Rules that are there word for word are left as they are.

    Errors  Refusal draft.rule_twice, draft.text_broken
    """
    there = rules_in(text)
    made = text if text.strip() else f'"""{title.replace(chr(34), "”")}。"""\n'
    for name, written in rules:
        whole = written.replace("{CLAUSE}", clause)
        if name in there and there[name].strip() == whole.strip():
            continue
        if name in there:
            what = f"规则里已经有“{name}”，写法不同"
            raise Refusal("draft.rule_twice", what, why="一份文件里一个名称只能有一条规则", do="要换写法的，请先删去原来的那一条")
        made = made.rstrip("\n") + "\n\n\n" + whole
    return with_imports(made, terms)


def without_rule(text: str, name: str, *, terms: Terms) -> str:
    """The file without one rule.

    Errors  Refusal draft.text_broken
    """
    lines = text.splitlines(keepends=True)
    for node, first in _functions(text):
        if node.name == name:
            before, after = "".join(lines[: first - 1]).rstrip("\n"), "".join(lines[node.end_lineno :]).lstrip("\n")
            return with_imports(before + "\n" + (f"\n\n{after}" if after else ""), terms)
    return text


def with_imports(text: str, terms: Terms) -> str:
    """The file with import lines for exactly the words it uses."""
    tree = _tree(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(BUILT_IN)
    words = sorted(used & set(IMPORTABLE), key=lambda word: (word.islower(), word))
    listed = sorted(used & {*terms.codes, *terms.kind_of_record})
    lines = text.splitlines(keepends=True)
    for node in reversed([node for node in tree.body if isinstance(node, ast.ImportFrom)]):
        del lines[node.lineno - 1 : node.end_lineno]
    imports = "".join(_import(module, names) for module, names in (("jiceng.rules", words), ("jiceng.terms", listed)) if names)
    at = _after_heading("".join(lines))
    head, rest = "".join(lines[:at]).rstrip("\n"), "".join(lines[at:]).strip("\n")
    return "\n".join(part for part in (head and head + "\n", imports.rstrip("\n") and imports, rest and "\n" + rest + "\n") if part)


def _after_heading(text: str) -> int:
    body = _tree(text).body
    stands = body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return int(body[0].end_lineno or 0) if stands else 0


def _import(module: str, names: Sequence[str]) -> str:
    line = f"from {module} import {', '.join(names)}\n"
    return line if len(line) <= _WIDE else f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def _functions(text: str) -> list[tuple[ast.FunctionDef, int]]:
    """Functions with the first line that is theirs, decorator included."""
    found = [node for node in _tree(text).body if isinstance(node, ast.FunctionDef)]
    return [(node, min([node.lineno, *(mark.lineno for mark in node.decorator_list)])) for node in found]


def _tree(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 0)
        why = f"第 {line} 行写法有误" if line else "写法有误"
        do = "请先在“文字”里改对，或从“版本”里取回前一版"
        raise Refusal("draft.text_broken", "rules.py 现在读不出来", why=why, do=do) from error


@dataclass(frozen=True)
class MarkOf:
    """What a rule's mark says: its title, the clause it cites, its unit; and its first line."""

    title: str
    clause: str
    unit: str
    doc: str
    gives: str


def marks_in(text: str) -> dict[str, MarkOf]:
    """Each rule's mark, by name, in order; nothing from a text that does not read."""
    try:
        functions = _functions(text)
    except Refusal:
        return {}
    found = {}
    for node, _ in functions:
        said = {
            word.arg: str(word.value.value)
            for mark in node.decorator_list
            if isinstance(mark, ast.Call)
            for word in mark.keywords
            if isinstance(word.value, ast.Constant)
        }
        gives = node.returns.id if isinstance(node.returns, ast.Name) else ""
        clause, unit = said.get("clause", ""), said.get("unit", "")
        found[node.name] = MarkOf(said.get("title", node.name), clause, unit, ast.get_docstring(node) or "", gives)
    return found

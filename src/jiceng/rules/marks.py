"""The mark above a rule, `@rule(...)` or `@total(...)`: literal text only, read and never run."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from jiceng.rules.fence import Report
from jiceng.rules.language import did_you_mean

_TEXTS = {"rule": ("clause", "title", "of", "unit", "asked"), "total": ("clause", "title", "unit", "rule", "to")}
_REQUIRED = {"rule": ("clause", "title"), "total": ("clause", "title", "rule")}
SUBJECT_KINDS = ("worker", "place", "request")
ASKED = ("month",)
TOTAL_TO = ("nation", "province", "city", "county", "street", "community", "place")


@dataclass
class Mark:
    """What a mark says."""

    word: str
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    assumes: tuple[str, ...] = ()

    def text(self, key: str) -> str:
        return self.texts.get(key, "")


def read_mark(function: ast.FunctionDef, report: Report) -> Mark | None:
    """The one mark of a function; None with findings."""
    before = len(report.problems)
    marks = function.decorator_list
    node = marks[0] if len(marks) == 1 else None
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS):
        report.add("rules.mark", f"“{function.name}”上面要有一个且只有一个 @rule(…) 或 @total(…)", function)
        return None
    found = Mark(node.func.id)
    if found.word == "total" and len(node.args) == 1:
        found.texts["rule"] = _text(node.args[0], "rule", report)
    elif node.args:
        report.add("rules.mark", "标记里的各项要写成“名字=内容”", node.args[0])
    for item in node.keywords:
        _item(item, found, report)
    for key in _REQUIRED[found.word]:
        if not found.text(key).strip() and len(report.problems) == before:
            report.add("rules.mark", f"@{found.word} 缺 {key}", node)
    _closed(found, "of", SUBJECT_KINDS, node, report)
    _closed(found, "to", TOTAL_TO, node, report)
    _closed(found, "asked", ASKED, node, report)
    return found if len(report.problems) == before else None


def _closed(found: Mark, key: str, allowed: tuple[str, ...], node: ast.AST, report: Report) -> None:
    if key in found.texts and found.texts[key] not in allowed:
        report.add("rules.mark", f"{key} 只能是 {'、'.join(allowed)}", node)


def _item(item: ast.keyword, found: Mark, report: Report) -> None:
    if item.arg in found.texts:
        report.add("rules.mark", f"{item.arg} 写了两次", item.value)
    elif item.arg in _TEXTS[found.word]:
        found.texts[item.arg] = _text(item.value, item.arg, report)
    elif item.arg == "assumes":
        parts = item.value.elts if isinstance(item.value, ast.Tuple) else [item.value]
        found.assumes = tuple(_text(part, "assumes", report) for part in parts)
    elif item.arg == "names" and found.word == "rule":
        if not isinstance(item.value, ast.Dict):
            report.add("rules.mark", 'names 要写成 {"变量": "中文名"}', item.value)
            return
        for key, value in zip(item.value.keys, item.value.values, strict=True):
            if key is None:
                report.add("rules.mark", 'names 要写成 {"变量": "中文名"}', value)
            else:
                found.names[_text(key, "names", report)] = _text(value, "names", report)
    else:
        allowed = (*_TEXTS[found.word], "assumes", *(("names",) if found.word == "rule" else ()))
        report.add("rules.mark", f"@{found.word} 里没有“{item.arg}”这一项{did_you_mean(item.arg or '', allowed)}", item.value)


def _text(node: ast.expr, key: str, report: Report) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    report.add("rules.mark", f"{key} 要写成文本，不能是算式", node)
    return ""

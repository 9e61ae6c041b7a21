"""The shape of a terms.yaml: what each section may say, checked before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jiceng.base.refusals import Problem

# What each section says of one entry: text, a number, a list of texts, or a section of its own.
_SHAPES: dict[str, dict[str, str]] = {
    "codes": {"name": "text", "standard": "text", "suffix": "text", "compact": "list", "items": "section"},
    "items": {"name": "text", "number": "number", "aliases": "list"},
    "kinds": {
        "name": "text", "number": "number", "of": "text", "cardinality": "text", "fields": "section", "key": "list",
        "seal": "list", "placed": "text", "record": "text",
    },
    "fields": {"name": "text", "type": "text", "required": "text"},
    "names": dict.fromkeys(("name", "type", "of", "unit", "record", "fact", "history", "asked", "note", "sums"), "text"),
}  # fmt: skip
_MUST = {"items": ("number",), "kinds": ("number",), "fields": ("type",)}
_SAID = {"text": "一段文字", "number": "一个整数", "list": "[甲, 乙]", "section": "“标识: {...}”"}


def section_of(raw: Any, path: str, section: str, found: list[Problem]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The entries of a section that have the shape they should; a finding for each that has not."""
    if raw in (None, ""):
        return
    if not isinstance(raw, dict):
        found.append(Problem("terms.shape", f"{section} 应是“标识: {{...}}”", path))
        return
    for key, body in raw.items():
        if not (isinstance(body, dict) and body.get("name")):
            found.append(Problem("terms.name", f"“{key}”缺中文名（name）", path))
        elif wrong := _misshapen(key, body, section):
            found.append(Problem("terms.shape", wrong, path))
        else:
            yield key, body


def _misshapen(key: str, body: Mapping[str, Any], section: str) -> str:
    shapes = _SHAPES[section]
    if not key.isidentifier() and section != "items":
        return f"标识“{key}”只能用字母、数字和下划线"
    for missing in (name for name in _MUST.get(section, ()) if name not in body):
        return f"“{key}”缺 {missing}"
    for name, value in body.items():
        shape = shapes.get(name)
        if shape is None:
            return f"“{key}”里没有“{name}”这一项，有：{'、'.join(shapes)}"
        right = {
            "text": isinstance(value, str),
            "number": isinstance(value, str) and value.isdecimal() and len(value) < 10,
            "list": isinstance(value, list) and all(isinstance(part, str) for part in value),
            "section": isinstance(value, dict),
        }
        if not right[shape]:
            return f"“{key}”的 {name} 应是{_SAID[shape]}"
    return ""

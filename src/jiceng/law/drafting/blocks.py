"""YAML text of a folder changed one entry at a time: what somebody wrote by hand around it, comments too, stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jiceng.base.refusals import Problem, Refusal
from jiceng.law.lined import Entries, Items, read_text

_PLAIN = re.compile(r"[\w一-鿿〔（《“][\w一-鿿（）、。；，·“”《》〔〕！？：%./+ -]*")
_WIDE = 130


def scalar(text: str) -> str:
    """Text as YAML reads it back unchanged; in quotation marks where a bare word would be read otherwise."""
    clean = "".join(sign for sign in text.strip() if sign.isprintable() or sign == "\n")
    if _PLAIN.fullmatch(clean) and not clean.endswith(" ") and " #" not in clean and not clean.isdigit():
        return clean
    return clean if clean.isdigit() and not clean.startswith("0") else json.dumps(clean, ensure_ascii=False)


def flow(content: Any) -> str:
    """A mapping, list or text on one line."""
    if isinstance(content, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_inner(one)}" for key, one in content.items()) + "}"
    if isinstance(content, Sequence) and not isinstance(content, str):
        return "[" + ", ".join(_inner(one) for one in content) + "]"
    return scalar(str(content))


def _key(text: Any) -> str:
    return _inner(str(text))


def _inner(content: Any) -> str:
    """Inside braces a comma or colon would end the word."""
    text = flow(content)
    return json.dumps(text, ensure_ascii=False) if isinstance(content, str) and text == content and re.search(r"[,:?]", text) else text


def entry(key: str, body: Mapping[str, Any], *, quoted: Sequence[str] = ("clause", "number", "jurisdiction")) -> str:
    """`key: {…}` on one line where it fits, else one line a word; a table of two axes one line a row."""
    words = [(word, json.dumps(str(one), ensure_ascii=False) if word in quoted else flow(one)) for word, one in body.items()]
    line = f"{_key(key)}: {{" + ", ".join(f"{_key(word)}: {text}" for word, text in words) + "}\n"
    if len(line) <= _WIDE and not any(_deep(one) for one in body.values()):
        return line
    lines = [f"{_key(key)}:"]
    for (word, text), one in zip(words, body.values(), strict=True):
        if _deep(one):
            lines += [f"  {_key(word)}:", *(f"    {_key(row)}: {flow(cells)}" for row, cells in one.items())]
        else:
            lines.append(f"  {_key(word)}: {text}")
    return "\n".join(lines) + "\n"


def _deep(content: Any) -> bool:
    return isinstance(content, Mapping) and any(isinstance(one, Mapping) for one in content.values())


def parsed(text: str, *, name: str) -> Any:
    """The content of a file of the folder; None if it is empty.

    Errors  Refusal draft.text_broken: a piece cannot be changed in a text that does not read
    """
    found: list[Problem] = []
    raw = read_text(text, name=name, found=found)
    if found:
        why = str(found[0])
        raise Refusal("draft.text_broken", f"{name} 现在读不出来，不能用表格改", why=why, do="请先在“文字”里把这一处改对，再用表格改")
    return raw


def with_entry(text: str, key: str, block: str | None, *, name: str) -> str:
    """A file of `key: …` entries with one of them replaced, added at the end, or taken out (None).

    Errors  Refusal draft.text_broken; draft.by_hand if the file is written so that only a hand can change it
    """
    raw = parsed(text, name=name)
    before: Entries = raw if isinstance(raw, Entries) else Entries()
    if key not in before:
        return text if block is None else _joined(text, block)
    keys = list(before)
    after = keys[keys.index(key) + 1] if keys.index(key) + 1 < len(keys) else None
    made = _cut(text, before.line_of(key), before.line_of(after) if after else None, block)
    again = parsed(made, name=name)
    left = dict(again) if isinstance(again, Entries) else {}
    if {one: body for one, body in left.items() if one != key} != {one: body for one, body in before.items() if one != key}:
        raise _by_hand(name)
    return made


def with_item(text: str, index: int, block: str | None, *, name: str) -> str:
    """A file of `- …` items with item `index` replaced or taken out (None); an index past the end adds one.

    Errors  as with_entry
    """
    raw = parsed(text, name=name)
    before: Items = raw if isinstance(raw, Items) else Items()
    if index >= len(before):
        return text if block is None else _joined(text, block)
    made = _cut(text, before.lines[index], before.lines[index + 1] if index + 1 < len(before) else None, block)
    again = parsed(made, name=name)
    kept = list(again) if isinstance(again, Items) else []
    if block is not None and len(kept) == len(before):
        kept.pop(index)
    if kept != [one for place, one in enumerate(before) if place != index]:
        raise _by_hand(name)
    return made


def _cut(text: str, first: int, after: int | None, block: str | None) -> str:
    """Lines from `first` to before `after` (numbers from 1) replaced; comments right above the next entry stay with it."""
    lines = text.splitlines(keepends=True)
    end = len(lines) if after is None else after - 1
    while end > first and (lines[end - 1].lstrip().startswith("#") or not lines[end - 1].strip()):
        end -= 1
    made = "".join(lines[: first - 1]) + (block or "") + "".join(lines[end:])
    return made


def _joined(text: str, block: str) -> str:
    return text + ("" if not text or text.endswith("\n") else "\n") + block


def _by_hand(name: str) -> Refusal:
    why = "这一处的写法是手写的，整块替换会动到别的内容"
    return Refusal("draft.by_hand", f"{name} 的这一处不能用表格改", why=why, do="请在“文字”里改")

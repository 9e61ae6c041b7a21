"""YAML of a policy folder: everything is text, and every mapping and list remembers the line it stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from jiceng.base.refusals import Problem

LARGEST = 2_000_000
_DEEPEST = 30
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Entries(dict[str, Any]):
    """A mapping with the line of each key."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line a key stands on; the mapping's own line for a key that is not there."""
        return self.lines.get(key, self.line)


class Items(list[Any]):
    """A list with the line of each item."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class _Refused(Exception):
    def __init__(self, id: str, message: str, mark: Any) -> None:
        super().__init__(message)
        self.id, self.message, self.mark = id, message, mark


def read(path: Path, *, name: str, found: list[Problem]) -> Any:
    """The file's content as Entries, Items and text; None if it is empty or does not read.

    Time    the file as it stands now
    Errors  appended to `found`, with line: no UTF-8, too large, bad YAML, a key twice, references (& *)
    """
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        found.append(Problem("law.too_large", f"文件超过 {LARGEST // 1_000_000} MB，不像政策文件", name))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found.append(Problem("law.encoding", "不是 UTF-8 编码，请另存为 UTF-8", name, line))
        return None
    return read_text(text, name=name, found=found)


def read_text(text: str, *, name: str, found: list[Problem]) -> Any:
    """The same for text that is already at hand."""
    try:
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        return None if node is None else _plain(node, set(), 0)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        found.append(
            Problem(
                "law.yaml",
                "YAML 写法有误：常见原因是缩进不齐、冒号或逗号后缺空格、引号或括号没有配对",
                name,
                mark.line + 1 if mark else 0,
                mark.column + 1 if mark else 0,
            )
        )
    except _Refused as refused:
        found.append(Problem(refused.id, refused.message, name, refused.mark.line + 1, refused.mark.column + 1))
    except RecursionError:
        found.append(Problem("law.yaml", "嵌套太深", name))
    return None


def _plain(node: yaml.Node, seen: set[int], depth: int) -> Any:
    if depth > _DEEPEST:
        raise _Refused("law.yaml", "嵌套太深", node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    # A node met twice is a reference (& and *): a small file could unfold to a huge one.
    if id(node) in seen:
        raise _Refused("law.yaml", "不能用 & 和 * 引用", node.start_mark)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        items = Items()
        items.line = node.start_mark.line + 1
        for child in node.value:
            items.append(_plain(child, seen, depth + 1))
            items.lines.append(child.start_mark.line + 1)
        return items
    entries = Entries()
    entries.line = node.start_mark.line + 1
    for key_node, child in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Refused("law.yaml", "冒号左边应是一个词", key_node.start_mark)
        key = str(key_node.value)
        if key in entries:
            raise _Refused("law.yaml_twice", f"“{key}”写了两次，先写的会丢失", key_node.start_mark)
        entries[key] = _plain(child, seen, depth + 1)
        entries.lines[key] = key_node.start_mark.line + 1
    return entries

"""YAML of a policy folder: everything is text, and every mapping and list remembers the line it stands on."""

from __future__ import annotations

from dataclasses import dataclass
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
        return _built(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        message = "YAML 写法有误：常见原因是缩进不齐、冒号或逗号后缺空格、引号或括号没有配对"
        found.append(Problem("law.yaml", message, name, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0))
    except _Refused as refused:
        found.append(Problem(refused.id, refused.message, name, refused.mark.line + 1, refused.mark.column + 1))
    return None


def _built(text: str) -> Any:
    """Content made from the stream of events, without recursion: nesting as deep as a hostile file likes is only counted."""
    loader: Any = _LOADER(text)
    root = Items()
    stack: list[_Open] = [_Open(root)]
    try:
        while loader.check_event():
            event: Any = loader.get_event()
            mark: Any = event.start_mark
            if isinstance(event, yaml.DocumentStartEvent) and root:
                raise _Refused("law.yaml", "一个文件里只能有一份内容（不用 ---）", mark)
            if isinstance(event, yaml.NodeEvent):
                _check_node(event)
            if isinstance(event, yaml.ScalarEvent):
                stack[-1].put(str(event.value), mark)
            elif isinstance(event, yaml.CollectionStartEvent):
                made = Entries() if isinstance(event, yaml.MappingStartEvent) else Items()
                made.line = mark.line + 1
                stack[-1].put(made, mark)
                stack.append(_Open(made))
                if len(stack) > _DEEPEST:
                    raise _Refused("law.yaml", "嵌套太深", mark)
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
    finally:
        loader.dispose()
    return root[0] if root else None


def _check_node(event: Any) -> None:
    # A reference could unfold a small file to a huge one; a tag could ask for another type than text.
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise _Refused("law.yaml", "不能用 & 和 * 引用", event.start_mark)
    if getattr(event, "tag", None) not in (None, "!"):
        raise _Refused("law.yaml", "不能用 ! 标注类型", event.start_mark)


@dataclass
class _Open:
    """A list or mapping whose end has not come yet; in a mapping, the key that waits for its value."""

    made: Entries | Items
    key: str | None = None

    def put(self, child: Any, mark: Any) -> None:
        if isinstance(self.made, Items):
            self.made.append(child)
            self.made.lines.append(mark.line + 1)
        elif self.key is None:
            if not isinstance(child, str):
                raise _Refused("law.yaml", "冒号左边应是一个词", mark)
            if child in self.made:
                raise _Refused("law.yaml_twice", f"“{child}”写了两次，先写的会丢失", mark)
            self.key = child
            self.made.lines[child] = mark.line + 1
        else:
            self.made[self.key] = child
            self.key = None

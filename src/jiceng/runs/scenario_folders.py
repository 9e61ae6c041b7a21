"""The folders of a scenario: its changed values written as a small document of its place, its drafts from its date."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from jiceng.base.refusals import Refusal
from jiceng.law.document import read_heading
from jiceng.law.folding import folder_files, folder_hash
from jiceng.law.layers import SCENARIO, Law
from jiceng.law.lined import read
from jiceng.law.load import folder_id
from jiceng.law.model import Definition
from jiceng.law.scalars import scalar
from jiceng.rules.language import did_you_mean
from jiceng.rules.types import TypeRef

CLAUSE = "设定"
KEPT_FOLDERS = 200
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Written:
    """One value as values.yaml will have it."""

    unit: str
    axes: tuple[str, ...]
    bands: bool
    content: Any


def single(name: str, value: str, law: Law) -> Written:
    """A single number in place of what stands."""
    type = law.types[name]
    if type.name in ("Table", "Bands"):
        cell = "起点" if type.name == "Bands" else ",".join(_axes(type.parameters[:-1], law).split("、"))
        do = f"写成 {name}[{cell}]={value}"
        raise Refusal("scenario.cell", f"“{law.titles[name]}”是一张表，要写明改哪一格", do=do)
    return Written(law.units.get(name, ""), (), False, value)


def with_cell(name: str, definition: Definition, before: Any, cell: tuple[str, ...], value: str, law: Law) -> Written:
    """The whole table with one cell changed: `before` as values.yaml has it."""
    type, title = law.types[name], law.titles[name]
    if before is None or definition.rule is not None or type.name not in ("Table", "Bands"):
        why = "它是一个数" if type.name not in ("Table", "Bands") else "它由规则算出，或还没有定"
        raise Refusal("scenario.cell", f"“{title}”没有可改的格", why=why, do=f"写成 {name}={value}")
    content = deepcopy(before)
    if type.name == "Bands":
        _set_band(content, cell, value, title)
        return Written(law.units.get(name, ""), (), True, content)
    axes = type.parameters[:-1]
    if len(cell) != len(axes):
        raise Refusal("scenario.cell", f"“{title}”的一格要写 {len(axes)} 个标签，写了 {len(cell)} 个", do=f"按 {_axes(axes, law)} 的顺序写")
    inner = content
    for depth, (label, axis) in enumerate(zip(cell, axes, strict=True)):
        key = _key(inner, label, axis, title, law)
        if depth == len(axes) - 1:
            inner[key] = value
        else:
            inner = inner.setdefault(key, {})
    return Written(law.units.get(name, ""), tuple(axis.name for axis in axes), False, content)


def _axes(axes: tuple[TypeRef, ...], law: Law) -> str:
    return "、".join(law.terms.codes[axis.name].name if axis.name in law.terms.codes else "整数" for axis in axes)


def _key(cells: Mapping[str, Any], label: str, axis: TypeRef, title: str, law: Law) -> str:
    """The key of a table that means what the label means; the label itself where the table does not print that cell."""
    number = scalar(label, axis, unit="", terms=law.terms)
    if number is None:
        codes = law.terms.codes.get(axis.name)
        do = f"可写：{'、'.join(item.name for item in codes.items[:12])}" if codes else "请写整数"
        hint = did_you_mean(label, codes.by_text) if codes else ""
        raise Refusal("scenario.cell", f"“{title}”没有“{label}”这一格{hint}", do=do)
    return next((key for key in cells if scalar(key, axis, unit="", terms=law.terms) == number), label)


def _set_band(bands: Any, cell: tuple[str, ...], value: str, title: str) -> None:
    """Bands are named by where they begin, and, where two begin there, by both ends."""
    hits = [band for band in bands if [str(end) for end in band[: len(cell)]] == list(cell)]
    if len(cell) not in (1, 2) or len(hits) != 1:
        named = "；".join(f"{band[0]},{band[1]}" for band in bands)
        raise Refusal("scenario.cell", f"“{title}”没有“{','.join(cell)}”这一档", do=f"各档是：{named}（写起点，或起点,终点）")
    hits[0][2] = value


def write(values: Mapping[str, Written], *, place: int, since: date) -> Path:
    """A folder with these values at a place from a date; the same values give the same folder."""
    body = {}
    for name, written in sorted(values.items()):
        told: dict[str, Any] = {"clause": CLAUSE}
        if written.unit:
            told["unit"] = written.unit
        if written.axes:
            told["axes"] = list(written.axes)
        if written.bands:
            told["kind"] = "bands"
        body[name] = {**told, since.isoformat(): written.content}
    heading = {
        "title": f"试算设定（自 {since} 起）", "short": "试算", "jurisdiction": str(place), "in_force": since.isoformat(),
        "trust": "unverified", "note": "为试算临时写成，不是任何机关的文件",
    }  # fmt: skip
    texts = {"document.yaml": _text(heading), "values.yaml": _text(body)}
    digest = hashlib.sha256(_text(texts).encode()).hexdigest()[:24]
    folder = _root() / digest / f"{SCENARIO}{place or 'cn'}" / since.isoformat()
    _landed(folder, texts)
    return folder


def _text(content: Any) -> str:
    # JSON is YAML too, and quotes everything: nobody's text can be read as something else.
    return json.dumps(content, ensure_ascii=False, indent=1)


def draft(name: str, *, since: date, law: Law) -> tuple[Path, ...]:
    """The folders that put a draft in force from a date: where it says another day, a copy with this one. A draft of a document
    that the law has comes after it: the old one ends that day.

    Errors  Refusal scenario.no_draft
    """
    folder = _draft_folder(name)
    heading = read_heading(read(folder / "document.yaml", name="document.yaml", found=[]), path="document.yaml", found=[])
    if heading is None:
        return (folder,)  # what is wrong with it is found when it is loaded
    id = folder_id(folder)
    old = next((document for document in law.documents if document.id == id and document.in_force < since), None)
    texts = _from_day(_texts(folder), heading.in_force, since)
    if old is None:
        return (folder if heading.in_force == since else _copied(texts, id),)
    ended = _texts(old.folder)
    if old.until is None or old.until > since:
        rest = re.sub(r"(?m)^until:.*\n?", "", ended["document.yaml"])
        ended["document.yaml"] = f"{rest.rstrip()}\nuntil: {since}\n"
    return _copied(ended, id), _copied(texts, f"{id}-{since}")


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8-sig") for path in folder_files(folder)}


def _from_day(texts: dict[str, str], old: date, since: date) -> dict[str, str]:
    """The files with another first day; what they say from their first day on is said from the new one on."""
    found = dict(texts)
    found["document.yaml"] = re.sub(r"(?m)^(in_force:\s*)\S+", rf"\g<1>{since}", found["document.yaml"])
    if old > since and "values.yaml" in found:
        day = rf"{old.year}[-年/.]0?{old.month}[-月/.]0?{old.day}日?"
        found["values.yaml"] = re.sub(rf"(?<!\d){day}(?=[\"']?\s*:)", since.isoformat(), found["values.yaml"])
    return found


def _copied(texts: Mapping[str, str], id: str) -> Path:
    folder = _root() / hashlib.sha256(_text([id, texts]).encode()).hexdigest()[:24] / id
    _landed(folder, texts)
    return folder


def _draft_folder(name: str) -> Path:
    id, _, pin = name.partition("@")
    folder = _root() / pin / id if pin else Path(settings.DATA) / "drafts" / id
    if not _ID.fullmatch(id) or (pin and not pin.isalnum()) or not (folder / "document.yaml").is_file():
        raise Refusal("scenario.no_draft", f"没有草案“{id}”", why="可能已删除，或还没有导入", do="请在草案页查看有哪些草案")
    return folder


def pinned(folder: Path) -> str:
    """A copy of a folder anywhere, kept for a scenario; gives the name by which a scenario asks for it.

    Errors  Refusal scenario.no_draft if it is no policy folder
    """
    id = folder_id(folder)
    if not (folder / "document.yaml").is_file() or not _ID.fullmatch(id):
        why = "要有 document.yaml，文件夹名只用字母、数字和连字符"
        raise Refusal("scenario.no_draft", f"“{folder}”不是一个法规文件夹", why=why, do="用 jiceng law new 建一个，或核对路径")
    digest = folder_hash(folder)[:24]
    _landed(_root() / digest / id, _texts(folder))
    return f"{id}@{digest}"


def _landed(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a folder as a whole; one that is there already has these files."""
    if folder.is_dir():
        os.utime(folder.parents[1])
        return
    fresh = folder.parents[1].with_name(f".{folder.parents[1].name}.{os.getpid()}")
    inner = fresh / folder.parent.name / folder.name
    shutil.rmtree(fresh, ignore_errors=True)
    inner.mkdir(parents=True)
    for name, text in texts.items():
        (inner / name).write_text(text, encoding="utf-8")
    try:
        os.replace(fresh, folder.parents[1])
    except OSError:  # another process wrote the same one
        shutil.rmtree(fresh, ignore_errors=True)
    _forget_old()


def _forget_old() -> None:
    old = sorted((path for path in _root().iterdir() if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime)
    for path in old[: max(0, len(old) - KEPT_FOLDERS)]:
        shutil.rmtree(path, ignore_errors=True)


def _root() -> Path:
    return Path(settings.DATA) / "cache" / "scenarios"

"""The registry of words: code lists, kinds of fact, names a rule may ask for. Read from terms.yaml, layered by folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from jiceng.base.refusals import Problem, Problems
from jiceng.terms.shapes import section_of

SCALARS = ("int", "bool", "Date", "Yuan", "Ratio")
CARDINALITIES = ("one", "many", "event")
KINDS_OF = ("worker", "place", "document")


@dataclass(frozen=True)
class CodeItem:
    """One entry of a code list. `number` is what rules see, `id` what the ledger stores, `name` what people read."""

    id: str
    number: int
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """An ordered code list, such as EducationLevel (GB/T 4658)."""

    id: str
    name: str
    items: tuple[CodeItem, ...]
    standard: str = ""

    @cached_property
    def by_id(self) -> dict[str, CodeItem]:
        return {item.id: item for item in self.items}

    @cached_property
    def by_number(self) -> dict[int, CodeItem]:
        return {item.number: item for item in self.items}

    @cached_property
    def by_text(self) -> dict[str, CodeItem]:
        """Names and aliases as people write them; the id too."""
        found: dict[str, CodeItem] = {}
        for item in self.items:
            for text in (item.name, item.id, *item.aliases):
                found.setdefault(text, item)
        return found


@dataclass(frozen=True)
class Field:
    """One field of a kind of fact. `type` is a scalar, a code list, or `text` (which never reaches a rule)."""

    id: str
    name: str
    type: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of fact: how many may hold at a time, which fields it has, which of them are sealed."""

    id: str
    number: int
    name: str
    of: str
    cardinality: str
    fields: dict[str, Field]
    key: tuple[str, ...] = ()
    seal: tuple[str, ...] = ()
    placed: bool = False
    record: str = ""

    @property
    def open_fields(self) -> dict[str, Field]:
        """Fields that stand in plain data."""
        return {k: f for k, f in self.fields.items() if k not in self.seal}


@dataclass(frozen=True)
class Name:
    """A name a rule may ask for. Exactly one of fact, history, asked; else it is a value of the law."""

    id: str
    name: str
    type: str
    of: str = "worker"
    unit: str = ""
    record: str = ""
    fact: tuple[str, str] | None = None
    history: str = ""
    asked: bool = False
    note: str = ""
    sums: bool = False
    """A place fact of a wider place is the sum of this fact over the counties inside it, where all have it."""

    @property
    def is_value(self) -> bool:
        return self.fact is None and not self.history and not self.asked


@dataclass(frozen=True)
class Terms:
    """All words known here. Build with `base_terms()` and `layered(...)`."""

    codes: dict[str, CodeList] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=dict)

    @cached_property
    def kind_by_number(self) -> dict[int, Kind]:
        return {kind.number: kind for kind in self.kinds.values()}

    @cached_property
    def kind_of_record(self) -> dict[str, Kind]:
        """Record type name (Assessment) → kind."""
        return {kind.record: kind for kind in self.kinds.values() if kind.record}

    def layered(self, text: str, path: str) -> Terms:
        """These terms with a folder's terms.yaml on top. Raises Problems on a clash; changes nothing then."""
        found: list[Problem] = []
        raw = _mapping(text, path, found)
        codes = _merge(self.codes, _codes(raw.get("codes"), path, found), path, found)
        kinds = _merge(self.kinds, _kinds(raw.get("kinds"), codes, path, found), path, found)
        names = _merge(self.names, _names(raw.get("names"), codes, kinds, path, found), path, found)
        _check_numbers(kinds, path, found)
        if found:
            raise Problems("terms.refused", "词表不能载入", found, do="请按提示修改 terms.yaml 后重新载入")
        return Terms(codes, kinds, names)


@lru_cache(maxsize=1)
def base_terms() -> Terms:
    """The words shipped with the product."""
    path = Path(__file__).with_name("terms.yaml")
    return Terms().layered(path.read_text(encoding="utf-8"), path.name)


def _mapping(text: str, path: str, found: list[Problem]) -> dict[str, Any]:
    # BaseLoader: everything is text, so that `on`, `no`, 1.10, 08 and 12:30 stay what was written.
    try:
        raw = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found.append(
            Problem(
                "terms.yaml",
                f"YAML 写法有误：{getattr(error, 'problem', error)}",
                path,
                mark.line + 1 if mark else 0,
                mark.column + 1 if mark else 0,
            )
        )
        return {}
    if raw in (None, ""):
        return {}
    if not isinstance(raw, dict):
        found.append(Problem("terms.shape", "应是 codes、kinds、names 三节", path))
        return {}
    return raw


def _codes(raw: Any, path: str, found: list[Problem]) -> dict[str, CodeList]:
    lists: dict[str, CodeList] = {}
    for key, body in section_of(raw, path, "codes", found):
        if "compact" in body:
            suffix = body.get("suffix", "")
            items = tuple(CodeItem(f"n{i:02d}", i, text + suffix, (text,)) for i, text in enumerate(body["compact"], 1))
        else:
            items = tuple(
                CodeItem(item_id, int(item["number"]), item["name"], tuple(item.get("aliases", ())))
                for item_id, item in section_of(body.get("items"), path, "items", found)
            )
        if len({item.number for item in items}) != len(items) or any(item.number < 1 for item in items):
            found.append(Problem("terms.code_number", f"代码表“{key}”编号重复或小于 1", path))
        lists[key] = CodeList(key, body["name"], items, body.get("standard", ""))
    return lists


def _kinds(raw: Any, codes: Mapping[str, CodeList], path: str, found: list[Problem]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for key, body in section_of(raw, path, "kinds", found):
        told = section_of(body.get("fields"), path, "fields", found)
        fields = {f: Field(f, b["name"], b["type"], b.get("required") == "true") for f, b in told}
        for name, entry in fields.items():
            if entry.type not in (*SCALARS, "text") and entry.type not in codes:
                found.append(Problem("terms.type", f"“{key}.{name}”的类型“{entry.type}”不认识", path))
        kind = Kind(
            key,
            int(body["number"]),
            body["name"],
            body.get("of", "worker"),
            body.get("cardinality", ""),
            fields,
            tuple(body.get("key", ())),
            tuple(body.get("seal", ())),
            body.get("placed") == "true",
            body.get("record", ""),
        )
        if kind.cardinality not in CARDINALITIES:
            found.append(Problem("terms.cardinality", f"“{key}”的 cardinality 应是 one、many 或 event", path))
        strange = {*kind.key, *kind.seal} - fields.keys() - ({"place"} if kind.placed else set())
        if strange:
            found.append(Problem("terms.key", f"“{key}”的 key 或 seal 里有它没有的字段：{'、'.join(sorted(strange))}", path))
        if kind.of not in KINDS_OF:
            found.append(Problem("terms.shape", f"“{key}”的 of 应是 {'、'.join(KINDS_OF)}", path))
        if kind.cardinality == "many" and not kind.key:
            found.append(Problem("terms.key", f"“{key}”是 many，须写明 key", path))
        kinds[key] = kind
    return kinds


def _names(raw: Any, codes: Mapping[str, CodeList], kinds: Mapping[str, Kind], path: str, found: list[Problem]) -> dict[str, Name]:
    names: dict[str, Name] = {}
    for key, body in section_of(raw, path, "names", found):
        fact = None
        if "fact" in body:
            kind_id, _, field_id = body["fact"].partition(".")
            fact = (kind_id, field_id)
            if kind_id not in kinds or field_id not in kinds[kind_id].fields:
                found.append(Problem("terms.fact", f"“{key}”指向的事实“{body['fact']}”没有", path))
            elif (field := kinds[kind_id].fields[field_id]).type != body.get("type"):
                found.append(Problem("terms.type", f"“{key}”写作 {body.get('type')}，它指向的事实是 {field.type}", path))
        if "history" in body and body["history"] not in kinds:
            found.append(Problem("terms.history", f"“{key}”指向的履历“{body['history']}”没有", path))
        elif "history" in body and body.get("record") != kinds[body["history"]].record:
            found.append(Problem("terms.history", f"“{key}”的 record 应是 {kinds[body['history']].record}", path))
        names[key] = Name(
            key,
            body["name"],
            body.get("type", ""),
            body.get("of", "worker"),
            body.get("unit", ""),
            body.get("record", ""),
            fact,
            body.get("history", ""),
            body.get("asked") == "true",
            body.get("note", ""),
            body.get("sums") == "true",
        )
    return names


def _merge(upper: dict[str, Any], lower: dict[str, Any], path: str, found: list[Problem]) -> dict[str, Any]:
    for key in upper.keys() & lower.keys():
        if upper[key] != lower[key]:
            found.append(Problem("terms.clash", f"“{key}”在词表里已有另一种定义：一个名字全国只能有一个意思", path))
    return {**upper, **lower}


def _check_numbers(kinds: Mapping[str, Kind], path: str, found: list[Problem]) -> None:
    seen: dict[int, str] = {}
    for kind in kinds.values():
        if kind.number in seen:
            found.append(Problem("terms.kind_number", f"“{kind.id}”与“{seen[kind.number]}”用了同一个编号 {kind.number}", path))
        seen[kind.number] = kind.id

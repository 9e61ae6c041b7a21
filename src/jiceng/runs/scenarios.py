"""What if: some values changed, or drafts in force, from a date. A scenario becomes law in one way only: small folders laid over
the installed ones, loaded with every check, so that what the law would refuse is refused here too."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Problems, Refusal
from jiceng.law.layers import Law
from jiceng.law.load import load_over
from jiceng.law.model import Definition
from jiceng.rules.language import did_you_mean
from jiceng.runs import scenario_folders
from jiceng.runs.law import installed_law
from jiceng.runs.scenario_folders import Written

KEPT_LAWS = 8
_CHANGE = re.compile(r"\s*([^=\[\]]+?)\s*(?:\[([^\]]*)\])?\s*=\s*(.+?)\s*", re.DOTALL)


@dataclass(frozen=True)
class ValueChange:
    """One value as it would be, written as in values.yaml (20, 20%, 1800.50, 进一). `cell`: the labels of a table's cell, or
    the first number of a band; empty where the value is a single one."""

    name: str
    value: str
    cell: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As written on the command line."""
        return f"{self.name}{'[' + ','.join(self.cell) + ']' if self.cell else ''}={self.value}"


@dataclass(frozen=True)
class Scenario:
    """Values changed and drafts in force from `since` on, in the order in which effects are told apart: values, then drafts.

    `drafts`: folder ids under DATA/drafts, or `id@hash` for a copy that was pinned (see `scenario_folders.pinned`)
    """

    since: date
    values: tuple[ValueChange, ...] = ()
    drafts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Canonical JSON: equal scenarios have equal text."""
        values = [[change.name, list(change.cell), change.value] for change in self.values]
        told = {"since": self.since.isoformat(), "values": values, "drafts": list(self.drafts)}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def title(self) -> str:
        """自 2027-01-01 起：workers_per_10k_residents=20."""
        parts = [change.text for change in self.values] + [f"草案 {draft.partition('@')[0]}" for draft in self.drafts]
        return f"自 {self.since} 起：{'，'.join(parts)}"


def scenario_of(text: str) -> Scenario:
    """The scenario of a canonical text.

    Errors  Refusal scenario.text
    """
    try:
        told = json.loads(text)
        values = tuple(ValueChange(str(name), str(value), tuple(map(str, cell))) for name, cell, value in told["values"])
        return Scenario(date.fromisoformat(told["since"]), values, tuple(map(str, told["drafts"])))
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("scenario.text", "这不是一份试算方案", why=str(error)[:120], do="请重新填写要改的数值或草案") from error


def value_change(text: str, law: Law) -> ValueChange:
    """One change as people write it: name=value, 名称=数值, name[cell,cell]=value.

    Errors  Refusal scenario.change for another shape; scenario.no_name, scenario.two_names for a name
    """
    found = _CHANGE.fullmatch(text)
    if found is None:
        do = "写成 名称=数值，表格里的一格写成 名称[行,列]=数值，例如 workers_per_10k_residents=20"
        raise Refusal("scenario.change", f"“{text}”看不懂", do=do)
    name, cell, value = found.groups()
    labels = tuple(part.strip() for part in re.split("[,，]", cell)) if cell and cell.strip() else ()
    return ValueChange(_identifier(name, law), value, labels)


def _identifier(name: str, law: Law) -> str:
    found = law.named(name)
    if len(found) > 1:
        names = "、".join(found)
        raise Refusal("scenario.two_names", f"有 {len(found)} 项都叫“{name}”：{names}", do="请改写英文标识")
    if not found:
        hint = did_you_mean(name, law.titles) or did_you_mean(name, law.titles.values())
        raise Refusal("scenario.no_name", f"没有“{name}”这个名称{hint}", do="用 jiceng law list 查看有哪些数值")
    return found[0]


def law_with(scenario: Scenario, *, place: int, law: Law | None = None) -> Law:
    """The law as it would be: the drafts and the changed values at `place` laid over the installed law.

    Time    the same object for the same scenario as long as nothing below it changed
    Errors  Refusal scenario.no_name, scenario.fact, scenario.not_here, scenario.cell, scenario.nothing, scenario.no_draft;
            Problems scenario.refused with every finding: a value outside its range, floor or cap, a draft that does not check
    """
    base = law or installed_law()
    if not scenario.values and not scenario.drafts:
        raise Refusal("scenario.nothing", "没有写要改什么", do="请写至少一个数值，或选一份草案")
    drafts = [folder for draft in scenario.drafts for folder in scenario_folders.draft(draft, since=scenario.since, law=base)]
    key = (str(settings.DATA), base.hash, place, scenario.text, *(folder.as_posix() for folder in drafts))
    if key not in _kept or not _there(_kept[key], base):
        under = _loaded(base, drafts) if drafts else base
        _kept[key] = _loaded(under, [_written(scenario, place, under)]) if scenario.values else under
        while len(_kept) > KEPT_LAWS:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


_kept: OrderedDict[tuple[Any, ...], Law] = OrderedDict()


def _there(law: Law, base: Law) -> bool:
    """Whether the folders laid over still lie where they were written: who keeps the law copies them."""
    installed = {document.folder for document in base.documents}
    return all(document.folder.is_dir() for document in law.documents if document.folder not in installed)


def _loaded(law: Law, folders: Iterable[Path]) -> Law:
    try:
        return load_over(law, folders)
    except Problems as problems:
        what = f"这样改通不过检查，有 {len([p for p in problems.problems if not p.notice])} 处问题"
        raise Problems("scenario.refused", what, problems.problems, do="请按提示改数值或草案后再试算") from problems


def _written(scenario: Scenario, place: int, law: Law) -> Path:
    """The folder of the changed values. Several cells of one table are one value."""
    found: dict[str, Written] = {}
    for change in scenario.values:
        definition = _changeable(change.name, place, scenario.since, law)
        if not change.cell:
            found[change.name] = scenario_folders.single(change.name, change.value, law)
            continue
        before = found[change.name].content if change.name in found else definition.at.raw if definition.at else None
        found[change.name] = scenario_folders.with_cell(change.name, definition, before, change.cell, change.value, law)
    return scenario_folders.write(found, place=place, since=scenario.since)


def _changeable(name: str, place: int, on: date, law: Law) -> Definition:
    """The definition in force that a change would replace."""
    if name not in law.titles:
        raise Refusal("scenario.no_name", f"没有“{name}”这个名称{did_you_mean(name, law.titles)}", do="用 jiceng law list 查看有哪些数值")
    definitions = law.regime(place, on).definitions
    title = law.titles[name]
    if name in definitions:
        return definitions[name]
    term = law.terms.names.get(name)
    if term is not None and not term.is_value:
        do = "试算改的是法规的数值；事实请在名册或地方页登记"
        raise Refusal("scenario.fact", f"“{title}”是台账里的事实，不是法规的数值", do=do)
    hint = did_you_mean(name, definitions)
    why = f"{chinese_date(on)}那里没有文件规定它{hint}"
    raise Refusal("scenario.not_here", f"此地没有“{title}”", why=why, do="请换一个地方、日期，或用草案写一条新规定")

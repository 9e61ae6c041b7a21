"""The columns of the roster list: which there are, which somebody chose, and each worker's cells. Page and export print the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jiceng.access.scope import Scope
from jiceng.answers.printing import number_text
from jiceng.base.dates import day_number
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of, mark
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.showing import STATE_COLOURS, code_name
from jiceng.law.load import Law
from jiceng.places import reading, tree
from jiceng.rules.words import full_years
from jiceng.runs.models import NONE_HELD, Standing, State

ANSWER = "a:"
"""Before a rule's name: the column of its answers."""
DEFAULT = ("sex", "birth", "place", "post", "cls", "education", "certificate", "post_since", "state")
MOST = 20
_ANSWERS_WIDTH = 16

Kind = Literal["text", "date", "identity", "integer"]


@dataclass(frozen=True)
class ListColumn:
    """One column. `sort`: what a list is sorted by under its heading, "" where it cannot be. `rule`: whose answers stand in it."""

    key: str
    name: str
    kind: Kind = "text"
    sort: str = ""
    rule: str = ""
    width: int = 14
    title: str = ""


NAME = ListColumn("name", "姓名", width=12)
_OWN = (
    ListColumn("sex", "性别", sort="sex", width=6),
    ListColumn("birth", "出生日期", "date", sort="birth"),
    ListColumn("age", "年龄", "integer", sort="birth", width=6),
    ListColumn("id", "证件号码", "identity", width=22),
    ListColumn("nation", "民族"),
    ListColumn("political", "政治面貌", sort="political"),
    ListColumn("place", "所在地方", sort="place", width=36),
    ListColumn("post", "岗位", sort="post", width=18),
    ListColumn("cls", "人员类别", sort="worker_class", width=22),
    ListColumn("education", "学历", sort="education"),
    ListColumn("certificate", "职业资格", sort="certificate", width=18),
    ListColumn("grade", "等级", "integer", sort="grade", width=6),
    ListColumn("post_since", "任现岗", "date", sort="post_since"),
    ListColumn("state", "状态", sort="state", width=8),
)


def offered(law: Law, *, places: Iterable[int] = (tree.NATION,)) -> dict[str, ListColumn]:
    """Every column there is, by key: the row's own, then one for each rule about workers that may apply at these places."""
    found = {column.key: column for column in _OWN}
    for document in sorted(law.touching(places), key=lambda one: one.jurisdiction):
        for rule in document.rules:
            if rule.of == "worker" and not rule.total and not rule.asked:
                name = law.titles.get(rule.id, rule.id)
                found.setdefault(ANSWER + rule.id, ListColumn(ANSWER + rule.id, name, "text", rule.id, rule.id, _ANSWERS_WIDTH, rule.title))
    return found


def chosen(keys: Iterable[str], law: Law) -> tuple[ListColumn, ...]:
    """The columns of these keys, in their order, each once; a rule that is gone is left out.

    Errors  Refusal page.columns if a key was never one
    """
    there = offered(law)
    found = []
    for key in dict.fromkeys(keys):
        if key in there:
            found.append(there[key])
        elif not key.startswith(ANSWER):
            raise Refusal("page.columns", f"没有“{key}”这一列", where="网址里的 cols", do="请从“选列”重新选择")
    if len(found) > MOST:
        raise Refusal("page.columns", f"选了 {len(found)} 列", why=f"一张名册最多 {MOST} 列", do="请去掉一些，或分两次导出")
    return tuple(found)


@dataclass(frozen=True)
class Cell:
    """A worker's cell: the text, and the look of it. `kind` of a rule's answer without a value; `rule` opens the card."""

    text: str
    column: ListColumn
    look: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Shown:
    """One worker on the list."""

    subject: int
    name: str
    place: int
    cells: tuple[Cell, ...]


def shown(
    rows: Iterable[Standing], columns: Sequence[ListColumn], *, scope: Scope, law: Law, on: date, above: int = tree.NATION
) -> list[Shown]:  # fmt: skip
    """Standing rows with the chosen cells; names of places below `above` are read in one statement."""
    kept = list(rows)
    places = reading.full_names({row.place for row in kept if row.place}, on=on, above=above)
    texts = {column.key: _text(column, law=law, on=on, places=places) for column in columns}
    return [
        Shown(
            row.subject, scope.shown_name(row.name, place=row.place), row.place,
            tuple(Cell(texts[column.key](row), column, _look(row, column), column.rule) for column in columns),
        )
        for row in kept
    ]  # fmt: skip


def _look(row: Standing, column: ListColumn) -> str:
    if column.key == "state":
        return STATE_COLOURS[State(row.state)]
    if column.rule:
        value = row.answers.get(column.rule, mark(AnswerKind.no_rule))
        return "" if kind_of(value) is AnswerKind.value else f"k-{kind_of(value).name}"
    return ""


def _text(column: ListColumn, *, law: Law, on: date, places: Mapping[int, str]) -> Callable[[Standing], str]:
    """How a row's text in this column is made."""
    if column.rule:
        return lambda row: answer_text(row.answers.get(column.rule, mark(AnswerKind.no_rule)), column.rule, law)
    codes = {"sex": "Sex", "nation": "Nation", "political": "PoliticalStatus", "post": "Post", "education": "EducationLevel"}
    if column.key in codes:
        return lambda row: code_name(law.terms, codes[column.key], getattr(row, column.key))
    return {
        "birth": lambda row: _day(row.birth),
        "age": lambda row: "" if row.birth is None else str(full_years(day_number(row.birth), day_number(on))),
        "id": lambda row: row.id_masked,
        "place": lambda row: places.get(row.place, str(row.place)),
        "cls": lambda row: code_name(law.terms, "WorkerClass", row.worker_class),
        "certificate": lambda row: "无" if row.certificate == NONE_HELD else code_name(law.terms, "CertificateKind", row.certificate),
        "grade": lambda row: "" if row.grade is None else str(row.grade),
        "post_since": lambda row: _day(row.post_since),
        "state": lambda row: State(row.state).label,
    }[column.key]


def answer_text(value: int, rule: str, law: Law) -> str:
    """A rule's answer in a row: the value, or the kind of answer there is instead."""
    kind = kind_of(value)
    return number_text(value, law.types[rule], law.units.get(rule) or "", law.terms) if kind is AnswerKind.value else KIND_NAMES[kind]


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()

"""Another department's form: which of its columns are held here, whether it is a list or a sheet for one person, whom it lists."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Final

from jiceng.base.refusals import Refusal
from jiceng.intake.headings import RULES, Headings, bare, key
from jiceng.intake.layout import Layout, understand
from jiceng.intake.roster import ROSTER, Column
from jiceng.intake.sheets import Sheet, column_letter, read_sheets
from jiceng.intake.texts import cell_text, folded
from jiceng.law.load import Law

AGE, HIGHEST = "age", "education_highest"
ANSWER: Final = "answer:"
_LABEL: Final = 14
"""Characters beyond which a cell is no label of a form."""
_ALIASES: Final = {
    "education.graduated": ("毕业时间", "毕业日期", "毕业年月"),
    "certificate.obtained": ("取得证书时间", "证书取得时间"),
    "grading.grade": ("岗位等级", "等级"),
    "contract.employer": ("合同签订单位",),
    "appointment.employer": ("用人单位",),
    "appointment.origin": ("进入方式", "进入社区方式"),
}
_REMARKS: Final = frozenset({"备注", "说明", "填表说明", "其他"})
_NOT_ASKED: Final = ("serial", "own", "blank")


@dataclass(frozen=True)
class Asked:
    """One thing the form asks: where its heading stands, what it was taken for ("" if it is not held), by which rule."""

    row: int
    index: int
    heading: str
    column: str
    name: str
    rule: str

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    @property
    def held(self) -> bool:
        return bool(self.column)


@dataclass(frozen=True)
class Form:
    """A form understood. `first` is the first row below the headings, `rows` those that name somebody, `free` blank rows below
    them up to the next line with anything in it (`open`: down to the end); rows and columns count from 0. For one person the
    blanks are beside the labels, at `blanks` by heading.
    """

    sheet: str
    single: bool
    asked: tuple[Asked, ...]
    first: int = 0
    rows: tuple[int, ...] = ()
    free: tuple[int, ...] = ()
    open: bool = False
    blanks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    layout: Layout | None = None
    drawings: bool = False

    @property
    def held(self) -> int:
        """How many of the things asked are held."""
        return sum(one.held for one in self.asked)


def declaration(law: Law, *, place: int, on: date) -> tuple[Column, ...]:
    """Everything that a form may ask and that is held: the roster's columns, age, other fields of facts, answers of rules.

    Time    the rules in force at a place on a day
    Shape   id `kind.field` for a field of a fact, `answer:rule` for an answer; a name that two things share means neither
    """
    more = [
        Column(AGE, "年龄", "text", "birth", "date", ("周岁", "年龄（周岁）")),
        Column(HIGHEST, "最高学历", "text", "education", "level", ("学历", "文化程度", "学历层次", "文化水平")),
    ]
    told = {(column.kind, column.field.split(".")[-1]) for column in ROSTER}
    for kind in law.terms.kinds.values():
        if kind.of != "worker" or kind.seal or kind.id in ("complete", "erasure"):
            continue
        for name, declared in kind.fields.items():
            if (kind.id, name) not in told:
                id = f"{kind.id}.{name}"
                more.append(Column(id, _joined(kind.name, declared.name), "text", kind.id, name, _ALIASES.get(id, ())))
    for found in law.regime(place, on).rules("worker"):
        if found.rule is not None and not found.rule.title.startswith("理由"):
            more.append(Column(f"{ANSWER}{found.name}", found.rule.title, "text", "answer", found.name))
    # What a form calls 备注 is for its own department to write in.
    return (*(column for column in ROSTER if column.id != "remark"), *more)


def _joined(kind: str, field: str) -> str:
    """培训 and 培训层级 are 培训层级."""
    return kind[:-2] + field if kind[-2:] == field[:2] else kind + field


def read_form(content: bytes, *, columns: Sequence[Column], remembered: Mapping[str, str]) -> Form:
    """The first sheet that is a list of persons or a form for one.

    Errors  Refusal filling.format (only .xlsx can be filled in as it is), filling.no_form; those of `read_sheets`, packets.macro
    """
    if not content.startswith(b"PK"):
        raise Refusal("filling.format", "只能填 .xlsx 表", why="旧格式填了会走样", do="请用 Excel 或 WPS 另存为 .xlsx 再上传")
    sheets = read_sheets(content)
    parts = _parts(content)
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise Refusal("packets.macro", "工作簿里带有宏，没有收", why="填表时宏会丢失", do="请另存为不含宏的 .xlsx 再上传")
    drawings = any("/drawings/drawing" in name or "/media/" in name for name in parts)
    for sheet in sheets:
        if sheet.hidden:
            continue
        found = _list(sheet, columns, remembered, drawings) or _single(sheet, columns, remembered, drawings)
        if found:
            return found
    raise Refusal(
        "filling.no_form", "没有找到要填的表", why="没有写着“姓名”等列名的表头，也没有“姓名”旁边留空的登记表", do="请核对是否传错"
    )


def _parts(content: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.namelist()


def _list(sheet: Sheet, columns: Sequence[Column], remembered: Mapping[str, str], drawings: bool) -> Form | None:
    try:
        layout = understand(sheet, columns, remembered)
    except Refusal:
        return None
    _, bottom = layout.head
    taken = [read for read in layout.columns if read.column]
    if sum(_nothing_beside(layout, read.index) for read in taken) * 2 > len(taken):
        return None  # 姓名 | | 性别 | |: labels with room beside them, a form for one person
    asked = tuple(
        Asked(bottom, read.index, read.heading, *_meant(read.column, read.rule), read.rule_name)
        for read in layout.columns
        if read.heading and read.rule not in _NOT_ASKED and key(read.heading) not in _REMARKS
    )
    rows = tuple(row for row in layout.rows if _names_somebody(layout, row))
    free, open = _free(sheet, max((bottom, *rows)) + 1, {read.index for read in layout.columns if read.rule == "serial"})
    return Form(sheet.name, False, asked, bottom + 1, rows, free, open, layout=layout, drawings=drawings)


def _meant(column: Column | None, rule: str) -> tuple[str, str]:
    # Columns to be ticked need a person: which box a word belongs in is not said by its heading alone.
    return (column.id, column.name) if column and rule != "ticked" else ("", "")


def _nothing_beside(layout: Layout, index: int) -> bool:
    """Whether the column to the right has no heading; the last one tells nothing."""
    return index + 1 < len(layout.columns) and not layout.columns[index + 1].heading


def _names_somebody(layout: Layout, row: int) -> bool:
    named = layout.by_id()
    return any(cell_text(layout.sheet.columns[named[one].index][row]) for one in ("name", "id_number") if one in named)


def _free(sheet: Sheet, first: int, serials: set[int]) -> tuple[tuple[int, ...], bool]:
    """Blank rows (a running number may stand in them) from a row on; whether nothing comes after them."""
    free = []
    for row in range(first, sheet.height):
        texts = [(index, folded(cell_text(cell))) for index, cell in enumerate(sheet.row(row))]
        if any(text for index, text in texts if not (index in serials and text.isdigit())):
            return tuple(free), False
        free.append(row)
    return tuple(free), True


def _single(sheet: Sheet, columns: Sequence[Column], remembered: Mapping[str, str], drawings: bool) -> Form | None:
    reader = Headings(columns, remembered)
    covered = {(r, c): (last, far) for top, near, last, far in sheet.merged for r in range(top, last + 1) for c in range(near, far + 1)}
    asked: list[Asked] = []
    blanks: dict[str, tuple[int, int]] = {}
    for row in range(min(sheet.height, 120)):
        for index, cell in enumerate(sheet.row(row)):
            text = cell_text(cell) if isinstance(cell, str) else ""
            beside = covered.get((row, index), (row, index))[1] + 1
            if not text or len(folded(text)) > _LABEL or beside >= len(sheet.columns) or cell_text(sheet.columns[beside][row]):
                continue
            meant, rule = _label(reader, text)
            heading = " ".join(text.split())
            # What stands above the first label that is known is a title or a line about who fills the form in.
            if heading not in blanks and key(text) not in _REMARKS and (asked or meant):
                blanks[heading] = (row, beside)
                asked.append(Asked(row, index, heading, meant.id if meant else "", meant.name if meant else "", RULES[rule]))
    if not any(one.column == "name" for one in asked) or sum(one.held for one in asked) < 3:
        return None
    return Form(sheet.name, True, tuple(asked), blanks=blanks, drawings=drawings)


def _label(reader: Headings, text: str) -> tuple[Column | None, str]:
    """What a label means and by which rule; names that are only alike are left to a person."""
    if key(text) in reader.remembered:
        return reader.by_id.get(reader.remembered[key(text)]), "remembered"
    return reader.names.get(key(text)) or reader.names.get(bare(text)) or (None, "unknown")

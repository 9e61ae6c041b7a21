"""How a sheet was understood: where its table starts and ends, which column is which, what was left out and why.

Everything here is shown to the person who uploaded the sheet and can be corrected; corrections come back as `remembered`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jiceng.base.refusals import Refusal
from jiceng.intake import cells, headings
from jiceng.intake.roster import Column
from jiceng.intake.sheets import Cell, Sheet, column_letter
from jiceng.intake.texts import DITTO, NONE_WORDS, TICKS, cell_text, folded

GROUP = "分组标题或说明"
_SUBTOTAL = ("合计", "小计", "总计", "共计", "累计", "汇总")
_FOOT = ("注:", "注：", "备注:", "说明:", "填表", "制表", "审核", "填报", "联系人", "负责人", "单位负责", "经办", "注1", "填写说明",
         "统计截止", "报送", "主管领导", "签字", "盖章", "单位(盖章)", "以上", "※")  # fmt: skip
_NOBODY = NONE_WORDS | {"无人员", "无社区工作者", "没有社区工作者", "本地无社区工作者"}
_EXAMPLE = ("示例", "例:", "样例", "例如", "(例)", "(示例)", "填写示例", "范例")


@dataclass(frozen=True)
class ColumnRead:
    """One column of the sheet and what it was taken for.

    `column` is None where it is not taken. `rule` is one of headings.RULES. `samples` are its first cells.
    `ticked`: columns side by side that are ticked, with the word each stands for (初级 | 中级 | 高级 under 社工证).
    `further`: columns of the same thing for other years (考核 2021年 beside 2023年), by index.
    """

    index: int
    letter: str
    heading: str
    column: Column | None
    rule: str
    samples: tuple[str, ...] = ()
    hidden: bool = False
    ticked: tuple[tuple[int, str], ...] = ()
    further: tuple[int, ...] = ()

    @property
    def rule_name(self) -> str:
        """The rule in Chinese."""
        return headings.RULES[self.rule]


@dataclass(frozen=True)
class Skipped:
    """A row that is no person's row. Rows count from 1."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Layout:
    """One sheet understood. `rows` are the row numbers (from 0) of the table's body.

    Of a workbook that left from here prefilled, `told` says by row which kinds of fact it tells (a row without entry tells all
    it says), and `meant` what a cell stands for: it is read so, but shown and sent back as it was written.
    """

    sheet: Sheet
    head: tuple[int, int]
    columns: tuple[ColumnRead, ...]
    rows: Sequence[int]
    skipped: tuple[Skipped, ...] = ()
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    filled: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)
    told: Mapping[int, frozenset[str]] = field(default_factory=dict)
    meant: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)

    def by_id(self) -> dict[str, ColumnRead]:
        """Taken columns by the id of their declaration."""
        return {read.column.id: read for read in self.columns if read.column}

    @property
    def not_taken(self) -> tuple[ColumnRead, ...]:
        """Columns with a heading that nothing is made of."""
        return tuple(read for read in self.columns if read.column is None and read.heading and read.rule in ("unknown", "double"))

    def cells(self, read: ColumnRead) -> list[Cell]:
        """The body of one column, merged cells filled down, ticks turned into the words they stand for."""
        if not read.ticked:
            return self._body(read.index)
        marks = [(self._body(index), word) for index, word in read.ticked]
        return ["、".join(word for cells, word in marks if folded(cell_text(cells[at])) in TICKS) for at in range(len(self.rows))]

    def _body(self, index: int) -> list[Cell]:
        column = self.sheet.columns[index]
        filled, meant = self.filled.get(index), self.meant.get(index)
        if filled or meant:
            over = {**(filled or {}), **(meant or {})}
            return [over.get(row, column[row]) for row in self.rows]
        if isinstance(self.rows, range):
            return column[self.rows.start : self.rows.stop]
        return [column[row] for row in self.rows]

    @property
    def sections(self) -> tuple[tuple[int, str], ...]:
        """Headings between the rows: row (from 0) and text."""
        return tuple((one.row - 1, one.text) for one in self.skipped if one.reason == GROUP)


def understand(sheet: Sheet, declaration: Sequence[Column], remembered: Mapping[str, str]) -> Layout:
    """The table of a sheet.

    `remembered`: folded heading → column id, or "" for “not taken”, as corrected here before or just now.
    Errors  Refusal intake.no_table if no row looks like the heading of this declaration
    """
    reader = headings.Headings(declaration, remembered)
    head = headings.head(sheet, reader)
    if head is None:
        raise Refusal(
            "intake.no_table", "没有找到花名册的表头", where=f"工作表“{sheet.name}”" if sheet.name else "",
            why=f"前 {min(headings.WITHIN, sheet.height)} 行里没有同时写着“姓名”“身份证号”等列名的一行",
            do="请核对是否传错了表，或从本页下载模板填写",
        )  # fmt: skip
    top, bottom = head
    texts = reader.joined(sheet, top, bottom)
    columns = _columns(sheet, bottom, reader, texts)
    rows, skipped = _body(sheet, bottom + 1, columns)
    titles = sheet.titles + tuple(text for row in range(top) for cell in sheet.row(row) if (text := cell_text(cell)))
    return Layout(sheet, head, columns, rows, skipped, titles, _notes(sheet, columns, rows), _filled(sheet, bottom, columns))


def _columns(sheet: Sheet, bottom: int, reader: headings.Headings, texts: Sequence[tuple[str, ...]]) -> tuple[ColumnRead, ...]:
    read = []
    for index, column, rule in reader.read(texts):
        below = sheet.columns[index][bottom + 1 : bottom + 400]
        samples = tuple(dict.fromkeys(text for cell in below if (text := cell_text(cell))))[:3]
        heading = " ".join(dict.fromkeys(text for text in texts[index] if text))
        if rule == "similar" and column is not None and not cells.reads_well(column, below):
            column, rule = None, "unknown"  # a name alone is not enough: 年度考核奖 holds money
        read.append(ColumnRead(index, column_letter(index), heading, column, rule, samples, index in sheet.hidden_columns))
    _by_cells(sheet, bottom, read, reader)
    return tuple(_further(_ticked(sheet, bottom, read, texts, reader), texts, reader))


def _by_cells(sheet: Sheet, bottom: int, read: list[ColumnRead], reader: headings.Headings) -> None:
    """A needed column of a code list that no heading names: the one unknown column whose every cell is a word of that list."""
    taken = {one.column.id for one in read if one.column}
    for column in reader.declaration:
        if not column.needed or not column.code or column.id in taken or "name" not in taken:
            continue
        fits = []
        for one in read:
            cells_below = [cell for cell in sheet.columns[one.index][bottom + 1 :] if cell_text(cell)]
            if one.rule == "unknown" and cells_below and all(cells.is_word(column, cell_text(cell)) for cell in cells_below[:400]):
                fits.append(one)
        if len(fits) == 1:
            read[fits[0].index] = replace(fits[0], column=column, rule="cells")


def _further(read: list[ColumnRead], texts: Sequence[tuple[str, ...]], reader: headings.Headings) -> list[ColumnRead]:
    """Assessments of other years beside the latest: not taken twice, but read along."""
    main = next((one for one in read if one.column and one.column.reader == "assessment"), None)
    if main is None or not headings.year_of(texts[main.index]):
        return read
    others = [
        one.index
        for one in read
        if one.rule == "double" and reader.means(texts[one.index]) is main.column and headings.year_of(texts[one.index])
    ]
    for index in others:
        read[index] = replace(read[index], rule="further")
    read[main.index] = replace(main, further=tuple(others))
    return read


def _ticked(
    sheet: Sheet, bottom: int, read: list[ColumnRead], texts: Sequence[tuple[str, ...]], reader: headings.Headings
) -> list[ColumnRead]:
    """Columns under one heading, each named by a word of that heading's list and ticked: they are one column."""
    families: dict[str, list[tuple[int, str]]] = {}
    for one in read:
        parts = [text for text in texts[one.index] if text]
        column = reader.named(parts[-2]) if one.rule == "unknown" and len(parts) > 1 else None
        if column is not None and cells.is_word(column, parts[-1]):
            below = {folded(cell_text(cell)) for cell in sheet.columns[one.index][bottom + 1 :]}
            if below <= TICKS | {""}:
                families.setdefault(column.id, []).append((one.index, parts[-1]))
    taken = {one.column.id for one in read if one.column}
    for column_id, members in families.items():
        if column_id not in taken:
            first = read[members[0][0]]
            read[first.index] = replace(first, column=reader.by_id[column_id], rule="ticked", ticked=tuple(members))
            for index, _ in members[1:]:
                read[index] = replace(read[index], rule="ticked")
    return read


def _body(sheet: Sheet, first: int, columns: Sequence[ColumnRead]) -> tuple[Sequence[int], tuple[Skipped, ...]]:
    """Rows of persons, and the rows that are something else with the reason."""
    taken = [read for read in columns if read.column]
    other = [read.index for read in columns if read.rule not in ("serial", "own")]
    keyed = [sheet.columns[read.index] for read in taken if read.column and read.column.id in ("name", "id_number")]
    name = next((sheet.columns[read.index] for read in taken if read.column and read.column.id == "name"), None)
    number = next((sheet.columns[read.index] for read in taken if read.column and read.column.id == "id_number"), None)
    rows: list[int] = []
    skipped: list[Skipped] = []
    for row in range(first, sheet.height):
        if name is not None and number is not None and type(name[row]) is str and type(number[row]) is str:
            written, digits = name[row], number[row]
            # The ordinary row is recognised at a glance: a short name and something with digits.
            lead = sheet.columns[0][row]
            if (
                1 < len(written) < 6
                and digits[:6].isdigit()
                and written[-1] not in "计名例"
                and (type(lead) is not str or "例" not in lead)
            ):
                rows.append(row)
                continue
        reason = _other_row(sheet, row, taken, other, keyed)
        if reason is None:
            rows.append(row)
        elif reason:
            skipped.append(Skipped(row + 1, reason, " ".join(text for cell in sheet.row(row) if (text := cell_text(cell)))[:80]))
    if rows and len(rows) == rows[-1] - rows[0] + 1:
        return range(rows[0], rows[-1] + 1), tuple(skipped)
    return rows, tuple(skipped)


def _other_row(sheet: Sheet, row: int, taken: Sequence[ColumnRead], other: Sequence[int], keyed: Sequence[list[Cell]]) -> str | None:
    """Why a row is no person's row; "" for a blank one, None for a person's."""
    texts = {index: text for index in other if (text := folded(cell_text(sheet.columns[index][row])))}
    whole = [folded(cell_text(cell)) for cell in sheet.row(row)]
    lead = next((text for text in whole if text), "")
    if not texts and (not lead or lead.isdigit()):
        return ""  # blank, or a numbered row that nobody filled in
    has_key = any(cell_text(column[row]).strip() for column in keyed)
    if sum(texts.get(read.index, "") in headings.spelled(read) for read in taken) * 2 >= len(taken):
        return "重复的表头"
    name = next((texts.get(read.index, "") for read in taken if read.column and read.column.id == "name"), "")
    if lead.startswith(_EXAMPLE) or name.startswith(_EXAMPLE):
        return "填写示例"
    number = next((texts.get(read.index, "") for read in taken if read.column and read.column.id == "id_number"), "")
    if texts and all(text in _NOBODY for text in texts.values()):
        return "写明没有人"
    if not number:
        if lead.startswith(_SUBTOTAL) or any(text in _SUBTOTAL for text in texts.values()):
            return "合计、小计"
        if lead.startswith(_FOOT) or (len(texts) <= 1 and len(lead) > 20):
            return "表尾说明"
    if len(texts) > 3 and all(text.isdigit() and len(text) < 3 for text in texts.values()):
        return "列号"
    if not has_key and len(texts) <= 2:
        return GROUP
    return None


def _notes(sheet: Sheet, columns: Sequence[ColumnRead], rows: Sequence[int]) -> tuple[str, ...]:
    said = list(sheet.notes)
    hidden = sum(row in sheet.hidden_rows for row in rows) if sheet.hidden_rows else 0
    if hidden:
        said.append(f"有 {hidden} 行在表里被隐藏（或被筛选掉），已一并读入")
    letters = [read.letter for read in columns if read.hidden and read.heading]
    if letters:
        said.append(f"隐藏列 {'、'.join(letters)} 已一并读入")
    if sheet.hidden:
        said.append("这是一张隐藏的工作表，已一并读入")
    return tuple(said)


def _filled(sheet: Sheet, bottom: int, columns: Sequence[ColumnRead]) -> dict[int, dict[int, Cell]]:
    """Cells merged downwards, and cells that say “same as above”: row → the value that stands above."""
    filled: dict[int, dict[int, Cell]] = {}
    for top, near, end, far in sheet.merged:
        if top > bottom and end > top and near < len(sheet.columns) and far == near:
            value = sheet.columns[near][top] if top < sheet.height else ""
            filled.setdefault(near, {}).update(dict.fromkeys(range(top, min(end + 1, sheet.height)), value))
    for read in columns:
        if read.column and read.column.kind in ("place", "appointment", "contract"):
            _fill_dittos(sheet.columns[read.index], bottom + 1, filled, read.index)
    return filled


def _fill_dittos(column: list[Cell], first: int, filled: dict[int, dict[int, Cell]], index: int) -> None:

    if not DITTO.intersection(cell for cell in column[first:] if type(cell) is str):
        return
    for row in range(first + 1, len(column)):
        if column[row] in DITTO:
            own = filled.setdefault(index, {})
            own[row] = own.get(row - 1, column[row - 1])

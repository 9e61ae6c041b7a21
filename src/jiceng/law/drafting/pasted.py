"""A table copied from Excel or WPS: its axes found, its cells read, every doubtful cell named where it stands.

Four layouts are understood: names down and across (a matrix), two columns (name, figure), two rows, and a list of three columns
(post, grade, figure) in which blank names repeat the one above, as merged cells are copied.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from jiceng.base.refusals import Refusal
from jiceng.law.scalars import scalar, type_of_unit
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import CodeList, Terms

MOST_ROWS, MOST_COLUMNS = 200, 60
BLANK = ("", "—", "-", "－", "/", "\\", "无", "未见", "未印", "未载明", "空")
_GRADE = re.compile(r"第?\s*(\d{1,3}|[一二三四五六七八九十百]{1,4})\s*(?:级|档|岗|等|年|月|薪级|岗级)?")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?%?")
_HAN = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}
_MEASURES = ("元/月", "元／月", "元每月", "元", "块", "¥", "￥", "倍", "级", "档", "年", "个月", "月", "人", "天")


@dataclass(frozen=True)
class CellError:
    """One cell that does not read: row and column as pasted (from 1), its text, what is wrong, what it may mean."""

    row: int
    column: int
    text: str
    message: str
    near: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """第 3 行 C 列."""
        return f"第 {self.row} 行 {_letter(self.column)} 列"

    def __str__(self) -> str:
        hint = f"，是否是：{'、'.join(self.near)}" if self.near else ""
        return f"{self.where}“{self.text}”：{self.message}{hint}"


@dataclass(frozen=True)
class Pasted:
    """A table read: its axes, its cells by labels as the word list names them, as text of the unit; what could not be read."""

    axes: tuple[str, ...]
    cells: dict[tuple[str, ...], str]
    errors: tuple[CellError, ...]
    grid: tuple[tuple[str, ...], ...]
    left_out: tuple[int, ...] = ()
    """Rows above the heading, such as a title, that hold nothing of the table."""

    @property
    def raw(self) -> dict[str, object]:
        """As values.yaml writes it."""
        made: dict[str, object] = {}
        for key, text in self.cells.items():
            at: dict[str, object] = made
            for label in key[:-1]:
                at = at.setdefault(label, {})  # type: ignore[assignment]
            at[key[-1]] = text
        return made

    def wrong_at(self) -> dict[tuple[int, int], CellError]:
        """Errors by row and column, for showing them in their cells."""
        return {(one.row, one.column): one for one in self.errors}


@dataclass
class _Reading:
    unit: str
    terms: Terms
    errors: list[CellError] = field(default_factory=list)

    def cell(self, text: str, row: int, column: int) -> str | None:
        """A figure as values.yaml wants it; None for a cell that prints nothing or does not read."""
        if text in BLANK:
            return None
        if self.unit in self.terms.codes or self.unit in ("是否", "日期"):
            read = scalar(text, type_of_unit(self.unit, self.terms), unit="", terms=self.terms)
            if read is None:
                self.add(row, column, text, "不在可写的内容里", _near(text, self.terms.codes.get(self.unit)))
            return None if read is None else text
        grade = grade_number(text) if self.unit in ("级", "档", "年") else None
        bare = _bare(text) if grade is None else str(grade)
        if "," in bare and not _THOUSANDS.fullmatch(bare.removesuffix("%")):
            self.add(row, column, text, "逗号的位置不对：千分位每三位一个，小数点要写成“.”")
            return None
        bare = bare.replace(",", "")
        if not _NUMBER.fullmatch(bare):
            why = "单位是“万元”，请换算成元" if "万" in bare else "不是一个数"
            self.add(row, column, text, why)
            return None
        if scalar(bare, type_of_unit(self.unit, self.terms), unit=self.unit, terms=self.terms) is None:
            self.add(row, column, text, _cannot(bare, self.unit))
            return None
        return bare

    def add(self, row: int, column: int, text: str, message: str, near: tuple[str, ...] = ()) -> None:
        self.errors.append(CellError(row, column, text, message, near))


def _cannot(text: str, unit: str) -> str:
    if text.endswith("%"):
        return f"写成了百分比，这张表的单位是“{unit or '数'}”"
    return "金额最多两位小数" if unit == "元" else "最多六位小数" if unit in ("比", "%", "倍") else "应是整数"


def table_from(text: str, *, unit: str, terms: Terms, axes: Sequence[str] = ()) -> Pasted:
    """The table in a text pasted from a spreadsheet.

    `axes` states code lists or `int` (grades, steps, years) where they must not be guessed
    Empty   a cell without a figure, or with — or 未见, is left out: asked for, it is 无法回答, never zero
    Errors  Refusal draft.table_empty, draft.table_large, draft.table_shape; a cell that does not read is in `errors`
    """
    rows = _rows(text)
    reading = _Reading(unit, terms)
    if not rows or max(len(row) for row in rows) < 2:
        why = "至少要有一列名称和一列数"
        raise Refusal("draft.table_empty", "没有读出表格", why=why, do="请在 Excel 或 WPS 里连同行名、列名一起选中复制，再贴到这里")
    width = max(len(row) for row in rows)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        why = f"一张表至多 {MOST_ROWS} 行 {MOST_COLUMNS} 列"
        raise Refusal("draft.table_large", f"贴了 {len(rows)} 行 {width} 列", why=why, do="请分开写")
    grid = [row + [""] * (width - len(row)) for row in rows]
    head = _heading(grid, terms, axes)
    if len(axes) != 1 and width == 3 and _is_list(grid, terms, axes):
        found = _listed(grid, reading, axes)
    elif width == 2 or _two_rows(grid, terms, axes) or (len(axes) == 1 and head is None):
        found = _columns(grid, reading, axes)
    elif head is not None:
        found = _matrix(grid, head, reading, axes)
    else:
        why = "看不出哪一行是列名（等级、档次或岗位）"
        raise Refusal("draft.table_shape", "看不出表的样子", why=why, do="请连同列名一起复制；列名写“1级、2级……”或岗位名称")
    left_out = tuple(range(1, (head or 0) + 1)) if width > 2 else ()
    names, cells = found
    if not cells and not reading.errors:
        raise Refusal("draft.table_empty", "表里没有一个数", why="格子都是空的", do="请连同数一起复制")
    return Pasted(names, cells, tuple(reading.errors), tuple(tuple(row) for row in grid), left_out)


def bands_from(text: str, *, unit: str, terms: Terms) -> tuple[list[list[str]], tuple[CellError, ...]]:
    """Bands pasted as rows of 自, 至, 结果; `以上` or a blank ends the last one.

    Errors  Refusal draft.table_empty; a row or cell that does not read is in the second part
    """
    reading = _Reading(unit, terms)
    bands = []
    for number, row in enumerate(_rows(text), 1):
        if len(row) < 3 or not _NUMBER.fullmatch(_bare(row[0]).replace(",", "")):
            if number > 1:
                reading.add(number, 1, "　".join(row), "应有三列：自、至、结果")
            continue
        high = row[1] if row[1] in ("以上", "不限", "起", "") else _bare(row[1]).replace(",", "")
        figure = reading.cell(row[2], number, 3)
        if high and high not in ("以上", "不限", "起") and not _NUMBER.fullmatch(high):
            reading.add(number, 2, row[1], "不是一个数；没有上限的写“以上”")
        bands.append([_bare(row[0]).replace(",", ""), high or "以上", figure or "未见"])
    if not bands and not reading.errors:
        raise Refusal("draft.table_empty", "没有读出分档", why="要三列：自、至、结果", do="例如一行写 0、999、1，末档的“至”写“以上”")
    return bands, tuple(reading.errors)


def _rows(text: str) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff").split("\n")
    rows = [[_clean(cell) for cell in line.split("\t")] for line in lines]
    if all(len(row) == 1 for row in rows):  # typed by hand, with blanks or commas between the columns
        rows = [[_clean(cell) for cell in re.split(r"[ 　，;；]+|,(?!\d{3})", line.strip())] for line in lines]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return [row for row in rows if row]


def _clean(cell: str) -> str:
    """One cell: full width to half, quotation marks of a copied cell off, inner breaks as nothing."""
    text = unicodedata.normalize("NFKC", cell.strip().strip('"')).replace("\u00a0", " ").strip()
    return "".join(text.split()) if re.search(r"[一-鿿]", text) else text


def _bare(text: str) -> str:
    bare = text.replace(" ", "").lstrip("¥￥").removeprefix("人民币")
    for measure in _MEASURES:
        bare = bare.removesuffix(measure)
    return bare


def grade_number(text: str) -> int | None:
    """3 for 3, 3级, 第三档, 十二级; None for anything else."""
    match = _GRADE.fullmatch(text)
    if not match:
        return None
    said = match[1]
    if said.isdigit():
        return int(said)
    if "百" in said:
        return None
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return _HAN.get(said)
    if any(part and part not in _HAN for part in (tens, ones)):
        return None
    return _HAN.get(tens, 1) * 10 + _HAN.get(ones, 0)


def _label(text: str, axis: str, terms: Terms) -> str | None:
    """The label as values.yaml writes it; None if it is not of this axis."""
    if axis == "int":
        number = grade_number(text)
        return None if number is None else str(number)
    item = terms.codes[axis].by_text.get(text) or terms.codes[axis].by_text.get(text.replace('"', "”"))
    return item.name if item else None


def _axis(labels: Sequence[str], terms: Terms) -> str | None:
    """The axis most labels belong to: grades, or the code list with the most of them."""
    told = [label for label in labels if label]
    if not told:
        return None
    if sum(grade_number(label) is not None for label in told) * 2 > len(told):
        return "int"
    scores = {id: sum(label in one.by_text for label in told) for id, one in terms.codes.items()}
    best = max(scores, key=lambda id: (scores[id], id in ("PostClass", "Post"), -len(terms.codes[id].items)))
    return best if scores[best] * 2 >= len(told) else None


def _near(text: str, codes: CodeList | None) -> tuple[str, ...]:
    if codes is None:
        return ()
    found = difflib.get_close_matches(text, codes.by_text, n=3, cutoff=0.4)
    found += [one for one in codes.by_text if one not in found and (one in text or text in one)]
    names = tuple(dict.fromkeys(codes.by_text[one].name for one in found))[:3]
    return names or (tuple(item.name for item in codes.items) if len(codes.items) <= 6 else ())


def _heading(grid: list[list[str]], terms: Terms, axes: Sequence[str]) -> int | None:
    """The row of column names: the first whose cells, beyond the first column, are mostly of one axis."""
    for at, row in enumerate(grid[:6]):
        labels = [cell for cell in row[1:] if cell]
        axis = axes[-1] if axes else _axis(labels, terms)
        if len(labels) < 2 or not axis or sum(_label(one, axis, terms) is not None for one in labels) * 2 < len(labels):
            continue
        # 2,600 and 800.50 are no grades: a row of figures is no heading.
        if axis != "int" or not any("." in one or "," in one or len(re.sub(r"\D", "", one)) > 3 for one in labels):
            return at
    return None


def _two_rows(grid: list[list[str]], terms: Terms, axes: Sequence[str]) -> bool:
    """Names above, figures below, no word before them."""
    axis = axes[0] if axes else _axis(grid[0], terms)
    return len(grid) == 2 and len(axes) < 2 and axis is not None and all(_label(one, axis, terms) for one in grid[0])


def _is_list(grid: list[list[str]], terms: Terms, axes: Sequence[str]) -> bool:
    body = [row for row in grid if row[1] and row[2]]
    inner = [row[1] for row in body]
    first, second = _axis([row[0] for row in body if row[0]], terms), _axis(inner, terms)
    wanted = (first, second) if not axes else (axes[0], axes[-1])
    fits = sum(_label(label, wanted[1], terms) is not None for label in inner) if wanted[1] else 0
    figures = sum(_NUMBER.fullmatch(_bare(row[2]).replace(",", "")) is not None for row in body)
    # A list repeats its first column, or leaves it blank under a merged cell; a matrix names each row once.
    repeated = len({row[0] for row in body if row[0]}) < len(body)
    return bool(wanted[0] and wanted[1] and fits * 2 > len(inner) and figures * 2 > len(body) and repeated)


def _listed(grid: list[list[str]], reading: _Reading, axes: Sequence[str]) -> tuple[tuple[str, ...], dict[tuple[str, ...], str]]:
    names = tuple(axes) or (_need(_axis([row[0] for row in grid], reading.terms)), _need(_axis([row[1] for row in grid], reading.terms)))
    cells: dict[tuple[str, ...], str] = {}
    above = ""
    for number, row in enumerate(grid, 1):
        if number == 1 and _label(row[1], names[1], reading.terms) is None and not _NUMBER.fullmatch(_bare(row[2])):
            continue
        above = row[0] or above
        key = (_named(above, names[0], reading, number, 1), _named(row[1], names[1], reading, number, 2))
        _put(cells, key, row[2], reading, number, 3)
    return names, cells


def _columns(grid: list[list[str]], reading: _Reading, axes: Sequence[str]) -> tuple[tuple[str, ...], dict[tuple[str, ...], str]]:
    """Two columns, or two rows turned."""
    flat = grid if len(grid[0]) == 2 or len(grid) != 2 else [list(pair) for pair in zip(*grid, strict=True)]
    axis = axes[0] if axes else _need(_axis([row[0] for row in flat], reading.terms))
    cells: dict[tuple[str, ...], str] = {}
    for number, row in enumerate(flat, 1):
        if number == 1 and _label(row[0], axis, reading.terms) is None and not _NUMBER.fullmatch(_bare(row[1])):
            continue
        _put(cells, (_named(row[0], axis, reading, number, 1),), row[1], reading, number, 2)
    return (axis,), cells


def _matrix(grid: list[list[str]], head: int, reading: _Reading, axes: Sequence[str]) -> tuple[tuple[str, ...], dict[tuple[str, ...], str]]:
    across = axes[-1] if axes else _need(_axis([cell for cell in grid[head][1:] if cell], reading.terms))
    columns = [_named(cell, across, reading, head + 1, place) if cell else "" for place, cell in enumerate(grid[head][1:], 2)]
    body = grid[head + 1 :]
    if len(body) == 1 and len(axes) < 2 and (len(axes) == 1 or not _axis([body[0][0]], reading.terms)):
        cells: dict[tuple[str, ...], str] = {}
        for place, label in enumerate(columns, 2):
            _put(cells, (label,), body[0][place - 1], reading, head + 2, place)
        return (across,), cells
    down = axes[0] if axes else _need(_axis([row[0] for row in body], reading.terms))
    cells = {}
    above = ""
    for number, row in enumerate(body, head + 2):
        above = row[0] or above
        label = _named(above, down, reading, number, 1)
        for place, column in enumerate(columns, 2):
            _put(cells, (label, column), row[place - 1], reading, number, place)
    return (down, across), cells


def _named(text: str, axis: str, reading: _Reading, row: int, column: int) -> str:
    label = _label(text, axis, reading.terms)
    if label is None:
        codes = reading.terms.codes.get(axis)
        what = "不是等级或月份（写 1、1级、第一级、1月）" if codes is None else f"不在“{codes.name}”里"
        if not any((one.row, one.column) == (row, column) for one in reading.errors):
            reading.add(row, column, text or "（空）", what, _near(text, codes))
        return ""
    return label


def _put(cells: dict[tuple[str, ...], str], key: tuple[str, ...], text: str, reading: _Reading, row: int, column: int) -> None:
    figure = reading.cell(text, row, column)
    if figure is None or not all(key):
        return
    if key in cells:
        reading.add(row, column, text, f"“{' '.join(key)}”这一格写了两次")
    cells[key] = figure


def _need(axis: str | None) -> str:
    if axis is None:
        why = "行名或列名多半不在词表里"
        raise Refusal("draft.table_shape", "看不出表的行或列是什么", why=why, do="请选定“行是什么”“列是什么”，再核对名称")
    return axis


def axis_name(axis: str, terms: Terms) -> str:
    """等级（档次、年数） for int, else the code list's name."""
    return "等级（档次、年数）" if axis == "int" else terms.codes[axis].name


def type_of_table(axes: Sequence[str], unit: str, terms: Terms) -> TypeRef:
    """Table[PostClass, int, Yuan] of its axes and unit."""
    return TypeRef("Table", (*(TypeRef(axis) for axis in axes), type_of_unit(unit, terms)))


def _letter(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text

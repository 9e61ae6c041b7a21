"""Which column a heading means, and by which rule that was decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from jiceng.intake.roster import ANOTHERS, DERIVED_NAMES, LATIN_ASSUMED, LATIN_NAMES, OTHER_NAMES, OWN_NAMES, SERIAL_NAMES, Column
from jiceng.intake.sheets import Sheet
from jiceng.intake.texts import cell_text, folded

if TYPE_CHECKING:
    from jiceng.intake.layout import ColumnRead

RULES: Final = {
    "remembered": "按本单位上次的更正",
    "exact": "列名相同",
    "alias": "常用别名",
    "context": "按上层表头判断",
    "assumed": "列名没有说全，按这一列读，请核对",
    "similar": "列名相近，请核对",
    "ticked": "几列打勾，合起来读",
    "cells": "按格里写的判断，请核对",
    "further": "另一年度，一并读入",
    "serial": "序号，不取",
    "own": "退回说明，不取",
    "derived": "可由其他列推算，不取",
    "unknown": "不认识，未取",
    "blank": "没有列名",
    "double": "与前面的列重复，未取",
}

_BRACKETED = re.compile(r"[(\[【〔<《{][^)\]】〕>》}]*[)\]】〕>》}]")
_NOISE = re.compile(r"[*★☆#:：、,，.。/\\\-_—~·;；!！?？|]+")
_YEAR = re.compile(r"^(?:19|20)\d{2}年?(?:度)?")
_ANY_YEAR = re.compile(r"(?:19|20)\d{2}(?=年|\D|$)")
_INSIDE = re.compile(r"[(\[【〔]([^)\]】〕]+)[)\]】〕]")
_TOGETHER = re.compile(r"(?:及|和|与|、|/)")
_DATE_WORD = re.compile("(?:日期|年月日|年月|时间)$")
_RECENT = re.compile(r"^(?:近|最近)?[一二三四五两\d]*(?:个)?(?:年|年度)来?(?:的)?(?=年度|考核)")
WITHIN = 60
"""Rows in which a heading is looked for."""
_SIMILAR = 0.75
_SERIALS = frozenset(_NOISE.sub("", text).lower() for text in SERIAL_NAMES) - {""}
_PART_OF = frozenset({"等级", "级别", "类别", "种类", "名称", "类型", "情况"})
"""Words below a heading that say nothing more than the heading itself."""


def key(text: str) -> str:
    """A heading folded: white space, star signs and punctuation gone, small letters, brackets kept."""
    return _NOISE.sub("", folded(text)).lower()


def bare(text: str) -> str:
    """The same without what stands in brackets, and without a leading year."""
    short = _BRACKETED.sub("", folded(text))
    return _YEAR.sub("", _NOISE.sub("", short)).lower()


def _dated(text: str) -> str:
    """Headings that differ only in the word for a date are one: 上岗日期, 上岗年月, 上岗时间."""
    return _DATE_WORD.sub("时间", bare(text))


def _opened(text: str) -> str:
    """Brackets taken away but not what stands in them: 学历(全日制) → 学历全日制."""
    return re.sub(r"[()\[\]【】〔〕<>《》{}]", "", key(text))


def year_of(parts: Sequence[str]) -> int:
    """The latest year that a heading names, or 0."""
    return max((int(year) for year in _ANY_YEAR.findall(folded("".join(parts)))), default=0)


class Headings:
    """Reads headings against a declaration and what was corrected before."""

    def __init__(self, declaration: Sequence[Column], remembered: Mapping[str, str]) -> None:
        self.declaration = tuple(declaration)
        self.by_id = {column.id: column for column in declaration}
        self.remembered = {key(text): meant for text, meant in remembered.items()}
        self.names: dict[str, tuple[Column, str]] = {}
        for rule in ("exact", "alias"):
            for column in declaration:
                for text in (column.name,) if rule == "exact" else column.aliases:
                    for form in (key(text), _opened(text)):
                        self.names.setdefault(form, (column, rule))
        for column in declaration:
            for text in LATIN_NAMES.get(column.id, ()):
                self.names.setdefault(text, (column, "alias"))
            for text in column.assumed:
                self.names.setdefault(key(text), (column, "assumed"))
            if column.assumed:
                self.names.update(dict.fromkeys(LATIN_ASSUMED, (column, "assumed")))
        self.dated = {_dated(name): found for name, found in reversed(self.names.items()) if _DATE_WORD.search(name) and "(" not in name}

    def joined(self, sheet: Sheet, top: int, bottom: int) -> list[tuple[str, ...]]:
        """Heading texts of each column from the top row to the bottom row; a merged heading counts for all it covers."""
        grid = [[cell_text(cell) for cell in sheet.row(row)] for row in range(top, bottom + 1)]
        for first, near, last, far in sheet.merged:
            if first < top or first > bottom or near >= len(sheet.columns):
                continue
            text = grid[first - top][near]
            for row in range(first, min(last, bottom) + 1):
                for column in range(near, min(far + 1, len(sheet.columns))):
                    grid[row - top][column] = text
        return [tuple(cells) for cells in zip(*grid, strict=True)] if grid and grid[0] else []

    def read(self, texts: Sequence[tuple[str, ...]], *, near: bool = True) -> Iterator[tuple[int, Column | None, str]]:
        """Column by column: index, what it means (or None), by which rule. A second column of one meaning is not taken.

        `near` False leaves out names that are only alike: comparing every cell of a sheet with every name takes seconds.
        """
        found = [self._one(parts, near=near) for parts in texts]
        taken: dict[str, int] = {}
        # Of several columns the surest name wins; of equally sure ones the latest year, then the first.
        years = [year_of(parts) for parts in texts]
        order = sorted(range(len(found)), key=lambda index: (list(RULES).index(found[index][1]), -years[index], index))
        for index in order:
            column, _ = found[index]
            if column is not None and taken.setdefault(column.id, index) != index:
                found[index] = (None, "double")
        for index, (column, rule) in enumerate(found):
            yield index, column, rule

    def _one(self, parts: tuple[str, ...], *, near: bool) -> tuple[Column | None, str]:
        parts = tuple(dict.fromkeys(part for part in parts if part.strip()))
        if not parts:
            return None, "blank"
        own, whole = parts[-1], "".join(parts)
        for text in (whole, own):
            if key(text) in self.remembered:
                meant = self.remembered[key(text)]
                return self.by_id.get(meant), "remembered"
        if own in SERIAL_NAMES or key(own) in _SERIALS or bare(own) in _SERIALS:
            return None, "serial"
        if own in OWN_NAMES:
            return None, "own"
        if len(parts) > 1:
            within = self._in_context(parts)
            if within is not None:
                return within, "context"
            if bare(own) in _PART_OF and self.named(parts[-2]):
                return self.named(parts[-2]), "context"  # 等级 under 社会工作者职业水平证书
        for text in (whole, own):
            for form in (key(text), _opened(text), bare(text)):
                if form in self.names:
                    column, rule = self.names[form]
                    return column, "alias" if rule == "exact" and form != key(text) else rule
        if len(parts) > 1 and _YEAR.fullmatch(key(own)):
            above = self.named(parts[-2]) or self.named(_RECENT.sub("", bare(parts[-2])))
            if above is not None:
                return above, "alias"  # 2023年 under 近三年年度考核
        inside = _INSIDE.search(folded(own))
        for text in (inside[1] if inside else "", _TOGETHER.split(folded(own))[0] if _TOGETHER.search(folded(own)) else ""):
            outright = self.named(text) if text else None  # XM(姓名); 现任职务及任职时间
            if outright is not None:
                return outright, "alias"
            if key(text) in self.names:
                return self.names[key(text)]  # 学历/学位
        if bare(own) in DERIVED_NAMES:
            return None, "derived"
        if bare(own) in OTHER_NAMES:
            return None, "unknown"
        if _dated(own) in self.dated and bare(own)[-2:] in ("日期", "年月", "时间"):
            return self.dated[_dated(own)][0], "alias"
        if any(word in own for word in ANOTHERS):
            return None, "unknown"
        if bare(own).endswith("姓名"):
            return self.by_id.get("name"), "alias"
        alike = self._similar(bare(own)) if near else None
        return (alike, "similar") if alike else (None, "unknown")

    def means(self, parts: tuple[str, ...]) -> Column | None:
        """The column that one heading means, whatever the others mean."""
        return self._one(parts, near=True)[0]

    def named(self, text: str) -> Column | None:
        """The column that a text names outright, exactly or by an alias."""
        found = self.names.get(key(text)) or self.names.get(_opened(text)) or self.names.get(bare(text))
        return found[0] if found and found[1] != "assumed" else None

    def _in_context(self, parts: tuple[str, ...]) -> Column | None:
        """学历 under 全日制教育; 登记日期 under 社工证."""
        own, above = bare(parts[-1]), [folded(part) for part in parts[:-1]]
        for column in self.declaration:
            if column.under and any(word in text for word in column.under for text in above):
                short = {bare(column.name), *(bare(alias) for alias in column.aliases)}
                if own in short:
                    return column
        return None

    def _similar(self, text: str) -> Column | None:
        """The one column whose name is near; two equally near ones are none."""
        if len(text) < 2:
            return None
        scores: dict[str, float] = {}
        for name, (column, _) in self.names.items():
            if len(name) > 1:
                scores[column.id] = max(scores.get(column.id, 0.0), SequenceMatcher(None, text, name).ratio())
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        clear = ranked[0][1] >= _SIMILAR and ranked[0][1] > ranked[1][1] + 0.05
        return self.by_id[ranked[0][0]] if clear else None


def belongs(sheet: Sheet, top: int, bottom: int) -> bool:
    """Whether row `bottom` can be a further line of a heading that starts in `top`.

    True where a heading above is merged across or downwards into it, or leaves blanks that the row fills, and the row itself
    holds no long digits (a person's row does).
    """
    row = [cell_text(cell) for cell in sheet.row(bottom)]
    above = [cell_text(cell) for cell in sheet.row(bottom - 1)]
    if sum(bool(text) for text in row) < 2 or any(len(re.sub(r"\D", "", text)) > 7 for text in row):
        return False
    if any(first <= bottom - 1 <= last and (far > near or last >= bottom) and first >= top for first, near, last, far in sheet.merged):
        return sum(bool(text) for text in above) > 1
    return sum(bool(text) for text in above) > 1 and any(text and not over for text, over in zip(row, above, strict=True))


def head(sheet: Sheet, reader: Headings) -> tuple[int, int] | None:
    """First and last row of the heading: the row (or two, or three, that belong together) that names the most columns."""
    best: tuple[int, int] | None = None
    best_score = 0
    for top in range(min(WITHIN, sheet.height)):
        if any(len(re.sub(r"\D", "", cell_text(cell))) >= 15 for cell in sheet.row(top)):
            continue  # an ID number stands in no heading: 姓名 | 甲一 | 身份证号 | 5133… is a form
        for bottom in range(top, min(top + 3, sheet.height)):
            if bottom > top and not belongs(sheet, top, bottom):
                break
            found = {column.id for _, column, _ in reader.read(reader.joined(sheet, top, bottom), near=False) if column}
            score = 0 if not found & {"name", "id_number"} else len(found) * 10 - (bottom - top)
            if score > best_score and len(found) >= 2:
                best, best_score = (top, bottom), score
    if best is None:
        return None
    # A heading that is merged downwards reaches as far as its merged cells, whether or not the lower line names anything.
    top, bottom = best
    reach = [last for first, near, last, far in sheet.merged if top <= first <= bottom < last < top + 4 and near == far]
    bottom = max(reach, default=bottom)
    while bottom < top + 3 and _under_merged(sheet, bottom):
        bottom += 1
    return top, bottom


def _under_merged(sheet: Sheet, above: int) -> bool:
    """Whether the row below has words only under headings merged across: 2021年 | 2022年 | 2023年 under 年度考核."""
    if above + 1 >= sheet.height:
        return False
    covered = {column for first, near, last, far in sheet.merged if last == above and far > near for column in range(near, far + 1)}
    filled = {column for column, cell in enumerate(sheet.row(above + 1)) if cell_text(cell)}
    return len(filled) > 1 and filled <= covered and sum(bool(cell_text(cell)) for cell in sheet.row(above)) > 1


def spelled(read: ColumnRead) -> frozenset[str]:
    """How a heading may look when it is repeated in the middle of a table."""
    parts = [folded(part) for part in read.heading.split(" ")]
    return frozenset({*parts, folded(read.heading)})

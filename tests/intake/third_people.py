"""What the third set is made of: invented people, workbooks from rows, and how a truth is written."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import Workbook

REFUSED: Final = "〔应退回〕"
"""The truth of a cell that nobody may guess: impossible dates, a wrong check digit, an unknown community."""

XIANGYANG, SHUIJING, ZIER, GUANGMING = 513301001001, 513301001002, 513301001003, 513301001004
GONGZHUQIAO, SIMAQIAO, MUYA, QINGGE = 513301002001, 513301002002, 513301002003, 513301002004
NANDUAN, BEIDUAN, SHABA, LAOJIE = 513322100001, 513322100002, 513322100003, 513322103001
GUANGCHANG, WENHUALU, SHIZISHAN, XIANGHE = 513324100001, 513324100002, 513324100003, 513324101001
WANGGUO, ZHANGGU, HUOER, XINGFU = 513327100003, 513327100004, 513327100005, 513327100006
QINGHE, XURILIN, JIEFANG, XINQU = 513328100004, 513328100005, 513328100006, 513328100007
GAOCHENG, WULIANG, BAITA, GENIE = 513334100002, 513334100003, 513334100004, 513334100005
HEDONG, HEXI = 513331100002, 513331100003
JIXIANG, ANKANG = 513333100002, 513333100005
XIANGBALA, BAMUSHAN = 513336100002, 513336100003


@dataclass(frozen=True)
class Either:
    """A cell of which more than one reading would satisfy the office."""

    meant: tuple[Any, ...]


@dataclass(frozen=True)
class Office:
    """One office's file. `truth`: name → column → what the office meant; dates as far as written ("2019-07")."""

    title: str
    raw: bytes
    truth: dict[str, dict[str, Any]]


def number(birth: str, order: int) -> str:
    """An 18-digit number of nobody: district 513300 is given to no person; an odd order is a man."""
    digits = f"513300{birth}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]


def truth(columns: str, *rows: tuple[Any, ...]) -> dict[str, dict[str, Any]]:
    """Rows of a truth under their column ids; the first is the name, `None` means nothing was written there."""
    names = columns.split()
    return {row[0]: {name: cell for name, cell in zip(names, row[1:], strict=True) if cell is not None} for row in rows}


def book(*sheets: tuple[str, list[list[Any]], list[str]]) -> bytes:
    """A workbook of (sheet name, rows, merged ranges)."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows, merged in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()

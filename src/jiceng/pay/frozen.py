"""A sheet frozen: its one written form and its digest, and read back from it. Equal figures have equal bytes."""

from __future__ import annotations

import hashlib
import zlib

import msgspec
import numpy as np

from jiceng.base.dates import day_number
from jiceng.base.refusals import Problem, Refusal
from jiceng.ledger.keys import ring
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Row, Sheet
from jiceng.runs.kept import Rows, Said

_written = msgspec.json.Encoder(order="sorted")
_MEMORY: dict[tuple[str, str], Sheet] = {}
_REMEMBERED = 24


def written(sheet: Sheet) -> bytes:
    """A sheet as it is kept, to the byte."""
    return _written.encode(sheet)


def digest(content: bytes, algorithm: str = "") -> tuple[str, str]:
    """(algorithm, hash) of a written sheet; with the site's hash, or the one asked for."""
    how = algorithm or ring().suite.hash
    return how, hashlib.new(how, content).hexdigest()


def thawed(kept: PaySheet) -> Sheet:
    """A kept sheet, as it was worked out.

    Errors  Refusal pay.unreadable if what is kept cannot be read, pay.changed if it is not what was frozen
    """
    where = f"第 {kept.pk} 号工资表"
    key = (kept.algorithm, kept.hash)
    if key in _MEMORY:
        return _MEMORY[key]
    try:
        content = zlib.decompress(bytes(kept.content))
        if digest(content, kept.algorithm)[1] != kept.hash:
            do = "请运行 jiceng verify，并从备份恢复"
            raise Refusal("pay.changed", "保存的工资表与摘要对不上", where=where, why="有人改动过数据库", do=do)
        sheet = msgspec.json.decode(content, type=Sheet)
    except (zlib.error, msgspec.MsgspecError, ValueError) as error:
        why = str(error)[:200]
        raise Refusal("pay.unreadable", "保存的工资表读不出来", where=where, why=why, do="请运行 jiceng verify，并从备份恢复") from error
    while len(_MEMORY) >= _REMEMBERED:
        _MEMORY.pop(next(iter(_MEMORY)))
    _MEMORY[key] = sheet
    return sheet


def whole(kept: PaySheet) -> bool:
    """Whether what is kept is what was frozen, byte for byte."""
    try:
        content = zlib.decompress(bytes(kept.content))
    except zlib.error:
        return False
    return digest(content, kept.algorithm)[1] == kept.hash


def broken_sheets() -> list[Problem]:
    """Kept sheets of which a byte is not what it was; for `jiceng verify`."""
    return [
        Problem(
            "pay.changed", "保存的工资表与摘要对不上，有人改动过数据库", f"第 {kept.pk} 号工资表（区划 {kept.place}，{kept.month:%Y-%m}）"
        )
        for kept in PaySheet.objects.order_by("id").iterator(chunk_size=50)
        if not whole(kept)
    ]


def rows_of(sheet: Sheet) -> Rows:
    """The rows that are paid as a kept run has them: each line, then the sums, the changes of earlier months apart.

    Shape   answers by the rules of the lines, then sum.gross, sum.deductions, sum.net, sum.employer
    """
    paid = [row for row in sheet.rows if row.paid]
    answers = {line.rule: _array([row.cells[at] for row in paid]) for at, line in enumerate(sheet.form.lines)}
    answers |= {f"sum.{name}": _array([_sum(row, name) for row in paid]) for name in ("gross", "deductions", "net", "employer")}
    days = np.array([day_number(row.day) for row in paid], np.int32)
    return Rows(_array([row.subject for row in paid]), _array([row.place for row in paid]), days, answers)


def said_of(sheet: Sheet) -> dict[str, Said]:
    """How the names of `rows_of` are said."""
    lines = {line.rule: Said(line.title, "Yuan", "元") for line in sheet.form.lines}
    return lines | {f"sum.{name}": Said(sheet.form.totals[name], "Yuan", "元") for name in ("gross", "deductions", "net", "employer")}


def _sum(row: Row, name: str) -> int:
    value: int | None = getattr(row, name)
    assert value is not None
    return value


def _array(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)

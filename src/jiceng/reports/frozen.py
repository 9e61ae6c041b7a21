"""A return frozen: its one written form and its digest, and read back from them. Equal figures have equal bytes."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

import msgspec
import numpy as np

from jiceng.base.refusals import Problem, Refusal
from jiceng.law.load import Law
from jiceng.ledger.keys import ring
from jiceng.reports.asked import Answered
from jiceng.reports.form import Form
from jiceng.reports.lines import arranged
from jiceng.reports.masks import Flows
from jiceng.reports.models import Return
from jiceng.reports.returns import Behind, Cell, Period, Worked, keys_of, worked_anew
from jiceng.runs.law_sets import law_of
from jiceng.runs.traits import Traits

_written = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class _Line:
    code: int
    name: str
    own: bool
    cells: tuple[int | Answered, ...]


@dataclass(frozen=True)
class _Content:
    form: Form
    place: int
    since: date
    on: date
    lines: tuple[_Line, ...]


@dataclass(frozen=True)
class _Behind:
    subject: list[int]
    place_key: list[int]
    codes: dict[str, list[int]]
    birth: list[int]
    answers: dict[str, list[int]]
    moved: list[int]
    day: list[int]
    origin: list[int]
    destination: list[int]
    cause: list[str]


@dataclass(frozen=True)
class Frozen:
    """What a return keeps of its figures: the written form, who stands behind it (unpacked), and the digest of each."""

    content: str
    behind: bytes
    algorithm: str
    hash: str
    behind_hash: str


def frozen(worked: Worked, *, algorithm: str = "") -> Frozen:
    """A return as it is kept; with the site's hash, or the one asked for."""
    lines = tuple(_Line(one.code, one.name, one.own, cells) for one, cells in zip(worked.lines, worked.cells, strict=True))
    content = _written.encode(_Content(worked.form, worked.place, worked.period.since, worked.period.on, lines))
    traits, flows = worked.behind.traits, worked.behind.flows
    behind = _written.encode(
        _Behind(
            traits.subject.tolist(), traits.place_key.tolist(), {name: codes.tolist() for name, codes in traits.codes.items()},
            traits.birth.tolist(), {name: answers.tolist() for name, answers in traits.answers.items()},
            flows.subject.tolist(), flows.day.tolist(), flows.origin.tolist(), flows.destination.tolist(), list(flows.cause),
        )
    )  # fmt: skip
    how = algorithm or ring().suite.hash
    return Frozen(content.decode(), behind, how, _digest(how, content), _digest(how, behind))


def keep(row: Return, worked: Worked, *, known_by: datetime) -> None:
    """Put frozen figures into a return; the caller saves it."""
    made = frozen(worked)
    row.known_by, row.law_hash, row.software = known_by, worked.law_hash, version("jiceng")
    row.content, row.algorithm, row.hash = made.content, made.algorithm, made.hash
    row.behind, row.behind_hash = zlib.compress(made.behind, 6), made.behind_hash


def thawed(row: Return) -> Worked:
    """A kept return, as it was worked out.

    Errors  Refusal reports.unreadable if what is kept cannot be read
    """
    try:
        content = msgspec.json.decode(row.content, type=_Content)
        told = msgspec.json.decode(zlib.decompress(bytes(row.behind)), type=_Behind)
    except (msgspec.MsgspecError, zlib.error) as error:
        raise _unreadable(row, str(error)) from error
    behind = Behind(
        Traits(_array(told.subject), _array(told.place_key), _arrays(told.codes), _array(told.birth), _arrays(told.answers)),
        Flows(_array(told.moved), _array(told.day), _array(told.origin), _array(told.destination), tuple(told.cause)),
    )
    named = [(line.code, line.name) for line in content.lines if not line.own]
    found = arranged(content.place, named, keys_of(behind))
    cells: tuple[tuple[Cell, ...], ...] = tuple(line.cells for line in content.lines)
    if [(one.code, one.own) for one in found] != [(one.code, one.own) for one in content.lines]:
        raise _unreadable(row, "行与名单对不上")
    return Worked(content.form, content.place, Period(content.since, content.on), row.known_by, row.law_hash, found, cells, behind)


def _array(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def _arrays(values: dict[str, list[int]]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return {name: _array(one) for name, one in values.items()}


def _unreadable(row: Return, why: str) -> Refusal:
    return Refusal("reports.unreadable", f"第 {row.pk} 号报表保存的内容读不出来", why=why[:200], do="请运行 jiceng verify，并从备份恢复")


def worked_by(row: Return, *, known_by: datetime | None, law: Law) -> Worked:
    """A kept return's form, tree and period worked out from the ledger alone, by another knowledge time or law if wanted."""
    content = msgspec.json.decode(row.content, type=_Content)
    named = [(line.code, line.name) for line in content.lines if not line.own]
    return worked_anew(content.form, row.place, period=Period(content.since, content.on), known_by=known_by, law=law, named=named)


def again(row: Return) -> Frozen:
    """A kept return worked out again from the ledger alone: by its knowledge time, its law set, its form, its tree.

    Errors  Refusal runs.law_set if its law set is not kept here
    """
    return frozen(worked_by(row, known_by=row.known_by, law=law_of(row.law_hash)), algorithm=row.algorithm)


def whole(row: Return) -> bool:
    """Whether what is kept is what was frozen, byte for byte."""
    try:
        behind = zlib.decompress(bytes(row.behind))
    except zlib.error:
        return False
    return (_digest(row.algorithm, row.content.encode()), _digest(row.algorithm, behind)) == (row.hash, row.behind_hash)


def broken_returns() -> list[Problem]:
    """Frozen returns of which a byte is not what it was; for `jiceng verify`."""
    frozen_rows = Return.objects.exclude(content="").order_by("id")
    return [
        Problem("reports.changed", "保存的数字与摘要对不上，有人改动过数据库", f"第 {row.pk} 号报表（区划 {row.place}，{row.on}）")
        for row in frozen_rows.iterator(chunk_size=50)
        if not whole(row)
    ]


def _digest(algorithm: str, text: bytes) -> str:
    return hashlib.new(algorithm, text).hexdigest()

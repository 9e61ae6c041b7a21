"""Kept runs: a calculation with what it was made from, so that it can be told apart, compared, and worked out again byte for byte.

One mechanism for every calculation that is kept: answers about the workers of a place, months of pay, simulations. The rows lie
in one file named after its hash, without names; who somebody is, is looked up when it is shown.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Problem, Refusal
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.attachments import flush
from jiceng.ledger.keys import ring
from jiceng.places import tree
from jiceng.runs import law_sets
from jiceng.runs.kept_answers import Clock, Identity
from jiceng.runs.kept_answers import asked as asked
from jiceng.runs.kept_answers import calculated as calculated
from jiceng.runs.kept_answers import identified as identified
from jiceng.runs.kept_answers import serving_in as serving_in
from jiceng.runs.kept_difference import VALUES
from jiceng.runs.kept_difference import Difference as Difference
from jiceng.runs.kept_difference import difference as difference
from jiceng.runs.kept_rows import Rows as Rows
from jiceng.runs.kept_rows import packed, unpacked
from jiceng.runs.models import KeptRun

FOLDER = "runs"
SUMMED = ("Yuan", "int", "Ratio", "bool")
"""Types whose values can be added up; of yes and no that counts the yes."""
_RESTORE = "请运行 jiceng verify，并从备份恢复 runs 目录"


@dataclass(frozen=True)
class Said:
    """How an answer is said: title, type (fen, days, codes …) and unit, as the law had it when the run was kept."""

    title: str
    type: str
    unit: str


def keep(
    rows: Rows, identity: Identity, *, name: str, actor: str, clock: Clock, law: Law | None = None, said: Mapping[str, Said] | None = None
) -> KeptRun:
    """Keep a calculation: its file, then its row. The file is on the disk before anything speaks of it.

    Shape   `law`: the law set of `identity.law_hash`, where it is neither installed nor kept yet; `said`: how names are said
            that the law does not know
    Errors  Refusal runs.name, runs.law_set, runs.law_changing, runs.disk
    """
    law = law or law_sets.law_of(identity.law_hash)
    if law.hash != identity.law_hash:
        raise ValueError("the law given is not the law of the run")
    law_sets.keep(law)
    algorithm = ring().suite.hash
    heads = _heads(identity)
    content = _content(rows, identity, heads)
    hash = hashlib.new(algorithm, content).hexdigest()
    _write(hash, content)
    return KeptRun.objects.create(
        kind=identity.kind, name=checked_name(name), place=identity.place, place_key=tree.padded(identity.place), on=identity.on,
        known_by=identity.known_by, law_hash=identity.law_hash, names=list(identity.names), scenario=identity.scenario, heads=heads,
        algorithm=algorithm, hash=hash, size=len(content), people=len(rows), summary=summary(rows, law, said or {}),
        software=version("jiceng"), made=clock(), actor=actor,
    )  # fmt: skip


def checked_name(name: str) -> str:
    """A name for a run.

    Errors  Refusal runs.name if it is blank or too long
    """
    kept = " ".join(name.split())
    if not kept or len(kept) > 80:
        do = "请写一个 80 个字以内、认得出的名称，如“2026 年 6 月待遇测算”"
        raise Refusal("runs.name", "名称太长" if kept else "没有写名称", do=do)
    return kept


def rename(run: KeptRun, name: str) -> None:
    """Another name; nothing else of a run ever changes."""
    run.name = checked_name(name)
    run.save(update_fields=["name"])


def drop(run: KeptRun) -> None:
    """Drop a run, and its file unless another run has the same bytes."""
    hash = run.hash
    run.delete()
    if not KeptRun.objects.filter(hash=hash).exists():
        _path(hash).unlink(missing_ok=True)


def summary(rows: Rows, law: Law, said: Mapping[str, Said]) -> dict[str, Any]:
    """What a run says in short: people, and by name how it is said, the sum where it can be added up, how many of each kind."""
    told = {}
    for name, answers in rows.answers.items():
        how = said.get(name) or Said(law.titles[name], law.types[name].name, law.units.get(name, ""))
        valued = answers[answers > VALUES]
        kinds = {kind.name: int((answers == mark(kind)).sum()) for kind in AnswerKind if kind is not AnswerKind.value}
        kinds = {"value": len(valued), **{kind: count for kind, count in kinds.items() if count}}
        told[name] = {**asdict(how), "sum": int(valued.sum()) if how.type in SUMMED else None, "kinds": kinds}
    return {"people": len(rows), "names": told}


def identity_of(run: KeptRun) -> Identity:
    """What a kept run follows from."""
    return Identity(run.kind, run.place, run.on, run.known_by, run.law_hash, tuple(run.names), run.scenario)


def rows_of(run: KeptRun) -> Rows:
    """The rows of a run, after its bytes were compared with its hash and what they say with its row.

    Errors  Refusal runs.file_missing, runs.file_changed, runs.unreadable
    """
    where, path = f"第 {run.pk} 号计算“{run.name}”", _path(run.hash)
    try:
        stamp = path.stat()
        rows, told = _read(path, (stamp.st_mtime_ns, stamp.st_size), run.algorithm, run.hash)
    except OSError:
        raise Refusal("runs.file_missing", "保存的计算结果文件不在了", where=where, do=_RESTORE) from None
    except Refusal as refusal:
        raise Refusal(refusal.id, refusal.what, where=where, why=refusal.why, do=_RESTORE) from None
    if told != _told(identity_of(run), run.heads):
        what = "数据库里的记载与保存的计算结果文件对不上"
        raise Refusal("runs.file_changed", what, where=where, why="有人改动过数据库", do=_RESTORE)
    return rows


@lru_cache(maxsize=3)
def _read(path: Path, stamp: tuple[int, int], algorithm: str, hash: str) -> tuple[Rows, dict[str, Any]]:
    content = path.read_bytes()
    if hashlib.new(algorithm, content).hexdigest() != hash:
        raise Refusal("runs.file_changed", "保存的计算结果文件与摘要对不上", why="文件损坏或被改过")
    return unpacked(content)


def reproduced(run: KeptRun, *, again: Callable[[], Rows] | None = None) -> bool:
    """Whether the run comes out again, byte for byte, from the ledger and its law set.

    `again` works out the rows of a kind that `calculated` does not
    Errors  Refusal runs.law_set if its law set is not kept here
    """
    identity = identity_of(run)
    rows = again() if again is not None else calculated(identity)
    return hashlib.new(run.algorithm, _content(rows, identity, _heads(identity))).hexdigest() == run.hash


def broken_runs() -> list[Problem]:
    """Kept runs whose file is missing or not what it was, or whose row says otherwise than the file; for `jiceng verify`."""
    found = []
    for run in KeptRun.objects.order_by("id").iterator():
        try:
            rows_of(run)
        except Refusal as refusal:
            found.append(Problem(refusal.id, f"{refusal.what}{'：' if refusal.why else ''}{refusal.why}", refusal.where))
    return found


def _content(rows: Rows, identity: Identity, heads: Mapping[str, Sequence[Any]]) -> bytes:
    return packed(rows, _told(identity, heads))


def _told(identity: Identity, heads: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    known = identity.known_by.astimezone(UTC).isoformat(timespec="microseconds")
    return {
        "kind": identity.kind, "place": identity.place, "on": identity.on.isoformat(), "known_by": known, "law": identity.law_hash,
        "names": list(identity.names), "scenario": identity.scenario, "heads": {book: list(head) for book, head in heads.items()},
    }  # fmt: skip


def _heads(identity: Identity) -> dict[str, list[Any]]:
    """The last entry known by then of every book, with its seal: the position of the ledger the run was made at."""
    return {str(book): [seq, seal] for book, (seq, seal) in reading.heads(known_by=identity.known_by).items()}


def _write(hash: str, content: bytes) -> None:
    """Bytes under their hash: beside first, flushed, then in place. The same bytes again change nothing, and mend a damaged file."""
    path = _path(hash)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
        flush(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise Refusal("runs.disk", "计算结果写不下", where=str(path.parent), why=why, do="请清理磁盘后再试") from error


def _path(hash: str) -> Path:
    return Path(settings.DATA) / FOLDER / f"{hash}.parquet"

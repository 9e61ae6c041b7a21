"""Kept runs: a calculation with what it was made from, so that it can be told apart, compared, and worked out again byte for byte.

One mechanism for every calculation that is kept: answers about the workers of a place, months of pay, simulations. The rows lie
in one file named after its hash, without names; who somebody is, is looked up when it is shown.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from jiceng.answers.population import CHUNK, WORTH_COMPILING, answer_many
from jiceng.answers.subject import Subject
from jiceng.base.dates import OPEN_END, day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Problem, Refusal
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.attachments import flush
from jiceng.ledger.keys import ring
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import no_collector
from jiceng.places import tree
from jiceng.runs import binding, law_sets
from jiceng.runs.kept_difference import VALUES
from jiceng.runs.kept_difference import Difference as Difference
from jiceng.runs.kept_difference import difference as difference
from jiceng.runs.kept_rows import Array, in_order, packed, unpacked
from jiceng.runs.kept_rows import Rows as Rows
from jiceng.runs.models import KeptRun

Clock = Callable[[], datetime]
FOLDER = "runs"
SUMMED = ("Yuan", "int", "Ratio", "bool")
"""Types whose values can be added up; of yes and no that counts the yes."""
_RESTORE = "请运行 jiceng verify，并从备份恢复 runs 目录"


@dataclass(frozen=True)
class Identity:
    """Everything a calculation follows from: with the ledger and the law set of this hash, its rows come out again.

    `kind`     answers, pay or simulated
    `known_by` a pinned moment (`reading.pinned`): every entry known by then was there
    `law_hash` of a simulated run that of the law with the scenario in it, kept whole; `scenario` says what it was, canonical JSON
    """

    kind: str
    place: int
    on: date
    known_by: datetime
    law_hash: str
    names: tuple[str, ...]
    scenario: str = ""


@dataclass(frozen=True)
class Said:
    """How an answer is said: title, type (fen, days, codes …) and unit, as the law had it when the run was kept."""

    title: str
    type: str
    unit: str


def asked(law: Law, names: Sequence[str]) -> tuple[str, ...]:
    """Rule names or Chinese titles as the names of worker rules, each once, in the order asked.

    Errors  Refusal law.no_name, runs.two_names, runs.not_worker, runs.no_names
    """
    found: list[str] = []
    for text in names:
        same = law.named(text)
        if len(same) > 1:
            raise Refusal("runs.two_names", f"有 {len(same)} 条规则都叫“{text}”", do=f"请写规则名：{'、'.join(same)}")
        name = same[0] if same else text
        if name in law.titles and law.of.get(name) != "worker":
            do = "请只选对工作者作答的规则；地方的答案在“地方与人口”里看"
            raise Refusal("runs.not_worker", f"“{law.titles[name]}”不是对工作者作答的", do=do)
        found.append(name)
    if not found:
        raise Refusal("runs.no_names", "没有写要计算的规则", do="请至少写一条规则")
    answer_many(law, [], on=date.min, names=found)  # refuses names that do not exist or are no number
    return tuple(dict.fromkeys(found))


def serving_in(place: int, *, on: date, known_by: datetime | None, law: Law) -> Iterator[list[Subject]]:
    """The workers in service inside a place, bound to their facts, some thousand at a time; from the ledger alone.

    Time    state at the end of `on`, as known by `known_by`
    """
    yield from _bound(placed(place, on=on, known_by=known_by, law=law), place, on=on, known_by=known_by, law=law)


def placed(place: int, *, on: date, known_by: datetime | None, law: Law) -> list[int]:
    """Workers with an appointment inside a place on a day; whether they serve in it is seen once they are bound."""
    return reading.placed_in(tree.ranges(place), on=on, known_by=known_by, terms=law.terms)


def _bound(ids: Sequence[int], place: int, *, on: date, known_by: datetime | None, law: Law) -> Iterator[list[Subject]]:
    around = binding.Surroundings(on=on, known_by=known_by, terms=law.terms)
    for start in range(0, len(ids), CHUNK):
        facts: dict[int, list[FactRow]] = defaultdict(list)
        with no_collector():
            for row in reading.history(ids[start : start + CHUNK], on=OPEN_END, known_by=known_by, terms=law.terms):
                facts[row.subject].append(row)
            around.read({row.place for told in facts.values() for row in told if row.kind == "appointment" and row.place})
            serving = [id for id, told in facts.items() if _serves(told, on)]
            bound = [binding.bind(id, facts[id], on=on, terms=law.terms, surroundings=around, sources=False) for id in serving]
        yield [subject for subject in bound if tree.contains(place, subject.place)]


def _serves(told: Sequence[FactRow], on: date) -> bool:
    appointments = [row for row in told if row.kind == "appointment" and row.since <= on < row.until]
    return binding.serving(appointments, (row for row in told if row.kind == "departure" and row.until > on), on) is not None


def calculated(identity: Identity) -> Rows:
    """The rows of a run of kind answers or simulated, from the ledger and the law set of its hash alone.

    Time    state at the end of `on`, as known by `known_by`
    Empty   a place without workers gives no rows
    Errors  Refusal runs.law_set if the law set is not kept here; law.no_name
    """
    law = law_sets.law_of(identity.law_hash)
    ids = placed(identity.place, on=identity.on, known_by=identity.known_by, law=law)
    compiled = True if len(ids) > WORTH_COMPILING else None  # a piece alone is too small for its loops to be made
    subjects: list[int] = []
    places: list[int] = []
    parts: dict[str, list[Array]] = {name: [] for name in identity.names}
    for some in _bound(ids, identity.place, on=identity.on, known_by=identity.known_by, law=law):
        answers = answer_many(law, some, on=identity.on, names=identity.names, compiled=compiled)
        subjects += [subject.id for subject in some]
        places += [subject.place for subject in some]
        for name, told in answers.items():
            parts[name].append(told)
    found = {name: np.concatenate(told) if told else np.zeros(0, np.int64) for name, told in parts.items()}
    days = np.full(len(subjects), day_number(identity.on), np.int32)
    return in_order(np.array(subjects, np.int64), np.array(places, np.int64), days, found)


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

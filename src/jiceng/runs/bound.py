"""What is believed of everybody who ever stood inside a place, kept as columns, so that a question about all of them is answered at
once, on any day and under any law. Kinds are read from the ledger when they are first asked for.

Kept in this process and, for many workers, as files under DATA/cache/bound that a process maps instead of reading. An entry written
meanwhile does not spoil them: only the workers it touched are read anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Max

from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.ids import DOCUMENT, SEQ_BITS, first_fact
from jiceng.ledger.models import Ending, Entry, Fact, moment
from jiceng.places import tree
from jiceng.runs.bound_rows import KindRows, joined, read
from jiceng.runs.kept_rows import Array
from jiceng.terms.registry import Terms

FOLDER = "bound"
KEPT_HERE, KEPT_ON_DISK = 2, 8
WORTH_A_FILE = 5_000
_REBUILD_SHARE = 5
"""Where more than one worker in so many was touched, all are read anew."""


class Bound:
    """The workers who ever had an appointment inside a place, as known at one position of the ledger."""

    def __init__(self, place: int, known_by: datetime, heads: dict[str, int], subjects: Array, terms: Terms, folder: Path | None) -> None:
        self.place, self.known_by, self.heads, self.subjects, self.terms = place, known_by, heads, subjects, terms
        self.folder = folder
        self.deadline: float | None = None
        self.days: dict[date, Any] = {}  # people as they stand on the days asked for last
        self._kinds: dict[str, KindRows] = {}
        self._held = threading.RLock()

    def kind(self, name: str) -> KindRows:
        """Every fact of a kind about them.

        Errors  Refusal runs.building if it has to be read and that takes beyond the deadline
        """
        with self._held:
            if name not in self._kinds:
                found = self._filed(name)
                if found is None:
                    found = read(self.subjects, name, known_by=self.known_by, terms=self.terms, before=self._in_time)
                    self._file(name, found)
                self._kinds[name] = found
            return self._kinds[name]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds at hand, here or in files."""
        there = {path.name for path in self.folder.iterdir() if path.is_dir()} if self.folder and self.folder.is_dir() else set()
        return tuple(sorted(there | self._kinds.keys()))

    def _in_time(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise being_bound(len(self.subjects))

    def _filed(self, name: str) -> KindRows | None:
        folder = self.folder / name if self.folder else None
        if folder is None or not folder.is_dir():
            return None
        return KindRows.of({path.stem: np.load(path, mmap_mode="r") for path in sorted(folder.glob("*.npy"))})

    def _file(self, name: str, rows: KindRows) -> None:
        if self.folder is None:
            return
        beside = self.folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        beside.mkdir(parents=True)
        for column, array in rows.columns().items():
            np.save(beside / f"{column}.npy", array)
        try:
            os.replace(beside, self.folder / name)
        except OSError:  # another process filed the same
            shutil.rmtree(beside, ignore_errors=True)

    def followed(self, known_by: datetime, heads: dict[str, int], folder: Path | None) -> Bound | None:
        """The same at a later position: workers whom entries since then touched are read anew; None if that is not worth it."""
        touched = _touched(self.heads, heads)
        if touched is None or len(touched) * _REBUILD_SHARE > len(self.subjects) + 100:
            return None
        anew = np.array(sorted(set(reading.ever_placed_in(tree.ranges(self.place), known_by=known_by, only=touched))), np.int64)
        stay = self.subjects[~np.isin(self.subjects, np.array(sorted(touched), np.int64))]
        subjects = np.sort(np.concatenate([stay, anew]))
        later = Bound(self.place, known_by, heads, subjects, self.terms, folder if len(subjects) >= WORTH_A_FILE else None)
        old = np.where(np.isin(self.subjects, stay), np.searchsorted(subjects, self.subjects), -1)
        for name in self.kinds:
            fresh = read(anew, name, known_by=known_by, terms=self.terms).renumbered(np.searchsorted(subjects, anew))
            later._kinds[name] = joined([self.kind(name).renumbered(old), fresh])
            later._file(name, later._kinds[name])
        return later


def being_bound(workers: int) -> Refusal:
    """For who asks before it is done."""
    return Refusal(
        "runs.building", f"正在整理 {workers:,} 人的事实，供试算使用", why="第一次在这里试算，人数较多", do="请稍候刷新本页，整理会接着进行"
    )


_kept: OrderedDict[tuple[Any, ...], Bound] = OrderedDict()
_guard = threading.Lock()


def bound(place: int, *, known_by: datetime | None, terms: Terms, seconds: float | None = None) -> Bound:
    """What is believed of everybody who ever stood inside a place, as known by then or now.

    Errors  Refusal runs.building, here or when a kind is asked for, if reading takes longer than `seconds`
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    known, heads = _position(known_by)
    if connection.in_atomic_block:
        # What is not committed yet is kept for nobody.
        found = _read(place, known, heads, terms, None)
        found.deadline = deadline
        return found
    key = (str(connection.settings_dict["NAME"]), str(settings.DATA), place, known_by, _digest(terms))
    with _guard:
        found_or_none = _kept.get(key) or _from_disk(key, terms)
        if found_or_none is None or found_or_none.heads != heads:
            folder = _fresh_folder(key)
            later = found_or_none.followed(known, heads, folder) if found_or_none is not None else None
            found = later or _read(place, known, heads, terms, folder)
            _landed(key, found)
        else:
            found = found_or_none
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > KEPT_HERE:
            _kept.popitem(last=False)
    found.deadline = deadline
    return found


def _position(known_by: datetime | None) -> tuple[datetime, dict[str, int]]:
    """A moment, and the last entry of every book known by then."""
    if known_by is None:
        last = Entry.objects.aggregate(last=Max("known"))["last"]
        known_by = moment(last or 0)
    return known_by, {str(book): seq for book, (seq, _) in reading.heads(known_by=known_by).items()}


def _read(place: int, known_by: datetime, heads: dict[str, int], terms: Terms, folder: Path | None) -> Bound:
    subjects = np.array(reading.ever_placed_in(tree.ranges(place), known_by=known_by, terms=terms), np.int64)
    return Bound(place, known_by, heads, subjects, terms, folder if len(subjects) >= WORTH_A_FILE else None)


def _touched(seen: dict[str, int], now: dict[str, int]) -> set[int] | None:
    """Workers about whom entries since then said anything or ended a fact; None if the books are not the same ones gone on."""
    if any(now.get(book, 0) < last for book, last in seen.items()):
        return None
    found: set[int] = set()
    for book, last in now.items():
        first = seen.get(book, 0) + 1
        if first > last:
            continue
        low, high = int(book) << SEQ_BITS | first, int(book) << SEQ_BITS | last
        told = Fact.objects.filter(id__gte=first_fact(low), id__lt=first_fact(high + 1), subject__lt=DOCUMENT)
        found.update(told.values_list("subject", flat=True))
        ended = Ending.objects.filter(entry__gte=low, entry__lte=high).values("fact")
        found.update(Fact.objects.filter(id__in=ended, subject__lt=DOCUMENT).values_list("subject", flat=True))
    return found


def clear() -> None:
    """Drop everything bound, here and in files: somebody has to be forgotten."""
    with _guard:
        _kept.clear()
        shutil.rmtree(_root(), ignore_errors=True)


# ---- files ----


def _from_disk(key: Sequence[Any], terms: Terms) -> Bound | None:
    try:
        told = json.loads((_root() / _name(key) / "current.json").read_text(encoding="utf-8"))
        folder = _root() / _name(key) / told["folder"]
        subjects = np.load(folder / "subjects.npy")
    except (OSError, ValueError, KeyError):
        return None
    os.utime(folder.parent)
    return Bound(told["place"], datetime.fromisoformat(told["known_by"]), told["heads"], subjects, terms, folder)


def _fresh_folder(key: Sequence[Any]) -> Path:
    return _root() / _name(key) / secrets.token_hex(8)


def _landed(key: Sequence[Any], found: Bound) -> None:
    """Say that this is the one now; the one before goes, whoever has it mapped keeps it until he is done."""
    if found.folder is None:
        return
    found.folder.mkdir(parents=True, exist_ok=True)
    np.save(found.folder / "subjects.npy", found.subjects)
    told = {"place": found.place, "known_by": found.known_by.isoformat(), "heads": found.heads, "folder": found.folder.name}
    beside = found.folder.parent / f".current.{os.getpid()}"
    beside.write_text(json.dumps(told), encoding="utf-8")
    os.replace(beside, found.folder.parent / "current.json")
    for old in found.folder.parent.iterdir():
        if old.is_dir() and old != found.folder:
            shutil.rmtree(old, ignore_errors=True)
    every = sorted(_root().iterdir(), key=lambda path: path.stat().st_mtime)
    for path in every[: max(0, len(every) - KEPT_ON_DISK)]:
        shutil.rmtree(path, ignore_errors=True)


def _name(key: Sequence[Any]) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:32]


def _root() -> Path:
    return Path(settings.DATA) / "cache" / FOLDER


def _digest(terms: Terms) -> str:
    """How facts are encoded: a word list that says otherwise makes other columns."""
    kinds = [(kind.id, kind.number, [(one.id, one.type) for one in kind.open_fields.values()]) for kind in terms.kinds.values()]
    codes = [(one.id, [(item.id, item.number) for item in one.items]) for one in terms.codes.values()]
    return hashlib.sha256(repr((sorted(kinds), sorted(codes))).encode()).hexdigest()

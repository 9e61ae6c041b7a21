"""Names of one moment's workers, searched by any part of the name or by the beginning of a pinyin key, without the database.

They are kept in this process's memory and nowhere else, so that an erasure that has reached the standing rows reaches them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

UNITS = 8
"""Characters of a name that are laid side by side; the few longer names are kept apart."""
KEY_LETTERS = 16
"""A pinyin key is told apart by its first letters, up to so many."""
_BLOCK = 5_000
_KEY = f"S{KEY_LETTERS}"
_NOBODY, _NO_KEYS = np.empty(0, np.int64), np.empty(0, _KEY)

Subjects = NDArray[np.int64]


@dataclass(frozen=True)
class Names:
    """`characters`: one array a place in the name, as UTF-16 units. `keys`: sorted pinyin keys, `owners` the rows they belong to.

    `later`: names that were written since; they count instead of those in the arrays. "" for a worker without a row.
    """

    subjects: Subjects
    characters: tuple[NDArray[np.uint16], ...]
    long: Mapping[int, str]
    keys: NDArray[np.bytes_]
    owners: NDArray[np.int32]
    later: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def with_later(self, told: Mapping[int, tuple[str, str]]) -> Names:
        """These names with others on top."""
        return replace(self, later={**self.later, **told}) if told else self

    def containing(self, text: str) -> Subjects:
        """Workers in whose name the text stands."""
        units = _units(text)
        found = np.zeros(len(self.subjects), bool)
        for start in range(UNITS - len(units) + 1):
            here = self.characters[start] == units[0]
            for at, unit in enumerate(units[1:], start + 1):
                here &= self.characters[at] == unit
            found |= here
        hits = self.subjects[found]
        if more := [subject for subject, name in self.long.items() if text in name]:
            hits = np.union1d(hits, np.array(more, np.int64))
        return self._true_now(hits, lambda name, _: text in name)

    def beginning(self, letters: str) -> Subjects:
        """Workers one of whose pinyin keys begins with these letters (full spelling, or initials)."""
        key = letters[:KEY_LETTERS].encode()
        first = np.searchsorted(self.keys, np.bytes_(key))
        last = np.searchsorted(self.keys, np.bytes_(key.ljust(KEY_LETTERS, b"\x7f")), side="right")
        hit = np.zeros(len(self.subjects), bool)
        hit[self.owners[first:last]] = True
        found = self.subjects[hit]
        return self._true_now(found, lambda _, keys: f" {letters[:KEY_LETTERS]}" in f" {keys}")

    def _true_now(self, found: Subjects, holds: object) -> Subjects:
        if not self.later:
            return found
        told = np.fromiter(self.later, np.int64, len(self.later))
        true = [subject for subject, (name, keys) in self.later.items() if name and holds(name, keys)]  # type: ignore[operator]
        return np.union1d(np.setdiff1d(found, told), np.array(true, np.int64))


def named(rows: Iterable[tuple[int, str, str]]) -> Names:
    """Names from rows of (worker, name, pinyin keys); a block at a time, so that a million strings are never held."""
    waiting, parts, count = iter(rows), [_Part(_NOBODY, np.empty((0, UNITS), np.uint16), {}, _NO_KEYS, np.empty(0, np.int32))], 0
    while block := list(islice(waiting, _BLOCK)):
        parts.append(_part(block, count))
        count += len(block)
    subjects = np.concatenate([part.subjects for part in parts])
    order = np.argsort(subjects, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    packed = np.concatenate([part.packed for part in parts])[order]
    keys, owners = np.concatenate([part.keys for part in parts]), place[np.concatenate([part.owners for part in parts])]
    sorted_keys = np.argsort(keys, kind="stable")
    return Names(
        subjects=subjects[order], characters=tuple(np.ascontiguousarray(packed[:, at]) for at in range(UNITS)),
        long={subject: name for part in parts for subject, name in part.long.items()}, keys=keys[sorted_keys], owners=owners[sorted_keys],
    )  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """Some rows, as they came; `owners` count from the first row of all."""

    subjects: Subjects
    packed: NDArray[np.uint16]
    long: Mapping[int, str]
    keys: NDArray[np.bytes_]
    owners: NDArray[np.int32]


def _part(block: Sequence[tuple[int, str, str]], before: int) -> _Part:
    encoded = [name.encode("utf-16-le") for _, name, _ in block]
    packed = b"".join(units[: 2 * UNITS].ljust(2 * UNITS, b"\0") for units in encoded)
    long = {row[0]: row[1] for row, units in zip(block, encoded, strict=True) if len(units) > 2 * UNITS}
    keys = [(at, key[:KEY_LETTERS]) for at, (_, _, pinyin) in enumerate(block, before) for key in pinyin.split()]
    return _Part(
        np.array([row[0] for row in block], np.int64), np.frombuffer(packed, np.uint16).reshape(len(block), UNITS), long,
        np.array([key for _, key in keys], _KEY) if keys else _NO_KEYS, np.array([at for at, _ in keys], np.int32),
    )  # fmt: skip


def _units(text: str) -> tuple[int, ...]:
    return tuple(np.frombuffer(text.encode("utf-16-le"), np.uint16).tolist())

"""The ring of this site and the keys of subjects: read, made, rotated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jiceng.ledger.models import Key
from jiceng.ledger.sealing import KeyRing
from jiceng.ledger.tables import among, insert, rows

_loaded: tuple[Path, int, KeyRing] | None = None


def ring_path() -> Path:
    """Where the ring lies: in the keys folder, outside the data folder and outside backups."""
    return Path(settings.KEYS) / "ring.json"


def ring() -> KeyRing:
    """The ring of this site, read again when its file has changed.

    Errors  Refusal ledger.no_ring, ledger.ring_mode, ledger.ring_broken
    """
    global _loaded
    path = ring_path()
    changed = path.stat().st_mtime_ns if path.exists() else 0
    if _loaded is None or _loaded[:2] != (path, changed):
        _loaded = (path, changed, KeyRing.load(path))
    return _loaded[2]


def ensure_ring(suite: str | None = None) -> KeyRing:
    """The ring of this site, made if there is none, of this suite or the one in settings.SUITE. A ring keeps its suite for life.

    Errors  Refusal ledger.suite, ledger.ring_place
    """
    if not ring_path().exists():
        KeyRing.fresh(suite or settings.SUITE).save(ring_path(), away_from=Path(settings.DATA))
    return ring()


def subject_keys(subjects: Iterable[int]) -> dict[int, bytes]:
    """Keys of those subjects that have one; an erased subject has none."""
    condition, numbers = among("subject", subjects)
    by_ring: dict[int, list[tuple[int, bytes]]] = {}
    for subject, number, wrapped in rows(f"SELECT subject, ring, wrapped FROM ledger_key WHERE {condition}", [numbers]):
        by_ring.setdefault(number, []).append((subject, wrapped))
    found: dict[int, bytes] = {}
    for number, held in by_ring.items():
        plain = ring().unwrap(number, [wrapped for _, wrapped in held])
        found.update(zip((subject for subject, _ in held), plain, strict=True))
    return found


def make_keys(subjects: Sequence[int]) -> dict[int, bytes]:
    """New keys for subjects that have none, stored wrapped."""
    held = ring()
    keys = held.fresh_keys(len(subjects))
    wrapped = held.wrap(keys)
    insert("ledger_key", ("subject", "ring", "wrapped"), [(s, held.current, w) for s, w in zip(subjects, wrapped, strict=True)])
    return dict(zip(subjects, keys, strict=True))


def rotate_ring() -> int:
    """A new ring key; every subject key is rewrapped under it, the ledger stays as it is. Returns the number rewrapped.

    The ring holds both keys while the table changes, so a crash in between leaves everything readable.
    """
    path, away = ring_path(), Path(settings.DATA)
    ring().rotated().save(path, away_from=away)
    held = ring()
    with transaction.atomic():
        old = list(Key.objects.select_for_update().exclude(ring=held.current))
        keys = [held.unwrap(row.ring, [row.wrapped])[0] for row in old]
        for row, wrapped in zip(old, held.wrap(keys), strict=True):
            row.ring, row.wrapped = held.current, wrapped
        Key.objects.bulk_update(old, ["ring", "wrapped"], batch_size=400)
    held.trimmed().save(path, away_from=away)
    return len(old)

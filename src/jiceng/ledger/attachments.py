"""Documents attached to a worker or a place: bytes in files, sealed with the subject's key; their hash stands in the ledger.

A file is written and flushed into `coming/` first, then the ledger says that it is there, then it moves to its subject's
folder. So whatever breaks in between leaves either a file that nobody speaks of, which is cleared away after an hour, or one
that is still in `coming/`, which is found there. Without the subject's key a file is noise: erasure destroys it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction

from jiceng.base.refusals import Problem, Refusal
from jiceng.ledger.drafting import refuse_erased
from jiceng.ledger.ids import entry_name, entry_of
from jiceng.ledger.keys import make_keys, ring, subject_keys
from jiceng.ledger.sealing import open_blob, seal_blob
from jiceng.ledger.tables import rows, streamed
from jiceng.terms.registry import base_terms

FOLDER = "attachments"
KINDS = {"worker": "attachment", "place": "place_attachment"}
LARGEST = 20 << 20
_HELD_SECONDS = 3600
_NUMBERS = {base_terms().kinds[kind].number: kind for kind in KINDS.values()}

Bytes = Callable[[int, str], bytes | None]


@dataclass(frozen=True)
class Held:
    """A file sealed and written, of which the ledger says nothing yet. `hash` is over the sealed bytes, `digest` over the plain."""

    subject: int
    hash: str
    digest: str
    size: int


def hold(subject: int, content: bytes) -> Held:
    """Seal a document and write it, flushed to the disk, to be spoken of by an entry within the hour.

    Errors  Refusal ledger.erased, attachment.empty, attachment.too_large, attachment.disk
    """
    refuse_size(len(content))
    settle()
    suite = ring().suite
    sealed = seal_blob(suite, _key(subject), subject, content, os.urandom(12))
    made = Held(subject, _hash(sealed), _hash(content), len(content))
    path = _coming(subject, made.hash)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        flush(path.parent)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal("attachment.disk", "文件写不下", where=str(path.parent), why=why, do="请清理磁盘后再试") from error
    return made


def refuse_size(size: int) -> None:
    """Nothing if a document may be so large.

    Errors  Refusal attachment.empty, attachment.too_large
    """
    if not size:
        raise Refusal("attachment.empty", "文件是空的", do="请核对后重新选择")
    if size > LARGEST:
        what = f"文件有 {size / (1 << 20):.1f} MB，超过 {LARGEST >> 20} MB"
        raise Refusal("attachment.too_large", what, do="请降低扫描的清晰度，或分成几个文件")


def is_held(subject: int, hash: str) -> bool:
    """Whether a file waits for its entry."""
    return _coming(subject, hash).is_file()


def keep(subject: int, hash: str) -> None:
    """Move a file to its subject's folder, after its entry was committed."""
    kept, coming = _kept(subject, hash), _coming(subject, hash)
    if coming.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(coming, kept)
        flush(kept.parent)


def content(subject: int, hash: str) -> bytes:
    """A document in plain, after its bytes were compared with what the ledger says of them.

    Errors  Refusal attachment.missing, attachment.changed, access.erased
    """
    restore = "请从备份恢复，并运行 jiceng verify"
    sealed = stored(subject, hash)
    if sealed is None:
        raise Refusal("attachment.missing", "文件不在了", why="附件目录里没有这个文件", do=restore)
    if _hash(sealed) != hash:
        raise Refusal("attachment.changed", "文件被改过，不能打开", why="与台账里记的哈希不符", do=restore)
    key = subject_keys([subject]).get(subject)
    if key is None:
        why, do = "密钥已销毁，无法还原", "如需核实，请查法定保存的纸质档案"
        raise Refusal("access.erased", "个人信息已按申请删除，文件也不能再打开", why=why, do=do)
    return open_blob(key, subject, sealed)


def stored(subject: int, hash: str) -> bytes | None:
    """The sealed bytes as they lie on the disk; None if there are none."""
    for path in (_kept(subject, hash), _coming(subject, hash)):
        if path.is_file():
            return path.read_bytes()
    return None


def settle(*, now: float | None = None) -> int:
    """Finish what was broken off: files that an entry speaks of move on, others are deleted after an hour. How many were deleted."""
    moment, gone = now or time.time(), 0
    for path in _files(_root() / "coming"):
        subject, _, hash = path.stem.partition("-")
        if moment - path.stat().st_mtime < _HELD_SECONDS:
            continue
        if subject.isdigit() and hash in hashes_of(int(subject)):
            keep(int(subject), hash)
        else:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def hashes_of(subject: int) -> set[str]:
    """Hashes of every document ever recorded about a subject, believed or not."""
    kinds = ",".join(str(number) for number in _NUMBERS)
    found = rows(f"SELECT data FROM ledger_fact WHERE subject = %s AND kind IN ({kinds})", [subject])
    return {msgspec.json.decode(data)["hash"] for (data,) in found}


def forget(subjects: Iterable[int]) -> None:
    """Delete the files of subjects whose identity was erased. Their keys are gone already; this clears the disk."""
    for subject in subjects:
        shutil.rmtree(_kept(subject, "").parent, ignore_errors=True)
        for path in _files(_root() / "coming"):
            if path.stem.partition("-")[0] == str(subject):
                path.unlink(missing_ok=True)


def check(*, read: Bytes = stored, strays: bool = True) -> list[Problem]:
    """Whether every document the ledger speaks of is there and unchanged, and whether files lie there that it does not know.

    `read` gives the sealed bytes of a subject's file, so that a backup can be looked at as well. Documents of erased persons
    need not be there.
    """
    found, known = [], set()
    for fact, subject, hash in _recorded():
        known.add((subject, hash))
        sealed = read(subject, hash)
        if sealed is None:
            found.append(Problem("ledger.file_missing", f"附件文件不在了（事实 {fact}）", entry_name(entry_of(fact))))
        elif _hash(sealed) != hash:
            found.append(Problem("ledger.file_changed", f"附件文件被改过，与台账记的哈希不符（事实 {fact}）", entry_name(entry_of(fact))))
    if strays:
        found += [Problem("ledger.file_stray", "附件目录里有台账没有提到的文件", name) for name in _strays(known)]
    return found


def _recorded() -> Iterator[tuple[int, int, str]]:
    """Fact, subject and hash of every document ever recorded, but of those whose identity was erased."""
    kinds = ",".join(str(number) for number in _NUMBERS)
    gone = f"SELECT 1 FROM ledger_fact e WHERE e.subject = f.subject AND e.kind = {base_terms().kinds['erasure'].number}"
    sql = f"SELECT f.id, f.subject, f.data FROM ledger_fact f WHERE f.kind IN ({kinds}) AND NOT EXISTS ({gone}) ORDER BY f.id"
    for fact, subject, data in streamed(sql):
        yield fact, subject, msgspec.json.decode(data)["hash"]


def _strays(known: set[tuple[int, str]]) -> list[str]:
    moment, names = time.time(), []
    for path in _files(_root()):
        place = path.relative_to(_root())
        held = place.parts[0] == "coming"
        told = path.stem.partition("-")[::2] if held else (place.parts[0], path.stem)
        if told[0].isdigit() and (int(told[0]), told[1]) in known:
            continue
        if not held or moment - path.stat().st_mtime >= _HELD_SECONDS:
            names.append(f"{FOLDER}/{place.as_posix()}")
    return names


def names_of_file(subject: int, hash: str) -> list[str]:
    """The names under which a file may lie, relative to the folder of attachments."""
    return [path.relative_to(_root()).as_posix() for path in (_kept(subject, hash), _coming(subject, hash))]


def _key(subject: int) -> bytes:
    """The subject's key, made if it has none; another writer may make it at the same time."""
    for _ in range(2):
        found = subject_keys([subject]).get(subject)
        if found is not None:
            return found
        refuse_erased([subject])
        try:
            with transaction.atomic():
                return make_keys([subject])[subject]
        except IntegrityError:
            continue
    raise Refusal("ledger.ring_key", "取不到这个对象的密钥", do="请再试一次")


def _hash(content: bytes) -> str:
    name = ring().suite.hash
    return f"{name}.{hashlib.new(name, content).hexdigest()}"


def _root() -> Path:
    return Path(settings.DATA) / FOLDER


def _coming(subject: int, hash: str) -> Path:
    return _root() / "coming" / f"{subject}-{_safe(hash)}.sealed"


def _kept(subject: int, hash: str) -> Path:
    return _root() / str(subject) / f"{_safe(hash)}.sealed"


def _safe(hash: str) -> str:
    """A hash as part of a file's name, and nothing that leads elsewhere."""
    return "".join(letter for letter in hash if letter in "0123456789abcdefghijklmnopqrstuvwxyz.").replace("..", "")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.sealed") if path.is_file()) if folder.is_dir() else []


def flush(folder: Path) -> None:
    """Put a folder on the disk: a file's name is there only when its folder is."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

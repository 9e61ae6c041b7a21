"""Backup into one file, with the keys in a second one; restore into either database, checked before it counts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from jiceng.base.refusals import Problem, Problems, Refusal
from jiceng.ledger import attachments
from jiceng.ledger.appending import Clock
from jiceng.ledger.erasing import destroy_keys, erase, erased_subjects, scrub
from jiceng.ledger.guards import install_guards
from jiceng.ledger.identity import PERSON, open_sealed
from jiceng.ledger.planning import Line
from jiceng.ledger.portable import APPEND_ONLY, KEY_TABLES, Model, kept_models, passing_models, read_table, write_table
from jiceng.ledger.reading import heads
from jiceng.ledger.tables import LINE_SQL, rows, run
from jiceng.ledger.verify import compare_heads, verify

FORMAT = 1
# Folders beside the database that belong to the record. Uploads do not: they hold identities in plain.
FOLDERS = ("policies", "drafts", "texts", "templates", "fonts", "law-sets", "runs", "trials", attachments.FOLDER)

Heads = dict[int, tuple[int, str]]


@dataclass(frozen=True)
class Backup:
    """A backup made. `keys` lies apart and should be kept apart, and not for long: it undoes erasures."""

    path: Path
    keys: Path
    heads: Heads
    rows: int


@dataclass(frozen=True)
class Restored:
    """What a restore brought back. `erased`: subjects whose erasure was carried out again."""

    heads: Heads
    rows: int
    erased: tuple[int, ...]


def backup(target: Path, *, clock: Clock) -> Backup:
    """Write a backup into the folder `target`: <stem>.jcb with every table and policy folder, <stem>.keys with the keys.

    Time    one consistent state, while others go on writing; the name carries the moment and the heads' digest
    Errors  Refusal ledger.backup_there if a backup of that name exists
    """
    target.mkdir(parents=True, exist_ok=True)
    with _one_state():
        held = heads()
        stem = f"jiceng-{clock():%Y%m%dT%H%M%SZ}-{_digest(held)}"
        path, keys = target / f"{stem}.jcb", target / f"{stem}.keys"
        if path.exists() or keys.exists():
            raise Refusal("ledger.backup_there", f"{path.name} 已经有了", where=str(target), do="请稍后再备份，或换一个目录")
        made = {"format": FORMAT, "made": clock().isoformat(), "version": version("jiceng"), "heads": held}
        count = _write(path, kept_models(), made, folders=FOLDERS)
        _write(keys, KEY_TABLES, made, folders=())
    return Backup(path, keys, held, count)


def restore(source: Path, *, keys: Path | None, actor: str, clock: Clock, anyway: bool = False) -> Restored:
    """Put a backup in the place of everything here. All or nothing: it is verified before it counts.

    `keys` None: identities stay unreadable. `anyway`: even over a newer or another ledger. Projections are to be rebuilt.
    Errors  Refusal ledger.backup_broken, ledger.backup_version, ledger.backup_older, ledger.backup_false
    """
    manifest = _manifest(source)
    if keys is not None and _manifest(keys)["heads"] != manifest["heads"]:
        raise Refusal("ledger.backup_keys", "密钥文件与备份不是一对", where=keys.name, do="请用同一次备份的两个文件")
    saved: Heads = {int(book): (seq, seal) for book, (seq, seal) in manifest["heads"].items()}
    with _unchecked_references(), transaction.atomic(durable=True):
        present = heads()
        if not anyway:
            _refuse_newer(present, saved)
        gone = set(erased_subjects())
        _empty()
        count = _read(source, kept_models(), manifest)
        if keys is not None:
            _read(keys, KEY_TABLES, _manifest(keys))
        install_guards()
        _check(source, saved, {} if anyway else present)
        here = set(erased_subjects())
        destroy_keys(gone | here)
        _check_keys()
        for subject in sorted(gone - here):
            if rows("SELECT 1 FROM ledger_fact WHERE subject = %s LIMIT 1", [subject]):
                erase(subject, actor=actor, basis="", why="恢复备份后重新删除", clock=clock)
        _reset_sequences()
        connection.check_constraints()
    _read_folders(source)
    attachments.forget(gone | here)
    scrub()
    return Restored(heads(), count, tuple(sorted(gone | here)))


def _write(path: Path, models: Sequence[Model], made: dict[str, Any], *, folders: Sequence[str]) -> int:
    beside = path.with_name(path.name + ".part")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    counts = {}
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for model in models:
                with archive.open(_member(model), "w", force_zip64=True) as out:
                    counts[model._meta.label_lower] = write_table(model, out)
            for folder in folders:
                root = Path(settings.DATA) / folder
                for part in sorted(root.rglob("*")) if root.is_dir() else ():
                    if part.is_file():
                        archive.write(part, f"files/{folder}/{part.relative_to(root).as_posix()}")
            archive.writestr("manifest.json", json.dumps({**made, "tables": counts}, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    return sum(counts.values())


def _read(path: Path, models: Sequence[Model], manifest: dict[str, Any]) -> int:
    counts = manifest["tables"]
    by_label = {model._meta.label_lower: model for model in models}
    if set(counts) != set(by_label):
        differing = "、".join(sorted(set(counts) ^ set(by_label)))
        raise Refusal("ledger.backup_version", f"备份的表与本版软件不同：{differing}", do="请先装上做备份时的版本，恢复后再升级")
    try:
        with zipfile.ZipFile(path) as archive:
            for label, model in by_label.items():
                with archive.open(_member(model)) as source:
                    read_table(model, source, rows=counts[label])
    except (zipfile.BadZipFile, KeyError, EOFError):
        raise Refusal("ledger.backup_broken", "备份文件坏了", where=path.name, do="请换一份备份") from None
    return sum(counts.values())


def _member(model: Model) -> str:
    return f"tables/{model._meta.label_lower}.jsonl"


def _manifest(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError):
        raise Refusal("ledger.backup_broken", "不是备份文件，或已损坏", where=str(path), do="请选 .jcb 备份文件") from None
    if manifest.get("format") != FORMAT:
        raise Refusal("ledger.backup_version", f"备份格式 {manifest.get('format')} 本版软件不认识", do="请用做备份时的版本恢复")
    return manifest


def _refuse_newer(present: Heads, saved: Heads) -> None:
    """A backup may only go over what it continues."""
    for book, (seq, _) in present.items():
        if seq > saved.get(book, (0, ""))[0]:
            raise Refusal(
                "ledger.backup_older",
                f"账簿 {book} 现在记到第 {seq} 号，备份只到第 {saved.get(book, (0, ''))[0]} 号",
                why="恢复会丢掉备份以后的分录",
                do="请先备份现在的台账；确要恢复旧备份，请写明照样恢复",
            )


def _check(source: Path, *kept: Heads) -> None:
    """The restored ledger is whole, goes through all these heads, and the backup holds every document it speaks of."""
    problems = verify(files=False).problems + _check_files(source)
    for held in kept:
        problems += compare_heads(held)
    if problems:
        raise Problems("ledger.backup_false", "恢复出来的台账核对不上，已全部退回", problems, do="请换一份备份")


def _check_files(source: Path) -> list[Problem]:
    with zipfile.ZipFile(source) as archive:
        there = set(archive.namelist())

        def read(subject: int, hash: str) -> bytes | None:
            names = [f"files/{attachments.FOLDER}/{name}" for name in attachments.names_of_file(subject, hash)]
            return next((archive.read(name) for name in names if name in there), None)

        return attachments.check(read=read, strays=False)


def _check_keys() -> None:
    """A few identities open with the ring of this site, so that a wrong ring shows now and not in a month."""
    sql = f"SELECT {LINE_SQL} FROM ledger_fact f JOIN ledger_key k ON k.subject = f.subject WHERE f.kind = %s"
    open_sealed([Line._make(row) for row in rows(f"{sql} ORDER BY f.id LIMIT 20", [PERSON])])


def _empty() -> None:
    """Every table empty; the append-only ones made anew, since their rows cannot be deleted."""
    with connection.schema_editor(atomic=False) as editor:
        for model in APPEND_ONLY:
            editor.delete_model(model)
            editor.create_model(model)
    for model in (*kept_models(), *passing_models(), *KEY_TABLES):
        if model not in APPEND_ONLY:
            run(f'DELETE FROM "{model._meta.db_table}"')


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*kept_models(), *KEY_TABLES]):
            cursor.execute(statement)


def _read_folders(source: Path) -> None:
    data = Path(settings.DATA).resolve()
    with zipfile.ZipFile(source) as archive:
        for folder in FOLDERS:
            members = [name for name in archive.namelist() if name.startswith(f"files/{folder}/")]
            fresh = data / f".{folder}-restored"
            shutil.rmtree(fresh, ignore_errors=True)
            for name in members:
                path = (fresh / name.removeprefix(f"files/{folder}/")).resolve()
                if not path.is_relative_to(fresh):
                    raise Refusal("ledger.backup_broken", f"备份里的文件名“{name}”不对", where=source.name, do="请换一份备份")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(name))
            shutil.rmtree(data / folder, ignore_errors=True)
            if members:
                os.replace(fresh, data / folder)


def _digest(held: Heads) -> str:
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:12]


@contextmanager
def _one_state() -> Iterator[None]:
    """Reads inside see one state of the database. Writers are not kept waiting."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # A plain BEGIN reads a snapshot of the WAL; atomic() would be IMMEDIATE and lock writers out.
        run("BEGIN DEFERRED")
        try:
            yield
        finally:
            run("ROLLBACK")


@contextmanager
def _unchecked_references() -> Iterator[None]:
    """SQLite remakes tables only with foreign keys switched off, which must happen outside the transaction."""
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()

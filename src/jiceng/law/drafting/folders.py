"""Draft folders on disk: never half written, never overwritten unseen, every state kept."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jiceng.base.refusals import Refusal
from jiceng.law.folding import folder_files, folder_hash
from jiceng.law.load import folder_id

try:
    import fcntl
except ImportError:  # not on Windows: there the comparison of hashes alone stands between two who save in one instant
    fcntl = None  # type: ignore[assignment]

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,60}/[a-z0-9][a-z0-9-]{0,60}")
FILES = ("document.yaml", "clauses.yaml", "values.yaml", "terms.yaml", "rules.py", "cases.yaml", "pay.yaml")
_BEFORE = ".before"
_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Version:
    """A state of a draft: saved when, by whom, what was done, the hash of the folder then."""

    number: int
    at: datetime
    by: str
    what: str
    hash: str


def drafts_in(root: Path) -> list[Path]:
    """The drafts under a root, by id."""
    found = root.glob("*/*/document.yaml") if root.is_dir() else ()
    return sorted(path.parent for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts))


def checked_id(id: str) -> str:
    """The id, if it can be one.

    Errors  Refusal draft.folder_name
    """
    if not ID.fullmatch(id):
        why = "编号是两级，各用小写字母、数字和连字符"
        raise Refusal("draft.folder_name", f"“{id}”不能作文件夹编号", why=why, do="例如 cn-513324/2027-pay")
    return id


def begun(id: str, files: Mapping[str, str], *, root: Path, by: str, at: datetime, what: str) -> Path:
    """A new draft with these files.

    Errors  Refusal draft.folder_name, draft.there
    """
    folder = root / checked_id(id)
    with _locked(root):
        if folder.exists():
            raise Refusal("draft.there", f"已经有草稿“{id}”", why="不覆盖已有的草稿", do="请打开那一份接着写，或换一个短名")
        _swap(folder, dict(files))
        _note(folder, by=by, at=at, what=what)
    return folder


def changed(folder: Path, files: Mapping[str, str | None], *, seen: str, by: str, at: datetime, what: str) -> str:
    """The draft with some files replaced (None: taken away), the state before it kept; gives the hash it has now.

    Errors  Refusal draft.changed if it is no longer what was seen, naming who saved it since
    """
    root = folder.parents[1]
    with _locked(root):
        if not folder.is_dir() or folder_hash(folder) != seen:
            raise _changed(folder)
        now = contents(folder)
        after = {name: text for name, text in {**now, **files}.items() if text is not None}
        if after != now:
            _swap(folder, after)
            _note(folder, by=by, at=at, what=what)
    return folder_hash(folder)


def dropped(folder: Path, *, seen: str, by: str, at: datetime) -> None:
    """Take a draft off the list; its states stay, the last one too.

    Errors  Refusal draft.changed
    """
    with _locked(folder.parents[1]):
        if not folder.is_dir() or folder_hash(folder) != seen:
            raise _changed(folder)
        _note(folder, by=by, at=at, what="放弃草稿")
        gone = folder.with_name(f".gone-{folder.name}")
        folder.rename(gone)
        shutil.rmtree(gone)


def contents(folder: Path) -> dict[str, str]:
    """The files of a folder as text.

    Errors  Refusal draft.text_broken for a file that is no UTF-8 text
    """
    found = {}
    for path in folder_files(folder):
        try:
            found[path.name] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refusal("draft.text_broken", f"{path.name} 不是 UTF-8 文字", why=str(error), do="请另存为 UTF-8 后再放回") from error
    return found


def versions(folder: Path) -> list[Version]:
    """The states kept of a draft, newest first."""
    return sorted((_version(path) for path in _kept(folder).glob("*.zip")), key=lambda one: -one.number)


def version_files(folder: Path, number: int) -> dict[str, str]:
    """The files of a state.

    Errors  Refusal draft.no_version
    """
    path = _kept(folder) / f"{number:05}.zip"
    if not path.is_file():
        raise Refusal("draft.no_version", f"没有第 {number} 个版本", do="请从“版本”里选一个")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def _version(path: Path) -> Version:
    with zipfile.ZipFile(path) as archive:
        said = json.loads(archive.comment)
    return Version(int(path.stem), datetime.fromisoformat(said["at"]), said["by"], said["what"], said["hash"])


def _kept(folder: Path) -> Path:
    return folder.parents[1] / _BEFORE / folder_id(folder)


def _note(folder: Path, *, by: str, at: datetime, what: str) -> None:
    """Keep the state the folder has now."""
    said = {"at": at.isoformat(), "by": by, "what": what[:200], "hash": folder_hash(folder)}
    kept = _kept(folder)
    kept.mkdir(parents=True, exist_ok=True)
    number = max((int(path.stem) for path in kept.glob("*.zip")), default=0) + 1
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(contents(folder).items()):
            archive.writestr(zipfile.ZipInfo(name, _AT), text)
        archive.comment = json.dumps(said, ensure_ascii=False).encode()
    part = kept / f".{number:05}.part"
    part.write_bytes(out.getvalue())
    part.replace(kept / f"{number:05}.zip")


def _swap(folder: Path, files: Mapping[str, str]) -> None:
    """The folder with exactly these files, put in place in one move."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = folder.with_name(f".new-{folder.name}"), folder.with_name(f".old-{folder.name}")
    for path in (fresh, old):
        shutil.rmtree(path, ignore_errors=True)
    fresh.mkdir()
    for name, text in files.items():
        (fresh / name).write_text(text, encoding="utf-8", newline="\n")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def replaced_by(folder: Path, source: Path) -> None:
    """`folder` with the files of `source`, in one move: how a draft comes into force, and how an earlier folder comes back."""
    _swap(folder, {path.name: path.read_text(encoding="utf-8") for path in folder_files(source)})


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One writer at a time; what a writer that was killed left between its two moves is put right first."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / ".lock").open("a") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX)
        for old in root.glob("*/.old-*"):
            standing = old.with_name(old.name.removeprefix(".old-"))
            if standing.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                os.rename(old, standing)
        yield


def _changed(folder: Path) -> Refusal:
    last = versions(folder)
    who = f"{last[0].by} 在 {last[0].at:%Y-%m-%d %H:%M} 保存过（{last[0].what}）" if last else "文件夹在别处被改过"
    do = "您刚才填的还在页面上：请另开一页看现在的内容，再决定怎样改"
    return Refusal("draft.changed", "这份草稿在您打开以后被改过，没有保存", why=who, do=do)

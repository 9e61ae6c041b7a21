"""A policy folder as one file: a zip with a manifest of hashes, so that a byte changed on the way is seen."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jiceng.base import archives
from jiceng.base.refusals import Refusal
from jiceng.law.drafting.folders import FILES, ID, contents
from jiceng.law.folding import folder_files, folder_hash
from jiceng.law.load import folder_id

FORMAT = "jiceng-policy-folder"
LARGEST, MOST_UNPACKED, MOST_FILES = 4 << 20, 16 << 20, 20
MANIFEST = "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")
_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """What a packed file holds: the folder's id, title, version and hash as its manifest says, and its files."""

    id: str
    title: str
    version: int
    hash: str
    files: dict[str, str]


def packed(folder: Path) -> bytes:
    """The folder as one file; the same folder gives the same bytes.

    Shape   zip: manifest.json, then the files in order of name
    """
    files = {path.name: path.read_bytes() for path in folder_files(folder)}
    title, version = _heading(contents(folder).get("document.yaml", ""))
    manifest = {
        "format": FORMAT, "manifest": 1, "id": folder_id(folder), "title": title, "version": version, "hash": folder_hash(folder),
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()},
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))
        for name, raw in files.items():
            archive.writestr(_entry(name), raw)
    return out.getvalue()


def unpacked(content: bytes) -> Packed:
    """What a packed file holds, after every hash was compared. Nothing is written.

    Errors  Refusal draft.not_packed, draft.too_large, draft.file_changed
    """
    if len(content) > LARGEST:
        raise Refusal("draft.too_large", f"文件有 {len(content) >> 10} KB，超过 {LARGEST >> 20} MB", do="请核对是不是选错了文件")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_FILES or len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names):
                raise _not_packed("里面的文件太多，或有文件名不是法规文件夹里的")
            archives.unpacked(archive, most=MOST_UNPACKED)
            raws = {name: archive.read(name) for name in names}
    except archives.Bomb:
        raise Refusal("draft.too_large", "文件解开以后太大", do="请核对是不是选错了文件") from None
    except archives.BROKEN as error:
        raise _not_packed("压缩包读不出来") from error
    manifest = _manifest(raws.pop(MANIFEST, b""))
    return _compared(manifest, raws)


def _manifest(raw: bytes) -> Mapping[str, object]:
    try:
        manifest = json.loads(raw)
    except ValueError:
        raise _not_packed("里面没有清单") from None
    fits = isinstance(manifest, dict) and manifest.get("format") == FORMAT and isinstance(manifest.get("files"), dict)
    if not fits or not ID.fullmatch(str(manifest.get("id", ""))) or not isinstance(manifest.get("version"), int):
        raise _not_packed("清单不是法规文件夹的清单")
    return manifest  # type: ignore[no-any-return]


def _compared(manifest: Mapping[str, object], raws: Mapping[str, bytes]) -> Packed:
    told = manifest["files"]
    assert isinstance(told, dict)
    hashes = {name: hashlib.sha256(raw).hexdigest() for name, raw in raws.items()}
    wrong = sorted(name for name in {*told, *hashes} if told.get(name) != hashes.get(name))
    if wrong or _hash(raws) != manifest.get("hash"):
        what = f"{'、'.join(wrong)} 与清单里的不同" if wrong else "合起来的哈希与清单里的不同"
        raise Refusal("draft.file_changed", what, why="文件在传送中损坏，或被人改过", do="请让对方重新导出一份；没有接收任何内容")
    try:
        files = {name: raw.decode() for name, raw in raws.items()}
    except UnicodeDecodeError:
        raise _not_packed("里面有不是文字的文件") from None
    if "document.yaml" not in files or not set(files) <= set(FILES):
        raise _not_packed("里面没有 document.yaml，或有文件不属于法规文件夹")
    version = manifest["version"]
    assert isinstance(version, int)
    return Packed(str(manifest["id"]), str(manifest.get("title", "")), version, str(manifest["hash"]), files)


def _hash(raws: Mapping[str, bytes]) -> str:
    """As folding.folder_hash, over what the archive holds."""
    digest = hashlib.sha256()
    for name in sorted(raws):
        digest.update(f"{name}\0{len(raws[name])}\0".encode())
        digest.update(raws[name])
    return digest.hexdigest()


def _heading(text: str) -> tuple[str, int]:
    from jiceng.law.lined import read_text

    raw = read_text(text, name="document.yaml", found=[])
    said = raw if isinstance(raw, dict) else {}
    version = str(said.get("version", "1"))
    return str(said.get("title", "")), int(version) if version.isdecimal() else 1


def heading_of(files: Mapping[str, str]) -> tuple[str, int]:
    """Title and version that a folder's document.yaml says."""
    return _heading(files.get("document.yaml", ""))


def _entry(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, _AT)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _not_packed(why: str) -> Refusal:
    return Refusal("draft.not_packed", "这不是导出的法规文件夹", why=why, do="请选用“导出一个文件”或 jiceng law pack 得到的文件")

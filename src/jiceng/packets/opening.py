"""Files as they are dropped: single workbooks or a zip of them; and the number by which a workbook of ours is known again."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from jiceng.base.archives import BROKEN
from jiceng.base.refusals import Refusal
from jiceng.intake.containers import MAX_FILE, MAX_UNPACKED
from jiceng.intake.prefilled import CODE
from jiceng.intake.sheets import Sheet, read_sheets

MAX_MEMBERS: Final = 1_000
_PART: Final = 2**20
_PROPERTIES: Final = "docProps/custom.xml"
_LEFT_ALONE: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Dropped:
    """One file with its name; or why it could not be taken out of a zip."""

    name: str
    content: bytes = b""
    refusal: Refusal | None = None


def opened(files: Iterable[tuple[str, bytes]]) -> Iterator[Dropped]:
    """Every workbook among dropped files, zips opened.

    Shape   a zip inside a zip is not opened; a file that cannot be read comes with the reason
    """
    for name, content in files:
        if not _is_plain_zip(content):
            yield Dropped(name, content)
            continue
        try:
            yield from _members(name, content)
        except Refusal as refusal:
            yield Dropped(name, refusal=refusal)
        except BROKEN:
            yield Dropped(name, refusal=_damaged(name))


def _is_plain_zip(content: bytes) -> bool:
    """A zip that is no workbook itself."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "[Content_Types].xml" not in archive.namelist() and "mimetype" not in archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        return False


def _members(name: str, content: bytes) -> Iterator[Dropped]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = [one for one in archive.infolist() if not one.is_dir() and not any(part in one.filename for part in _LEFT_ALONE)]
        if len(entries) > MAX_MEMBERS:
            raise Refusal("packets.zip_many", f"“{name}”里有 {len(entries)} 个文件，超过 {MAX_MEMBERS} 个", do="请分几次交")
        if any(one.flag_bits & 1 for one in entries):
            raise Refusal("packets.zip_locked", f"“{name}”设了密码，打不开", do="请去掉压缩包的密码再交")
        left = MAX_UNPACKED
        for entry in entries:
            # What an entry claims of its size is not believed: it is read in parts and counted.
            piece = _unpacked(archive, entry, min(left, MAX_FILE))
            if piece is None:
                raise Refusal("packets.zip_bomb", f"“{name}”解开后太大，没有打开", why="可能是压缩炸弹", do="请核实来源，分几次交")
            left -= len(piece)
            yield Dropped(_member_name(entry), piece)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes | None:
    parts, size = [], 0
    with archive.open(entry) as stream:
        while part := stream.read(_PART):
            size += len(part)
            if size > most:
                return None
            parts.append(part)
    return b"".join(parts)


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The file's own name; zips made by Windows write it in GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.filename
    return PurePosixPath(name.replace("\\", "/")).name


def _damaged(name: str) -> Refusal:
    return Refusal("packets.zip_damaged", f"“{name}”打不开", why="压缩包不完整", do="请重新压缩，或直接交表格文件")


def sheets_of(content: bytes) -> list[Sheet]:
    """The sheets of a returned workbook.

    Errors  Refusal packets.macro; refusals of `read_sheets`
    """
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
                    raise Refusal(
                        "packets.macro",
                        "工作簿里带有宏，没有收",
                        why="发出的表里没有宏",
                        do="请另存为不含宏的 .xlsx 再交",
                    )
        except zipfile.BadZipFile:
            pass  # the reader says so in its own words
    return read_sheets(content)


def not_of_a_round(content: bytes) -> bytes:
    """The bytes of a file that is to be imported by itself, if no collection round sent it out; a look at one small part of it.

    Errors  Refusal packets.of_round
    """
    if _code_of_properties(content):
        raise Refusal(
            "packets.of_round", "这是收表发出的表", why="在这里导入认不出遮住的号码和没有改动的格", do="请到“收表”页，在那一次收表里交回"
        )
    return content


def code_in(content: bytes, sheets: Iterable[Sheet]) -> str:
    """The number of a workbook that was sent out: in its properties, on its first sheet or over its hidden column; "" for none."""
    told = _code_of_properties(content)
    if told:
        return told
    for sheet in sheets:
        for column in sheet.columns:
            for cell in column[:40]:
                found = CODE.search(cell) if isinstance(cell, str) else None
                if found:
                    return found[0]
    return ""


def _code_of_properties(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return ""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if _PROPERTIES not in archive.namelist():
                return ""
            with archive.open(_PROPERTIES) as stream:
                found = CODE.search(stream.read(_PART).decode("utf-8", "replace"))
    except BROKEN:
        return ""  # the reader says in its own words what is wrong with the file
    return found[0] if found else ""

"""What a file really is, whatever its name says; and whether it is safe to open.

Spreadsheets are zip archives of XML. Before the reader (which trusts them) sees one, every XML part is unpacked once as a
stream: sizes are counted as they come, not as the archive claims, and what the reader does not tell (hidden rows and
columns, how far the used area really reaches) is picked up on the way.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from jiceng.base.archives import BROKEN, Bomb, Entities, xml_pieces
from jiceng.base.refusals import Refusal

MAX_FILE = 100 * 2**20
MAX_UNPACKED = 600 * 2**20
MAX_ROWS = 200_000
"""Rows of one sheet down to the last cell with content; above it the reader would need more than 400 MB."""
MAX_COLUMNS = 702
MAX_PARTS = 5_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*?\bhidden="(?:1|true)")(?=[^>]*?\bmin="(\d+)")[^>]*?\bmax="(\d+)"')
_FAR_CELL = re.compile(rb'\br="([A-Z]{3}\d+)"[^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_OTHER_FILES = (
    (b"%pdf", "PDF 文件"),
    (b"\x89png", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"{\\rtf", "RTF 文档"),
)
_OTHER_ARCHIVES = (
    ("word/document.xml", "Word 文档"),
    ("ppt/presentation.xml", "演示文稿"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）"),
    ("content.xml", "ODF 表格（.ods）"),
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')


@dataclass
class Hidden:
    """What a sheet hides, counted from 0; picked up while its XML streams by."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def content(source: Path | bytes) -> bytes:
    """The bytes of an upload.

    Errors  Refusal intake.empty_file, intake.too_large
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size == 0:
        raise Refusal("intake.empty_file", "文件是空的（0 字节）", why="可能没有传完", do="请在电脑上打开确认有内容后重新上传")
    if size > MAX_FILE:
        raise Refusal(
            "intake.too_large", f"文件有 {size >> 20} MB，超过 {MAX_FILE >> 20} MB", do="请删去图片和无关的表，或按县拆成几个文件"
        )
    return source if isinstance(source, bytes) else source.read_bytes()


def format_of(raw: bytes) -> str:
    """xlsx, xls, html or text, by content.

    Errors  Refusal intake.encrypted, intake.format, intake.damaged
    """
    if raw.startswith(_OLE):
        return _ole(raw)
    if raw.startswith(b"PK"):
        return _zip(raw)
    head = raw[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, name in _OTHER_FILES:
        if head.startswith(magic):
            raise _other(name)
    if head.startswith(b"<?xml") and b"spreadsheet" in head:
        raise _other("旧式 XML 表格（2003）")
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")) or (head.startswith(b"<?xml") and b"<html" in head):
        return "html"
    if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _other("无法识别的二进制文件")
    return "text"


def _ole(raw: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise encrypted()
    if "WordDocument".encode("utf-16-le") in raw:
        raise _other("Word 文档")
    return "xls"


def encrypted() -> Refusal:
    """The refusal of a workbook with a password."""
    return Refusal(
        "intake.encrypted", "工作簿设了打开密码，读不到内容", do="请在 Excel 或 WPS 里取消“打开密码”（文件→信息→保护工作簿），另存后再上传"
    )


def _other(name: str) -> Refusal:
    return Refusal(
        "intake.format", f"这是{name}，不是表格", why="按文件内容判断，与扩展名无关", do="请用 Excel 或 WPS 打开，另存为 .xlsx 后上传"
    )


def damaged() -> Refusal:
    """The refusal of a file that breaks off or does not unpack."""
    return Refusal("intake.damaged", "文件已损坏，打不开", why="压缩包不完整或内容有误", do="请在原电脑上重新打开、另存为 .xlsx 后再上传")


def _zip(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise encrypted()
    except (zipfile.BadZipFile, ValueError) as error:
        raise damaged() from error
    if len(names) > MAX_PARTS:
        raise _bomb()
    if "xl/workbook.xml" in names or any(name.lower().endswith("/workbook.xml") for name in names):
        return "xlsx"
    for mark, name in _OTHER_ARCHIVES:
        if mark in names:
            raise _other(name)
    raise _other("压缩包")


def hidden_parts(raw: bytes) -> dict[str, Hidden]:
    """Checks an .xlsx by streaming through its XML, and says what each sheet hides, by sheet name.

    Errors  Refusal intake.bomb, intake.xml, intake.damaged, intake.too_many_rows, intake.far_cell
    """
    found: dict[str, Hidden] = {}
    last: dict[str, int] = {}
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            sheets = _sheet_parts(archive)
            for entry, piece in xml_pieces(archive, most=MAX_UNPACKED):
                name = sheets.get(entry.filename.lower())
                if name is not None:
                    last[name] = _look(piece, found.setdefault(name, Hidden()), last.get(name, 0), name)
    except Bomb:
        raise _bomb() from None
    except Entities:
        raise Refusal(
            "intake.xml",
            "工作簿里夹带了 DTD 或实体定义，不予打开",
            why="正常的表格没有这种内容，可能是恶意文件",
            do="请核实来源，用 Excel 另存后再上传",
        ) from None
    except BROKEN as error:
        raise damaged() from error
    return found


def _look(piece: bytes, hidden: Hidden, last: int, name: str) -> int:
    """Adds what a piece hides; gives the last row with content so far. Refuses a used area that reaches too far."""
    if b"hidden=" in piece:
        hidden.rows.update(int(row) - 1 for row in _HIDDEN_ROW.findall(piece))
        for first, end in _HIDDEN_COLUMN.findall(piece):
            hidden.columns.update(range(int(first) - 1, min(int(end), MAX_COLUMNS)))
    far = _FAR_CELL.search(piece)
    if far:
        cell = far.group(1).decode()
        raise Refusal(
            "intake.far_cell", f"单元格 {cell} 有内容，离表格太远", where=f"工作表“{name}”", do="请把它删掉（选中整列→删除），另存后再上传"
        )
    end = max(piece.rfind(b"</v>"), piece.rfind(b"</is>"), piece.rfind(b":v>"))
    if end >= 0:
        start = max(piece.rfind(b"<row ", 0, end), piece.rfind(b":row ", 0, end) - 3)
        row = _ROW_NUMBER.search(piece, max(start, 0))
        last = int(row.group(1)) if row and row.start() < end else last
        if last > MAX_ROWS:
            raise too_many_rows(name, last)
    return last


def too_many_rows(name: str, last: int) -> Refusal:
    """The refusal of a sheet beyond the declared row count."""
    return Refusal(
        "intake.too_many_rows", f"第 {last} 行还有内容，超过 {MAX_ROWS} 行", where=f"工作表“{name}”",
        do="如果是误填的空格或向下拖出的序号，请删除表格以下的行；如果确有这么多人，请按县拆成几个文件",
    )  # fmt: skip


def _bomb() -> Refusal:
    return Refusal(
        "intake.bomb",
        f"工作簿解开后超过 {MAX_UNPACKED >> 20} MB，不予打开",
        why="可能是压缩炸弹",
        do="请核实来源；如是真表，请按县拆开上传",
    )


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Path of each sheet's XML (lower case) → sheet name."""
    names = {entry.filename.lower(): entry for entry in archive.infolist()}
    book = next((name for name in names if name.endswith("/workbook.xml")), "")
    folder = book.rsplit("/", 1)[0]
    relations = names.get(f"{folder}/_rels/workbook.xml.rels")
    if not book or relations is None:
        return {}
    if names[book].file_size > 2**20 or relations.file_size > 2**20:
        raise _bomb()
    targets = {}
    for tag in _RELATION.findall(archive.read(relations).decode("utf-8", "replace")):
        said = dict(_ATTRIBUTE.findall(tag))
        target = said.get("Target", "").lower()
        targets[said.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
    parts = {}
    for tag in _SHEET.findall(archive.read(names[book]).decode("utf-8", "replace")):
        said = {key.rsplit(":", 1)[-1]: value for key, value in _ATTRIBUTE.findall(tag)}
        parts[targets.get(said.get("id", ""), "")] = _plain(said.get("name", ""))
    return parts


def _plain(text: str) -> str:
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text

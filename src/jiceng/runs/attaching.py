"""Documents attached to workers and places: looked at, sealed and held, then recorded in one entry with the act they belong to."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jiceng.access.scope import Scope
from jiceng.base.archives import BROKEN, Bomb, Entities, unpacked, xml_pieces
from jiceng.base.refusals import Refusal
from jiceng.ledger import attachments, reading
from jiceng.ledger.attachments import KINDS, Held
from jiceng.ledger.changes import Record
from jiceng.ledger.identity import open_sealed
from jiceng.ledger.ids import PLACE
from jiceng.ledger.models import Entry
from jiceng.ledger.reading import FactRow
from jiceng.runs import commit as door
from jiceng.terms.registry import Terms

MEDIA = {
    "pdf": ("application/pdf", "PDF"),
    "jpg": ("image/jpeg", "图片"),
    "png": ("image/png", "图片"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
}
MAX_UNPACKED = 300 * 2**20
_LONGEST_NAME = 100
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))
_PROGRAMS = ("vbaproject.bin", "/macrosheets/", "/activex/")
_TYPES = "[Content_Types].xml"


@dataclass(frozen=True)
class Paper:
    """A document held for an entry: what it is called, which file it came as, what kind of file it is by its content."""

    title: str
    file_name: str
    media: str
    held: Held


@dataclass(frozen=True)
class Document:
    """A document the ledger speaks of. Without the subject's key (identity erased) it has no title and no file name.

    `about` is the fact it is evidence of, 0 if none was named; it then stands for the entry it came with.
    """

    fact: int
    subject: int
    entry: int
    since: date
    known: datetime
    title: str
    file_name: str
    media: str
    size: int
    hash: str
    digest: str
    about: int
    believed: bool = True

    @property
    def media_name(self) -> str:
        return MEDIA[self.media][1]

    @property
    def size_text(self) -> str:
        return f"{self.size / (1 << 20):.1f} MB" if self.size >= 1 << 20 else f"{max(1, round(self.size / 1024))} KB"


def hold(subject: int, *, title: str, file_name: str, content: bytes) -> Paper:
    """A document looked at by its content, sealed with the subject's key and written to the disk, to be recorded within the hour.

    Errors  Refusal attachment.title, attachment.kind, attachment.harmful, and those of `ledger.attachments.hold`
    """
    named = _clean(title)
    if not named:
        raise Refusal("attachment.title", "没有写文件名称", do="请写明是什么文件，例如“培训结业证书”")
    attachments.refuse_size(len(content))
    media = media_of(content)
    return Paper(named, safe_name(file_name, media), media, attachments.hold(subject, content))


def media_of(content: bytes) -> str:
    """What a file is, by its bytes; its name says nothing. Of an archive nothing is kept unpacked.

    Errors  Refusal attachment.kind, attachment.harmful
    """
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content[:3] == b"\xff\xd8\xff":
        return "jpg"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if content[:4] == b"PK\x03\x04":
        media = _office(content)
        if media:
            return media
    why = "看的是内容，不是文件名；能附 PDF、JPG、PNG、Word（docx）和 Excel（xlsx）"
    raise Refusal("attachment.kind", "这种文件不能附", why=why, do="请另存为 PDF 再上传")


def _office(content: bytes) -> str:
    """Which Office file an archive is, "" for any other; whoever downloads it opens it with a reader that trusts it.

    Errors  Refusal attachment.kind for programs, attachment.harmful for what swells or speaks of other files
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            found = next((media for member, media in _OFFICE if member in names), "")
            if not found:
                return ""
            unpacked(archive, most=MAX_UNPACKED)
            types = b"".join(piece for entry, piece in xml_pieces(archive, most=MAX_UNPACKED) if entry.filename == _TYPES)
    except Bomb:
        raise _harmful(f"解开后超过 {MAX_UNPACKED >> 20} MB，可能是压缩炸弹") from None
    except Entities:
        raise _harmful("夹带了 DTD 或实体定义，正常的文件没有这种内容") from None
    except BROKEN:
        raise Refusal("attachment.kind", "文件已损坏或加了密码，打不开", why="看的是内容", do="请重新另存后再上传") from None
    if any(part in name.lower() for name in names for part in _PROGRAMS) or b"macroEnabled" in types:
        raise Refusal("attachment.kind", "文件里带有宏", why="宏是程序，打开时可能运行", do="请另存为不带宏的文件或 PDF 再上传")
    return found


def _harmful(why: str) -> Refusal:
    return Refusal("attachment.harmful", "这份文件不能附", why=why, do="请核实来源，打印成 PDF 再上传")


def safe_name(file_name: str, media: str) -> str:
    """A file's own name without folders and control characters, with the ending its content has."""
    last = _clean(file_name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = last.rsplit(".", 1)[0].strip(". ") or "文件"
    return f"{stem[:_LONGEST_NAME]}.{media}"


def _clean(text: str) -> str:
    """Without control and direction characters, which could make a name look like another."""
    kept = (letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter)[0] != "C")
    return "".join(kept).strip()[:200]


def attaching(papers: Iterable[Paper], *, since: date, about: int = 0) -> list[door.Change]:
    """The changes that record held documents: `since` is the day from which they count, `about` the fact they are evidence of."""
    return [_record(paper, since=since, about=about) for paper in papers]


def _record(paper: Paper, *, since: date, about: int) -> Record:
    held = paper.held
    kind = KINDS["place" if held.subject >= PLACE else "worker"]
    data: dict[str, Any] = {"media": paper.media, "size": held.size, "hash": held.hash}
    sealed = {"title": paper.title, "file_name": paper.file_name, "digest": held.digest}
    return Record(held.subject, kind, since, None, {**data, "about": about} if about else data, sealed=sealed)


def commit(
    book: int, changes: Sequence[door.Change], papers: Sequence[Paper], *, since: date, about: int = 0, actor: str, act: str = "record",
    basis: str, why: str, clock: door.Clock, loaded: bool = False,
) -> Entry:  # fmt: skip
    """Record changes and the documents that are their evidence as one entry; the files move to their place when it is committed.

    Errors  Refusal attachment.gone if a file waited too long, and those of `runs.commit.commit`; nothing is written then
    """
    for paper in papers:
        if not attachments.is_held(paper.held.subject, paper.held.hash):
            raise Refusal("attachment.gone", f"“{paper.title}”已经清理", why="文件选好后一小时内没有确认", do="请重新选择文件再提交")
    every = [*changes, *attaching(papers, since=since, about=about)]
    with transaction.atomic():
        entry = door.commit(book, every, actor=actor, act=act, basis=basis, why=why, clock=clock, loaded=loaded)
        for paper in papers:
            transaction.on_commit(lambda held=paper.held: attachments.keep(held.subject, held.hash))  # type: ignore[misc]
    return entry


def documents(subject: int, *, on: date, known_by: datetime | None = None, terms: Terms) -> list[Document]:
    """Documents believed to be attached to a worker or place on a day, the latest first."""
    kind = KINDS["place" if subject >= PLACE else "worker"]
    return shown(reading.history([subject], on=on, known_by=known_by, kinds=[kind], terms=terms))


def documents_seen(
    scope: Scope, subject: int, *, place: int, on: date, known_by: datetime | None, terms: Terms
) -> tuple[int, list[Document] | None]:  # fmt: skip
    """How many documents are attached, and which; without the right to names at the place only that there are so many (None)."""
    kind = KINDS["place" if subject >= PLACE else "worker"]
    held = reading.history([subject], on=on, known_by=known_by, kinds=[kind], terms=terms)
    return len(held), shown(held) if scope.may("see_names", place) else None


def shown(facts: Iterable[FactRow], *, believed: bool = True) -> list[Document]:
    """Facts about documents as documents, the latest first; facts of other kinds are passed over."""
    rows = [fact for fact in facts if fact.kind in KINDS.values()]
    opened = open_sealed(rows) if rows else {}
    latest_first = sorted(rows, key=lambda fact: (fact.known, fact.id), reverse=True)
    return [_document(fact, opened.get(fact.id) or {}, believed) for fact in latest_first]


def _document(fact: FactRow, names: Mapping[str, str], believed: bool) -> Document:
    data = fact.data
    return Document(
        fact.id, fact.subject, fact.entry, fact.since, fact.known, names.get("title", ""), names.get("file_name", ""),
        data["media"], data["size"], data["hash"], names.get("digest", ""), data.get("about", 0), believed,
    )  # fmt: skip


def document(subject: int, fact: int, *, known_by: datetime | None = None, terms: Terms) -> Document:
    """One document that is believed to be attached to a subject.

    Errors  Refusal attachment.unknown
    """
    found = next((one for one in documents(subject, on=date.max, known_by=known_by, terms=terms) if one.fact == fact), None)
    if found is None:
        raise Refusal("attachment.unknown", "没有这份附件", why="已经撤下，或编号有误", do="请从“附件”里打开")
    return found


def content(one: Document) -> bytes:
    """A document's bytes, compared with the hash in the ledger.

    Errors  Refusal attachment.missing, attachment.changed, access.erased
    """
    return attachments.content(one.subject, one.hash)

"""Official text imported here: pages sent up and the texts taken from them, in files beside the database, outside the repository.

The ledger holds the hash of each text taken over, by whom and when; so a file changed afterwards is seen, hash and all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.law.coverage import coverage
from jiceng.law.folding import folded
from jiceng.law.model import Document
from jiceng.law.text.clauses import PrintedClause, printed
from jiceng.law.text.matching import Change, Matched, chosen, compared, intact, match
from jiceng.law.text.separate import Page, Text, separate
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.places import tree
from jiceng.runs.commit import Record, commit
from jiceng.runs.law import document_subject
from jiceng.runs.printed_files import read_printed

MAX_PAGE, MAX_LINES = 512 << 10, 3000


@dataclass(frozen=True)
class KeptClause:
    """A clause as it was imported, with its hash of then."""

    number: str
    title: str
    part: str
    printed: str
    sentences: tuple[str, ...]
    hash: str

    @property
    def intact(self) -> bool:
        """It still reads as when it was imported, and its sentences are its own."""
        return intact(self.printed, self.hash) and folded(self.printed).endswith(folded("".join(self.sentences)))


@dataclass(frozen=True)
class KeptText:
    """The text of a document as kept here: from which file, which page, imported when and by whom, what was missing."""

    document: str
    title: str
    file: str
    page: str
    source: str
    at: datetime
    by: str
    missing: tuple[str, ...]
    preface: tuple[str, ...]
    clauses: tuple[KeptClause, ...]

    @property
    def hash(self) -> str:
        """Over every clause's number and hash, in order."""
        told = "\n".join(f"{one.number} {one.hash}" for one in self.clauses)
        return hashlib.sha256(f"{self.document}\n{told}".encode()).hexdigest()


@dataclass(frozen=True)
class Looked:
    """A page looked at for a document: its texts, the one chosen, how it fits the folder, how it differs from the kept one."""

    page: Page
    text: Text
    matched: Matched
    changes: tuple[Change, ...]

    @property
    def differs(self) -> tuple[str, ...]:
        """Numbers of the clauses that are not as they are kept."""
        return tuple(change.number for change in self.changes if change.state in ("changed", "gone"))


def read_page(content: bytes) -> str:
    """The text of a page file: plain text in UTF-8 or a Chinese national encoding, a Word file, or a PDF that holds text.

    Errors  Refusal lawtext.empty, lawtext.too_large, lawtext.encoding, lawtext.unreadable
    """
    if not content.strip():
        raise Refusal("lawtext.empty", "文件是空的", do="请核对后重新选择")
    content = read_printed(content)
    if len(content) > MAX_PAGE:
        raise Refusal("lawtext.too_large", f"文件有 {len(content) >> 10} KB，超过 {MAX_PAGE >> 10} KB", do="请只留有正文的那一版")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1f]", text):
            break
        if len(text.splitlines()) > MAX_LINES:
            raise Refusal("lawtext.too_large", f"文件有 {len(text.splitlines())} 行，超过 {MAX_LINES} 行", do="请只留有正文的那一版")
        return text
    raise Refusal("lawtext.encoding", "文件不是纯文本", why="可能是旧版 Word（doc）或图片", do="请另存为 docx 或纯文本（UTF-8）后再导入")


def look(page: str, document: Document, *, position: int | None) -> Looked:
    """The document's text on a page, matched and compared; nothing is kept yet. `position` counts from 1, None: the only one that fits.

    Errors  Refusal lawtext.no_text, lawtext.no_clauses, lawtext.which, lawtext.broken
    """
    taken = separate(page)
    text = chosen(taken, document, position=position)
    matched = match(printed(text.paragraphs), document)
    before = kept_text(document.id)
    earlier = {clause.number: (clause.printed, clause.hash) for clause in before.clauses} if before else {}
    return Looked(taken, text, matched, compared(matched.printed.clauses, earlier))


def keep_text(
    looked: Looked, document: Document, *, content: bytes, file: str, place: int, actor: str, clock: Callable[[], datetime],
    replacing: bool,
) -> KeptText:  # fmt: skip
    """Takes the chosen text over as the document's; the same text once more changes nothing.

    An earlier text that it replaces is kept under a number beside it. The import is an entry in the book of `place`, the
    importer's own.

    Errors  Refusal lawtext.changed if clauses differ from the kept ones and `replacing` is not said
    """
    if looked.differs and not replacing:
        raise Refusal(
            "lawtext.changed", f"与已导入的不同：第 {'、'.join(looked.differs)} 条",
            why="条文换一个字就可能是另一个意思，所以不自动覆盖",
            do="请逐字核对有标记的地方；确认换用新的，再选“替换”（命令行用 --replace）",
        )  # fmt: skip
    before = kept_text(document.id)
    if before and all(change.state == "equal" for change in looked.changes):
        return before
    text, own = looked.text, looked.matched.printed
    kept = KeptText(
        document.id, text.title, Path(file).name[:200], keep_page(content), text.source, clock(), actor, own.missing, own.preface,
        tuple(_kept_clause(clause) for clause in own.clauses),
    )  # fmt: skip
    with transaction.atomic():
        _record(kept, place=place, actor=actor, clock=clock)
        _replace(kept)
    return kept


def recorded(kept: KeptText) -> bool:
    """Whether the ledger knows this very text as one that was imported."""
    return kept.hash in _recorded(kept.document)


def _recorded(document: str) -> set[str]:
    told = reading.history([document_subject(document)], on=OPEN_END - timedelta(days=1), kinds=["official_text"])
    return {str(fact.data["hash"]) for fact in told}


def _record(kept: KeptText, *, place: int, actor: str, clock: Callable[[], datetime]) -> None:
    if recorded(kept):
        return
    told = {"document": kept.document, "title": kept.title, "file": kept.file, "clauses": len(kept.clauses), "hash": kept.hash}
    change = Record(document_subject(kept.document), "official_text", kept.at.date(), None, told)
    why = f"导入{kept.title}原文 {len(kept.clauses)} 条"
    commit(book_of(place or tree.NATION).id, [change], actor=actor, act="import_text", basis=kept.source or kept.file, why=why, clock=clock)


def _replace(kept: KeptText) -> None:
    path = _path(kept.document)
    if path.exists():
        number = sum(1 for _ in path.parent.glob(f"{path.stem}.before-*.json")) + 1
        path.replace(path.with_name(f"{path.stem}.before-{number}.json"))
    _write(path, json.dumps(asdict(kept) | {"at": kept.at.isoformat()}, ensure_ascii=False, indent=1).encode())


def kept_text(document: str) -> KeptText | None:
    """What was imported for a document; None if nothing was.

    Errors  Refusal lawtext.broken if the file cannot be read
    """
    path = _path(document)
    if not path.exists():
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        clauses = tuple(KeptClause(**(one | {"sentences": tuple(one["sentences"])})) for one in raw["clauses"])
        lists = {key: tuple(raw[key]) for key in ("missing", "preface")}
        return KeptText(**(raw | lists | {"at": datetime.fromisoformat(raw["at"]), "clauses": clauses}))
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("lawtext.broken", f"已导入的原文读不出：{path.name}", why=str(error), do="请移走这个文件后重新导入") from error


def keep_page(content: bytes) -> str:
    """A page sent up, kept under its hash; gives the hash."""
    digest = hashlib.sha256(content).hexdigest()
    if not _page_path(digest).exists():
        _write(_page_path(digest), content)
    return digest


def page_content(digest: str) -> bytes:
    """A page that was sent up.

    Errors  Refusal lawtext.page_gone
    """
    path = _page_path(digest)
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not path.exists():
        raise Refusal("lawtext.page_gone", "没有这个版面", why="文件已清除，或网址不完整", do="请重新上传")
    return path.read_bytes()


def as_dict(looked: Looked, document: Document) -> dict[str, Any]:
    """What was found, for `--json`."""
    states = {change.number: change for change in looked.changes}
    return {
        "document": document.id,
        "texts": [
            {
                "position": position, "title": text.title, "paragraphs": len(text.paragraphs), "characters": text.characters,
                "lines": list(text.lines), "confidence": text.confidence, "because": list(text.because), "chosen": text is looked.text,
            }
            for position, text in enumerate(looked.page.texts, 1)
        ],
        "unplaced": [{"lines": list(block.lines), "text": block.text} for block in looked.page.unplaced],
        "clauses": [
            {
                "number": row.number, "title": row.text.title if row.text else "", "sentences": len(row.text.sentences) if row.text else 0,
                "digests": len(row.clause.sentences) if row.clause else 0, "agrees": row.agrees, "hash": row.text.hash if row.text else "",
                "state": states[row.number].state if row.number in states else "", "marked": list(_marked(states.get(row.number))),
            }
            for row in looked.matched.clauses
        ],
        "dispositions": coverage(document),
        "missing": list(looked.matched.missing),
        "problems": list(looked.matched.problems),
        "complete": looked.matched.printed.complete and not looked.matched.problems,
    }  # fmt: skip


def _marked(change: Change | None) -> tuple[tuple[str, str], ...]:
    return change.marked if change else ()


def _kept_clause(clause: PrintedClause) -> KeptClause:
    return KeptClause(clause.number, clause.title, clause.part, clause.printed, clause.sentences, clause.hash)


def _root() -> Path:
    return Path(settings.DATA) / "texts"


def _path(document: str) -> Path:
    return _root() / f"{document}.json"


def _page_path(digest: str) -> Path:
    return _root() / "pages" / f"{digest}.txt"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.replace(path)

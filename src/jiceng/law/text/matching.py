"""The printed text beside a folder's digests: clause by clause by number, sentence by sentence by order; and against an earlier copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from jiceng.base.refusals import Refusal
from jiceng.law.folding import folded, text_hash
from jiceng.law.model import Clause, Document, Sentence
from jiceng.law.text.clauses import Printed, PrintedClause, printed
from jiceng.law.text.separate import Page, Text

_COMPARED = 1_000_000  # product of two lengths
STATES = {"equal": "与已导入的一致", "changed": "与已导入的不同", "new": "首次导入", "gone": "已导入的有，这次没有", "broken": "哈希不符"}


@dataclass(frozen=True)
class Beside:
    """One clause: as printed and as digested; either may be absent. `rows` pairs sentences with digests by order."""

    number: str
    text: PrintedClause | None
    clause: Clause | None
    rows: tuple[tuple[str, Sentence | None], ...]

    @property
    def agrees(self) -> bool:
        """Both are there, under one title where both have one, with as many sentences as digests."""
        if self.text is None or self.clause is None or len(self.text.sentences) != len(self.clause.sentences):
            return False
        return not (self.text.title and self.clause.title) or folded(self.text.title) == folded(self.clause.title)


@dataclass(frozen=True)
class Matched:
    """A text matched with a folder. `problems` says in Chinese what does not fit; `missing` what is not on the page."""

    printed: Printed
    clauses: tuple[Beside, ...]
    problems: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A clause against its earlier copy. `marked` is the new text in pieces: (kept | added | removed, piece)."""

    number: str
    state: str
    marked: tuple[tuple[str, str], ...] = ()


def match(text: Printed, document: Document) -> Matched:
    """Every clause of the text and of the folder, in the text's order, then those the text lacks.

    Shape   one row per clause number of either side
    """
    numbers = [clause.number for clause in text.clauses]
    rows = [beside(clause, document.clause(clause.number)) for clause in text.clauses]
    rows += [beside(None, clause) for clause in document.clauses if clause.number not in numbers]
    problems: list[str] = []
    for row in rows:
        if row.text is None:
            problems.append(f"第 {row.number} 条：文件夹里有摘要，本页没有原文")
        elif row.clause is None:
            problems.append(f"第 {row.number} 条：本页有原文，文件夹里没有摘要")
        elif len(row.text.sentences) != len(row.clause.sentences):
            problems.append(f"第 {row.number} 条：原文 {len(row.text.sentences)} 句，摘要 {len(row.clause.sentences)} 句")
        elif not row.agrees:
            problems.append(f"第 {row.number} 条：原文标题“{row.text.title}”，文件夹写“{row.clause.title}”")
    return Matched(text, tuple(rows), tuple(problems), text.missing)


def beside(text: PrintedClause | None, clause: Clause | None) -> Beside:
    """One clause of either side or both."""
    text = _titled_as(text, clause) if text and clause else text
    pairs = zip_longest(text.sentences if text else (), clause.sentences if clause else (), fillvalue=None)
    number = text.number if text else clause.number if clause else ""
    return Beside(number, text, clause, tuple((original or "", digest) for original, digest in pairs))


def _titled_as(text: PrintedClause, clause: Clause) -> PrintedClause:
    """What looked like a title is the first sentence where the folder's title is another and the digests count one more."""
    if not text.title or folded(text.title) == folded(clause.title) or len(text.sentences) + 1 != len(clause.sentences):
        return text
    first = text.printed[: len(text.title) + 1]
    return replace(text, title="", sentences=(first, *text.sentences))


def fitting(page: Page, document: Document) -> list[tuple[int, Text, int]]:
    """The texts that may be the document: (position from 1, text, percent), best first.

    Empty   no text has a clause number or a title of the document
    """
    wanted = {clause.number for clause in document.clauses}
    found = []
    for position, text in enumerate(page.texts, 1):
        own = {clause.number for clause in printed(text.paragraphs).clauses}
        share = 70 * len(own & wanted) // max(1, len(own | wanted))
        score = share + (30 if folded(document.title) in folded(text.title) else 0)
        if score:
            found.append((position, text, score))
    return sorted(found, key=lambda one: (-one[2], one[0]))


def chosen(page: Page, document: Document, *, position: int | None) -> Text:
    """The text that is the document: the one asked for, or the only one that clearly fits.

    Errors  Refusal lawtext.no_text, lawtext.no_clauses, lawtext.which
    """
    if position is not None:
        if not 1 <= position <= len(page.texts):
            raise Refusal("lawtext.no_text", f"这一页没有第 {position} 篇", why=f"共 {len(page.texts)} 篇", do="请从列出的各篇里选")
        text = page.texts[position - 1]
        if not printed(text.paragraphs).clauses:
            raise Refusal("lawtext.no_clauses", f"“{text.title}”里没有编号的条", do=f"请选“{document.title}”那一篇")
        return text
    found = fitting(page, document)
    if not found:
        raise Refusal(
            "lawtext.no_clauses", f"这一页没有“{document.title}”的条文", why=f"分出 {len(page.texts)} 篇，都没有对得上的编号或标题",
            do="请核对是不是这份文件的版面，或另选文件",
        )  # fmt: skip
    if found[0][2] < 35 or (len(found) > 1 and found[0][2] - found[1][2] < 15):
        titles = "；".join(f"{position} {text.title}" for position, text, _ in found)
        raise Refusal(
            "lawtext.which", f"不能断定哪一篇是“{document.title}”", why=f"有几分像的：{titles}", do="请指明是第几篇（命令行用 --text）"
        )
    return found[0][1]


def compared(clauses: Sequence[PrintedClause], earlier: Mapping[str, tuple[str, str]]) -> tuple[Change, ...]:
    """Each clause against the earlier copy: number → (text, hash).

    Shape   one row per clause number of either side, the new text's order first
    """
    found = []
    for clause in clauses:
        if clause.number not in earlier:
            found.append(Change(clause.number, "new"))
            continue
        text, digest = earlier[clause.number]
        if clause.hash == digest:
            found.append(Change(clause.number, "equal"))
        else:
            found.append(Change(clause.number, "changed", marked(text, clause.printed)))
    now = {clause.number for clause in clauses}
    return (*found, *(Change(number, "gone") for number in earlier if number not in now))


def marked(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The changed characters: pieces of the new text, with what was removed where it stood.

    What is too long to compare sign by sign is marked from the first to the last difference.
    """
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    mid_old, mid_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [("kept", new[:head])]
    if len(mid_old) * len(mid_new) > _COMPARED:
        pieces += [("removed", mid_old), ("added", mid_new)]
    else:
        for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, mid_old, mid_new, autojunk=False).get_opcodes():
            same = act == "equal"
            pieces += (
                [("kept", mid_new[new_from:new_to])]
                if same
                else [("removed", mid_old[old_from:old_to]), ("added", mid_new[new_from:new_to])]
            )
    return tuple((kind, piece) for kind, piece in (*pieces, ("kept", new[len(new) - tail :])) if piece)


def _alike(one: str, other: str) -> int:
    """How many signs the two begin with in common."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))


def intact(text: str, digest: str) -> bool:
    """A kept clause still reads as when it was imported."""
    return text_hash(text) == digest

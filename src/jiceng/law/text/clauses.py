"""A text → its parts, clauses and sentences, and what of it is missing on this page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jiceng.law.folding import text_hash
from jiceng.law.text import marks
from jiceng.law.text.columns import Block

_TITLE = re.compile(r"([^。！？；，：]{2,30})(?:[。：]|$)")
_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "「": "」", "『": "』"}
_GO_ON = "，、；：,;:"


@dataclass(frozen=True)
class PrintedClause:
    """One clause as printed: its number, title, the part it stands in, the whole of its text after the number, its sentences.

    The title is not among the sentences.
    """

    number: str
    title: str
    part: str
    printed: str
    sentences: tuple[str, ...]

    @property
    def hash(self) -> str:
        """Over the folded text: another copy with other spaces or width has the same."""
        return text_hash(self.printed)


@dataclass(frozen=True)
class Printed:
    """A text taken apart. `preface` is what stands before the first clause; `missing` says in Chinese what is not on this page."""

    parts: tuple[str, ...]
    clauses: tuple[PrintedClause, ...]
    preface: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Nothing points to text that is not on the page."""
        return not self.missing


def printed(paragraphs: Iterable[Block]) -> Printed:
    """Parts, clauses and sentences of a text.

    Shape   clauses in order; a number that does not follow the last one is text, not a clause
    Empty   a text without numbered clauses has none; all of it is `preface`
    """
    parts: list[str] = []
    preface: list[str] = []
    found: list[tuple[int, str, list[str]]] = []
    last = None
    for block in paragraphs:
        last = block
        number = marks.clause_number(block.text)
        if block.kind == "heading":
            parts.append(block.text)
        elif number is not None and (not found or number > found[-1][0]) and _plausible(number, found):
            found.append((number, parts[-1] if parts else "", [block.text]))
        elif found:
            found[-1][2].append(block.text)
        else:
            preface.append(block.text)
    clauses = tuple(_clause(number, part, texts) for number, part, texts in found)
    return Printed(tuple(parts), clauses, tuple(preface), _missing(parts, [number for number, _, _ in found], preface, last))


def _plausible(number: int, found: list[tuple[int, str, list[str]]]) -> bool:
    """A gap of a few numbers is a loss on the page; a leap is a figure at the beginning of a line."""
    return not found or number - found[-1][0] <= 5


def _clause(number: int, part: str, texts: list[str]) -> PrintedClause:
    mark = marks.CLAUSE.match(texts[0])
    body = texts[0][mark.end() if mark else 0 :].strip()
    # Only "1.标题。正文" prints a title inside the paragraph; 第八条 begins with its sentence.
    head = _TITLE.match(body) if mark and mark[1] else None
    title = head[1] if head and (head.end() < len(body) or len(texts) > 1) else ""
    rest = body[head.end() :] if head and title else body
    found = tuple(one for text in (rest, *texts[1:]) for one in sentences(text))
    return PrintedClause(str(number), title, part, "\n".join((body, *texts[1:])), found)


def sentences(text: str) -> tuple[str, ...]:
    """Chinese sentences of a paragraph: full stops, question and exclamation marks outside brackets and quotation marks end one.

    Shape   joined together they are the text
    """
    inside = _inside(text)
    found: list[str] = []
    begin = at = 0
    while at < len(text):
        if text[at] in marks.ENDS and (at not in inside or _closes(text, at, inside)):
            end = at + 1
            while end < len(text) and (text[end] in marks.ENDS or text[end] in _PAIRS.values()):
                end += 1
            if end == len(text) or text[end] not in _GO_ON:
                found.append(text[begin:end])
                begin = end
            at = end
        else:
            at += 1
    if text[begin:].strip():
        found.append(text[begin:])
    return tuple(found)


def _inside(text: str) -> set[int]:
    """Positions between an opening mark and the one that closes it; a mark without its partner counts for nothing."""
    opened: list[int] = []
    found: set[int] = set()
    for at, sign in enumerate(text):
        if sign in _PAIRS:
            opened.append(at)
        elif sign in _PAIRS.values():
            partner = next((one for one in reversed(opened) if _PAIRS[text[one]] == sign), None)
            if partner is not None:
                del opened[opened.index(partner) :]
                found.update(range(partner, at + 1))
    return found


def _closes(text: str, at: int, inside: set[int]) -> bool:
    """The stop is the last sign of all brackets and quotation marks around it, and a quotation ends there: “……。”"""
    end = at + 1
    while end < len(text) and text[end] in _PAIRS.values():
        end += 1
    return end > at + 1 and end not in inside and text[end - 1] in "”’」』"


def _missing(parts: list[str], numbers: list[int], preface: list[str], last: Block | None) -> tuple[str, ...]:
    found: list[str] = []
    if preface and (mark := marks.CONTINUED.match(preface[0])):
        found.append(f"缺开头：本页从半截开始，注明“{mark[0].strip('（）()')}”")
    part_numbers = [number for part in parts if (number := marks.part_number(part)) is not None]
    if part_numbers and part_numbers[0] > 1:
        found.append(f"缺第一部分：本页的部分从“{parts[0]}”开始")
    found += [f"部分编号跳过：“{parts[at]}”之后是“{parts[at + 1]}”" for at in _leaps(part_numbers)]
    if numbers and numbers[0] > 1:
        found.append(f"缺前面的条：本页从第 {numbers[0]} 条开始")
    found += [f"缺第 {'、'.join(str(one) for one in range(numbers[at] + 1, numbers[at + 1]))} 条" for at in _leaps(numbers)]
    if last is not None and marks.BREAKS_OFF.search(last.text):
        found.append("缺结尾：注明转到别的版")
    elif last is not None and last.kind == "body" and not last.finished:
        found.append("缺结尾：末句没有写完")
    return tuple(found)


def _leaps(numbers: list[int]) -> list[int]:
    return [at for at in range(len(numbers) - 1) if numbers[at + 1] != numbers[at] + 1]

"""A printed page as text → blocks: wrapped lines rejoined, paragraphs, headings, captions, bylines and headlines told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jiceng.law.text import marks
from jiceng.law.text.gutters import Piece, pieces

_NEAR, _AGREE = 6, 3
_CHINESE = "\u2014-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# Space between Chinese and a figure comes from setting a line to full width; between Chinese and Chinese it was meant.
_SET_SPACE = re.compile(rf"(?<=[{_CHINESE}])[ 　]+(?=[!-~])|(?<=[!-~])[ 　]+(?=[{_CHINESE}])")


@dataclass(frozen=True)
class Block:
    """Rejoined lines that belong together.

    `kind` is body, heading, loose (headlines, names, banners), caption, byline or source. `lines` are the numbers in the file.
    `finished` is False where a body stops in the middle of a sentence. `width` is the column's, in half characters.
    """

    kind: str
    text: str
    lines: tuple[int, ...]
    finished: bool
    width: int


@dataclass(frozen=True)
class _Lines:
    """The page's lines with their widths; `common` is the page's most common column, `indents` whether it keeps its indents."""

    pieces: tuple[Piece, ...]
    widths: tuple[int, ...]
    common: int
    indents: bool

    def column(self, at: int, *, back: bool = False) -> int:
        """Width of the column a line stands in, from the lines before or after it; of the page's where too few agree."""
        edge, count = _common(self.widths[max(0, at - _NEAR) : at + 1] if back else self.widths[at : at + _NEAR])
        return edge if count >= _AGREE else self.common


def blocks(page: str) -> tuple[Block, ...]:
    """The page's blocks in reading order; every sign of the page except white space is in exactly one.

    Shape   one block per paragraph, heading, caption, byline, source line or loose line
    Units   `width` in half characters
    Empty   a page without text has none
    """
    lines = _measured(pieces(page))
    found: list[Block] = []
    at = 0
    while at < len(lines.pieces):
        end, text = at + 1, tidy(lines.pieces[at].text)
        while end < len(lines.pieces) and _continues(lines, start=at, last=end - 1, text=text):
            text = joined(text, lines.pieces[end].text)
            end += 1
        found.append(_block(text, lines.pieces[at:end], lines.column(at)))
        at = end
    return tuple(found)


def joined(left: str, right: str) -> str:
    """A text and its next line: no space between Chinese or inside a number, one between two Latin words. `left` is tidy."""
    latin = left[-1:].isascii() and left[-1:].isalpha() and right[:1].isascii() and right[:1].isalpha()
    return left + (" " if latin else "") + tidy(right)


def tidy(text: str) -> str:
    """Without the spaces that setting a line puts around figures."""
    return _SET_SPACE.sub("", text)


def _measured(found: tuple[Piece, ...]) -> _Lines:
    widths = tuple(marks.width(piece.text) for piece in found)
    return _Lines(found, widths, _common(widths)[0] if widths else 0, any(piece.indented for piece in found))


def _common(widths: Sequence[int]) -> tuple[int, int]:
    """Upper edge of the most common band, and how many lines are in it."""
    counts = {edge: sum(edge - band(edge) <= own <= edge for own in widths) for edge in set(widths)}
    edge = max(counts, key=lambda one: (counts[one], -one))
    return edge, counts[edge]


def band(column: int) -> int:
    """By how much full lines of a column differ: stops that may not begin a line, brackets that may not end one."""
    return min(4, max(2, column // 6))


def _continues(lines: _Lines, *, start: int, last: int, text: str) -> bool:
    """Whether the line after `last` goes on with the block that began at `start` and reads `text` so far."""
    this, after, first = lines.pieces[last], lines.pieces[last + 1], start == last
    if after.indented or _fresh(after.text) or marks.SOURCE.match(text) or (first and marks.is_byline(text)):
        return False
    if after.text[0] in marks.NEVER_FIRST:
        return True
    columns = {lines.column(last, back=True), lines.column(last + 1)}
    stopped = marks.ended(text)
    if (marks.clause_number(after.text) is not None and (stopped or marks.is_heading(text))) or (
        marks.is_heading(after.text) and (stopped or after.gap)
    ):
        return False
    if marks.CAPTION.match(text) and (stopped or after.gap):
        return False
    if stopped:
        return not after.gap and _full(lines.widths[last], columns, first) and not _set_in(lines, last + 1, columns)
    if _alone(lines, last + 1) and not _full(lines.widths[last + 1], columns, False):
        return False
    if not first and (this.text[0] in marks.OPENERS or marks.prose(text) or marks.unbalanced(text)):
        return True
    return _goes_on(this, after, columns, first)


def _goes_on(this: Piece, after: Piece, columns: set[int], first: bool) -> bool:
    """A line in mid-sentence, or without any stop so far, which may as well be a headline."""
    own = marks.width(this.text)
    if any(marks.width(line) > max(columns) + 5 and not marks.prose(line) for line in (this.text, after.text)):
        return False
    if marks.starts_text(this.text):
        return True
    if marks.prose(this.text) or marks.unbalanced(this.text):
        return not after.gap or _full(own, columns, first) or after.text[0] in marks.OPENERS
    if first and this.gap and after.gap and marks.clause_number(this.text) is None:
        return False
    return _full(own, columns, first)


def _alone(lines: _Lines, at: int) -> bool:
    """A line without any stop that stands by itself in the middle of a sentence: a headline between two columns."""
    line, after = lines.pieces[at], lines.pieces[at + 1 : at + 2]
    followed = bool(after) and not (after[0].gap or after[0].indented or _fresh(after[0].text))
    return line.gap and not followed and not marks.prose(line.text) and line.text[0] not in marks.OPENERS


def _full(own: int, columns: set[int], first: bool) -> bool:
    """The line fills its column; the first one of a paragraph lacks its two characters of indent."""
    return any(own >= column - band(column) - (4 if first else 0) - 1 and own <= column + 5 for column in columns)


def _set_in(lines: _Lines, at: int, columns: set[int]) -> bool:
    """The line looks like the first of a paragraph whose indent was lost: short by two characters, the next one full.

    Where the page keeps its indents there is nothing to guess.
    """
    if at + 1 >= len(lines.widths) or marks.ended(lines.pieces[at].text) or lines.indents:
        return False
    return all(4 <= column - lines.widths[at] <= 9 for column in columns) and _full(lines.widths[at + 1], columns, False)


def _fresh(text: str) -> bool:
    """A line that never goes on with the one before it."""
    return marks.starts_text(text) or bool(marks.SOURCE.match(text) or marks.CAPTION.match(text)) or marks.is_byline(text)


def _block(text: str, lines: Sequence[Piece], column: int) -> Block:
    numbers = tuple(dict.fromkeys(piece.line for piece in lines))
    text = tidy(text)
    own = column if len(lines) == 1 else max(marks.width(piece.text) for piece in lines)
    return Block(_kind(text, len(lines)), text, numbers, marks.ended(text) or bool(marks.BREAKS_OFF.search(text)), own)


def _kind(text: str, lines: int) -> str:
    if marks.SOURCE.match(text):
        return "source"
    if marks.CAPTION.match(text) and len(text) <= 60:
        return "caption"
    if marks.is_byline(text):
        return "byline"
    if marks.is_heading(text):
        return "heading"
    if lines == 1 and text[-1] in "！？" and text[0] not in marks.OPENERS and "。" not in text:
        return "loose"
    return "body" if marks.ended(text) or "。" in text or (lines > 1 and marks.prose(text)) else "loose"

"""Columns printed side by side: a page whose lines hold several columns is read column by column."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jiceng.law.text.marks import width

_GUTTER = 3
_LINES = 3
_LONGEST = 400


@dataclass(frozen=True)
class Piece:
    """Part of a printed line: the line's number in the file, its text without margins, whether it was set in, blank lines before."""

    line: int
    text: str
    indented: bool
    gap: bool = False


@dataclass(frozen=True)
class _Cell:
    line: int
    raw: str


def pieces(page: str) -> tuple[Piece, ...]:
    """The page's text in reading order, blank lines left out; every sign that is not white space is in exactly one piece."""
    cells = [_Cell(number, raw.expandtabs(8)) for number, raw in enumerate(page.replace("\ufeff", "").splitlines(), 1)]
    found: list[Piece] = []
    gap = True
    for cell in _unrolled(cells):
        text = cell.raw.strip()
        if text:
            found.append(Piece(cell.line, text, _set_in(cell.raw), gap))
        gap = not text
    return _without_common_margin(found)


def _set_in(raw: str) -> bool:
    head = raw[: len(raw) - len(raw.lstrip())]
    return 3 <= width(head) <= 6


def _without_common_margin(found: list[Piece]) -> tuple[Piece, ...]:
    """Where most lines are set in, it is the margin of the page and says nothing."""
    margin = sum(piece.indented for piece in found) * 2 > len(found)
    return tuple(replace(piece, indented=False) for piece in found) if margin else tuple(found)


def _unrolled(cells: list[_Cell], *, bounded: bool = False) -> list[_Cell]:
    """Regions with a gutter are put one column after the other, the left one first."""
    found: list[_Cell] = []
    at = 0
    while at < len(cells):
        end, gutter = _region(cells, at, bounded=bounded)
        if end == at:
            found.append(cells[at])
            at += 1
            continue
        split = [_cut(cell.raw, gutter) for cell in cells[at:end]]
        lefts = [_Cell(cell.line, left) for cell, (left, _) in zip(cells[at:end], split, strict=True)]
        rights = [_Cell(cell.line, right) for cell, (_, right) in zip(cells[at:end], split, strict=True)]
        # Columns follow one another without a blank line: a sentence may run over.
        found += [*_trimmed(lefts), *_unrolled(_trimmed(rights), bounded=True)]
        at = end
    return found


def _trimmed(column: list[_Cell]) -> list[_Cell]:
    """A column without blank lines at its ends and without the margin that all of its lines share."""
    full = [at for at, cell in enumerate(column) if cell.raw.strip()]
    if not full:
        return []
    margin = min(width(column[at].raw) - width(column[at].raw.lstrip()) for at in full)
    return [_Cell(cell.line, _cut(cell.raw, margin)[1]) for cell in column[full[0] : full[-1] + 1]]


def _region(cells: list[_Cell], start: int, *, bounded: bool) -> tuple[int, int]:
    """Where the region that starts here ends, and a position inside its gutter; an empty region if there is none.

    Inside a column (`bounded`) blank lines do not end it: whatever follows is of the same columns.
    """
    gutter, lines, end = _gaps(cells[start].raw), 0, start
    for at in range(start, len(cells)) if gutter else ():
        gaps = _gaps(cells[at].raw)
        left = gutter & (gaps if gaps else ~_taken(cells[at].raw))
        if not _first_run(left):
            break
        gutter = left
        if gaps:
            lines, end = lines + 1, at + 1
    if lines < _LINES:
        return start, 0
    first = _first_run(gutter)
    # Lines after the last one with both columns: the longer column's rest, over one blank line if it is the right one's.
    while end < len(cells) and cells[end].raw.strip() and not first & _taken(cells[end].raw):
        end += 1
        while end + 1 < len(cells) and not cells[end].raw.strip() and (bounded or _right_of(cells[end + 1].raw, first)):
            end += 1
    return end, _lowest(first)


def _right_of(raw: str, gutter: int) -> bool:
    """The line has text, and only right of the gutter."""
    taken = _taken(raw)
    return bool(taken) and _lowest(taken) >= gutter.bit_length()


def _taken(raw: str) -> int:
    """Columns with text, as bits; all of them where the line is too long to stand in a column layout."""
    if len(raw) > _LONGEST:
        return (1 << 2 * _LONGEST) - 1
    found = at = 0
    for sign in raw:
        wide = width(sign)
        if not sign.isspace():
            found |= ((1 << wide) - 1) << at
        at += wide
    return found


def _gaps(raw: str) -> int:
    """Columns, as bits, of blank runs of at least three with text on both sides."""
    taken = _taken(raw)
    if not taken:
        return 0
    inner = ~taken & ((1 << taken.bit_length()) - (1 << _lowest(taken)))
    threes = inner & inner >> 1 & inner >> 2
    return threes | threes << 1 | threes << 2


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _first_run(bits: int) -> int:
    """The leftmost run of neighbouring columns that is wide enough; nothing if none is."""
    while bits > 0:
        low = _lowest(bits)
        run = _lowest(~(bits >> low))
        if run >= _GUTTER:
            return ((1 << run) - 1) << low
        bits &= ~(((1 << run) - 1) << low)
    return 0


def _cut(raw: str, position: int) -> tuple[str, str]:
    at = 0
    for index, sign in enumerate(raw):
        if at >= position:
            return raw[:index], raw[index:]
        at += width(sign)
    return raw, ""

"""Paragraphs grouped into texts: what begins one, what ends one, what goes on after something else stood between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from jiceng.law.folding import folded
from jiceng.law.text import marks
from jiceng.law.text.columns import Block, joined

PROSE = ("body", "heading")
NAME = 4  # characters of a name at most


@dataclass(eq=False)
class Draft:
    """A text in the making: its paragraphs, their positions among the blocks, and what stands around it with positions."""

    paragraphs: list[Block]
    at: list[int]
    around: list[tuple[int, Block]] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    closed: bool = False
    titled: bool = False

    @cached_property
    def pairs(self) -> set[str]:
        """Pairs of neighbouring characters in the text; asked for when its paragraphs are complete."""
        return pairs("".join(block.text for block in self.paragraphs))


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring letters and figures, stops left out."""
    signs = [sign for sign in folded(text) if sign.isalnum()]
    return {"".join(pair) for pair in pairwise(signs)}


def put(draft: Draft, at: int, block: Block, reason: str) -> None:
    """The block stands around the text, for a reason shown to people."""
    draft.around.append((at, block))
    draft.titled = draft.titled or (block.kind == "loose" and len(block.text) > NAME)
    note(draft, reason)


def note(draft: Draft, reason: str) -> None:
    """The reason once more, unless it is there already."""
    if reason and reason not in draft.because:
        draft.because.append(reason)


def clause_numbers(draft: Draft) -> list[int]:
    """Numbers of the clauses in order."""
    return [number for block in draft.paragraphs if (number := marks.clause_number(block.text)) is not None]


def drafts_in(found: Sequence[Block]) -> list[Draft]:
    """Paragraphs grouped into texts; what stands right at a text's end (source, byline) closes it."""
    drafts: list[Draft] = []
    current: Draft | None = None
    loose_since = False
    for at, block in enumerate(found):
        if block.kind == "caption":
            continue
        if block.kind not in PROSE:
            if current and not loose_since and block.kind in ("source", "byline") and current.paragraphs[-1].finished:
                current.around.append((at, block))
                current.closed = current.closed or block.kind == "source" or not _signed_before(found, current)
                note(current, "文末有来源" if block.kind == "source" else "文末有署名")
            else:
                loose_since = True
            continue
        owner, reason = _going_on(block, current, drafts, loose_since)
        if owner is None:
            owner = Draft([], [])
            drafts.append(owner)
            reason = "以电头开始" if marks.starts_text(block.text) and not marks.CONTINUED.match(block.text) else ""
            reason = "注明从别的版接来" if marks.CONTINUED.match(block.text) else reason
        note(owner, reason)
        _take(owner, at, block)
        current, loose_since = owner, False
    return drafts


def _signed_before(found: Sequence[Block], draft: Draft) -> bool:
    """The text's byline stood above it already, so another one below opens the next text."""
    first = draft.at[0]
    return first > 0 and found[first - 1].kind == "byline"


def _going_on(block: Block, current: Draft | None, drafts: list[Draft], loose: bool) -> tuple[Draft | None, str]:
    """The text that a paragraph goes on with, and why; none if it begins one."""
    if current is None or marks.starts_text(block.text):
        return None, ""
    broken = [draft for draft in drafts if not draft.paragraphs[-1].finished and draft.paragraphs[-1].kind == "body"]
    number = marks.clause_number(block.text) or marks.part_number(block.text)
    if number is not None:
        follows = [draft for draft in (current, *reversed(drafts)) if _expects(draft, block)]
        if follows:
            return follows[0], "" if follows[0] is current and not loose else "编号接着上一段"
    if current in broken:
        return current, ""
    if broken and (current.closed or loose or not _same_column(block, current)) and number is None:
        fitting = [draft for draft in broken if _same_column(block, draft)]
        if len(fitting) == 1:
            return fitting[0], "被别的内容隔断的一句在后面接上"
    if current.closed or loose:
        return None, ""
    return current, ""


def _same_column(block: Block, draft: Draft) -> bool:
    return abs(block.width - draft.paragraphs[-1].width) <= 4


def _expects(draft: Draft, block: Block) -> bool:
    """The block carries the number after the last one of its kind in the text."""
    of = marks.clause_number if marks.clause_number(block.text) is not None else marks.part_number
    own = of(block.text)
    numbers = [number for paragraph in draft.paragraphs if (number := of(paragraph.text)) is not None]
    return bool(numbers) and own == numbers[-1] + 1


def _take(draft: Draft, at: int, block: Block) -> None:
    last = draft.paragraphs[-1] if draft.paragraphs else None
    if last and not last.finished and last.kind == "body" and block.kind == "body" and marks.clause_number(block.text) is None:
        draft.paragraphs[-1] = replace(last, text=joined(last.text, block.text), lines=last.lines + block.lines, finished=block.finished)
    else:
        draft.paragraphs.append(block)
    draft.at.append(at)

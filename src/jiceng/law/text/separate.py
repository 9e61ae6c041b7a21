"""Blocks → the texts printed on the page, each with its title and the reasons why it is taken for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jiceng.law.folding import folded
from jiceng.law.text.columns import Block, blocks
from jiceng.law.text.drafts import NAME, PROSE, Draft, clause_numbers, drafts_in, put
from jiceng.law.text.headlines import neighbours, owner_of, title_the_rest


@dataclass(frozen=True)
class Text:
    """One text of the page. `because` is why we think that it is one, in Chinese; `confidence` is percent.

    `paragraphs` are in reading order, the whole of the text; `around` are its headlines, bylines, source and captions.
    """

    title: str
    paragraphs: tuple[Block, ...]
    around: tuple[Block, ...]
    because: tuple[str, ...]
    confidence: int

    @property
    def characters(self) -> int:
        """Characters without white space, what stands around the text not counted."""
        return sum(len(folded(block.text)) for block in self.paragraphs)

    @property
    def lines(self) -> tuple[int, int]:
        """First and last line of the paragraphs on the page."""
        numbers = [number for block in self.paragraphs for number in block.lines]
        return min(numbers), max(numbers)

    @property
    def source(self) -> str:
        """The source the paper prints below, without its brackets."""
        return next((block.text.strip("（）()") for block in self.around if block.kind == "source"), "")


@dataclass(frozen=True)
class Page:
    """A page taken apart. What belongs to no text is in `unplaced`; nothing is dropped."""

    texts: tuple[Text, ...]
    unplaced: tuple[Block, ...]

    def blocks(self) -> Iterator[Block]:
        """Every block of the page as placed."""
        for text in self.texts:
            yield from text.paragraphs
            yield from text.around
        yield from self.unplaced


def separate(page: str) -> Page:
    """The texts on a page, in the order in which they begin.

    Shape   every sign of the page except white space is in exactly one text or one unplaced block
    Empty   a page without prose has no texts; its lines are unplaced
    """
    found = blocks(page)
    drafts = drafts_in(found)
    near = neighbours(found, drafts)
    placed = {own for draft in drafts for own, _ in draft.around}
    for at in range(len(found)):
        if found[at].kind not in PROSE and at not in placed:
            reason, owner = owner_of(found, at, drafts, near[at])
            if owner is not None:
                put(owner, at, found[at], reason)
    title_the_rest(found, drafts, near)
    placed = {own for draft in drafts for own, _ in draft.around}
    unplaced = [block for at, block in enumerate(found) if block.kind not in PROSE and at not in placed]
    return Page(tuple(_text(draft) for draft in drafts), tuple(unplaced))


def _text(draft: Draft) -> Text:
    around = tuple(block for _, block in sorted(draft.around, key=lambda one: one[0]))
    reasons, score = list(draft.because), 40 + 15 * len(draft.because)
    numbers = clause_numbers(draft)
    if len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        reasons.append(f"编号从 {numbers[0]} 到 {numbers[-1]} 连续")
        score += 25
    if not draft.titled:
        reasons.append("没有找到标题")
        score -= 15
    if not draft.paragraphs[-1].finished:
        reasons.append("末句没有写完")
        score -= 20
    return Text(_title(around, draft), tuple(draft.paragraphs), around, tuple(reasons), max(10, min(95, score)))


def _title(around: Sequence[Block], draft: Draft) -> str:
    """The headline lines in order; a name of up to four characters is one only where nothing else is."""
    lines = [block.text for block in around if block.kind == "loose"]
    longer = [line for line in lines if len(line) > NAME]
    return "　".join(longer or lines) or _beginning(draft)


def _beginning(draft: Draft) -> str:
    return f"（无标题）{draft.paragraphs[0].text[:18]}……"

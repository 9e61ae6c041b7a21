"""Blocks → the texts printed on the page: where one ends and the next begins, and which headline belongs to which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from jiceng.law.folding import folded
from jiceng.law.text import marks
from jiceng.law.text.columns import Block, blocks, joined

_PROSE = ("body", "heading")
_NAME = 4  # characters of a name at most
# Percent of a line's pairs of characters that a text must have: next to it, anywhere, for a caption, for what is left over;
# and the lead over the second text.
_NEXT_TO, _ANYWHERE, _CAPTION, _REST, _CLEAR = 30, 60, 50, 35, 10


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


@dataclass
class _Draft:
    paragraphs: list[Block]
    at: list[int]
    around: list[tuple[int, Block]] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    closed: bool = False
    titled: bool = False


def separate(page: str) -> Page:
    """The texts on a page, in the order in which they begin.

    Shape   every sign of the page except white space is in exactly one text or one unplaced block
    Empty   a page without prose has no texts; its lines are unplaced
    """
    found = blocks(page)
    drafts = _drafts(found)
    placed = {own for draft in drafts for own, _ in draft.around}
    for at in range(len(found)):
        if found[at].kind not in _PROSE and at not in placed:
            reason, owner = _owner(found, at, drafts)
            if owner is not None:
                _put(owner, at, found[at], reason)
    _title_the_rest(found, drafts)
    placed = {own for draft in drafts for own, _ in draft.around}
    unplaced = [block for at, block in enumerate(found) if block.kind not in _PROSE and at not in placed]
    return Page(tuple(_text(draft) for draft in drafts), tuple(unplaced))


def _put(draft: _Draft, at: int, block: Block, reason: str) -> None:
    draft.around.append((at, block))
    draft.titled = draft.titled or (block.kind == "loose" and len(block.text) > _NAME)
    _note(draft, reason)


def _note(draft: _Draft, reason: str) -> None:
    if reason and reason not in draft.because:
        draft.because.append(reason)


def _drafts(found: Sequence[Block]) -> list[_Draft]:
    """Paragraphs grouped into texts; what stands right at a text's end (source, byline) closes it."""
    drafts: list[_Draft] = []
    current: _Draft | None = None
    loose_since = False
    for at, block in enumerate(found):
        if block.kind == "caption":
            continue
        if block.kind not in _PROSE:
            if current and not loose_since and block.kind in ("source", "byline") and current.paragraphs[-1].finished:
                current.around.append((at, block))
                current.closed = current.closed or block.kind == "source" or not _signed_before(found, current)
                _note(current, "文末有来源" if block.kind == "source" else "文末有署名")
            else:
                loose_since = True
            continue
        owner, reason = _going_on(block, current, drafts, loose_since)
        if owner is None:
            owner = _Draft([], [])
            drafts.append(owner)
            reason = "以电头开始" if marks.starts_text(block.text) and not marks.CONTINUED.match(block.text) else ""
            reason = "注明从别的版接来" if marks.CONTINUED.match(block.text) else reason
        _note(owner, reason)
        _take(owner, at, block)
        current, loose_since = owner, False
    return drafts


def _signed_before(found: Sequence[Block], draft: _Draft) -> bool:
    """The text's byline stood above it already, so another one below opens the next text."""
    first = draft.at[0]
    return first > 0 and found[first - 1].kind == "byline"


def _going_on(block: Block, current: _Draft | None, drafts: list[_Draft], loose: bool) -> tuple[_Draft | None, str]:
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


def _same_column(block: Block, draft: _Draft) -> bool:
    return abs(block.width - draft.paragraphs[-1].width) <= 4


def _expects(draft: _Draft, block: Block) -> bool:
    """The block carries the number after the last one of its kind in the text."""
    of = marks.clause_number if marks.clause_number(block.text) is not None else marks.part_number
    own = of(block.text)
    numbers = [number for paragraph in draft.paragraphs if (number := of(paragraph.text)) is not None]
    return bool(numbers) and own == numbers[-1] + 1


def _take(draft: _Draft, at: int, block: Block) -> None:
    last = draft.paragraphs[-1] if draft.paragraphs else None
    if last and not last.finished and last.kind == "body" and block.kind == "body" and marks.clause_number(block.text) is None:
        draft.paragraphs[-1] = replace(last, text=joined(last.text, block.text), lines=last.lines + block.lines, finished=block.finished)
    else:
        draft.paragraphs.append(block)
    draft.at.append(at)


def _owner(found: Sequence[Block], at: int, drafts: Sequence[_Draft]) -> tuple[str, _Draft | None]:
    """The text a headline, name, byline, source or caption belongs to, with the reason."""
    block = found[at]
    near = _neighbours(found, at, drafts)
    if block.kind == "byline":
        return "标题旁有署名", _by_headline(found, at, drafts) or next(iter(near), None)
    if block.kind == "source":
        return "文末有来源", next(iter(near), None)
    scored = sorted(((_likeness(block.text, draft) + (15 if draft in near else 0), -at) for at, draft in enumerate(drafts)), reverse=True)
    if scored:
        best, owner = scored[0][0], drafts[-scored[0][1]]
        wanted = _NEXT_TO + 15 if owner in near else _CAPTION if block.kind == "caption" else _ANYWHERE
        clear = len(scored) == 1 or best - scored[1][0] >= _CLEAR
        if best >= wanted and clear:
            return "图说里的词在文中" if block.kind == "caption" else "标题里的词在文中", owner
    before = found[at - 1] if at else None
    if block.kind == "loose" and len(block.text) <= _NAME and before and before.kind in _PROSE and near:
        return "文末有署名", near[0]
    return "", None


def _title_the_rest(found: Sequence[Block], drafts: Sequence[_Draft]) -> None:
    """Headlines for texts that still have none: an official title for a numbered text, then by words, then by position;

    after that, lines that stand right above or below a headline go with it.
    """
    for named in (_official, _likest, _nearest):
        for draft in drafts:
            if not draft.titled:
                placed = {own for one in drafts for own, _ in one.around}
                left = [at for at, block in enumerate(found) if block.kind == "loose" and at not in placed and len(block.text) > _NAME]
                at, reason = named(found, left, draft, drafts)
                if at is not None:
                    _put(draft, at, found[at], reason)
    for draft in drafts:
        _companions(found, draft, drafts)


_Named = tuple[int | None, str]


def _official(found: Sequence[Block], left: Sequence[int], draft: _Draft, drafts: Sequence[_Draft]) -> _Named:
    numbered = [one for one in drafts if not one.titled and _numbers(one)]
    titles = [at for at in left if marks.OFFICIAL.match(found[at].text)]
    return (titles[0], "公文标题，正文有编号") if numbered == [draft] and len(titles) == 1 else (None, "")


def _likest(found: Sequence[Block], left: Sequence[int], draft: _Draft, drafts: Sequence[_Draft]) -> _Named:
    scored = sorted((_likeness(found[at].text, draft), at) for at in left)
    if not scored or scored[-1][0] < _REST:
        return None, ""
    score, at = scored[-1]
    others = max((_likeness(found[at].text, other) for other in drafts if other is not draft), default=0)
    return (at, "标题里的词在文中") if score - others >= _CLEAR else (None, "")


def _nearest(found: Sequence[Block], left: Sequence[int], draft: _Draft, drafts: Sequence[_Draft]) -> _Named:
    """The nearest line before or after the text, if no other text without headline is as near to it."""
    bare = [one for one in drafts if not one.titled]
    for at in sorted(left, key=lambda one: min(abs(one - own) for own in draft.at)):
        near = _neighbours(found, at, drafts)
        if draft in near and not any(one in near for one in bare if one is not draft):
            return at, "标题挨着正文"
    return None, ""


def _companions(found: Sequence[Block], draft: _Draft, drafts: Sequence[_Draft]) -> None:
    """Loose lines without a blank line between them and a headline of the text."""
    placed = {own for one in drafts for own, _ in one.around}
    for own, block in sorted(draft.around, key=lambda one: one[0]):
        for step in (-1, 1):
            at = own + step
            while block.kind == "loose" and 0 <= at < len(found) and found[at].kind == "loose" and at not in placed:
                if abs(found[at].lines[0] - found[at - step].lines[0]) != 1:
                    break
                _put(draft, at, found[at], "")
                placed.add(at)
                at += step


def _numbers(draft: _Draft) -> list[int]:
    return [number for block in draft.paragraphs if (number := marks.clause_number(block.text)) is not None]


def _neighbours(found: Sequence[Block], at: int, drafts: Sequence[_Draft]) -> list[_Draft]:
    """The texts whose paragraphs come last before and first after, with nothing but loose lines between."""
    owners: list[_Draft] = []
    for step in (-1, 1):
        here = at + step
        while 0 <= here < len(found) and found[here].kind not in _PROSE:
            here += step
        owners += [draft for draft in drafts if here in draft.at and draft not in owners]
    return owners


def _by_headline(found: Sequence[Block], at: int, drafts: Sequence[_Draft]) -> _Draft | None:
    """The text of the headline that stands right above a byline."""
    above = at - 1
    if above < 0 or found[above].kind != "loose":
        return None
    return next((draft for draft in drafts if any(own == above for own, _ in draft.around)), None)


def _pairs(text: str) -> set[str]:
    signs = [sign for sign in folded(text) if sign.isalnum()]
    return {"".join(pair) for pair in pairwise(signs)}


def _likeness(line: str, draft: _Draft) -> int:
    """Percent of the line's pairs of characters that the text has."""
    own = _pairs(marks.CAPTION.sub("", line))
    whole = _pairs("".join(block.text for block in draft.paragraphs))
    return 100 * len(own & whole) // len(own) if own else 0


def _text(draft: _Draft) -> Text:
    around = tuple(block for _, block in sorted(draft.around, key=lambda one: one[0]))
    reasons, score = list(draft.because), 40 + 15 * len(draft.because)
    numbers = _numbers(draft)
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


def _title(around: Sequence[Block], draft: _Draft) -> str:
    """The headline lines in order; a name of up to four characters is one only where nothing else is."""
    lines = [block.text for block in around if block.kind == "loose"]
    longer = [line for line in lines if len(line) > _NAME]
    return "　".join(longer or lines) or _beginning(draft)


def _beginning(draft: _Draft) -> str:
    return f"（无标题）{draft.paragraphs[0].text[:18]}……"

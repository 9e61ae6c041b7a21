"""Which text a headline, byline, source or caption belongs to: by words, by what papers print side by side, by position."""

from __future__ import annotations

from collections.abc import Sequence

from jiceng.law.text import marks
from jiceng.law.text.columns import Block
from jiceng.law.text.drafts import NAME, PROSE, Draft, clause_numbers, pairs, put

# Percent of a line's pairs of characters that a text must have: next to it, anywhere, for a caption, for what is left over;
# and the lead over the second text.
_NEXT_TO, _ANYWHERE, _CAPTION, _REST, _CLEAR = 30, 60, 50, 35, 10


def owner_of(found: Sequence[Block], at: int, drafts: Sequence[Draft], near: Sequence[Draft]) -> tuple[str, Draft | None]:
    """The text a headline, name, byline, source or caption belongs to, with the reason. `near` are the texts next to it."""
    block = found[at]
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
    if block.kind == "loose" and len(block.text) <= NAME and before and before.kind in PROSE and near:
        return "文末有署名", near[0]
    return "", None


def title_the_rest(found: Sequence[Block], drafts: Sequence[Draft], near: Sequence[Sequence[Draft]]) -> None:
    """Headlines for texts that still have none: an official title for a numbered text, then by words, then by position;

    after that, lines that stand right above or below a headline go with it.
    """
    placed = {own for one in drafts for own, _ in one.around}
    left = [at for at, block in enumerate(found) if at not in placed and _may_be_title(block)]
    for named in (_official, _likest, _nearest):
        for draft in drafts:
            at, reason = named(found, left, draft, drafts, near) if left and not draft.titled else (None, "")
            if at is not None:
                put(draft, at, found[at], reason)
                left.remove(at)
    for draft in drafts:
        _companions(found, draft, drafts)


def _may_be_title(block: Block) -> bool:
    """A loose line that is neither a name nor the head of the page."""
    return block.kind == "loose" and len(block.text) > NAME and not marks.PAGE_HEAD.match(block.text)


_Named = tuple[int | None, str]
_Near = Sequence[Sequence[Draft]]


def _official(found: Sequence[Block], left: Sequence[int], draft: Draft, drafts: Sequence[Draft], near: _Near) -> _Named:
    numbered = [one for one in drafts if not one.titled and clause_numbers(one)]
    titles = [at for at in left if marks.OFFICIAL.match(found[at].text)]
    return (titles[0], "公文标题，正文有编号") if numbered == [draft] and len(titles) == 1 else (None, "")


def _likest(found: Sequence[Block], left: Sequence[int], draft: Draft, drafts: Sequence[Draft], near: _Near) -> _Named:
    scored = sorted((_likeness(found[at].text, draft), at) for at in left)
    if not scored or scored[-1][0] < _REST:
        return None, ""
    score, at = scored[-1]
    others = max((_likeness(found[at].text, other) for other in drafts if other is not draft), default=0)
    return (at, "标题里的词在文中") if score - others >= _CLEAR else (None, "")


def _nearest(found: Sequence[Block], left: Sequence[int], draft: Draft, drafts: Sequence[Draft], near: _Near) -> _Named:
    """The nearest line before or after the text, if no other text without headline is as near to it."""
    bare = [one for one in drafts if not one.titled]
    for at in sorted(left, key=lambda one: min(abs(one - own) for own in draft.at)):
        if draft in near[at] and not any(one in bare for one in near[at] if one is not draft):
            return at, "标题挨着正文"
    return None, ""


def _companions(found: Sequence[Block], draft: Draft, drafts: Sequence[Draft]) -> None:
    """Loose lines without a blank line between them and a headline of the text."""
    placed = {own for one in drafts for own, _ in one.around}
    for own, block in sorted(draft.around, key=lambda one: one[0]):
        for step in (-1, 1):
            at = own + step
            while block.kind == "loose" and 0 <= at < len(found) and found[at].kind == "loose" and at not in placed:
                if abs(found[at].lines[0] - found[at - step].lines[0]) != 1:
                    break
                put(draft, at, found[at], "")
                placed.add(at)
                at += step


def neighbours(found: Sequence[Block], drafts: Sequence[Draft]) -> list[tuple[Draft, ...]]:
    """For each block the texts whose paragraphs come last before it and first after it, in that order."""
    owners = {at: draft for draft in drafts for at in draft.at}
    before: list[Draft | None] = []
    after: list[Draft | None] = []
    last: Draft | None = None
    for at in range(len(found)):
        before.append(last)
        last = owners.get(at, last)
    last = None
    for at in reversed(range(len(found))):
        after.append(last)
        last = owners.get(at, last)
    pairs = zip(before, reversed(after), strict=True)
    return [tuple(dict.fromkeys(one for one in pair if one is not None)) for pair in pairs]


def _by_headline(found: Sequence[Block], at: int, drafts: Sequence[Draft]) -> Draft | None:
    """The text of the headline that stands right above a byline."""
    above = at - 1
    if above < 0 or found[above].kind != "loose":
        return None
    return next((draft for draft in drafts if any(own == above for own, _ in draft.around)), None)


def _likeness(line: str, draft: Draft) -> int:
    """Percent of the line's pairs of characters that the text has."""
    own = pairs(marks.CAPTION.sub("", line))
    return 100 * len(own & draft.pairs) // len(own) if own else 0

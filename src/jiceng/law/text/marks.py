"""What newspapers print around a text: datelines, bylines, sources, captions, numbers of parts and clauses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

ENDS: Final = "。！？"
_CLOSERS: Final = "”’」』）)》】"
NEVER_FIRST: Final = "，。；：、！？" + _CLOSERS
OPENERS: Final = "“‘「『（(《【"
_PROSE: Final = "，。；："
_NUMERALS: Final = "一二三四五六七八九十百"
_DIGIT: Final = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")}

CONTINUED: Final = re.compile(r"[（(](?:紧接|上接|接)(?:第)?[一二三四五六七八九十\dA-Z]+版[^）)]{0,12}[）)]")
BREAKS_OFF: Final = re.compile(r"[（(](?:下转|转)(?:第)?[一二三四五六七八九十\dA-Z]+版[^）)]{0,12}[）)]$")
_DATELINE: Final = re.compile(
    r"(?:本报|[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|周报|网|社))(?:讯|[^，。]{0,16}\d+月\d+日[电讯])(?=[\s\d（(\u4e00-\u9fff“《]|$)"
)
SOURCE: Final = re.compile(r"[（(](?:据|来源|转自|原载|摘自)[^）)]{1,40}[）)]$|(?:来源|转自)[：:]\S{1,40}$")
_BYLINE: Final = re.compile(
    r"[◎□■●○◆]\s*\S.{0,24}$"
    r"|[（(]?(?:(?:本报|特约|见习|实习)(?:记者|通讯员)\s*|(?:记者|通讯员|实习生|作者|撰稿|文[/／]图|供稿)[：: 　]\s*)"
    r"\S{2,12}(?:\s\S{2,12})?[）)]?$"
    r"|\S{2,12}\s+(?:文[/／]图|文|图|摄|供稿)$"
)
OFFICIAL: Final = re.compile(r".*关于.+的(?:意见|办法|通知|规定|方案|细则|条例|决定|规划|决议|公告|规则)(?:[（(].{1,10}[）)])?$")
PAGE_HEAD: Final = re.compile(
    r"(?:\S{0,8}(?:日报|晚报|时报|早报|周报))?[\s　]*(?:第?[一二三四五六七八九十\dA-Z]+版|\d{4}年\d+月\d+日|星期|责任编辑|编辑|校对)"
)
CAPTION: Final = re.compile(r"(?:[左右上下]?图[①-⑩\d一二三]?(?:为|是|：|:)|[▲△↑↓←→▼])")
PART: Final = re.compile(rf"([{_NUMERALS}]{{1,3}})、(?=\S)")
CHAPTER: Final = re.compile(rf"第([{_NUMERALS}\d]{{1,4}})[章节编]")
CLAUSE: Final = re.compile(rf"(?:(\d{{1,3}})[.．、]\s*(?=[^\d\s.．、])|第([{_NUMERALS}\d]{{1,5}})条[\s　]*)")


def width(text: str) -> int:
    """Columns the text takes in print: a Chinese character two, a Latin letter or figure one."""
    return sum(map(_sign_width, text))


@lru_cache(maxsize=1 << 14)
def _sign_width(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1


def ended(text: str) -> bool:
    """A sentence ends here, closing marks after the stop included."""
    return text[-12:].rstrip(_CLOSERS)[-1:] in (*ENDS, "…") if text else False


def prose(text: str) -> bool:
    """Written in sentences: a headline, a name or a heading has none of these signs."""
    return any(sign in text for sign in _PROSE)


def starts_text(text: str) -> bool:
    """Only the first line of a text begins so: a dateline, or a note that the text comes from another page."""
    return bool(_DATELINE.match(text) or CONTINUED.match(text))


def is_byline(text: str) -> bool:
    """A line naming who wrote it."""
    return len(text) <= 30 and not prose(text) and bool(_BYLINE.match(text))


def is_heading(text: str) -> bool:
    """Heading of a part or chapter, on its own."""
    return len(text) <= 40 and not ended(text) and "，" not in text and bool(PART.match(text) or CHAPTER.match(text))


def number_in(numeral: str) -> int:
    """三十二 → 32, 17 → 17."""
    if numeral.isdecimal():
        return int(numeral)
    hundreds, _, rest = numeral.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _DIGIT.get(hundreds, 1 if "百" in numeral else 0)
    return value + (10 * _DIGIT.get(tens, 1) if ten else 0) + _DIGIT.get(ones.lstrip("零"), 0)


def clause_number(text: str) -> int | None:
    """The number a clause begins with."""
    found = CLAUSE.match(text)
    return number_in(found[1] or found[2]) if found else None


def part_number(text: str) -> int | None:
    """The number of a part's heading."""
    found = (PART.match(text) or CHAPTER.match(text)) if is_heading(text) else None
    return number_in(found[1]) if found else None


def unbalanced(text: str) -> bool:
    """A bracket or quotation mark was opened and not closed."""
    return any(text.count(left) > text.count(right) for left, right in ("（）", "“”", "《》", "【】"))

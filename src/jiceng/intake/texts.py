"""Cell text folded to one spelling, and the ways people write “none”."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_QUOTES = str.maketrans({"″": '"', "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "＂": '"', "‘": "'", "’": "'", "＇": "'"})

NONE_WORDS: Final = frozenset(
    {"无", "没有", "暂无", "未有", "没", "-", "--", "---", "—", "——", "－", "―", "–", "/", "//", "\\", "／", "×", "x", "X", "否", "从未",
     "未取得", "未参加", "未获得",
     "未考取", "未考核", "未培训", "未参加过", "未参加过培训", "未取得证书", "未持证", "未持有", "没有证书", "从未培训",
     "从未参加", "未参加培训", "无证", "无证书", "none", "NA", "N/A", "n/a"}
)  # fmt: skip
"""Known none (DECISIONS 3). A blank cell is not among them: blank is unknown."""

DITTO = frozenset({"同上", "〃", '"', "''", "同前", "″"})
"""The cell above once more."""

TICKS: Final = frozenset({"√", "✓", "✔", "☑", "■", "●", "是", "有", "1", "Y", "y", "V", "v", "对"})
"""Marks that say “this one” in a column of ticks."""


@dataclass(frozen=True)
class KnownNone:
    """A cell said that there is none (DECISIONS 3); a blank cell is None."""


NONE: Final = KnownNone()


def folded(text: str) -> str:
    """Full width to half width, all white space and invisible signs gone, one kind of quotation mark."""
    text = text.translate(_QUOTES) if not text.isascii() else text
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    return _SPACES.sub("", text)


def kept(text: str) -> str:
    """Text as it goes into the ledger: NFC, invisible signs gone, runs of white space as one space."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def cell_text(cell: object) -> str:
    """A cell as people see it: whole numbers without .0, dates as 2024-03-05; marks that keep text as text taken off."""
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] == "'":  # left over where a text mark was typed into the text itself
            text = text[1:]
        if text.startswith('="') and text.endswith('"'):  # a CSV's way to keep digits as text
            text = text[2:-1]
        return text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def is_none(text: str) -> bool:
    """Whether a folded cell says “none”."""
    return text in NONE_WORDS

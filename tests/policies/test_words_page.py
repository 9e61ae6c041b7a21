"""The page of words for authors names every word there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from jiceng.rules.language import IMPORTABLE

PAGE = Path(__file__).parents[2] / "docs" / "law" / "words.md"


def test_page_of_words_lists_exactly_the_words_of_the_language():
    cells = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {re.match(r"\w+", word)[0] for cell in cells for word in re.findall(r"`([^`]+)`", cell)}
    assert named == set(IMPORTABLE)

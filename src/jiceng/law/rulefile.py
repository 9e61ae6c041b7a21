"""rules.py of a folder read, and remembered by its text: one more folder must not mean reading three hundred again."""

from __future__ import annotations

import re
from pathlib import Path

from jiceng.base.refusals import Problem
from jiceng.law.lined import LARGEST
from jiceng.rules.definition import RuleDef
from jiceng.rules.source import read_rules
from jiceng.terms.registry import Terms

_WORD = re.compile(r"[^\W\d]\w*")
_Meaning = tuple[object, ...]
_kept: dict[tuple[str, str], tuple[_Meaning, tuple[RuleDef, ...]]] = {}
_MOST = 5_000


def rules_of(path: Path, *, name: str, terms: Terms, found: list[Problem]) -> tuple[RuleDef, ...]:
    """The checked rules of a file.

    Time    the file as it stands now; the same text under the same words is not read again
    Empty   a folder without the file has none
    Errors  appended to `found`, as `read_rules` gives them; a file with a finding is never remembered
    """
    if not path.is_file():
        return ()
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= LARGEST else ""
    except UnicodeDecodeError as error:
        found.append(Problem("law.encoding", "不是 UTF-8 编码，请另存为 UTF-8", name, raw[: error.start].count(b"\n") + 1))
        return ()
    if len(raw) > LARGEST:
        found.append(Problem("law.too_large", f"文件超过 {LARGEST // 1_000_000} MB，不像政策文件", name))
        return ()
    meaning = _meaning(text, terms)
    kept = _kept.get((name, text))
    if kept is not None and kept[0] == meaning:
        return kept[1]
    rules, problems = read_rules(text, path=name, terms=terms)
    found += problems
    if not problems:
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[name, text] = meaning, rules
    return rules


def _meaning(text: str, terms: Terms) -> _Meaning:
    """What the words of the file mean in the word list: all that reading it depends on beside its text."""
    words = sorted(set(_WORD.findall(text)))
    return tuple((word, terms.codes.get(word), terms.names.get(word), terms.kind_of_record.get(word)) for word in words)

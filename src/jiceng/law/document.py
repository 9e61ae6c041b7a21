"""document.yaml and clauses.yaml: what a policy folder says of itself, and every clause sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from jiceng.base.refusals import Problem, Refusal
from jiceng.law.lined import Entries
from jiceng.law.model import DISPOSITIONS, TRUSTS, Clause, Sentence
from jiceng.law.scalars import calendar_day
from jiceng.places.tree import level_of
from jiceng.rules.language import did_you_mean

REQUIRED = ("title", "jurisdiction", "in_force", "trust")
OPTIONAL = ("short", "number", "issuer", "dated", "published", "until", "sources", "version", "example", "note")
# Marks of sources as collected: A a government site or law text, B and C copies of it, D anything else.
TRUST_MARKS = {"A": "official", "B": "reprint", "C": "reprint", "D": "unverified"}
_TRUE, _FALSE = ("是", "true", "yes"), ("否", "false", "no", "")


@dataclass(frozen=True)
class Heading:
    """What document.yaml says, parsed."""

    title: str
    short: str
    number: str
    issuer: str
    jurisdiction: int
    dated: date | None
    published: date | None
    in_force: date
    until: date | None
    trust: str
    sources: tuple[str, ...]
    version: int
    example: bool
    note: str


def read_heading(raw: Any, *, path: str, found: list[Problem]) -> Heading | None:
    """The heading of a folder; None if anything in it was refused.

    Errors  appended to `found`: law.document with line, for a missing or unknown word, a date, code, trust, version
    """
    before = len(found)
    if not isinstance(raw, Entries):
        found.append(Problem("law.document", "应写明 title、jurisdiction、in_force、trust 等", path, 1))
        return None
    for key in REQUIRED:
        if not raw.get(key):
            found.append(Problem("law.document", f"缺“{key}”", path, raw.line))
    for key in raw:
        if key not in (*REQUIRED, *OPTIONAL):
            hint = did_you_mean(key, (*REQUIRED, *OPTIONAL))
            found.append(Problem("law.document", f"“{key}”不认识{hint}", path, raw.line_of(key)))
    days = {key: _day(raw, key, path, found) for key in ("dated", "published", "in_force", "until")}
    code = _code(raw, path, found)
    trust = TRUST_MARKS.get(raw.get("trust", ""), raw.get("trust", ""))
    if trust and (trust not in TRUSTS or trust == "adopted"):
        found.append(Problem("law.document", f"trust “{trust}”不认识，应是 official、reprint、unverified 之一", path, raw.line_of("trust")))
    version = raw.get("version", "1")
    if not (isinstance(version, str) and version.isdecimal() and int(version) > 0):
        found.append(Problem("law.document", "version 应是 1、2、3……", path, raw.line_of("version")))
    example = raw.get("example", "")
    if example not in (*_TRUE, *_FALSE):
        found.append(Problem("law.document", "example 应是“是”或“否”", path, raw.line_of("example")))
    if days["until"] and days["in_force"] and days["until"] <= days["in_force"]:
        found.append(Problem("law.document", "失效日（until）不晚于施行日（in_force）", path, raw.line_of("until")))
    in_force = days["in_force"]
    if len(found) > before or in_force is None or code is None:
        return None
    title = str(raw["title"])
    return Heading(
        title, str(raw.get("short") or title), str(raw.get("number", "")), str(raw.get("issuer", "")), code,
        days["dated"], days["published"], in_force, days["until"], trust,
        _sources(raw.get("sources", ())), int(version), example in _TRUE, str(raw.get("note", "")),
    )  # fmt: skip


def _day(raw: Entries, key: str, path: str, found: list[Problem]) -> date | None:
    text = raw.get(key, "")
    if text in ("", "未见"):
        return None
    day = calendar_day(text) if isinstance(text, str) else None
    if day is None:
        found.append(Problem("law.document", f"{key} “{text}”不是存在的日期（如 2023-01-01）", path, raw.line_of(key)))
    return day


def _code(raw: Entries, path: str, found: list[Problem]) -> int | None:
    text = raw.get("jurisdiction", "")
    if text in ("cn", "0"):
        return 0
    try:
        code = int(text)
        level_of(code)
    except (ValueError, TypeError, Refusal):
        if text:
            message = f"jurisdiction “{text}”不是区划代码：全国写 0，省 2 位、市 4 位、县 6 位、街道 9 位、社区 12 位"
            found.append(Problem("law.document", message, path, raw.line_of("jurisdiction")))
        return None
    return code


def _sources(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, str):
        return (raw,) if raw else ()
    return tuple(item if isinstance(item, str) else "，".join(str(part) for part in item.values()) for item in raw)


def read_clauses(raw: Any, *, path: str, found: list[Problem]) -> tuple[Clause, ...]:
    """Clauses in order, each sentence with its disposition.

    Errors  appended to `found`: shape, a number used twice, an unknown disposition, 不设 without a reason,
            a rule or value without saying which
    """
    if raw in (None, ""):
        return ()
    if not isinstance(raw, list) or not all(isinstance(item, Entries) for item in raw):
        found.append(Problem("law.clauses_shape", "应是“- number: …”的列表", path, 1))
        return ()
    clauses: list[Clause] = []
    for item in raw:
        number = str(item.get("number", ""))
        if not number:
            found.append(Problem("law.clauses_shape", "条款缺编号（number）", path, item.line))
        elif any(clause.number == number for clause in clauses):
            found.append(Problem("law.clause_twice", f"条款“{number}”写了两次", path, item.line))
        _unknown(item, ("number", "title", "sentences"), path, found)
        sentences = item.get("sentences", ())
        if not isinstance(sentences, list) or not sentences:
            found.append(Problem("law.clauses_shape", f"条款“{number}”缺 sentences（逐句摘要）", path, item.line))
            sentences = ()
        read = (_sentence(one, f"条款“{number}”第 {place} 句", path, found, item.line) for place, one in enumerate(sentences, 1))
        clauses.append(Clause(number, str(item.get("title", "")), tuple(s for s in read if s), item.line))
    return tuple(clauses)


def _sentence(raw: Any, where: str, path: str, found: list[Problem], line: int) -> Sentence | None:
    if not isinstance(raw, Entries):
        found.append(Problem("law.clauses_shape", f"{where}应写 digest 和 disposition", path, line))
        return None
    _unknown(raw, ("digest", "disposition", "points", "reason"), path, found)
    digest, disposition, reason = (str(raw.get(key, "")) for key in ("digest", "disposition", "reason"))
    points = raw.get("points", ())
    points = (points,) if isinstance(points, str) else tuple(str(point) for point in points)
    if not digest:
        found.append(Problem("law.clauses_shape", f"{where}缺摘要（digest）", path, raw.line))
    if disposition not in DISPOSITIONS:
        message = f"{where}的处置“{disposition}”不认识，应是 {'、'.join(f'{k}（{v}）' for k, v in DISPOSITIONS.items())} 之一"
        found.append(Problem("law.disposition", message, path, raw.line_of("disposition")))
    elif disposition == "none" and not reason:
        found.append(Problem("law.no_reason", f"{where}不设规则，须写理由（reason）", path, raw.line))
    elif disposition in ("rule", "value") and not points:
        found.append(Problem("law.no_points", f"{where}写明由{DISPOSITIONS[disposition]}体现，须指出是哪些（points）", path, raw.line))
    return Sentence(digest, disposition, points, reason)


def _unknown(raw: Entries, words: tuple[str, ...], path: str, found: list[Problem]) -> None:
    for key in raw:
        if key not in words:
            found.append(Problem("law.clauses_shape", f"“{key}”不认识{did_you_mean(key, words)}", path, raw.line_of(key)))

"""cases.yaml: worked cases in Chinese (情形 日期 地点 已知 应得 依据), parsed by the same words and units as the law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.base.refusals import Problem, Refusal
from jiceng.law.layers import Law
from jiceng.law.lined import Entries
from jiceng.law.model import Document
from jiceng.law.scalars import calendar_day, scalar
from jiceng.places.tree import level_of
from jiceng.rules.language import did_you_mean
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import Field, Kind

_WORDS = ("情形", "日期", "地点", "已知", "应得", "依据")
KNOWN_NONE, NOT_KNOWN = ("无", "没有", "—"), ("不详", "未知")
_KINDS = {text: kind for kind, text in KIND_NAMES.items() if kind is not AnswerKind.value} | {"歧义": AnswerKind.ambiguous}
_YEARS = re.compile(r"(\d{4})(?:(?:\.\.|-|—|至)(\d{4}))?年?")
_SPAN = re.compile(r"(.+?)(?:\.\.|至|—)(.*)")
_NOW = ("", "今", "至今")


@dataclass(frozen=True)
class CaseRecord:
    """One record of a history, encoded by field."""

    since: date
    until: date
    place: int
    values: dict[str, int]


@dataclass(frozen=True)
class CaseHistory:
    """A history as a case states it; whole unless the case says otherwise."""

    records: tuple[CaseRecord, ...] = ()
    whole: bool = True
    complete_from: date | None = date.min


@dataclass(frozen=True)
class Expected:
    """What an answer should be: a value, or a kind with a text its reason should hold."""

    text: str
    kind: AnswerKind
    value: int | None = None
    holding: str = ""


@dataclass(frozen=True)
class Case:
    """One worked case. `known` and `expected` are keyed by identifier."""

    number: int
    title: str
    on: date
    place: int
    known: dict[str, int] = field(default_factory=dict)
    histories: dict[str, CaseHistory] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)
    basis: str = ""
    line: int = 0


class _Wrong(Exception):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def check_cases(law: Law, document: Document) -> Iterator[Problem]:
    """Cases that do not read (law.case, refused), and rules that no case of their folder asks (law.no_case, a notice)."""
    asked: set[str] = set()
    for case, problem in _read(law, document):
        if problem:
            yield problem
        if case:
            asked |= case.expected.keys()
    for rule in document.rules:
        # A total is summed over people whom no case holds: given, it would only be compared with itself.
        if rule.id not in asked and not rule.total:
            yield Problem("law.no_case", f"规则“{rule.title}”（{rule.id}）没有算例", rule.path, rule.line, notice=True)


def read_cases(law: Law, document: Document) -> tuple[Case, ...]:
    """The cases of a document that loaded, in order."""
    return tuple(case for case, _ in _read(law, document) if case)


def _read(law: Law, document: Document) -> Iterator[tuple[Case | None, Problem | None]]:
    for number, raw in enumerate(document.cases, 1):
        try:
            yield _case(law, document, number, raw), None
        except _Wrong as wrong:
            head = f"第 {number} 个算例“{raw.get('情形', '')}”"
            yield None, Problem("law.case", f"{head}：{wrong.message}", f"{document.id}/cases.yaml", wrong.line)


def _case(law: Law, document: Document, number: int, raw: Any) -> Case:
    line = raw.line
    for key in raw:
        if key not in _WORDS:
            raise _Wrong(f"“{key}”不认识，应是 {'、'.join(_WORDS)}", raw.line_of(key))
    on = calendar_day(str(raw.get("日期", "")))
    if on is None:
        raise _Wrong("日期应是存在的日期，如 2023-12-31", raw.line_of("日期"))
    place = _place(raw.get("地点", str(document.jurisdiction)), raw.line_of("地点"))
    known, expected = raw.get("已知") or Entries(), raw.get("应得")
    if not isinstance(known, Entries) or not isinstance(expected, Entries) or not expected:
        raise _Wrong("已知、应得应写成 {名字: 内容}，应得不能空", line)
    facts, histories = {}, {}
    for text, body in known.items():
        name, at = _name(law, text, known.line_of(text)), known.line_of(text)
        type = law.types.get(name, TypeRef("int"))
        if type.name == "History":
            histories[name] = _history(law, type.parameters[0].name, body, on, place, at)
        elif body not in NOT_KNOWN:
            facts[name] = _number(law, name, body, at)
    wanted = {_name(law, text, expected.line_of(text)): (text, body) for text, body in expected.items()}
    results = {name: _expected(law, name, body, expected.line_of(text)) for name, (text, body) in wanted.items()}
    return Case(number, str(raw.get("情形", "")), on, place, facts, histories, results, str(raw.get("依据", "")), line)


def _place(text: Any, line: int) -> int:
    try:
        code = 0 if text in ("cn", "0", "全国") else int(text)
        level_of(code)
    except (ValueError, TypeError, Refusal):
        raise _Wrong(f"地点“{text}”不是区划代码", line) from None
    return code


def _name(law: Law, text: str, line: int) -> str:
    names = law.named(text)
    if not names:
        raise _Wrong(f"“{text}”在词表、数值、规则中都没有{did_you_mean(text, (*law.titles, *law.titles.values()))}", line)
    if len(names) > 1:
        raise _Wrong(f"“{text}”可能是 {'、'.join(names)}，请写标识", line)
    return names[0]


def _number(law: Law, name: str, body: Any, line: int) -> int:
    type, unit = law.types.get(name, TypeRef("int")), law.units.get(name, "")
    number = scalar(body, type, unit=unit, terms=law.terms) if isinstance(body, str) else None
    if number is None:
        raise _Wrong(f"“{law.titles.get(name, name)}”的“{body}”不能读成 {type}", line)
    return number


def _expected(law: Law, name: str, body: Any, line: int) -> Expected:
    text = body if isinstance(body, str) else ""
    head, _, holding = text.replace(":", "：").partition("：")
    if head.strip() in _KINDS:
        return Expected(text, _KINDS[head.strip()], None, holding.strip())
    return Expected(text, AnswerKind.value, _number(law, name, body, line))


def _history(law: Law, record: str, body: Any, on: date, place: int, line: int) -> CaseHistory:
    if isinstance(body, str) and body in KNOWN_NONE:
        return CaseHistory()
    if isinstance(body, str) and body in NOT_KNOWN:
        return CaseHistory(whole=False, complete_from=None)
    whole, complete = True, date.min
    if isinstance(body, Entries) and "记录" in body:
        if "完整自" in body:
            day = calendar_day(str(body["完整自"]))
            if day is None:
                raise _Wrong("“完整自”应是日期", line)
            whole, complete = False, day
        elif body.get("完整", "是") == "否":
            records = _records(law, record, body["记录"], on, place, line)
            return CaseHistory(records, whole=False, complete_from=None)
        body = body["记录"]
    return CaseHistory(_records(law, record, body, on, place, line), whole, complete)


def _records(law: Law, record: str, body: Any, on: date, place: int, line: int) -> tuple[CaseRecord, ...]:
    items = body if isinstance(body, list) else [] if body in KNOWN_NONE else [body]
    kind = law.terms.kind_of_record[record]
    found = [one for item in items for one in _record(law, kind, item, on, place, line)]
    return tuple(sorted(found, key=lambda one: one.since))


def _record(law: Law, kind: Kind, item: Any, on: date, place: int, line: int) -> Iterator[CaseRecord]:
    if isinstance(item, str):
        head, *rest = item.replace("，", " ").replace(",", " ").split()
        values, where = _loose(law, kind, rest, line)
    elif isinstance(item, Entries):
        head, values, where = _stated(law, kind, item, line)
    else:
        raise _Wrong(f"“{kind.name}”的一条应写成“日期 内容 …”或 {{自: …, 字段: …}}", line)
    where = place if where is None else where
    years = _YEARS.fullmatch(head) if "year" in kind.fields else None
    if years:
        for year in range(int(years[1]), int(years[2] or years[1]) + 1):
            # A year's record stands from its last day, or from the day of the case if that comes first.
            yield CaseRecord(min(date(year, 12, 31), on), OPEN_END, where, {"year": year, **values})
        return
    since, until = _period(head, kind, line)
    if "year" in kind.fields:
        values.setdefault("year", since.year)
    yield CaseRecord(since, until, where, values)


def _period(head: str, kind: Kind, line: int) -> tuple[date, date]:
    day = calendar_day(head)
    if day:
        return day, OPEN_END
    span = _SPAN.fullmatch(head)
    since = calendar_day(span[1]) if span else None
    until = OPEN_END if span and span[2] in _NOW else calendar_day(span[2]) if span else None
    if since is None or until is None or until <= since:
        raise _Wrong(f"“{kind.name}”的“{head}”不是日期、起止日期{'或年度' if 'year' in kind.fields else ''}", line)
    return since, until


def _loose(law: Law, kind: Kind, words: list[str], line: int) -> tuple[dict[str, int], int | None]:
    """Words without a field name: each goes to the first field whose type takes it."""
    values: dict[str, int] = {}
    where = None
    for word in words:
        name, equals, text = word.partition("=")
        if equals:
            if name == "地点":
                where = _place(text, line)
            else:
                _put(law, kind, _field(kind, name, line), text, values, line)
            continue
        # Code lists first: “书记” is a post, never the start of some other text.
        fields = sorted(kind.open_fields.values(), key=lambda one: one.type not in law.terms.codes)
        for one in fields:
            number = scalar(word, TypeRef(one.type), unit="", terms=law.terms) if one.type not in ("text", "bool") else None
            if number is not None and one.id not in values:
                values[one.id] = number
                break
        else:
            raise _Wrong(f"“{kind.name}”里没有字段能放“{word}”", line)
    return values, where


def _stated(law: Law, kind: Kind, item: Entries, line: int) -> tuple[str, dict[str, int], int | None]:
    values: dict[str, int] = {}
    where = None
    since, until = item.get("自", ""), item.get("至", "")
    for key, text in item.items():
        if key in ("自", "至"):
            continue
        if key == "地点":
            where = _place(text, line)
        else:
            _put(law, kind, _field(kind, key, line), str(text), values, line)
    head = f"{since}..{until}" if until else since
    return (head or str(values.pop("year", ""))), values, where


def _field(kind: Kind, text: str, line: int) -> Field:
    for one in kind.open_fields.values():
        if text in (one.id, one.name):
            return one
    known = [name for one in kind.open_fields.values() for name in (one.id, one.name)]
    raise _Wrong(f"“{kind.name}”没有字段“{text}”{did_you_mean(text, known)}", line)


def _put(law: Law, kind: Kind, one: Field, text: str, values: dict[str, int], line: int) -> None:
    if one.type == "text":
        return
    number = scalar(text, TypeRef(one.type), unit="", terms=law.terms)
    if number is None:
        raise _Wrong(f"“{kind.name}·{one.name}”的“{text}”不能读成 {one.type}", line)
    values[one.id] = number

"""The pieces of a draft as its forms hold them: heading, clauses, values, cases; read from the files and written into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiceng.base.refusals import Refusal
from jiceng.law.drafting.blocks import entry, flow, parsed, scalar, with_entry, with_item
from jiceng.law.drafting.patterns import Need
from jiceng.law.lined import Entries, Items

NOT_DISPOSED = "还没有处置"
HEADING = ("title", "short", "number", "issuer", "jurisdiction", "dated", "published", "in_force", "until", "trust")


@dataclass(frozen=True)
class SentenceRow:
    """A sentence as the form holds it."""

    digest: str
    disposition: str
    points: tuple[str, ...] = ()
    reason: str = ""

    @property
    def open(self) -> bool:
        """Nobody has said yet what is done about it."""
        return self.disposition == "none" and self.reason == NOT_DISPOSED


@dataclass(frozen=True)
class ClauseRow:
    """A clause as the form holds it."""

    number: str
    title: str
    sentences: tuple[SentenceRow, ...]


@dataclass(frozen=True)
class ValueRow:
    """A value as the form holds it: what it says on each day, as written."""

    name: str
    title: str
    clause: str
    unit: str
    kind: str
    axes: tuple[str, ...]
    by_date: tuple[tuple[str, Any], ...]
    reading: str
    note: str

    @property
    def open(self) -> bool:
        """Nobody has said what it is."""
        return self.kind == "delegate" and not self.reading


@dataclass(frozen=True)
class CaseRow:
    """A worked case as the form holds it: names and contents as text."""

    title: str
    on: str
    place: str
    known: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str], ...]
    basis: str = ""


@dataclass(frozen=True)
class Draft:
    """All pieces; what does not read is left empty and said in `broken` (file → why)."""

    heading: Mapping[str, Any] = field(default_factory=dict)
    clauses: tuple[ClauseRow, ...] = ()
    values: tuple[ValueRow, ...] = ()
    cases: tuple[CaseRow, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def jurisdiction(self) -> int | None:
        """The place it is for; None if the heading does not say one."""
        text = str(self.heading.get("jurisdiction", ""))
        return int(text) if text.isdecimal() else 0 if text == "cn" else None


def pieces(files: Mapping[str, str]) -> Draft:
    """The pieces of these files."""
    broken: dict[str, str] = {}

    def read(name: str) -> Any:
        try:
            return parsed(files.get(name, ""), name=name)
        except Refusal as refusal:
            broken[name] = refusal.why
            return None

    heading, clauses, values, cases = (read(f"{name}.yaml") for name in ("document", "clauses", "values", "cases"))
    return Draft(
        heading if isinstance(heading, Entries) else {},
        tuple(_clause(one) for one in clauses if isinstance(one, Entries)) if isinstance(clauses, Items) else (),
        tuple(_value(name, body) for name, body in values.items() if isinstance(body, Entries)) if isinstance(values, Entries) else (),
        tuple(_case(one) for one in cases if isinstance(one, Entries)) if isinstance(cases, Items) else (),
        broken,
    )


def _clause(raw: Entries) -> ClauseRow:
    sentences = raw.get("sentences", ())
    rows = tuple(
        SentenceRow(str(one.get("digest", "")), str(one.get("disposition", "")), _words(one.get("points", ())), str(one.get("reason", "")))
        for one in sentences
        if isinstance(one, Entries)
    )
    return ClauseRow(str(raw.get("number", "")), str(raw.get("title", "")), rows)


def _words(raw: Any) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) and raw else tuple(str(one) for one in raw)


def _value(name: str, raw: Entries) -> ValueRow:
    dated = tuple((key, body) for key, body in raw.items() if key[:4].isdigit())
    words = {key: str(raw.get(key, "")) for key in ("title", "clause", "unit", "kind", "reading", "note")}
    return ValueRow(
        name, words["title"], words["clause"], words["unit"], words["kind"], _words(raw.get("axes", ())), dated, words["reading"],
        words["note"],
    )  # fmt: skip


def _case(raw: Entries) -> CaseRow:
    def rows(key: str) -> tuple[tuple[str, str], ...]:
        body = raw.get(key)
        return tuple((name, _written(one)) for name, one in body.items()) if isinstance(body, Entries) else ()

    words = {key: str(raw.get(key, "")) for key in ("情形", "日期", "地点", "依据")}
    return CaseRow(words["情形"], words["日期"], words["地点"], rows("已知"), rows("应得"), words["依据"])


def _written(raw: Any) -> str:
    """What a fact of a case holds, one record a line; what only YAML can say is left as YAML."""
    if isinstance(raw, Items) and all(isinstance(one, str) for one in raw):
        return "\n".join(raw)
    return raw if isinstance(raw, str) else flow(raw)


def heading_text(said: Mapping[str, str], *, sources: Sequence[str], version: int, example: bool, note: str) -> str:
    """document.yaml. A day nobody saw is 未见, a blank one is left out."""
    lines = []
    for key in HEADING:
        text = said.get(key, "").strip()
        if text:
            lines.append(f'{key}: "{text}"' if key == "jurisdiction" else f"{key}: {scalar(text)}")
    lines.append("sources: []" if not sources else "sources:\n" + "\n".join(f"  - {scalar(one)}" for one in sources))
    lines.append(f"version: {version}")
    lines += ["example: 是"] if example else []
    lines += [f"note: {scalar(note)}"] if note.strip() else []
    return "\n".join(lines) + "\n"


def with_clause(text: str, index: int, row: ClauseRow | None) -> str:
    """clauses.yaml with one clause replaced, added (an index past the end) or taken out (None).

    Errors  Refusal draft.clause_twice, and those of blocks
    """
    told = pieces({"clauses.yaml": text}).clauses
    if row and any(one.number == row.number for place, one in enumerate(told) if place != index):
        raise Refusal("draft.clause_twice", f"已经有编号是“{row.number}”的条", why="一个编号只能用一次", do="请换一个编号，或打开那一条改")
    return with_item(text, index, _clause_block(row) if row else None, name="clauses.yaml")


def _clause_block(row: ClauseRow) -> str:
    lines = [f'- number: "{row.number}"', f"  title: {scalar(row.title)}", "  sentences:"]
    for one in row.sentences:
        lines += [f"    - digest: {scalar(one.digest)}", f"      disposition: {one.disposition}"]
        lines += [f"      points: {flow(one.points)}"] if one.points else []
        lines += [f"      reason: {scalar(one.reason)}"] if one.reason else []
    return "\n".join(lines) + "\n"


def with_points(text: str, at: tuple[int, int], names: Sequence[str], *, disposition: str) -> str:
    """clauses.yaml with names added to what carries a sentence. A sentence that has a rule keeps saying rule.

    Errors  those of blocks
    """
    clause, place = at
    told = pieces({"clauses.yaml": text}).clauses[clause]
    before = told.sentences[place]
    kind = "rule" if "rule" in (before.disposition, disposition) else disposition
    reason = "" if before.open else before.reason
    after = SentenceRow(before.digest, kind, tuple(dict.fromkeys((*before.points, *names))), reason)
    sentences = (*told.sentences[:place], after, *told.sentences[place + 1 :])
    return with_clause(text, clause, ClauseRow(told.number, told.title, sentences))


def without_point(text: str, name: str) -> str:
    """clauses.yaml without a name that is gone; a sentence left with none has to be disposed of anew."""
    for place, clause in enumerate(pieces({"clauses.yaml": text}).clauses):
        if any(name in one.points for one in clause.sentences):
            kept = tuple(_without(one, name) for one in clause.sentences)
            text = with_clause(text, place, ClauseRow(clause.number, clause.title, kept))
    return text


def _without(row: SentenceRow, name: str) -> SentenceRow:
    points = tuple(one for one in row.points if one != name)
    if points or not row.points:
        return SentenceRow(row.digest, row.disposition, points, row.reason)
    return SentenceRow(row.digest, "none", (), NOT_DISPOSED)


def value_body(row: ValueRow, *, titled: bool) -> dict[str, Any]:
    """A value as values.yaml has it; `titled` if its name is not in the word list."""
    body: dict[str, Any] = {"title": row.title} if titled and row.title else {}
    body["clause"] = row.clause
    body |= {"unit": row.unit} if row.unit else {}
    body |= {"kind": row.kind} if row.kind not in ("", "value") else {}
    if row.axes:
        body["axes"] = row.axes[0] if len(row.axes) == 1 else list(row.axes)
    body |= {"reading": row.reading} if row.reading else {}
    body |= {day: content for day, content in sorted(row.by_date)}
    return body | ({"note": row.note} if row.note else {})


def with_value(text: str, row: ValueRow | None, *, name: str = "", titled: bool = True) -> str:
    """values.yaml with one value replaced, added, or taken out (None, by `name`).

    Errors  those of blocks
    """
    block = entry(row.name, value_body(row, titled=titled)) if row else None
    return with_entry(text, row.name if row else name, block, name="values.yaml")


def needed(need: Need, *, clause: str) -> ValueRow | None:
    """A value that a pattern asks for, as long as nobody has said what it is: left open, or read in a stated way.

    Empty   bands cannot be left open: they have to be written
    """
    if need.bands:
        return None
    return ValueRow(need.name, need.title, clause, need.unit, "delegate", need.axes, (), need.reading, need.note)


def with_case(text: str, index: int, row: CaseRow | None, *, histories: Sequence[str] = ()) -> str:
    """cases.yaml with one case replaced, added or taken out. `histories`: names whose content is one record a line.

    Errors  those of blocks
    """
    return with_item(text, index, _case_block(row, histories) if row else None, name="cases.yaml")


def _case_block(row: CaseRow, histories: Sequence[str]) -> str:
    lines = [f"- 情形: {scalar(row.title)}", f"  日期: {scalar(row.on)}"]
    lines += [f'  地点: "{row.place}"'] if row.place else []
    lines += ["  已知:" if row.known else "  已知: {}"]
    lines += [f"    {flow(name)}: {_content(text, name in histories)}" for name, text in row.known]
    lines += ["  应得:", *(f"    {flow(name)}: {scalar(text)}" for name, text in row.expected)]
    lines += [f"  依据: {scalar(row.basis)}"] if row.basis else []
    return "\n".join(lines) + "\n"


def _content(text: str, history: bool) -> str:
    """A fact's content; what was written as YAML ({…} or […]) goes back as it is."""
    bare = text.strip()
    if bare[:1] in "{[" and bare[-1:] in "}]":
        return bare
    lines = [line.strip() for line in bare.splitlines() if line.strip()]
    if not history or bare in ("无", "没有", "—", "不详", "未知"):
        return scalar(bare)
    return flow(lines)

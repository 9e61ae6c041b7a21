"""What a form asks of persons, from the ledger and from the rules, each with where it comes from in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiceng.answers.card import as_dict
from jiceng.base.dates import chinese_date
from jiceng.base.kinds import AnswerKind
from jiceng.intake.held_cells import SEALED, HeldRow
from jiceng.intake.roster import COLUMNS
from jiceng.ledger.reading import FactRow, entries_by_id, history
from jiceng.packets.forms import AGE, ANSWER, HIGHEST
from jiceng.runs.ask import ask_worker
from jiceng.runs.law import installed_law
from jiceng.terms.registry import Terms
from jiceng.ui.moment import ZONE


@dataclass(frozen=True)
class Held:
    """A cell to fill and where it comes from."""

    text: str
    source: str


def held_of(rows: Sequence[HeldRow], columns: Sequence[str], *, on: date, plain: bool) -> dict[int, dict[str, Held]]:
    """Worker → column → what is held; a column about which nothing is held of a worker has no entry.

    Time    state at the end of `on`, as known now
    Units   `plain`: sealed columns as they are, else masked
    """
    terms = installed_law().terms
    kinds = sorted({column.split(".")[0] for column in columns if "." in column and not column.startswith(ANSWER)})
    facts: dict[tuple[int, str], FactRow] = {}
    if kinds and rows:
        for fact in history([row.subject for row in rows], on=on, kinds=kinds, terms=terms):
            if fact.until > on or terms.kinds[fact.kind].cardinality == "event":
                facts[fact.subject, fact.kind] = fact
    cells = {row.subject: row.cells for row in rows}
    asked = {*columns, "birth"}
    if HIGHEST in asked:
        asked |= {"education_full", "education_service"}
    entries = {cell.fact.entry for held in cells.values() for name, cell in held.items() if cell.fact and name in asked}
    told = _Sources(terms, entries | {fact.entry for fact in facts.values()})
    found: dict[int, dict[str, Held]] = {}
    for row in rows:
        own = found.setdefault(row.subject, {})
        for column in columns:
            held = _one(row, column, facts, told, on=on, plain=plain)
            if held is not None and held.text:
                own[column] = held
    return found


def _one(row: HeldRow, column: str, facts: Mapping[tuple[int, str], FactRow], told: _Sources, *, on: date, plain: bool) -> Held | None:
    if column in COLUMNS:
        cell = row.cells.get(column)
        if cell is None:
            return None
        hidden = column in SEALED and not plain
        return Held(row.masked(column) if hidden else cell.text, told.of(cell.fact) + ("（号码已遮住）" if hidden else ""))
    if column == HIGHEST:
        ways = [row.cells[name] for name in ("education_service", "education_full") if name in row.cells and row.cells[name].text != "无"]
        best = max(ways, key=lambda cell: told.rank("EducationLevel", cell.text), default=None)
        return Held(best.text, told.of(best.fact)) if best else None
    if column == AGE:
        birth = row.cells.get("birth")
        if birth is None:
            return None
        return Held(str(_years(date.fromisoformat(birth.text), on)), f"按出生日期推算至{chinese_date(on)}；{told.of(birth.fact)}")
    if column.startswith(ANSWER):
        return _answered(row.subject, column.removeprefix(ANSWER), on)
    kind, field = column.split(".")
    fact = facts.get((row.subject, kind))
    value = fact.data.get(field) if fact else None
    return Held(told.word(kind, field, value), told.of(fact)) if value is not None else None


def _years(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _answered(subject: int, rule: str, on: date) -> Held | None:
    """A rule's answer with its clause; anything but a value is not filled in."""
    step = ask_worker(subject, on=on, rule=rule).get(rule)
    if step is None or step.kind is not AnswerKind.value:
        return None
    card = as_dict(step, installed_law().terms)
    clause: dict[str, Any] = card["clause"] or {}
    return Held(card["text"], f"按规则推算：{card['title']}{clause.get('mark', '')}，截至{chinese_date(on)}")


class _Sources:
    """Facts in words: kind, since when, entry, by whom and when it was recorded."""

    def __init__(self, terms: Terms, entries: set[int]) -> None:
        self.terms, self.entries = terms, entries_by_id(entries)

    def of(self, fact: FactRow | None) -> str:
        """学历，自2023年1月1日；分录 1099511627777，张三2023年1月3日登记."""
        if fact is None:
            return "台账"
        entry = self.entries.get(fact.entry)
        kind = self.terms.kinds.get(fact.kind)
        said = f"{kind.name if kind else fact.kind}，自{chinese_date(fact.since)}；分录 {fact.entry}"
        return said + (f"，{entry.actor}{chinese_date(fact.known.astimezone(ZONE).date())}记入" if entry else "")

    def rank(self, code: str, name: str) -> int:
        """The number of a word of a code list, by which levels are ordered."""
        return next((item.number for item in self.terms.codes[code].items if item.name == name), 0)

    def word(self, kind: str, field: str, value: object) -> str:
        """A value as people read it."""
        declared = self.terms.kinds[kind].fields[field].type
        codes = self.terms.codes.get(str(declared))
        found = codes.by_id.get(str(value)) if codes else None
        if isinstance(value, bool):
            return "是" if value else "否"
        return found.name if found else str(value)

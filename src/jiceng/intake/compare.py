"""What a row states against what the ledger believes: only news becomes a change.

A blank cell or a column that is not there takes nothing away. What the ledger knows to have begun after the day of the
roster stays: an old roster that arrives late does not overwrite what came since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.intake.facts import Stated
from jiceng.ledger.changes import Change, Correct, Record
from jiceng.ledger.identity import open_sealed
from jiceng.ledger.reading import FactRow, history
from jiceng.places import tree
from jiceng.terms.registry import Kind, Terms

_OF_NATURE = frozenset({"person", "birth", "sex", "nation", "community_start"})
"""Kinds whose date is part of what they say; another value there corrects, it does not follow."""

_NEVER = {"training": "培训", "assessment": "年度考核", "certificate": "证书", "contract": "合同"}


@dataclass(frozen=True)
class Against:
    """A row contradicts the ledger and was not taken: refusal id, reason, what to do, the column it is about."""

    id: str
    why: str
    do: str
    column: str


@dataclass(frozen=True)
class Held:
    """What is believed of some subjects over all time, by subject and kind; sealed fields opened."""

    facts: Mapping[int, Mapping[str, Sequence[FactRow]]]
    opened: Mapping[int, Mapping[str, Any] | None]

    def of(self, subject: int, kind: str) -> Sequence[FactRow]:
        """Believed facts of one kind, by since."""
        return self.facts.get(subject, {}).get(kind, ())


def held(subjects: Iterable[int], *, terms: Terms) -> Held:
    """What the ledger believes now of these subjects."""
    rows = history(subjects, on=OPEN_END, terms=terms)
    facts: dict[int, dict[str, list[FactRow]]] = {}
    for row in rows:
        facts.setdefault(row.subject, {}).setdefault(row.kind, []).append(row)
    return Held(facts, open_sealed(rows))


@dataclass
class Comparison:
    """Rows of one import against the ledger. `inside` tells whether a place belongs to the book that is written."""

    terms: Terms
    as_of: date
    scope: int
    book: int
    book_of: Mapping[int, int]
    names: Mapping[int, str] = field(default_factory=dict)

    def changes(self, subject: int, stated: Sequence[Stated], known: Held) -> list[Change] | Against:
        """The changes that a row makes to a known person; empty if all of it is believed already."""
        found: list[Change] = []
        for fact in stated:
            kind = self.terms.kinds[fact.kind]
            there = known.of(subject, fact.kind)
            if kind.key and there:
                slot = _slot(fact.data, fact.place, kind)
                there = [row for row in there if _slot(row.data, row.place, kind) == slot]
            if fact.kind == "complete":
                outcome = self._complete(subject, fact, there, known)
            elif kind.cardinality == "event":
                outcome = self._event(subject, fact, kind, there)
            elif fact.kind == "appointment":
                outcome = self._appointment(subject, fact, there, known)
            else:
                outcome = self._lasting(subject, fact, there, known)
            if isinstance(outcome, Against):
                return outcome
            found.extend(outcome)
        return found

    def _lasting(self, subject: int, fact: Stated, there: Sequence[FactRow], known: Held) -> list[Change]:
        now = self._current(there)
        later = next((row.since for row in there if row.since > self.as_of), None)
        if now is None:
            return [record(subject, fact, until=later)]
        data = {**now.data, **fact.data}
        before = known.opened.get(now.id) or {}
        sealed = {**before, **fact.sealed} if fact.sealed else None
        moved = fact.dated and fact.since != now.since and not (fact.rounded and _same_month(fact.since, now.since))
        if data == now.data and (sealed is None or sealed == before):
            # The date alone is another: what was recorded was right, its beginning was not.
            return [Correct(now.id, fact.since, _end(now.until), data)] if moved and fact.since < now.until else []
        if fact.rounded and not moved and data.keys() == {"date"}:
            return []  # the ledger knows the day, the roster only the month
        if fact.kind in _OF_NATURE:
            return [Correct(now.id, fact.since, _end(now.until), data, sealed)]
        fills = all(key not in now.data for key in data if data[key] != now.data.get(key))
        since = self.as_of if fact.kind == "political_status" else fact.since
        if (fills and sealed is None and not moved) or since <= now.since or since >= now.until:
            # What was unknown is filled in, or the same beginning is told otherwise: no new period.
            begin = since if fact.dated and since < now.until else now.since
            return [Correct(now.id, begin, _end(now.until), data, sealed)]
        return [Record(subject, fact.kind, since, _end(now.until), data, sealed, fact.place)]

    def _current(self, rows: Sequence[FactRow]) -> FactRow | None:
        """The fact that holds on the day of the roster."""
        return next((row for row in rows if row.since <= self.as_of < row.until), None)

    def _event(self, subject: int, fact: Stated, kind: Kind, there: Sequence[FactRow]) -> list[Change] | Against:
        if not kind.key:
            seen = any(row.since == fact.since or (fact.rounded and _same_month(row.since, fact.since)) for row in there)
            return [] if seen else [record(subject, fact)]
        if not there:
            return [record(subject, fact)]
        now = there[-1]
        data = {**now.data, **fact.data}
        return [] if data == now.data else [Correct(now.id, now.since, None, data)]

    def _complete(self, subject: int, fact: Stated, there: Sequence[FactRow], known: Held) -> list[Change] | Against:
        kind = fact.data["kind"]
        never = fact.since == _born(subject, known)
        recorded = [row for row in known.of(subject, kind) if row.since <= self.as_of < row.until]
        if never and kind in _NEVER and recorded:
            return Against(
                "intake.none_but_recorded", f"表里写“无”，台账里有 {chinese_date(recorded[-1].since)} 起的{_NEVER[kind]}记录",
                "请核对；台账有误的先在人员页更正", kind,
            )  # fmt: skip
        if not there:
            return [record(subject, fact)]
        widest = min(there, key=lambda row: row.data["from"])
        if widest.data["from"] <= fact.data["from"]:
            return []
        return [Correct(widest.id, fact.since, _end(widest.until), dict(fact.data))]

    def _appointment(self, subject: int, fact: Stated, there: Sequence[FactRow], known: Held) -> list[Change] | Against:
        now = [row for row in known.of(subject, "appointment") if row.since <= self.as_of < row.until]
        if any(row.place == fact.place for row in now) or not now:
            return self._lasting(subject, fact, there, known)
        old = now[-1]
        where = self.names.get(old.place or 0, "") if tree.contains(self.scope, old.place or 0) else ""
        if self.book_of.get(old.place or 0, self.book) != self.book:
            return Against(
                "intake.other_book", f"此人已在{where or '本次办理范围以外的地方'}在册", "请先由原单位办理调动或离任，再导入", "id_number"
            )
        if not fact.dated or fact.since <= old.since:
            return Against(
                "intake.elsewhere", f"此人已在{where or '别的社区'}任职（自{chinese_date(old.since)}）",
                "如已调动，请填写晚于原任职的“任现岗时间”；如写错社区，请更正", "community",
            )  # fmt: skip
        later = next((row.since for row in there if row.since > self.as_of), None)
        closed = Correct(old.id, old.since, fact.since, old.data)
        until = later if later is not None else _end(old.until)
        return [
            closed,
            Record(
                subject,
                "appointment",
                fact.since,
                until,
                {**{k: v for k, v in old.data.items() if k == "class"}, **fact.data},
                None,
                fact.place,
            ),
        ]


def record(subject: int, fact: Stated, *, until: date | None = None) -> Record:
    """A fact of a row as a change."""
    return Record(subject, fact.kind, fact.since, until, fact.data, fact.sealed, fact.place)


def _born(subject: int, known: Held) -> date | None:
    births = known.of(subject, "birth")
    return date.fromisoformat(births[-1].data["date"]) if births else None


def _slot(data: Mapping[str, Any], place: int | None, kind: Kind) -> tuple[Any, ...]:
    return tuple(place if key == "place" and kind.placed else data.get(key) for key in kind.key)


def _end(until: date) -> date | None:
    return None if until == OPEN_END else until


def _same_month(one: date, two: date) -> bool:
    return (one.year, one.month) == (two.year, two.month)

"""Facts bound to rules: what the ledger believes about a subject on a day, encoded as the rules want it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from jiceng.answers.subject import History, Known, Provenance, Record, Subject, Total
from jiceng.base.dates import OPEN_END, day_number
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.terms.registry import Kind, Terms

_BEFORE_ALL = date(1900, 1, 1)


def encode(value: object, type: str, terms: Terms) -> int | None:
    """A value of the ledger's JSON as the integer rules see; None for text, which never reaches a rule."""
    if type == "Date":
        return day_number(date.fromisoformat(str(value)))
    if type in terms.codes:
        item = terms.codes[type].by_id.get(str(value))
        return item.number if item else None
    if type == "text":
        return None
    return int(value)  # type: ignore[call-overload]


def workers(subjects: Iterable[int], *, on: date, known_by: datetime | None = None, terms: Terms) -> list[Subject]:
    """Workers as believed on a day.

    Shape   one Subject per id, in the order given
    Time    state at the end of `on`, as known by `known_by` (None: now)
    Empty   an id without facts gives a Subject without facts, at place 0
    """
    ids = list(subjects)
    by_subject: dict[int, list[FactRow]] = defaultdict(list)
    for row in reading.history(ids, on=on, known_by=known_by):
        by_subject[row.subject].append(row)
    surroundings = Surroundings(on=on, known_by=known_by, terms=terms)
    return [bind(id, by_subject[id], on=on, terms=terms, surroundings=surroundings) for id in ids]


class Surroundings:
    """Place facts for the places workers stand in; each place is read once."""

    def __init__(self, *, on: date, known_by: datetime | None, terms: Terms) -> None:
        self.on, self.known_by, self.terms = on, known_by, terms
        self.kept: dict[int, Subject] = {}

    def at(self, place: int) -> Subject:
        if place not in self.kept:
            self.kept[place] = place_subject(place, on=self.on, known_by=self.known_by, terms=self.terms)
        return self.kept[place]


def bind(subject: int, rows: list[FactRow], *, on: date, terms: Terms, surroundings: Surroundings | None = None) -> Subject:
    """One worker from the facts believed on or before `on`."""
    rows = sorted(rows, key=lambda row: (row.since, row.id))
    by_kind: dict[str, list[FactRow]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    facts = _facts(by_kind, "worker", on=on, terms=terms)
    start = _first_day(by_kind)
    complete = {row.data["kind"]: date.fromisoformat(row.data["from"]) for row in by_kind["complete"] if row.until > on}
    histories = {}
    for name in terms.names.values():
        if name.history and name.of == "worker":
            kind = terms.kinds[name.history]
            since = complete.get(kind.id)
            whole = since is not None and (since <= _BEFORE_ALL or (start is not None and since <= start))
            records = tuple(_record(row, kind, terms, by_kind["appointment"]) for row in by_kind[kind.id])
            histories[name.id] = History(records, since, whole)
    place = standing_place(by_kind["appointment"], on)
    around = surroundings.at(place) if surroundings and place else None
    return Subject(subject, "worker", place, facts, histories, around)


def place_subject(code: int, *, on: date, known_by: datetime | None = None, terms: Terms) -> Subject:
    """A place as believed on a day, with its own facts only."""
    return place_subjects([code], on=on, known_by=known_by, terms=terms)[0]


def place_subjects(codes: Sequence[int], *, on: date, known_by: datetime | None = None, terms: Terms) -> list[Subject]:
    """Places as believed on a day, in the order given, each with its own facts only."""
    numbers = {code: tree.subject_of(code, tree.level_of(code)) for code in codes}
    by_place: dict[int, dict[str, list[FactRow]]] = defaultdict(lambda: defaultdict(list))
    for row in reading.history(numbers.values(), on=on, known_by=known_by):
        by_place[row.subject][row.kind].append(row)
    return [Subject(number, "place", code, _facts(by_place[number], "place", on=on, terms=terms)) for code, number in numbers.items()]


def with_totals(subject: Subject, totals: Mapping[str, Total]) -> Subject:
    """The same place with totals over its workers."""
    return replace(subject, totals=dict(totals))


def _facts(by_kind: Mapping[str, list[FactRow]], of: str, *, on: date, terms: Terms) -> dict[str, Known]:
    found = {}
    for name in terms.names.values():
        if name.fact is None or name.of != of:
            continue
        kind, field = name.fact
        for row in by_kind.get(kind, ()):
            if row.until > on and field in row.data:
                value = encode(row.data[field], terms.kinds[kind].fields[field].type, terms)
                if value is not None:
                    found[name.id] = Known(value, provenance(row))
    return found


def _record(row: FactRow, kind: Kind, terms: Terms, appointments: list[FactRow]) -> Record:
    """A record as rules see it. One without a place of its own (an assessment) stands where its person worked that day, so
    that the law of that place judges it also after a move."""
    values = {}
    for field in kind.open_fields.values():
        if field.id in row.data:
            value = encode(row.data[field.id], field.type, terms)
            if value is not None:
                values[field.id] = value
    place = row.place or standing_place(appointments, row.since)
    return Record(row.since, row.until, place, values, provenance(row))


def provenance(row: FactRow) -> Provenance:
    """Where a fact came from; who and on what basis is read from its entry when a card is opened."""
    return Provenance(entry=row.entry, fact=row.id, known=row.known, since=row.since)


def _first_day(by_kind: Mapping[str, list[FactRow]]) -> date | None:
    days = [row.since for row in by_kind.get("appointment", ())]
    days += [date.fromisoformat(row.data["date"]) for row in by_kind.get("community_start", ())]
    return min(days, default=None)


def standing_place(appointments: list[FactRow], on: date) -> int:
    """Where a worker stands on a day: the latest appointment in force, else the one that ended last."""
    begun = [row for row in appointments if row.since <= on]
    if not begun:
        return appointments[0].place or 0 if appointments else 0
    latest = max(begun, key=lambda row: (row.until > on, row.until if row.until <= on else OPEN_END, row.since))
    return latest.place or 0


def with_entries(subject: Subject) -> Subject:
    """The same subject with actor and basis of each fact's entry filled in, for a card."""
    numbers = {known.provenance.entry for known in subject.facts.values()}
    numbers |= {record.provenance.entry for history in subject.histories.values() for record in history.records}
    if subject.around:
        numbers |= {known.provenance.entry for known in subject.around.facts.values()}
    entries = reading.entries_by_id(numbers)

    def named(source: Provenance) -> Provenance:
        entry = entries.get(source.entry)
        return replace(source, actor=entry.actor, basis=entry.basis, known=entry.known_at) if entry else source

    def facts(of: Subject) -> dict[str, Known]:
        return {name: Known(known.value, named(known.provenance)) for name, known in of.facts.items()}

    histories = {
        name: replace(history, records=tuple(replace(r, provenance=named(r.provenance)) for r in history.records))
        for name, history in subject.histories.items()
    }
    around = replace(subject.around, facts=facts(subject.around)) if subject.around else None
    return replace(subject, facts=facts(subject), histories=histories, around=around)

"""Facts bound to rules: what the ledger believes about a subject on a day, encoded as the rules want it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from jiceng.answers.subject import History, Known, Provenance, Record, Subject, Total
from jiceng.base.dates import OPEN_END, day_number
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.terms.registry import Terms

_BEFORE_ALL = date(1900, 1, 1)
_NO_SOURCE = Provenance()

Encoder = Callable[[object], int | None]


def encode(value: object, type: str, terms: Terms) -> int | None:
    """A value of the ledger's JSON as the integer rules see; None for text, which never reaches a rule."""
    found = encoders(terms).of(type)
    return found(value) if found else None


class _Days(dict[object, int]):
    def __missing__(self, text: object) -> int:
        day = self[text] = day_number(date.fromisoformat(str(text)))
        return day


class Encoders:
    """What is worked out once from the terms: which fields of which kinds become which facts and records, and how."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        days = _Days()
        self._by_type: dict[str, Encoder] = {"Date": days.__getitem__}
        for code_list in terms.codes.values():
            numbers = {item.id: item.number for item in code_list.items}
            self._by_type[code_list.id] = numbers.get
        self.facts: dict[str, dict[str, list[tuple[str, str, Encoder]]]] = {}
        for name in terms.names.values():
            if name.fact and (how := self.of(terms.kinds[name.fact[0]].fields[name.fact[1]].type)):
                self.facts.setdefault(name.of, {}).setdefault(name.fact[0], []).append((name.id, name.fact[1], how))
        self.records = {
            kind.id: [(field.id, how) for field in kind.open_fields.values() if (how := self.of(field.type))]
            for kind in terms.kinds.values()
        }
        self.histories = [(name.id, name.history) for name in terms.names.values() if name.history and name.of == "worker"]

    def of(self, type: str) -> Encoder | None:
        """How values of a type are encoded; None for text."""
        return None if type == "text" else self._by_type.get(type, int)  # type: ignore[arg-type]


_encoders: dict[int, Encoders] = {}


def encoders(terms: Terms) -> Encoders:
    """The encoders of these terms."""
    found = _encoders.get(id(terms))
    if found is None or found.terms is not terms:
        if len(_encoders) > 20:
            _encoders.clear()  # laws that were loaded again and again
        found = _encoders[id(terms)] = Encoders(terms)  # holds `terms`, so that its id stays its own
    return found


def workers(subjects: Iterable[int], *, on: date, known_by: datetime | None = None, terms: Terms) -> list[Subject]:
    """Workers as believed on a day.

    Shape   one Subject per id, in the order given
    Time    state at the end of `on`, as known by `known_by` (None: now)
    Empty   an id without facts gives a Subject without facts, at place 0
    """
    ids = list(subjects)
    by_subject: dict[int, list[FactRow]] = defaultdict(list)
    for row in reading.history(ids, on=OPEN_END, known_by=known_by, terms=terms):
        by_subject[row.subject].append(row)
    surroundings = Surroundings(on=on, known_by=known_by, terms=terms)
    return [bind(id, by_subject[id], on=on, terms=terms, surroundings=surroundings) for id in ids]


class Surroundings:
    """Place facts for the places workers stand in; each place is read once, many at a time where they are told beforehand."""

    def __init__(self, *, on: date, known_by: datetime | None, terms: Terms) -> None:
        self.on, self.known_by, self.terms = on, known_by, terms
        self.kept: dict[int, Subject] = {}

    def read(self, places: Iterable[int]) -> None:
        """Read these places now, in one statement."""
        wanted = sorted({place for place in places if place} - self.kept.keys())
        found = place_subjects(wanted, on=self.on, known_by=self.known_by, terms=self.terms) if wanted else []
        self.kept.update((subject.place, subject) for subject in found)

    def at(self, place: int) -> Subject:
        if place not in self.kept:
            self.read([place])
        return self.kept[place]


def bind(
    subject: int, rows: list[FactRow], *, on: date, terms: Terms, surroundings: Surroundings | None = None, sources: bool = True
) -> Subject:
    """One worker from every fact believed; what begins after `on` only tells until when the rest holds.

    Without `sources` nothing says which fact told what.
    """
    by_kind: dict[str, list[FactRow]] = defaultdict(list)
    soon: dict[str, date] = {}
    coming: dict[str, list[FactRow]] = defaultdict(list)
    for row in sorted(rows, key=_in_time):
        since, until, kind = row.since, row.until, row.kind
        if since > on:
            coming[kind].append(row)
            soon[kind] = min(since, soon.get(kind, since))
            continue
        by_kind[kind].append(row)
        if on < until < soon.get(kind, OPEN_END):
            soon[kind] = until
    known = encoders(terms)
    facts = _facts(by_kind, known.facts.get("worker", {}), on=on, sources=sources)
    start = _first_day(by_kind)
    complete = {row.data["kind"]: date.fromisoformat(row.data["from"]) for row in by_kind["complete"] if row.until > on}
    histories = {}
    appointments = by_kind["appointment"]
    for name, kind in known.histories:
        told = [*by_kind.get(kind, ()), *coming.get(kind, ())]
        since = complete.get(kind)
        if not told and since is None:
            histories[name] = _UNTOLD
            continue
        whole = since is not None and (since <= _BEFORE_ALL or (start is not None and since <= start))
        fields = known.records[kind]
        records = tuple([_record(row, fields, appointments, sources=sources) for row in told])
        histories[name] = History(records, since, whole)
    place = standing_place(appointments, on)
    around = surroundings.at(place) if surroundings and place else None
    return Subject(
        subject, "worker", place, facts, histories, around,
        moves=soon.get("appointment", OPEN_END), later=_later(soon, "worker", known) if soon else {},
    )  # fmt: skip


def _later(soon: Mapping[str, date], of: str, known: Encoders) -> dict[str, date]:
    """By name, the first later day on which what is recorded tells it anew. How complete a history is hangs on what was
    said of it, and on the day its person came."""
    found = {name: soon[kind] for kind, told in known.facts.get(of, {}).items() if kind in soon for name, _, _ in told}
    whole = min(soon.get(kind, OPEN_END) for kind in ("complete", "appointment", "community_start"))
    if of == "worker" and whole < OPEN_END:
        found.update((name, whole) for name, _ in known.histories)
    return found


_UNTOLD = History()


def _in_time(row: FactRow) -> tuple[date, int]:
    return row.since, row.id


def place_subject(code: int, *, on: date, known_by: datetime | None = None, terms: Terms) -> Subject:
    """A place as believed on a day, with its own facts only."""
    return place_subjects([code], on=on, known_by=known_by, terms=terms)[0]


def place_subjects(codes: Sequence[int], *, on: date, known_by: datetime | None = None, terms: Terms) -> list[Subject]:
    """Places as believed on a day, in the order given, each with its own facts only."""
    told = PlaceHistories(codes, known_by=known_by, terms=terms)
    return [told.on(code, on) for code in dict.fromkeys(codes)]


class PlaceHistories:
    """What is believed of places over all time, read in one statement or told as `rows`; a place on any day is made from it."""

    def __init__(self, codes: Iterable[int], *, known_by: datetime | None, terms: Terms, rows: Iterable[FactRow] | None = None) -> None:
        self.terms = terms
        self.numbers = {code: tree.subject_of(code, tree.level_of(code)) for code in codes}
        self._told: dict[int, list[FactRow]] = defaultdict(list)
        if rows is None:
            rows = reading.history(self.numbers.values(), on=OPEN_END, known_by=known_by, terms=terms)
        for row in rows:
            self._told[row.subject].append(row)

    def on(self, code: int, day: date) -> Subject:
        """One of the places on a day, with its own facts only."""
        number = self.numbers[code]
        by_kind: dict[str, list[FactRow]] = defaultdict(list)
        soon: dict[str, date] = {}
        for row in self._told[number]:
            change = row.since if row.since > day else row.until
            if day < change < OPEN_END:
                soon[row.kind] = min(change, soon.get(row.kind, change))
            if row.since <= day:
                by_kind[row.kind].append(row)
        known = encoders(self.terms)
        facts = _facts(by_kind, known.facts.get("place", {}), on=day, sources=True)
        return Subject(number, "place", code, facts, later=_later(soon, "place", known))


def with_totals(subject: Subject, totals: Mapping[str, Total]) -> Subject:
    """The same place with totals over its workers."""
    return replace(subject, totals=dict(totals))


def _facts(
    by_kind: Mapping[str, list[FactRow]], fields: Mapping[str, list[tuple[str, str, Encoder]]], *, on: date, sources: bool
) -> dict[str, Known]:
    found = {}
    for kind, told in fields.items():
        for row in by_kind.get(kind, ()):
            if row.until > on:
                for name, field, how in told:
                    if field in row.data and (value := how(row.data[field])) is not None:
                        found[name] = Known(value, provenance(row) if sources else _NO_SOURCE)
    return found


def _record(row: FactRow, fields: list[tuple[str, Encoder]], appointments: list[FactRow], *, sources: bool) -> Record:
    """A record as rules see it. One without a place of its own (an assessment) stands where its person worked that day, so
    that the law of that place judges it also after a move."""
    values = {}
    for field, how in fields:
        if field in row.data and (value := how(row.data[field])) is not None:
            values[field] = value
    place = row.place or standing_place(appointments, row.since)
    return Record(row.since, row.until, place, values, provenance(row) if sources else _NO_SOURCE)


def provenance(row: FactRow) -> Provenance:
    """Where a fact came from; who and on what basis is read from its entry when a card is opened."""
    return Provenance(entry=row.entry, fact=row.id, known=row.known, since=row.since)


def _first_day(by_kind: Mapping[str, list[FactRow]]) -> date | None:
    days = [row.since for row in by_kind.get("appointment", ())]
    days += [date.fromisoformat(row.data["date"]) for row in by_kind.get("community_start", ()) if "date" in row.data]
    return min(days, default=None)


def standing_place(appointments: list[FactRow], on: date) -> int:
    """Where a worker stands on a day: the latest appointment in force, else the one that ended last."""
    if len(appointments) == 1:
        return appointments[0].place or 0
    begun = [row for row in appointments if row.since <= on]
    if not begun:
        return appointments[0].place or 0 if appointments else 0
    latest = max(begun, key=lambda row: (row.until > on, row.until if row.until <= on else OPEN_END, row.since))
    return latest.place or 0


def serving(appointments: Iterable[FactRow], departures: Iterable[FactRow], on: date) -> FactRow | None:
    """The appointment by which a worker is in service at the end of a day; None if by none.

    Who left after it began no longer serves in it, as the rule in_service says, even where nobody closed the period.
    """
    left = max((row.since for row in departures if row.since <= on), default=date.min)
    return max((row for row in appointments if left <= row.since <= on < row.until), key=_began, default=None)


def _began(row: FactRow) -> date:
    return row.since


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

"""Reading: what is believed on a day, as known by a moment. The only way state is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from jiceng.ledger.appending import Clock
from jiceng.ledger.books import wait_for_writers
from jiceng.ledger.ids import LINE_BITS, first_fact, subject_range
from jiceng.ledger.kinds import shapes_of
from jiceng.ledger.models import Entry, microseconds, moment
from jiceng.ledger.tables import BELIEVED, LINE_SQL, among, rows
from jiceng.terms.registry import Terms, base_terms

_decode = msgspec.json.decode


class FactRow(NamedTuple):
    """A fact as read. `data` are its plain fields in the ledger's form, `sealed` the blob, `entry` who wrote it."""

    id: int
    subject: int
    kind: str
    slot: str | None
    since: date
    until: date
    known: datetime
    place: int | None
    data: dict[str, Any]
    sealed: bytes | None
    entry: int


@dataclass(frozen=True)
class Told:
    """A fact of a subject's whole history, with the entry that ended it, if any."""

    fact: FactRow
    ended_by: int | None
    ended: datetime | None


@dataclass(frozen=True)
class EntryContent:
    """An entry with what it wrote and what it ended."""

    entry: Entry
    wrote: list[FactRow]
    ended: list[FactRow]
    undone_by: int | None


def as_of(
    subjects: Iterable[int],
    *,
    on: date,
    known_by: datetime | None = None,
    kinds: Iterable[str] | None = None,
    terms: Terms | None = None,
) -> list[FactRow]:
    """What holds of these subjects on a day; in order of subject, kind, since.

    Time    since <= on < until; as known by the end of the microsecond `known_by`, None: as known now
    Empty   a subject about which nothing holds has no row
    Errors  Refusal ledger.kind for a kind that terms do not know
    """
    return _asked("f.since <= %s AND f.until > %s", [on.isoformat(), on.isoformat()], subjects, known_by, kinds, terms)


def history(
    subjects: Iterable[int],
    *,
    on: date,
    known_by: datetime | None = None,
    kinds: Iterable[str] | None = None,
    terms: Terms | None = None,
) -> list[FactRow]:
    """Everything that began on or before a day, past periods too; in order of subject, kind, since.

    Time    as `as_of`, without the upper bound
    Errors  as `as_of`
    """
    return _asked("f.since <= %s", [on.isoformat()], subjects, known_by, kinds, terms)


def placed_in(
    ranges: Sequence[tuple[int, int]],
    *,
    on: date,
    known_by: datetime | None = None,
    kind: str = "appointment",
    terms: Terms | None = None,
    ending_after: date | None = None,
) -> list[int]:
    """Subjects with a placed fact of this kind inside inclusive ranges of place codes (places.tree.ranges), rising.

    Time    as `as_of`; with `ending_after` whatever holds on some day from that one to `on`
    """
    if not ranges:
        return []
    number = _numbers([kind], terms or base_terms())[0]
    inside = " OR ".join(["f.place BETWEEN %s AND %s"] * len(ranges))
    believed, parameters = _believed(known_by)
    sql = f"SELECT DISTINCT f.subject FROM ledger_fact f WHERE f.kind = %s AND f.place IS NOT NULL AND ({inside})"
    sql += f" AND f.since <= %s AND f.until > %s AND {believed} ORDER BY 1"
    bounds = [code for pair in ranges for code in pair]
    return [row[0] for row in rows(sql, [number, *bounds, on.isoformat(), (ending_after or on).isoformat(), *parameters])]


def ever_placed_in(
    ranges: Sequence[tuple[int, int]], *, known_by: datetime | None = None, kind: str = "appointment", only: Iterable[int] | None = None,
    terms: Terms | None = None,
) -> list[int]:  # fmt: skip
    """Subjects with a placed fact of this kind inside inclusive ranges of place codes, of whatever time; rising.

    Shape   `only`: of these subjects
    Time    as known by `known_by`
    """
    number = _numbers([kind], terms or base_terms())[0]
    inside = " OR ".join(["f.place BETWEEN %s AND %s"] * len(ranges))
    believed, moments = _believed(known_by)
    whose, some = ("", []) if only is None else _whose(only)
    sql = f"SELECT DISTINCT f.subject FROM ledger_fact f WHERE f.kind = %s AND f.place IS NOT NULL AND ({inside}){whose}"
    return [
        row[0] for row in rows(f"{sql} AND {believed} ORDER BY 1", [number, *(code for pair in ranges for code in pair), *some, *moments])
    ]


def as_of_kind(kind: str, *, on: date, known_by: datetime | None = None, terms: Terms | None = None) -> list[FactRow]:
    """What holds on a day of one kind, whoever it is about; in order of subject and since.

    Time    as `as_of`
    """
    registry = terms or base_terms()
    where, bounds = _of_kind(kind, registry)
    believed, moments = _believed(known_by)
    sql = f"SELECT {LINE_SQL}, f.known FROM ledger_fact f WHERE {where} AND f.since <= %s AND f.until > %s AND {believed}"
    found = rows(f"{sql} ORDER BY f.subject, f.since, f.id", [*bounds, on.isoformat(), on.isoformat(), *moments])
    return fact_rows(found, registry)


def subjects_of(kind: str, *, known_by: datetime | None = None, terms: Terms | None = None) -> list[int]:
    """Every subject about which a fact of this kind is believed, of whatever time; rising."""
    where, bounds = _of_kind(kind, terms or base_terms())
    believed, moments = _believed(known_by)
    sql = f"SELECT DISTINCT f.subject FROM ledger_fact f WHERE {where} AND {believed} ORDER BY 1"
    return [row[0] for row in rows(sql, [*bounds, *moments])]


def subjects_at(place: int, *, kind: str, until_after: date, terms: Terms | None = None) -> list[int]:
    """Subjects with a believed fact of a placed kind at exactly this place that lasts beyond a day; rising."""
    number = _numbers([kind], terms or base_terms())[0]
    sql = f"SELECT DISTINCT f.subject FROM ledger_fact f WHERE f.kind = %s AND f.place = %s AND f.until > %s AND {BELIEVED} ORDER BY 1"
    return [row[0] for row in rows(sql, [number, place, until_after.isoformat()])]


def touched(entry: Entry) -> list[int]:
    """Subjects that an entry wrote about, or a fact about whom it ended; rising."""
    sql = "SELECT subject FROM ledger_fact WHERE id >= %s AND id < %s"
    sql += " UNION SELECT f.subject FROM ledger_ending e JOIN ledger_fact f ON f.id = e.fact WHERE e.entry = %s ORDER BY 1"
    return [row[0] for row in rows(sql, [first_fact(entry.id), first_fact(entry.id + 1), entry.id])]


def facts(ids: Iterable[int], *, terms: Terms | None = None) -> list[FactRow]:
    """Facts by their ids, believed or not, in order of id."""
    condition, numbers = among("f.id", ids)
    sql = f"SELECT {LINE_SQL}, f.known FROM ledger_fact f WHERE {condition} ORDER BY f.id"
    return fact_rows(rows(sql, [numbers]), terms or base_terms())


def everything(subject: int, *, terms: Terms | None = None) -> list[Told]:
    """Every fact ever recorded about a subject, believed or ended, in the order of becoming known."""
    sql = f"SELECT {LINE_SQL}, f.known, e.entry, e.known FROM ledger_fact f LEFT JOIN ledger_ending e ON e.fact = f.id"
    found = rows(f"{sql} WHERE f.subject = %s ORDER BY f.known, f.id", [subject])
    told = fact_rows([row[:10] for row in found], terms or base_terms())
    return [Told(fact, row[10], moment(row[11]) if row[11] is not None else None) for fact, row in zip(told, found, strict=True)]


def entries(subject: int) -> list[Entry]:
    """Entries that said anything about a subject or ended a fact about it, the latest first."""
    sql = f"SELECT DISTINCT f.id >> {LINE_BITS} FROM ledger_fact f WHERE f.subject = %s"
    sql += " UNION SELECT e.entry FROM ledger_fact f JOIN ledger_ending e ON e.fact = f.id WHERE f.subject = %s"
    numbers = [row[0] for row in rows(sql, [subject, subject])]
    return list(Entry.objects.filter(id__in=numbers).order_by("-known", "-id"))


def entry(id: int, *, terms: Terms | None = None) -> EntryContent | None:
    """An entry with its facts and endings; None if there is none of that number."""
    found = Entry.objects.filter(id=id).first()
    if found is None:
        return None
    registry = terms or base_terms()
    wrote = rows(
        f"SELECT {LINE_SQL}, f.known FROM ledger_fact f WHERE f.id >= %s AND f.id < %s ORDER BY f.id",
        [first_fact(id), first_fact(id + 1)],
    )
    ended = rows(
        f"SELECT {LINE_SQL}, f.known FROM ledger_ending e JOIN ledger_fact f ON f.id = e.fact WHERE e.entry = %s ORDER BY f.id",
        [id],
    )
    undone_by = Entry.objects.filter(undoes=id).values_list("id", flat=True).first()
    return EntryContent(found, fact_rows(wrote, registry), fact_rows(ended, registry), undone_by)


def entries_by_id(ids: Iterable[int]) -> dict[int, Entry]:
    """Entries by number, for provenance."""
    wanted = sorted(set(ids))
    found: dict[int, Entry] = {}
    for at in range(0, len(wanted), 500):
        found.update(Entry.objects.in_bulk(wanted[at : at + 500]))
    return found


def heads(*, known_by: datetime | None = None) -> dict[int, tuple[int, str]]:
    """Book → (number of its last entry, its seal in hex). To be printed and kept away from this machine.

    Time    the last entries known by `known_by` (None: now)
    """
    until, moments = ("", []) if known_by is None else (" WHERE known <= %s", [microseconds(known_by)])
    last = f"SELECT book, MAX(seq) AS seq FROM ledger_entry{until} GROUP BY book"
    sql = f"SELECT e.book, e.seq, e.seal FROM ledger_entry e JOIN ({last}) l ON l.book = e.book AND l.seq = e.seq ORDER BY e.book"
    found = rows(sql, moments)
    return {book: (seq, bytes(seal).hex()) for book, seq, seal in found}


def pinned(clock: Clock) -> datetime:
    """A moment that can be used as `known_by` for good: every entry known by then has been committed."""
    wait_for_writers()
    return clock()


def fact_rows(found: Iterable[Sequence[Any]], terms: Terms) -> list[FactRow]:
    """Rows of LINE_SQL and known as FactRows. A kind that terms no longer know is named by its number."""
    kinds = shapes_of(terms).names
    days: dict[str, date] = _Days()
    moments: dict[int, datetime] = _Moments()
    return [
        FactRow(
            number,
            subject,
            kinds.get(kind) or str(kind),
            slot,
            days[since],
            days[until],
            moments[known],
            place,
            _decode(data),
            sealed,
            number >> LINE_BITS,
        )
        for number, subject, kind, slot, since, until, place, data, sealed, known in found
    ]


class _Days(dict[str, date]):
    def __missing__(self, text: str) -> date:
        day = self[text] = date.fromisoformat(text)
        return day


class _Moments(dict[int, datetime]):
    def __missing__(self, number: int) -> datetime:
        when = self[number] = moment(number)
        return when


def _asked(
    period: str,
    days: list[str],
    subjects: Iterable[int],
    known_by: datetime | None,
    kinds: Iterable[str] | None,
    terms: Terms | None,
) -> list[FactRow]:
    registry = terms or base_terms()
    whose, numbers = among("f.subject", subjects)
    believed, moments = _believed(known_by)
    which, wanted = ("", []) if kinds is None else _kinds(_numbers(kinds, registry))
    sql = f"SELECT {LINE_SQL}, f.known FROM ledger_fact f WHERE {whose}{which} AND {period} AND {believed}"
    return fact_rows(rows(f"{sql} ORDER BY f.subject, f.kind, f.since, f.id", [numbers, *wanted, *days, *moments]), registry)


def _whose(subjects: Iterable[int]) -> tuple[str, list[Any]]:
    condition, parameter = among("f.subject", subjects)
    return f" AND {condition}", [parameter]


def _kinds(numbers: list[int]) -> tuple[str, list[Any]]:
    condition, parameter = among("f.kind", numbers)
    return f" AND {condition}", [parameter]


def _believed(known_by: datetime | None) -> tuple[str, list[int]]:
    if known_by is None:
        return BELIEVED, []
    at = microseconds(known_by)
    return "f.known <= %s AND NOT EXISTS (SELECT 1 FROM ledger_ending e WHERE e.fact = f.id AND e.known <= %s)", [at, at]


def _of_kind(kind: str, terms: Terms) -> tuple[str, list[int]]:
    """Facts of a kind, by an index: placed kinds by theirs, facts of places and documents by their range of subjects."""
    declared = shapes_of(terms).kind(kind)
    where = "f.kind = %s AND f.place IS NOT NULL" if declared.placed else "f.kind = %s AND f.subject BETWEEN %s AND %s"
    return where, [declared.number] if declared.placed else [declared.number, *subject_range(declared.of)]


def _numbers(kinds: Iterable[str], terms: Terms) -> list[int]:
    return [shapes_of(terms).kind(kind).number for kind in kinds]

"""What the pages ask about the ledger: an entry, or everything that was recorded about a worker or place, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.ledger import reading
from jiceng.ledger.models import Book, Ending, Entry, microseconds
from jiceng.ledger.reading import FactRow, Told
from jiceng.runs.models import TODAY, Standing
from jiceng.terms.registry import Kind, Terms

ACTS = {
    "record": "登记", "correct": "更正", "undo": "撤销", "import": "导入", "erase": "删除身份信息", "adopt": "本地确认",
    "import_text": "导入原文", "load": "装载", "move": "调动", "merge": "合并", "complete": "确认履历",
}  # fmt: skip


@dataclass(frozen=True)
class FactShown:
    """A fact of an entry as a page shows it; `kind` gives its words. `believed` now, or as known then."""

    id: int
    subject: int
    kind: Kind | None
    kind_name: str
    fields: dict[str, object]
    since: date
    until: date
    place: int | None
    believed: bool


@dataclass(frozen=True)
class Act:
    """An entry as a page shows it. `undone` is the entry that undid it, 0 if none."""

    id: int
    name: str
    book: int
    seq: int
    act: str
    act_name: str
    actor: str
    known: datetime
    basis: str
    why: str
    loaded: bool
    batch: int
    undoes: int
    undone: int
    seal: str
    wrote: tuple[FactShown, ...]
    ended: tuple[FactShown, ...]
    counts: tuple[int, int] = (0, 0)

    @property
    def known_number(self) -> int:
        """The moment as the ledger counts it, for the address of the next page."""
        return microseconds(self.known)


def acts_about(subject: int, *, known_by: datetime | None = None, terms: Terms, told: Sequence[Told] | None = None) -> list[Act]:
    """Every entry that said something about a subject or ended a fact about it, newest first.

    Time    entries known by `known_by`; whether a fact is believed is told as known then
    Shape   `told`: everything about the subject, where it has been read already
    """
    read = reading.everything(subject, terms=terms) if told is None else told
    told = [one for one in read if known_by is None or one.fact.known <= known_by]
    wrote: dict[int, list[FactShown]] = {}
    ended: dict[int, list[FactShown]] = {}
    for one in told:
        gone = one.ended is not None and (known_by is None or one.ended <= known_by)
        wrote.setdefault(one.fact.entry, []).append(fact_shown(one.fact, terms, believed=not gone))
        if gone and one.ended_by is not None:
            ended.setdefault(one.ended_by, []).append(fact_shown(one.fact, terms, believed=False))
    numbers = wrote.keys() | ended.keys()
    entries = reading.entries_by_id(numbers)
    undone = _undone_by(numbers, known_by=known_by)
    acts = [
        _act(entry, tuple(wrote.get(entry.id, ())), tuple(ended.get(entry.id, ())), undone.get(entry.id, 0)) for entry in entries.values()
    ]
    return sorted(acts, key=lambda act: (act.known, act.id), reverse=True)


def act(entry_id: int, *, terms: Terms, limit: int = 300) -> Act | None:
    """One entry with at most `limit` of the facts it wrote and ended; None if there is none of that number."""
    found = reading.entry(entry_id, terms=terms)
    if found is None:
        return None
    endings = {one.id for one in found.wrote if one.id in _ended([fact.id for fact in found.wrote[:limit]])}
    return _act(
        found.entry,
        tuple(fact_shown(one, terms, believed=one.id not in endings) for one in found.wrote[:limit]),
        tuple(fact_shown(one, terms, believed=False) for one in found.ended[:limit]),
        found.undone_by or 0,
        counts=(len(found.wrote), len(found.ended)),
    )


def recent_acts(books: Iterable[int], *, before: int | None = None, size: int = 30) -> list[Act]:
    """The latest entries of these books, without their facts, newest first; `before` is the microsecond of the page's end."""
    found = Entry.objects.filter(book__in=list(books))
    if before is not None:
        found = found.filter(known__lt=before)
    entries = list(found.order_by("-known")[:size])
    undone = _undone_by({entry.id for entry in entries}, known_by=None)
    return [_act(entry, (), (), undone.get(entry.id, 0), counts=(entry.facts, entry.endings)) for entry in entries]


def books_in(ranges: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Books whose place lies inside the ranges: number → title."""
    kept = Book.objects.order_by("place").values_list("id", "place", "title")
    return {id: title for id, place, title in kept if any(low <= place <= high for low, high in ranges)}


def place_of_book(book: int) -> int:
    """The place that keeps a book; 0 if there is none of that number."""
    return Book.objects.filter(id=book).values_list("place", flat=True).first() or 0


def fact_shown(fact: FactRow, terms: Terms, *, believed: bool) -> FactShown:
    """A fact as a page shows it."""
    kind = terms.kinds.get(fact.kind)
    return FactShown(fact.id, fact.subject, kind, kind.name if kind else fact.kind, fact.data, fact.since, fact.until, fact.place, believed)


def _act(entry: Entry, wrote: tuple[FactShown, ...], ended: tuple[FactShown, ...], undone: int, *, counts: tuple[int, int] = (0, 0)) -> Act:
    return Act(
        id=entry.id, name=str(entry), book=entry.book, seq=entry.seq, act=entry.act, act_name=ACTS.get(entry.act, entry.act),
        actor=entry.actor, known=entry.known_at, basis=entry.basis, why=entry.why, loaded=entry.loaded, batch=entry.batch or 0,
        undoes=entry.undoes or 0, undone=undone, seal=bytes(entry.seal).hex(), wrote=wrote, ended=ended, counts=counts,
    )  # fmt: skip


def _undone_by(numbers: Iterable[int], *, known_by: datetime | None) -> dict[int, int]:
    found = Entry.objects.filter(undoes__in=list(numbers))
    return {entry.undoes: entry.id for entry in found if known_by is None or entry.known_at <= known_by}


def _ended(facts: list[int]) -> set[int]:
    found: set[int] = set()
    for at in range(0, len(facts), 500):
        found.update(Ending.objects.filter(fact__in=facts[at : at + 500]).values_list("fact", flat=True))
    return found


def names_of(subjects: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Name and place of workers as they stand today, for links.

    Empty   a worker without a row today has no entry
    """
    found = Standing.objects.filter(moment_id=TODAY, subject__in=list(subjects))
    return {subject: (name, place) for subject, name, place in found.values_list("subject", "name", "place")}

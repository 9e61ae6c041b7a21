"""The look before an act for many workers: what would be recorded about each, who is refused, and what it would bring about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jiceng.access.scope import Scope
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.bulk_forms import Ask, changes_for
from jiceng.desks.workforce.lists import LISTS, DueList, list_filters
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.reading import FactRow
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import bulk_acts
from jiceng.runs.bulk_acts import Planned
from jiceng.runs.commit import Change, Clock, Record
from jiceng.runs.impact import Day, impact
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, Standing
from jiceng.runs.overview import ENDING_SOON_DAYS
from jiceng.runs.roster import RosterFilter, columns
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import fact_text

DO, SAME, REFUSED = "do", "same", "refused"
_LOOK = "next_change"
"""The column of the roster that says when to look again: true of each worker, of no use for many."""


@dataclass(frozen=True)
class Prepared:
    """What an act means, worker by worker: changes, their rows of the roster, and who cannot be asked at all."""

    kind: Kind
    changes: dict[int, list[Change]]
    rows: dict[int, Standing]
    held: dict[int, list[FactRow]]
    refused: dict[int, Refusal]

    def by_book(self, wanted: Iterable[int]) -> dict[int, dict[int, list[Change]]]:
        """The changes of these workers by the book of the place where each stands."""
        books: dict[int, int] = {}
        found: dict[int, dict[int, list[Change]]] = defaultdict(dict)
        for subject in wanted:
            place = self.rows[subject].place
            if place not in books:
                books[place] = book_of(place).id
            found[books[place]][subject] = self.changes[subject]
        return dict(found)


def prepared(subjects: Sequence[int], ask: Ask, *, scope: Scope) -> Prepared:
    """The changes of each worker. Whoever is no longer at a place where the account may record is refused like the rest."""
    terms = installed_law().terms
    kind = terms.kinds[ask.kind]
    rows = bulk_acts.standing_rows(subjects)
    held: dict[int, list[FactRow]] = defaultdict(list)
    for fact in reading.history(subjects, on=OPEN_END, kinds={kind.id, "appointment", "departure"}, terms=terms):
        held[fact.subject].append(fact)
    refused: dict[int, Refusal] = {}
    changes: dict[int, list[Change]] = {}
    for subject in [*rows, *(one for one in subjects if one not in rows)]:
        try:
            row = rows.get(subject)
            if row is None or not scope.may("record", row.place):
                raise Refusal("bulk.outside", "不在您可以登记的地方", why="所在地方已变，或您的授权已变", do="请从名册重新选人")
            changes[subject] = changes_for(subject, ask, held[subject], place=row.place, kind=kind)
        except Refusal as refusal:
            refused[subject] = refusal
    return Prepared(kind, changes, rows, held, refused)


def look(
    subjects: Sequence[int], ask: Ask, *, scope: Scope, on: date, today: date, clock: Clock,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The look, in plain types for keeping. No names: those are put beside when it is shown.

    Time    effects of the day `on`, lists and figures of `today`
    Errors  none for a worker; refusals of `impact` for the whole
    """
    terms = installed_law().terms
    ready = prepared(subjects, ask, scope=scope)
    first = book_of(next(iter(ready.rows.values())).place).id if ready.rows else 0
    plan = bulk_acts.planned(ready.changes, book=first, clock=clock, terms=terms) if ready.changes else Planned({}, {}, frozenset())
    refused = {**ready.refused, **plan.refused}
    doing = [subject for subject in ready.changes if subject not in refused and subject not in plan.same]
    if progress:
        progress(len(subjects) // 3, len(subjects))
    found = _effects([change for subject in doing for change in ready.changes[subject]], first, scope, on, today, clock) if doing else None
    if progress:
        progress(len(subjects), len(subjects))
    day = found[0] if found else None
    each = {about.number: about.differences for about in day.workers} if day else {}
    names = found[2] if found else {}
    persons = [
        _person(subject, SAME if subject in plan.same else DO, refused.get(subject))
        | _before_after(subject, ready, plan, terms, names)
        | {"effects": [[d.title, d.before, d.after] for d in each.get(subject, ()) if d.rule != _LOOK]}
        for subject in [*ready.changes, *ready.refused]
    ]
    return {
        "persons": persons, "counts": _counts(persons),
        "summed": [
            [s.title, s.mark, [list(change) for change in s.changes[:4]], s.workers]
            for s in (day.summed if day else ())
            if s.rule != _LOOK
        ],
        "lists": _lists(found[1], ready, scope=scope, today=today) if found else [],
        "places": [
            [about.number, names.get(about.number, str(about.number)), [[d.title, d.mark, d.before, d.after] for d in about.differences]]
            for about in (found[1].places if found else ())
        ],
    }  # fmt: skip


def _counts(persons: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    replaced = sum(one["state"] == DO and bool(one["before"]) for one in persons)
    return {**Counter(one["state"] for one in persons), "replaced": replaced}


def _person(subject: int, state: str, no: Refusal | None) -> dict[str, Any]:
    if no is None:
        return {"subject": subject, "state": state, "id": "", "words": "", "do": ""}
    return {"subject": subject, "state": REFUSED, "id": no.id, "words": "。".join(text for text in (no.what, no.why) if text), "do": no.do}


def _effects(changes: list[Change], book: int, scope: Scope, on: date, today: date, clock: Clock) -> tuple[Day, Day, Mapping[int, str]]:
    """What differs on the day looked at, what differs today, names of places."""
    found = impact(changes, book=book, on=on, today=today, clock=clock, within=scope.places_for("see"))
    return found.on(on), found.on(today), found.places


def _before_after(subject: int, ready: Prepared, plan: Planned, terms: Terms, names: Mapping[int, str]) -> dict[str, str]:
    kind = ready.kind

    def said(facts: Iterable[FactRow], *, at: bool) -> str:
        told = [
            (f"{names.get(fact.place or 0, '')} " if at and fact.place else "")
            + f"{fact_text(kind, fact.data, terms)}（{_period(fact, kind)}）"
            for fact in sorted(facts, key=lambda fact: (fact.since, fact.until))
            if fact.kind == kind.id
        ]
        return "；".join(told)

    new, before = plan.wrote.get(subject, ()), plan.ended.get(subject, ())
    # What remains of a fact that is only cut off is told by the one that cuts it.
    days = {change.since for change in ready.changes.get(subject, ()) if isinstance(change, Record)}
    fresh = [fact for fact in new if fact.since in days]
    moved = kind.placed and len({fact.place for fact in (*new, *before)}) > 1
    return {"before": said(before, at=moved), "after": said(fresh, at=moved)}


def _period(fact: FactRow, kind: Kind) -> str:
    since = fact.since.isoformat()
    if kind.cardinality == "event":
        return since
    return f"{since} 起" if fact.until >= OPEN_END else f"{since} 至 {fact.until.isoformat()}"


def _lists(day: Day, ready: Prepared, *, scope: Scope, today: date) -> list[list[Any]]:
    """Lists of the workbench that would be longer or shorter: key, title, place, length now and then."""
    shifts: Counter[str] = Counter()
    for about in day.workers:
        for one in about.differences:
            for key, due in LISTS.items():
                if due.rule == one.rule:
                    shifts[key] += _listed(one.after, due, today) - _listed(one.before, due, today)
    wanted = [key for key, shift in shifts.items() if shift]
    if not wanted:
        return []
    top = above(row.place for row in ready.rows.values())
    filters = {key: list_filters(key, on=today)[0] for key in wanted}
    rules = [one.rule for one in filters.values()]
    now = columns(TODAY, ranges=scope.spans("see"), filters=RosterFilter(place=top), rules=rules)
    counted = {key: now.count(filters[key]) for key in wanted}
    name = places.full_name(top, on=today) if top else ""
    return [[key, LISTS[key].title, top, name, counted[key], counted[key] + shifts[key]] for key in LISTS if key in wanted]


def _listed(said: str, due: DueList, today: date) -> bool:
    """Whether somebody of whom this is said stands on a list."""
    if due.kind != AnswerKind.value:
        return said == KIND_NAMES[due.kind]
    if due.equals is not None:
        return said == ("是" if due.equals else "否")
    try:
        return today <= date.fromisoformat(said) < today + timedelta(days=ENDING_SOON_DAYS)
    except ValueError:
        return False


def above(codes: Iterable[int]) -> int:
    """The lowest place above all of these; 0 if only the nation is."""
    chains = [tree.ancestors(code) for code in set(codes)]
    shared = [level[0] for level in zip(*chains, strict=False) if len(set(level)) == 1]
    return shared[-1] if shared else 0

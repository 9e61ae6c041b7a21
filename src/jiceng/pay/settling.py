"""What changed in months that are locked: the lines that come out otherwise by what is known now, less what was settled before.

A locked sheet is never touched. What it said, and what later locked sheets added to it, is what somebody was paid; the next
sheet brings the difference. So a difference is settled once, and two corrections that cancel leave none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max, Min

from jiceng.law.load import Law
from jiceng.law.payform import PayForm
from jiceng.ledger.ids import PLACE, SEQ_BITS, first_fact
from jiceng.ledger.models import Ending, Entry, Fact, microseconds
from jiceng.pay import causes, frozen, working
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Cause, Change, Row, Sheet, amount
from jiceng.pay.stays import month_end
from jiceng.pay.working import Month
from jiceng.places import tree

Key = tuple[int, int]
"""A person and the sub-district on whose sheet they stand."""


@dataclass
class _Line:
    """One line of one person in a month as settled so far."""

    title: str
    group: str
    fen: int = 0


@dataclass(frozen=True)
class _Reference:
    """What the figures of a month were last brought to: knowledge, law, and the hashes of the folders that may speak there."""

    known_by: datetime
    law_hash: str
    documents: dict[str, str]


def related(place: int, month: date) -> list[PaySheet]:
    """Locked sheets of other months that speak of the same people's places: this place's, wider ones, and those inside."""
    low, high = tree.span(place)
    around = [*tree.ancestors(place), place]
    found = PaySheet.objects.filter(state=PaySheet.State.locked).exclude(month=month)
    inside = found.filter(place_key__gte=low, place_key__lte=high)
    return sorted({*inside, *found.filter(place__in=around)}, key=lambda one: (one.month, one.place_key, one.pk))


def documents_at(law: Law, place: int) -> dict[str, str]:
    """Document → hash of its folder, for every document that may speak at a place."""
    return {document.id: document.hash for document in law.touching([place])}


def changes(asked: Month, locked: Sequence[PaySheet]) -> tuple[Change, ...]:
    """Every line of an earlier locked month that now differs from what was settled, by person, month and line.

    Shape   lines whose after is the same as settled, or that have no answer now, have no change
    Time    as known by `asked.known_by`, under `asked.law` as it was in force in that month
    """
    sheets = [(one, frozen.thawed(one)) for one in locked]
    found: list[Change] = []
    for month in sorted({one.month for one in locked if one.month < asked.month}):
        found += _of_month(replace(asked, month=month), sheets)
    return tuple(sorted(found, key=lambda one: (one.unit, one.subject, one.month, one.line)))


def _of_month(then: Month, sheets: Sequence[tuple[PaySheet, Sheet]]) -> list[Change]:
    """`then`: the month that was locked, to be worked out by what is known now."""
    settled, references = _settled(then, sheets)
    form = _form_then(then, sheets)
    then = replace(then, form=form)
    everybody = working.serving_in(then)
    ids = _to_look_at(then, settled, references, everybody)
    if not ids:
        return []
    now = {(row.subject, row.unit): row for row in working.worked(then, ids).rows}
    found = []
    for key in sorted({key for key in settled if key[0] in set(ids)} | now.keys()):
        row = now.get(key)
        if not _covered(key, then.month, sheets) or (row is not None and row.net is None):
            continue
        found += _differing(key, then, row, settled.get(key, {}))
    return [_waited(one, then.month, sheets) for one in causes.explained(found, then, references)]


def _waited(change: Change, month: date, sheets: Sequence[tuple[PaySheet, Sheet]]) -> Change:
    """A person who was left out of that month by name is paid now: the reason stands before what was found since."""
    for kept, sheet in sheets:
        if kept.month == month:
            for row in sheet.rows:
                if row.left_out and (row.subject, row.unit) == (change.subject, change.unit):
                    return replace(change, causes=(Cause("waiting", f"当月不列入：{row.left_out}"), *change.causes))
    return change


def _differing(key: Key, then: Month, row: Row | None, settled: dict[str, _Line]) -> list[Change]:
    lines = {line.rule: (line.title, line.group) for line in then.form.lines} | {r: (one.title, one.group) for r, one in settled.items()}
    told = {line.rule: amount(cell) for line, cell in zip(then.form.lines, row.cells, strict=True)} if row else {}
    found = []
    for rule, (title, group) in lines.items():
        before, after = settled[rule].fen if rule in settled else 0, told.get(rule, 0)
        if before != after:
            found.append(Change(key[0], key[1], then.month, rule, title, group, before, after))
    return found


def _settled(then: Month, sheets: Sequence[tuple[PaySheet, Sheet]]) -> tuple[dict[Key, dict[str, _Line]], dict[int, _Reference]]:
    """What was paid for a month, by person and line; and by sub-district or wider place the knowledge it was last brought to."""
    found: dict[Key, dict[str, _Line]] = {}
    references: dict[int, _Reference] = {}
    for kept, sheet in sheets:
        told = kept.month == then.month or any(one.month == then.month for one in sheet.settled)
        if not told:
            continue
        if kept.place not in references or references[kept.place].known_by < kept.known_by:
            references[kept.place] = _Reference(kept.known_by, kept.law_hash, kept.documents)
        if kept.month == then.month:
            for row in sheet.rows:
                if row.paid and tree.contains(then.place, row.place):
                    lines = found.setdefault((row.subject, row.unit), {})
                    for line, cell in zip(sheet.form.lines, row.cells, strict=True):
                        _add(lines, line.rule, line.title, line.group, amount(cell))
        for change in sheet.changes:
            if change.month == then.month and tree.contains(then.place, change.unit):
                lines = found.setdefault((change.subject, change.unit), {})
                _add(lines, change.line, change.title, change.group, change.after - change.before)
    return found, references


def _add(lines: dict[str, _Line], rule: str, title: str, group: str, fen: int) -> None:
    line = lines.setdefault(rule, _Line(title, group))
    line.fen += fen


def _form_then(then: Month, sheets: Sequence[tuple[PaySheet, Sheet]]) -> PayForm:
    """The form in force then by today's law; the locked sheet's own where today's law has none."""
    form = then.law.pay_form(then.place, month_end(then.month))
    return form or next(sheet.form for kept, sheet in sheets if kept.month == then.month)


def _covered(key: Key, month: date, sheets: Sequence[tuple[PaySheet, Sheet]]) -> bool:
    """Whether the sub-district's pay of that month is locked: what was not is paid by its own sheet, not as a difference."""
    return any(kept.month == month and tree.contains(kept.place, key[1]) for kept, _ in sheets)


def _to_look_at(
    then: Month, settled: dict[Key, dict[str, _Line]], references: dict[int, _Reference], everybody: Iterable[int]
) -> list[int]:  # fmt: skip
    """Who may come out otherwise: those about whom anything was recorded since, everybody where the law was changed since."""
    relevant = {subject for subject, _ in settled} | set(everybody)
    since = min(one.known_by for one in references.values())
    if any(_spoken_otherwise(then, one) for one in references.values()):
        return sorted(relevant)
    touched, places = _touched(since, then.known_by)
    left_out = relevant - {subject for subject, _ in settled}
    return sorted(relevant if places else relevant & (touched | left_out))


def _spoken_otherwise(then: Month, reference: _Reference) -> bool:
    """Whether a folder that the lines rest on was changed, came, or went since the figures were brought to that knowledge."""
    here = {document.id: document.hash for document in then.law.documents}
    if any(id not in here for id in reference.documents):
        return True
    resting = {then.form.document} | {
        one.document.id for regime in working.regimes_of(then) for one in working.behind(regime, then.form.names)
    }
    return any(reference.documents.get(id) != here[id] for id in resting)


def _touched(since: datetime, until: datetime | None) -> tuple[set[int], bool]:
    """Persons about whom something became known or ceased to be believed after a moment; and whether any place was spoken of."""
    entries = Entry.objects.filter(known__gt=microseconds(since))
    if until is not None:
        entries = entries.filter(known__lte=microseconds(until))
    subjects: set[int] = set()
    for book, low, high in entries.values_list("book").annotate(low=Min("seq"), high=Max("seq")).order_by("book"):
        first, last = book << SEQ_BITS | low, book << SEQ_BITS | high
        subjects.update(Fact.objects.filter(id__gte=first_fact(first), id__lt=first_fact(last + 1)).values_list("subject", flat=True))
        ended = Ending.objects.filter(entry__gte=first, entry__lte=last).values("fact")
        subjects.update(Fact.objects.filter(id__in=ended).values_list("subject", flat=True))
    return {one for one in subjects if one < PLACE}, any(one >= PLACE for one in subjects)

"""Facts and entries as the API tells them, from the same readings that the pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jiceng.answers.card import as_dict
from jiceng.answers.step import Step
from jiceng.api import shapes
from jiceng.base.dates import OPEN_END
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.runs.reading import Act, FactShown
from jiceng.terms.registry import Terms
from jiceng.ui.kind_forms import fact_text, with_unit
from jiceng.ui.moment import Moment


def facts_at(subject: int, moment: Moment) -> list[shapes.FactOne]:
    """Everything believed about a subject at a moment that has begun by then, by kind, newest first."""
    terms = installed_law().terms
    found = reading.history([subject], on=moment.on, known_by=moment.known_by, terms=terms)
    entries = reading.entries_by_id({row.entry for row in found})
    names = places.full_names({row.place for row in found if row.place}, on=moment.on)
    ordered = sorted((row for row in found if row.kind in terms.kinds), key=lambda row: (row.since, row.id), reverse=True)
    ordered.sort(key=lambda row: terms.kinds[row.kind].number)
    return [_fact(row, terms, actor=entries[row.entry].actor, place_name=names.get(row.place or 0, "")) for row in ordered]


def _fact(row: FactRow, terms: Terms, *, actor: str, place_name: str) -> shapes.FactOne:
    kind = terms.kinds[row.kind]
    fields = {
        entry.id: shapes.FieldValue(
            title=entry.name, type=entry.type, value=row.data[entry.id], text=with_unit(kind, entry, row.data[entry.id], terms)
        )
        for entry in kind.fields.values()
        if entry.id not in kind.seal and row.data.get(entry.id) not in (None, "")
    }
    return shapes.FactOne(
        fact=row.id, kind=row.kind, kind_name=kind.name, since=row.since.isoformat(), until=day(row.until), place=row.place,
        place_name=place_name, fields=fields, sealed=list(kind.seal), entry=row.entry, actor=actor, known=row.known.isoformat(),
    )  # fmt: skip


def briefs(steps: Mapping[str, Step]) -> dict[str, shapes.Brief]:
    """Answers by rule, without the steps they are made of."""
    terms = installed_law().terms
    cards = {name: as_dict(step, terms) for name, step in steps.items()}
    return {name: shapes.Brief(**{part: card[part] for part in shapes.Brief.model_fields}) for name, card in cards.items()}


def day(until: date | None) -> str | None:
    """The end of a period; none where it has no end."""
    return None if until is None or until >= OPEN_END else until.isoformat()


def entry_line(act: Act) -> shapes.EntryLine:
    """An entry in a list."""
    wrote, ended = act.counts if any(act.counts) else (len(act.wrote), len(act.ended))
    return shapes.EntryLine(
        entry=act.id, name=act.name, book=act.book, seq=act.seq, act=act.act, act_name=act.act_name, actor=act.actor,
        known=act.known.isoformat(), basis=act.basis, why=act.why, batch=act.batch or None, undoes=act.undoes or None,
        undone=act.undone or None, seal=act.seal, wrote=wrote, ended=ended,
    )  # fmt: skip


def entry_facts(shown: Iterable[FactShown]) -> list[shapes.EntryFact]:
    """Facts of an entry in words; sealed ones without what is sealed."""
    terms = installed_law().terms
    return [
        shapes.EntryFact(
            fact=one.id, subject=one.subject, kind=one.kind.id if one.kind else "", kind_name=one.kind_name,
            text=_text(one, terms), since=one.since.isoformat(), until=day(one.until), place=one.place, believed=one.believed,
        )
        for one in shown
    ]  # fmt: skip


def _text(one: FactShown, terms: Terms) -> str:
    fields: dict[str, Any] = dict(one.fields)
    return fact_text(one.kind, fields, terms) if one.kind else ""

"""社区工作者登记表: what the ledger holds about one worker, arranged as the official form. A blank is unknown, 无 is known none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.documents.stamp import Stamp, lines
from jiceng.ledger import reading
from jiceng.ledger.ids import entry_name
from jiceng.ledger.models import microseconds
from jiceng.ledger.reading import FactRow
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.reports.registration_sections import SECTIONS, Section, column_name
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import value_shown

TITLE: Final = "社区工作者登记表"
NONE: Final = "无"
SEALED: Final = "（密封，未调阅）"
_SEAL_SIGNS: Final = 16


# Field of the grid → the fact and field it is read from.
_SINGLE: Final = {
    "sex": ("sex", "sex"), "birth": ("birth", "date"), "nation": ("nation", "nation"), "political_status": ("political_status", "status"),
    "joined": ("political_status", "joined"), "community_start": ("community_start", "date"), "contract_kind": ("contract", "kind"),
    "contract_employer": ("contract", "employer"), "contract_signed": ("contract", "signed"), "contract_ends": ("contract", "ends"),
    "probation_ends": ("probation", "ends"), "probation_outcome": ("probation", "outcome"), "grade": ("grading", "grade"),
    "remark": ("remark", "text"),
}  # fmt: skip
_OF_POST: Final = {"worker_class": "class", "post": "post", "employer": "employer", "origin": "origin", "funding": "funding"}


@dataclass(frozen=True)
class Shown:
    """Personal data as whoever prints it may see them. None: held but not asked for; blank: not held."""

    name: str
    id_number: str
    phone: str | None = None
    address: str | None = None


def registration(
    subject: int, *, on: date, known_by: datetime | None, shown: Shown, stamped: tuple[str, datetime], terms: Terms
) -> dict[str, Any]:
    """The fields of the form, all of them text.

    Shape   one name a field of the grid; `sections`: kind → title, columns, rows by field, `nothing` (无, 自…起无, or blank)
    Time    state at the end of `on`, as known by `known_by`; `stamped`: who prints it and when
    Empty   a field nobody recorded is blank; a list of which somebody vouched that it is whole says 无
    """
    rows = reading.history([subject], on=on, known_by=known_by, terms=terms)
    by_kind: dict[str, list[FactRow]] = {}
    for row in sorted(rows, key=lambda row: (row.since, row.id)):
        by_kind.setdefault(row.kind, []).append(row)
    names = _names(rows, on=on)
    grid = {field: _single(by_kind, kind, entry, on=on, terms=terms) for field, (kind, entry) in _SINGLE.items()}
    grid["contract_kind"] = grid["contract_kind"] or _nothing(by_kind, "contract", on=on)
    return {
        "title": TITLE, "number": str(subject), "name": shown.name, "id_number": shown.id_number,
        "phone": _sealed(shown.phone, by_kind), "address": _sealed(shown.address, by_kind),
        **grid, **_post(by_kind.get("appointment", []), names, on=on, terms=terms),
        "sections": {one.kind: _section(one, by_kind, names, on=on, terms=terms) for one in SECTIONS},
        "foot": list(lines(Stamp(on, known_by, *stamped, sources=_position(subject, known_by)))),
    }  # fmt: skip


def _names(rows: list[FactRow], *, on: date) -> dict[int, str]:
    """Names of the places of the form, from the county down: the prefecture stands in nobody's post."""
    codes = {row.place for row in rows if row.place}
    return places.full_names(codes, on=on, above=tree.up(min(codes), Level.city) if codes else tree.NATION)


def _single(by_kind: Mapping[str, list[FactRow]], kind: str, field: str, *, on: date, terms: Terms) -> str:
    """A field of the fact in force; blank without one."""
    held = next((row for row in reversed(by_kind.get(kind, ())) if row.until > on), None)
    return _text(terms.kinds[kind], field, held, terms) if held else ""


def _post(appointments: list[FactRow], names: Mapping[int, str], *, on: date, terms: Terms) -> dict[str, str]:
    """The appointment in force, else the last one."""
    held = max(appointments, key=lambda row: (row.until > on, row.since), default=None)
    found = {field: _text(terms.kinds["appointment"], entry, held, terms) if held else "" for field, entry in _OF_POST.items()}
    place = names.get(held.place or 0, "") if held else ""
    return {**found, "place": place, "post_since": chinese_date(held.since) if held else ""}


def _section(one: Section, by_kind: Mapping[str, list[FactRow]], names: Mapping[int, str], *, on: date, terms: Terms) -> dict[str, Any]:
    kind = terms.kinds[one.kind]
    rows = [{field: _cell(kind, field, row, names, terms) for field, _ in one.columns} for row in by_kind.get(one.kind, ())]
    columns = [{"id": field, "name": column_name(one, field, terms), "width": width} for field, width in one.columns]
    nothing = "" if rows else _nothing(by_kind, one.kind, on=on)
    return {"title": one.title, "columns": columns, "rows": rows, "nothing": nothing, "printed": one.always or bool(rows or nothing)}


def _cell(kind: Kind, field: str, row: FactRow, names: Mapping[int, str], terms: Terms) -> str:
    if field == "since":
        return row.since.isoformat()
    if field == "until":
        return "至今" if row.until >= OPEN_END else row.until.isoformat()
    if field == "place":
        # A training has a place in words; an appointment stands at a place of the tree.
        return names.get(row.place, str(row.place)) if row.place else str(row.data.get("place", ""))
    return _text(kind, field, row, terms, iso=True)


def _text(kind: Kind, field: str, row: FactRow, terms: Terms, *, iso: bool = False) -> str:
    entry, value = kind.fields[field], row.data.get(field)
    if value in (None, ""):
        return ""
    if entry.type == "Date" and not iso:
        return chinese_date(date.fromisoformat(str(value)))
    return value_shown(entry, value, terms)


def _nothing(by_kind: Mapping[str, list[FactRow]], kind: str, *, on: date) -> str:
    """What stands in an empty list: 无 where it is vouched for from the beginning, from when where only from a later day."""
    if by_kind.get(kind):
        return ""
    vouched = [date.fromisoformat(row.data["from"]) for row in by_kind.get("complete", ()) if row.data["kind"] == kind and row.until > on]
    if not vouched:
        return ""
    births = [date.fromisoformat(row.data["date"]) for row in by_kind.get("birth", ()) if "date" in row.data]
    begun = [row.since for row in by_kind.get("appointment", ())]
    first = min(births or begun, default=date.min)
    return NONE if min(vouched) <= first else f"自{chinese_date(min(vouched))}起{NONE}"


def _sealed(value: str | None, by_kind: Mapping[str, list[FactRow]]) -> str:
    return value if value is not None else SEALED if by_kind.get("contact") else ""


def _position(subject: int, known_by: datetime | None) -> tuple[str, ...]:
    """Where the ledger stood: the last entry about the worker known by then, with the beginning of its seal."""
    last = _last(reading.entries(subject), known_by)
    return (f"台账 {entry_name(last.id)}，封印 {bytes(last.seal).hex()[:_SEAL_SIGNS]}",) if last else ()


def _last(entries: Iterable[Any], known_by: datetime | None) -> Any | None:
    known = [one for one in entries if known_by is None or one.known <= microseconds(known_by)]
    return max(known, key=lambda one: (one.known, one.id), default=None)

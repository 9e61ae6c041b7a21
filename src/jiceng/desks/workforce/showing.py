"""Standing rows as the pages show them: codes as words, names as the account may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jiceng.access.scope import Scope
from jiceng.places import reading, tree
from jiceng.runs.models import Standing, State
from jiceng.terms.registry import Terms

STATE_COLOURS = {State.in_service: "green", State.left: "grey", State.not_yet: "amber"}


@dataclass(frozen=True)
class Line:
    """One worker on a list."""

    subject: int
    name: str
    sex: str
    birth: date | None
    id_masked: str
    place: int
    place_name: str
    post: str
    worker_class: str
    education: str
    certificate: str
    post_since: date | None
    state: str
    state_colour: str


def code_name(terms: Terms, code_list: str, number: int | None) -> str:
    """A code's Chinese name; nothing recorded reads as nothing."""
    found = terms.codes[code_list].by_number.get(number) if number is not None else None
    return found.name if found else ""


def line(row: Standing, *, scope: Scope, terms: Terms, names: Mapping[int, str]) -> Line:
    """One standing row for a list."""
    return Line(
        subject=row.subject,
        name=scope.shown_name(row.name, place=row.place),
        sex=code_name(terms, "Sex", row.sex),
        birth=row.birth,
        id_masked=row.id_masked,
        place=row.place,
        place_name=names.get(row.place, str(row.place)),
        post=code_name(terms, "Post", row.post),
        worker_class=code_name(terms, "WorkerClass", row.worker_class),
        education=code_name(terms, "EducationLevel", row.education),
        certificate=code_name(terms, "CertificateKind", row.certificate),
        post_since=row.post_since,
        state=State(row.state).label,
        state_colour=STATE_COLOURS[State(row.state)],
    )


def lines(rows: Iterable[Standing], *, scope: Scope, terms: Terms, on: date, above: int = tree.NATION) -> list[Line]:
    """Standing rows for a list, with place names below `above`, read in one statement."""
    kept = list(rows)
    names = reading.full_names({row.place for row in kept if row.place}, on=on, above=above)
    return [line(row, scope=scope, terms=terms, names=names) for row in kept]

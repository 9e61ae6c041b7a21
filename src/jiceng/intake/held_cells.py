"""What the ledger holds of a worker, in the cells of the roster: the readers of `cells` the other way round.

A cell written here and read back states what the ledger believes already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jiceng.access.masking import mask_account, mask_id, mask_phone
from jiceng.intake.roster import COLUMNS
from jiceng.ledger.identity import open_sealed
from jiceng.ledger.reading import FactRow, history, placed_in
from jiceng.places import reading, tree
from jiceng.places.tree import Level
from jiceng.terms.registry import Terms

SEALED: Final = {"id_number": mask_id, "phone": mask_phone, "address": lambda text: "*" * min(len(text), 6), "bank_account": mask_account}
"""Columns that hold sealed fields, with their masks. A name is sealed too; who may see names is asked elsewhere."""

_LEVELS = ("primary", "junior_middle", "senior_middle", "secondary", "college", "bachelor", "master", "doctor")
_KINDS = (
    "person", "birth", "sex", "nation", "political_status", "contact", "education", "certificate", "appointment", "community_start",
    "contract", "training", "assessment", "complete", "departure", "remark", "pay_account",
)  # fmt: skip


@dataclass(frozen=True)
class HeldCell:
    """A cell with the fact it comes from; `fact` is None where it follows from a place's name or from known none."""

    text: str
    fact: FactRow | None = None


@dataclass(frozen=True)
class HeldRow:
    """One worker as a row of the roster: cells by column id, blank ones left out; `place` is where the worker is appointed."""

    subject: int
    place: int
    cells: Mapping[str, HeldCell]

    def text(self, column: str) -> str:
        """A cell's text, "" where nothing is held."""
        found = self.cells.get(column)
        return found.text if found else ""

    def masked(self, column: str) -> str:
        """The same as somebody sees it who may not see sealed fields."""
        text = self.text(column)
        return SEALED[column](text) if text and column in SEALED else text


def serving(place: int, *, on: date, known_by: datetime | None, terms: Terms) -> list[HeldRow]:
    """Who serves in a place on a day, by community and worker number.

    Time    state at the end of `on`, as known by `known_by`
    Empty   a worker whose identity has been erased has no row: there is nothing to recognise
    """
    inside = placed_in(tree.ranges(place), on=on, known_by=known_by, terms=terms)
    rows = held_rows(inside, on=on, known_by=known_by, terms=terms, inside=place)
    return sorted((row for row in rows.values() if row.place), key=lambda row: (tree.padded(row.place), row.subject))


def serving_by_place(place: int, *, on: date, known_by: datetime | None, terms: Terms) -> dict[int, int]:
    """How many serve in each community of a place; as many as `serving` has rows of persons not erased.

    Empty   a community without workers has no entry
    """
    inside = placed_in(tree.ranges(place), on=on, known_by=known_by, terms=terms)
    kinds: dict[int, dict[str, list[FactRow]]] = {}
    for fact in history(inside, on=on, known_by=known_by, kinds=("appointment", "departure"), terms=terms) if inside else ():
        kinds.setdefault(fact.subject, {}).setdefault(fact.kind, []).append(fact)
    posts = [_appointment(held, on, place) for held in kinds.values()]
    return dict(Counter(post.place for post in posts if post and post.place))


def held_rows(
    subjects: Iterable[int], *, on: date, known_by: datetime | None, terms: Terms, inside: int = tree.NATION
) -> dict[int, HeldRow]:
    """Workers as rows of the roster, by worker number.

    Shape   of several appointments the latest one inside a place; `place` 0 for one who does not serve there on the day
    Time    as `serving`
    """
    wanted = list(subjects)
    if not wanted:
        return {}
    facts = history(wanted, on=on, known_by=known_by, kinds=_KINDS, terms=terms)
    opened = open_sealed(facts)
    by_subject: dict[int, dict[str, list[FactRow]]] = {}
    for fact in facts:
        by_subject.setdefault(fact.subject, {}).setdefault(fact.kind, []).append(fact)
    posts = {subject: _appointment(kinds, on, inside) for subject, kinds in by_subject.items()}
    codes = {post.place or 0 for post in posts.values() if post}
    names = reading.names_of({up for code in codes for up in (*tree.ancestors(code), code)}, on=on)
    found = {}
    for subject, kinds in by_subject.items():
        cells = _Cells(kinds, opened, on, terms)
        row = cells.row(posts[subject], names)
        if "name" in row:
            post = posts[subject]
            found[subject] = HeldRow(subject, (post.place or 0) if post else 0, row)
    return found


def _appointment(kinds: Mapping[str, Sequence[FactRow]], on: date, inside: int) -> FactRow | None:
    """The appointment in force inside a place; who left after it began serves no more, as the standing rows say."""
    left = max((row.since for row in kinds.get("departure", ())), default=date.min)
    held = [
        row for row in kinds.get("appointment", ())
        if row.until > on and row.since >= left and row.place and (inside == tree.NATION or tree.contains(inside, row.place))
    ]  # fmt: skip
    return max(held, key=lambda row: row.since, default=None)


class _Cells:
    """The cells of one worker."""

    def __init__(self, kinds: Mapping[str, Sequence[FactRow]], opened: Mapping[int, Mapping[str, Any] | None], on: date, terms: Terms):
        self.kinds, self.opened, self.on, self.terms = kinds, opened, on, terms
        self.cells: dict[str, HeldCell] = {}

    def row(self, post: FactRow | None, names: Mapping[int, str]) -> dict[str, HeldCell]:
        """Column id → cell."""
        self._sealed()
        for column, kind, field in (
            ("birth", "birth", "date"), ("sex", "sex", "sex"), ("nation", "nation", "nation"), ("remark", "remark", "text"),
            ("political_status", "political_status", "status"), ("joined", "political_status", "joined"),
            ("community_start", "community_start", "date"), ("contract", "contract", "kind"), ("contract_signed", "contract", "signed"),
            ("contract_ends", "contract", "ends"),
        ):  # fmt: skip
            self._field(column, self._now(kind), field)
        self._appointed(post, names)
        self._educated()
        self._certified()
        self._events()
        self._none("contract", "contract")
        return self.cells

    def _now(self, kind: str) -> FactRow | None:
        return next((row for row in reversed(self.kinds.get(kind, ())) if row.until > self.on), None)

    def _put(self, column: str, text: str, fact: FactRow | None) -> None:
        if text:
            self.cells[column] = HeldCell(text, fact)

    def _field(self, column: str, fact: FactRow | None, field: str) -> None:
        value = fact.data.get(field) if fact else None
        if value is not None:
            self._put(column, self._word(column, str(value)), fact)

    def _word(self, column: str, value: str) -> str:
        code = COLUMNS[column].code
        found = self.terms.codes[code].by_id.get(value) if code else None
        return found.name if found else value

    def _sealed(self) -> None:
        for kind, columns in (
            ("person", ("name", "id_number")),
            ("contact", ("phone", "address")),
            ("pay_account", ("bank_account", "bank_name")),
        ):
            fact = self._now(kind)
            fields = (self.opened.get(fact.id) if fact else None) or {}
            for column in columns:
                self._put(column, str(fields.get(column) or ""), fact)

    def _appointed(self, post: FactRow | None, names: Mapping[int, str]) -> None:
        if post is None or post.place is None:
            return
        self._field("class", post, "class")
        self._field("post", post, "post")
        self._put("post_since", post.since.isoformat(), post)
        for code in (*tree.ancestors(post.place), post.place):
            column = {Level.county: "county", Level.street: "street", Level.community: "community"}.get(tree.level_of(code))
            if column:
                self._put(column, names.get(code, ""), post)

    def _educated(self) -> None:
        """The highest of each way of studying; degree, major and school of the one that the reader will give them to."""
        best: dict[str, FactRow] = {}
        for fact in self.kinds.get("education", ()):
            mode = fact.data.get("mode", "")
            if fact.until > self.on and fact.data.get("level") in _LEVELS and (mode not in best or _rank(fact) >= _rank(best[mode])):
                best[mode] = fact
        for mode, suffix in (("full_time", "full"), ("in_service", "service")):
            self._field(f"education_{suffix}", best.get(mode), "level")
            for field in ("degree", "major", "school"):
                self._field(f"{field}_{suffix}", best.get(mode), field)
        highest = max((best[mode] for mode in ("in_service", "full_time") if mode in best), key=_rank, default=None)
        for field in ("degree", "major", "school"):
            self._field(field, highest, field)
        if "full_time" in best:
            self._none("education_service", "education")

    def _certified(self) -> None:
        kinds = self.terms.codes["CertificateKind"].by_id
        held = [fact for fact in self.kinds.get("certificate", ()) if fact.until > self.on and fact.data.get("kind") in kinds]
        fact = max(held, key=lambda one: kinds[one.data["kind"]].number, default=None)
        for column, field in (("certificate", "kind"), ("certificate_registered", "registered"), ("certificate_number", "number")):
            self._field(column, fact, field)
        self._none("certificate", "certificate")

    def _events(self) -> None:
        trained = next(iter(reversed(self.kinds.get("training", ()))), None)
        if trained:
            self._put("training", trained.since.isoformat(), trained)
        assessed = max(self.kinds.get("assessment", ()), key=lambda fact: fact.data.get("year", 0), default=None)
        if assessed:
            self._put("assessment", f"{assessed.data['year']}年度{self._word_of('Result', assessed.data.get('result', ''))}", assessed)
        self._none("training", "training")
        self._none("assessment", "assessment")

    def _word_of(self, code: str, value: str) -> str:
        found = self.terms.codes[code].by_id.get(value)
        return found.name if found else value

    def _none(self, column: str, kind: str) -> None:
        """无 where it is known that there never was one (DECISIONS 3): complete from birth on, and nothing recorded."""
        births = self.kinds.get("birth", ())
        whole = next((fact for fact in self.kinds.get("complete", ()) if fact.data.get("kind") == kind and fact.until > self.on), None)
        if column not in self.cells and whole and births and whole.data.get("from", "9999") <= births[-1].data.get("date", ""):
            self._put(column, "无", whole)


def _rank(fact: FactRow) -> int:
    return _LEVELS.index(fact.data["level"])

"""Standing rows made from the ledger: the same function for today and for any past day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from jiceng.access.masking import mask_id
from jiceng.answers.answer import answer_all
from jiceng.answers.population import answer_many
from jiceng.answers.step import Step
from jiceng.answers.subject import Subject
from jiceng.base.dates import OPEN_END, day_after
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.load import Law
from jiceng.law.model import Document
from jiceng.ledger import reading
from jiceng.ledger.identity import identity_of
from jiceng.ledger.models import Book
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.rules.definition import RuleDef
from jiceng.rules.loops import available, loop_for, warm
from jiceng.runs import binding
from jiceng.runs.models import NONE_HELD, State
from jiceng.runs.pinyin import search_keys
from jiceng.runs.writing import StandingRow
from jiceng.terms.registry import Terms

ERASED = "已删除"
FEW = 100
"""Up to so many workers are answered one by one, which gives exact next-change dates; more go through the loops if those are ready."""


def make_rows(ids: Sequence[int], *, moment: int, on: date, known_by: datetime | None = None, law: Law) -> list[StandingRow]:
    """Standing rows of these workers.

    Shape   one row per worker with at least one appointment believed by then; others have no row
    Time    state at the end of `on`, as known by `known_by`
    """
    facts = reading.history(ids, on=OPEN_END, known_by=known_by, terms=law.terms)
    around = binding.Surroundings(on=on, known_by=known_by, terms=law.terms)
    return rows_from(ids, facts, moment=moment, on=on, law=law, around=around, named=True)


def rows_from(
    ids: Sequence[int], told: Iterable[FactRow], *, moment: int, on: date, law: Law, around: binding.Surroundings, named: bool
) -> list[StandingRow]:
    """Standing rows from every fact believed about these workers, whatever says what is believed. Not `named`: all nameless."""
    facts: dict[int, list[FactRow]] = defaultdict(list)
    employed = set()
    for row in told:
        facts[row.subject].append(row)
        if row.kind == "appointment":
            employed.add(row.subject)
    known = [id for id in ids if id in employed]
    names = identity_of(known) if named else {}
    subjects = _subjects(known, facts, on=on, law=law, around=around)
    answers, horizons = _answers(subjects, on=on, law=law)
    return [
        _row(subject, facts[subject.id], names.get(subject.id, {}), answer, horizon, moment=moment, on=on, law=law)
        for subject, answer, horizon in zip(subjects, answers, horizons, strict=True)
    ]


def _subjects(
    ids: Sequence[int], facts: dict[int, list[FactRow]], *, on: date, law: Law, around: binding.Surroundings
) -> list[Subject]:  # fmt: skip
    around.read({row.place for id in ids for row in facts[id] if row.kind == "appointment" and row.place and row.since <= on})
    return [binding.bind(id, facts[id], on=on, terms=law.terms, surroundings=around, sources=False) for id in ids]


def _answers(subjects: list[Subject], *, on: date, law: Law) -> tuple[list[dict[str, int]], list[date]]:
    if len(subjects) <= FEW or not loops_ready(law, _documents_of(subjects, on=on, law=law)):
        return _one_by_one(subjects, on=on, law=law)
    nothing = mark(AnswerKind.no_rule)
    regimes = {place: law.regime(place, on) for place in {subject.place for subject in subjects}}
    names = list(dict.fromkeys(name for regime in regimes.values() for name in law.standing(regime, "worker")))
    columns = answer_many(law, subjects, on=on, names=names, compiled=True)
    table = zip(*(column.tolist() for column in columns.values()), strict=True)
    answers = [{name: value for name, value in zip(columns, row, strict=True) if value != nothing} for row in table]
    # The loops do not say when an answer changes: looking again tomorrow is always right.
    return answers or [{}] * len(subjects), [day_after(on)] * len(subjects)


def _one_by_one(subjects: list[Subject], *, on: date, law: Law) -> tuple[list[dict[str, int]], list[date]]:
    answers, horizons = [], []
    for subject in subjects:
        steps = answer_all(law, subject, on=on, standing=True)
        answers.append({name: _encoded(step) for name, step in steps.items() if step.kind != AnswerKind.no_rule})
        # Where no rule is in force yet, the day the law changes is the only thing that can bring an answer.
        horizons.append(min([law.regime(subject.place, on).until, *(step.horizon for step in steps.values())]))
    return answers, horizons


_ready: set[tuple[str, ...]] = set()


def loops_ready(law: Law, documents: Iterable[Document]) -> bool:
    """Whether every rule of these documents has its compiled loop at hand; compiling fifty takes half a minute, which no page may."""
    key = tuple(sorted(f"{document.id} {document.hash}" for document in documents))
    if key not in _ready:
        if not available() or not all(warm(rule, codes=law.terms.codes) for rule in _compiled_rules(documents)):
            return False
        _ready.add(key)
    return True


def make_loops(law: Law) -> None:
    """Compile what is not compiled yet of the law of the places kept here, for a job of many thousand workers."""
    documents = law.touching(Book.objects.values_list("place", flat=True))
    if available() and not loops_ready(law, documents):
        for rule in _compiled_rules(documents):
            loop_for(rule, codes=law.terms.codes)


def _documents_of(subjects: Iterable[Subject], *, on: date, law: Law) -> tuple[Document, ...]:
    """The documents in force for any of these workers."""
    found = {d.id: d for place in {subject.place for subject in subjects} for d in law.regime(place, on).documents}
    return tuple(found.values())


def _compiled_rules(documents: Iterable[Document]) -> list[RuleDef]:
    return [rule for document in documents for rule in document.rules if not rule.total and not rule.asked and rule.of != "request"]


def _encoded(step: Step) -> int:
    return step.value if step.kind == AnswerKind.value else mark(step.kind)


def _row(
    subject: Subject, rows: list[FactRow], identity: dict[str, str], answers: dict[str, int], horizon: date,
    *, moment: int, on: date, law: Law,
) -> StandingRow:  # fmt: skip
    by_kind: dict[str, list[FactRow]] = defaultdict(list)
    change, through, entered = horizon, 0, False
    for row in rows:
        since, until = row.since, row.until
        if since > on:
            change = min(change, since)
        elif until > on:
            by_kind[row.kind].append(row)
            change = min(change, until)
        entered = entered or (since <= on and row.kind == "appointment")
        through = max(through, row.entry)
    appointment = binding.serving(by_kind["appointment"], [row for row in rows if row.kind == "departure"], on)
    name = identity.get("name", ERASED)
    place = subject.place or _first_place(rows)
    terms = law.terms
    return StandingRow(
        moment_id=moment, subject=subject.id, book=subject.id >> 40, place=place, place_key=tree.padded(place),
        state=State.in_service.value if appointment else State.left.value if entered else State.not_yet.value,
        name=name, pinyin=search_keys(name), id_masked=mask_id(identity.get("id_number", "")),
        sex=_code(by_kind, "sex", "sex", terms), birth=_birth(by_kind), nation=_code(by_kind, "nation", "nation", terms),
        political=_code(by_kind, "political_status", "status", terms), education=_highest(by_kind, "education", "level", terms),
        certificate=_certificate(subject, by_kind, terms),
        post=_of(appointment, "post", terms), worker_class=_of(appointment, "class", terms),
        post_since=appointment.since if appointment else None,
        grade=by_kind["grading"][0].data.get("grade") if by_kind["grading"] else None,
        answers=answers, next_change=change, made_on=on, through=through, law_hash=law.hash,
    )  # fmt: skip


def _first_place(rows: list[FactRow]) -> int:
    return next((row.place for row in rows if row.kind == "appointment" and row.place), 0)


def _of(row: FactRow | None, field: str, terms: Terms) -> int | None:
    if row is None or field not in row.data:
        return None
    return binding.encode(row.data[field], terms.kinds[row.kind].fields[field].type, terms)


def _code(by_kind: dict[str, list[FactRow]], kind: str, field: str, terms: Terms) -> int | None:
    return _of(by_kind[kind][-1], field, terms) if by_kind[kind] else None


def _highest(by_kind: dict[str, list[FactRow]], kind: str, field: str, terms: Terms) -> int | None:
    numbers = [_of(row, field, terms) for row in by_kind[kind]]
    return max((n for n in numbers if n is not None), default=None)


def _certificate(subject: Subject, by_kind: dict[str, list[FactRow]], terms: Terms) -> int | None:
    """The highest held; NONE_HELD where all certificates are known and none is held; None where nobody has said."""
    whole = "certificates" in subject.histories and subject.histories["certificates"].whole
    return _highest(by_kind, "certificate", "kind", terms) or (NONE_HELD if whole else None)


def _birth(by_kind: dict[str, list[FactRow]]) -> date | None:
    said = by_kind["birth"][-1].data.get("date") if by_kind["birth"] else None
    return date.fromisoformat(said) if said else None

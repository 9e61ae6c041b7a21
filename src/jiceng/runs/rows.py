"""Standing rows made from the ledger: the same function for today and for any past day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from jiceng.access.masking import mask_id
from jiceng.answers.answer import answer_all
from jiceng.answers.population import answer_many
from jiceng.answers.step import Step
from jiceng.answers.subject import Subject
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.identity import identity_of
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.models import Standing, State
from jiceng.runs.pinyin import search_keys
from jiceng.terms.registry import Terms

ONE_BY_ONE = 60
"""Up to so many subjects are answered with full trace, which gives exact next-change dates; more go through the loops."""


def make_rows(ids: Sequence[int], *, moment: int, on: date, known_by: datetime | None = None, law: Law) -> list[Standing]:
    """Standing rows of these workers.

    Shape   one row per worker with at least one appointment believed by then; others have no row
    Time    state at the end of `on`, as known by `known_by`
    """
    facts: dict[int, list[FactRow]] = defaultdict(list)
    for row in reading.history(ids, on=OPEN_END, known_by=known_by):
        facts[row.subject].append(row)
    known = [id for id in ids if any(row.kind == "appointment" for row in facts[id])]
    names = identity_of(known)
    surroundings = binding.Surroundings(on=on, known_by=known_by, terms=law.terms)
    subjects = [
        binding.bind(id, [row for row in facts[id] if row.since <= on], on=on, terms=law.terms, surroundings=surroundings) for id in known
    ]
    answers, horizons = _answers(subjects, on=on, law=law)
    return [
        _row(subject, facts[subject.id], names.get(subject.id, {}), answer, horizon, moment=moment, on=on, law=law)
        for subject, answer, horizon in zip(subjects, answers, horizons, strict=True)
    ]


def _answers(subjects: list[Subject], *, on: date, law: Law) -> tuple[list[dict[str, int]], list[date]]:
    nothing = mark(AnswerKind.no_rule)
    if len(subjects) <= ONE_BY_ONE:
        answers, horizons = [], []
        for subject in subjects:
            steps = answer_all(law, subject, on=on)
            answers.append({name: _encoded(step) for name, step in steps.items() if step.kind != AnswerKind.no_rule})
            # Where no rule is in force yet, the day the law changes is the only thing that can bring an answer.
            horizons.append(min([law.regime(subject.place, on).until, *(step.horizon for step in steps.values())]))
        return answers, horizons
    columns = {name: column.tolist() for name, column in answer_many(law, subjects, on=on).items()}
    answers = [{name: column[i] for name, column in columns.items() if column[i] != nothing} for i in range(len(subjects))]
    # The loops do not say when an answer changes: looking again tomorrow is always right.
    return answers, [on + timedelta(days=1)] * len(subjects)


def _encoded(step: Step) -> int:
    return step.value if step.kind == AnswerKind.value else mark(step.kind)


def _row(
    subject: Subject, rows: list[FactRow], identity: dict[str, str], answers: dict[str, int], horizon: date,
    *, moment: int, on: date, law: Law,
) -> Standing:  # fmt: skip
    by_kind: dict[str, list[FactRow]] = defaultdict(list)
    for row in rows:
        if row.since <= on < row.until:
            by_kind[row.kind].append(row)
    appointment = max(by_kind["appointment"], key=lambda row: row.since, default=None)
    entered = any(row.kind == "appointment" and row.since <= on for row in rows)
    later = [day for row in rows for day in (row.since, row.until) if day > on]
    name = identity.get("name", "已删除")
    place = subject.place or _first_place(rows)
    terms = law.terms
    return Standing(
        moment_id=moment, subject=subject.id, book=subject.id >> 40, place=place, place_key=tree.padded(place),
        state=State.in_service if appointment else State.left if entered else State.not_yet,
        name=name, pinyin=search_keys(name), id_masked=mask_id(identity.get("id_number", "")),
        sex=_code(by_kind, "sex", "sex", terms), birth=_birth(by_kind), nation=_code(by_kind, "nation", "nation", terms),
        political=_code(by_kind, "political_status", "status", terms), education=_highest(by_kind, "education", "level", terms),
        certificate=_highest(by_kind, "certificate", "kind", terms),
        post=_of(appointment, "post", terms), worker_class=_of(appointment, "class", terms),
        post_since=appointment.since if appointment else None,
        grade=by_kind["grading"][0].data.get("grade") if by_kind["grading"] else None,
        answers=answers, next_change=min([horizon, *later]), made_on=on, through=max(row.entry for row in rows),
        law_hash=law.hash,
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


def _birth(by_kind: dict[str, list[FactRow]]) -> date | None:
    return date.fromisoformat(by_kind["birth"][-1].data["date"]) if by_kind["birth"] else None

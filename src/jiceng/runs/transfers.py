"""A worker's move from one place to another: what the law of both says of it, looked at before it is made, then one act in
the books of both.

At the act the answers of the place left (grade, protected pay, the day its years count from) are worked out as of the last day
there and recorded with the hash of the law set; the new place's rules go on from them. Why so: docs/why/transfer.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from jiceng.answers.answer import answer_all
from jiceng.answers.card import text_of
from jiceng.answers.step import Step
from jiceng.base.dates import OPEN_END, chinese_date, day_date
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.ledger import attachments, reading
from jiceng.ledger.appending import next_entry
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Entry
from jiceng.ledger.reading import FactRow
from jiceng.ledger.record import lock_books
from jiceng.ledger.trying import tried
from jiceng.runs import binding, bulk_acts, law_sets
from jiceng.runs.attaching import Paper, attaching
from jiceng.runs.commit import Change, Correct, Record, commit, rising
from jiceng.runs.law import installed_law

Steps = Mapping[str, Step]
Clock = Callable[[], datetime]

SCHEME, MAPPED, GRADE, PROTECTED, COUNTED_FROM = "monthly_pay", "grade_on_transfer", "recorded_grade", "protected_pay", "years_since"
SHOWN = (SCHEME, "retained_pay", "pay_with_retained", "worked_years", COUNTED_FROM, "grade_due", "post_class")
"""Answers shown side by side, by the names the schemes share."""
STAYING = ("term", "contract", "probation", "backup", "secondment")
"""Kinds that a move leaves as they are: what runs on is shown, so that somebody says what becomes of it."""


@dataclass(frozen=True)
class Agreed:
    """Who agreed on which day: the place left, the place entered, the office that approved."""

    from_by: str
    from_on: date
    to_by: str
    to_on: date
    approved_by: str
    approved_on: date


@dataclass(frozen=True)
class Decided:
    """A grade that no map names, decided by a body. `level`: an id of the code list BodyLevel."""

    grade: int
    by: str
    level: str


@dataclass(frozen=True)
class Wanted:
    """A move: who, from which day, to which community, as what; codes by id."""

    subject: int
    day: date
    to: int
    post: str
    worker_class: str
    agreed: Agreed
    decided: Decided | None = None


@dataclass(frozen=True)
class Pair:
    """One answer at the place left, on the last day there, and at the new place on the first day. None: no rule there."""

    name: str
    title: str
    before: Step | None
    after: Step | None


@dataclass(frozen=True)
class Look:
    """What a move would do. `same`: both places count by one scheme, nothing is mapped or carried.

    `mapped`: what the map of grades answers; `grade`: the grade at the new place, None if nobody has said; `carried`: what is
    recorded of the place left; `lacking`: what it could not answer, with the reason; `running`: facts that go on as they are
    """

    wanted: Wanted
    left: int
    same: bool
    grade_before: int | None
    grade: int | None
    mapped: Step | None
    pairs: tuple[Pair, ...]
    carried: Mapping[str, Any]
    lacking: tuple[tuple[str, str], ...]
    running: tuple[FactRow, ...]
    leaving: tuple[Change, ...] = field(repr=False)
    entering: tuple[Change, ...] = field(repr=False)

    @property
    def undecided(self) -> bool:
        """No map names the grade, and no body has decided it: the move cannot be entered."""
        return not self.same and self.grade is None


def look(wanted: Wanted, *, clock: Clock) -> Look:
    """What a move would do, worked out by the law of both places; nothing is written.

    Time    before: the end of the last day at the place left; after: the end of the first day at the new one
    Errors  Refusal transfer.not_serving, transfer.same_place, transfer.decided_grade, transfer.agreed_late, and those of the ledger
    """
    law = installed_law()
    told = reading.history([wanted.subject], on=OPEN_END, terms=law.terms)
    serving = [f for f in told if f.kind == "appointment" and f.since < wanted.day < f.until]
    _check(wanted, serving)
    last = wanted.day - timedelta(days=1)
    left, before = answers_about(wanted.subject, told, on=last, law=law)
    same = _scheme(law, left, wanted.day) == _scheme(law, wanted.to, wanted.day)
    if same and wanted.decided:
        raise Refusal("transfer.decided_grade", "两地按同一办法定等级，不用认定", why="等级随人，不变", do="请清空认定等级和认定单位")
    grade_before = held(told, "grading", "grade", last)
    carried, lacking = ({}, ()) if same else carried_over(before, grade_before, left=left, last=last, law=law)
    leaving = [Correct(f.id, f.since, wanted.day, f.data) for f in serving]
    base = [*_appointed(wanted, serving[-1], left), *([] if same else [_carry(wanted, carried)])]
    mapped, grade = None, grade_before
    if not same:
        mapped = _after(wanted, told, [*leaving, *base], clock=clock, law=law).get(MAPPED)
        grade = _grade(wanted, mapped)
        leaving += [Correct(f.id, f.since, wanted.day, f.data) for f in told if f.kind == "grading" and f.since < wanted.day < f.until]
        base += _graded(wanted, mapped, grade)
        if grade is not None:
            here = _after(wanted, told, [*leaving, *base], clock=clock, law=law).get(SCHEME)
            carried |= {"grade_here": grade} | ({"pay_here": here.value} if here and here.kind is AnswerKind.value else {})
            base = [*base, _carry(wanted, carried)]
    after = _after(wanted, told, [*leaving, *base], clock=clock, law=law)
    pairs = [_pair(name, before, after, law) for name in SHOWN if name in before or name in after]
    running = [f for f in told if f.kind in STAYING and f.since < wanted.day < f.until]
    return Look(
        wanted, left, same, grade_before, grade, mapped, tuple(pairs), carried, lacking, tuple(running), tuple(leaving),
        tuple(_last_of_each(base)),
    )  # fmt: skip


def _check(wanted: Wanted, serving: Sequence[FactRow]) -> None:
    if not serving:
        raise Refusal(
            "transfer.not_serving", f"{chinese_date(wanted.day)}前一天台账里没有他的任职", why="只有在任的人可以调动，当天才任职的也不行",
            do="请核对调动日期，或先登记任职",
        )  # fmt: skip
    if any(fact.place == wanted.to for fact in serving):
        raise Refusal("transfer.same_place", "调入的社区就是现在任职的社区", do="请选择另一个社区；只换岗位的请登记任职")
    agreed = wanted.agreed
    if agreed.approved_on > wanted.day or max(agreed.from_on, agreed.to_on) > agreed.approved_on:
        raise Refusal(
            "transfer.agreed_late", "同意和批准的先后不对", why="两地先同意，再批准，批准不晚于调动之日",
            do="请核对两地同意、批准和调动的日期",
        )  # fmt: skip


def _scheme(law: Law, place: int, on: date) -> str:
    """The document by which pay is counted at a place; "" where none says."""
    found = law.regime(place, on).definitions.get(SCHEME)
    return found.document.id if found else ""


def answers_about(subject: int, told: Sequence[FactRow], *, on: date, law: Law) -> tuple[int, Steps]:
    """Every answer about the worker from these facts, and where he stands."""
    around = binding.Surroundings(on=on, known_by=None, terms=law.terms)
    bound = binding.bind(subject, list(told), on=on, terms=law.terms, surroundings=around)
    return bound.place, answer_all(law, bound, on=on)


def _after(wanted: Wanted, told: Sequence[FactRow], changes: Sequence[Change], *, clock: Clock, law: Law) -> Steps:
    what = tried(book_of(wanted.to), _last_of_each(changes), known=clock(), terms=law.terms)
    return answers_about(wanted.subject, what.over(told, about=[wanted.subject]), on=wanted.day, law=law)[1]


def _last_of_each(changes: Sequence[Change]) -> list[Change]:
    """Changes with the last `carried` only: it is told again as more of it becomes known."""
    carried = [one for one in changes if isinstance(one, Record) and one.kind == "carried"][-1:]
    return [one for one in changes if not isinstance(one, Record) or one.kind != "carried"] + carried


def held(told: Sequence[FactRow], kind: str, name: str, on: date) -> Any:
    """One field of the fact of a kind that holds on a day."""
    return next((f.data.get(name) for f in told if f.kind == kind and f.since <= on < f.until), None)


def carried_over(
    before: Steps, grade: int | None, *, left: int, last: date, law: Law
) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """What the place left answers as of the last day, as a fact; and what it could not, with the reason."""
    found: dict[str, Any] = {"as_of": last.isoformat(), "from_place": left, "law": law.hash}
    lacking = []
    if grade is None:
        lacking.append(("原等级", "台账里没有登记等级"))
    else:
        found["grade"] = grade
    for name, entry in ((PROTECTED, "pay"), (COUNTED_FROM, "years_since")):
        step = before.get(name)
        if step is not None and step.kind is AnswerKind.value:
            found[entry] = day_date(step.value).isoformat() if name == COUNTED_FROM else step.value
        else:
            said = f"{text_of(step, law.terms)}{'：' + step.why if step.why else ''}" if step else "调出地没有这项规定"
            lacking.append((law.terms.names[name].name, said))
    return found, tuple(lacking)


def _appointed(wanted: Wanted, old: FactRow, left: int) -> list[Change]:
    agreed = wanted.agreed
    appointment = {"post": wanted.post, "class": wanted.worker_class, "origin": old.data.get("origin")}
    approvals: dict[str, Any] = {
        "from_place": left, "from_by": agreed.from_by, "from_on": agreed.from_on.isoformat(), "to_by": agreed.to_by,
        "to_on": agreed.to_on.isoformat(), "approved_by": agreed.approved_by, "approved_on": agreed.approved_on.isoformat(),
    }  # fmt: skip
    return [
        Record(wanted.subject, "appointment", wanted.day, None, {k: v for k, v in appointment.items() if v}, place=wanted.to),
        Record(wanted.subject, "transfer", wanted.day, None, approvals, place=wanted.to),
    ]


def _carry(wanted: Wanted, carried: Mapping[str, Any]) -> Record:
    return Record(wanted.subject, "carried", wanted.day, None, dict(carried))


def _grade(wanted: Wanted, mapped: Step | None) -> int | None:
    """The grade the map gives, else the one a body decided.

    Errors  Refusal transfer.decided_grade where both are there and differ
    """
    told = mapped.value if mapped is not None and mapped.kind is AnswerKind.value else None
    decided = wanted.decided.grade if wanted.decided else None
    if told is not None and decided is not None and told != decided:
        raise Refusal(
            "transfer.decided_grade", f"对应表写明 {told} 级，填的认定等级是 {decided} 级", why="有对应的按对应表，不另行认定",
            do="请清空认定等级，或先修订对应表",
        )  # fmt: skip
    return decided if told is None else told


def _graded(wanted: Wanted, mapped: Step | None, grade: int | None) -> list[Change]:
    if grade is None:
        return []
    changes: list[Change] = [Record(wanted.subject, "grading", wanted.day, None, {"grade": grade})]
    if wanted.decided and not (mapped is not None and mapped.kind is AnswerKind.value):
        body = {"matter": "grade_mapping", "granted": True, "level": wanted.decided.level, "by": wanted.decided.by}
        changes.append(Record(wanted.subject, "approval", wanted.day, None, body))
    return changes


def _pair(name: str, before: Steps, after: Steps, law: Law) -> Pair:
    return Pair(name, law.titles[name], before.get(name), after.get(name))


def undecided(seen: Look) -> Refusal:
    """The refusal of a move whose grade nobody has said."""
    why = (
        "调入地没有等级对应的规定"
        if seen.mapped is None
        else f"{KIND_NAMES[seen.mapped.kind]}{'：' if seen.mapped.why else ''}{seen.mapped.why}"
    )
    do = "请由认定等级的单位决定，填写认定的等级、单位和层级；不能照抄原等级"
    return Refusal("transfer.undecided", "调入后的等级没有定", why=why, do=do)


def record_transfer(
    seen: Look, papers: Sequence[Paper], *, heads: Mapping[int, int], actor: str, basis: str, why: str, clock: Clock
) -> list[Entry]:  # fmt: skip
    """A look become an act: what ends in the book of the place left, what begins in that of the new one, under one number.

    Shape   an entry a book, as one batch in one transaction; one entry where both places keep one book
    Errors  Refusal transfer.undecided, attachment.gone, bulk.moved if entries since `heads` spoke of the worker, those of the ledger
    """
    wanted = seen.wanted
    if seen.undecided:
        raise undecided(seen)
    for paper in papers:
        if not attachments.is_held(paper.held.subject, paper.held.hash):
            raise Refusal("attachment.gone", f"“{paper.title}”已经清理", why="文件选好后一小时内没有确认", do="请重新选择文件再提交")
    from_book, to_book = book_of(seen.left).id, book_of(wanted.to).id
    entering = [*seen.entering, *attaching(papers, since=wanted.day)]
    shares = [(from_book, seen.leaving), (to_book, entering)] if from_book != to_book else [(to_book, [*seen.leaving, *entering])]
    if not seen.same:
        law_sets.keep(installed_law())
    with transaction.atomic():
        lock_books({from_book, to_book, wanted.subject >> bulk_acts.COUNTER_BITS})
        bulk_acts.refuse_moved(heads, [wanted.subject])
        batch, ticking = next_entry(shares[0][0]), rising(clock)
        entries = [
            commit(book, changes, actor=actor, act="move", basis=basis, why=why, clock=ticking, batch=batch) for book, changes in shares
        ]
        for paper in papers:
            transaction.on_commit(lambda held=paper.held: attachments.keep(held.subject, held.hash))  # type: ignore[misc]
    return entries

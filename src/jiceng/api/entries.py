"""Entries of the ledger: read, and written through the same door as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from ninja import Path, Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from jiceng.api import shapes
from jiceng.api.facts import entry_facts, entry_line
from jiceng.api.moments import When, day, maybe_day
from jiceng.api.places import Code, place_seen
from jiceng.api.places import router as of_places
from jiceng.api.signing import Asking
from jiceng.api.workers import Subject
from jiceng.api.workers import router as of_workers
from jiceng.api.writing import MOST, Day, Given, Key, Number, Text, made, once
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.worker import NOT_RECORDED
from jiceng.ledger.books import book_of
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs import reading as kept
from jiceng.runs.commit import Change, Correct, Record, commit, undo
from jiceng.runs.law import installed_law
from jiceng.runs.seen import entry_seen, fact_seen, worker_seen
from jiceng.terms.registry import Kind
from jiceng.ui.pages import clock

router = Router(tags=["分录"])
WRITING = ["登记与更正"]
EntryNumber = Annotated[int, Path(ge=1, le=MOST, description="分录编号")]
FactNumber = Annotated[int, Path(ge=1, le=MOST, description="事实编号")]
Contents = dict[str, Annotated[int, Field(ge=-MOST, le=MOST)] | bool | Text | None]


class Page(Schema):
    """Where a list of entries goes on."""

    before: int | None = Field(None, ge=0, le=MOST, description="上一页给的 before")
    size: int = Field(30, ge=1, le=200)


class RecordIn(Given):
    """A fact to be recorded. `fields` in the ledger's form: money in fen, ratios in millionths, days as text, codes by id."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", examples=["training"])]
    since: Day
    until: Day | None = Field(None, description="不含当天；不写表示至今")
    fields: Contents
    place: Number | None = Field(None, description="任职等带地点的事实：区划代码；不写为现在的地方")
    basis: Text
    why: Text


class CorrectIn(Given):
    """A fact corrected: its whole new contents and period."""

    since: Day
    until: Day | None = None
    fields: Contents
    place: Number | None = None
    basis: Text
    why: Text


class NeverIn(Given):
    """A fact that never held."""

    basis: Text
    why: Text


class UndoIn(Given):
    """Why an entry is undone."""

    why: Text


@router.get("", response=shapes.EntriesAnswer, operation_id="entries", summary="最近的分录")
def listed(request: Asking, page: Query[Page]) -> Any:
    """令牌管到的账簿里最近的分录，最新的在前。"""
    books = kept.books_in(request.auth.scope.ranges("see"))
    found = kept.recent_acts(books, before=page.before, size=page.size + 1)
    more = len(found) > page.size
    return {"before": found[page.size - 1].known_number if more else None, "entries": [entry_line(act) for act in found[: page.size]]}


@router.get("/{int:number}", response=shapes.EntryAnswer, operation_id="entry", summary="一条分录：写了什么，停用了什么")
def one(request: Asking, number: EntryNumber) -> Any:
    """写下和停用的事实各最多列 300 条，总数见 `wrote`、`ended`。"""
    found, _ = entry_seen(request.auth.scope, number)
    return {"entry": entry_line(found), "wrote": entry_facts(found.wrote), "ended": entry_facts(found.ended)}


@router.post("/{int:number}/undo", response={201: shapes.EntryMade}, operation_id="entry_undo", summary="撤销一条分录")
def undo_entry(request: Asking, number: EntryNumber, given: UndoIn, key: Key) -> Any:
    """撤销也是一条分录：写下的不再采信，停用的重新采信。"""
    entry_seen(request.auth.scope, number, "undo")
    return _done(request, key, lambda: undo(number, actor=request.auth.actor, why=given.why, clock=clock).id)


@of_workers.post(
    "/{int:subject}/facts", response={201: shapes.EntryMade}, operation_id="worker_record", summary="登记一个人的一条事实",
    tags=WRITING,
)  # fmt: skip
def record_worker(request: Asking, subject: Subject, given: RecordIn, key: Key) -> Any:
    """姓名、证件、电话、住址是密封的事实，不从这里登记：新进人员用导入，个别更正在网页上办。"""
    row = worker_seen(request.auth.scope, subject, on=_today(), known_by=None, today=_today(), permission="record")
    kind = _kind(given.kind, of="worker")
    place = _place(request, kind, given.place, row.place)
    change = Record(subject, kind.id, day(given.since), maybe_day(given.until), given.fields, place=place)
    return _recorded(request, key, row.place, (change,), "record", given)


@of_workers.post(
    "/{int:subject}/facts/{int:fact}/correct", response={201: shapes.EntryMade}, operation_id="worker_correct",
    summary="更正一个人的一条事实", tags=WRITING,
)  # fmt: skip
def correct_worker(request: Asking, subject: Subject, fact: FactNumber, given: CorrectIn, key: Key) -> Any:
    """`fields` 是更正后的全部内容，没写的字段就没有了。"""
    row = worker_seen(request.auth.scope, subject, on=_today(), known_by=None, today=_today(), permission="correct")
    old = fact_seen(fact, subject)
    kind = _kind(old.kind, of="worker")
    change = _correction(given, old, _place(request, kind, given.place, old.place or row.place))
    return _recorded(request, key, row.place, (change,), "correct", given)


@of_workers.post(
    "/{int:subject}/facts/{int:fact}/never", response={201: shapes.EntryMade}, operation_id="worker_never",
    summary="一个人的一条事实从未如此", tags=WRITING,
)  # fmt: skip
def never_worker(request: Asking, subject: Subject, fact: FactNumber, given: NeverIn, key: Key) -> Any:
    """这条事实不再采信，没有别的来代替。"""
    row = worker_seen(request.auth.scope, subject, on=_today(), known_by=None, today=_today(), permission="correct")
    old = fact_seen(fact, subject)
    _kind(old.kind, of="worker")
    return _recorded(request, key, row.place, (Correct(old.id, None, None, None),), "correct", given)


@of_places.post(
    "/{int:code}/facts", response={201: shapes.EntryMade}, operation_id="place_record", summary="登记一个地方的一条事实",
    tags=WRITING,
)  # fmt: skip
def record_place(request: Asking, code: Code, given: RecordIn, key: Key) -> Any:
    """人口、户数等；`since` 是这个数从哪一天起算。"""
    subject = _place_subject(request, code, "record")
    kind = _kind(given.kind, of="place")
    change = Record(subject, kind.id, day(given.since), maybe_day(given.until), given.fields, place=given.place)
    return _recorded(request, key, code, (change,), "record", given)


@of_places.post(
    "/{int:code}/facts/{int:fact}/correct", response={201: shapes.EntryMade}, operation_id="place_correct",
    summary="更正一个地方的一条事实", tags=WRITING,
)  # fmt: skip
def correct_place(request: Asking, code: Code, fact: FactNumber, given: CorrectIn, key: Key) -> Any:
    """`fields` 是更正后的全部内容。"""
    old = fact_seen(fact, _place_subject(request, code, "correct"))
    _kind(old.kind, of="place")
    return _recorded(request, key, code, (_correction(given, old, given.place),), "correct", given)


def _recorded(asking: Asking, key: str, place: int, changes: Sequence[Change], act: str, given: RecordIn | CorrectIn | NeverIn) -> Any:
    def write() -> int:
        entry = commit(book_of(place).id, changes, actor=asking.auth.actor, act=act, basis=given.basis, why=given.why, clock=clock)
        return entry.id

    return _done(asking, key, write)


def _done(asking: Asking, key: str, write: Any) -> Any:
    number, repeated = once(asking.auth, key, f"{asking.method} {asking.path}\n".encode() + asking.body, write)
    return Status(201, made(number, repeated=repeated))


def _correction(given: CorrectIn, old: FactRow, place: int | None) -> Correct:
    return Correct(old.id, day(given.since), maybe_day(given.until), given.fields, place=place)


def _place_subject(asking: Asking, code: int, permission: str) -> int:
    place_seen(asking, code, When().moment)
    asking.auth.scope.require(permission, code, what=f"办理区划 {code} 的事实")
    return tree.subject_of(code, tree.level_of(code))


def _place(asking: Asking, kind: Kind, asked: int | None, here: int) -> int | None:
    """The place of a placed fact; the token must be able to record there too."""
    if not kind.placed:
        return asked
    chosen = here if asked is None else place_seen(asking, asked, When().moment).code
    asking.auth.scope.require("record", chosen, what="把任职登记到该地方")
    return chosen


def _kind(id: str, *, of: str) -> Kind:
    """A kind of fact that programs may write.

    Errors  Refusal fact.kind, api.sealed
    """
    kind = installed_law().terms.kinds.get(id)
    if kind is None or kind.of != of:
        raise Refusal("fact.kind", f"没有可在此登记的事实种类“{id}”", why="种类有误，或记的不是这类对象", do="请核对词表")
    if kind.seal or id in NOT_RECORDED:
        raise Refusal("api.sealed", f"“{kind.name}”不从接口登记", why="密封的身份信息只由本人经手", do="新进人员请用导入，更正请在网页上办")
    return kind


def _today() -> date:
    return When().moment.today

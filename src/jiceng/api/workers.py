"""Workers: the roster with its filters, one worker, his answers, his entries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Path, Query, Router, Schema
from pydantic import Field

from jiceng.answers.card import as_dict
from jiceng.api import shapes
from jiceng.api.facts import briefs, entry_line, facts_at
from jiceng.api.moments import When, told
from jiceng.api.places import place_seen
from jiceng.api.signing import Asking
from jiceng.api.writing import MOST
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.lists import LISTS, list_filters
from jiceng.places import reading as places
from jiceng.runs import reading as kept
from jiceng.runs.ask import ask_worker
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing, State
from jiceng.runs.roster import RosterFilter, roster
from jiceng.runs.seen import worker_seen
from jiceng.runs.standing import moment_for
from jiceng.ui.moment import Moment

router = Router(tags=["人员"])
Subject = Annotated[int, Path(ge=1, le=MOST, description="人员编号")]
STATES = {"in_service": State.in_service, "left": State.left, "not_yet": State.not_yet, "all": 0}
LARGEST = 200


class Filters(Schema):
    """The filters of the roster page; code lists by id."""

    place: int | None = Field(None, ge=0, le=MOST, description="区划代码；不写为令牌管到的全部地方")
    state: Literal["in_service", "left", "not_yet", "all"] = Field("in_service", description="在册、已离任、未到任、全部")
    q: str | None = Field(
        None, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$",
        description="姓名、拼音或完整证件号码；不能看姓名的令牌只能查证件号码",
    )  # fmt: skip
    post: str | None = Field(None, max_length=40, pattern=r"^[a-z0-9_]+$", description="岗位，如 secretary")
    worker_class: str | None = Field(None, max_length=40, pattern=r"^[a-z0-9_]+$", description="人员类别")
    education: str | None = Field(None, max_length=40, pattern=r"^[a-z0-9_]+$", description="最高学历")
    certificate: str | None = Field(None, max_length=40, pattern=r"^[a-z0-9_]+$", description="职业资格")
    due: str | None = Field(None, max_length=40, pattern=r"^[a-z0-9_]+$", description="到期与核实：" + "、".join(LISTS))
    after: str | None = Field(None, pattern=r"^\d{1,18}-\d{1,18}$", description="上一页给的 after")
    before: str | None = Field(None, pattern=r"^\d{1,18}-\d{1,18}$", description="上一页给的 before")
    size: int = Field(50, ge=1, le=LARGEST, description=f"一页几人，最多 {LARGEST}")


@router.get("", response=shapes.WorkersAnswer, operation_id="workers", summary="名册")
def listed(request: Asking, when: Query[When], asked: Query[Filters]) -> Any:
    """按地方、人员编号排列；筛选与网页名册相同。翻页把上一页的 `after` 原样带回。"""
    scope, moment = request.auth.scope, when.moment
    if asked.place is not None:
        place_seen(request, asked.place, moment)
    at = moment_for(on=moment.on, known_by=moment.known_by, today=moment.today)
    # Whoever sees names masked must not find out the rest letter by letter.
    seen = "see_names" if asked.q and not _a_number(asked.q) else "see"
    found = roster(
        at, ranges=scope.spans(seen), filters=_filters(asked, moment), size=asked.size, after=_key(asked.after), before=_key(asked.before)
    )
    names = places.full_names({row.place for row in found.rows if row.place}, on=moment.on)
    lines = [worker_line(row, request, names.get(row.place, "")) for row in found.rows]
    return {**told(moment), "count": found.count, "after": _text(found.after), "before": _text(found.before), "workers": lines}


@router.get("/{int:subject}", response=shapes.WorkerAnswer, operation_id="worker", summary="一个人：现状和事实")
def one(request: Asking, subject: Subject, when: Query[When]) -> Any:
    """密封的项目（姓名、证件号码、电话、住址）只列出名称；姓名按令牌的权限显示。"""
    moment = when.moment
    row = _seen(request, subject, moment)
    names = places.full_names([row.place], on=moment.on)
    return {**told(moment), "worker": worker_line(row, request, names.get(row.place, "")), "facts": facts_at(subject, moment)}


@router.get("/{int:subject}/answers", response=shapes.CardAnswers, operation_id="worker_answers", summary="关于一个人的全部答案")
def answers(request: Asking, subject: Subject, when: Query[When]) -> Any:
    """规则名 → 结论、条款、缺什么；一个答案怎么来的，用下面的网址问那一条规则。"""
    moment = when.moment
    _seen(request, subject, moment)
    return {**told(moment), "answers": briefs(ask_worker(subject, on=moment.on, known_by=moment.known_by))}


@router.get("/{int:subject}/answers/{slug:rule}", response=shapes.CardAnswer, operation_id="worker_answer", summary="关于一个人的一个答案")
def answer(request: Asking, subject: Subject, rule: str, when: Query[When]) -> Any:
    """一张答案卡，与网页、命令行相同。"""
    moment = when.moment
    _seen(request, subject, moment)
    step = ask_worker(subject, on=moment.on, known_by=moment.known_by, rule=rule)[rule]
    return {**told(moment), "answer": as_dict(step, installed_law().terms)}


@router.get("/{int:subject}/entries", response=shapes.EntriesAnswer, operation_id="worker_entries", summary="关于一个人的分录")
def entries(request: Asking, subject: Subject, when: Query[When]) -> Any:
    """最新的在前；谁、何时、依据、理由、写了几条。"""
    moment = when.moment
    _seen(request, subject, moment)
    acts = kept.acts_about(subject, known_by=moment.known_by, terms=installed_law().terms)
    return {"before": None, "entries": [entry_line(act) for act in acts]}


def worker_line(row: Standing, asking: Asking, place_name: str) -> shapes.WorkerLine:
    """A standing row as the token may see it."""
    return shapes.WorkerLine(
        subject=row.subject, name=asking.auth.scope.shown_name(row.name, place=row.place), id_masked=row.id_masked,
        state=State(row.state).name, sex=_coded("Sex", row.sex), birth=row.birth.isoformat() if row.birth else None,
        education=_coded("EducationLevel", row.education), certificate=_coded("CertificateKind", row.certificate), place=row.place,
        place_name=place_name, post=_coded("Post", row.post), worker_class=_coded("WorkerClass", row.worker_class),
        post_since=row.post_since.isoformat() if row.post_since else None,
    )  # fmt: skip


def _seen(asking: Asking, subject: int, moment: Moment) -> Standing:
    return worker_seen(asking.auth.scope, subject, on=moment.on, known_by=moment.known_by, today=moment.today)


def _filters(asked: Filters, moment: Moment) -> RosterFilter:
    if asked.due is not None and asked.due not in LISTS:
        raise Refusal("api.filter", f"没有“{asked.due}”这种名单", where="due", do="可用：" + "、".join(LISTS))
    return RosterFilter(
        place=asked.place or 0, state=STATES[asked.state], search=asked.q or "", posts=_codes("Post", asked.post),
        classes=_codes("WorkerClass", asked.worker_class), educations=_codes("EducationLevel", asked.education),
        certificates=_codes("CertificateKind", asked.certificate), answers=list_filters(asked.due or "", on=moment.on),
    )  # fmt: skip


def _codes(code_list: str, id: str | None) -> tuple[int, ...]:
    if id is None:
        return ()
    codes = installed_law().terms.codes[code_list]
    if id not in codes.by_id:
        known = "、".join(f"{item.id}（{item.name}）" for item in codes.items)
        raise Refusal("api.filter", f"“{codes.name}”没有代码“{id}”", where="筛选", do=f"可用：{known}")
    return (codes.by_id[id].number,)


def _coded(code_list: str, number: int | None) -> shapes.Coded | None:
    item = installed_law().terms.codes[code_list].by_number.get(number) if number is not None else None
    return shapes.Coded(id=item.id, text=item.name) if item else None


def _a_number(text: str) -> bool:
    return len(text) in (15, 18) and text[:-1].isdigit()


def _key(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    place, _, subject = text.partition("-")
    return int(place), int(subject)


def _text(key: tuple[int, int] | None) -> str | None:
    return f"{key[0]}-{key[1]}" if key else None

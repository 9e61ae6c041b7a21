"""Workers: the roster with its filters, one worker, his answers, his entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Path, Query, Router

from jiceng.answers.card import as_dict
from jiceng.api import shapes
from jiceng.api.facts import briefs, entry_line, facts_at
from jiceng.api.moments import When, told
from jiceng.api.places import place_seen
from jiceng.api.roster_asked import Filters, answers_asked, key_in, listing_asked
from jiceng.api.signing import Asking
from jiceng.api.writing import MOST
from jiceng.base.kinds import AnswerKind, kind_of, mark
from jiceng.desks.workforce.list_columns import answer_text
from jiceng.places import reading as places
from jiceng.runs import reading as kept
from jiceng.runs.ask import ask_worker
from jiceng.runs.law import installed_law
from jiceng.runs.models import NONE_HELD, Standing, State
from jiceng.runs.roster import roster
from jiceng.runs.seen import worker_seen
from jiceng.ui.moment import Moment

router = Router(tags=["人员"])
Subject = Annotated[int, Path(ge=1, le=MOST, description="人员编号")]


@router.get("", response=shapes.WorkersAnswer, operation_id="workers", summary="名册")
def listed(request: Asking, when: Query[When], asked: Query[Filters]) -> Any:
    """筛选、查找、排序与网页名册是同一个函数；同一项写几个值是“其中之一”，几项之间是“同时”。翻页把上一页的 `after` 原样带回。"""
    scope, moment = request.auth.scope, when.moment
    if asked.place is not None:
        place_seen(request, asked.place, moment)
    answers = answers_asked(asked)
    listing = listing_asked(asked, answers, scope=scope, moment=moment)
    found = roster(
        listing.found.moment, ranges=(), filters=listing.asked.filters, size=asked.size, order=listing.order, after=key_in(asked.after),
        before=key_in(asked.before), found=listing.found,
    )  # fmt: skip
    names = places.full_names({row.place for row in found.rows if row.place}, on=moment.on)
    lines = [worker_line(row, request, names.get(row.place, ""), answers) for row in found.rows]
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


def worker_line(row: Standing, asking: Asking, place_name: str, answers: Sequence[str] = ()) -> shapes.WorkerLine:
    """A standing row as the token may see it, with the answers of some rules."""
    return shapes.WorkerLine(
        subject=row.subject, name=asking.auth.scope.shown_name(row.name, place=row.place), id_masked=row.id_masked,
        state=State(row.state).name, sex=_coded("Sex", row.sex), birth=row.birth.isoformat() if row.birth else None,
        political=_coded("PoliticalStatus", row.political), education=_coded("EducationLevel", row.education),
        certificate=_coded("CertificateKind", row.certificate), no_certificate=row.certificate == NONE_HELD, grade=row.grade,
        place=row.place, place_name=place_name, post=_coded("Post", row.post), worker_class=_coded("WorkerClass", row.worker_class),
        post_since=row.post_since.isoformat() if row.post_since else None, answers={rule: _answer(row, rule) for rule in answers},
    )  # fmt: skip


def _answer(row: Standing, rule: str) -> shapes.RowAnswer:
    """A rule's answer as the row keeps it: what was looked up and why stands on the card."""
    value = row.answers.get(rule, mark(AnswerKind.no_rule))
    kind = kind_of(value)
    told = value if kind is AnswerKind.value else None
    return shapes.RowAnswer(kind=kind.name, value=told, text=answer_text(value, rule, installed_law()))


def _seen(asking: Asking, subject: int, moment: Moment) -> Standing:
    return worker_seen(asking.auth.scope, subject, on=moment.on, known_by=moment.known_by, today=moment.today)


def _coded(code_list: str, number: int | None) -> shapes.Coded | None:
    item = installed_law().terms.codes[code_list].by_number.get(number) if number is not None else None
    return shapes.Coded(id=item.id, text=item.name) if item else None


def _text(key: tuple[int, int] | None) -> str | None:
    return f"{key[0]}-{key[1]}" if key else None

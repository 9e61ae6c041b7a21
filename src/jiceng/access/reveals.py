"""Showing sealed personal data: to whom it may be shown, with a reason, and written down before it is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from jiceng.access.models import Reveal
from jiceng.access.roles import PERMISSIONS
from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.ledger.attachments import KINDS
from jiceng.ledger.identity import open_sealed
from jiceng.ledger.ids import home_book
from jiceng.ledger.models import Book
from jiceng.ledger.reading import as_of, history
from jiceng.places import tree
from jiceng.terms.registry import base_terms

SHORTEST_REASON = 4


def sealed_fields() -> dict[str, str]:
    """Every sealed field of a worker: field → the kind of fact that holds it. What documents are called is no such field:
    whoever may open them sees it there.
    """
    kinds = [kind for kind in base_terms().kinds.values() if kind.of == "worker" and kind.id != KINDS["worker"]]
    return {field: kind.id for kind in kinds for field in kind.seal}


def reveal(scope: Scope, subject: int, *, fields: Sequence[str], reason: str, today: date) -> dict[str, Any]:
    """The asked fields in plain, as they hold today; the log row is committed before anything is opened.

    Shape   field → value; a field that was never recorded has no entry
    Time    always today, whatever day a page is about: who answered for a worker once has no claim on the data now
    Errors  Denied; Refusal access.reason, access.field, access.erased
    """
    place = _place_asked(scope, subject, today=today)
    scope.require("reveal", place, what=f"查看{subject}的{'、'.join(fields)}")
    known = sealed_fields()
    if not fields or any(field not in known for field in fields):
        raise Refusal("access.field", "没有要查看的项目", do="可查看的项目：" + "、".join(known))
    why = _reason(reason)
    with transaction.atomic(durable=True):
        Reveal(account_id=scope.account, subject=subject, fields="、".join(fields), place=place, reason=why, address=scope.address).save()
    return _opened(subject, fields, kinds=sorted({known[field] for field in fields}), today=today)


def note_reveals(scope: Scope, places: Mapping[int, int], *, fields: Sequence[str], reason: str) -> None:
    """One log row a worker (subject → place) whose sealed fields go out in plain in a file; written before the file is handed out.

    Errors  Denied at the first place where the permission does not hold; Refusal access.reason
    """
    for place in sorted(set(places.values())):
        scope.require("reveal", place, what=f"导出{'、'.join(fields)}")
    why = _reason(reason)
    said = "、".join(fields)
    rows = [Reveal(account_id=scope.account, subject=s, fields=said, place=p, reason=why, address=scope.address) for s, p in places.items()]
    with transaction.atomic():
        Reveal.objects.bulk_create(rows, batch_size=500)


def _reason(reason: str) -> str:
    why = reason.strip()
    if len(why) < SHORTEST_REASON:
        raise Refusal(
            "access.reason", f"{PERMISSIONS['reveal']}须写明事由", why=f"事由少于 {SHORTEST_REASON} 个字", do="请写明办理什么事项"
        )
    return why


def places_of(subject: int, *, on: date) -> tuple[int, ...]:
    """Where a worker is on a day: the places of the appointments in force, else of the last one, else of the book.

    Empty   a subject that no book knows
    """
    rows = [row for row in history([subject], on=on, kinds=("appointment",)) if row.place is not None]
    current = {row.place for row in rows if row.until > on}
    if current:
        return tuple(sorted(current))
    if rows:
        return (max(rows, key=lambda row: (row.until, row.since)).place,)
    return tuple(Book.objects.filter(id=home_book(subject)).values_list("place", flat=True))


def _place_asked(scope: Scope, subject: int, *, today: date) -> int:
    """The place of the worker at which the permission holds, else any of them; the nation for one without a place."""
    places = places_of(subject, on=today) or (tree.NATION,)
    return next((place for place in places if scope.may("reveal", place)), places[0])


def _opened(subject: int, fields: Sequence[str], *, kinds: Sequence[str], today: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for opened in open_sealed(as_of([subject], on=today, kinds=kinds)).values():
        if opened is None:
            raise Refusal("access.erased", "个人信息已按申请删除", why="密钥已销毁，无法还原", do="如需核实，请查法定保存的纸质档案")
        found.update((field, opened[field]) for field in fields if field in opened)
    return found

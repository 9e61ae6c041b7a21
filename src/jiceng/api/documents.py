"""Documents attached to workers and places: what there is. Their content is opened on the page only, where a view is on record."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router

from jiceng.api import shapes_returns as shapes
from jiceng.api.moments import When, told
from jiceng.api.places import Code, place_seen
from jiceng.api.signing import Asking
from jiceng.api.workers import Subject
from jiceng.places import tree
from jiceng.runs.attaching import documents_seen
from jiceng.runs.law import installed_law
from jiceng.runs.seen import worker_seen
from jiceng.ui.moment import Moment

workers, places = Router(tags=["人员"]), Router(tags=["地方"])


@workers.get("/{int:subject}/documents", response=shapes.DocumentsAttached, operation_id="worker_documents", summary="一个人的附件")
def of_worker(request: Asking, subject: Subject, when: Query[When]) -> Any:
    """名称、种类、大小、摘要、证明哪一条事实。内容只在网页上打开，打开有记录。"""
    moment = when.moment
    row = worker_seen(request.auth.scope, subject, on=moment.on, known_by=moment.known_by, today=moment.today)
    return _answer(request, subject, row.place, moment)


@places.get("/{int:code}/documents", response=shapes.DocumentsAttached, operation_id="place_documents", summary="一个地方的附件")
def of_place(request: Asking, code: Code, when: Query[When]) -> Any:
    """名称、种类、大小、摘要、证明哪一个数。"""
    moment = when.moment
    place_seen(request, code, moment)
    return _answer(request, tree.subject_of(code, tree.level_of(code)), code, moment)


def _answer(asking: Asking, subject: int, place: int, moment: Moment) -> dict[str, Any]:
    terms = installed_law().terms
    count, found = documents_seen(asking.auth.scope, subject, place=place, on=moment.on, known_by=moment.known_by, terms=terms)
    return {
        **told(moment), "count": count, "shown": found is not None,
        "documents": [
            {
                "fact": one.fact, "title": one.title, "file_name": one.file_name, "media": one.media, "size": one.size, "hash": one.hash,
                "since": one.since.isoformat(), "known": one.known.isoformat(), "entry": one.entry, "about": one.about or None,
            }
            for one in found or ()
        ],
    }  # fmt: skip

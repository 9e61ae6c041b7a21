"""The roster taken out of the house exactly as seen: the same rows, columns, order and masking; on record before it is sent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import structlog
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django_tasks import task

from jiceng.access.models import Account, Export
from jiceng.access.scope import Scope, scope_of
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.list_columns import NAME, Cell, shown
from jiceng.desks.workforce.roster import Listing, listing_of
from jiceng.desks.workforce.views import columns_kept
from jiceng.documents import stamp
from jiceng.documents.sheets import LAST_ROW, XLSX, write_xlsx
from jiceng.documents.tables import Column, Row, Table, Value
from jiceng.runs import kept_files
from jiceng.runs.law import installed_law
from jiceng.runs.roster import in_order, standing_rows
from jiceng.ui.moment import ZONE, Moment
from jiceng.ui.pages import clock, moment_in, page, scope_in

AT_ONCE = 20_000
"""Up to so many rows are sent while one waits; more are made by a job and kept for a day."""
_STEP = 900
_TITLE = "社区工作者名册"
log = structlog.get_logger("jiceng.desks")
Progress = Callable[[int, int], None]


@page("see")
def export_page(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list an address describes, as a workbook; a long one is made in the background, after a click."""
    scope, moment = scope_in(request), moment_in(request)
    query = QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET
    kept_files.expire(clock())
    listing = listing_of(query, scope=scope, moment=moment, kept=columns_kept(request))
    rows = len(listing.found)
    if rows == 0:
        raise Refusal("export.empty", "没有可以导出的行", why="没有符合条件的人", do="请回到名册放宽条件")
    if rows <= AT_ONCE:
        _log(listing, scope=scope, moment=moment)
        return _sent(_made(listing, scope=scope, moment=moment, by=str(request.user), at=clock()), moment)
    if request.method != "POST":
        context = {"listing": listing, "rows": rows, "query": query.urlencode(), "at_once": AT_ONCE}
        return render(request, "workforce/export_ask.html", context)
    _log(listing, scope=scope, moment=moment)
    token = kept_files.begin(_told(request, query, listing, moment))
    make_later.enqueue(token=token)
    return redirect("roster_export_kept", token)


def _told(request: HttpRequest, query: QueryDict, listing: Listing, moment: Moment) -> dict[str, Any]:
    """Everything the job needs to make the same list; the columns are written out, a later choice must not change it."""
    asked = query.copy()
    asked["cols"] = ",".join(column.key for column in listing.columns)
    return {
        "account": request.user.pk, "address": scope_in(request).address, "query": asked.urlencode(), "state": "waiting",
        "on": moment.on.isoformat(), "known_by": moment.known_by.isoformat() if moment.known_by else "",
        "today": moment.today.isoformat(), "at": clock().isoformat(), "done": 0, "rows": len(listing.found),
    }  # fmt: skip


@task()
def make_later(token: str) -> None:
    """A long list, in the server's child process, with what its account may see then."""
    told = kept_files.told_of(token)
    if told is None:
        return
    account = Account.objects.get(pk=told["account"])
    moment = Moment(
        date.fromisoformat(told["on"]), datetime.fromisoformat(told["known_by"]) if told["known_by"] else None,
        date.fromisoformat(told["today"]),
    )  # fmt: skip
    scope = scope_of(account, on=timezone.now().astimezone(ZONE).date(), address=told["address"])

    def progress(done: int, rows: int) -> None:
        kept_files.tell(token, {**told, "done": done, "rows": rows})

    try:
        listing = listing_of(QueryDict(told["query"]), scope=scope, moment=moment, kept=(), seconds=None)
        path = _made(
            listing, scope=scope, moment=moment, by=str(account), at=datetime.fromisoformat(told["at"]), progress=progress,
            folder=kept_files.file_of(token).parent,
        )  # fmt: skip
        path.replace(kept_files.file_of(token))
        kept_files.tell(token, {**told, "state": "made", "done": told["rows"]})
    except Refusal as refusal:
        kept_files.tell(token, {**told, "state": "refused", "refusal": refusal.as_dict()})
    except FileNotFoundError:
        log.info("export dropped while it was made")
    except Exception:
        broken = Refusal("export.broken", "导出中断", why="系统出错，日志里有记录", do="请重试；再次出现请告诉管理员")
        kept_files.tell(token, {**told, "state": "refused", "refusal": broken.as_dict()})
        raise


@page("see")
def kept_page(request: HttpRequest, token: str) -> HttpResponse:
    """How far a long list got, and the link to it; asks again by itself until it is made."""
    told = _own(request, token)
    return render(request, "workforce/export_kept.html", {"token": token, "told": told})


@page("see")
def kept_file(request: HttpRequest, token: str) -> FileResponse:
    """The long list itself, only for the account that asked for it."""
    told = _own(request, token)
    if told["state"] != "made":
        raise _gone()
    return _file(kept_files.file_of(token).open("rb"), date.fromisoformat(told["on"]))


def _own(request: HttpRequest, token: str) -> dict[str, Any]:
    """What is told of a list of one's own; somebody else's is refused like one that never was, and both are on record.

    Errors  Refusal export.gone
    """
    kept_files.expire(clock())
    told = kept_files.told_of(token)
    if told is None or told["account"] != request.user.pk:
        scope_in(request).conceal("see", what="打开一份不是自己的或已作废的导出名单")
        raise _gone()
    return told


def _gone() -> Refusal:
    return Refusal(
        "export.gone", "没有这份导出", why="导出的名单只留一天，也只给提出的账号；有人依申请删除个人信息时全部作废", do="请从名册重新导出"
    )


def _made(
    listing: Listing, *, scope: Scope, moment: Moment, by: str, at: datetime, progress: Progress | None = None, folder: Path | None = None
) -> Path:
    """The workbook in a file of its own."""
    handle, name = tempfile.mkstemp(suffix=".xlsx", dir=folder)
    os.close(handle)
    rows = cells(listing, scope=scope, moment=moment, progress=progress)
    write_xlsx(table_of_list(listing, moment=moment, by=by, at=at), rows, Path(name), made=at)
    return Path(name)


def table_of_list(listing: Listing, *, moment: Moment, by: str, at: datetime) -> Table:
    """What stands around the rows: the filters in words, the day, up to when what was recorded counts, who took it and when."""
    stamped = stamp.lines(stamp.Stamp(on=moment.on, known_by=moment.known_by, by=by, at=at))
    columns = (NAME, *listing.columns)
    return Table(
        _TITLE, tuple(Column(one.name, one.kind, one.width) for one in columns),
        notes=(f"条件：{listing.asked.words}", f"共 {len(listing.found):,} 人", *stamped), sheet="名册", kept=1,
        filters=len(listing.found) < LAST_ROW // 2,
    )  # fmt: skip


def cells(listing: Listing, *, scope: Scope, moment: Moment, progress: Progress | None = None) -> Iterator[Row]:
    """Every row as the pages show it, in the order of the pages."""
    law, places = installed_law(), in_order(listing.found, listing.order)
    for start in range(0, len(places), _STEP):
        rows = standing_rows(listing.found, places[start : start + _STEP])
        for one in shown(rows, listing.columns, scope=scope, law=law, on=moment.on, above=listing.asked.choice.chosen):
            yield (one.name, *(_value(cell) for cell in one.cells))
        if progress and start % (10 * _STEP) == 0:
            progress(min(start + _STEP, len(places)), len(places))


def _value(cell: Cell) -> Value:
    """The cell's text; days and ages as what a spreadsheet can reckon with, printing the same."""
    if not cell.text:
        return None
    if cell.column.kind == "date":
        return date.fromisoformat(cell.text)
    return int(cell.text) if cell.column.kind == "integer" else cell.text


def _log(listing: Listing, *, scope: Scope, moment: Moment) -> None:
    """On record for every place the list was taken from. What was searched for is somebody's name: only that there was a search."""
    chosen = listing.asked.choice.chosen
    for place in (chosen,) if chosen else scope.places_for(listing.asked.seen):
        Export(
            account_id=scope.account, place=place, what=_TITLE, filters=listing.asked.words_logged[:500],
            columns="、".join(column.name for column in (NAME, *listing.columns))[:500], rows=len(listing.found),
            on=moment.on, known_by=moment.known_by, address=scope.address,
        ).save()  # fmt: skip


def _sent(path: Path, moment: Moment) -> FileResponse:
    opened = path.open("rb")
    path.unlink()  # the open file is still there to be sent, and nobody has to remember to remove it
    return _file(opened, moment.on)


def _file(opened: Any, on: date) -> FileResponse:
    return FileResponse(opened, as_attachment=True, filename=f"{_TITLE}{on:%Y%m%d}.xlsx", content_type=XLSX)

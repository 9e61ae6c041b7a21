"""Collection rounds (收表): ask, send out, take back, merge, remind. Who may import somewhere sees the rounds of that place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.importing import XLSX
from jiceng.desks.workforce.jobs import begin_landing, read_progress
from jiceng.desks.workforce.rounds_jobs import look_through, work_name
from jiceng.intake.held_cells import SEALED
from jiceng.packets import board, receiving, rounds
from jiceng.packets.board import Line
from jiceng.packets.models import Delivery, Round, Sent
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in


@page("import")
def home(request: HttpRequest) -> HttpResponse:
    """The rounds the account has a part in, each with how it stands."""
    scope, today = scope_in(request), moment_in(request).today
    found = rounds.visible_rounds(scope)[:30]
    sent = board.sent_in(found, may=lambda place: scope.may("import", place))
    lines = board.boards(found, sent, today=today)
    names = places.full_names({one.place for one in found}, on=today)
    shown = [(one, names.get(one.place, ""), board.totals(lines[one.pk])) for one in found]
    return render(request, "workforce/rounds.html", {"shown": shown, "may_ask": bool(scope.places_for("import")), "today": today})


@page("import")
def round_page(request: HttpRequest, number: int) -> HttpResponse:
    """The board: each place, how it stands, what to do next."""
    found, sent, lines = board_for(request, number)
    scope = scope_in(request)
    whole = scope.may("import", found.place)
    sealed = [column.name for column in rounds.columns_of(found.columns) if column.id in SEALED]
    context = {
        "round": found,
        "place": places.full_name(found.place, on=found.on),
        "lines": lines,
        "tallies": [(state, count, board.COLOURS[state]) for state, count in board.totals(lines).items()],
        "workers": sum(one.workers for one in sent),
        "whole": whole,
        "clean": [line for line in lines if line.whole and whole],
        "refused": sum(bool(line.refused) for line in lines),
        "waiting": any(line.state in board.WAITED_FOR for line in lines),
        "landing": any(line.state is board.State.landing for line in lines),
        "may_reveal": bool(sealed) and all(scope.may("reveal", one.place) for one in sent),
        "sealed": "、".join(sealed),
    }
    return render(request, "workforce/round.html", context)


def board_for(request: HttpRequest, number: int) -> tuple[Round, list[Sent], list[Line]]:
    """A round with the workbooks and lines that the account may see.

    Errors  as `rounds.round_for`
    """
    found, sent = rounds.round_for(scope_in(request), number)
    return found, sent, board.board(found, sent, today=moment_in(request).today)


def line_for(request: HttpRequest, number: int, place: int) -> tuple[Round, Line]:
    """One place's line.

    Errors  as `rounds.sent_for`
    """
    found, sent = rounds.sent_for(scope_in(request), number, place)
    (line,) = board.board(found, [sent], today=moment_in(request).today)
    return found, line


def _collector(request: HttpRequest, found: Round, what: str) -> None:
    """Only who asked merges, sends back, closes: the place of the round, not that of one workbook."""
    scope_in(request).require("import", found.place, what=f"{what}（收表 {found.pk}）")


@page("import")
def place_page(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """One place: its workbook to download, to hand in, what came back and what is to be asked about it."""
    found, line = line_for(request, number, place)
    scope, terms = scope_in(request), installed_law().terms
    context: dict[str, Any] = {
        "round": found,
        "line": line,
        "place": places.full_name(place, on=found.on),
        "whole": scope.may("import", found.place),
        "came": [(one, one.upload) for one in board.came(line.sent)],
        "missing": [(one.subject, scope.shown_name(one.text("name"), place=one.place)) for one in board.missing(line, terms=terms)],
    }
    return render(request, "workforce/round_place.html", context)


@page("import")
def workbooks(request: HttpRequest, number: int) -> HttpResponse | StreamingHttpResponse:
    """All workbooks that the account may see, in one zip; with sealed columns in plain only by POST with a reason."""
    found, sent = rounds.round_for(scope_in(request), number)
    plain, reason = request.method == "POST", request.POST.get("reason", "")
    scope = scope_in(request)
    if plain:
        rounds.may_plain(scope, found, sent, reason=reason)
    pieces = rounds.zipped(sent, plain=plain, scope=scope, reason=reason, clock=clock, terms=installed_law().terms)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    return _named(answer, f"收表-{found.title}.zip")


def _named(answer: Any, name: str) -> Any:
    answer.headers["Content-Disposition"] = FileResponse(BytesIO(), as_attachment=True, filename=name).headers["Content-Disposition"]
    return answer


@page("import")
def workbook(request: HttpRequest, number: int, place: int) -> FileResponse:
    """One place's workbook, sealed columns masked."""
    found, sent = rounds.sent_for(scope_in(request), number, place)
    content, _ = rounds.workbook(sent, plain=False, clock=clock, terms=installed_law().terms)
    name = rounds.filename(sent, places.names_of([place], on=found.on))
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


@page("import")
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Files handed in, looked at in a job; how far it got and what became of each stands on the delivery's page."""
    found, _ = rounds.round_for(scope_in(request), number)
    if request.method != "POST":
        return redirect("round", number)
    asked = request.POST.get("place", "")
    place = int(asked) if asked.isascii() and asked.isdigit() else 0
    if place:
        rounds.sent_for(scope_in(request), number, place)
    files = [(one.name or "", one.read()) for one in request.FILES.getlist("files")]
    kept = receiving.deliver(found, files, account=request.user, clock=clock, place=place)  # type: ignore[arg-type]
    look_through.enqueue(delivery=kept.pk)
    return redirect("round_delivery", number, kept.pk)


def _delivery(request: HttpRequest, number: int, delivery: int) -> tuple[Round, Delivery]:
    found, _ = rounds.round_for(scope_in(request), number)
    kept = Delivery.objects.filter(pk=delivery, round=found).first()
    own = kept is not None and (kept.account_id == request.user.pk or scope_in(request).may("import", found.place))
    if kept is None or not own:
        raise Refusal("packets.no_delivery", f"没有编号 {delivery} 的交回", do="请从收表页进入")
    return found, kept


@page("import")
def delivery_page(request: HttpRequest, number: int, delivery: int) -> HttpResponse:
    """What became of each file."""
    found, kept = _delivery(request, number, delivery)
    done, files = read_progress(work_name(delivery))
    counted = [sum(one["state"] == state for one in kept.receipts) for state in ("received", "again", "refused")]
    context = {"round": found, "delivery": kept, "done": done, "files": files, "counted": counted}
    return render(request, "workforce/round_delivery.html", context)


@page("import")
def delivery_progress(request: HttpRequest, number: int, delivery: int) -> HttpResponse:
    """How far the looking got; once it is over, the whole page is asked for again."""
    found, kept = _delivery(request, number, delivery)
    done, files = read_progress(work_name(delivery))
    answer = render(request, "workforce/round_progress.html", {"round": found, "delivery": kept, "done": done, "files": files})
    if kept.done:
        answer["HX-Refresh"] = "true"
    return answer


@page("import")
def returned(request: HttpRequest, number: int, place: int) -> FileResponse:
    """The refused rows of a place with their reasons."""
    _, line = line_for(request, number, place)
    content = board.returned_workbook(line, terms=installed_law().terms)
    if not content:
        raise Refusal("import.none_refused", "没有退回的行", why="这张表的每一行都可以写入，或整份读不了", do="请从收表页看这张表的情况")
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"退回-{line.name}-{place}.xlsx", content_type=XLSX)


@page("import")
def returned_all(request: HttpRequest, number: int) -> FileResponse:
    """The refused rows of every place that has any, one workbook a place, in one zip."""
    found, _, lines = board_for(request, number)
    content = board.returned_zip(lines, terms=installed_law().terms)
    if not content:
        raise Refusal("import.none_refused", "没有退回的行", why="交回的表里没有有问题的行", do="可以直接并入")
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"退回-{found.title}.zip", content_type="application/zip")


@page("import")
def send_back(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Notes that a place's workbook has been sent back."""
    found, line = line_for(request, number, place)
    _collector(request, found, "退回交来的表")
    if request.method == "POST":
        board.send_back(line, clock=clock)
        messages.success(request, f"已记为退回{line.name}。请把退回的表连同提醒发给对方。")
    return redirect("round_place", number, place)


@page("import")
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Ends a round."""
    found, _ = rounds.round_for(scope_in(request), number)
    _collector(request, found, "结束收表")
    if request.method == "POST":
        rounds.close(found, clock=clock)
        messages.success(request, f"“{found.title}”已结束，不再收表。")
    return redirect("round", number)


@page("import")
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """One preview of totals over the chosen workbooks; on confirmation each lands by itself, a batch a place."""
    found, _, lines = board_for(request, number)
    _collector(request, found, "并入")
    asked = {text for text in (request.POST if request.method == "POST" else request.GET).getlist("place") if text}
    chosen = [line for line in lines if (str(line.sent.place) in asked if asked else line.whole)]
    ready = [line for line in chosen if line.may_merge]
    if request.method == "POST" and ready:
        for line in ready:
            board.send_back_rest(line, clock=clock)
            for upload in board.ready(line):
                begin_landing(upload, actor=actor_of(request), basis=board.basis_of(line), why=board.WHY)
        messages.success(request, f"正在并入 {len(ready)} 个地方的表。")
        return redirect("round", number)
    context = {"round": found, "lines": ready, "sums": board.sums(ready), "left_out": [line for line in chosen if line not in ready]}
    return render(request, "workforce/round_merge.html", context)

"""A sheet taken out of the house: as workbook and PDF exactly as seen, payslips, the workbooks for bank and insurance; on record."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jiceng.access.models import Export
from jiceng.base.refusals import Refusal
from jiceng.desks.pay.sheet import Opened, asked_in, comparison, narrowed, opened
from jiceng.documents.pdf import PDF
from jiceng.documents.sending import attachment
from jiceng.documents.sheets import XLSX
from jiceng.pay import books, printing
from jiceng.pay.payslips import payslips
from jiceng.pay.stays import month_name
from jiceng.runs.law_sets import law_of
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in


@page("pay")
def sheet_file(request: HttpRequest, place: int, month: date, kind: str) -> HttpResponse:
    """The rows the page shows, all of its pages, as Excel or PDF."""
    seen, scope = opened(request, place, month), scope_in(request)
    if kind not in ("xlsx", "pdf"):
        raise Http404
    asked, people = asked_in(request.GET), seen.shown.people(seen.shown.payees, scope)
    told = comparison(seen, people, scope) if asked.only == "changed" else None
    some = [one for _, one in narrowed(seen.shown.payees, people, asked, told.keys if told else frozenset())]
    made = clock()
    tables = printing.parts(
        seen.shown, some, people, place=seen.name, standing=standing_of(seen), by=actor_of(request), made=made,
        law=law_of(seen.sheet.law_hash), words=asked.words,
    )  # fmt: skip
    _log(request, seen, what=seen.sheet.form.title, words=asked.words, rows=len(some))
    name = f"{seen.name}工资表-{month:%Y-%m}"
    if kind == "pdf":
        return attachment(printing.paper(tables, made=made), name=f"{name}.pdf", type=PDF)
    return attachment(printing.workbook(tables, made=made), name=f"{name}.xlsx", type=XLSX)


def standing_of(seen: Opened) -> printing.Standing:
    """What a printed sheet says of itself."""
    if seen.kept is None:
        return printing.Standing("未计算，导出时预看", "")
    return printing.Standing(seen.kept.get_state_display(), seen.kept.hash)


@page("pay")
def slips_file(request: HttpRequest, place: int, month: date) -> HttpResponse:
    """Everybody's payslip of a locked sheet, one or two on a page.

    Errors  Denied; Refusal pay.none, pay.not_locked, documents.no_font
    """
    seen, scope = opened(request, place, month), scope_in(request)
    if seen.kept is None:
        raise not_calculated(seen)
    people = seen.shown.people(seen.shown.payees, scope)
    per = 1 if request.GET.get("per") == "1" else 2
    law, made = law_of(seen.sheet.law_hash), clock()
    content = payslips(seen.kept, seen.shown, seen.shown.payees, people, place=seen.name, law=law, per=per, made=made)
    _log(request, seen, what="工资条", words="", rows=len(seen.shown.payees))
    return attachment(content, name=f"{seen.name}工资条-{month:%Y-%m}.pdf", type=PDF)


@page("pay")
@require_POST
def book_file(request: HttpRequest, place: int, month: date, which: str) -> HttpResponse:
    """The workbook for the bank or the insurance office, with a reason that is logged for everybody in it."""
    seen, scope = opened(request, place, month), scope_in(request)
    if which not in books.BOOKS:
        raise Http404
    if seen.kept is None:
        raise not_calculated(seen)
    scope.require("reveal", place, what=f"导出区划 {place} 的{books.BOOKS[which]}")
    made = books.book(
        seen.kept, seen.shown, which, scope=scope, reason=request.POST.get("reason", ""), by=actor_of(request),
        today=moment_in(request).today, made=clock(),
    )  # fmt: skip
    _log(request, seen, what=books.BOOKS[which], words="", rows=made.people)
    return attachment(made.content, name=f"{made.name}.xlsx", type=XLSX)


def not_calculated(seen: Opened) -> Refusal:
    """The refusal of what only a kept sheet gives."""
    return Refusal("pay.none", "这个月的工资表还没有计算", where=f"{seen.name}，{month_name(seen.month)}", do="请先计算、审批、锁定")


def _log(request: HttpRequest, seen: Opened, *, what: str, words: str, rows: int) -> None:
    scope, sheet = scope_in(request), seen.sheet
    columns = "、".join(line.title for line in sheet.form.lines)[:500]
    Export(
        account_id=scope.account, place=seen.place, what=f"{what}（{month_name(seen.month)}）", filters=words[:500], columns=columns,
        rows=rows, on=sheet.on, known_by=sheet.known_by, address=scope.address,
    ).save()  # fmt: skip

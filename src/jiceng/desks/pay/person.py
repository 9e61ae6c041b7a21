"""One person's months of pay, and the payslip of one of them."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access.models import Export
from jiceng.base.refusals import Refusal
from jiceng.documents.pdf import PDF
from jiceng.documents.sending import attachment
from jiceng.pay.payslips import payslips
from jiceng.pay.persons import PersonMonth, months_of
from jiceng.pay.stays import month_name
from jiceng.places import reading as places
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import law_of
from jiceng.runs.seen import worker_seen
from jiceng.ui.pages import clock, moment_in, page, scope_in


def _seen(request: HttpRequest, subject: int) -> list[PersonMonth]:
    """Their locked months, if the account may see the person and pay there.

    Errors  Concealed, Denied as `worker_seen`
    """
    scope, today = scope_in(request), moment_in(request).today
    worker_seen(scope, subject, on=today, known_by=None, today=today, permission="pay")
    return months_of(subject, scope=scope, today=today, terms=installed_law().terms)


@page("pay")
def person_page(request: HttpRequest, subject: int) -> HttpResponse:
    """What one person was paid, month by month, as the locked sheets say."""
    found, scope = _seen(request, subject), scope_in(request)
    names = places.names_of({one.kept.place for one in found}, on=moment_in(request).today)
    lines = [
        (one, names.get(one.kept.place, str(one.kept.place)), one.shown.people([one.payee], scope)[one.payee.key]) for one in found
    ]  # fmt: skip
    context = {"subject": subject, "lines": lines, "name": lines[0][2].name if lines else ""}
    return render(request, "pay_desk/person.html", context)


@page("pay")
def slip_file(request: HttpRequest, subject: int, month: date) -> HttpResponse:
    """The payslip of one person for one month.

    Errors  Refusal pay.no_row if no locked sheet of that month has the person
    """
    scope = scope_in(request)
    found = [one for one in _seen(request, subject) if one.kept.month == month]
    if not found:
        raise Refusal("pay.no_row", f"{month_name(month)}没有锁定的工资表列有人员 {subject}", do="请从个人工资页点开")
    one = found[-1]
    place = places.names_of([one.kept.place], on=one.shown.sheet.on).get(one.kept.place, "")
    people = one.shown.people([one.payee], scope)
    content = payslips(
        one.kept, one.shown, [one.payee], people, place=place, law=law_of(one.shown.sheet.law_hash), per=1, made=clock()
    )  # fmt: skip
    Export(
        account_id=scope.account, place=one.kept.place, what=f"工资条（{month_name(month)}）", filters="", columns="", rows=1,
        on=one.shown.sheet.on, known_by=one.kept.known_by, address=scope.address,
    ).save()  # fmt: skip
    return attachment(content, name=f"工资条-{people[one.payee.key].name}-{month:%Y-%m}.pdf", type=PDF)

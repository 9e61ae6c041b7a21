"""One figure of a sheet with everything it was made of: clause, value, facts, who recorded them, as known when it was worked out."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access.scope import Scope
from jiceng.answers.card import as_dict
from jiceng.answers.step import Step
from jiceng.desks.pay.sheet import Opened, opened
from jiceng.pay.sheets import cell_steps
from jiceng.pay.shown import Payee
from jiceng.pay.stays import month_name
from jiceng.ui.moment import Moment
from jiceng.ui.pages import moment_in, page, scope_in


@page("pay")
def cell_card(request: HttpRequest, place: int, month: date, subject: int, line: str) -> HttpResponse:
    """The answer card of one figure.

    Errors  Denied; Concealed for somebody who is not on the sheet; Refusal pay.no_line
    """
    seen = opened(request, place, month)
    payee = payee_seen(scope_in(request), seen, subject)
    assert payee.row is not None
    step: Step = cell_steps(seen.sheet, payee.row, line)
    person = seen.shown.people([payee], scope_in(request))[payee.key]
    moment = Moment(payee.row.day, seen.sheet.known_by, moment_in(request).today)
    about = f"{person.name}（{person.place}），{month_name(month)}工资表"
    context = {"card": as_dict(step, seen.shown.terms), "about": about, "why_href": "", "moment": moment}
    template = "ui/panel_card.html" if request.headers.get("HX-Request") else "ui/card_page.html"
    return render(request, template, context)


def payee_seen(scope: Scope, seen: Opened, subject: int) -> Payee:
    """Somebody who has a row on the sheet; whether there is such a person elsewhere is not told.

    Errors  Concealed (access.concealed)
    """
    found = next((one for one in seen.shown.payees if one.subject == subject and one.row is not None), None)
    if found is None:
        raise scope.conceal("pay", what=f"查看编号 {subject} 的工资", place=seen.place)
    return found

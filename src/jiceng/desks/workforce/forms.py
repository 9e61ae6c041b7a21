"""The 登记表 of a worker as Word and PDF; numbers and address only for who may see them and says why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access import reveals
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.worker import RevealForm, head_of, row_in_scope
from jiceng.documents.pdf import PDF, write_pdf
from jiceng.documents.sending import attachment
from jiceng.documents.word import WORD, write_word
from jiceng.reports.registration import TITLE, Shown, registration
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing
from jiceng.ui.pages import actor_of, clock, moment_in, page, scope_in

PRINTED = ("id_number", "phone", "address")


@page("see_names")
def form_page(request: HttpRequest, subject: int) -> HttpResponse:
    """Where the form is fetched: as it may always be printed, or with the sealed fields for a reason."""
    found = row_in_scope(request, subject, "see_names")
    context = {
        "subject": subject,
        "head": head_of(request, found, terms=installed_law().terms),
        "may_reveal": scope_in(request).may("reveal", found.place),
        "reveal_form": RevealForm(),
    }
    return render(request, "workforce/form.html", context)


@page("see_names")
def form_file(request: HttpRequest, subject: int, kind: str) -> HttpResponse:
    """The form as a file. A post brings the reason for which the sealed fields are printed in plain.

    Time    the page's day and knowledge; sealed fields as they hold today, as the page that shows them does
    Errors  Refusal worker.unknown, access.reason, access.erased, documents.no_font, documents.template; Denied
    """
    found = row_in_scope(request, subject, "see_names")
    shown = _asked(request, found) if request.method == "POST" else Shown(found.name, found.id_masked)
    moment, now = moment_in(request), clock()
    values = registration(
        subject, on=moment.on, known_by=moment.known_by, shown=shown, stamped=(actor_of(request), now), terms=installed_law().terms
    )
    content = write_pdf("registration", values, made=now) if kind == "pdf" else write_word("registration", values, made=now)
    return attachment(content, name=f"{TITLE}-{found.name}.{kind}", type=PDF if kind == "pdf" else WORD)


def _asked(request: HttpRequest, found: Standing) -> Shown:
    """The sealed fields in plain, after the log says who asked and why."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Refusal("access.reason", "没有写查看事由", why="每次查看都要记下为什么，至少四个字", do="请写明事由后再打印")
    opened: dict[str, Any] = reveals.reveal(
        scope_in(request),
        found.subject,
        fields=PRINTED,
        reason=f"打印登记表：{form.cleaned_data['reason']}",
        today=moment_in(request).today,
    )
    id_number, phone, address = (str(opened.get(field) or "") for field in PRINTED)
    return Shown(found.name, id_number, phone, address)

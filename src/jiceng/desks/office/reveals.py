"""Who looked at sealed data, who took lists out, and who was refused what: for those who may audit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.access import listing
from jiceng.access.roles import PERMISSIONS
from jiceng.places import reading as places
from jiceng.ui.pages import moment_in, page, scope_in


@page("audit")
def reveals_page(request: HttpRequest) -> HttpResponse:
    """The latest views, exports and refusals."""
    scope = scope_in(request)
    before = request.GET.get("before", "")
    shown = listing.reveals_in(scope, before=int(before) if before.isascii() and before.isdigit() else 0)
    denied, exported = listing.denials_in(scope), listing.exports_in(scope)
    codes = {row.place for row in (*shown, *denied, *exported) if row.place}
    context = {
        "shown": shown,
        "denied": denied,
        "exported": exported,
        "places": places.full_names(codes, on=moment_in(request).today),
        "permissions": PERMISSIONS,
        "before": shown[-1].pk if len(shown) == 50 else "",
    }
    return render(request, "office/reveals.html", context)

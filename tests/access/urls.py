"""Addresses for tests of the middleware: one ordinary page, one that refuses inside a transaction, and sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(sorted(request.scope.permissions)))


@transaction.atomic
def refusing(request: HttpRequest) -> HttpResponse:
    request.scope.require("correct", 513325, what="更正")
    return HttpResponse("done")


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"account {request.scope.account}")


urlpatterns = [
    path("page/", page, name="page"),
    path("refusing/", refusing, name="refusing"),
    path("public/", public, name="public"),
    path("account/", include("jiceng.web.account_urls")),
]

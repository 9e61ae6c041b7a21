"""Addresses of the API: its operations, its schema, and the page that explains it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from jiceng.api import docs
from jiceng.api.build import PREFIX, api, schema
from jiceng.api.problems import problem
from jiceng.base.refusals import Refusal

View = Callable[..., HttpResponse]


def for_programs(view: View, offered: dict[str, frozenset[str]]) -> View:
    """An operation of the API: no session, no sign-in page, no stamp of a form; `offered` are the parameters of its address."""

    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        answer = view(request, *args, **named)
        # Names and figures of people: nobody on the way keeps them.
        answer["Cache-Control"] = "no-store"
        if answer.status_code != 405:
            return answer
        refused = problem(Refusal("api.method", f"这个网址不能用 {request.method}", do=f"可用：{answer['Allow']}"))
        refused["Allow"] = answer["Allow"]
        return refused

    asked.csrf_exempt, asked.for_programs, asked.offered = True, True, offered  # type: ignore[attr-defined]
    return login_not_required(asked)


def operations() -> Iterator[URLPattern]:
    """Every operation of the API under its address."""
    paths, seen = schema()["paths"], set[str]()
    for pattern in api.urls[0]:
        route = str(getattr(pattern.pattern, "_route", ""))
        told = paths.get("/" + PREFIX + re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", route))
        # ninja gives one pattern an operation; those of one address share their view.
        if isinstance(pattern, URLPattern) and told is not None and route not in seen:
            seen.add(route)
            offered = {
                method.upper(): frozenset(one["name"] for one in operation["parameters"] if one["in"] == "query")
                for method, operation in told.items()
            }
            yield path(f"{PREFIX}{route}", for_programs(pattern.callback, offered), name=f"api_{next(iter(told.values()))['operationId']}")


urlpatterns = [
    path(f"{PREFIX}openapi.json", docs.openapi, name="api_schema"),
    path(f"{PREFIX}docs/", docs.docs_page, name="api_docs"),
    *operations(),
]

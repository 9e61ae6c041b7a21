"""The schema for machines, and the same as a page: made here, so that it works without a network and under the strict policy."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from jiceng.api.build import PREFIX, schema
from jiceng.ui.pages import page


@login_not_required
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document. It holds no data, so that a program's tools may read it without a token."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@page("see")
def docs_page(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, its body, its answer and its errors."""
    told = schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in told["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, address, operation))
    shapes = [(name, _fields(shape)) for name, shape in sorted(told["components"]["schemas"].items())]
    context = {"groups": list(groups.items()), "shapes": shapes, "about": _about(told["info"]["description"]), "prefix": f"/{PREFIX}"}
    return render(request, "api/docs.html", context)


def _about(text: str) -> list[tuple[bool, list[str]]]:
    """The lines of the description: whether one is a point of a list, and its pieces, every second of them to be typed as it stands."""
    lines = [line for line in text.split("\n") if line]
    return [(line.startswith("* "), line.removeprefix("* ").split("`")) for line in lines]


def _operation(method: str, address: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
    answers = [(status, answer["description"]) for status, answer in operation["responses"].items() if int(status) >= 400]
    good = next((status, answer) for status, answer in operation["responses"].items() if int(status) < 400)
    return {
        "id": operation["operationId"], "method": method.upper(), "address": address, "summary": operation["summary"],
        "about": operation.get("description", ""), "errors": answers, "status": good[0], "answer": _answer(good[1]),
        "parameters": [(one["name"], _PLACES[one["in"]], one["required"], _type(one["schema"]), one.get("description", ""))
                       for one in operation["parameters"]],
        "body": (body[0], _fields(body[1]["schema"]), _type(body[1]["schema"])) if body else None,
    }  # fmt: skip


_PLACES = {"path": "网址", "query": "参数", "header": "请求头"}


def _answer(answer: dict[str, Any]) -> str:
    media, content = next(iter(answer["content"].items()))
    return _type(content["schema"]) if media == "application/json" else "Excel 文件"


def _fields(shape: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """(name, type, required, meaning) of an object."""
    required = shape.get("required", [])
    return [(name, _type(one), name in required, one.get("description", "")) for name, one in shape.get("properties", {}).items()]


def _type(shape: dict[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " 或 ".join(dict.fromkeys(_type(one) for one in shape["anyOf"]))
    if "allOf" in shape:
        return _type(shape["allOf"][0])
    if "enum" in shape:
        return "、".join(map(str, shape["enum"]))
    if shape.get("type") == "array":
        return f"[{_type(shape['items'])}]"
    if shape.get("type") == "object":
        inner = shape.get("additionalProperties")
        return f"{{名: {_type(inner)}}}" if isinstance(inner, dict) else "对象"
    words = {"integer": "整数", "string": "文字", "boolean": "是否", "null": "空"}
    return "文件" if shape.get("format") == "binary" else words.get(str(shape.get("type")), str(shape.get("type", "任意")))

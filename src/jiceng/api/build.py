"""The API put together: routers, errors declared for every operation, JSON read strictly."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic.json_schema import models_json_schema

from jiceng.api import documents, entries, imports, law, movements, places, returns, site, workers
from jiceng.api.problems import MEDIA, Problem, attach
from jiceng.api.signing import TokenAuth, TokenThrottle
from jiceng.base.refusals import Refusal

VERSION = "1"
PREFIX = f"api/v{VERSION}/"
_WHY = {
    400: "请求体读不懂", 401: "没有令牌，或令牌不对、已失效", 403: "令牌没有这项权限", 404: "没有这一项，或不在令牌的权限范围内",
    409: "与已办的事冲突：幂等键用过，或状态不允许", 413: "请求太大", 415: "请求体不是所要的格式",
    422: "看懂了，但不能办：原因在正文里", 429: "请求太密，按 Retry-After 等候", 503: "这一天的名册正在整理，按 Retry-After 再来",
}  # fmt: skip
_ALWAYS = (401, 403, 404, 422, 429)
_READING = (503,)
_SENDING = (400, 409, 413, 415)
_ABOUT = """公开政策做成的规则，和基层业务在规则上的办理，供别的系统读写。与网页、命令行同一套函数：同样的答案、同样的打码、同样的权限。

* 每个请求带 `Authorization: Bearer 令牌`；令牌由本单位管理员在“接口令牌”页发放，有角色、地方、期限。
* 读取都可以带 `on`（哪一天）和 `known_by`（按何时以前登记的内容）。
* 写入须带 `Idempotency-Key`：同一个键七天内只办一次。
* 拒绝办理时正文是 `application/problem+json`，按 `id` 判断，不要按文字判断。
* 钱是整数，单位分；比率是整数，单位百万分之一；`text` 是印出来的样子。编号是 64 位整数。"""


class StrictParser(Parser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no halves of characters, not nested without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Refusal("api.content_type", "请求体不是 JSON", where="Content-Type", do="请写 Content-Type: application/json")
        try:
            return msgspec.json.decode(request.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise Refusal("api.body", "请求体读不懂", why="不是合规的 JSON", do="请核对编码（UTF-8）和写法") from None


class Utf8Renderer(BaseRenderer):
    """JSON in UTF-8 as it stands, a third of the size of escaped Chinese."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return msgspec.json.encode(data)


class Api(NinjaAPI):
    """The API with its errors in its schema."""

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        """The schema; every operation declares how it can be refused."""
        schema = super().get_openapi_schema(**named)
        _, shapes = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"].update(shapes["$defs"])
        for shape in schema["components"]["schemas"].values():
            # What a class says of itself is for whoever reads the code.
            shape.pop("description", None)
        for path in schema["paths"].values():
            for method, operation in path.items():
                _declare(method, operation)
        return schema


def _declare(method: str, operation: dict[str, Any]) -> None:
    body = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted({*_ALWAYS, *(_READING if method == "get" else _SENDING)}):
        answer: dict[str, Any] = {"description": _WHY[status], "content": body}
        if status in (429, 503):
            answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "几秒以后再来"}}
        operation["responses"][status] = answer
    for answer in operation["responses"].values():
        binary = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("format") == "binary"
        if binary:
            answer["content"] = {imports.XLSX: {"schema": {"type": "string", "format": "binary"}}}


def build() -> Api:
    """The API of this site."""
    api = Api(
        title="基层治理平台接口", version=VERSION, description=_ABOUT, auth=TokenAuth(), throttle=TokenThrottle(), parser=StrictParser(),
        renderer=Utf8Renderer(), openapi_url="", docs_url="", urls_namespace="api",
    )  # fmt: skip
    attach(api)
    for prefix, router in (
        ("/token", site.router), ("/places", places.router), ("/workers", workers.router), ("/entries", entries.router),
        ("/imports", imports.router), ("/returns", returns.router), ("/law", law.router),
        ("/places", movements.router), ("/places", documents.places), ("/workers", documents.workers),
    ):  # fmt: skip
        api.add_router(prefix, router)
    return api


api = build()


@lru_cache(maxsize=1)
def schema() -> OpenAPISchema:
    """The OpenAPI document; it does not change while the server runs."""
    return api.get_openapi_schema(path_prefix=PREFIX)

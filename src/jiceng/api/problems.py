"""Refusals as problem JSON (RFC 9457 in spirit, in our own words): what was refused, where, why, what to do, where it is explained."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import BaseModel, ConfigDict, Field

from jiceng.access.scope import Denied
from jiceng.base.refusals import Problems, Refusal

log = structlog.get_logger("jiceng.api")
MEDIA = "application/problem+json"
ASK_AGAIN_SECONDS = 2

# Everything else that is refused on good grounds is 422: understood, and not done.
STATUS = {
    "access.token": 401, "access.token_ended": 401,
    "access.denied": 403, "reports.own": 403,
    "access.concealed": 404, "worker.unknown": 404, "fact.unknown": 404, "place.unknown": 404, "law.no_document": 404,
    "law.no_rule": 404, "law.no_name": 404, "answer.no_subject": 404, "page.not_found": 404,
    "page.bad_request": 400, "api.body": 400, "page.csrf": 403,
    "api.method": 405,
    "api.key_reused": 409, "import.not_checked": 409, "reports.state": 409, "reports.there": 409,
    "intake.landed_before": 409, "intake.not_landed": 409,
    "api.too_large": 413, "intake.too_large": 413,
    "api.content_type": 415,
    "api.too_often": 429,
    "page.broken": 500,
    "runs.building": 503, "runs.catching_up": 503,
}  # fmt: skip

# First word of an id → file under docs/errors, where they differ.
PAGES = {
    "answer": "answers", "answers": "rules", "attachment": "ledger", "bulk": "web", "draft": "law",
    "export": "web", "fact": "web", "filling": "packets",
    "import": "web", "page": "web",
    "paste": "web", "place": "places", "rounded": "documents", "scenario": "runs", "terms": "law", "transfer": "transfers",
    "worker": "web",
}  # fmt: skip


class Finding(BaseModel):
    """One of several faults found in one pass."""

    model_config = ConfigDict(extra="forbid")
    id: str
    message: str
    path: str


class Problem(BaseModel):
    """Why a request was refused."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(description="稳定的编号，程序按它判断", examples=["access.denied"])
    what: str = Field(description="拒绝了什么")
    where: str = Field(description="在哪里：参数、字段、表格的行列；没有就是空")
    why: str = Field(description="为什么")
    do: str = Field(description="怎么办")
    docs: str = Field(description="说明书里的位置", examples=["docs/errors/access.md#accessdenied"])
    problems: list[Finding] = Field(description="一次查出的各处毛病；没有就是空")


def problem(refusal: Refusal) -> HttpResponse:
    """The answer to a request that was refused."""
    status = STATUS.get(refusal.id, 422)
    shown = refusal
    if status == 404 and isinstance(refusal, Denied):
        # One body for what is not there and what may not be seen; what was asked for stands in the log.
        shown = Refusal("access.concealed", "没有这一项，或不在令牌的权限范围内", do="请核对编号和令牌管到的地方；本次已记入日志")
    found = refusal.problems if isinstance(refusal, Problems) else []
    body: dict[str, Any] = {**shown.as_dict(), "docs": _docs(shown.id)}
    body["problems"] = [{"id": one.id, "message": one.message, "path": one.path} for one in found]
    answer = JsonResponse(body, status=status, content_type=MEDIA)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="jiceng"'
    if status == 503:
        answer["Retry-After"] = str(ASK_AGAIN_SECONDS)
    return answer


def _docs(id: str) -> str:
    """Where the entry lies; the anchor is what Markdown makes of its heading."""
    page = PAGES.get(id.partition(".")[0], id.partition(".")[0])
    return f"docs/errors/{page}.md#{id.replace('.', '')}"


def attach(api: NinjaAPI) -> None:
    """Every way a request of this API can fail, answered in one form."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _nobody)
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(SuspiciousOperation, _unreadable)


def _refused(request: HttpRequest, refusal: Exception) -> HttpResponse:
    assert isinstance(refusal, Refusal)
    if isinstance(refusal, Denied):
        refusal.keep()
    log.info("refused", refusal=refusal.id, path=request.path)
    return problem(refusal)


def _invalid(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, ValidationError)
    places = {"query": "网址参数", "path": "网址", "header": "请求头", "body": "请求体", "form": "表单", "file": "文件"}
    said = []
    for one in error.errors:
        kind, *names = one["loc"]
        said.append(f"{places.get(str(kind), kind)} {'.'.join(str(name) for name in names)}：{one['msg']}")
    where = "；".join(line.partition("：")[0] for line in said[:5])
    return problem(Refusal("api.invalid", "请求的内容不合接口说明", where=where, why="；".join(said[:5]), do="请照接口说明改正后重发"))


def _nobody(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(Refusal("access.token", "没有带令牌", why="接口不认登录，只认令牌", do="请加请求头 Authorization: Bearer 令牌"))


def _too_often(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, Throttled)
    answer = problem(Refusal("api.too_often", "请求太密", why="每个令牌每分钟的次数有限", do="请等响应头 Retry-After 所写的秒数再发"))
    answer["Retry-After"] = str(max(int(error.wait or 1), 1))
    return answer


def _too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(Refusal("api.too_large", "请求太大", why="JSON 不超过 5 MB，文件不超过 30 MB", do="请分批发送"))


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):
        return problem(error.__cause__)
    return problem(Refusal("api.body", "请求体读不懂", why="不是合规的 JSON 或表单", do="请核对编码（UTF-8）和写法"))

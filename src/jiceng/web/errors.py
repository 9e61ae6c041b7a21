"""The site's own pages for 400, 403, 404 and 500."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.api.build import PREFIX
from jiceng.api.problems import problem
from jiceng.base.refusals import Refusal
from jiceng.web.refused import refusal_page

FOR_PROGRAMS = f"/{PREFIX}"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "page.bad_request", "这个请求读不懂", "网址或提交的内容不完整", "请回到上一页重试")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "access.denied", "没有权限打开这一页", "您的账号没有这项权限", "需要时请联系本单位管理员授权")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "page.not_found", "没有这一页", "网址有误，或这一页已经换了地址", "请从左侧菜单进入，或核对网址")


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose stamp is missing or stale."""
    return _page(
        request,
        403,
        "page.csrf",
        "这张表单已失效，没有提交",
        "页面打开太久，或浏览器没有带回本站的凭证",
        "请返回上一页、刷新后重新填写；浏览器须允许本站 Cookie",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """A bug. Kept free of queries, so that it also shows when the database does not answer."""
    refusal = Refusal(
        "page.broken", "系统出错，本次操作没有完成", why="数据没有改动", do="请返回重试；再次出现时，把时间和网址告诉管理员，日志里有记录"
    )
    if request.path.startswith(FOR_PROGRAMS):
        return problem(refusal)
    return render(None, "500.html", {"refusal": refusal}, status=500)


def _page(request: HttpRequest, status: int, id: str, what: str, why: str, do: str) -> HttpResponse:
    refusal = Refusal(id, what, why=why, do=do)
    if request.path.startswith(FOR_PROGRAMS):
        return problem(refusal)
    answer = refusal_page(request, refusal)
    answer.status_code = status
    return answer

"""`jiceng token …`: tokens for other systems, from the server's console."""

from __future__ import annotations

from typing import Annotated

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.accounts import account_named
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import ZONE, day, open_site, today

app = typer.Typer(no_args_is_help=True, help="接口令牌：new 发放，list 列出，revoke 作废")


@app.command("new")
def new_token(
    username: Annotated[str, typer.Argument(help="代表哪个账号")],
    role: Annotated[str, typer.Argument(help="角色：viewer 查阅、clerk 经办、officer 主管；不能超过账号的")],
    place: Annotated[int, typer.Argument(help="地方代码；不能宽过账号的")],
    name: Annotated[str, typer.Option("--name", help="使用系统，如“人事系统”")],
    until: Annotated[str, typer.Option("--until", help="到哪一天为止（不含），最长一年")],
    as_json: Json = False,
) -> None:
    """发放一个令牌，只显示这一次。"""
    open_site()
    from jiceng.access.tokens import issue

    token, secret = issue(
        account_named(username), name=name, role=role, place=place, until=day(until, option="--until"), today=today(), by=None
    )
    text = f"已为 {username} 发放令牌 {token.pk}（{token.name}，{token.until} 到期）：\n{secret}\n只显示这一次，请当面交给使用方。"
    show({"token": token.pk, "secret": secret, "until": token.until}, text, as_json=as_json)


@app.command("list")
def list_tokens(as_json: Json = False) -> None:
    """列出发放过的令牌。"""
    open_site()
    from jiceng.access.models import Token

    rows = [
        {
            "token": t.pk, "name": t.name, "account": t.account.username, "role": t.role, "place": t.place, "until": t.until,
            "revoked": t.revoked_at, "last_used": t.last_used,
        }
        for t in Token.objects.select_related("account").order_by("pk")
    ]  # fmt: skip
    cells = [
        (r["token"], r["name"], r["account"], f"{r['role']}@{r['place']}", r["until"], "已作废" if r["revoked"] else "",
         f"{r['last_used'].astimezone(ZONE):%Y-%m-%d %H:%M}" if r["last_used"] else "没有用过")
        for r in rows
    ]  # fmt: skip
    show(rows, table(("编号", "使用系统", "账号", "角色", "到期", "状态", "最近使用"), cells), as_json=as_json)


@app.command("revoke")
def revoke_token(token: Annotated[int, typer.Argument(help="令牌编号，见 list")], as_json: Json = False) -> None:
    """作废一个令牌，立刻生效。"""
    open_site()
    from jiceng.access.models import Token
    from jiceng.access.tokens import revoke

    found = Token.objects.filter(pk=token).first()
    if found is None:
        raise Refusal("token.unknown", f"没有编号 {token} 的令牌", do="用 jiceng token list 查看")
    revoke(found, by=None)
    show({"token": token}, f"已作废令牌 {token}（{found.name}）。", as_json=as_json)

"""`jiceng account …`: accounts from the server's console, which answers to whoever holds the server."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import day, open_site

app = typer.Typer(no_args_is_help=True, help="账号：add 新建，grant 授权，revoke 收回，reset 重设口令，disable 停用，list 列出")

_Name = Annotated[str, typer.Argument(help="登录名")]
_Since = Annotated[str, typer.Option("--since", help="自哪一天起；不写为今天")]


@app.command()
def add(
    username: _Name,
    name: Annotated[str, typer.Option("--name", help="姓名")],
    office: Annotated[str, typer.Option("--office", help="单位")],
    as_json: Json = False,
) -> None:
    """新建账号，打印一次性口令；还没有任何权限。"""
    open_site()
    from jiceng.access.accounts import create_account, temporary_password

    password = temporary_password()
    create_account(username, display_name=name, office=office, password=password, by=None)
    text = f"已建账号 {username}，首次口令 {password}（登录后须改）。授权：jiceng account grant {username} 角色 地方代码"
    show({"username": username, "password": password}, text, as_json=as_json)


@app.command("grant")
def grant_role(
    username: _Name,
    role: Annotated[str, typer.Argument(help="角色：viewer 查阅、clerk 经办、officer 主管、admin 管理员")],
    place: Annotated[int, typer.Argument(help="地方代码")],
    since: _Since = "",
    until: Annotated[str, typer.Option("--until", help="到哪一天为止（不含）；不写为长期")] = "",
    as_json: Json = False,
) -> None:
    """授予一个地方的角色。"""
    open_site()
    from jiceng.access.accounts import grant
    from jiceng.base.dates import OPEN_END
    from jiceng.places.reading import full_name

    begins, ends = day(since, option="--since"), day(until, option="--until") if until else OPEN_END
    name = full_name(place, on=begins)
    made = grant(account_named(username), role=role, place=place, since=begins, until=ends, by=None)
    show(
        {"grant": made.pk, "username": username, "role": role, "place": place},
        f"{username} 自 {begins} 起是{name}的 {role}。",
        as_json=as_json,
    )


@app.command("revoke")
def revoke_role(
    username: _Name,
    role: Annotated[str, typer.Argument(help="角色")],
    place: Annotated[int, typer.Argument(help="地方代码")],
    as_json: Json = False,
) -> None:
    """从今天起收回一个地方的角色。"""
    open_site()
    from jiceng.access.accounts import revoke
    from jiceng.access.models import Grant

    today = day("", option="")
    held = Grant.objects.filter(account=account_named(username), role=role, place=place, until__gt=today).first()
    if held is None:
        raise Refusal("account.no_grant", f"{username} 在 {place} 没有 {role} 授权", do="用 jiceng account list 查看")
    revoke(held, on=today, by=None)
    show({"username": username, "role": role, "place": place}, f"已收回 {username} 在 {place} 的 {role}。", as_json=as_json)


@app.command()
def reset(username: _Name, as_json: Json = False) -> None:
    """重设口令，打印一次性口令；解除锁定。"""
    open_site()
    from axes.utils import reset as unlock

    from jiceng.access.accounts import hand_out_password, temporary_password

    password = temporary_password()
    hand_out_password(account_named(username), password, on=day("", option=""), by=None)
    unlock(username=username)
    show({"username": username, "password": password}, f"{username} 的新口令：{password}（登录后须改）", as_json=as_json)


@app.command("disable")
def disable_account(username: _Name, as_json: Json = False) -> None:
    """停用账号：不能再登录，授权即日结束。"""
    open_site()
    from jiceng.access.accounts import disable

    disable(account_named(username), on=day("", option=""), by=None)
    show({"username": username}, f"已停用 {username}。", as_json=as_json)


@app.command("list")
def list_accounts(as_json: Json = False) -> None:
    """列出账号与现行授权。"""
    open_site()
    from jiceng.access.models import Account, Grant

    held: dict[int, list[str]] = {}
    for grant in Grant.objects.filter(until__gt=day("", option="")).order_by("place"):
        held.setdefault(grant.account_id, []).append(f"{grant.role}@{grant.place}")
    rows = [
        {"username": a.username, "name": a.display_name, "office": a.office, "active": a.is_active, "grants": held.get(a.pk, [])}
        for a in Account.objects.order_by("username")
    ]
    drawn = table(
        ("登录名", "姓名", "单位", "授权"), [(r["username"], r["name"], r["office"], "、".join(r["grants"]) or "无") for r in rows]
    )
    show(rows, drawn, as_json=as_json)


def account_named(username: str) -> Any:
    """The account of this name.

    Errors  Refusal account.unknown
    """
    from jiceng.access.models import Account

    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Refusal("account.unknown", f"没有账号“{username}”", do="用 jiceng account list 查看")
    return found

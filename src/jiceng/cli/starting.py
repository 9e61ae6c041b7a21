"""`jiceng demo | init | serve | migrate | doctor`: a site comes to be, is brought up to date, and serves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli import health, serving
from jiceng.cli.output import Json, progress, show, table
from jiceng.cli.site import SETTLED, home, local_now, make_home, open_site, settle, today

_Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="建好后启动服务")]
_Port = Annotated[int, typer.Option("--port", help="端口")]


def demo(
    where: Annotated[Path | None, typer.Option("--home", help="演示数据目录；默认 ./demo")] = None,
    port: _Port = 8000,
    serve: _Serve = True,
    as_json: Json = False,
) -> None:
    """演示：甘孜州 18 县（市）的虚构社区工作者，十年履历。已建好的不重建。"""
    chosen = (where or Path(os.environ.get("JICENG_HOME") or "demo")).resolve()
    os.environ["JICENG_HOME"] = str(chosen)
    marker = chosen / "data" / "demo.json"
    if not marker.exists():
        _clear_unfinished(chosen)
        make_home(chosen)
        (chosen / "data" / "unfinished-demo").touch()
        # The demo answers on this machine only; a second factor would keep a visitor out.
        settle(chosen, JICENG_SECOND_FACTOR="0")
    open_site()
    from jiceng.demo import build

    with progress("建演示数据", quiet=as_json) as report:
        built = build.ready(chosen, now=local_now(), report=report)
    address = serving.free_address(port) if serve else ""
    show({**built, "address": address}, _demo_text(built, address), as_json=as_json)
    if serve:
        serving.serve(address)


def _clear_unfinished(where: Path) -> None:
    if not where.exists() or not any(where.iterdir()):
        return
    if not (where / "data" / "unfinished-demo").exists():
        raise Refusal(
            "demo.home", f"{where} 里已有别的数据", why="演示只建在空目录里，不动已有的站点", do="换一个目录：jiceng demo --home 目录"
        )
    shutil.rmtree(where)


def _demo_text(built: dict[str, Any], address: str) -> str:
    lines = [
        "演示数据已备好（人员均为虚构，标注“示例”）。",
        f"  历史上的社区工作者 {built['workers']} 人，在册 {built['serving']} 人，分录 {built['entries']} 条。",
        f"  {len(built['workbooks'])} 份县（市）花名册已导入，{built['refused']} 行被退回，见“导入”页和 {built['home']}/workbooks。",
        "登录（口令只用于本演示）：",
        *(f"  {account['username']:<10} {account['password']}   {account['who']}" for account in built["accounts"]),
    ]
    if address:
        lines.append(f"打开 http://{address}/ ；按 Ctrl-C 停止，再运行 jiceng demo 数据仍在。")
    return "\n".join(lines)


def init(
    place: Annotated[int | None, typer.Option("--place", help="所在地代码，如 513301")] = None,
    admin: Annotated[str | None, typer.Option("--admin", help="第一个管理员的登录名")] = None,
    admin_name: Annotated[str | None, typer.Option("--admin-name", help="管理员姓名")] = None,
    keys: Annotated[Path | None, typer.Option("--keys", help="密钥放在哪里；不要与数据库放在一起备份")] = None,
    password_file: Annotated[Path | None, typer.Option("--password-file", help="从文件读管理员口令；不写时当场输入")] = None,
    suite: Annotated[str, typer.Option("--suite", help="密码算法：sm4-gcm 或 aes256-gcm")] = "sm4-gcm",
    as_json: Json = False,
) -> None:
    """新装：所在地、第一个管理员、密钥放在哪里。"""
    where = home()
    if (where / SETTLED).exists():
        raise Refusal("init.exists", f"{where} 里已有站点", do="直接运行 jiceng serve；另建站点请用 --home")
    place = place if place is not None else typer.prompt("所在地代码（县级 6 位，市州 4 位）", type=int)
    admin = admin or typer.prompt("管理员登录名")
    admin_name = admin_name or typer.prompt("管理员姓名")
    keys = (keys or Path(typer.prompt("密钥目录", default=str(where / "keys")))).resolve()
    password = password_file.read_text(encoding="utf-8").strip() if password_file else getpass("管理员口令（至少 10 位）：")
    make_home(where, keys=keys)
    os.environ.update(JICENG_HOME=str(where), JICENG_KEYS=str(keys))
    open_site()
    from jiceng.cli import installing

    with progress("装入全国区划", quiet=as_json) as report:
        made = installing.install(
            where, place=place, admin=admin, admin_name=admin_name, password=password, suite=suite, on=today(), report=report
        )
    # Written last: an installation that was refused half-way may simply be begun again.
    database = os.environ.get("JICENG_DATABASE")
    settle(where, JICENG_KEYS=str(keys), **({"JICENG_DATABASE": database} if database else {}))
    text = (
        f"已在 {where} 建好站点：{made['place_name']}，管理员 {admin}。\n"
        f"密钥在 {keys}。请现在就把密钥环另存一份（例如专用 U 盘），丢失后身份信息无法恢复。\n"
        "下一步：jiceng serve"
    )
    show(made, text, as_json=as_json)


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址；给局域网用写 0.0.0.0")] = "127.0.0.1",
    port: _Port = 8000,
    as_json: Json = False,
) -> None:
    """启动服务：升级库表，检查触发器和密钥，刷新当日结果，打印地址。JICENG_WORKERS 定几个进程，默认两个（单核一个）。"""
    os.environ.setdefault("JICENG_WORKERS", str(serving.PROCESSES))
    open_site()
    ready = serving.make_ready(today())
    address = serving.this_address(host, port)
    show({"address": address, **ready}, f"打开 http://{address}/ ；按 Ctrl-C 停止。", as_json=as_json)
    serving.serve(address)


def migrate(as_json: Json = False) -> None:
    """升级库表，补装防改触发器。"""
    open_site()
    show({"migrated": serving.upgrade()}, "库表已是最新，触发器齐全。", as_json=as_json)


def doctor(as_json: Json = False) -> None:
    """体检：环境、库表、触发器、密钥、法规、磁盘。"""
    open_site()
    findings = health.findings(home(), on=today())
    rows = [("正常" if finding.well else "有问题", finding.what, finding.note) for finding in findings]
    show([vars(finding) for finding in findings], table(("结果", "项目", "说明"), rows), as_json=as_json)
    if not all(finding.well for finding in findings):
        raise typer.Exit(2)


COMMANDS: dict[str, Callable[..., None]] = {"demo": demo, "init": init, "serve": serve, "migrate": migrate, "doctor": doctor}

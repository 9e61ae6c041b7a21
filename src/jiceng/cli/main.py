"""The command `jiceng`: its commands, and how refusals and faults end."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli import (
    accounts,
    answering,
    documents,
    importing,
    keeping,
    lawful,
    paying,
    placing,
    reporting,
    rounds,
    running,
    simulating,
    starting,
    tokens,
)
from jiceng.cli.output import refuse
from jiceng.cli.site import home, local_now

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="基层治理平台：公开政策做成可执行的规则，基层业务在规则上办理。",
)


@app.callback()
def choose_home(
    where: Annotated[Path | None, typer.Option("--home", help="数据目录；不写时用 JICENG_HOME，其次 ./var，再次 ./demo")] = None,
) -> None:
    """基层治理平台。"""
    if where:
        os.environ["JICENG_HOME"] = str(where)


for module in (starting, answering, running, simulating, importing, keeping, placing, documents):
    for name, command in module.COMMANDS.items():
        app.command(name)(command)
app.add_typer(lawful.app, name="law")
app.add_typer(accounts.app, name="account")
app.add_typer(paying.app, name="pay")
app.add_typer(reporting.app, name="report")
app.add_typer(rounds.app, name="round")
app.add_typer(running.app, name="runs")
app.add_typer(tokens.app, name="token")


def main() -> None:
    """Runs one command. A refusal is printed in words and ends with 2; a fault is logged and ends with 1."""
    try:
        app()
    except Refusal as refusal:
        refuse(refusal, as_json="--json" in sys.argv)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:
        if _without_tables(fault):
            refuse(_unfinished(), as_json="--json" in sys.argv)
            sys.exit(2)
        log = home() / "logs" / "command-line.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as out:
            out.write(f"{local_now():%Y-%m-%d %H:%M:%S} jiceng {' '.join(sys.argv[1:2])}\n{traceback.format_exc()}\n")
        print(f"程序出错，已记入 {log}。这是程序的毛病，不是您的操作有误。", file=sys.stderr)
        sys.exit(1)


def _without_tables(fault: Exception) -> bool:
    """Whether the database answered that a table is not there: a home whose making was broken off."""
    text = str(fault)
    return type(fault).__module__ == "django.db.utils" and ("no such table" in text or "does not exist" in text)


def _unfinished() -> Refusal:
    return Refusal(
        "site.unfinished",
        f"{home()} 里的站点没有建完",
        why="数据库里还没有表：上一次建站中途停了，或数据库是空的",
        do="演示再运行一次 jiceng demo；正式站点运行 jiceng migrate，或用 jiceng restore 恢复备份",
    )

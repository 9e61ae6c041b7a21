"""How the command line speaks: tables and sentences for people, JSON on request."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from jiceng.base.refusals import Problems, Refusal

Json = Annotated[bool, typer.Option("--json", help="用 JSON 输出")]


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def show(result: Any, text: str | Table, *, as_json: bool) -> None:
    """Prints `result` as JSON, or `text` for people."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=_plain, indent=2))
    else:
        # A file or a pipe has no width of its own; what goes there should not be folded as on a narrow screen.
        width = None if sys.stdout.isatty() else 200
        Console(highlight=False, markup=False, soft_wrap=isinstance(text, str), width=width).print(text)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> Table:
    """A plain table."""
    drawn = Table(title=title or None, title_justify="left", header_style="bold", pad_edge=False, box=None)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    return drawn


def refuse(refusal: Refusal, *, as_json: bool) -> None:
    """Prints a refusal: in words to the error stream, or as JSON."""
    if as_json:
        shown: dict[str, Any] = refusal.as_dict()
        if isinstance(refusal, Problems):
            shown["problems"] = [vars(problem) for problem in refusal.problems]
        print(json.dumps({"refusal": shown}, ensure_ascii=False, indent=2))
        return
    lines = [f"未办理：{refusal.where}：{refusal.what}" if refusal.where else f"未办理：{refusal.what}"]
    if isinstance(refusal, Problems):
        lines += [f"  {problem}" for problem in refusal.problems]
    elif refusal.why:
        lines.append(f"  原因：{refusal.why}")
    if refusal.do:
        lines.append(f"  怎么办：{refusal.do}")
    print("\n".join([*lines, f"  编号：{refusal.id}"]), file=sys.stderr)


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Any]:
    """One progress bar on the error stream; gives `report(done, total)`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

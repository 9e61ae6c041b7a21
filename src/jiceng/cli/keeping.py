"""`jiceng verify | backup | restore | undo`: the ledger kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, progress, show
from jiceng.cli.site import actor, clock, home, make_home, open_site, today

_Yes = Annotated[bool, typer.Option("--yes", help="已看过说明，照办")]


def verify(
    heads: Annotated[Path | None, typer.Option("--heads", help="另存的封头文件：查尾部是否被截断或重封")] = None,
    export: Annotated[Path | None, typer.Option("--export", help="查完把现在的封头存到这个文件，另行保管")] = None,
    as_json: Json = False,
) -> None:
    """核对台账：每一号分录的内容、封印、链条；与另存的封头比对。上报和锁定的报表、保存的计算与其摘要比对。"""
    open_site()
    from jiceng.ledger.reading import heads as present
    from jiceng.ledger.verify import verify as checked
    from jiceng.pay.frozen import broken_sheets
    from jiceng.reports.frozen import broken_returns
    from jiceng.runs.kept import broken_runs

    kept = _read_heads(heads) if heads else None
    with progress("核对台账", quiet=as_json) as report:
        found = checked(heads=kept, progress=lambda done: report(done, None))
    found.problems += [*broken_returns(), *broken_sheets(), *broken_runs()]
    now = {str(book): [seq, seal] for book, (seq, seal) in present().items()}
    lines = [f"  [{problem.id}] {problem}" for problem in found.problems]
    counts = f"分录 {found.entries:,} 条，事实 {found.facts:,} 条，终止 {found.endings:,} 条"
    if export and found.whole:
        export.write_text(json.dumps(now, indent=1), encoding="utf-8")
        lines.append(f"封头已存到 {export}")
    result = {
        "whole": found.whole, "entries": found.entries, "facts": found.facts, "endings": found.endings,
        "problems": [vars(problem) for problem in found.problems], "heads": now,
    }  # fmt: skip
    show(result, "\n".join([f"{counts}，{'无误' if found.whole else '有问题：'}", *lines]), as_json=as_json)
    if not found.whole:
        raise typer.Exit(2)


def _read_heads(path: Path) -> dict[int, tuple[int, str]]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {int(book): (int(seq), str(seal)) for book, (seq, seal) in raw.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Refusal("cli.file", f"封头文件 {path} 读不出来", why=str(error), do="用 jiceng verify --export 存出的文件") from error


def backup(folder: Annotated[Path, typer.Argument(help="存到哪个目录")], as_json: Json = False) -> None:
    """备份：.jcb 是全部内容，.keys 是钥匙，两个文件分开保管。"""
    open_site()
    from jiceng.ledger.backup import backup as back_up

    made = back_up(folder, clock=clock)
    text = f"已备份到 {made.path}（{made.rows:,} 行）。钥匙在 {made.keys}，请另行保管，不要与备份放在一起；密钥环也不在里面。"
    show({"backup": str(made.path), "keys": str(made.keys), "rows": made.rows, "heads": made.heads}, text, as_json=as_json)


def restore(
    source: Annotated[Path, typer.Argument(help=".jcb 备份")],
    keys: Annotated[Path | None, typer.Option("--keys", help="同一次备份的 .keys；不写则身份信息读不出来")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="即使会盖掉更新的台账")] = False,
    yes: _Yes = False,
    as_json: Json = False,
) -> None:
    """从备份恢复，恢复前核对封印；不许用旧备份盖掉更新的台账。"""
    if not yes:
        raise Refusal("cli.confirm", "恢复会替换现在的台账", do="确认后加 --yes 再执行")
    make_home(home())
    open_site()
    from jiceng.cli.serving import upgrade
    from jiceng.ledger.backup import restore as bring_back
    from jiceng.runs.kept import broken_runs
    from jiceng.runs.standing import rebuild

    upgrade()
    result = bring_back(source, keys=keys, actor=actor(), clock=clock, anyway=anyway)
    with progress("重算结果", quiet=as_json) as report:
        people = rebuild(today(), progress=report)
    text = f"已恢复 {result.rows:,} 行，重算 {people} 人的结果" + (
        f"；重新删除了 {len(result.erased)} 人的身份信息" if result.erased else ""
    )
    broken = broken_runs()
    lines = [f"{text}。", *(f"  [{problem.id}] {problem}" for problem in broken)]
    told = {"rows": result.rows, "heads": result.heads, "erased": list(result.erased), "rebuilt": people}
    show({**told, "problems": [vars(problem) for problem in broken]}, "\n".join(lines), as_json=as_json)


def undo(
    entry: Annotated[int, typer.Argument(help="分录编号；撤销整批导入时写批次编号并加 --batch")],
    why: Annotated[str, typer.Option("--why", help="为什么撤销")],
    batch: Annotated[bool, typer.Option("--batch", help="编号是导入的批次")] = False,
    as_json: Json = False,
) -> None:
    """撤销一条分录或一批导入。撤销本身也是一条分录。"""
    open_site()
    from jiceng.runs import commit

    made: list[Any] = (
        commit.undo_batch(entry, actor=actor(), why=why, clock=clock)
        if batch
        else [commit.undo(entry, actor=actor(), why=why, clock=clock)]
    )
    text = f"已撤销，记为 {'、'.join(str(one) for one in made[:5])}{' 等' if len(made) > 5 else ''}（{today()}）。"
    show({"undone": entry, "entries": [one.id for one in made]}, text, as_json=as_json)


COMMANDS: dict[str, Callable[..., None]] = {"verify": verify, "backup": backup, "restore": restore, "undo": undo}

"""`jiceng round`: collection rounds from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, progress, show, table
from jiceng.cli.site import actor, clock, day, open_site, today

app = typer.Typer(no_args_is_help=True, help="收表：发出预填的花名册，收回、核对、并入、催办。", rich_markup_mode=None)

Number = Annotated[int, typer.Argument(help="收表编号")]
_LEVELS = {"county": 3, "street": 4, "community": 5}


@app.command("new")
def new(
    place: Annotated[int, typer.Option("--place", help="收表范围的地方代码")],
    title: Annotated[str, typer.Option("--title", help="名称")],
    due: Annotated[str, typer.Option("--due", help="交回期限")],
    office: Annotated[str, typer.Option("--office", help="收表单位")],
    level: Annotated[str, typer.Option("--level", help="发到哪一级：county street community")] = "street",
    to: Annotated[list[int] | None, typer.Option("--to", help="只发给这些地方；可以写几次")] = None,
    on: Annotated[str, typer.Option("--on", help="截至日；不写为今天")] = "",
    column: Annotated[list[str] | None, typer.Option("--column", help="只收这些列；可以写几次")] = None,
    note: Annotated[str, typer.Option("--note", help="要求")] = "",
    as_json: Json = False,
) -> None:
    """发起一次收表。不写 --to 时发给这一级有社区工作者的每个地方。"""
    open_site()
    from jiceng.packets import rounds
    from jiceng.runs.law import installed_law

    if level not in _LEVELS:
        raise Refusal("cli.level", f"没有“{level}”这一级", where="--level", do="请写 county、street 或 community")
    terms, of = installed_law().terms, day(on, option="--on")
    found = to or [one.code for one in rounds.candidates(place, level=_LEVELS[level], on=of, terms=terms) if one.workers]
    made = rounds.new_round(
        title=title, place=place, places=found, columns=column or (), on=of, due=day(due, option="--due"), office=office, note=note,
        account=None, clock=clock, today=today(), terms=terms,
    )  # fmt: skip
    result = {"round": made.pk, "title": made.title, "places": list(made.sent.values_list("place", flat=True))}
    next_step = f"下发：jiceng round send {made.pk} --out 收表.zip"
    show(result, f"已发起，编号 {made.pk}，{len(result['places'])} 个地方。{next_step}", as_json=as_json)


@app.command("send")
def send(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="压缩包写到哪里")],
    as_json: Json = False,
) -> None:
    """预填的表，一个地方一张，装进一个压缩包；身份证号和手机号遮住。"""
    open_site()
    from jiceng.packets import rounds
    from jiceng.runs.law import installed_law

    found = _round(number)
    sent = list(found.sent.select_related("round"))
    part = out.with_name(out.name + ".part")
    with progress("预填", quiet=as_json) as report, part.open("wb") as file:
        for piece in rounds.zipped(sent, plain=False, scope=None, reason="", clock=clock, terms=installed_law().terms, progress=report):
            file.write(piece)
    part.replace(out)
    show({"round": number, "file": str(out), "workbooks": len(sent)}, f"已写 {out}，{len(sent)} 张表。", as_json=as_json)


@app.command("receive")
def receive(number: Number, files: Annotated[list[Path], typer.Argument(help="文件、压缩包或文件夹")], as_json: Json = False) -> None:
    """收回填好的表：文件改了名也认得出；同一份不重复收。"""
    open_site()
    from jiceng.packets import receiving
    from jiceng.runs.law import installed_law

    paths = [one for path in files for one in (sorted(path.iterdir()) if path.is_dir() else [path]) if one.is_file()]
    if not paths:
        raise Refusal("packets.no_file", "没有文件", do="请核对路径")
    with progress("检查", quiet=as_json) as report:
        receipts = receiving.receive(
            _round(number), ((path.name, path.read_bytes()) for path in paths), scope=None, account=None, clock=clock,
            terms=installed_law().terms, progress=report,
        )  # fmt: skip
    drawn = table(("文件", "结果", "说明"), [(one.file, _WORDS[one.state], one.text) for one in receipts])
    show([vars(one) for one in receipts], drawn, as_json=as_json)
    if any(one.state == "refused" for one in receipts):
        raise typer.Exit(2)


_COUNTED = {"new": "新进", "changed": "有变化", "unchanged": "没有变化", "refused": "有问题", "missing": "缺少"}
_WORDS = {"received": "收到", "again": "以前交过", "refused": "没有收"}


@app.command("board")
def board(number: Number, as_json: Json = False) -> None:
    """各地情况：未交、已收待核、退回、已并入、逾期。"""
    open_site()
    found = _round(number)
    lines = _lines(found)
    result = {"round": number, "title": found.title, "on": found.on, "due": found.due, "places": [line.as_dict() for line in lines]}
    drawn = table(
        ("地方", "状态", "发出", "新进", "有变化", "没变化", "有问题", "缺少", "下一步"),
        [
            (line.name, line.state.value, line.sent.workers, *(line.counts.get(key, "") for key in ("new", "changed", "unchanged")),
             line.refused, line.missing, line.next)
            for line in lines
        ],
        title=found.title,
    )  # fmt: skip
    show(result, drawn, as_json=as_json)


@app.command("merge")
def merge(
    number: Number,
    place: Annotated[list[int] | None, typer.Option("--place", help="只并入这些地方；不写为没有问题的每一个")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="看过预览，写入台账")] = False,
    returned: Annotated[Path | None, typer.Option("--returned", help="有问题的行按地方装进这个压缩包")] = None,
    as_json: Json = False,
) -> None:
    """并入交回的表：先看合计，加 --yes 才写入；每个地方一批，可以分别撤销。"""
    open_site()
    from jiceng.packets import board as boards
    from jiceng.runs.law import installed_law

    terms = installed_law().terms
    lines = _lines(_round(number))
    chosen = [line for line in lines if line.may_merge and (line.sent.place in place if place else line.whole)]
    if returned:
        content = boards.returned_zip([line for line in lines if line.refused], terms=terms)
        if content:
            returned.write_bytes(content)
    result: dict[str, Any] = {"round": number, "sums": boards.sums(chosen), "places": [line.as_dict() for line in chosen], "merged": []}
    if yes:
        for line in chosen:
            landed = boards.merge(line, actor=actor(), clock=clock, terms=terms)
            result["merged"].append({"place": line.sent.place, "batch": line.latest.upload_id if line.latest else None, **landed})
    said = "，".join(f"{word} {result['sums'][key]}" for key, word in _COUNTED.items())
    text = f"{len(chosen)} 个地方：{said}。"
    show(result, text + (f"已并入 {len(chosen)} 个。" if yes else "还没有写入，看过后加 --yes 再执行一次。"), as_json=as_json)


@app.command("remind")
def remind(number: Number, as_json: Json = False) -> None:
    """催办的文字，一个没交（或要改）的地方一段。"""
    open_site()
    from jiceng.packets.reminders import reminders

    found = _round(number)
    told = reminders(found, _lines(found), today=today())
    result = [{"place": one.place, "name": one.name, "state": one.state.name, "text": one.text} for one in told]
    show(result, "\n\n".join(one.text for one in told) or "没有要催办的地方。", as_json=as_json)


def _round(number: int) -> Any:
    from jiceng.packets.models import Round

    found = Round.objects.filter(pk=number).first()
    if found is None:
        raise Refusal("packets.no_round", f"没有编号 {number} 的收表", do="请核对编号")
    return found


def _lines(found: Any) -> list[Any]:
    from jiceng.packets.board import board as board_of

    return board_of(found, list(found.sent.all()), today=today())

"""`jiceng report …`: a return worked out, sent up, locked, and worked out again to see whether it is still what it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, progress, show, table
from jiceng.cli.site import actor, clock, day, known_time, local_now, open_site, today

app = typer.Typer(no_args_is_help=True, help="报表：计算、上报、锁定、复核。")

_Place = Annotated[int, typer.Option("--place", help="地方代码，如 5133")]
_On = Annotated[str, typer.Option("--on", help="期间的最后一天；不写为今天")]
_Since = Annotated[str, typer.Option("--since", help="期间的第一天；不写为当月 1 日")]
_Why = Annotated[str, typer.Option("--why", help="说明或原因")]
_Number = Annotated[int, typer.Argument(help="报表编号，见 jiceng report list")]

FORM = "status"


@app.command("status")
def status(
    place: _Place,
    on: _On = "",
    since: _Since = "",
    known_by: Annotated[str, typer.Option("--known-by", help="按这一天（或时刻）以前已登记的内容计算")] = "",
    deep: Annotated[int, typer.Option("--deep", min=0, max=3, help="看到下几级")] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="存成文件：.xlsx 或 .pdf")] = None,
    as_json: Json = False,
) -> None:
    """社区工作者队伍状况表：任何一天、任何一级。"""
    open_site()
    from jiceng.reports.printing import Standing, paper, shown_lines, workbook
    from jiceng.reports.returns import worked_out
    from jiceng.reports.saying import period_text, said

    period = _period(on, since)
    worked = worked_out(FORM, place, period=period, known_by=known_time(known_by), today=today(), seconds=None)
    if out is not None:
        make = {".xlsx": workbook, ".pdf": paper}.get(out.suffix.lower())
        if make is None:
            raise Refusal("cli.file", f"不能存成“{out.suffix or out.name}”", where="--out", do="文件名请以 .xlsx 或 .pdf 结尾")
        standing = Standing("未上报，导出时计算", 1, "")
        out.write_bytes(make(worked, standing, sheets=worked.form.sheets, deep=deep, by=actor(), made=local_now()))
    told = shown_lines(worked, deep=deep)
    result = {**_said(worked, told), "out": str(out) if out else None}
    first = worked.form.on_sheet(worked.form.sheets[0])
    rows = [(line.name, *(said(cell, column).text for column, cell in _pairs(worked, at) if column in first)) for at, line in told]
    title = f"{worked.lines[0].name}{worked.form.title}，{period_text(period)}（其余各栏见 --json 或 --out）"
    show(result, table(("地方", *(column.title for column in first)), rows, title=title), as_json=as_json)


def _pairs(worked: Any, at: int) -> zip[tuple[Any, Any]]:
    return zip(worked.form.columns, worked.cells[at], strict=True)


def _period(on: str, since: str) -> Any:
    from jiceng.reports.returns import Period

    last = day(on, option="--on")
    first = day(since, option="--since") if since else last.replace(day=1)
    if first > last:
        raise Refusal("reports.period", "期间的第一天晚于最后一天", where=f"{first} 至 {last}", do="请核对 --since 和 --on")
    return Period(first, last)


def _said(worked: Any, told: list[tuple[int, Any]]) -> dict[str, Any]:
    """The return for programs: figures as numbers, answers with their kind and what they miss."""
    from jiceng.base.kinds import AnswerKind
    from jiceng.reports.frozen import frozen

    def cell(value: Any) -> Any:
        if isinstance(value, int):
            return value
        said = {"kind": AnswerKind(value.kind).name, "value": value.value, "clause": value.mark, "missing": list(value.missing)}
        return {**said, "untold": list(value.untold), "partial": value.partial}

    return {
        "form": worked.form.id, "place": worked.place, "since": worked.period.since, "on": worked.period.on, "known_by": worked.known_by,
        "law": worked.law_hash, "hash": frozen(worked).hash,
        "lines": [
            {"place": line.code, "own": line.own, "name": line.name,
             "cells": {c.id: cell(one) for c, one in _pairs(worked, at)}}
            for at, line in told
        ],
    }  # fmt: skip


@app.command("list")
def listed(place: _Place = 0, as_json: Json = False) -> None:
    """已有的报表：编号、地方、期间、状态、摘要。"""
    open_site()
    from jiceng.places import tree
    from jiceng.places.reading import names_of
    from jiceng.reports.models import Return
    from jiceng.reports.returns import Period
    from jiceng.reports.saying import period_text

    low, high = tree.span(place)
    rows = list(Return.objects.filter(place_key__range=(low, high)).defer("content", "behind").order_by("-on", "place_key", "version"))
    names = names_of({row.place for row in rows}, on=today())
    result = [
        {"number": row.pk, "form": row.form, "place": row.place, "since": row.since, "on": row.on, "version": row.version,
         "state": row.state, "known_by": row.known_by, "law": row.law_hash, "hash": row.hash}
        for row in rows
    ]  # fmt: skip
    lines = [
        (
            row.pk,
            names.get(row.place, row.place),
            period_text(Period(row.since, row.on)),
            row.version,
            row.get_state_display(),
            row.hash[:16],
        )
        for row in rows
    ]
    show(result, table(("编号", "地方", "期间", "版次", "状态", "摘要"), lines), as_json=as_json)


@app.command("submit")
def submit(place: _Place, on: _On = "", since: _Since = "", why: _Why = "", as_json: Json = False) -> None:
    """上报：数字按这一刻知道的情况定下来。"""
    open_site()
    from jiceng.reports import states

    row = states.submit(FORM, place, _period(on, since), by=_by(), clock=clock, today=today(), why=why)
    _acted(row, as_json=as_json)


@app.command("lock")
def lock(number: _Number, why: _Why = "", as_json: Json = False) -> None:
    """锁定：此后台账的更正不改变它。"""
    open_site()
    from jiceng.reports import states

    _acted(states.lock(_row(number), by=_by(), clock=clock, why=why), as_json=as_json)


@app.command("back")
def back(number: _Number, why: _Why, as_json: Json = False) -> None:
    """退回，写明原因。"""
    open_site()
    from jiceng.reports import states

    _acted(states.send_back(_row(number), by=_by(), clock=clock, why=why), as_json=as_json)


@app.command("correct")
def correct(number: _Number, why: _Why, as_json: Json = False) -> None:
    """订正锁定的表：原样保留它，另出一版。"""
    open_site()
    from jiceng.reports import states

    _acted(states.correct(_row(number), by=_by(), clock=clock, today=today(), why=why), as_json=as_json)


@app.command("check")
def check(number: Annotated[int, typer.Argument(help="报表编号；不写时复核全部已锁定的")] = 0, as_json: Json = False) -> None:
    """复核：由台账按它自己的时刻、法规和区划重算，与锁定时的摘要比对。"""
    open_site()
    from jiceng.reports.frozen import again, whole
    from jiceng.reports.models import Return

    state = Return.State
    rows = [_row(number)] if number else list(Return.objects.filter(state__in=(state.locked, state.corrected)).order_by("id"))
    found: list[dict[str, Any]] = []
    with progress("复核报表", quiet=as_json) as report:
        for at, row in enumerate(rows, 1):
            kept = row.frozen and whole(row)
            made = again(row) if kept else None
            equal = made is not None and (made.hash, made.behind_hash) == (row.hash, row.behind_hash)
            found.append({"number": row.pk, "place": row.place, "on": row.on, "hash": row.hash, "kept": kept, "equal": equal})
            report(at, len(rows))
    wrong = [one for one in found if not one["equal"]]
    lines = [
        f"  第 {one['number']} 号（{one['place']}，{one['on']}）：{'重算结果不同' if one['kept'] else '保存的内容与摘要不符'}"
        for one in wrong
    ]
    text = "\n".join([f"复核 {len(found)} 张，{'全部相同' if not wrong else f'{len(wrong)} 张不同：'}", *lines])
    show({"equal": not wrong, "returns": found}, text, as_json=as_json)
    if wrong:
        raise typer.Exit(2)


def _by() -> Any:
    from jiceng.reports.states import By

    return By(actor(), today())


def _row(number: int) -> Any:
    from jiceng.reports.models import Return

    row = Return.objects.filter(pk=number).first()
    if row is None:
        raise Refusal("cli.report", f"没有第 {number} 号报表", do="用 jiceng report list 查看编号")
    return row


def _acted(row: Any, *, as_json: bool) -> None:
    result = {"number": row.pk, "state": row.state, "version": row.version, "hash": row.hash, "known_by": row.known_by}
    show(result, f"第 {row.pk} 号报表：{row.get_state_display()}，第 {row.version} 版，摘要 {row.hash}", as_json=as_json)

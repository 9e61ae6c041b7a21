"""`jiceng pay …`: a month's pay worked out, shown, checked, approved, locked, worked out again, and taken out as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import actor, clock, local_now, open_site, today

app = typer.Typer(no_args_is_help=True, help="工资表：计算、查看、复核、审批、锁定、导出。")

_Place = Annotated[int, typer.Option("--place", help="街道（乡镇）代码，如 513301001")]
_Month = Annotated[str, typer.Option("--month", help="月份，如 2026-10；不写为最近过完的一个月")]
_Why = Annotated[str, typer.Option("--why", help="说明或原因")]


@app.command("work")
def work(place: _Place, month: _Month = "", why: _Why = "", as_json: Json = False) -> None:
    """计算：按台账现在的情况算好并保存，复核以前可以反复算。"""
    open_site()
    from jiceng.pay import states

    row = states.calculate(place, _month(month), by=_by(), clock=clock, why=why)
    _acted(row, as_json=as_json)


@app.command("show")
def shown(place: _Place, month: _Month = "", as_json: Json = False) -> None:
    """一张工资表：每人每一行、合计、要处理的、与上月的差异、以前月份补发补扣。"""
    open_site()
    seen, kept = _opened(place, _month(month))
    people = seen.people(seen.payees, None)
    result = _said(seen, kept, people)
    show(result, _drawn(seen, people, kept), as_json=as_json)


@app.command("check")
def check(place: _Place, month: _Month = "", why: _Why = "", as_json: Json = False) -> None:
    """复核：由计算人以外的人办理。"""
    _act("check", place, month, why, as_json=as_json)


@app.command("approve")
def approve(place: _Place, month: _Month = "", why: _Why = "", as_json: Json = False) -> None:
    """审批。"""
    _act("approve", place, month, why, as_json=as_json)


@app.command("lock")
def lock(place: _Place, month: _Month = "", why: _Why = "", as_json: Json = False) -> None:
    """锁定：此后不再改动，以后的更正在下个月补发补扣。"""
    _act("lock", place, month, why, as_json=as_json)


@app.command("back")
def back(place: _Place, why: _Why, month: _Month = "", as_json: Json = False) -> None:
    """退回，写明原因。"""
    _act("send_back", place, month, why, as_json=as_json)


@app.command("again")
def again(place: _Place, month: _Month = "", as_json: Json = False) -> None:
    """再算一遍：由台账按保存的时刻和法规重算，与保存的逐字节比对。"""
    open_site()
    from jiceng.pay import states
    from jiceng.pay.months import sheet_seen

    row = sheet_seen(None, place, _month(month))
    same = states.reproduced(row)
    words = "重算与保存的逐字节相同" if same else "重算与保存的不同，请运行 jiceng verify"
    show({"place": place, "month": f"{row.month:%Y-%m}", "hash": row.hash, "same": same}, f"{words}（{row.hash}）", as_json=as_json)
    if not same:
        raise typer.Exit(2)


@app.command("export")
def export(
    place: _Place,
    out: Annotated[Path, typer.Option("--out", help="存成文件：.xlsx 或 .pdf")],
    month: _Month = "",
    what: Annotated[str, typer.Option("--what", help="sheet 工资表，slips 工资条，bank 银行代发表，insurance 社保公积金表")] = "sheet",
    as_json: Json = False,
) -> None:
    """导出工资表；锁定的还能导出工资条、银行代发表、社保公积金表。"""
    open_site()
    seen, kept = _opened(place, _month(month))
    content, rows = _made(seen, kept, what, out.suffix.lower())
    out.write_bytes(content)
    show({"out": str(out), "what": what, "rows": rows}, f"已存到 {out}，{rows} 人", as_json=as_json)


def _made(seen: Any, kept: Any, what: str, suffix: str) -> tuple[bytes, int]:
    from jiceng.pay import books, printing
    from jiceng.pay.payslips import payslips
    from jiceng.places.reading import names_of
    from jiceng.runs.law_sets import law_of

    law, made, place = law_of(seen.sheet.law_hash), local_now(), seen.sheet.place
    name = names_of([place], on=seen.sheet.on).get(place, str(place))
    if (what, suffix) not in {("sheet", ".xlsx"), ("sheet", ".pdf"), ("slips", ".pdf"), ("bank", ".xlsx"), ("insurance", ".xlsx")}:
        do = "工资表用 .xlsx 或 .pdf，工资条用 .pdf，银行和社保表用 .xlsx"
        raise Refusal("cli.file", f"“{what}”不能存成“{suffix}”", where="--what、--out", do=do)
    people = seen.people(seen.payees, None)
    if what == "sheet":
        standing = printing.Standing(kept.get_state_display() if kept else "未计算，导出时预看", kept.hash if kept else "")
        parts = printing.parts(seen, seen.payees, people, place=name, standing=standing, by=actor(), made=made, law=law)
        return (printing.workbook if suffix == ".xlsx" else printing.paper)(parts, made=made), len(seen.payees)
    if kept is None:
        raise Refusal("pay.none", "这个月的工资表还没有计算", where=f"区划 {place}", do="请先 jiceng pay work，再复核、审批、锁定")
    if what == "slips":
        return payslips(kept, seen, seen.payees, people, place=name, law=law, per=2, made=made), len(seen.payees)
    book = books.book(kept, seen, what, scope=None, reason="命令行导出", by=actor(), today=today(), made=made)
    return book.content, book.people


def _act(what: str, place: int, month: str, why: str, *, as_json: bool) -> None:
    open_site()
    from jiceng.pay import states
    from jiceng.pay.months import sheet_seen

    does: Callable[..., Any] = getattr(states, what)
    row = does(sheet_seen(None, place, _month(month)), by=_by(), clock=clock, why=why)
    _acted(row, as_json=as_json)


def _opened(place: int, month: date) -> tuple[Any, Any]:
    """The sheet, kept or as it would come out now, and its row."""
    from jiceng.pay import frozen
    from jiceng.pay.months import kept_sheet
    from jiceng.pay.sheets import worked_out
    from jiceng.pay.shown import Shown
    from jiceng.runs.law_sets import law_of

    kept = kept_sheet(place, month)
    sheet = frozen.thawed(kept) if kept else worked_out(place, month)
    return Shown(sheet, law_of(sheet.law_hash).terms), kept


def _said(seen: Any, kept: Any, people: Any) -> dict[str, Any]:
    """A sheet for programs: fen, and the kind of answer where there is no figure."""
    from jiceng.pay.comparing import with_month_before
    from jiceng.pay.shown import line_sums, sums

    sheet, form = seen.sheet, seen.sheet.form
    compared = with_month_before(sheet)
    return {
        "place": sheet.place, "month": f"{sheet.month:%Y-%m}", "state": kept.state if kept else "", "hash": kept.hash if kept else "",
        "known_by": sheet.known_by, "law": sheet.law_hash, "form": form.title,
        "lines": [{"rule": line.rule, "title": line.title, "group": line.group} for line in form.lines],
        "totals": {
            **sums(seen.payees), "people": sheet.totals.people, "waiting": sheet.totals.waiting, "lines": line_sums(seen.payees, sheet),
        },
        "rows": [_row(one, people[one.key], seen) for one in seen.payees],
        "checks": [{"id": c.id, "level": c.level, "words": c.words, "subjects": list(c.subjects)} for c in sheet.checks],
        "missing": {title: list(those) for title, those in sheet.missing.items()},
        "compared": compared and {
            "month": f"{compared.month:%Y-%m}", "before": compared.before, "after": compared.after,
            "groups": [{"kind": g.kind, "name": g.name, "people": g.people, "net": g.net, "employer": g.employer} for g in compared.groups],
        },
        "assumptions": list(sheet.assumptions),
    }  # fmt: skip


def _row(one: Any, who: Any, seen: Any) -> dict[str, Any]:
    row = one.row
    return {
        "subject": one.subject, "name": who.name, "place": one.place, "post": who.post, "grade": who.grade, "payable": one.payable,
        "arrears": one.arrears, "employer_arrears": one.employer_arrears,
        "gross": row.gross if row else None, "deductions": row.deductions if row else None, "net": row.net if row else None,
        "employer": row.employer if row else None, "missing": list(row.missing) if row else [], "left_out": row.left_out if row else "",
        "cells": {c.line.rule: {"kind": c.kind, "fen": c.fen} for c in seen.cells(row)} if row else {},
        "changes": [
            {"month": f"{c.month:%Y-%m}", "line": c.line, "title": c.title, "before": c.before, "after": c.after, "net": c.net,
             "causes": [{"kind": x.kind, "words": x.words, "entry": x.entry, "fact": x.fact} for x in c.causes]}
            for c in one.changes
        ],
    }  # fmt: skip


def _drawn(seen: Any, people: Any, kept: Any) -> Any:
    from jiceng.pay.printing import remark
    from jiceng.pay.shown import sums, yuan
    from jiceng.pay.stays import month_name

    def text(fen: int | None) -> str:
        return "—" if fen is None else yuan(fen)

    rows = [
        (people[one.key].name, people[one.key].post, people[one.key].grade, text(one.row.gross if one.row else None),
         text(one.row.deductions if one.row else None), text(one.arrears), text(one.payable), text(one.row.employer if one.row else None),
         remark(one))
        for one in seen.payees
    ]  # fmt: skip
    whole = sums(seen.payees)
    amounts = (text(whole[name]) for name in ("gross", "deductions", "arrears", "net", "employer"))
    rows.append(("合计", f"{seen.sheet.totals.people} 人", "", *amounts, ""))
    state = kept.get_state_display() if kept else "未计算，预看"
    title = f"区划 {seen.sheet.place} {month_name(seen.sheet.month)}{seen.sheet.form.title}（{state}；各行明细见 --json 或 export）"
    return table(("姓名", "岗位", "等级", "应发", "扣款", "补发补扣", "实发", "单位缴纳", "说明"), rows, title=title)


def _month(text: str) -> date:
    from jiceng.pay.months import usual_month

    if not text:
        return usual_month(today())
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        raise Refusal("cli.date", f"“{text}”不是月份", where="--month", do="请写成 2026-10 这样") from None


def _by() -> Any:
    from jiceng.reports.states import By

    return By(actor(), today())


def _acted(row: Any, *, as_json: bool) -> None:
    from jiceng.pay import states
    from jiceng.pay.shown import yuan

    refused = states.refusals(row)
    result = {
        "place": row.place, "month": f"{row.month:%Y-%m}", "state": row.state, "people": row.people, "net": row.net, "hash": row.hash,
        "refusals": refused,
    }  # fmt: skip
    lines = [f"区划 {row.place} {row.month:%Y-%m}：{row.get_state_display()}，{row.people} 人，实发 {yuan(row.net)} 元，摘要 {row.hash}"]
    lines += [f"  锁定前要处理：{one}" for one in refused]
    show(result, "\n".join(lines), as_json=as_json)

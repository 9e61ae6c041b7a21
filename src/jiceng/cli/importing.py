"""`jiceng import` and `jiceng template`: the roster from a workbook, and an empty one to send out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, progress, show, table
from jiceng.cli.site import ZONE, actor, clock, day, open_site

_SHOWN = 30


def import_roster(
    file: Annotated[Path, typer.Argument(help="花名册，.xlsx .xls .et .csv 均可")],
    place: Annotated[int, typer.Option("--place", help="办理范围的地方代码，如 513301")],
    as_of: Annotated[str, typer.Option("--as-of", help="名册截至哪一天；不写为今天")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="看过预览，写入台账")] = False,
    returned: Annotated[Path | None, typer.Option("--returned", help="把退回的行连同原因写到这个文件")] = None,
    basis: Annotated[str, typer.Option("--basis", help="依据，如“2024年第三季度花名册”")] = "",
    as_json: Json = False,
) -> None:
    """导入花名册：先预览，加 --yes 才写入。全部写入或全不写入。"""
    open_site()
    from jiceng.intake import uploads
    from jiceng.runs.law import installed_law

    if not file.is_file():
        raise Refusal("cli.file", f"没有文件 {file}", do="请核对路径")
    terms = installed_law().terms
    upload = uploads.keep(file.read_bytes(), name=file.name, account=None, place=place, as_of=day(as_of, option="--as-of"), clock=clock)
    with progress("检查", quiet=as_json) as report:
        looked = uploads.look(upload, terms=terms, progress=report)
    if returned and looked.refused:
        returned.write_bytes(uploads.refused_workbook(looked))
    if yes and looked.accepted:
        with progress("写入", quiet=as_json) as report:
            uploads.confirm(upload, actor=actor(), clock=clock, terms=terms, basis=basis, progress=report)
    result = {"upload": upload.pk, "state": upload.state, "batch": upload.batch, **upload.summary, "refusals": _refusals(looked)}
    show(result, _text(result, returned), as_json=as_json)
    if not looked.accepted:
        raise typer.Exit(2)


def _refusals(looked: Any) -> list[dict[str, Any]]:
    return [
        {"sheet": r.sheet, "row": r.row, "column": r.column, "heading": r.heading, "id": r.id, "message": r.message, "do": r.do}
        for r in looked.checked.refusals
    ]


def _text(result: dict[str, Any], returned: Path | None) -> str:
    lines = [
        f"读到 {result['rows']} 行：可以导入 {result['accepted']} 行（新增 {result['new']}，有变化 {result['changed']}，"
        f"无变化 {result['unchanged']}），退回 {result['refused']} 行。"
    ]
    for refusal in result["refusals"][:_SHOWN]:
        lines.append(f"  第 {refusal['row']} 行 {refusal['column']} 列“{refusal['heading']}”：{refusal['message']}。{refusal['do']}")
    if len(result["refusals"]) > _SHOWN:
        lines.append(f"  ……还有 {len(result['refusals']) - _SHOWN} 处")
    if returned and result["refused"]:
        lines.append(f"退回的行连同原因写在 {returned}，改好后再导入。")
    if result["batch"]:
        lines.append(f"已写入，批次 {result['batch']}。撤销：jiceng undo {result['batch']} --batch --why 原因")
    elif result["accepted"]:
        lines.append("还没有写入。看过后加 --yes 再执行一次。")
    return "\n".join(lines)


def template(
    place: Annotated[int, typer.Argument(help="地方代码")],
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件")] = None,
    as_json: Json = False,
) -> None:
    """给一个地方的空白花名册，带下拉选项和填表说明。"""
    open_site()
    from jiceng.cli.site import today
    from jiceng.intake.templates_out import write_template
    from jiceng.runs.law import installed_law

    path = out or Path(f"花名册-{place}.xlsx")
    write_template(place, path, on=today(), terms=installed_law().terms)
    show({"file": str(path)}, f"已写 {path}", as_json=as_json)


def uploads_list(
    discard_older: Annotated[int | None, typer.Option("--discard-older", help="删去这么多天以前上传的原文件（记录和台账不动）")] = None,
    as_json: Json = False,
) -> None:
    """列出导入过的文件和结果；--discard-older 30 删去 30 天以前的原文件，里面有姓名和身份证号。"""
    open_site()
    from jiceng.intake import uploads
    from jiceng.intake.models import Upload

    if discard_older is not None:
        from jiceng.packets import filling

        gone = uploads.discard(older_than=discard_older, clock=clock) + filling.discard(older_than=discard_older, clock=clock)
        show({"discarded": gone, "older_than": discard_older}, f"已删去 {gone} 个原文件。", as_json=as_json)
        return
    rows = [
        {"upload": u.pk, "at": u.at, "name": u.name, "place": u.place, "state": u.state, "batch": u.batch, "summary": u.summary}
        for u in Upload.objects.all()[:200]
    ]
    drawn = table(
        ("编号", "时间", "文件", "地方", "状态", "导入", "退回"),
        [
            (
                r["upload"],
                f"{r['at'].astimezone(ZONE):%Y-%m-%d %H:%M}",
                r["name"],
                r["place"],
                r["state"],
                r["summary"].get("accepted", ""),
                r["summary"].get("refused", ""),
            )
            for r in rows
        ],
    )
    show(rows, drawn, as_json=as_json)


COMMANDS: dict[str, Callable[..., None]] = {"import": import_roster, "uploads": uploads_list, "template": template}

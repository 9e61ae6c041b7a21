"""`jiceng law import`: official text from a printed page, set beside the digests of a document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show
from jiceng.cli.site import actor, clock, open_site


def import_text(
    file: Annotated[Path, typer.Argument(help="版面文件：纯文本、docx 或文字版 PDF，栏目可以混在一起")],
    document: Annotated[str, typer.Option("--document", help="文件编号，如 cn/2024-community-workers")],
    text: Annotated[int | None, typer.Option("--text", help="用第几篇；不写则由系统认，认不定会说明")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="与已导入的不同也换用这一份")] = False,
    as_json: Json = False,
) -> None:
    """导入官方原文：分开版面上的各篇，接好断行，逐条逐句与摘要对齐，说明缺什么。"""
    open_site()
    from jiceng.places import tree
    from jiceng.runs import texts
    from jiceng.runs.law import installed_law

    if not file.is_file():
        raise Refusal("cli.file", f"没有文件 {file}", do="请核对路径")
    found = installed_law().document(document)
    read = texts.read_page(file.read_bytes())
    looked = texts.look(read, found, position=text)
    result = texts.as_dict(looked, found)
    kept = bool(not looked.differs or replace)
    if kept:
        texts.keep_text(
            looked, found, content=read.encode(), file=file.name, place=tree.NATION, actor=actor(), clock=clock, replacing=replace
        )
    show(result | {"kept": kept}, _text(result, kept=kept), as_json=as_json)
    if not kept:
        raise typer.Exit(2)


def _text(result: dict[str, Any], *, kept: bool) -> str:
    from jiceng.law.model import DISPOSITIONS

    lines = [f"版面上有 {len(result['texts'])} 篇："]
    for text in result["texts"]:
        mark, because = "→" if text["chosen"] else " ", "，".join(text["because"])
        lines.append(f"{mark} {text['position']}　{text['title']}（{text['characters']} 字，把握 {text['confidence']}%：{because}）")
    if result["unplaced"]:
        lines.append(f"没有归入任何一篇的 {len(result['unplaced'])} 处：" + "；".join(one["text"] for one in result["unplaced"]))
    printed = [clause for clause in result["clauses"] if clause["sentences"]]
    lines.append(f"\n找到 {len(printed)} 条，{sum(clause['sentences'] for clause in printed)} 句：")
    for clause in result["clauses"]:
        counts = "句数相符" if clause["agrees"] else f"摘要 {clause['digests']} 句，不符"
        lines.append(f"  {clause['number']}　{clause['title']}　{clause['sentences']} 句，{counts}　{_state(clause)}")
    lines.append("摘要逐句的处置：" + "，".join(f"{DISPOSITIONS[key]} {n} 句" for key, n in result["dispositions"].items()))
    lines += result["missing"] + [f"对不上：{one}" for one in result["problems"]]
    lines.append("原文完整。" if result["complete"] else "原文不完整。")
    lines.append("已导入，在法规页与摘要对照。" if kept else "没有导入：请逐字核对有标记的地方，确认换用新的，加 --replace 再执行一次。")
    return "\n".join(lines)


def _state(clause: dict[str, Any]) -> str:
    from jiceng.law.text.matching import STATES

    if clause["state"] != "changed":
        return STATES.get(clause["state"], "")
    signs = {"kept": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return f"{STATES['changed']}：哈希 {clause['hash'][:12]}\n      " + "".join(
        signs[kind].format(_short(kind, piece)) for kind, piece in clause["marked"]
    )


def _short(kind: str, piece: str) -> str:
    """Unchanged stretches are cut short; changed ones never."""
    return f"{piece[:8]}…{piece[-8:]}" if kind == "kept" and len(piece) > 20 else piece

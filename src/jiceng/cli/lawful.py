"""`jiceng law …`: the law installed here, one document of it, the check of folders, a new folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli import drafting
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import home, open_site
from jiceng.cli.texts import import_text

app = typer.Typer(
    no_args_is_help=True,
    help="法规：list 列出，show 看一份，import 导入原文，check 核对文件夹，contradictions 矛盾报告，coverage 覆盖，"
    "new 新建文件夹，pack、unpack 收发一个文件，put 施行，back 收回，reload 重新载入",
)
app.command("import")(import_text)
app.command("new")(drafting.new)
app.command("pack")(drafting.pack)
app.command("unpack")(drafting.unpack)
app.command("put")(drafting.put)
app.command("back")(drafting.back)


@app.command("list")
def list_documents(as_json: Json = False) -> None:
    """列出已装的文件。"""
    law = _law()
    from jiceng.law.coverage import coverage
    from jiceng.law.model import TRUSTS

    rows = [
        {
            "id": d.id, "title": d.title, "short": d.short, "jurisdiction": d.jurisdiction, "in_force": d.in_force, "trust": d.trust,
            "example": d.example, "rules": len(d.rules), "values": len(d.values), "sentences": sum(coverage(d).values()),
        }
        for d in law.documents
    ]  # fmt: skip
    drawn = table(
        ("编号", "题名", "地方", "施行", "可信度", "规则", "数值", "句"),
        [
            (r["id"], r["title"], r["jurisdiction"] or "全国", r["in_force"], TRUSTS[r["trust"]], r["rules"], r["values"], r["sentences"])
            for r in rows
        ],
        title=f"法规集 {law.hash[:12]}",
    )
    show({"hash": law.hash, "documents": rows}, drawn, as_json=as_json)


@app.command("show")
def show_document(
    document: Annotated[str, typer.Argument(help="文件编号，如 cn/2024-community-workers")],
    clause: Annotated[str, typer.Argument(help="条，如 8；不写则全部")] = "",
    as_json: Json = False,
) -> None:
    """看一份文件的条文要点、规则和数值。"""
    law = _law()
    from jiceng.law.model import DISPOSITIONS

    found = law.document(document)
    clauses = [c for c in found.clauses if not clause or c.number == clause]
    if clause and not clauses:
        raise Refusal("cli.clause", f"{found.title}没有第 {clause} 条", do=f"有：{'、'.join(c.number for c in found.clauses)}")
    rules = [r for r in found.rules if not clause or r.clause == clause]
    values = [v for v in found.values if not clause or v.clause == clause]
    lines = [f"{found.title}（{found.issuer}，{found.in_force} 起施行）"]
    for one in clauses:
        lines.append(f"\n{one.number}　{one.title}")
        lines += [f"  [{DISPOSITIONS[s.disposition]}] {s.digest}" + (f"（{s.reason}）" if s.reason else "") for s in one.sentences]
    lines += ["\n数值：", *(f"  {law.titles.get(v.name, v.name)}〔{v.clause}〕{_dated(v)}" for v in values)]
    lines += ["\n规则：", *(f"  {r.title}（{r.id}）〔{r.clause}〕" for r in rules)]
    show(
        {
            "id": found.id,
            "title": found.title,
            "clauses": [{"number": c.number, "title": c.title, "sentences": [vars(s) for s in c.sentences]} for c in clauses],
            "values": [
                {"name": v.name, "clause": v.clause, "kind": v.kind, "by_date": [(a.since, a.raw) for a in v.by_date]} for v in values
            ],
            "rules": [{"name": r.id, "title": r.title, "clause": r.clause} for r in rules],
        },
        "\n".join(lines),
        as_json=as_json,
    )


def _dated(value: Any) -> str:
    return "；".join(f"{at.since} 起 {at.raw}" for at in value.by_date) or f"待定（{value.note}）"


@app.command("check")
def check_folders(
    folders: Annotated[list[Path] | None, typer.Argument(help="要核对的文件夹；不写则核对全部")] = None, as_json: Json = False
) -> None:
    """核对文件夹：写法、名称、单位、上下级限制、算例、逐句处置。不需要先建站点。"""
    from jiceng.answers.check import check
    from jiceng.law.load import find_folders, shipped_root

    site = home() / "data" / "policies"
    for folder in folders or ():
        if not (folder / "document.yaml").is_file():
            raise Refusal(
                "cli.file",
                f"{folder} 不是政策文件夹",
                why="里面没有 document.yaml",
                do="写文件夹的路径，如 policies/cn-5133-ganzi/2026-demo",
            )
    # A folder given by hand stands before an installed one of the same id.
    found = check(_with_given(folders or [], find_folders(shipped_root(), site)))
    show(found.as_dict(), "\n".join(found.lines()), as_json=as_json)
    if not found.right:
        raise typer.Exit(2)


def _with_given(given: list[Path], installed: list[Path]) -> list[Path]:
    from jiceng.law.load import folder_id

    ids = {folder_id(folder) for folder in given}
    return [*given, *(folder for folder in installed if folder_id(folder) not in ids)]


@app.command("contradictions")
def report_contradictions(
    place: Annotated[int, typer.Option("--place", help="只看与这个区划有关的；不写则全部")] = 0,
    kind: Annotated[str, typer.Option("--kind", help="只看一种，如 copied；不写则全部")] = "",
    as_json: Json = False,
) -> None:
    """列出法规之间、上下级之间的矛盾、缺口和没有交代的地方。"""
    from jiceng.law.findings import KINDS, SEVERITIES

    if kind and kind not in KINDS:
        raise Refusal("cli.kind", f"没有“{kind}”这一种", do=f"有：{'、'.join(f'{key}（{one.title}）' for key, one in KINDS.items())}")
    found, known = _found(place)
    found = [one for one in found if not kind or one.kind == kind]
    lines = []
    for severity, title in SEVERITIES.items():
        some = [one for one in found if one.severity == severity]
        lines += [f"{title} {len(some)} 条"] if some else []
        for one in some:
            lines.append(f"  [{one.kind}] {KINDS[one.kind].title}：{one.words}")
            lines += [f"      〔{side.document}·{side.clause}〕{side.says}" for side in one.sides if side.clause]
            lines += [f"      已知：{known[one.key]}"] if one.key in known else []
    lines.append(f"共 {len(found)} 条" + (f"，其中已知 {sum(one.key in known for one in found)} 条" if known else ""))
    rows = [one.as_dict() | {"known": known.get(one.key, "")} for one in found]
    show({"place": place, "findings": rows}, "\n".join(lines), as_json=as_json)


@app.command("coverage")
def show_coverage(
    write: Annotated[Path | None, typer.Option("--write", help="写进这个文件夹的 README.md 和 coverage.md，如 docs/law")] = None,
    as_json: Json = False,
) -> None:
    """每个文件夹覆盖了多少：各种处置的句数、没有规则的条、没有算例的规则。"""
    from jiceng.law import coverage

    law = _law()
    if write and not (write / "README.md").is_file():
        raise Refusal("cli.file", f"{write} 里没有 README.md", do="写文档所在的文件夹，如 docs/law")
    changed = coverage.publish(law, write) if write else []
    rows = [
        {
            "id": one.id, **coverage.coverage(one), "without_rule": [clause.number for clause in coverage.without_rule(one)],
            "without_case": coverage.without_case(law, one),
        }
        for one in law.documents
    ]  # fmt: skip
    text = coverage.table(law) if not write else "已写：" + "、".join(map(str, changed)) if changed else "都是最新的，没有改动"
    show({"documents": rows, "written": [str(path) for path in changed]}, text, as_json=as_json)


def _found(place: int) -> tuple[list[Any], dict[str, str]]:
    """Findings, and the reasons of those that are known: of the site, or of the shipped folders where there is no site."""
    from jiceng.law.contradictions import concerns, contradictions

    if (home() / "data").is_dir():
        open_site()
        from jiceng.cli.site import today
        from jiceng.runs.contradictions import report

        told = report(on=today(), place=place)
        return list(told.findings), {key: f"{one.office}：{one.why}" for key, one in told.known.items()}
    return [one for one in contradictions(_law()) if not place or concerns(one, place)], {}


@app.command("reload")
def reload_law(as_json: Json = False) -> None:
    """重新载入文件夹，并按新法规刷新结果。"""
    open_site()
    from jiceng.cli.site import today
    from jiceng.runs.law import installed_law
    from jiceng.runs.standing import ensure

    law = installed_law(reload=True)
    refreshed = ensure(today())
    text = f"法规集 {law.hash[:12]}，{len(law.documents)} 份文件，刷新 {refreshed} 人的结果。运行中的服务最迟一分钟后使用。"
    show({"hash": law.hash, "documents": len(law.documents), "refreshed": refreshed}, text, as_json=as_json)


def _law() -> Any:
    """The site's law, or the shipped folders where there is no site."""
    if (home() / "data").is_dir():
        open_site()
        from jiceng.runs.law import installed_law

        return installed_law()
    from jiceng.law.load import find_folders, load_law, shipped_root

    return load_law(find_folders(shipped_root()))

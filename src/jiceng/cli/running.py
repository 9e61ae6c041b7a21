"""`jiceng run` and `jiceng runs …`: rules calculated for everybody in service at a place, kept, compared, worked out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, progress, show, table
from jiceng.cli.site import actor, clock, day, known_time, local_now, open_site, today

app = typer.Typer(no_args_is_help=True, help="保存的计算：查看、比较、导出、再算一遍。")

_KEPT = {True: "保存的文件完好", False: "保存的文件缺失或损坏"}
_Number = Annotated[int, typer.Argument(help="计算编号，见 jiceng runs list")]


def run(
    rules: Annotated[list[str], typer.Argument(help="规则的标识或中文名；可写多条")],
    place: Annotated[int, typer.Option("--place", help="地方代码，如 5133")],
    on: Annotated[str, typer.Option("--on", help="哪一天；不写为今天")] = "",
    known_by: Annotated[str, typer.Option("--known-by", help="按这一天（或时刻）以前已登记的内容计算")] = "",
    keep: Annotated[str, typer.Option("--keep", help="以这个名称保存；不写只算不存")] = "",
    as_json: Json = False,
) -> None:
    """算：对一个地方的全部在册人员，这几条规则怎么说。"""
    open_site()
    from jiceng.documents.stamp import instant
    from jiceng.places.reading import place as place_on
    from jiceng.runs import kept
    from jiceng.runs.law import installed_law

    law, of = installed_law(), day(on, option="--on")
    name = kept.checked_name(keep) if keep else ""
    place_on(place, on=of)
    identity = kept.identified(kept.asked(law, rules), place=place, on=of, known_by=known_time(known_by), clock=clock, law=law)
    rows = kept.calculated(identity)
    made = kept.keep(rows, identity, name=name, actor=actor(), clock=clock) if name else None
    told = made.summary if made else kept.summary(rows, law, {})
    head = f"{place}，{of:%Y-%m-%d}，知悉截至 {instant(identity.known_by)}，{len(rows):,} 人"
    foot = f"已保存为第 {made.pk} 号“{made.name}”，摘要 {made.hash}" if made else "没有保存；加 --keep 名称 可保存"
    result = {
        "number": made.pk if made else None, "hash": made.hash if made else None, "place": place, "on": of,
        "known_by": identity.known_by, "law": identity.law_hash, **told,
    }  # fmt: skip
    _shown(told, head, foot, result, as_json=as_json)


@app.command("list")
def listed(
    place: Annotated[int, typer.Option("--place", help="只看这个地方以内的")] = 0, as_json: Json = False
) -> None:  # fmt: skip
    """已保存的计算：编号、名称、地方、日期、知悉截至、人数、摘要。"""
    open_site()
    from jiceng.documents.stamp import instant
    from jiceng.places import tree
    from jiceng.places.reading import names_of
    from jiceng.runs.models import KeptRun

    rows = [row for row in KeptRun.objects.defer("heads").order_by("-made", "-id") if tree.contains(place, row.place)]
    names = names_of({row.place for row in rows}, on=today())
    result = [_identity(row) for row in rows]
    lines = [
        (
            row.pk, row.name, row.get_kind_display(), names.get(row.place, row.place), row.on, instant(row.known_by), row.people,
            row.hash[:12],
        )
        for row in rows
    ]  # fmt: skip
    show(result, table(("编号", "名称", "种类", "地方", "日期", "知悉截至", "人数", "摘要"), lines), as_json=as_json)


@app.command("show")
def shown(number: _Number, as_json: Json = False) -> None:
    """一次计算：从什么算的，每条规则的合计和各种答案的人数。"""
    open_site()
    from jiceng.documents.stamp import instant
    from jiceng.reports.kept_runs import said_of

    row = _row(number)
    told = {"people": row.people, "names": said_of(row)}
    head = f"第 {row.pk} 号“{row.name}”：{row.place}，{row.on}，{row.people:,} 人"
    kept = f"知悉截至 {instant(row.known_by)}，{row.actor} 于 {instant(row.made)} 保存，软件版本 {row.software}"
    foot = f"{kept}\n法规集 {row.law_hash}\n摘要 {row.algorithm} {row.hash}"
    _shown(told, head, foot, {**_identity(row), "heads": row.heads, **told}, as_json=as_json)


@app.command("compare")
def compare(
    first: _Number, second: Annotated[int, typer.Argument(help="另一次的编号")],
    place: Annotated[int, typer.Option("--place", help="只看这个地方以内")] = 0, as_json: Json = False,
) -> None:  # fmt: skip
    """比较两次计算：来了谁、走了谁、谁的答案变了，合计差多少。由有到无、由无到有的另列，不当作 0。"""
    open_site()
    from jiceng.reports.kept_runs import between, said_of, sum_text
    from jiceng.runs.law import installed_law

    old, new, found, whole = between(_row(first), _row(second))
    found = found.at(place) if place else found
    terms, said = installed_law().terms, said_of(new)
    totals = {name: found.total(name) for name in found.names}
    told = {
        name: {"title": said[name]["title"], **{part: _plain(one) for part, one in vars(total).items()}, "change": total.change}
        for name, total in totals.items()
    }
    result = {
        "before": old.pk, "after": new.pk, "place": place or whole, "names": told,
        "joiners": found.joiners.subjects.tolist(), "leavers": found.leavers.subjects.tolist(),
    }  # fmt: skip

    def text(name: str, value: int) -> str:
        return sum_text(value, said[name], terms) if said[name]["sum"] is not None else "—"

    lines = [
        (
            said[name]["title"], text(name, one.before.sum), text(name, one.after.sum), text(name, one.change), one.risen.people,
            one.fallen.people, one.joined.people, one.left.people, one.found.people, one.lost.people, one.otherwise,
        )
        for name, one in totals.items()
    ]  # fmt: skip
    title = f"第 {old.pk} 号“{old.name}” → 第 {new.pk} 号“{new.name}”，新增 {len(found.joiners)} 人，减少 {len(found.leavers)} 人"
    head = ("规则", "前", "后", "增减", "增加", "减少", "新来", "离开", "由无到有", "由有到无", "缘由变了")
    show(result, table(head, lines, title=title), as_json=as_json)


@app.command("rename")
def rename(number: _Number, name: Annotated[str, typer.Argument(help="新名称")], as_json: Json = False) -> None:
    """改名；别的都不变。"""
    open_site()
    from jiceng.runs import kept

    row = _row(number)
    kept.rename(row, name)
    show({"number": row.pk, "name": row.name}, f"第 {row.pk} 号改名为“{row.name}”。", as_json=as_json)


@app.command("export")
def export(number: _Number, out: Annotated[Path, typer.Argument(help="存成的 .xlsx 文件")], as_json: Json = False) -> None:
    """全部行存成工作簿，姓名在导出时查。"""
    open_site()
    from jiceng.reports.kept_runs import workbook
    from jiceng.runs.kept import rows_of
    from jiceng.runs.law import installed_law

    if out.suffix.lower() != ".xlsx":
        raise Refusal("cli.file", f"不能存成“{out.suffix or out.name}”", do="文件名请以 .xlsx 结尾")
    row = _row(number)
    rows = rows_of(row)
    out.write_bytes(workbook(row, rows, scope=None, terms=installed_law().terms, by=actor(), at=local_now()))
    show({"number": row.pk, "out": str(out), "rows": len(rows)}, f"已存成 {out}，{len(rows):,} 行。", as_json=as_json)


@app.command("check")
def check(
    number: Annotated[int, typer.Argument(help="计算编号；不写时全部")] = 0, as_json: Json = False
) -> None:  # fmt: skip
    """再算一遍：由台账按它自己的时刻和法规集重算，与保存的逐字节比对。"""
    open_site()
    from jiceng.pay.kept_runs import reproduced
    from jiceng.runs.kept import rows_of
    from jiceng.runs.models import KeptRun

    runs = [_row(number)] if number else list(KeptRun.objects.order_by("id"))
    found: list[dict[str, Any]] = []
    with progress("再算一遍", quiet=as_json) as report:
        for at, row in enumerate(runs, 1):
            try:
                kept = len(rows_of(row)) == row.people
            except Refusal:
                kept = False
            found.append({"number": row.pk, "name": row.name, "hash": row.hash, "kept": kept, "equal": reproduced(row)})
            report(at, len(runs))
    wrong = [one for one in found if not (one["kept"] and one["equal"])]
    lines = [f"  第 {one['number']} 号“{one['name']}”：{_KEPT[one['kept']]}，重算结果{'相同' if one['equal'] else '不同'}" for one in wrong]
    text = "\n".join([f"再算 {len(found)} 次，{f'{len(wrong)} 次不对：' if wrong else '全部逐字节相同'}", *lines])
    show({"equal": not wrong, "runs": found}, text, as_json=as_json)
    if wrong:
        raise typer.Exit(2)


def _plain(one: Any) -> Any:
    return one if isinstance(one, int) else vars(one)


def _row(number: int) -> Any:
    from jiceng.runs.models import KeptRun

    row = KeptRun.objects.filter(pk=number).first()
    if row is None:
        raise Refusal("cli.run", f"没有第 {number} 号计算", do="用 jiceng runs list 查看编号")
    return row


def _identity(row: Any) -> dict[str, Any]:
    return {
        "number": row.pk, "name": row.name, "kind": row.kind, "place": row.place, "on": row.on, "known_by": row.known_by,
        "law": row.law_hash, "rules": row.names, "scenario": row.scenario, "people": row.people, "hash": row.hash, "made": row.made,
        "actor": row.actor, "software": row.software,
    }  # fmt: skip


def _shown(told: dict[str, Any], head: str, foot: str, result: dict[str, Any], *, as_json: bool) -> None:
    from jiceng.base.kinds import KIND_NAMES, AnswerKind
    from jiceng.reports.kept_runs import sum_text
    from jiceng.runs.law import installed_law

    terms = installed_law().terms
    lines = []
    for name, one in told["names"].items():
        kinds = "，".join(f"{KIND_NAMES[AnswerKind[kind]]} {count:,}" for kind, count in one["kinds"].items() if count)
        lines.append((name, one["title"], sum_text(one["sum"], one, terms), kinds))
    show(result, table(("规则", "结论", "合计", "答案"), lines, title=head), as_json=as_json)
    if not as_json:
        print(foot)


COMMANDS: dict[str, Callable[..., None]] = {"run": run}

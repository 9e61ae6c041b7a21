"""`jiceng law new, pack, unpack, put, back`: drafts by command line, with the same doors as the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show
from jiceng.cli.site import clock, day, home, open_site

WHO = "命令行"
Id = Annotated[str, typer.Argument(help="草稿编号，如 cn-513324/2027-pay")]
Why = Annotated[str, typer.Option("--why", help="理由，记入台账")]


def new(
    folder: Annotated[Path, typer.Argument(help="文件夹，末两级是编号，如 cn-5133-ganzi/2027-example；只写编号的建成本站点的草稿")],
    title: Annotated[str, typer.Option("--title", help="文件题名")] = "",
    short: Annotated[str, typer.Option("--short", help="简称，用在〔〕里")] = "",
    jurisdiction: Annotated[int, typer.Option("--jurisdiction", help="适用地方的代码；0 为全国")] = -1,
    in_force: Annotated[str, typer.Option("--in-force", help="施行日；不写为今天")] = "",
    issuer: Annotated[str, typer.Option("--issuer", help="发文机关")] = "",
    source: Annotated[str, typer.Option("--from", help="照哪一份写：已装文件的编号")] = "",
    as_json: Json = False,
) -> None:
    """新建一个文件夹：带一个数值、一条规则、一个算例的样例，照着改；写了 --from 的照那一份复制。"""
    site = len(folder.parts) == 2 and not folder.is_absolute() and (home() / "data").is_dir()
    where = home() / "data" / "drafts" / folder if site else folder
    if source:
        made = _copied(where, source, title=title, short=short, jurisdiction=jurisdiction, in_force=in_force)
    else:
        made = _sample(where, title=title, short=short, jurisdiction=jurisdiction, in_force=in_force, issuer=issuer)
    words = f"已建草稿 {folder}，在“起草”页接着写" if site else f"已建 {where}"
    show({"files": [str(path) for path in made]}, f"{words}。改好后：jiceng law check {where}", as_json=as_json)


def _sample(where: Path, *, title: str, short: str, jurisdiction: int, in_force: str, issuer: str) -> list[Path]:
    from jiceng.law.skeleton import new_folder

    lacking = [name for name, given in (("--title", title), ("--short", short), ("--jurisdiction", jurisdiction >= 0)) if not given]
    if lacking:
        raise Refusal("cli.option", f"缺 {'、'.join(lacking)}", do="补上，或用 --from 照一份已装的文件写")
    begins = day(in_force, option="--in-force")
    return new_folder(where, title=title, short=short, jurisdiction=jurisdiction, in_force=begins, issuer=issuer)


def _copied(where: Path, source: str, *, title: str, short: str, jurisdiction: int, in_force: str) -> list[Path]:
    """A copy of an installed folder under another id, with what was said of its heading changed."""
    from jiceng.law.drafting import begun, folders
    from jiceng.law.drafting.blocks import scalar, with_entry
    from jiceng.law.load import find_folders, folder_id, shipped_root

    installed = {folder_id(one): one for one in find_folders(shipped_root(), home() / "data" / "policies")}
    if source not in installed:
        raise Refusal("law.no_document", f"没有文件“{source}”", do="用 jiceng law list 查看已装的文件")
    files = folders.contents(installed[source])
    said = {"title": scalar(title), "short": scalar(short), "in_force": in_force, "jurisdiction": f'"{jurisdiction}"'}
    given = {"title": title, "short": short, "in_force": in_force, "jurisdiction": jurisdiction >= 0}
    for key, text in said.items():
        if given[key]:
            files["document.yaml"] = with_entry(files["document.yaml"], key, f"{key}: {text}\n", name="document.yaml")
    made = begun("/".join(where.parts[-2:]), files, root=where.parents[1], by=WHO, at=clock(), what=f"由 {source} 复制")
    return sorted(made.iterdir())


def pack(
    folder: Annotated[str, typer.Argument(help="文件夹，或本站点草稿、已装文件的编号")],
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件；不写为 编号.zip")] = None,
    as_json: Json = False,
) -> None:
    """把一个文件夹做成一个文件，带清单和哈希。"""
    from jiceng.law.drafting import packed
    from jiceng.law.load import folder_id

    found = _folder(folder)
    target = out or Path(f"{folder_id(found).replace('/', '-')}.zip")
    target.write_bytes(packed(found))
    show({"file": str(target), "id": folder_id(found)}, f"已写 {target}。", as_json=as_json)


def _folder(text: str) -> Path:
    from jiceng.law.load import find_folders, folder_id, shipped_root

    site = home() / "data"
    known = {folder_id(one): one for one in find_folders(shipped_root(), site / "policies")}
    for path in (Path(text), site / "drafts" / text, known.get(text, Path(text))):
        if (path / "document.yaml").is_file():
            return path
    raise Refusal("cli.file", f"{text} 不是政策文件夹", why="里面没有 document.yaml", do="写文件夹的路径或编号")


def unpack(
    file: Annotated[Path, typer.Argument(help="用 law pack 或“导出一个文件”得到的文件")],
    replace: Annotated[bool, typer.Option("--replace", help="本机已有同编号的草稿，用文件里的代替")] = False,
    as_json: Json = False,
) -> None:
    """把一个文件收成本站点的草稿；改过一个字节的不收。"""
    if not file.is_file():
        raise Refusal("cli.file", f"没有文件 {file}", do="请核对路径")
    open_site()
    from jiceng.law.drafting import unpacked
    from jiceng.runs import drafts

    made = drafts.landed(unpacked(file.read_bytes()), replacing=replace, actor=WHO, clock=clock)
    show({"id": made.id, "hash": made.hash}, f"已收成草稿 {made.id}（{made.title}）。核对：jiceng law check {made.folder}", as_json=as_json)


def put(id: Id, why: Why, basis: Annotated[str, typer.Option("--basis", help="依据：文号、存放处")], as_json: Json = False) -> None:
    """施行一份草稿：核对通过才行，记入台账。"""
    drafts = _drafts()
    entry = drafts.put_in_force(drafts.held(id), actor=WHO, basis=basis, why=why, clock=clock)
    show({"id": id, "entry": entry.id}, f"已施行 {id}，记为{entry}。运行中的服务最迟一分钟后使用。", as_json=as_json)


def back(id: Id, why: Why, as_json: Json = False) -> None:
    """收回一份由草稿施行的文件夹，记入台账。"""
    entry = _drafts().take_back(id, actor=WHO, why=why, clock=clock)
    show({"id": id, "entry": entry.id}, f"已收回 {id}，记为{entry}。", as_json=as_json)


def _drafts() -> Any:
    open_site()
    from jiceng.runs import drafts

    return drafts

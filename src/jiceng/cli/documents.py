"""`jiceng briefing` and `jiceng form`: documents as the pages make them, to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show
from jiceng.cli.site import actor, clock, day, known_time, open_site, today

_On = Annotated[str, typer.Option("--on", help="哪一天，如 2024-03-05；不写为今天")]
_KnownBy = Annotated[str, typer.Option("--known-by", help="按这一天（或时刻）以前已登记的内容")]


def briefing(
    place: Annotated[int, typer.Argument(help="地方代码")],
    on: _On = "",
    known_by: _KnownBy = "",
    out: Annotated[Path | None, typer.Option("--out", help="写到这个文件：.docx 或 .pdf；不写时显示在屏幕上")] = None,
    as_json: Json = False,
) -> None:
    """简报：一个地方的队伍总数、变动、各地情况和主要问题。"""
    kind = _kind(out) if out else ""
    open_site()
    from jiceng.desks.workforce.briefing import PROBLEMS
    from jiceng.documents.pdf import document_pdf
    from jiceng.documents.word import document_word
    from jiceng.places.reading import place as named
    from jiceng.reports.briefing import as_data, as_document, as_text
    from jiceng.reports.briefing import briefing as said_of

    asked, known = day(on, option="--on"), known_time(known_by)
    said = said_of(place, name=named(place, on=asked).name, on=asked, today=today(), known_by=known, listed=PROBLEMS)
    if out is None:
        show(as_data(said), as_text(said), as_json=as_json)
        return
    made = clock()
    document = as_document(said, by=actor(), at=made)
    _write(out, document_pdf(document, made=made) if kind == "pdf" else document_word(document, made=made))
    show({"file": str(out), **as_data(said)}, f"{said.title}已写到 {out}。", as_json=as_json)


def form(
    worker: Annotated[str, typer.Argument(help="人员编号、身份证号或姓名")],
    out: Annotated[Path, typer.Option("--out", help="写到这个文件：.docx 或 .pdf")],
    on: _On = "",
    known_by: _KnownBy = "",
    as_json: Json = False,
) -> None:
    """登记表：证件号码打码，不印手机号和住址；要完整的请在页面上写明事由。"""
    kind = _kind(out)
    open_site()
    from jiceng.cli.answering import worker_number
    from jiceng.documents.pdf import write_pdf
    from jiceng.documents.word import write_word
    from jiceng.reports.registration import TITLE, Shown, registration
    from jiceng.runs.law import installed_law
    from jiceng.runs.standing import row_on

    asked, known, made = day(on, option="--on"), known_time(known_by), clock()
    number = worker_number(worker, on=asked)
    row = row_on(number, on=asked, known_by=known, today=today())
    if row is None:
        raise Refusal("worker.unknown", f"{asked:%Y-%m-%d}的名册上没有这个人", why="当时还没有他的任职记录", do="请换一个日期")
    shown = Shown(row.name, row.id_masked)
    values = registration(number, on=asked, known_by=known, shown=shown, stamped=(actor(), made), terms=installed_law().terms)
    _write(out, write_pdf("registration", values, made=made) if kind == "pdf" else write_word("registration", values, made=made))
    show({"file": str(out), "worker": number}, f"{row.name}的{TITLE}已写到 {out}。", as_json=as_json)


def _kind(out: Path) -> str:
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ("docx", "pdf"):
        raise Refusal("cli.out", f"“{out.name}”写不了", where="--out", why="只能写 Word 和 PDF", do="文件名请以 .docx 或 .pdf 结尾")
    return kind


def _write(out: Path, content: bytes) -> None:
    """Whole or not at all: a broken-off write leaves what was there."""
    beside = out.with_name(out.name + ".part")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as error:
        raise Refusal("cli.out", f"“{out}”写不进去", where="--out", why=str(error.strerror), do="请换一个能写的文件夹") from None


COMMANDS: dict[str, Callable[..., None]] = {"briefing": briefing, "form": form}

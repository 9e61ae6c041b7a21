"""PDF out, by typst: package templates, values as data, fonts of the site, then of the machine. The same input gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from jiceng.base.refusals import Refusal
from jiceng.documents.content import Document, document_values, table_values
from jiceng.documents.tables import Row, Table

if TYPE_CHECKING:
    import typst

PDF: Final = "application/pdf"
TEMPLATES: Final = Path(__file__).parent / "templates"
MOST_ROWS: Final = 20_000
# Wanted first, then what is near it; the last two of each are what a machine without bought fonts has.
_SERIF: Final = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "宋体", "NSimSun", "STSong", "Songti SC")
_SANS: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback")
WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", *_SERIF, *_SANS),
    "fangsong": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "华文仿宋", *_SERIF, *_SANS),
    "hei": ("黑体", "SimHei", "STHeiti", "Heiti SC", "Microsoft YaHei", *_SANS, *_SERIF),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "LXGW WenKai", "AR PL UKai CN", "AR PL KaitiM GB", *_SERIF, *_SANS),
    "song": ("宋体", *_SERIF, *_SANS),
}


def site_fonts() -> Path:
    """Where a site puts font files of its own (仿宋_GB2312, 方正小标宋, ...)."""
    return Path(settings.DATA) / "fonts"


def document_pdf(document: Document, *, made: datetime) -> bytes:
    """A report as PDF, in the form of an official letter.

    Errors  Refusal documents.no_font
    """
    return write_pdf("report", document_values(document), made=made)


def table_pdf(table: Table, rows: Iterable[Row], *, made: datetime) -> bytes:
    """A table as PDF on landscape paper, its headings on every page.

    Errors  Refusal documents.no_font; documents.too_long past 20,000 rows
    """
    printed = table_values(table, rows)
    if len(printed["rows"]) > MOST_ROWS:
        raise Refusal(
            "documents.too_long",
            f"“{table.title}”有 {len(printed['rows']):,} 行",
            why=f"PDF 最多 {MOST_ROWS:,} 行",
            do="请导出 Excel，或分地方导出",
        )
    values = {"title": table.title, "notes": table.notes, "foot": table.foot, "paper": table.paper, "table": printed}
    return write_pdf("table", values, made=made)


def tables_pdf(parts: Sequence[tuple[Table, Sequence[Row]]], *, made: datetime) -> bytes:
    """Several tables as one PDF, each beginning a page, as `table_pdf` prints one. The first says the paper of all.

    Errors  Refusal documents.no_font
    """
    tables = [{"title": t.title, "notes": t.notes, "foot": t.foot, "table": table_values(t, rows)} for t, rows in parts]
    return write_pdf("tables", {"title": parts[0][0].title, "paper": parts[0][0].paper, "tables": tables}, made=made)


def write_pdf(template: str, values: Mapping[str, Any], *, made: datetime) -> bytes:
    """A package template filled with values. They travel as JSON and are shown as text: nothing in them is typst.

    Time    `made` is the date inside the file: the same values and time give the same bytes
    Errors  Refusal documents.no_font
    """
    import typst  # here and below: a server that only shows pages does without it

    fonts, chosen = _fonts(site_fonts(), _changed(site_fonts()))
    inputs = {"values": json.dumps(values, ensure_ascii=False), "fonts": json.dumps(chosen, ensure_ascii=False)}
    made_bytes = typst.Compiler(TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=fonts, sys_inputs=inputs).compile(
        format="pdf", timestamp=made.astimezone(UTC).replace(microsecond=0)
    )
    assert isinstance(made_bytes, bytes)
    return made_bytes


def _changed(folder: Path) -> tuple[tuple[str, int], ...]:
    """What lies in the folder, so that a font put there counts without a restart."""
    found = sorted(folder.rglob("*")) if folder.is_dir() else ()
    return tuple((str(path), path.stat().st_mtime_ns) for path in found)


@lru_cache(maxsize=2)
def _fonts(folder: Path, state: tuple[tuple[str, int], ...]) -> tuple[typst.Fonts, dict[str, list[str]]]:
    import typst

    fonts = typst.Fonts(font_paths=[folder] if state else [], include_embedded_fonts=False)
    return fonts, chosen_fonts(fonts.families())


def chosen_fonts(families: Iterable[str]) -> dict[str, list[str]]:
    """The families of each role that are there, the wanted first.

    Errors  Refusal documents.no_font if none of them has Chinese
    """
    there = {family.casefold(): family for family in families}
    chosen = {role: [there[name.casefold()] for name in names if name.casefold() in there] for role, names in WANTED.items()}
    if not all(chosen.values()):
        raise Refusal(
            "documents.no_font",
            "没有中文字体，不能生成 PDF",
            why="这台机器上没有找到仿宋、宋体、黑体、楷体或思源字体",
            do="请安装 fonts-noto-cjk（Debian：apt install fonts-noto-cjk），或把字体文件放进数据目录的 fonts 文件夹；也可以先导出 Word",
        )
    return chosen

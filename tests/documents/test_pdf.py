"""PDF out: what stands in it, on what paper, in which fonts; the same input gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from jiceng.base.refusals import Refusal
from jiceng.documents import pdf
from jiceng.documents.content import Document, Grid, Heading, Paragraph, cell_text, table_values
from jiceng.documents.tables import Column, Table, Total

MADE = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
TABLE = Table(
    "示例县队伍状况表",
    (Column("地方"), Column("应配", "number", group="配备"), Column("在册", "integer", group="配备"), Column("占比", "ratio")),
    notes=("单位：人",),
    foot=("导出人：示例",),
)
ROWS = (("甲街道", Decimal("460.8"), 30, 0.2), Total(("合计", 1234.5, 1_030, None)))
MM = 72 / 25.4


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def words(content: bytes) -> str:
    """The text of all pages without white space."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in read(content).pages))


def report(*blocks: object) -> Document:
    return Document("示例县简报", blocks, ("导出人：示例",))  # type: ignore[arg-type]


def test_report_says_what_it_was_given() -> None:
    blocks = (Heading("一、总体情况"), Paragraph("截至2026年6月1日，在册1,030人。"), Heading("（一）配备", 2), Grid(TABLE, ROWS))
    text = words(pdf.document_pdf(report(*blocks), made=MADE))
    assert text == (
        "示例县简报一、总体情况截至2026年6月1日，在册1,030人。（一）配备示例县队伍状况表"
        "配备地方占比应配在册甲街道460.83020.0%合计1,234.51,030单位：人导出人：示例—1—"
    )


def test_letter_has_the_measures_of_the_standard() -> None:
    """22 lines of 28 characters; margins 37, 35, 28 and 26 mm; numbers right on odd and left on even pages."""
    pages = read(pdf.document_pdf(report(Paragraph("字" * 2_000)), made=MADE)).pages
    assert [round(float(side) / MM) for side in (pages[0].mediabox.width, pages[0].mediabox.height)] == [210, 297]
    lines = [line for line in pages[1].extract_text().splitlines() if "字" in line]
    assert (len(lines), {line.count("字") for line in lines}) == (22, {28})
    assert [page.extract_text().split("—")[1].strip() for page in pages] == ["1", "2", "3", "4"]
    found: list[tuple[int, float, float]] = []

    def noted(number: int) -> Callable[..., None]:
        return lambda text, cm, tm, font, size: found.append((number, cm[4] + tm[4], cm[5] + tm[5])) if text.strip() else None

    for number, page in enumerate(pages, 1):
        page.extract_text(visitor_text=noted(number))
    left = {round(x / MM) for n, x, y in found if n == 2 and y / MM > 40}
    assert left == {28}
    numbers = {n: x / MM for n, x, y in found if y / MM < 33}
    assert [numbers[1] > 150, numbers[2] < 40, numbers[3] > 150] == [True, True, True]


def test_same_values_and_time_give_the_same_bytes() -> None:
    first, second = (pdf.document_pdf(report(Paragraph("同一句。")), made=MADE) for _ in range(2))
    assert first == second
    assert pdf.document_pdf(report(Paragraph("同一句。")), made=datetime(2026, 6, 2, tzinfo=UTC)) != first


def test_table_repeats_its_headings_on_every_page() -> None:
    rows = [(f"第{n}街道", n, n, None) for n in range(200)]
    pages = read(pdf.table_pdf(TABLE, rows, made=MADE)).pages
    assert len(pages) > 3
    assert [(page.extract_text().count("应配"), page.extract_text().count("单位：人")) for page in pages] == [(1, 1)] + [(1, 0)] * (
        len(pages) - 1
    )
    assert [round(float(side) / MM) for side in (pages[0].mediabox.width, pages[0].mediabox.height)] == [297, 210]


def test_table_on_larger_paper() -> None:
    box = read(pdf.table_pdf(Table("表", TABLE.columns, paper="A3"), ROWS, made=MADE)).pages[0].mediabox
    assert [round(float(side) / MM) for side in (box.width, box.height)] == [420, 297]


@pytest.mark.parametrize(
    "text", ["#panic()", '"; #read("/etc/passwd")', "$x$ *粗* _斜_ `码`", "\\ #{1+1} // 注", "<标签> @引", "= 标题", "[ ] { }"]
)
def test_values_are_shown_and_never_read_as_typst(text: str) -> None:
    content = pdf.table_pdf(Table(text, (Column(text),), notes=(text,), foot=(text,)), [(text,)], made=MADE)
    assert words(content) == re.sub(r"\s", "", text) * 5 + "—1—"


def test_too_many_rows_for_paper_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_ROWS", 1)
    with pytest.raises(Refusal) as refused:
        pdf.table_pdf(TABLE, ROWS, made=MADE)
    assert (refused.value.id, refused.value.why) == ("documents.too_long", "PDF 最多 1 行")


def test_a_machine_without_chinese_fonts_is_told_what_to_install() -> None:
    with pytest.raises(Refusal) as refused:
        pdf.chosen_fonts(["DejaVu Sans", "Liberation Serif", "Noto Sans"])
    assert refused.value.id == "documents.no_font"
    assert "fonts-noto-cjk" in refused.value.do
    assert "数据目录的 fonts 文件夹" in refused.value.do


def test_wanted_fonts_come_before_those_of_the_machine() -> None:
    chosen = pdf.chosen_fonts(["Noto Sans CJK SC", "noto serif cjk sc", "FangSong_GB2312", "FZXiaoBiaoSong-B05S", "KaiTi"])
    assert chosen == {
        "title": ["FZXiaoBiaoSong-B05S", "noto serif cjk sc", "Noto Sans CJK SC"],
        "fangsong": ["FangSong_GB2312", "noto serif cjk sc", "Noto Sans CJK SC"],
        "hei": ["Noto Sans CJK SC", "noto serif cjk sc"],
        "kai": ["KaiTi", "noto serif cjk sc", "Noto Sans CJK SC"],
        "song": ["noto serif cjk sc", "Noto Sans CJK SC"],
    }


def test_one_chinese_font_is_enough() -> None:
    assert set(map(tuple, pdf.chosen_fonts(["WenQuanYi Zen Hei"]).values())) == {("WenQuanYi Zen Hei",)}


def test_a_font_put_into_the_site_folder_counts_at_once(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "fonts").mkdir()
    before = pdf._changed(pdf.site_fonts())
    (tmp_path / "fonts" / "own.ttf").write_bytes(b"not a font")
    assert (before, [path for path, _ in pdf._changed(pdf.site_fonts())]) == ((), [str(tmp_path / "fonts" / "own.ttf")])
    assert words(pdf.document_pdf(report(Paragraph("坏字体不碍事。")), made=MADE)) == "示例县简报坏字体不碍事。导出人：示例—1—"


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (None, Column("列"), ""), ("缺：人口", Column("列", "number"), "缺：人口"), (1234.55, Column("列", "number"), "1,234.6"),
        (Decimal("460.85"), Column("列", "number"), "460.9"), (2.5, Column("列", "integer"), "3"), (0.1254, Column("列", "ratio"), "12.5%"),
        (date(2026, 6, 1), Column("列", "date"), "2026-06-01"), (MADE, Column("列"), "2026年6月1日 09:30"),
        (12, Column("列", "identity"), "12"),
        (-3, Column("列", "integer"), "-3"), (1_030, Column("列", "integer"), "1,030"), (17, Column("列", "number", digits=2), "17.00"),
    ],
)  # fmt: skip
def test_cell_text_prints_as_tables_do(value: object, column: Column, text: str) -> None:
    assert cell_text(value, column) == text  # type: ignore[arg-type]


def test_table_values_keep_groups_together() -> None:
    heads = table_values(TABLE, [])["heads"]
    assert [[(cell["text"], cell["across"], cell["down"]) for cell in row] for row in heads] == [
        [("地方", 1, 2), ("配备", 2, 1), ("占比", 1, 2)],
        [("应配", 1, 1), ("在册", 1, 1)],
    ]

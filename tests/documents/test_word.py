"""Word out: what stands in it, fonts by name, a site's own template, and what is said when that one is broken."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from jiceng.base.refusals import Refusal
from jiceng.documents import word
from jiceng.documents.content import Document, Grid, Heading, Paragraph
from jiceng.documents.tables import Column, Table, Total

MADE = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
TABLE = Table("配备", (Column("地方"), Column("应配", "number", group="配备"), Column("在册", "integer")))
REPORT = Document(
    "示例县简报",
    (
        Heading("一、总体情况"),
        Paragraph("在册 30 人。"),
        Heading("（一）配备", 2),
        Grid(TABLE, (("甲街道", 460.8, 30), Total(("合计", 460.8, 30)))),
        Paragraph("完。"),
    ),
    ("截至日：2026年6月1日", "导出人：示例"),
)


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(BytesIO(content))


@pytest.fixture
def templates(tmp_path: Path, settings: object) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "templates").mkdir()
    return tmp_path / "templates"


def own(templates: Path, *lines: str) -> None:
    made = docx.Document()
    for text in lines:
        made.add_paragraph(text)
    made.save(str(templates / "report.docx"))


def test_report_says_what_it_was_given() -> None:
    made = opened(word.document_word(REPORT, made=MADE))
    assert [(p.text, p.style.name) for p in made.paragraphs if p.text] == [
        ("示例县简报", "标题"),
        ("一、总体情况", "一级"),
        ("在册 30 人。", "正文段"),
        ("（一）配备", "二级"),
        ("配备", "表题"),
        ("完。", "正文段"),
        ("截至日：2026年6月1日", "落款行"),
        ("导出人：示例", "落款行"),
    ]
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [
        ["地方", "配备：应配", "在册"],
        ["甲街道", "460.8", "30"],
        ["合计", "460.8", "30"],
    ]


def test_report_has_the_fonts_and_margins_of_the_standard() -> None:
    made = opened(word.document_word(REPORT, made=MADE))
    fonts = {name: made.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("标题", "一级", "二级", "正文段")}
    assert fonts == {"标题": "方正小标宋简体", "一级": "黑体", "二级": "楷体_GB2312", "正文段": "仿宋_GB2312"}
    assert [made.styles[name].font.size.pt for name in ("标题", "一级", "二级", "正文段")] == [22, 16, 16, 16]
    indent = made.styles["正文段"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    section = made.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side / Mm(1)) for side in margins] == [37, 35, 28, 26]
    assert (section.footer.paragraphs[0].text, section.even_page_footer.paragraphs[0].text) == ("—  —", "—  —")


def test_same_values_and_time_give_the_same_bytes() -> None:
    assert word.document_word(REPORT, made=MADE) == word.document_word(REPORT, made=MADE)
    told = opened(word.document_word(REPORT, made=MADE)).core_properties
    assert (told.author, told.title, told.created) == ("", "示例县简报", datetime(2026, 6, 1, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("text", ["<w:br/>", "甲 & 乙 < 丙", "{{ 7 * 7 }}", "{% for x in y %}", "</w:t></w:r>"])
def test_values_are_shown_and_never_read_as_markup(text: str) -> None:
    document = Document(text, (Paragraph(text), Grid(Table("", (Column(text),)), ((text,),))), (text,))
    made = opened(word.document_word(document, made=MADE))
    assert [p.text for p in made.paragraphs if p.text] == [text] * 3
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [[text], [text]]


def test_a_site_template_of_the_same_name_is_used(templates: Path) -> None:
    own(templates, "本局专用：{{ title }}")
    assert [p.text for p in opened(word.document_word(REPORT, made=MADE)).paragraphs] == ["本局专用：示例县简报"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("{{ titel }}",), "用了没有的项目：'titel' is undefined"),
        (("{{ blocks[0].txet }}",), "用了没有的项目：'dict object' has no attribute 'txet'"),
        (("{%p for block in blocks %}", "{{ block.text }}"), "写法有误"),
        (("{{ title",), "写法有误"),
        (("{{ title.__class__.__mro__ }}",), "用了没有的项目"),
        (("{{ title / 2 }}",), "填不进去"),
    ],
)
def test_a_broken_site_template_is_refused_with_file_and_field(templates: Path, lines: tuple[str, ...], why: str) -> None:
    own(templates, *lines)
    with pytest.raises(Refusal) as refused:
        word.document_word(REPORT, made=MADE)
    assert (refused.value.id, refused.value.where) == ("documents.template", "templates/report.docx")
    assert refused.value.why[: len(why)] == why


@pytest.mark.parametrize("content", [b"", b"not a document", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_document_is_refused(templates: Path, content: bytes) -> None:
    (templates / "report.docx").write_bytes(content)
    with pytest.raises(Refusal) as refused:
        word.document_word(REPORT, made=MADE)
    assert (refused.value.id, refused.value.where) == ("documents.template", "templates/report.docx")
    assert refused.value.why.startswith("不是能打开的 .docx")

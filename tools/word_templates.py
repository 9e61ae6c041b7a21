"""Writes the Word templates of `src/jiceng/documents/templates`. Run it after a change here; the .docx files are committed.

A site that wants another look opens the .docx in Word or WPS, changes it and puts it under the same name into the `templates`
folder of its data directory; it needs nothing of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from jiceng.reports.registration_sections import SECTIONS, Section, column_name
from jiceng.terms.registry import base_terms

TARGET = Path(__file__).parent.parent / "src" / "jiceng" / "documents" / "templates"
TITLE, BODY, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
CENTER, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT


def main() -> None:
    report().save(str(TARGET / "report.docx"))
    registration().save(str(TARGET / "registration.docx"))


def report() -> Document:
    """A report of headings, paragraphs and tables, in the form of an official letter without its red head."""
    made = letter(top=37, bottom=35, left=28, right=26)
    line(made, "{{ title }}", "标题")
    line(made, "{%p for block in blocks %}")
    line(made, '{%p if block.kind == "heading" and block.level == 1 %}')
    line(made, "{{ block.text }}", "一级")
    line(made, '{%p elif block.kind == "heading" %}')
    line(made, "{{ block.text }}", "二级")
    line(made, '{%p elif block.kind == "paragraph" %}')
    line(made, "{{ block.text }}", "正文段")
    line(made, "{%p else %}")
    line(made, "{%p if block.title %}")
    line(made, "{{ block.title }}", "表题")
    line(made, "{%p endif %}")
    table = grid(made, rows=4, columns=3)
    fill(table, 0, ["{%tc for column in block.table.columns %}", "{{ column.name }}", "{%tc endfor %}"], font=HEI)
    repeated(table, 0)
    table.rows[1].cells[0].paragraphs[0].add_run("{%tr for row in block.table.rows %}")
    fill(table, 2, ["{%tc for cell in row.cells %}", "{{ cell }}", "{%tc endfor %}"], font=BODY)
    table.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    line(made, "{%p for note in block.notes %}")
    line(made, "{{ note }}", "表注")
    line(made, "{%p endfor %}")
    line(made, "", "表后")
    line(made, "{%p endif %}")
    line(made, "{%p endfor %}")
    line(made, "", "表题")
    line(made, "{%p for one in foot %}")
    line(made, "{{ one }}", "落款行")
    line(made, "{%p endfor %}")
    return made


GRID = (
    (("姓名", "name", 1), ("性别", "sex", 1), ("出生日期", "birth", 1)),
    (("民族", "nation", 1), ("政治面貌", "political_status", 1), ("加入日期", "joined", 1)),
    (("证件号码", "id_number", 3), ("手机号", "phone", 1)),
    (("住址", "address", 5),),
    (("岗位", "post", 1), ("人员类别", "worker_class", 3)),
    (("进入方式", "origin", 1), ("任现岗", "post_since", 1), ("从事社区工作", "community_start", 1)),
    (("用人单位", "employer", 3), ("经费来源", "funding", 1)),
    (("合同类型", "contract_kind", 1), ("签订日期", "contract_signed", 1), ("到期日", "contract_ends", 1)),
    (("试用期止", "probation_ends", 1), ("试用结果", "probation_outcome", 1), ("岗位等级", "grade", 1)),
)
GRID_WIDTHS = (19, 34, 20, 33, 28, 36)
WIDTH = 170


def registration() -> Document:
    """社区工作者登记表: a grid of single fields, then one table a list."""
    made = letter(top=20, bottom=18, left=20, right=20, size=10.5, numbers=False)
    line(made, "{{ title }}", "标题").paragraph_format.space_after = Pt(10)
    line(made, "{{ place }}　　编号：{{ number }}", "落款行")
    table = grid(made, rows=len(GRID), columns=6)
    widths(table, GRID_WIDTHS)
    for row, fields in enumerate(GRID):
        at = 0
        for label, key, across in fields:
            write(table.cell(row, at), label, font=HEI)
            held = table.cell(row, at + 1)
            write(held.merge(table.cell(row, at + across)) if across > 1 else held, "{{ " + key + " }}", font=SONG)
            at += 1 + across
    for section in SECTIONS:
        listed(made, section)
    line(made, "", "表后")
    table = grid(made, rows=1, columns=2)
    widths(table, (19, WIDTH - 19))
    fill(table, 0, ["备注", "{{ remark }}"], font=SONG)
    line(made, "", "表后")
    line(made, "{%p for one in foot %}")
    line(made, "{{ one }}", "落款行")
    line(made, "{%p endfor %}")
    made.styles["落款行"].font.size = Pt(9)
    return made


def listed(made: Document, section: Section) -> None:
    """One list: its name across the top, headings, a row each, or what stands there when nothing does."""
    here = f"sections.{section.kind}"
    count = len(section.columns)
    line(made, "{%p if " + here + ".printed %}")
    line(made, "", "表后")
    table = grid(made, rows=8, columns=count)
    whole = sum(width for _, width in section.columns)
    widths(table, [WIDTH * width / whole for _, width in section.columns])
    write(table.cell(0, 0).merge(table.cell(0, count - 1)), section.title, font=HEI)
    fill(table, 1, [column_name(section, field, base_terms()) for field, _ in section.columns], font=HEI)
    for row in (0, 1):
        repeated(table, row)
    table.cell(2, 0).paragraphs[0].add_run("{%tr for row in " + here + ".rows %}")
    fill(table, 3, ["{{ row." + field + " }}" for field, _ in section.columns], font=SONG)
    table.cell(4, 0).paragraphs[0].add_run("{%tr endfor %}")
    table.cell(5, 0).paragraphs[0].add_run("{%tr if not " + here + ".rows %}")
    write(table.cell(6, 0).merge(table.cell(6, count - 1)), "{{ " + here + ".nothing }}", font=SONG)
    table.cell(7, 0).paragraphs[0].add_run("{%tr endif %}")
    line(made, "{%p endif %}")


def widths(table: Table, millimetres: Sequence[float]) -> None:
    table.autofit = False
    for index, width in enumerate(millimetres):
        table.columns[index].width = Mm(width)
        for cell in table.columns[index].cells:
            cell.width = Mm(width)


def letter(*, top: float, bottom: float, left: float, right: float, size: float = 16, numbers: bool = True) -> Document:
    """An empty A4 page with the styles of an official letter and its page number, right on odd and left on even pages."""
    made = docx.Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(top), Mm(bottom), Mm(left), Mm(right)
    section.footer_distance = Mm(bottom - 7 if numbers else bottom / 2)
    chinese(made)
    normal = made.styles["Normal"]
    face(normal, BODY, size)
    pitch(normal.paragraph_format, 29 if size == 16 else None)
    for name, font, points, align, indent, bold in (
        ("标题", TITLE, 22, CENTER, False, False),
        ("一级", HEI, 16, LEFT, True, False),
        ("二级", KAI, 16, LEFT, True, False),
        ("正文段", BODY, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, True, False),
        ("表题", HEI, 12, CENTER, False, False),
        ("表后", BODY, 6, LEFT, False, False),
        ("表注", BODY, 10.5, LEFT, False, False),
        ("落款行", BODY, 12, LEFT, False, False),
        ("页码", SONG, 14, RIGHT, False, False),
    ):
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        face(style, font, points, bold)
        style.paragraph_format.alignment = align
        if indent:
            indented(style, points)
        if points < 16:
            pitch(style.paragraph_format, None)
    made.styles["标题"].paragraph_format.space_after = Pt(24)
    made.styles["表题"].paragraph_format.space_before = Pt(6)
    made.styles["表题"].paragraph_format.space_after = Pt(3)
    for name in ("一级", "二级", "表题"):
        made.styles[name].paragraph_format.keep_with_next = True
    if numbers:
        made.settings.odd_and_even_pages_header_footer = True
        page_number(section.footer.paragraphs[0], made, RIGHT)
        page_number(section.even_page_footer.paragraphs[0], made, LEFT)
    return made


def face(style: Any, font: str, points: float, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(points), bold
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def pitch(paragraphs: Any, points: float | None) -> None:
    paragraphs.space_before = paragraphs.space_after = Pt(0)
    paragraphs.line_spacing_rule = WD_LINE_SPACING.EXACTLY if points else WD_LINE_SPACING.SINGLE
    paragraphs.line_spacing = Pt(points) if points else 1.0


def indented(style: Any, points: float) -> None:
    """First line indented by two characters, whatever their size becomes; the points are for programs that count none."""
    style.paragraph_format.first_line_indent = Pt(2 * points)
    style.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")


def chinese(made: Document) -> None:
    """Proofing language and the forms of punctuation: Chinese of the mainland, not what the empty document came with."""
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def page_number(paragraph: Paragraph, made: Document, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.style = made.styles["页码"]
    paragraph.alignment = align
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
        else:
            sign = OxmlElement("w:instrText")
            sign.text = text
        run._r.append(sign)
    paragraph.add_run(" —")


def line(made: Document, text: str, style: str | None = None) -> Paragraph:
    return made.add_paragraph(text, style=made.styles[style] if style else None)


def grid(made: Document, *, rows: int, columns: int) -> Table:
    table = made.add_table(rows, columns, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row in table.rows:
        split = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(split)
    return table


def repeated(table: Table, row: int) -> None:
    """A row that stands again at the top of every page."""
    table.rows[row]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def fill(table: Table, row: int, texts: list[str], *, font: str, points: float = 10.5) -> None:
    for cell, text in zip(table.rows[row].cells, texts, strict=True):
        write(cell, text, font=font, points=points)


def write(cell: _Cell, text: str, *, font: str, points: float = 10.5, align: WD_ALIGN_PARAGRAPH = CENTER) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    pitch(paragraph.paragraph_format, None)
    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN, Pt(points)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


if __name__ == "__main__":
    main()

"""Official text as Word and PDF: the same lines as the plain text; what cannot be read is refused in words."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfWriter

from jiceng.base.refusals import Refusal
from jiceng.runs.printed_files import read_printed
from jiceng.runs.texts import read_page

LINES = ["关于示例工作的意见", "1. 每年培训一次。", "2. 由县级组织。"]


def word(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "岗位", "人数"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_a_word_file_gives_its_paragraphs_and_tables_in_order():
    assert read_page(word(*LINES)).splitlines() == [*LINES, "岗位　人数"]


def test_a_pdf_set_by_typst_gives_its_lines():
    import typst

    source = "#set page(width: 30cm)\n" + "\n\n".join(LINES).replace("1. ", "1\\. ").replace("2. ", "2\\. ")
    text = read_page(typst.compile(source.encode())).replace(" ", "")
    assert [line for line in text.splitlines() if line] == [line.replace(" ", "") for line in LINES]


def test_plain_text_comes_as_it_is():
    assert read_printed("1. 每年".encode()) == "1. 每年".encode()


def _locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.encrypt("secret")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _blank() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (50 << 20))
    return kept.getvalue()


def _lying_bomb() -> bytes:
    """The archive claims that its part is small."""
    honest = bytearray(_bomb())
    for at in (honest.find(b"PK\x03\x04") + 22, honest.find(b"PK\x01\x02") + 24):
        honest[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(honest)


def _entities() -> bytes:
    kept = io.BytesIO(word(*LINES))
    with zipfile.ZipFile(kept, "a") as packed:
        packed.writestr("word/extra.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "id", "what"),
    [
        (_entities(), "lawtext.unreadable", "文件里夹带了 DTD 或实体定义"),
        (_lying_bomb(), "lawtext.unreadable", "不是 Word 文件，或文件损坏"),
        (_locked(), "lawtext.unreadable", "PDF 加了密码"),
        (_blank(), "lawtext.unreadable", "文件里没有文字"),
        (b"%PDF-1.7 broken", "lawtext.unreadable", "PDF 读不出"),
        (b"PK\x03\x04broken", "lawtext.unreadable", "不是 Word 文件，或文件损坏"),
        (_bomb(), "lawtext.too_large", "文件解压后过大"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, id: str, what: str):
    with pytest.raises(Refusal) as refused:
        read_page(content)
    assert (refused.value.id, refused.value.what) == (id, what)

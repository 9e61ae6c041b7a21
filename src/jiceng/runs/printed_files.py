"""The lines of a Word file or a PDF, as if somebody had saved it as plain text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from jiceng.base.archives import BROKEN, Bomb, Entities, unpacked, xml_pieces
from jiceng.base.refusals import Refusal

LARGEST, UNPACKED, PAGES = 10 << 20, 40 << 20, 60


def read_printed(content: bytes) -> bytes:
    """UTF-8 lines of a .docx or a PDF, known by their first bytes; anything else as it came.

    Errors  Refusal lawtext.too_large, lawtext.unreadable
    """
    if content.startswith(b"%PDF-"):
        return _checked(content, _pdf_lines).encode()
    if content.startswith(b"PK\x03\x04"):
        return _checked(content, _word_lines).encode()
    return content


def _checked(content: bytes, lines: Callable[[bytes], str]) -> str:
    if len(content) > LARGEST:
        raise Refusal("lawtext.too_large", f"文件有 {len(content) >> 20} MB，超过 {LARGEST >> 20} MB", do="请只留有正文的几页")
    text = lines(content)
    if not text.strip():
        raise Refusal("lawtext.unreadable", "文件里没有文字", why="可能是扫描件", do="请先用识别软件转成文字，另存为纯文本再导入")
    return text


def _pdf_lines(content: bytes) -> str:
    from pypdf import PdfReader  # with the readers at hand, a server that only shows pages holds twenty megabytes more
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refusal("lawtext.unreadable", "PDF 加了密码", do="请去掉密码后再导入")
        if len(reader.pages) > PAGES:
            raise Refusal("lawtext.too_large", f"PDF 有 {len(reader.pages)} 页，超过 {PAGES} 页", do="请只留有正文的几页")
        return "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise Refusal("lawtext.unreadable", "PDF 读不出", why=str(error)[:200], do="请另存为纯文本后再导入") from error


def _word_lines(content: bytes) -> str:
    from docx import Document as read_word
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked(packed, most=UNPACKED)
            for _ in xml_pieces(packed, most=UNPACKED):
                pass
        document = read_word(io.BytesIO(content))
    except Bomb:
        raise Refusal("lawtext.too_large", "文件解压后过大", do="请只留正文，去掉图片") from None
    except Entities:
        why = "正常的文档没有这种内容，可能是恶意文件"
        raise Refusal("lawtext.unreadable", "文件里夹带了 DTD 或实体定义", why=why, do="请核实来源，另存为纯文本后再导入") from None
    except (*BROKEN, KeyError, SyntaxError) as error:
        why = str(error)[:200]
        raise Refusal("lawtext.unreadable", "不是 Word 文件，或文件损坏", why=why, do="请另存为 docx 或纯文本后再导入") from error
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += ["　".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)

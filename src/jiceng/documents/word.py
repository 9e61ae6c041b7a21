"""Word out: package templates with fields, which a site may replace by its own of the same name."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from jiceng.base.refusals import Refusal
from jiceng.documents.content import Document, document_values
from jiceng.ui.moment import ZONE

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATES: Final = Path(__file__).parent / "templates"


def site_templates() -> Path:
    """Where a site puts Word templates of its own."""
    return Path(settings.DATA) / "templates"


def document_word(document: Document, *, made: datetime) -> bytes:
    """A report as Word, in the form of an official letter.

    Errors  Refusal documents.template
    """
    return write_word("report", document_values(document), made=made)


def write_word(template: str, values: Mapping[str, Any], *, made: datetime) -> bytes:
    """A template filled with values: the site's own of that name, else the package's.

    Time    `made` is the date inside the file: the same values and time give the same bytes
    Errors  Refusal documents.template: which file, which field
    """
    # Read here: a server that only shows pages does without these.
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate
    from lxml.etree import LxmlError

    own = site_templates() / f"{template}.docx"
    path = own if own.is_file() else TEMPLATES / f"{template}.docx"
    # Sandboxed: a template is a document somebody was sent, and may say more than fields.
    engine = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        filled = DocxTemplate(path)
        filled.render(dict(values), jinja_env=engine, autoescape=True)
        out = BytesIO()
        told = filled.docx.core_properties
        told.created = told.modified = made.astimezone(ZONE).replace(tzinfo=None)
        told.author = told.last_modified_by = told.comments = ""
        told.title = str(values.get("title", ""))
        filled.save(out)
    except (UndefinedError, SecurityError) as error:
        raise _broken(path, f"用了没有的项目：{error.message}", "请改正这个项目的写法") from None
    except TemplateSyntaxError as error:
        raise _broken(path, f"写法有误：{error.message}", "请检查大括号和循环的开头结尾是否成对、是否在同一段落") from None
    except (TemplateError, TypeError, ValueError) as error:
        raise _broken(path, f"填不进去：{error}", "请对照随软件提供的模板改正") from None
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, LxmlError) as error:
        raise _broken(path, f"不是能打开的 .docx：{type(error).__name__}", "请用 Word 或 WPS 另存为 .docx") from None
    return _dated(out.getvalue(), made)


def _broken(path: Path, why: str, do: str) -> Refusal:
    return Refusal(
        "documents.template",
        "Word 模板不能用",
        where=f"{path.parent.name}/{path.name}",
        why=why,
        do=f"{do}，或把这个文件移走，改用随软件提供的模板",
    )


def _dated(content: bytes, made: datetime) -> bytes:
    """The same package with every member dated: a zip otherwise holds the clock of the moment it was written."""
    out, local = BytesIO(), made.astimezone(ZONE)
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, local.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return out.getvalue()

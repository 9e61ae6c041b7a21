"""The committed Word templates are those the tool makes, and the page on them names every field there is."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from jiceng.documents.word import TEMPLATES
from jiceng.reports.registration import Shown, registration
from jiceng.reports.registration_sections import SECTIONS
from jiceng.terms.registry import base_terms

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("word/document.xml", "word/styles.xml", "word/settings.xml")


@pytest.mark.parametrize("name", ["report", "registration"])
def test_committed_template_is_what_the_tool_makes(name: str) -> None:
    spec = importlib.util.spec_from_file_location("word_templates", ROOT / "tools" / "word_templates.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    made = BytesIO()
    getattr(tool, name)().save(made)
    committed = zipfile.ZipFile(TEMPLATES / f"{name}.docx")
    fresh = zipfile.ZipFile(made)
    assert [part for part in PARTS if committed.read(part) != fresh.read(part)] == []


@pytest.mark.database
@pytest.mark.django_db
def test_the_page_on_templates_names_every_field_of_the_form() -> None:
    page = (ROOT / "docs" / "start" / "documents.md").read_text()
    fields, lists = (re.search(rf"\*\*{title}\*\*[^\n]*", page) for title in ("登记表的项目", "登记表的各项履历"))
    assert fields is not None
    assert lists is not None
    stamped = ("测试员", datetime(2026, 6, 1, tzinfo=UTC))
    values = registration(1, on=date(2026, 6, 1), known_by=None, shown=Shown("示例", ""), stamped=stamped, terms=base_terms())
    assert {*re.findall(r"`(\w+)`", fields[0]), "sections"} == set(values)
    told = re.findall(r"`(\w+)`", lists[0])
    assert told == ["sections", *(one.kind for one in SECTIONS), "rows", "nothing", "printed"]

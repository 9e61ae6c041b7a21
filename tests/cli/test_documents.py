"""`jiceng briefing` and `jiceng form`: the documents of the pages, to a file."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from jiceng.base.refusals import Refusal
from tests.cli.conftest import COUNTY, ID_NUMBER, NAME

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def text_of(path: Path) -> str:
    """What a made file says, without white space."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    else:
        made = docx.Document(BytesIO(content))
        cells = (cell.text for table in made.tables for row in table.rows for cell in row.cells)
        text = "".join([*(p.text for p in made.paragraphs), *cells])
    return re.sub(r"\s", "", text)


def test_briefing_on_the_screen_as_data_and_to_files_is_the_same(jiceng, worker: int, tmp_path: Path) -> None:
    asked = ("briefing", COUNTY, "--on", "2024-06-01")
    told = jiceng(*asked, "--json").json
    assert (told["title"], told["lead"]) == (
        "康定市社区工作者队伍情况简报",
        "康定市现有社区工作者1人，与上年末人数相同，缺额尚不能作答。",
    )
    sentences = [told["lead"], *(one for section in told["sections"] for one in section["sentences"])]
    shown = jiceng(*asked).out
    assert [one for one in sentences if one not in shown] == []
    for name in ("简报.docx", "简报.pdf"):
        ended = jiceng(*asked, "--out", tmp_path / name)
        assert (ended.code, ended.out) == (0, f"康定市社区工作者队伍情况简报已写到 {tmp_path / name}。\n")
        assert [one for one in sentences if re.sub(r"\s", "", one) not in re.sub(r"—\d+—", "", text_of(tmp_path / name))] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["简报.docx", "简报.pdf"]


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_form_is_masked(jiceng, worker: int, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"form.{kind}"
    assert jiceng("form", worker, "--out", out, "--json").json == {"file": str(out), "worker": worker}
    text = text_of(out)
    assert (NAME in text, ID_NUMBER in text, f"{ID_NUMBER[:6]}********{ID_NUMBER[-4:]}" in text) == (True, False, True)


@pytest.mark.parametrize("command", [("briefing", COUNTY), ("form", "1")])
def test_only_word_and_pdf_are_written(jiceng, tmp_path: Path, command: tuple[object, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        jiceng(*command, "--out", tmp_path / "out.txt")
    assert refused.value.id == "cli.out"


def test_a_folder_that_is_not_there_is_said(jiceng, worker: int, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        jiceng("briefing", COUNTY, "--out", tmp_path / "nowhere" / "out.pdf")
    assert (refused.value.id, list(tmp_path.iterdir())) == ("cli.out", [])


def test_a_worker_not_yet_known_is_refused(jiceng, worker: int, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        jiceng("form", worker, "--out", tmp_path / "form.pdf", "--known-by", "2010-01-01")
    assert refused.value.id == "worker.unknown"

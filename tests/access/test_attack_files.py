"""Files that are meant to do harm, at every door that takes one; and cells that are meant to do harm, in every file that leaves."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiceng.base.refusals import Refusal
from jiceng.intake.models import Upload
from jiceng.ledger.attachments import KINDS
from jiceng.ledger.reading import history, subjects_of
from jiceng.packets.models import Delivery, Filling
from jiceng.runs.attaching import media_of
from tests.access.attacked import Field, signed_in
from tests.access.test_attack_browser import mine
from tests.packets.conftest import roster
from tests.runs.world import COMMUNITY, Worker
from tests.web.conftest import COUNTY, site, today, world

__all__ = ["mine", "site", "today", "world"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]
FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1")
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def altered(part: str, change: Any, **more: bytes) -> bytes:
    """A workbook that opens, with one part changed and others put in."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(roster([["示例甲", *[""] * 20]]))) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            bad.writestr(name, change(good.read(name)) if name == part else good.read(name))
        for name, content in more.items():
            bad.writestr(name.replace("__", "/").replace("_xx_", "."), content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HARMFUL = {
    "zip bomb.xlsx": lambda: altered(SHEET, lambda xml: xml.replace(b"</sheetData>", b" " * (40 << 20) + b"</sheetData>")),
    "laughs.xlsx": lambda: altered(SHEET, lambda xml: LAUGHS.encode() + xml.partition(b"?>")[2].replace(b"<v>0</v>", b"<v>&j;</v>")),
    "outside.xlsx": lambda: altered(SHEET, lambda xml: OUTSIDE.encode() + xml.partition(b"?>")[2].replace(b"<v>0</v>", b"<v>&a;</v>")),
    "polyglot.pdf": lambda: b"%PDF-1.4\n" + altered(SHEET, lambda xml: xml),
    "page.html": lambda: b"<html><script>alert(1)</script></html>",
    "../../../etc/cron.d/x.xlsx": lambda: b"PK\x03\x04" + b"\x00" * 100,
    "empty.xlsx": lambda: b"PK\x05\x06" + b"\x00" * 18,
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_files_are_refused_and_land_nothing(mine: Field, monkeypatch: pytest.MonkeyPatch, name: str):
    # The same bomb in small: tests/intake measures the real limit.
    monkeypatch.setattr("jiceng.intake.containers.MAX_UNPACKED", 20 << 20)
    things, workers = mine.there, subjects_of("appointment")
    client, content = signed_in(things["owner"]), HARMFUL[name]()
    kept = Upload.objects.count()
    doors: dict[str, dict[str, str]] = {
        "/import/": {"place": str(COUNTY), "as_of": "2026-11-20"},
        f"/rounds/{things['round']}/return/": {}, "/filling/": {"place": str(COUNTY), "department": "某局", "on": "2026-11-20"},
        f"/workers/{things['subject']}/documents/new/": {"papers_title": "证书", "since": "2026-11-01", "basis": "依据", "why": "理由"},
    }  # fmt: skip
    fields = {"/import/": "file", "/filling/": "file", f"/rounds/{things['round']}/return/": "files"}
    for door, given in doors.items():
        answer = client.post(door, {**given, fields.get(door, "papers"): SimpleUploadedFile(name, content)})
        assert (door, answer.status_code < 500) == (door, True)
        if answer.status_code == 302 and answer["Location"].startswith(("/import/", "/rounds/", "/filling/")):
            assert (door, client.get(answer["Location"]).status_code < 500) == (door, True)
    # Nobody comes onto the roster by it.
    assert subjects_of("appointment") == workers
    assert [one.name for one in Upload.objects.order_by("id")[kept:] if "/" in one.name or ".." in one.name] == []
    assert [one.name for one in Filling.objects.all() if "/" in one.name or ".." in one.name] == []
    receipts = [receipt for one in Delivery.objects.all() for receipt in one.receipts]
    assert [one for one in receipts if "passwd" in str(one) or "root:" in str(one)] == []


def macro_enabled(xml: bytes) -> bytes:
    return xml.replace(b"</Types>", b'<Override PartName="/x" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>')


WIDE = ("\ufeff" + LAUGHS + "<x>&j;</x>").encode("utf-16-le")
ATTACHED = {
    "macro.xlsm": "attachment.kind", "declared.xlsx": "attachment.kind", "macrosheet.xlsx": "attachment.kind",
    "page.html": "attachment.kind",
    "script.svg": "attachment.kind", "run.exe": "attachment.kind", "cut off.xlsx": "attachment.kind", "bomb.xlsx": "attachment.harmful",
    "picture bomb.docx": "attachment.harmful", "laughs.xlsx": "attachment.harmful", "outside.xlsx": "attachment.harmful",
    "wide.xlsx": "attachment.harmful",
}  # fmt: skip


def test_what_an_attachment_may_not_be(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("jiceng.runs.attaching.MAX_UNPACKED", 20 << 20)
    contents = {
        "macro.xlsm": altered(SHEET, lambda xml: xml, xl__vbaProject_xx_bin=b"\xd0\xcf"),
        "declared.xlsx": altered("[Content_Types].xml", macro_enabled),
        "macrosheet.xlsx": altered(SHEET, lambda xml: xml, xl__macrosheets__sheet1_xx_xml=b"<x/>"),
        "page.html": b"<html>x</html>", "script.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "run.exe": b"MZ\x90\x00",
        "cut off.xlsx": altered(SHEET, lambda xml: xml)[:-200], "bomb.xlsx": HARMFUL["zip bomb.xlsx"](),
        "picture bomb.docx": altered(SHEET, lambda xml: xml, word__document_xx_xml=b"<x/>", word__media__1_xx_png=bytes(30 << 20)),
        "laughs.xlsx": HARMFUL["laughs.xlsx"](), "outside.xlsx": HARMFUL["outside.xlsx"](),
        "wide.xlsx": altered(SHEET, lambda xml: xml, customXml__item1_xx_xml=WIDE),
    }  # fmt: skip
    refused = {}
    for name, content in contents.items():
        with pytest.raises(Refusal) as told:
            media_of(content)
        refused[name] = told.value.id
    assert refused == ATTACHED
    assert media_of(altered(SHEET, lambda xml: xml)) == "xlsx"


@pytest.mark.parametrize("name", ["macro.xlsm", "laughs.xlsx", "page.html", "script.svg", "run.exe"])
def test_no_program_is_attached(mine: Field, name: str):
    contents = {
        "laughs.xlsx": HARMFUL["laughs.xlsx"](),
        "macro.xlsm": altered(SHEET, lambda xml: xml, xl__vbaProject_xx_bin=b"\xd0\xcf"), "page.html": b"<html>x</html>",
        "script.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "run.exe": b"MZ\x90\x00" + b"\x00" * 100,
    }  # fmt: skip
    subject, client = mine.there["subject"], signed_in(mine.there["owner"])
    before = [row.id for row in history([subject], on=date.max, kinds=(KINDS["worker"],))]
    answer = client.post(
        f"/workers/{subject}/documents/new/",
        {"papers": SimpleUploadedFile(name, contents[name]), "papers_title": "证书", "since": "2026-11-01", "basis": "依据", "why": "理由"},
    )
    assert answer.status_code == 422
    assert [row.id for row in history([subject], on=date.max, kinds=(KINDS["worker"],))] == before


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def formulas(content: bytes) -> list[str]:
    """Cells that a spreadsheet would work out, of every workbook in a file."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return [one for name in archive.namelist() for one in formulas(archive.read(name))]
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            found += [f"{sheet.title}!{cell.coordinate} {cell.value}" for cell in row if cell.data_type == "f" or cell.hyperlink]
    return found


def texts(content: bytes) -> set[str]:
    return {cell.value for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets for row in sheet.iter_rows() for cell in row}


def test_names_that_begin_like_formulas_stay_text_in_every_file(mine: Field):
    for number, name in enumerate(FORMULAS):
        Worker(name, n=600 + number, community=COMMUNITY).appoint(date(2020, 1, 1))
    client, things = signed_in(mine.there["owner"]), mine.there
    client.post(f"/rounds/{things['round']}/close/")
    doors = [
        "/roster/export/?state=all", f"/rounds/{things['round']}/workbooks/",
        f"/rounds/{things['round']}/places/{things['town']}/workbook/",
        f"/returns/{things['return']}/file/xlsx/", f"/returns/new/{COUNTY}/2026-10-01/file/xlsx/", f"/import/template/?place={COUNTY}",
    ]  # fmt: skip
    found = {}
    for door in doors:
        answer = client.get(door)
        assert (door, answer.status_code) == (door, 200)
        found[door] = body(answer)
    assert {door: formulas(content) for door, content in found.items()} == {door: [] for door in doors}
    assert {name.strip() for name in FORMULAS} <= {str(one).strip() for one in texts(found[doors[0]])}


def test_refused_rows_go_back_as_text(mine: Field):
    client = signed_in(mine.there["owner"])
    rows = [[name, "513324199002301234", *[""] * 18, name] for name in FORMULAS]
    file = SimpleUploadedFile("=1+1.xlsx", roster(rows))
    answer = client.post("/import/", {"file": file, "place": str(COUNTY), "as_of": "2026-11-20"})
    content = body(client.get(f"{answer['Location']}returned/"))
    assert formulas(content) == []
    assert {name.strip() for name in FORMULAS} <= {str(one).strip() for one in texts(content)}

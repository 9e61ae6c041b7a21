"""Documents: sealed, hashed into the ledger, found when changed, gone with an erasure, carried by a backup."""

from __future__ import annotations

import io
import os
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from jiceng.base.refusals import Refusal
from jiceng.ledger import attachments, reading
from jiceng.ledger.erasing import erase
from jiceng.ledger.models import Book, Entry, Key
from jiceng.ledger.record import record
from jiceng.ledger.verify import verify
from jiceng.places import tree
from jiceng.runs import attaching
from jiceng.runs.commit import Record, undo
from jiceng.terms.registry import base_terms
from tests.ledger.parts import COMMUNITY, person, post
from tests.ledger.sites import Site, Sites, on_postgres
from tests.ledger.test_backup import OPEN

pytestmark = pytest.mark.database
PDF = b"%PDF-1.4\n%%EOF\n" + b"x" * 3000
PNG = b"\x89PNG\r\n\x1a\n" + b"y" * 900
HOUR = 3601


def office(member: str, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", member, *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return settings.DATA


@pytest.fixture
def known(book: Book, worker: int, by: dict, data: Path) -> int:
    record(book, [person(worker), post(worker, date(2020, 1, 1))], basis="", **by)
    return worker


def attach(book: Book, subject: int, by: dict, *papers: attaching.Paper, changes=(), since=date(2024, 3, 1), about: int = 0) -> Entry:
    return attaching.commit(book.id, changes, papers, since=since, about=about, basis="本人申请", **by)


def files(data: Path) -> list[str]:
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*.sealed"))


def paper(subject: int, content: bytes = PDF, title: str = "培训结业证书", file_name: str = "证书.pdf") -> attaching.Paper:
    return attaching.hold(subject, title=title, file_name=file_name, content=content)


@pytest.mark.django_db(transaction=True)
def test_a_document_is_recorded_with_its_act_and_opens_again(book, known, by, data):
    held = paper(known)
    assert files(data) == [f"attachments/coming/{known}-{held.held.hash}.sealed"]
    training = Record(known, "training", date(2024, 3, 1), None, {"level": "county"})
    entry = attach(book, known, by, held, changes=[training])
    assert files(data) == [f"attachments/{known}/{held.held.hash}.sealed"]
    found = attaching.documents(known, on=date(2024, 3, 1), terms=base_terms())
    assert [(one.title, one.file_name, one.media, one.size, one.entry) for one in found] == [
        ("培训结业证书", "证书.pdf", "pdf", len(PDF), entry.id)
    ]
    assert attaching.content(found[0]) == PDF
    assert (entry.facts, {row.kind for row in reading.entry(entry.id).wrote}) == (2, {"training", "attachment"})
    # Neither what it says nor what it is called lies in the open: not on the disk, not in the ledger.
    stored = (data / files(data)[0]).read_bytes()
    fact = next(row for row in reading.entry(entry.id).wrote if row.kind == "attachment")
    assert (PDF[:9] in stored, sorted(fact.data), "证书" in str(fact.data)) == (False, ["hash", "media", "size"], False)
    assert verify().problems == []
    assert attaching.documents(known, on=date(2024, 2, 29), terms=base_terms()) == []


@pytest.mark.django_db(transaction=True)
def test_undo_hides_it_and_the_past_still_knows_it(book, known, by, data, clock):
    entry = attach(book, known, by, paper(known))
    before = clock()
    undo(entry.id, actor="甲", why="传错了人", clock=clock)
    on = date(2024, 6, 1)
    assert attaching.documents(known, on=on, terms=base_terms()) == []
    past = attaching.documents(known, on=on, known_by=before, terms=base_terms())
    assert [attaching.content(one) for one in past] == [PDF]
    with pytest.raises(Refusal) as refused:
        attaching.document(known, past[0].fact, terms=base_terms())
    assert (refused.value.id, verify().problems) == ("attachment.unknown", [])


@pytest.mark.django_db(transaction=True)
def test_a_changed_byte_is_found_and_refused(book, known, by, data):
    entry = attach(book, known, by, paper(known))
    path = data / files(data)[0]
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(bytes(content))
    one = attaching.documents(known, on=date(2024, 6, 1), terms=base_terms())[0]
    with pytest.raises(Refusal) as refused:
        attaching.content(one)
    assert (refused.value.id, [(p.id, p.path) for p in verify().problems]) == (
        "attachment.changed", [("ledger.file_changed", str(entry))],
    )  # fmt: skip
    path.unlink()
    with pytest.raises(Refusal) as refused:
        attaching.content(one)
    assert (refused.value.id, [p.id for p in verify().problems]) == ("attachment.missing", ["ledger.file_missing"])


@pytest.mark.django_db(transaction=True)
def test_a_file_moved_to_another_person_does_not_open(book, known, by, data):
    from jiceng.ledger.books import new_subjects

    other = new_subjects(book, 1)[0]
    record(book, [person(other, "乙某", "110101199003070038")], basis="", **by)
    mine, theirs = paper(known), paper(other, b"%PDF-1.5" + b"z" * 400)
    attach(book, known, by, mine)
    attach(book, other, by, theirs)
    (data / "attachments" / str(known) / f"{mine.held.hash}.sealed").write_bytes(attachments.stored(other, theirs.held.hash))
    with pytest.raises(Refusal) as refused:
        attaching.content(attaching.documents(known, on=date(2024, 6, 1), terms=base_terms())[0])
    assert refused.value.id == "attachment.changed"


@pytest.mark.django_db(transaction=True)
def test_erasure_destroys_documents(book, known, by, data, clock):
    attach(book, known, by, paper(known), paper(known, PNG, "合影", "a.png"))
    copies = {path: (data / path).read_bytes() for path in files(data)}
    erase(known, actor="甲", basis="", why="本人申请", clock=clock)
    assert (files(data), verify().problems, Key.objects.filter(subject=known).count()) == ([], [], 0)
    # Even the bytes put back from somewhere stay noise.
    for path, content in copies.items():
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_bytes(content)
    one = attaching.documents(known, on=date(2024, 6, 1), terms=base_terms())[0]
    with pytest.raises(Refusal) as refused:
        attaching.content(one)
    assert (refused.value.id, one.title, one.file_name) == ("access.erased", "", "")
    with pytest.raises(Refusal) as refused:
        paper(known)
    assert refused.value.id == "ledger.erased"


@pytest.mark.django_db(transaction=True)
def test_orphans_of_a_broken_write_are_listed_and_cleared(book, known, by, data):
    lost = paper(known)
    with transaction.atomic():
        attach(book, known, by, lost)
        transaction.set_rollback(True)
    coming = data / files(data)[0]
    assert (coming.parent.name, verify().problems) == ("coming", [])  # younger than an hour: it may be on its way
    os.utime(coming, (time.time() - HOUR, time.time() - HOUR))
    assert [problem.id for problem in verify().problems] == ["ledger.file_stray"]
    fresh = paper(known)  # whoever comes next clears up
    assert files(data) == [f"attachments/coming/{known}-{fresh.held.hash}.sealed"]
    # The power went after the commit and before the move: the file is found where it lies, and moves on.
    attach(book, known, by, fresh)
    kept = data / files(data)[0]
    os.replace(kept, coming.with_name(f"{known}-{fresh.held.hash}.sealed"))
    one = attaching.documents(known, on=date(2024, 6, 1), terms=base_terms())[0]
    assert (attaching.content(one), verify().problems) == (PDF, [])
    os.utime(coming.with_name(f"{known}-{fresh.held.hash}.sealed"), (1, 1))
    assert (attachments.settle(), files(data)) == (0, [f"attachments/{known}/{fresh.held.hash}.sealed"])
    (data / "attachments" / "stranger.sealed").write_bytes(b"?")
    assert [(problem.id, problem.path) for problem in verify().problems] == [("ledger.file_stray", "attachments/stranger.sealed")]


@pytest.mark.django_db(transaction=True)
def test_one_confirmed_too_late_is_refused_and_nothing_is_written(book, known, by, data):
    held = paper(known)
    (data / files(data)[0]).unlink()
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        attach(book, known, by, held)
    assert (refused.value.id, Entry.objects.count()) == ("attachment.gone", before)


@pytest.mark.django_db(transaction=True)
def test_a_place_has_documents_too(book, by, data):
    place = tree.subject_of(COMMUNITY)
    attach(book, place, by, paper(place, office("word/document.xml"), "人口数据函", "函.docx"))
    found = attaching.documents(place, on=date(2024, 6, 1), terms=base_terms())
    assert [(one.title, one.media_name) for one in found] == [("人口数据函", "Word")]
    assert attaching.content(found[0]) == office("word/document.xml")


def test_files_are_known_by_their_content():
    kinds = {
        PDF: "pdf", PNG: "png",
        b"\xff\xd8\xff\xe0" + b"j" * 20: "jpg", office("word/document.xml"): "docx", office("xl/workbook.xml"): "xlsx",
    }  # fmt: skip
    assert [attaching.media_of(content) for content in kinds] == list(kinds.values())
    no = [
        b"<html><script>alert(1)</script>", b"MZ" + b"\0" * 80, b"PK\x03\x04broken", office("x.xml"), b"GIF89a", b"<svg/>",
        office("word/document.xml", "word/vbaProject.bin"), office("xl/workbook.xml", "xl/vbaProject.bin"),
    ]  # fmt: skip
    for content in no:
        with pytest.raises(Refusal) as refused:
            attaching.media_of(content)
        assert refused.value.id == "attachment.kind"


def test_names_of_files_lead_nowhere():
    given = {
        "../../etc/passwd": "passwd.pdf", "C:\\temp\\证书.exe": "证书.pdf", "证书.pdf": "证书.pdf", "..": "文件.pdf", "": "文件.pdf",
        "a\r\nSet-Cookie: x.pdf": "aSet-Cookie: x.pdf", "证书\u202efdp.exe": "证书fdp.pdf", "字" * 300 + ".pdf": "字" * 100 + ".pdf",
    }  # fmt: skip
    assert {name: attaching.safe_name(name, "pdf") for name in given} == given


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_attached_is_refused(book, known, data):
    big = b"%PDF-1.4" + b"0" * (attachments.LARGEST - 7)
    for title, content, id in (
        (" ", PDF, "attachment.title"), ("空", b"", "attachment.empty"),
        ("大", big, "attachment.too_large"), ("页", b"<p>", "attachment.kind"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            attaching.hold(known, title=title, file_name="x", content=content)
        assert refused.value.id == id
    assert files(data) == []


ATTACH = """
from jiceng.runs import attaching
from jiceng.terms.registry import base_terms
from django.conf import settings
worker = 1 << 40 | 1
def told():
    found = attaching.documents(worker, on=date(2024, 6, 1), terms=base_terms())
    print([(one.title, len(attaching.content(one))) for one in found], [p.id for p in verify().problems])
"""
FILLED = """
book = ensure_book(513301, "康定市")
new_subjects(book, 1)
record(book, [person(worker, "人一", "110101199003070011"), post(worker, date(2020, 1, 1))], **asked)
held = attaching.hold(worker, title="证书", file_name="a.pdf", content=b"%PDF-1.4" + b"x" * 5000)
attaching.commit(book.id, [], [held], since=date(2024, 1, 1), **asked)
told()
"""


def _backed_up(site: Site, folder: Path) -> Path:
    printed = site.run(f"{OPEN}{ATTACH}{FILLED}\nprint(backup(Path({str(folder)!r}), clock=clock).path)").splitlines()
    assert printed[0] == "[('证书', 5008)] []"
    return Path(printed[-1])


def test_a_backup_carries_documents(site: Site, sites: Sites, tmp_path: Path):
    source = _backed_up(site, tmp_path / "kept")
    empty = sites.fresh(tmp_path)
    assert empty.run(f"{OPEN}{ATTACH}\nback(Path({str(source)!r}))\ntold()") == "restored 0\n[('证书', 5008)] []"


def test_a_backup_with_a_document_changed_or_missing_is_refused(site: Site, sites: Sites, tmp_path: Path):
    source = _backed_up(site, tmp_path / "kept")
    for number, change in enumerate((lambda content: content[:-1] + b"?", lambda content: None)):
        false = source.with_name(f"false{number}.jcb")
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(false, "w") as new:
            for name in old.namelist():
                content = change(old.read(name)) if name.startswith("files/attachments/") else old.read(name)
                if content is not None:
                    new.writestr(name, content)
        source.with_suffix(".keys").rename(false.with_suffix(".keys"))
        printed = sites.fresh(tmp_path).run(f"{OPEN}{ATTACH}\nback(Path({str(false)!r}))\nprint(Entry.objects.count())")
        assert printed == "ledger.backup_false\n0"
        false.with_suffix(".keys").rename(source.with_suffix(".keys"))


def test_an_erasure_holds_after_an_older_backup_is_restored(site: Site, tmp_path: Path):
    source = _backed_up(site, tmp_path / "kept")
    site.run(f"{OPEN}{ATTACH}\nerase(worker, actor='甲', basis='', why='', clock=clock)")
    printed = site.run(f"{OPEN}{ATTACH}\nback(Path({str(source)!r}), anyway=True)\nprint(sorted(Path(settings.DATA).rglob('*.sealed')))")
    assert printed == "restored 1\n[]"


def test_documents_move_to_the_other_database(site: Site, tmp_path: Path):
    sqlite = Sites(tmp_path / "sqlite", postgres=False).fresh(tmp_path)
    source = _backed_up(sqlite, tmp_path / "kept")
    (site.home / "keys" / "ring.json").write_bytes((sqlite.home / "keys" / "ring.json").read_bytes())
    assert site.run(f"{OPEN}{ATTACH}\nback(Path({str(source)!r}))\ntold()") == "restored 0\n[('证书', 5008)] []"
    assert on_postgres() == ("postgres" in site.address)

"""Backup → wipe → restore: the same heads, on the same database and across; erasures stay erasures."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.ledger.sites import Site, Sites, on_postgres

pytestmark = pytest.mark.database

OPEN = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.backup import backup, restore
from jiceng.ledger.books import ensure_book, new_subjects
from jiceng.ledger.identity import find_by_id_number, identity_of
from jiceng.ledger.models import Book, Entry, Fact, Key
from jiceng.ledger.guards import check_guards
from jiceng.ledger.record import Record, erase, record, undo
from jiceng.ledger.verify import verify
from tests.ledger.parts import person, post
clock = lambda: datetime.now(UTC)
asked = {"actor": "甲", "basis": "", "why": "", "clock": clock}
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
def back(source, **more):
    try:
        done = restore(source, keys=source.with_suffix(".keys"), actor="甲", clock=clock, **more)
        print("restored", len(done.erased))
    except Refusal as refusal:
        print(refusal.id)
"""
FILL = """
from django.contrib.auth import get_user_model
from django.conf import settings
book = ensure_book(513301, "康定市")
workers = new_subjects(book, 3)
for n, worker in enumerate(workers):
    record(book, [person(worker, f"人{n}", f"11010119900307{n:04d}"), post(worker, date(2020, 1, 1))], **asked)
undo(record(book, [post(workers[0], date(2021, 1, 1), post="grid")], **asked).id, actor="甲", why="", clock=clock)
get_user_model().objects.create_user("clerk", password="x")
folder = Path(settings.DATA) / "policies" / "cn"
folder.mkdir(parents=True)
(folder / "document.yaml").write_text("id: 示例")
"""
TELL = """
from django.contrib.auth import get_user_model
from django.conf import settings
print(reading.heads(), len(verify().problems))
print([get["name"] for get in identity_of([1 << 40 | n for n in (1, 2, 3)]).values()], find_by_id_number("110101199003070001"))
print([(row.kind, row.data, row.until) for row in reading.as_of([1 << 40 | 1], on=date(2024, 1, 1))])
print(get_user_model().objects.get().username, (Path(settings.DATA) / "policies" / "cn" / "document.yaml").read_text())
check_guards()
"""


def made(site: Site, folder: Path, more: str = "") -> Path:
    """A filled site's backup."""
    path = site.run(f"{OPEN}{FILL}{more}\nprint(backup(Path({str(folder)!r}), clock=clock).path)")
    return Path(path.splitlines()[-1])


def test_restored_into_an_empty_site(site: Site, sites: Sites, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    before = site.run(OPEN + TELL)
    assert source.with_suffix(".keys").stat().st_mode & 0o777 == 0o600
    empty = sites.fresh(tmp_path)
    assert empty.run(f"{OPEN}\nback(Path({str(source)!r}))") == "restored 0"
    assert empty.run(OPEN + TELL) == before
    # and it goes on: numbers, sequences and the chain continue
    go_on = """
book = Book.objects.get()
worker = new_subjects(book, 1)[0]
entry = record(book, [person(worker, "新人", "110101199003079999")], **asked)
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("second", password="x")
print(worker & 0xFF, entry.seq, len(verify().problems))
"""
    assert empty.run(OPEN + go_on) == "4 6 0"


def test_restored_over_itself_and_refused_over_something_newer(site: Site, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    assert site.run(f"{OPEN}\nback(Path({str(source)!r}))") == "restored 0"
    later = "record(Book.objects.get(), [post(1 << 40 | 1, date(2022, 1, 1), post='grid')], **asked)\n"
    told = "print(Entry.objects.count())\n"
    assert site.run(f"{OPEN}{later}back(Path({str(source)!r}))\n{told}").split() == ["ledger.backup_older", "6"]
    assert site.run(f"{OPEN}\nback(Path({str(source)!r}), anyway=True)\n{told}").split() == ["restored", "0", "5"]


def test_refused_over_another_ledger(site: Site, sites: Sites, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    other = sites.fresh(tmp_path)
    fill = "book = ensure_book(513301, '县')\nrecord(book, [post(new_subjects(book, 1)[0], date(2020, 1, 1))], **asked)\n"
    told = "print(Entry.objects.count())\ncheck_guards()\n"
    assert other.run(f"{OPEN}{fill}back(Path({str(source)!r}))\n{told}").split() == ["ledger.backup_false", "1"]


def test_a_changed_backup_is_refused_and_changes_nothing(site: Site, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    before = site.run(OPEN + TELL)
    false = tmp_path / "false.jcb"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(false, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"staff", b"grids") if name.endswith("ledger.fact.jsonl") else content)
    false.with_suffix(".keys").write_bytes(source.with_suffix(".keys").read_bytes())
    short = tmp_path / "short.jcb"
    short.write_bytes(source.read_bytes()[:-100])
    assert site.run(f"{OPEN}\nback(Path({str(false)!r}))\nback(Path({str(short)!r}))").split() == [
        "ledger.backup_false",
        "ledger.backup_broken",
    ]
    assert site.run(OPEN + TELL) == before


def test_an_erasure_after_the_backup_is_carried_out_again(site: Site, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    gone = 1 << 40 | 2
    told = f"print(sorted(identity_of([{gone - 1}, {gone}])) == [{gone - 1}], Key.objects.filter(subject={gone}).count())\n"
    told += "print(len(verify().problems), Entry.objects.order_by('seq').last().act)\n"
    code = f"{OPEN}erase({gone}, actor='甲', basis='申请', why='', clock=clock)\nback(Path({str(source)!r}), anyway=True)\n{told}"
    assert site.run(code).splitlines() == ["restored 1", "True 0", "0 erase"]


def test_an_erasure_before_the_backup_stays(site: Site, sites: Sites, tmp_path: Path):
    """Keys backed up earlier must not bring the identity back: an old keys file is no pair to a later backup."""
    early = made(site, tmp_path / "early")
    gone = 1 << 40 | 2
    late = f"print(backup(Path({str(tmp_path / 'late')!r}), clock=clock).path)"
    later = site.run(f"{OPEN}erase({gone}, actor='甲', basis='申请', why='', clock=clock)\n{late}")
    mixed = Path(later).with_suffix(".keys")
    mixed.write_bytes(early.with_suffix(".keys").read_bytes())
    empty = sites.fresh(tmp_path)
    assert empty.run(f"{OPEN}\nback(Path({later!r}))") == "ledger.backup_keys"


def test_another_ring_is_noticed_and_changes_nothing(site: Site, sites: Sites, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    empty = sites.fresh(tmp_path)
    (empty.home / "keys" / "ring.json").unlink()
    code = f"{OPEN}from jiceng.ledger.keys import ensure_ring\nensure_ring()\nback(Path({str(source)!r}))\nprint(Entry.objects.count())"
    assert empty.run(code).split() == ["ledger.blob", "0"]


def test_names_do_not_stand_in_the_backup(site: Site, tmp_path: Path):
    source = made(site, tmp_path / "kept")
    with zipfile.ZipFile(source) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        tables = json.loads(archive.read("manifest.json"))["tables"]
    assert ("人1".encode() in everything, b"110101199003070001" in everything) == (False, False)
    assert (tables["ledger.fact"], tables["ledger.entry"], "ledger.key" in tables, "runs.standing" in tables) == (9, 5, False, False)


def test_a_sqlite_ledger_moves_to_postgres_with_the_same_seals(site: Site, tmp_path: Path):
    sqlite = Sites(tmp_path / "sqlite", postgres=False).fresh(tmp_path)
    source = made(sqlite, tmp_path / "kept")
    (site.home / "keys" / "ring.json").write_bytes((sqlite.home / "keys" / "ring.json").read_bytes())
    assert site.run(f"{OPEN}\nback(Path({str(source)!r}))") == "restored 0"
    assert site.run(OPEN + TELL) == sqlite.run(OPEN + TELL)
    assert on_postgres() == ("postgres" in site.address)

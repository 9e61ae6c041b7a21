"""Identity under lock: blobs, wrapping, the ring's file, rotation, the blind index, erasure."""

from __future__ import annotations

import hmac
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError

from jiceng.base.refusals import Refusal
from jiceng.ledger import keys, reading
from jiceng.ledger.books import new_subjects
from jiceng.ledger.changes import Correct, Record
from jiceng.ledger.identity import find_by_id_number, find_by_id_numbers, identity_of, open_sealed, rebuild_lookups
from jiceng.ledger.models import Entry, Key, Lookup
from jiceng.ledger.record import erase, record, undo
from jiceng.ledger.sealing import SUITES, KeyRing, open_blob, seal_blob
from jiceng.ledger.verify import verify
from tests.ledger.parts import person

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NONCE = bytes(range(12))


@pytest.fixture
def own_ring(tmp_path, monkeypatch):
    """A ring in a folder of this test's own."""
    monkeypatch.setattr(settings, "KEYS", tmp_path / "keys")
    return keys.ensure_ring()


@pytest.mark.parametrize("name", sorted(SUITES))
def test_a_blob_opens_only_for_its_subject_and_key(name):
    suite = SUITES[name]
    ring = KeyRing.fresh(name)
    key, other = ring.fresh_keys(2)
    blob = seal_blob(suite, key, 7, "甲某".encode(), NONCE)
    assert open_blob(key, 7, blob).decode() == "甲某"
    changed = blob[:20] + bytes([blob[20] ^ 1]) + blob[21:]
    for wrong in ((key, 8, blob), (other, 7, blob), (key, 7, changed), (key, 7, blob[:-1]), (key, 7, b"\x09" + blob[1:]), (key, 7, b"")):
        with pytest.raises(Refusal) as refused:
            open_blob(*wrong)
        assert refused.value.id == "ledger.blob"


@pytest.mark.parametrize("name", sorted(SUITES))
def test_keys_wrap_and_unwrap(name):
    ring = KeyRing.fresh(name)
    subject_keys = ring.fresh_keys(3)
    wrapped = ring.wrap(subject_keys)
    assert ring.unwrap(1, wrapped) == subject_keys
    assert [len(key) for key in wrapped] == [SUITES[name].key_length] * 3
    assert set(wrapped) & set(subject_keys) == set()


def test_blind_index_is_an_hmac_and_forgives_writing():
    ring = KeyRing.fresh()
    plain = "11010119900307001X"
    expected = hmac.digest(ring.index, b"1\x1f" + plain.encode(), "sm3")[:16]
    for written in (plain, "11010119900307001x", " 110101 19900307 001X", "１１０１０１19900307001Ｘ"):
        assert ring.blind_index(1, written) == expected
    assert ring.blind_index(2, plain) != expected


def test_ring_file_is_private_and_comes_back(tmp_path):
    path = tmp_path / "keys" / "ring.json"
    ring = KeyRing.fresh("aes256-gcm").rotated()
    ring.save(path, away_from=tmp_path / "data")
    assert (KeyRing.load(path), path.stat().st_mode & 0o777) == (ring, 0o600)


def test_ring_refusals(tmp_path):
    path = tmp_path / "data" / "ring.json"
    found = []

    def refused(act):
        with pytest.raises(Refusal) as refusal:
            act()
        found.append(refusal.value.id)

    refused(lambda: KeyRing.fresh("des"))
    refused(lambda: KeyRing.fresh().save(path, away_from=tmp_path / "data"))
    refused(lambda: KeyRing.load(path))
    KeyRing.fresh().save(path, away_from=tmp_path / "elsewhere")
    path.chmod(0o644)
    refused(lambda: KeyRing.load(path))
    path.chmod(0o600)
    path.write_text("{}")
    refused(lambda: KeyRing.load(path))
    refused(lambda: KeyRing.fresh().unwrap(5, [bytes(16)]))
    assert found == ["ledger.suite", "ledger.ring_place", "ledger.no_ring", "ledger.ring_mode", "ledger.ring_broken", "ledger.ring_key"]


def test_the_ring_prints_no_key():
    ring = KeyRing.fresh()
    assert repr(ring.keys[1]) not in repr(ring)


def test_identity_is_sealed_and_found(book, worker, by):
    record(book, [person(worker)], basis="", **by)
    row = reading.as_of([worker], on=date(2024, 6, 1))[0]
    expected = {"id_number": "110101199003070011", "id_type": "身份证", "name": "甲某"}
    assert (row.data, open_sealed([row]), identity_of([worker])) == ({}, {row.id: expected}, {worker: expected})
    assert "甲某".encode() not in bytes(row.sealed)
    assert find_by_id_number("１10101199003070011") == worker
    assert find_by_id_numbers(["110101199003070011", "110101199003070012"]) == {"110101199003070011": worker}


def test_a_blob_moved_to_another_subject_does_not_open(book, by):
    one, two = new_subjects(book, 2)
    record(book, [person(one), person(two, "乙某", "110101199003070038")], basis="", **by)
    rows = reading.as_of([one, two], on=date(2024, 6, 1))
    with pytest.raises(Refusal) as refused:
        open_sealed([rows[0]._replace(subject=two)])
    assert refused.value.id == "ledger.blob"


def test_one_id_number_belongs_to_one_person(book, by):
    one, two = new_subjects(book, 2)
    record(book, [person(one)], basis="", **by)
    with pytest.raises(Refusal) as refused:
        record(book, [person(two, "乙某")], basis="", **by)
    assert (refused.value.id, Key.objects.count(), Entry.objects.count()) == ("ledger.identity_taken", 1, 1)
    assert "110101199003070011" not in refused.value.text


def test_look_ups_follow_correction_and_undo(book, worker, by):
    first = record(book, [person(worker)], basis="", **by)
    sealed = {"name": "甲某", "id_number": "110101199003070038"}
    second = record(book, [Correct(first.id << 20, date(2024, 1, 1), None, {}, sealed)], act="correct", basis="", **by)
    numbers = ["110101199003070011", "110101199003070038"]
    assert [find_by_id_number(number) for number in numbers] == [None, worker]
    undo(second.id, **by)
    assert [find_by_id_number(number) for number in numbers] == [worker, None]
    undo(first.id, **by)
    assert ([find_by_id_number(number) for number in numbers], Lookup.objects.count()) == ([None, None], 0)


def test_correcting_without_sealed_fields_keeps_them(book, worker, by):
    first = record(book, [person(worker)], basis="", **by)
    record(book, [Correct(first.id << 20, date(2020, 1, 1), None, {})], act="correct", basis="", **by)
    assert (identity_of([worker])[worker]["name"], reading.as_of([worker], on=date(2020, 1, 1))[0].data) == ("甲某", {})


def test_look_ups_can_be_rebuilt(book, worker, by):
    record(book, [person(worker)], basis="", **by)
    Lookup.objects.all().delete()
    assert (rebuild_lookups(), find_by_id_number("110101199003070011")) == (1, worker)


@pytest.mark.parametrize(("suite", "form", "size"), [("sm4-gcm", 1, 16), ("aes256-gcm", 2, 32)])
def test_the_suite_is_a_setting(suite, form, size, tmp_path, monkeypatch, book, worker, by):
    monkeypatch.setattr(settings, "KEYS", tmp_path / "keys")
    monkeypatch.setattr(settings, "SUITE", suite)
    keys.ensure_ring()
    entry = record(book, [person(worker)], basis="", **by)
    row = reading.as_of([worker], on=date(2024, 6, 1))[0]
    assert (entry.form, bytes(row.sealed)[0], len(bytes(Key.objects.get().wrapped))) == (form, form, size)
    assert (identity_of([worker])[worker]["name"], find_by_id_number("110101199003070011")) == ("甲某", worker)
    assert verify().problems == []


def test_rotation_keeps_everything_readable(own_ring, book, by):
    workers = new_subjects(book, 3)
    record(book, [person(w, f"人{n}", f"11010119900307{n:04d}") for n, w in enumerate(workers)], basis="", **by)
    before = identity_of(workers)
    assert (keys.rotate_ring(), identity_of(workers)) == (3, before)
    ring = keys.ring()
    assert (ring.current, sorted(ring.keys), set(Key.objects.values_list("ring", flat=True))) == (2, [2], {2})
    assert own_ring.keys[1] != ring.keys[2]


def test_erasure_destroys_the_identity_and_nothing_else(book, by):
    one, two = new_subjects(book, 2)
    changes = [person(one), Record(one, "sex", date(2024, 1, 1), None, {"sex": "male"}), person(two, "乙某", "110101199003070038")]
    first = record(book, changes, basis="", **by)
    entry = erase(one, basis="本人申请", **by)
    assert (sorted(identity_of([one, two])), find_by_id_number("110101199003070011")) == ([two], None)
    rows = reading.as_of([one], on=date(2024, 6, 1))
    assert [row.kind for row in rows] == ["person", "sex", "erasure"]
    assert open_sealed(rows) == {rows[0].id: None}
    assert (verify().problems, entry.act) == ([], "erase")
    ids = []
    for act in (
        lambda: erase(one, basis="", **by),
        lambda: record(book, [person(one)], basis="", **by),
        lambda: undo(entry.id, **by),
        lambda: erase(two + 1, basis="", **by),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        ids.append(refused.value.id)
    assert ids == ["ledger.erased", "ledger.erased", "ledger.erase_final", "ledger.no_subject"]
    assert first.seq == 1


def test_known_erasure_is_dated_by_the_local_day(book, worker, by, clock):
    record(book, [person(worker)], basis="", **by)
    clock.now = clock.now.replace(day=9, hour=17) - timedelta(seconds=1)  # one in the morning of the 10th in China
    erase(worker, basis="", **by)
    assert [told.fact.since for told in reading.everything(worker)][-1] == date(2024, 5, 10)


def test_a_look_up_is_unique_for_the_database(book, worker, by):
    record(book, [person(worker)], basis="", **by)
    with pytest.raises(IntegrityError):
        Lookup.objects.create(digest=bytes(Lookup.objects.get().digest), kind=1, subject=9)


def test_erasure_leaves_no_key_on_the_disk(site):
    """The wrapped key is in the file or its log before, and in neither after."""
    code = """
from datetime import UTC, date, datetime
from pathlib import Path
from django.db import connection
from jiceng.ledger.books import ensure_book, new_subjects
from jiceng.ledger.models import Key, Lookup
from jiceng.ledger.record import erase, record
from tests.ledger.parts import person
clock = lambda: datetime.now(UTC)
book = ensure_book(513301, "康定市")
workers = new_subjects(book, 300)
record(book, [person(w, "人", f"11010119900307{n:04d}") for n, w in enumerate(workers)], actor="甲", basis="", why="", clock=clock)
def read():
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return b"".join(Path(name + end).read_bytes() for end in ("", "-wal") if Path(name + end).exists())
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        cursor.execute("CHECKPOINT")
        pages = b""
        for table in ("ledger_key", "ledger_lookup"):
            cursor.execute(f"SELECT pg_relation_size('{table}') / 8192")
            for page in range(cursor.fetchone()[0]):
                cursor.execute(f"SELECT get_raw_page('{table}', {page})")
                pages += bytes(cursor.fetchone()[0])
        return pages
gone = workers[150]
wrapped, digest = bytes(Key.objects.get(subject=gone).wrapped), bytes(Lookup.objects.get(subject=gone).digest)
print(wrapped in read(), digest in read())
erase(gone, actor="甲", basis="", why="", clock=clock)
print(wrapped in read(), digest in read())
"""
    assert site.run(code).split() == ["True", "True", "False", "False"]

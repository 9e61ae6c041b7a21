"""Whatever is changed behind the ledger's back is found, and said where."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from jiceng.ledger import reading
from jiceng.ledger.appending import seal_of_entry
from jiceng.ledger.canonical import root_of
from jiceng.ledger.ids import entry_name
from jiceng.ledger.models import Entry
from jiceng.ledger.record import record
from jiceng.ledger.tables import FACT_SQL, rows
from jiceng.ledger.verify import verify
from tests.ledger.lifted import lifted
from tests.ledger.parts import person, post

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def three(book, worker, by):
    """Three entries: an appointment, a person, an appointment that cuts the first."""
    changes = [[post(worker, date(2020, 1, 1))], [person(worker)], [post(worker, date(2021, 1, 1), post="grid")]]
    return [record(book, some, basis="通知", **by) for some in changes]


def tamper(sql, *parameters):
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def found():
    return [(problem.id, problem.path) for problem in verify().problems]


def test_a_whole_ledger_has_no_findings(three):
    findings = verify(heads=reading.heads())
    assert (findings.problems, findings.whole, findings.entries, findings.facts, findings.endings) == ([], True, 3, 4, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", 7),
        ("kind", 21),
        ("slot", "[1]"),
        ("since", "2019-12-31"),
        ("until", "2020-12-31"),
        ("place", 513301001002),
        ("data", '{"post":"staff" }'),
        ("sealed", b"\x00"),
    ],
)
def test_one_changed_cell_of_a_fact_is_found(three, column, value):
    tamper(f"UPDATE ledger_fact SET {column} = %s WHERE id = %s", value, three[0].id << 20)
    assert found() == [("ledger.content", entry_name(three[0].id))]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "别人"),
        ("act", "correct"),
        ("basis", ""),
        ("why", "另"),
        ("batch", 5),
        ("undoes", 5),
        ("loaded", True),
    ],
)
def test_one_changed_cell_of_an_entry_is_found(three, column, value):
    tamper(f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", value, three[1].id)
    assert found() == [("ledger.seal", entry_name(three[1].id))]


def test_a_changed_known_is_found_wherever_it_stands(three):
    tamper("UPDATE ledger_fact SET known = known + 1 WHERE id = %s", three[0].id << 20)
    assert found() == [("ledger.known_copy", entry_name(three[0].id))]
    tamper("UPDATE ledger_ending SET known = known - 1")
    assert found() == [("ledger.known_copy", entry_name(three[0].id)), ("ledger.known_copy", entry_name(three[2].id))]


def test_two_exchanged_blobs_are_found(book, by, three, worker):
    other = record(book, [person(worker, "改名")], basis="", **by)
    one, two = three[1].id << 20, other.id << 20
    blobs = dict(rows("SELECT id, sealed FROM ledger_fact WHERE id IN (%s, %s)", [one, two]))
    tamper("UPDATE ledger_fact SET sealed = %s WHERE id = %s", bytes(blobs[two]), one)
    assert found() == [("ledger.content", entry_name(three[1].id))]


def test_a_removed_fact_and_a_removed_ending_are_found(three):
    tamper("DELETE FROM ledger_ending")
    tamper("DELETE FROM ledger_fact WHERE id = %s", three[1].id << 20)
    assert [problem for problem in found() if problem[0] == "ledger.count"] == [
        ("ledger.count", entry_name(three[1].id)),
        ("ledger.count", entry_name(three[2].id)),
    ]


def test_overlapping_facts_are_found(three, worker):
    tamper("DELETE FROM ledger_ending")
    assert ("ledger.overlap", f"编号 {worker}") in found()


def test_a_removed_entry_is_found(three):
    tamper("DELETE FROM ledger_entry WHERE id = %s", three[1].id)
    ids = [problem[0] for problem in found()]
    assert ids == ["ledger.gap", "ledger.chain", "ledger.stray"]


def test_a_fact_put_under_no_entry_is_found(three):
    values = "VALUES (%s, 7, 3, NULL, '2020-01-01', '9999-12-31', 1, NULL, '{}', NULL)"
    tamper(f"INSERT INTO ledger_fact {values}", (three[2].id + 1) << 20)
    assert [problem[0] for problem in found()] == ["ledger.stray"]


def test_a_fact_of_a_book_that_is_not_there_is_found(three):
    values = "VALUES (%s, 7, 3, NULL, '2020-01-01', '9999-12-31', 1, NULL, '{}', NULL)"
    tamper(f"INSERT INTO ledger_fact {values}", (77 << 25 | 1) << 20)
    assert [problem[0] for problem in found()] == ["ledger.stray"]


def test_an_ending_of_nothing_is_found(three):
    tamper("UPDATE ledger_ending SET fact = 12345")
    assert ("ledger.ending", entry_name(three[2].id)) in found()


def test_a_tail_cut_off_is_found_by_the_head_kept_elsewhere(three, book):
    heads = reading.heads()
    tamper("DELETE FROM ledger_fact WHERE id >= %s", three[2].id << 20)
    tamper("DELETE FROM ledger_ending")
    tamper("DELETE FROM ledger_entry WHERE id = %s", three[2].id)
    assert found() == []
    assert [(problem.id, problem.path) for problem in verify(heads=heads).problems] == [("ledger.cut", f"账簿 {book.id}")]


def test_a_tail_sealed_anew_is_found_by_the_head_kept_elsewhere(three):
    """The intruder changes a fact and computes root, seals and chain again, as someone with our code can."""
    heads = reading.heads()
    tamper("UPDATE ledger_fact SET data = %s WHERE id = %s", '{"post":"director"}', three[0].id << 20)
    previous = bytes(32)
    for entry in Entry.objects.order_by("seq"):
        facts = rows(f"SELECT {FACT_SQL} FROM ledger_fact f WHERE f.id >> 20 = %s ORDER BY f.id", [entry.id])
        endings = [row[0] for row in rows("SELECT fact FROM ledger_ending WHERE entry = %s ORDER BY fact", [entry.id])]
        entry.root, entry.previous = root_of(entry.form, facts, endings), previous
        previous = seal_of_entry(entry)
        tamper("UPDATE ledger_entry SET root = %s, previous = %s, seal = %s WHERE id = %s", entry.root, entry.previous, previous, entry.id)
    assert found() == []
    assert [problem.id for problem in verify(heads=heads).problems] == ["ledger.resealed"]


def test_one_book_can_be_verified_alone(three, book):
    assert (verify(book.id).entries, verify(book.id + 1).entries) == (3, 0)

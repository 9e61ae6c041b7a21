"""Landing many subjects: the same ledger as entry by entry, all or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.ledger import bulk, reading
from jiceng.ledger.books import new_subjects
from jiceng.ledger.changes import Correct, Record
from jiceng.ledger.identity import find_by_id_number, identity_of
from jiceng.ledger.models import Entry, Fact, Key, Lookup
from jiceng.ledger.record import record, undo_batch
from jiceng.ledger.verify import verify
from tests.ledger.parts import COMMUNITY, person, post

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ODD = "反斜线\\ \\N 制表\t换行\n引号\"' 表情😀 逗号, 花括号{}"


def wanted(subject, n, number=0):
    return [
        person(subject, f"人{n}", f"11010119900307{number or n:04d}"),
        post(subject, date(2020, 1, 1), place=COMMUNITY + n % 7),
        post(subject, date(2022, 1, 1), post="grid", place=COMMUNITY + n % 7),
        Record(subject, "remark", date(2020, 1, 1), None, {"text": f"{ODD}{n}"}),
        Record(subject, "training", date(2023, 5, 6), None, {"hours": n + 1}),
    ]


def told(subjects, on):
    return [
        (row.subject - subjects[0], row.kind, row.slot, row.since, row.until, row.place, row.data)
        for row in reading.history(subjects, on=on)
    ]


def test_landing_equals_recording(book, by, monkeypatch):
    monkeypatch.setattr(bulk, "SUBJECTS_AN_ENTRY", 40)
    landed, recorded = new_subjects(book, 100), new_subjects(book, 100)
    seen = []
    chunks = ([(s, wanted(s, n)) for n, s in part] for part in (list(enumerate(landed))[:70], list(enumerate(landed))[70:]))
    entries = bulk.land(book, chunks, basis="名册", batch=9, progress=seen.append, **by)
    for n, subject in enumerate(recorded):
        record(book, wanted(subject, n, 1000 + n), basis="", **by)
    on = date(2024, 1, 1)
    sizes = [(len(reading.touched(entry)), entry.batch, entry.act) for entry in entries]
    assert sizes == [(40, 9, "import"), (30, 9, "import"), (30, 9, "import")]
    assert seen == [40, 70, 100]
    assert told(landed, on) == told(recorded, on)
    assert reading.as_of([landed[3]], on=on, kinds=["remark"])[0].data == {"text": f"{ODD}3"}
    assert find_by_id_number("110101199003070042") == landed[42]
    assert identity_of([landed[42]])[landed[42]]["name"] == "人42"
    assert verify().problems == []


def test_landing_new_and_known_subjects_together(book, by):
    known, new = new_subjects(book, 2)
    first = record(book, wanted(known, 1), basis="", **by)
    remark = next(row for row in reading.entry(first.id).wrote if row.kind == "remark")
    changes = [Correct(remark.id, date(2020, 1, 1), None, {"text": "改"}), post(known, date(2023, 1, 1), place=COMMUNITY + 1)]
    entry = bulk.land(book, [[(known, changes), (new, wanted(new, 2))]], basis="", **by)[0]
    assert [row.data["text"] for row in reading.as_of([known], on=date(2024, 1, 1), kinds=["remark"])] == ["改"]
    assert (entry.endings, entry.batch) == (2, entry.id)
    assert verify().problems == []


def test_a_landing_is_undone_by_its_batch(book, by):
    subjects = new_subjects(book, 30)
    entries = bulk.land(book, [[(s, wanted(s, n)) for n, s in enumerate(subjects)]], basis="", **by)
    undo_batch(entries[0].batch, **by)
    assert (reading.history(subjects, on=date(2024, 1, 1)), Lookup.objects.count(), Key.objects.count()) == ([], 0, 30)
    assert verify().problems == []


def test_a_wrong_row_leaves_nothing(book, by, monkeypatch):
    monkeypatch.setattr(bulk, "SUBJECTS_AN_ENTRY", 10)
    subjects = new_subjects(book, 25)
    chunk = [(s, wanted(s, n)) for n, s in enumerate(subjects)]
    chunk[24][1].append(Record(subjects[24], "sex", date(2020, 1, 1), None, {"sex": "男"}))
    with pytest.raises(Refusal) as refused:
        bulk.land(book, [chunk], basis="", **by)
    counts = [model.objects.count() for model in (Entry, Fact, Key, Lookup)]
    assert (refused.value.id, counts) == ("ledger.code", [0, 0, 0, 0])


@pytest.mark.parametrize("known", [False, True])
def test_one_id_number_twice_leaves_nothing(book, by, known):
    one, two = new_subjects(book, 2)
    if known:
        record(book, [person(one)], basis="", **by)
    chunk = [(two, [person(two)])] if known else [(one, [person(one)]), (two, [person(two)])]
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        bulk.land(book, [chunk], basis="", **by)
    assert (refused.value.id, Entry.objects.count(), "110***********0011" in refused.value.text) == ("ledger.identity_taken", before, True)


def test_equal_looking_contents_are_still_told_apart(book, by):
    """1 and True are equal to Python; the second must be refused although the first was just accepted."""
    one, two = new_subjects(book, 2)
    chunk = [(s, [Record(s, "training", date(2023, 1, 1), None, {"hours": hours})]) for s, hours in ((one, 1), (two, True))]
    with pytest.raises(Refusal) as refused:
        bulk.land(book, [chunk], basis="", **by)
    assert refused.value.id == "ledger.value"


def test_subjects_without_changes_are_passed_over(book, worker, by):
    assert bulk.land(book, [[(worker, [])]], basis="", **by) == []


def test_a_new_person_with_two_numbers_is_found_by_both(book, worker, by):
    later = Record(worker, "person", date(2025, 1, 1), None, {}, {"name": "甲某", "id_number": "110101199003070038"})
    bulk.land(book, [[(worker, [person(worker), later])]], basis="", **by)
    assert [find_by_id_number(number) for number in ("110101199003070011", "110101199003070038")] == [worker, worker]

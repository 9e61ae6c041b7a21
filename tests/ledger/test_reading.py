"""Reading by place, by kind, by known time; and of kinds whose declaration has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.books import book_of, ensure_book, new_subjects, number_of
from jiceng.ledger.changes import Correct, Record
from jiceng.ledger.models import Book
from jiceng.ledger.record import record, undo
from jiceng.places.tree import ranges, subject_of
from jiceng.terms.registry import base_terms
from tests.ledger.parts import COMMUNITY, COUNTY, post

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ON = date(2024, 1, 1)


def test_placed_in_a_subtree(book, by):
    one, two, three = new_subjects(book, 3)
    here, street, elsewhere = COMMUNITY, COMMUNITY // 1000, 510104001001
    changes = [post(s, date(2020, 1, 1), place=place) for s, place in ((one, here), (two, street), (three, elsewhere))]
    first = record(book, changes, basis="", **by)
    assert reading.placed_in(ranges(COUNTY), on=ON) == [one, two]
    assert reading.placed_in(ranges(COMMUNITY), on=ON) == [one]
    assert reading.placed_in(ranges(0), on=ON) == [one, two, three]
    assert reading.placed_in([], on=ON) == []
    undo(first.id, **by)
    assert reading.placed_in(ranges(COUNTY), on=ON) == []
    assert reading.placed_in(ranges(COUNTY), on=ON, known_by=first.known_at) == [one, two]


def test_kinds_and_subjects(book, worker, by):
    place = subject_of(COMMUNITY)
    document = (1 << 61) | 7
    first = record(
        book,
        [
            post(worker, date(2020, 1, 1), date(2021, 1, 1)),
            Record(place, "population", date(2020, 1, 1), None, {"urban_residents": 2560}),
            Record(document, "adoption", date(2021, 1, 1), None, {"document": "cn/x", "office": "县委社会工作部"}),
        ],
        basis="",
        **by,
    )
    assert [row.data["office"] for row in reading.as_of_kind("adoption", on=ON)] == ["县委社会工作部"]
    assert reading.as_of_kind("adoption", on=date(2020, 12, 31)) == []
    assert [reading.subjects_of(kind) for kind in ("appointment", "population", "adoption")] == [[worker], [place], [document]]
    assert reading.touched(first) == [worker, document, place]
    later = record(book, [Correct(first.id << 20, None, None, None)], act="correct", basis="", **by)
    assert (reading.subjects_of("appointment"), reading.subjects_of("appointment", known_by=first.known_at)) == ([], [worker])
    assert reading.touched(later) == [worker]


def test_as_of_asks_for_kinds(book, worker, by):
    record(book, [post(worker, date(2020, 1, 1)), Record(worker, "sex", date(2020, 1, 1), None, {"sex": "male"})], basis="", **by)
    assert [row.kind for row in reading.as_of([worker], on=ON)] == ["sex", "appointment"]
    assert [row.kind for row in reading.as_of([worker], on=ON, kinds=["sex"])] == ["sex"]
    with pytest.raises(Refusal) as refused:
        reading.as_of([worker], on=ON, kinds=["salary"])
    assert refused.value.id == "ledger.kind"


def test_many_subjects_at_once(book, by):
    subjects = new_subjects(book, 1200)
    record(book, [post(s, date(2020, 1, 1)) for s in subjects], basis="", **by)
    assert [row.subject for row in reading.as_of(reversed(subjects), on=ON)] == list(subjects)


def test_old_shape_is_still_read_after_the_declaration_changed(book, worker, by):
    """The field `hours` leaves the declaration, another comes; what was written keeps its shape. The kind goes: a number."""
    terms = base_terms()
    record(book, [Record(worker, "training", date(2023, 5, 6), None, {"hours": 40})], basis="", **by)
    old = terms.kinds["training"]
    fields = {name: field for name, field in old.fields.items() if name != "hours"}
    changed = replace(terms, kinds={**terms.kinds, "training": replace(old, fields=fields)})
    assert [row.data for row in reading.as_of([worker], on=ON, terms=changed)] == [{"hours": 40}]
    with pytest.raises(Refusal) as refused:
        record(book, [Record(worker, "training", date(2024, 5, 6), None, {"hours": 40})], basis="", terms=changed, **by)
    assert refused.value.id == "ledger.field"
    gone = replace(terms, kinds={name: kind for name, kind in terms.kinds.items() if name != "training"})
    assert [(row.kind, row.data) for row in reading.as_of([worker], on=ON, terms=gone)] == [("13", {"hours": 40})]


def test_a_folder_may_add_a_kind(book, worker, by):
    text = "kinds: {badge: {number: 900, name: 工牌, of: worker, cardinality: one, fields: {number: {name: 编号, type: text}}}}"
    terms = base_terms().layered(text, "terms.yaml")
    record(book, [Record(worker, "badge", date(2023, 5, 6), None, {"number": "A7"})], basis="", terms=terms, **by)
    assert [(row.kind, row.data) for row in reading.as_of([worker], on=ON, terms=terms)] == [("badge", {"number": "A7"})]


def test_entries_by_id(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="通知", **by)
    assert {number: entry.basis for number, entry in reading.entries_by_id([first.id, 5]).items()} == {first.id: "通知"}
    assert reading.entry(5) is None


def test_pinned_is_the_clock(db, clock):
    assert reading.pinned(clock) == clock.now


def test_books_by_place(db):
    with pytest.raises(Refusal) as refused:
        book_of(COUNTY)
    assert refused.value.id == "ledger.no_book"
    home, county = ensure_book(5133, "甘孜州"), ensure_book(COUNTY, "康定市")
    assert ensure_book(COUNTY, "又一次") == county
    places = (COUNTY, COMMUNITY, 513322001001, 5133, 510104001001, 0)
    assert [book_of(place) for place in places] == [county, county, home, home, home, home]
    assert (number_of(county), number_of(county.id), Book.objects.count()) == (county.id, county.id, 2)


def test_new_subjects_are_never_given_twice(db):
    home, county = ensure_book(5133, "甘孜州"), ensure_book(COUNTY, "康定市")
    given = [*new_subjects(county, 3), *new_subjects(county, 2), *new_subjects(home, 1)]
    assert given == [county.id << 40 | n for n in range(1, 6)] + [home.id << 40 | 1]

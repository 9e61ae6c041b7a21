"""Sealed personal data: to whom, with which reason, and that it is written down first. Invented persons."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jiceng.access.models import Denial, Reveal
from jiceng.access.reveals import places_of, reveal, sealed_fields
from jiceng.base.refusals import Refusal
from jiceng.ledger.books import ensure_book
from jiceng.ledger.changes import Record
from jiceng.ledger.keys import ensure_ring
from jiceng.ledger.record import erase, new_subjects, record
from tests.access.conftest import COUNTY, DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
STREET, COMMUNITY, ELSEWHERE = 513324100, 513324100001, 513325100001
REASON = "核对社会保险登记"


def clock() -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def worker():
    """A worker of the county's book with name, number, phone; at the places given."""
    ensure_ring()
    book = ensure_book(COUNTY, "九龙县")

    def make(*appointments: tuple[date, date | None, int]) -> int:
        subject = new_subjects(book, 1)[0]
        changes = [
            Record(
                subject, "person", date(2015, 1, 1), None, {}, {"name": "示例甲", "id_number": "51332419900101001X", "id_type": "id_card"}
            ),
            Record(subject, "contact", date(2015, 1, 1), None, {}, {"phone": "13800001234"}),
        ]
        changes += [Record(subject, "appointment", since, until, {"post": "staff"}, place=place) for since, until, place in appointments]
        record(book, changes, actor="test", basis="示例", why="登记", clock=clock)
        return subject

    return make


def ask(scope, subject, *, fields=("id_number",), reason=REASON):
    return reveal(scope, subject, fields=fields, reason=reason, today=DAY)


def refusal_of(*args, **named) -> str:
    with pytest.raises(Refusal) as caught:
        ask(*args, **named)
    return caught.value.id


def test_sealed_fields_are_those_of_the_terms():
    assert sealed_fields() == {
        "name": "person", "id_number": "person", "id_type": "person", "phone": "contact", "address": "contact",
        "bank_account": "pay_account", "bank_name": "pay_account",
    }  # fmt: skip


def test_officer_of_the_place_sees_what_was_asked_and_it_is_logged(worker, scope):
    subject, officer = worker((date(2020, 1, 1), None, COMMUNITY)), scope(officer=COUNTY)
    assert ask(officer, subject, fields=("id_number", "phone", "address")) == {"id_number": "51332419900101001X", "phone": "13800001234"}
    row = Reveal.objects.get()
    assert (row.account_id, row.subject, row.fields, row.place, row.reason, row.address) == (
        officer.account,
        subject,
        "id_number、phone、address",
        COMMUNITY,
        REASON,
        "192.0.2.1",
    )


@pytest.mark.parametrize(
    ("role", "place"), [("officer", 513325), ("clerk", COUNTY), ("viewer", COUNTY), ("admin", COUNTY), ("officer", 513324101)]
)
def test_who_may_not_reveal_sees_nothing_and_the_denial_is_logged(worker, scope, role, place):
    subject, held = worker((date(2020, 1, 1), None, COMMUNITY)), scope(**{role: place})
    assert refusal_of(held, subject) == "access.denied"
    assert Reveal.objects.count() == 0
    row = Denial.objects.get()
    assert (row.account_id, row.permission, row.place) == (held.account, "reveal", COMMUNITY)


@pytest.mark.parametrize("reason", ["", "   ", "查看", " 查一下 "])
def test_reason_is_asked_for(worker, scope, reason):
    subject = worker((date(2020, 1, 1), None, COMMUNITY))
    assert refusal_of(scope(officer=COUNTY), subject, reason=reason) == "access.reason"
    assert Reveal.objects.count() == 0


@pytest.mark.parametrize("fields", [(), ("birth",), ("phone", "salary")])
def test_only_sealed_fields_are_revealed(worker, scope, fields):
    subject = worker((date(2020, 1, 1), None, COMMUNITY))
    assert refusal_of(scope(officer=COUNTY), subject, fields=fields) == "access.field"
    assert Reveal.objects.count() == 0


def test_worker_who_moved_is_revealed_only_where_the_worker_is_now(worker, scope):
    subject = worker((date(2018, 1, 1), date(2023, 1, 1), COMMUNITY), (date(2023, 1, 1), None, ELSEWHERE))
    assert places_of(subject, on=DAY) == (ELSEWHERE,)
    assert refusal_of(scope("old", officer=COUNTY), subject) == "access.denied"
    assert ask(scope("new", officer=513325), subject) == {"id_number": "51332419900101001X"}


def test_worker_at_two_places_is_revealed_at_either(worker, scope):
    subject = worker((date(2018, 1, 1), None, COMMUNITY), (date(2023, 1, 1), None, ELSEWHERE))
    assert places_of(subject, on=DAY) == (COMMUNITY, ELSEWHERE)
    assert len(ask(scope("one", officer=COUNTY), subject)) == len(ask(scope("other", officer=513325), subject)) == 1
    assert sorted(Reveal.objects.values_list("place", flat=True)) == [COMMUNITY, ELSEWHERE]


def test_worker_who_left_stays_with_the_last_place(worker):
    assert places_of(worker((date(2018, 1, 1), date(2023, 1, 1), STREET)), on=DAY) == (STREET,)


def test_worker_without_an_appointment_stays_with_the_book(worker):
    assert places_of(worker(), on=DAY) == (COUNTY,)


def test_subject_that_no_book_knows_is_refused_below_the_nation(scope):
    assert places_of(9 << 40 | 1, on=DAY) == ()
    assert refusal_of(scope(officer=COUNTY), 9 << 40 | 1) == "access.denied"


def test_erased_person_is_said_to_be_erased(worker, scope):
    subject = worker((date(2020, 1, 1), None, COMMUNITY))
    erase(subject, actor="test", basis="本人申请", why="删除个人信息", clock=clock)
    assert refusal_of(scope(officer=COUNTY), subject) == "access.erased"

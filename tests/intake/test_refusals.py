"""Refusals of an upload as a whole: each once, with what is (not) written then."""

from __future__ import annotations

import pytest

from jiceng.base.refusals import Refusal
from jiceng.intake import containers, uploads
from jiceng.intake.landing import land
from jiceng.intake.models import Upload
from jiceng.intake.sheets import read_sheets
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Entry, Fact
from jiceng.terms.registry import base_terms
from tests.intake.conftest import AS_OF, SCOPE
from tests.intake.test_sheets import FILES
from tests.intake.ugly import people, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def kept(ganzi, clock):
    return lambda raw: uploads.keep(raw, name="花名册.xlsx", account=None, place=SCOPE, as_of=AS_OF, clock=clock)


def refused(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.id


def test_ledger_that_moved_after_the_preview_refuses_the_landing_and_nothing_is_written(kept, imported, clock):
    """Between preview and landing another import puts the same person into another community."""
    person = people(1)[0].but(任现岗时间="2021-03-05")
    looked = uploads.look(kept(workbook([person])), terms=base_terms())
    imported(workbook([person.but(社区="水井子社区")]))
    before = (Entry.objects.count(), Fact.objects.count())
    said = refused(
        lambda: land(looked, book=book_of(SCOPE).id, actor="测试员", basis="", why="", clock=clock, batch=99, terms=base_terms())
    )
    assert (said, (Entry.objects.count(), Fact.objects.count())) == ("intake.ledger_moved", before)


def test_discarded_file_can_be_neither_looked_at_nor_confirmed_until_it_is_sent_again(kept, clock):
    raw = workbook(people(1))
    upload = kept(raw)
    assert uploads.discard(older_than=0, clock=clock) == 1
    assert refused(lambda: uploads.look(upload, terms=base_terms())) == "intake.file_gone"
    assert refused(lambda: uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())) == "intake.file_gone"
    assert uploads.look(kept(raw), terms=base_terms()).new == 1


def test_discarding_wants_a_number_of_days_that_is_one(kept, clock):
    assert refused(lambda: uploads.discard(older_than=-1, clock=clock)) == "intake.discard_days"


def test_upload_that_did_not_land_cannot_be_undone_nor_one_that_was_undone(kept, clock):
    upload = kept(workbook(people(1)))
    assert refused(lambda: uploads.undo(upload, actor="测试员", why="传错了", clock=clock)) == "intake.not_landed"
    uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    uploads.undo(upload, actor="测试员", why="传错了", clock=clock)
    assert refused(lambda: uploads.undo(upload, actor="测试员", why="传错了", clock=clock)) == "intake.not_landed"


def test_file_without_an_acceptable_row_lands_nothing(kept, clock):
    upload = kept(workbook([person.but(岗位="所长") for person in people(2)]))
    assert refused(lambda: uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())) == "intake.nothing_to_land"
    assert (Entry.objects.count(), Upload.objects.get(pk=upload.pk).batch) == (0, None)


def test_heading_can_only_mean_a_column_of_the_roster(ganzi, clock):
    def correct() -> None:
        uploads.correct_heading("工种", "salary", place=SCOPE, account=None, clock=clock)

    assert (refused(correct), dict(uploads.remembered_headings(SCOPE))) == ("intake.column_unknown", {})


def test_too_large_a_file_is_not_kept(kept, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILE", 1000)
    monkeypatch.setattr(containers, "MAX_FILE", 1000)
    assert refused(lambda: kept(bytes(1001))) == "intake.too_large"
    assert refused(lambda: read_sheets(bytes(1001))) == "intake.too_large"
    assert Upload.objects.count() == 0


def test_workbook_really_encrypted_with_a_password_is_refused():
    """Encrypted as Excel does it (ECMA-376 agile); the password does not matter, we never ask for one."""
    assert refused(lambda: read_sheets(FILES / "encrypted.xlsx")) == "intake.encrypted"

"""Recording, correcting, undoing: what is believed afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.books import new_subjects
from jiceng.ledger.changes import Correct, Record
from jiceng.ledger.ids import entry_name
from jiceng.ledger.models import Entry, Fact
from jiceng.ledger.record import record, undo, undo_batch
from tests.ledger.parts import COMMUNITY, Ticking, person, post

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def believed(subject, on, **asked):
    return [(row.kind, row.data, row.since, row.until) for row in reading.as_of([subject], on=on, **asked)]


def posts(subject, on, **asked):
    return [row.data["post"] for row in reading.as_of([subject], on=on, kinds=["appointment"], **asked)]


def test_record_then_read(book, worker, by):
    entry = record(book, [post(worker, date(2020, 3, 1))], basis="任命通知", **by)
    row = reading.as_of([worker], on=date(2024, 1, 1))[0]
    assert row._asdict() == {
        "id": entry.id << 20,
        "subject": worker,
        "kind": "appointment",
        "slot": f"[{COMMUNITY}]",
        "since": date(2020, 3, 1),
        "until": OPEN_END,
        "known": entry.known_at,
        "place": COMMUNITY,
        "data": {"post": "staff"},
        "sealed": None,
        "entry": entry.id,
    }
    assert (entry.seq, entry.facts, entry.endings, entry.act, entry.loaded) == (1, 1, 0, "record", False)


def test_half_open_edges(book, worker, by):
    record(book, [post(worker, date(2020, 3, 1), date(2022, 6, 1))], basis="", **by)
    days = [date(2020, 2, 29), date(2020, 3, 1), date(2022, 5, 31), date(2022, 6, 1)]
    assert [posts(worker, day) for day in days] == [[], ["staff"], ["staff"], []]
    ranges = [(COMMUNITY, COMMUNITY)]
    assert [reading.placed_in(ranges, on=day) for day in days] == [[], [worker], [worker], []]


def test_zero_length_period_is_refused(book, worker, by):
    with pytest.raises(Refusal) as refused:
        record(book, [post(worker, date(2020, 3, 1), date(2020, 3, 1))], basis="", **by)
    assert refused.value.id == "ledger.period"
    assert "2020年3月1日" in refused.value.text
    assert Entry.objects.count() == 0


def test_overlap_is_split(book, worker, by):
    record(book, [post(worker, date(2020, 1, 1), post="staff")], basis="", **by)
    record(book, [post(worker, date(2021, 1, 1), date(2022, 1, 1), post="director")], basis="", **by)
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    assert [posts(worker, day) for day in days] == [["staff"], ["director"], ["director"], ["staff"]]


def test_many_holds_side_by_side(book, worker, by):
    other = COMMUNITY + 1
    record(book, [post(worker, date(2020, 1, 1)), post(worker, date(2021, 1, 1), post="grid", place=other)], basis="", **by)
    rows = reading.as_of([worker], on=date(2024, 1, 1))
    assert [(row.place, row.data["post"]) for row in rows] == [(COMMUNITY, "staff"), (other, "grid")]


def test_changes_of_one_entry_apply_in_order_and_leave_no_trace(book, worker, by):
    changes = [post(worker, date(2020, 1, 1), post="staff"), post(worker, date(2020, 1, 1), post="grid")]
    entry = record(book, changes, basis="", **by)
    assert (posts(worker, date(2024, 1, 1)), entry.facts, entry.endings) == (["grid"], 1, 0)


def test_event_is_seen_on_and_after_its_day(book, worker, by):
    record(book, [Record(worker, "training", date(2023, 5, 6), None, {"hours": 40, "place": "州委党校"})], basis="", **by)
    seen = [len(reading.as_of([worker], on=day)) for day in (date(2023, 5, 5), date(2023, 5, 6), date(2090, 1, 1))]
    assert seen == [0, 1, 1]


def test_event_has_no_end(book, worker, by):
    with pytest.raises(Refusal) as refused:
        record(book, [Record(worker, "training", date(2023, 5, 6), date(2023, 5, 8), {})], basis="", **by)
    assert refused.value.id == "ledger.event_period"


def test_event_with_a_key_takes_the_place_of_the_earlier_one(book, worker, by):
    def assessment(day, result):
        return Record(worker, "assessment", day, None, {"year": 2023, "result": result})

    record(book, [assessment(date(2024, 1, 10), "pass")], basis="", **by)
    record(book, [assessment(date(2024, 2, 20), "excellent")], basis="", **by)
    assert [row.data["result"] for row in reading.history([worker], on=date(2024, 12, 31))] == ["excellent"]


def test_correct_changes_the_past_and_keeps_what_was_known(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    second = record(book, [Correct(first.id << 20, date(2019, 7, 1), None, {"post": "grid"})], act="correct", basis="", **by)
    assert posts(worker, date(2019, 8, 1)) == ["grid"]
    assert posts(worker, date(2020, 1, 1), known_by=first.known_at) == ["staff"]
    assert posts(worker, date(2020, 1, 1), known_by=second.known_at - timedelta(microseconds=1)) == ["staff"]
    assert posts(worker, date(2020, 1, 1), known_by=second.known_at) == ["grid"]
    assert reading.as_of([worker], on=date(2020, 1, 1))[0].place == COMMUNITY


def test_correct_to_never_so(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    record(book, [Correct(first.id << 20, None, None, None)], act="correct", basis="", **by)
    assert reading.history([worker], on=date(2024, 1, 1)) == []


def test_correct_of_an_ended_fact_names_the_entry(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    second = record(book, [post(worker, date(2021, 1, 1), post="grid")], basis="", **by)
    with pytest.raises(Refusal) as refused:
        record(book, [Correct(first.id << 20, date(2019, 1, 1), None, {"post": "grid"})], basis="", **by)
    assert (refused.value.id, entry_name(second.id) in refused.value.text) == ("ledger.ended", True)


def test_correct_of_an_unknown_fact_is_refused(book, by):
    with pytest.raises(Refusal) as refused:
        record(book, [Correct(77, date(2020, 1, 1), None, {})], basis="", **by)
    assert refused.value.id == "ledger.no_fact"


def test_departure_before_entry_is_refused(book, worker, by):
    record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    with pytest.raises(Refusal) as refused:
        record(book, [Record(worker, "departure", date(2019, 12, 31), None, {"cause": "resignation"})], basis="", **by)
    assert (refused.value.id, "2020年1月1日" in refused.value.text) == ("ledger.departure_before_entry", True)
    record(book, [Record(worker, "departure", date(2020, 1, 1), None, {"cause": "resignation"})], basis="", **by)
    assert [row.kind for row in reading.as_of([worker], on=date(2020, 1, 1))] == ["appointment", "departure"]


def test_entry_moved_behind_the_departure_is_refused(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    record(book, [Record(worker, "departure", date(2021, 1, 1), None, {"cause": "resignation"})], basis="", **by)
    with pytest.raises(Refusal) as refused:
        record(book, [Correct(first.id << 20, date(2022, 1, 1), None, {"post": "staff"})], basis="", **by)
    assert refused.value.id == "ledger.departure_before_entry"


def test_nothing_is_refused(book, by):
    with pytest.raises(Refusal) as refused:
        record(book, [], basis="", **by)
    assert refused.value.id == "ledger.nothing"


def test_an_unknown_act_is_refused(book, worker, by):
    with pytest.raises(Refusal) as refused:
        record(book, [post(worker, date(2020, 1, 1))], act="improve", basis="", **by)
    assert refused.value.id == "ledger.act"


def test_clock_set_back_and_known_still_rises(book, worker, by, clock: Ticking):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    clock.back(timedelta(hours=1))
    second = record(book, [post(worker, date(2021, 1, 1), post="grid")], basis="", **by)
    assert second.known == first.known + 1


def test_a_loaded_entry_is_marked(book, worker, by):
    assert record(book, [post(worker, date(2020, 1, 1))], basis="", loaded=True, **by).loaded is True


def test_too_many_facts_are_refused(book, worker, by, monkeypatch):
    monkeypatch.setattr("jiceng.ledger.appending.FACTS_AN_ENTRY", 2)
    with pytest.raises(Refusal) as refused:
        record(book, [post(worker, date(2020, 1, 1), place=COMMUNITY + n) for n in range(3)], basis="", **by)
    assert (refused.value.id, Fact.objects.count()) == ("ledger.too_many", 0)


def test_undo_gives_back_what_was_believed(book, worker, by):
    record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    before = believed(worker, date(2021, 6, 1))
    second = record(book, [post(worker, date(2021, 1, 1), post="grid")], basis="", **by)
    third = undo(second.id, **by)
    assert believed(worker, date(2021, 6, 1)) == before
    assert posts(worker, date(2021, 6, 1), known_by=second.known_at) == ["grid"]
    assert (third.act, third.undoes) == ("undo", second.id)


def test_undo_twice_is_refused(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    second = undo(first.id, **by)
    with pytest.raises(Refusal) as refused:
        undo(first.id, **by)
    assert (refused.value.id, entry_name(second.id) in refused.value.text) == ("ledger.undone", True)


def test_undo_twice_of_an_ended_event_restores_it_once(book, worker, by):
    first = record(book, [Record(worker, "training", date(2023, 5, 6), None, {})], basis="", **by)
    ended = record(book, [Correct(first.id << 20, None, None, None)], act="correct", basis="", **by)
    undo(ended.id, **by)
    with pytest.raises(Refusal) as refused:
        undo(ended.id, **by)
    assert (refused.value.id, len(reading.as_of([worker], on=date(2024, 1, 1)))) == ("ledger.undone", 1)


def test_undo_of_an_undo(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    second = undo(first.id, **by)
    undo(second.id, **by)
    assert posts(worker, date(2024, 1, 1)) == ["staff"]


def test_undo_after_a_later_entry_names_it(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    later = record(book, [post(worker, date(2021, 1, 1), post="grid")], basis="", **by)
    with pytest.raises(Refusal) as refused:
        undo(first.id, **by)
    assert (refused.value.id, entry_name(later.id) in refused.value.text) == ("ledger.undo_later", True)


def test_undo_where_the_hole_was_filled_names_the_filler(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    emptied = record(book, [Correct(first.id << 20, None, None, None)], act="correct", basis="", **by)
    filler = record(book, [post(worker, date(2022, 1, 1), post="grid")], basis="", **by)
    with pytest.raises(Refusal) as refused:
        undo(emptied.id, **by)
    assert (refused.value.id, entry_name(filler.id) in refused.value.text) == ("ledger.undo_later", True)


def test_undo_of_the_first_after_the_later_was_undone(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    later = record(book, [post(worker, date(2021, 1, 1), post="grid")], basis="", **by)
    undo(later.id, **by)
    undo(first.id, **by)
    assert reading.history([worker], on=date(2024, 1, 1)) == []


def test_undo_of_nothing_is_refused(book, by):
    with pytest.raises(Refusal) as refused:
        undo(12, **by)
    assert refused.value.id == "ledger.no_entry"


def test_undo_batch_undoes_the_latest_first_and_only_once(book, by):
    one, two = new_subjects(book, 2)
    record(book, [post(one, date(2020, 1, 1))], basis="", batch=7, **by)
    record(book, [post(one, date(2021, 1, 1), post="grid"), post(two, date(2021, 1, 1))], basis="", batch=7, **by)
    undos = undo_batch(7, **by)
    assert (reading.history([one, two], on=date(2024, 1, 1)), len(undos)) == ([], 2)
    with pytest.raises(Refusal) as refused:
        undo_batch(7, **by)
    assert refused.value.id == "ledger.undone"
    undo_batch(undos[0].batch, **by)
    assert (posts(one, date(2020, 6, 1)), posts(one, date(2024, 1, 1)), posts(two, date(2024, 1, 1))) == (["staff"], ["grid"], ["staff"])


def test_undo_batch_refused_as_a_whole(book, by):
    one, two = new_subjects(book, 2)
    record(book, [post(one, date(2020, 1, 1))], basis="", batch=7, **by)
    record(book, [post(two, date(2020, 1, 1))], basis="", batch=7, **by)
    record(book, [post(one, date(2021, 1, 1), post="grid")], basis="", **by)
    with pytest.raises(Refusal) as refused:
        undo_batch(7, **by)
    assert (refused.value.id, posts(two, date(2024, 1, 1))) == ("ledger.undo_later", ["staff"])


def test_everything_tells_endings(book, worker, by):
    first = record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    second = record(book, [Correct(first.id << 20, date(2020, 2, 1), None, {"post": "grid"})], basis="", **by)
    told = [(item.fact.data["post"], item.fact.entry, item.ended_by, item.ended) for item in reading.everything(worker)]
    assert told == [("staff", first.id, second.id, second.known_at), ("grid", second.id, None, None)]
    assert [entry.id for entry in reading.entries(worker)] == [second.id, first.id]
    content = reading.entry(second.id)
    assert ([row.data["post"] for row in content.wrote], [row.data["post"] for row in content.ended]) == (["grid"], ["staff"])


def test_heads_are_the_last_entries(book, worker, by):
    record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    second = record(book, [person(worker)], basis="", **by)
    assert reading.heads() == {book.id: (2, bytes(second.seal).hex())}


def test_a_period_is_made_of_dates(book, worker, by):
    with pytest.raises(TypeError):
        record(book, [post(worker, datetime(2020, 1, 1, 8, tzinfo=UTC))], basis="", **by)


@pytest.mark.parametrize("since", [OPEN_END, None])
def test_a_fact_without_a_first_day_is_refused(book, worker, by, since):
    with pytest.raises(Refusal) as refused:
        record(book, [Record(worker, "sex", since, None, {"sex": "male"})], basis="", **by)
    assert (refused.value.id, refused.value.what) == ("ledger.period", "没有起日")

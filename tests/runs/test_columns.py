"""Columns kept in memory say what the rows say: after every write, removal, rebuild, erasure, and whoever wrote it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from unittest.mock import patch

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from jiceng.base.kinds import LOWEST, AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.places import tree
from jiceng.runs import columns, names, narrow, standing
from jiceng.runs import roster as listed
from jiceng.runs.columns import table_of
from jiceng.runs.commit import Correct, erase
from jiceng.runs.models import TODAY as NOW
from jiceng.runs.models import Moment, Standing
from jiceng.runs.roster import AnswerFilter, Order, RosterFilter, find, roster
from jiceng.runs.writing import StandingRow, empty, remove, write
from tests.runs.world import CITY, COMMUNITY, PLAIN_COMMUNITY, TODAY, Worker, at

EVERYWHERE = [(0, 10**13)]
pytestmark = pytest.mark.database
really_committed = pytest.mark.django_db(transaction=True)


NOTHING = dict.fromkeys(("nation", "political", "education", "certificate", "post", "worker_class", "post_since", "grade"))


def row(subject: int, *, place: int = COMMUNITY, **told: object) -> StandingRow:
    fields = {
        "moment_id": NOW, "subject": subject, "book": 1, "place": place, "place_key": tree.padded(place), "state": 1, "sex": 1,
        "name": f"示例{subject}", "pinyin": f"shili{subject} sl", "id_masked": "", "birth": date(1980, 1, 1 + subject % 28),
        "answers": {"training_overdue": subject % 2}, "next_change": date(2099, 1, 1), "made_on": TODAY, "through": 1, "law_hash": "x",
    }  # fmt: skip
    return StandingRow(**NOTHING, **fields)._replace(**told)


def put(*rows: StandingRow) -> None:
    with transaction.atomic():
        write(rows)


@pytest.fixture
def moment(transactional_db: None) -> Iterator[None]:
    columns._kept.clear()
    Moment.objects.create(id=NOW, key="today", ready=True, on=TODAY)
    yield
    columns._kept.clear()


def seen() -> list[tuple[int, int, int, int]]:
    table = table_of(NOW, rules=("training_overdue",))
    held = zip(
        *(table.plain[name].tolist() for name in ("place_key", "subject", "sex")),
        narrow.wide(table.answer("training_overdue")).tolist(),
        strict=True,
    )
    return list(held)


def stored() -> list[tuple[int, int, int, int]]:
    rows = Standing.objects.filter(moment_id=NOW).order_by("place_key", "subject")
    return [(one.place_key, one.subject, one.sex, one.answers["training_overdue"]) for one in rows]


def test_every_kind_of_change_reaches_the_kept_columns(moment):
    put(*(row(n) for n in range(1, 6)))
    assert seen() == stored()
    kept = columns._kept_for(NOW)
    for change in (
        lambda: put(row(3, sex=2)),
        lambda: put(row(3, sex=2, answers={"training_overdue": 9_000_000})),
        lambda: put(row(2, place=PLAIN_COMMUNITY), row(9)),
        lambda: remove(NOW, [4]),
        lambda: put(row(4, sex=2)),
        lambda: remove(NOW, [77]),
        lambda: Standing.objects.filter(subject=5).delete() and put(row(5, place=PLAIN_COMMUNITY)),
    ):
        change()
        assert seen() == stored()
        assert columns._kept_for(NOW) is kept
    assert len(stored()) == 6


def test_an_emptied_and_a_remade_moment_are_read_anew(moment):
    put(row(1), row(2))
    assert len(seen()) == 2
    with transaction.atomic():
        empty(NOW)
        write([row(7)])
    assert [subject for _, subject, *_ in seen()] == [7]
    Standing.objects.filter(moment_id=NOW).delete()
    Moment.objects.filter(id=NOW).delete()
    Moment.objects.create(id=NOW, key="today", ready=True, on=TODAY)
    put(row(8))
    assert [subject for _, subject, *_ in seen()] == [8]


def test_what_is_rolled_back_is_never_kept(moment):
    put(row(1))
    assert len(seen()) == 1
    with transaction.atomic():
        write([row(2)])
        inside = len(seen())
        transaction.set_rollback(True)
    assert inside == 2
    assert [subject for _, subject, *_ in seen()] == [1]
    put(row(3))
    assert [subject for _, subject, *_ in seen()] == [1, 3]


@pytest.mark.parametrize("first", ["early", "late"])
def test_of_two_writers_at_once_neither_is_missed(moment, first):
    """On PostgreSQL a transaction may commit after one that began later; on SQLite they come one after the other."""
    if connection.vendor == "sqlite":
        put(row(1))
        put(row(2))
        assert seen() == stored()
        return
    put(row(1))
    assert len(seen()) == 1
    wrote, go, done = threading.Event(), threading.Event(), threading.Event()

    def early() -> None:
        with transaction.atomic():
            write([row(2)])
            wrote.set()
            go.wait(10)
        connection.close()
        done.set()

    threading.Thread(target=early).start()
    wrote.wait(10)
    put(row(3))
    between = [subject for _, subject, *_ in seen()]
    if first == "late":
        put(row(4))
        seen()
    go.set()
    done.wait(10)
    assert between == [1, 3]
    assert seen() == stored()


def test_a_long_first_reading_lets_the_page_say_so(moment, monkeypatch):
    monkeypatch.setattr(columns, "AT_ONCE", 1)
    put(*(row(n) for n in range(1, 5)))
    begun, go, read = threading.Event(), threading.Event(), columns.read_plain

    def slowly(moment: int) -> columns.Table:
        begun.set()
        go.wait(10)
        return read(moment)

    monkeypatch.setattr(columns, "read_plain", slowly)
    with pytest.raises(Refusal) as refused:
        table_of(NOW, seconds=0.05)
    assert refused.value.id == "runs.building"
    begun.wait(10)
    put(row(9))
    go.set()
    assert table_of(NOW, seconds=10).plain["subject"].tolist() == [1, 2, 3, 4, 9]


def test_names_follow_writes_and_erasure(moment):
    put(row(1, name="格桑卓玛", pinyin="gesangzhuoma gszm"), row(2, name="王卓", pinyin="wangzhuo wz"))

    def found(text: str) -> list[int]:
        return find(NOW, ranges=EVERYWHERE, filters=RosterFilter(search=text)).subjects.tolist()

    assert (found("卓"), found("卓玛"), found("gsz"), found("wangz"), found("zhuo")) == ([1, 2], [1], [1], [2], [])
    put(row(2, name="卓玛央金", pinyin="zhuomayangjin zmyj"))
    assert (found("卓玛"), found("王"), found("wz"), found("zmy")) == ([1, 2], [], [], [2])
    remove(NOW, [1])
    assert found("卓玛") == [2]
    put(row(3, name="阿布都热合曼买买提依明江", pinyin="x"))
    columns._kept.clear()
    assert (found("依明江"), found("曼买")) == ([3], [3])


@really_committed
def test_an_erased_name_is_found_no_more(moment):
    from jiceng.places.load import load_snapshot

    load_snapshot(only=(CITY,))
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    standing.ensure(TODAY)
    assert len(find(NOW, ranges=EVERYWHERE, filters=RosterFilter(search="格桑"))) == 1
    erase(worker.subject, actor="测试员", basis="本人申请", why="删除", clock=at(TODAY))
    assert len(find(NOW, ranges=EVERYWHERE, filters=RosterFilter(search="格桑"))) == 0
    assert len(find(NOW, ranges=EVERYWHERE, filters=RosterFilter(search="已删除"))) == 1
    worker.write([Correct((worker.appoint(date(2020, 1, 1)).id << 20), None, None, None)], on=TODAY)
    assert seen_count() == Standing.objects.filter(moment_id=NOW).count()


def seen_count() -> int:
    return len(find(NOW, ranges=EVERYWHERE, filters=RosterFilter(state=0)))


# ---- filters against the rows themselves ----


def test_each_filter_gives_what_its_rows_say(moment):
    dice = random.Random(3)
    places = (COMMUNITY, PLAIN_COMMUNITY, 513301001001)
    some = (None, 1, 2, 3)
    put(*(
        row(
            n, place=dice.choice(places), state=dice.choice((1, 2, 3)), sex=dice.choice((1, 2, None)), education=dice.choice(some),
            certificate=dice.choice((None, 0, 1)), post=dice.choice(some), worker_class=dice.choice(some), political=dice.choice(some),
            grade=dice.choice(some), birth=dice.choice((None, date(1970, 5, 1), date(1990, 2, 28), date(2000, 1, 1))),
            answers={"training_due": dice.choice((mark(AnswerKind.unchecked), mark(AnswerKind.missing), 20_000, 20_030, 70_000))},
        )
        for n in range(1, 400)
    ))  # fmt: skip
    rows = list(Standing.objects.filter(moment_id=NOW))
    on = date(2024, 10, 4)  # day 20,000
    span = tree.span(513324)
    cases = {
        RosterFilter(): lambda r: r.state == 1,
        RosterFilter(state=0): lambda r: True,
        RosterFilter(state=2, posts=(1, 3)): lambda r: r.state == 2 and r.post in (1, 3),
        RosterFilter(posts=(-1,)): lambda r: r.state == 1 and r.post is None,
        RosterFilter(certificates=(0, -1)): lambda r: r.state == 1 and r.certificate in (0, None),
        RosterFilter(sexes=(2,), educations=(1,), classes=(2, 3)): lambda r: (
            (r.state, r.sex, r.education) == (1, 2, 1) and r.worker_class in (2, 3)
        ),
        RosterFilter(politicals=(2,), grades=(1, 2)): lambda r: r.state == 1 and r.political == 2 and r.grade in (1, 2),
        RosterFilter(place=513324): lambda r: r.state == 1 and span[0] <= r.place_key <= span[1],
        RosterFilter(born=((date(1970, 1, 1), date(1990, 2, 28)),)): lambda r: (
            r.state == 1 and r.birth in (date(1970, 5, 1), date(1990, 2, 28))
        ),
        RosterFilter(born=((date(2000, 1, 1), date(2000, 1, 1)),), birth_untold=True): lambda r: (
            r.state == 1 and r.birth in (None, date(2000, 1, 1))
        ),
        RosterFilter(answers=(AnswerFilter("training_due", from_day=on, days=30),)): lambda r: (
            r.state == 1 and r.answers["training_due"] == 20_000
        ),
        RosterFilter(answers=(AnswerFilter("training_due", from_day=on, days=31),)): lambda r: (
            r.state == 1 and r.answers["training_due"] in (20_000, 20_030)
        ),
        RosterFilter(answers=(AnswerFilter("training_due", kind=AnswerKind.unchecked),)): lambda r: (
            r.state == 1 and r.answers["training_due"] == mark(AnswerKind.unchecked)
        ),
        RosterFilter(answers=(AnswerFilter("training_due", equals=70_000),)): lambda r: (
            r.state == 1 and r.answers["training_due"] == 70_000
        ),
        RosterFilter(answers=(AnswerFilter("nothing", equals=1),)): lambda r: False,
        RosterFilter(
            either=(AnswerFilter("training_due", least=0, below=20_001), AnswerFilter("training_due", kind=AnswerKind.missing))
        ): lambda r: r.state == 1 and r.answers["training_due"] in (20_000, mark(AnswerKind.missing)),
    }
    told = {
        filters: (
            find(NOW, ranges=EVERYWHERE, filters=filters).subjects.tolist(),
            sorted((r.place_key, r.subject) for r in rows if holds(r)),
        )
        for filters, holds in cases.items()
    }
    assert {f: found for f, (found, _) in told.items()} == {f: [subject for _, subject in wanted] for f, (_, wanted) in told.items()}
    assert sum(bool(wanted) for _, wanted in told.values()) == len(cases) - 1


@pytest.mark.parametrize(
    "order", [Order(), Order("place", True), Order("birth"), Order("birth", True), Order("training_due"), Order("grade", True)]
)
@pytest.mark.parametrize(("size", "at_once"), [(1, 50_000), (7, 0), (30, 50_000)])
def test_pages_in_any_order_lead_there_and_back_without_a_gap_or_a_repeat(moment, order, size, at_once, monkeypatch):
    monkeypatch.setattr(listed, "SORTED_AT_ONCE", at_once)
    births = (None, date(1970, 5, 1), date(1990, 2, 28))
    put(*(
        row(
            n, birth=births[n % 3], grade=n % 4 or None, place=(COMMUNITY, PLAIN_COMMUNITY)[n % 2],
            answers={"training_due": mark(AnswerKind.unchecked) if n % 5 == 0 else 20_000 + n % 7},
        )
        for n in range(1, 48)
    ))  # fmt: skip
    value = {
        "place": lambda r: (r.place_key, r.subject), "birth": lambda r: r.birth and r.birth.toordinal(), "grade": lambda r: r.grade,
        "training_due": lambda r: None if r.answers["training_due"] < 0 else r.answers["training_due"],
    }[order.by]  # fmt: skip
    rows = sorted(Standing.objects.filter(moment_id=NOW), key=lambda r: (r.place_key, r.subject))
    told = sorted((r for r in rows if value(r) is not None), key=value, reverse=order.falling)
    if order.falling and order.by != "place":  # ties stay in tree order
        told = [r for v in sorted({value(r) for r in told}, reverse=True) for r in rows if value(r) == v]
    wanted = [r.subject for r in [*told, *(r for r in rows if value(r) is None)]]

    def page(**key: object) -> object:
        return roster(NOW, ranges=EVERYWHERE, filters=RosterFilter(), size=size, order=order, **key)

    there, one = [], page()
    while True:
        there.append([r.subject for r in one.rows])
        if one.after is None:
            break
        one = page(after=one.after)
    back = [[r.subject for r in one.rows]]
    while one.before is not None:
        one = page(before=one.before)
        back.append([r.subject for r in one.rows])
    assert list(chain.from_iterable(there)) == wanted
    assert list(chain.from_iterable(reversed(back))) == wanted


def test_a_page_goes_on_where_a_row_has_gone(moment):
    put(*(row(n) for n in range(1, 11)))
    first = roster(NOW, ranges=EVERYWHERE, filters=RosterFilter(), size=3)
    remove(NOW, [3])
    again = roster(NOW, ranges=EVERYWHERE, filters=RosterFilter(), size=3, after=first.after)
    assert [r.subject for r in again.rows] == [4, 5, 6]


def test_ranges_that_touch_or_overlap_give_nobody_twice(moment):
    put(row(1), row(2, place=PLAIN_COMMUNITY))
    both = [tree.span(5133), tree.span(513324), tree.span(513322)]
    assert find(NOW, ranges=both, filters=RosterFilter()).subjects.tolist() == [2, 1]
    assert find(NOW, ranges=[], filters=RosterFilter()).subjects.tolist() == []
    assert find(NOW, ranges=[tree.span(513322)], filters=RosterFilter(place=513324)).subjects.tolist() == []


# ---- narrow columns ----

encoded = st.one_of(
    st.integers(LOWEST, LOWEST + 8), st.integers(-130, 130), st.integers(-33_000, 33_000),
    st.integers(-(2**31) - 20, 2**31 + 20), st.integers(0, 2**62),
)  # fmt: skip


@given(st.lists(encoded, max_size=30), st.lists(encoded, max_size=10), encoded, encoded)
def test_a_narrow_column_answers_as_the_wide_one(values: Sequence[int], more: Sequence[int], low: int, high: int):
    wide = np.array(values, np.int64)
    held = narrow.narrow(wide)
    assert narrow.wide(held).tolist() == list(values)
    assert narrow.wide(narrow.joined([held, narrow.narrow(np.array(more, np.int64))])).tolist() == [*values, *more]
    for sought in (low, *values[:3]):
        assert narrow.equal(held, sought).tolist() == [value == sought for value in values]
    assert narrow.between(held, low, high).tolist() == [value >= narrow.LEAST_VALUE and low <= value < high for value in values]


letters = st.text("abz", min_size=1, max_size=20)


@given(st.lists(st.tuples(st.text("卓玛王伟a𬀩·", min_size=1, max_size=11), st.lists(letters, max_size=3)), max_size=20), st.data())
def test_names_are_found_by_any_part_and_keys_by_their_beginning(people: Sequence[tuple[str, list[str]]], data: st.DataObject):
    told = [(n * 7 % 97, name, " ".join(keys)) for n, (name, keys) in enumerate(people)]
    with patch.object(names, "_BLOCK", data.draw(st.sampled_from((1, 3, 5_000)))):
        kept = names.named(told)
    text, key = data.draw(st.text("卓玛王伟𬀩", min_size=1, max_size=3)), data.draw(letters)
    assert kept.containing(text).tolist() == sorted(n for n, name, _ in told if text in name)
    first = key[: names.KEY_LETTERS]
    assert kept.beginning(key).tolist() == sorted(n for n, _, keys in told if any(one.startswith(first) for one in keys.split()))

"""Dated changes: what each leaves standing on which day, and what the ledger is told to restate."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.places import changes, reading
from jiceng.places.changes import Move, Restated
from jiceng.places.models import Place, Succession
from jiceng.places.tree import Level

pytestmark = [pytest.mark.database, pytest.mark.django_db]
DAY = date(2022, 3, 1)
BEFORE = date(2022, 2, 28)
BASIS = "示例批复〔2022〕1号"
SQUARE, CULTURE, LION = 513324100001, 513324100002, 513324100003


def codes(parent: int, *, on: date, level: Level = Level.community) -> list[int]:
    return [place.code for place in reading.within(parent, on=on, level=level)]


def refusal_of(act, *args, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*args, **{"day": DAY, "basis": BASIS, **named})
    return caught.value.id


def test_rename_keeps_the_code_and_closes_the_old_row(ganzi):
    place = changes.rename(SQUARE, "团结社区居民委员会", day=DAY, basis=BASIS)
    rows = Place.objects.filter(code=SQUARE).order_by("since").values_list("name", "since", "until", "basis__title")
    assert [(name, since) for name, since, _, _ in rows] == [
        ("民族广场社区居民委员会", date(2000, 1, 1)),
        ("团结社区居民委员会", DAY),
    ]
    assert rows[0][2] == DAY
    assert rows[1][3] == BASIS
    assert (place.code, place.kind) == (SQUARE, "residents")
    assert Succession.objects.count() == 0


def test_rename_to_the_same_name_is_refused(ganzi):
    assert refusal_of(changes.rename, SQUARE, " 民族广场社区居民委员会 ") == "place.same_name"


def test_change_on_the_day_of_a_change_or_before_it_is_refused(ganzi):
    changes.rename(SQUARE, "团结社区居民委员会", day=DAY, basis=BASIS)
    assert refusal_of(changes.rename, SQUARE, "又一社区居民委员会") == "place.change_order"
    assert refusal_of(changes.rename, SQUARE, "又一社区居民委员会", day=BEFORE) == "place.change_order"
    assert Place.objects.filter(code=SQUARE).count() == 2


def test_change_without_a_basis_is_refused_and_leaves_the_tree(ganzi):
    assert refusal_of(changes.rename, SQUARE, "团结社区居民委员会", basis=" ") == "place.no_basis"
    assert reading.place(SQUARE, on=DAY).name == "民族广场社区居民委员会"


def test_recode_of_one_community(ganzi):
    told = changes.recode([Move(SQUARE, 513324100090)], day=DAY, basis=BASIS)
    assert told == Restated(DAY, BASIS, ((SQUARE, 513324100090),))
    assert reading.place(SQUARE, on=BEFORE).name == reading.place(513324100090, on=DAY).name
    assert SQUARE not in codes(513324100, on=DAY)
    assert 513324100090 not in codes(513324100, on=BEFORE)


def test_merger_into_a_standing_community(ganzi):
    told = changes.recode([Move(CULTURE, SQUARE), Move(LION, SQUARE)], day=DAY, basis=BASIS)
    assert told.moves == ((CULTURE, SQUARE), (LION, SQUARE))
    assert told.assign == ()
    assert set(codes(513324100, on=BEFORE)) - set(codes(513324100, on=DAY)) == {CULTURE, LION}
    assert Place.objects.filter(code=SQUARE).count() == 1
    assert changes.successors(CULTURE, on=DAY) == (SQUARE,)
    assert changes.successors(CULTURE, on=BEFORE) == (CULTURE,)


def test_recode_of_a_street_takes_its_communities_along(ganzi):
    before = {place.code: place.name for place in reading.within(513324100, on=BEFORE, level=Level.community)}
    moves = changes.with_subtree(Move(513324100, 513324190, "新呷尔镇"), day=DAY)
    told = changes.recode(moves, day=DAY, basis=BASIS)
    assert len(told.moves) == 1 + len(before)
    assert reading.place(513324190, on=DAY).name == "新呷尔镇"
    after = {place.code: place.name for place in reading.within(513324190, on=DAY, level=Level.community)}
    assert after == {513324190000 + code % 1000: name for code, name in before.items()}
    assert reading.within(513324100, on=DAY, level=Level.community) == []
    assert {place.code: place.name for place in reading.within(513324100, on=BEFORE, level=Level.community)} == before


def test_recode_of_a_county_takes_streets_and_communities_along(ganzi):
    moves = changes.with_subtree(Move(513324, 513390), day=DAY)
    assert len(moves) == 1 + 16 + 65
    changes.recode(moves, day=DAY, basis=BASIS)
    assert reading.full_name(513390100001, on=DAY) == "四川省甘孜藏族自治州九龙县呷尔镇民族广场社区居民委员会"
    assert len(reading.within(513390, on=DAY, level=Level.community)) == 65


def test_recode_that_leaves_communities_behind_is_refused(ganzi):
    assert refusal_of(changes.recode, [Move(513324100, 513324190)]) == "place.change_children"
    assert reading.place(513324100, on=DAY).name == "呷尔镇"
    assert Succession.objects.count() == 0


@pytest.mark.parametrize(
    ("move", "id"),
    [
        (Move(SQUARE, 513324190), "place.change_level"),
        (Move(SQUARE, SQUARE), "place.same_code"),
        (Move(SQUARE, 513324999001), "place.no_parent"),
        (Move(513324100098, SQUARE), "place.unknown"),
        (Move(SQUARE, 51332410000), "place.code"),
    ],
)
def test_recode_refuses(ganzi, move, id):
    assert refusal_of(changes.recode, [move]) == id
    assert len(codes(513324, on=DAY)) == 65


def test_split_with_the_old_code_going_on(ganzi):
    told = changes.split(SQUARE, [(SQUARE, "广场东社区居民委员会"), (513324100090, "广场西社区居民委员会")], day=DAY, basis=BASIS)
    assert told == Restated(DAY, BASIS, ((SQUARE, 513324100),), (SQUARE, 513324100090))
    assert [reading.place(code, on=DAY).name for code in told.assign] == ["广场东社区居民委员会", "广场西社区居民委员会"]
    assert reading.place(SQUARE, on=BEFORE).name == "民族广场社区居民委员会"
    assert changes.successors(SQUARE, on=DAY) == (SQUARE, 513324100090)


def test_split_into_new_codes_closes_the_old_one(ganzi):
    changes.split(SQUARE, [(513324100090, "东社区"), (513324100091, "西社区")], day=DAY, basis=BASIS)
    assert [row.split for row in Succession.objects.all()] == [True, True]
    with pytest.raises(Refusal) as refused:
        reading.place(SQUARE, on=DAY)
    assert refused.value.id == "place.unknown"


def test_split_refuses(ganzi):
    assert refusal_of(changes.split, SQUARE, [(513324100090, "东社区")]) == "place.split_parts"
    assert refusal_of(changes.split, SQUARE, [(513324100090, "东社区"), (CULTURE, "西社区")]) == "place.code_taken"
    assert refusal_of(changes.split, 513324100, [(513324190, "东镇"), (513324191, "西镇")]) == "place.change_children"
    assert len(codes(513324, on=DAY)) == 65


def test_successors_are_followed_through_several_changes(ganzi):
    changes.recode([Move(SQUARE, 513324100090)], day=date(2021, 1, 1), basis=BASIS)
    changes.recode([Move(513324100090, CULTURE)], day=date(2022, 1, 1), basis=BASIS)
    changes.split(CULTURE, [(CULTURE, "甲社区"), (513324100091, "乙社区")], day=date(2023, 1, 1), basis=BASIS)
    assert [changes.successors(SQUARE, on=date(year, 6, 1)) for year in (2020, 2021, 2022, 2023)] == [
        (SQUARE,),
        (513324100090,),
        (CULTURE,),
        (CULTURE, 513324100091),
    ]


def test_two_communities_that_change_codes_on_one_day(ganzi):
    changes.recode([Move(SQUARE, CULTURE), Move(CULTURE, SQUARE)], day=DAY, basis=BASIS)
    assert [reading.place(code, on=DAY).name for code in (SQUARE, CULTURE)] == ["文化路社区居民委员会", "民族广场社区居民委员会"]
    assert changes.successors(SQUARE, on=DAY) == (CULTURE,)


def test_establish(ganzi):
    place = changes.establish(513324100090, "新区社区居民委员会", day=DAY, basis=BASIS)
    assert (place.level, place.kind) == (5, "residents")
    assert set(codes(513324100, on=DAY)) - set(codes(513324100, on=BEFORE)) == {513324100090}


@pytest.mark.parametrize(("code", "id"), [(SQUARE, "place.code_taken"), (513324999001, "place.no_parent"), (5133241, "place.code")])
def test_establish_refuses(ganzi, code, id):
    assert refusal_of(changes.establish, code, "新区社区") == id

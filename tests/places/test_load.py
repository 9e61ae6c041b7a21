"""The packaged snapshot."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.places.load import kind_of, load_snapshot, snapshot_counts
from jiceng.places.models import Basis, Place

pytestmark = pytest.mark.database
WHOLE = {1: 31, 2: 342, 3: 2_978, 4: 41_352, 5: 620_573}


def counts() -> dict[int, int]:
    return dict(Place.objects.order_by("level").values_list("level").annotate(Count("id")))


def test_snapshot_counts():
    assert snapshot_counts() == WHOLE


@pytest.mark.django_db
def test_whole_nation_loads_over_a_part_already_there():
    part = load_snapshot(only=(5133,))
    assert part + load_snapshot() == sum(WHOLE.values())
    assert counts() == WHOLE
    assert load_snapshot() == 0
    with connection.cursor() as cursor:  # the raw rows read back as the model wrote them
        cursor.execute(f'SELECT COUNT(*) FROM "{Place._meta.db_table}" WHERE since = %s AND until = %s', [date(2000, 1, 1), OPEN_END])
        assert cursor.fetchone() == (sum(WHOLE.values()),)


def test_part_brings_what_lies_above_and_nothing_beside(ganzi):
    assert ganzi == sum(counts().values())
    assert counts() == {1: 1, 2: 1, 3: 18, 4: 289, 5: 2_253}
    assert sorted(Place.objects.filter(level__lte=2).values_list("code", "name")) == [(51, "四川省"), (5133, "甘孜藏族自治州")]


def test_loading_again_adds_nothing(ganzi):
    assert load_snapshot(only=(5133, 513324)) == 0
    assert sum(counts().values()) == ganzi


@pytest.mark.django_db
def test_one_county_alone():
    assert load_snapshot(only=(513324,)) == 65 + 16 + 1 + 2
    assert counts() == {1: 1, 2: 1, 3: 1, 4: 16, 5: 65}


@pytest.mark.django_db
def test_number_that_is_no_code_loads_nothing():
    with pytest.raises(Refusal) as refused:
        load_snapshot(only=(51332,))
    assert refused.value.id == "place.code"
    assert Place.objects.count() == 0


def test_colliding_codes_are_rows_of_their_own(colliding):
    rows = Place.objects.filter(code__in=[4419, 441900, 4604, 460400, 350527, 350527000, 350527000000]).order_by("code")
    assert [(place.code, place.level, place.name) for place in rows] == [
        (4419, 2, "东莞市"),
        (4604, 2, "儋州市"),
        (350527, 3, "金门县"),
        (441900, 3, "东莞市"),
        (460400, 3, "儋州市"),
        (350527000, 4, "金门县"),
        (350527000000, 5, "金门县"),
    ]


def test_kind_in_the_table_is_the_kind_by_code(ganzi):
    assert [(place.code, place.kind) for place in Place.objects.all() if place.kind != kind_of(place.code)] == []
    assert dict(Place.objects.order_by("kind").values_list("kind").annotate(Count("id"))) == {
        "": 309,
        "residents": 70,
        "villagers": 2_181,
        "other": 2,
    }


def test_every_division_rests_on_the_same_stated_assumption(ganzi):
    basis = Basis.objects.get()
    assert set(Place.objects.values_list("since", "until", "basis_id")) == {(date(2000, 1, 1), OPEN_END, basis.pk)}
    assert "假定各区划自2000年1月1日起" in basis.note
    assert "WTFPL" in basis.note


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (513324, ""),
        (513324100, ""),
        (513324100001, "residents"),
        (513324100199, "residents"),
        (513324100200, "villagers"),
        (513324100399, "villagers"),
        (513324100400, "other"),
        (350527000000, "other"),
    ],
)
def test_kind_by_code(code, kind):
    assert kind_of(code) == kind

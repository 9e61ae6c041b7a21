"""Invented persons: numbers that pass, agree with birth and sex, and differ."""

from __future__ import annotations

from datetime import date
from random import Random

import pyarrow.parquet as pq

from jiceng.demo.people import ID_AREAS, check_letter, id_number, person
from jiceng.places.load import SNAPSHOT


def test_check_letter_follows_the_standard():
    # The worked example printed in GB 11643-1999.
    assert check_letter("11010519491231002") == "X"
    assert check_letter("44052418800101001") == "4"


def test_id_number_states_birth_and_sex():
    number = id_number(Random(1), birth=date(1987, 2, 9), sex="女")
    assert (len(number), number[6:14], int(number[16]) % 2) == (18, "19870209", 0)
    assert int(id_number(Random(1), birth=date(1987, 2, 9), sex="男")[16]) % 2 == 1


def test_areas_of_id_numbers_are_real_counties():
    table = pq.read_table(SNAPSHOT, columns=["code"])
    codes = set(table["code"].to_pylist())
    # 康定 was 513321 as a county; that code stays on the cards of whoever was born there.
    assert [area for area in ID_AREAS if area not in codes] == ["513321"]


def test_persons_are_the_same_for_the_same_dice_and_never_share_a_number():
    def people(seed: int) -> list[str]:
        dice, taken = Random(seed), set[str]()
        return [person(dice, born_from=1970, born_to=1999, taken=taken).id_number for _ in range(2_000)]

    first = people(7)
    assert first == people(7)
    assert len(set(first)) == 2_000
    assert [number for number in first if check_letter(number[:17]) != number[17]] == []

"""ID numbers: trap 13."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jiceng.intake.days import NotRead
from jiceng.intake.identity import Identity, check_digit, read_identities
from tests.intake.ugly import id_number

GOOD = id_number(7, birth=date(1990, 5, 1), male=True)
WITH_X = next(n for n in (id_number(i, birth=date(1990, 5, 1), male=False) for i in range(50)) if n.endswith("X"))


def ids(*cells: object) -> list[str]:
    return [found.id if isinstance(found, NotRead) else found.number if found else "" for found in read_identities(cells)]


def test_identity_is_read_however_it_is_written():
    full_width = GOOD.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    spaced = f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}\u3000"
    assert ids(GOOD, full_width, spaced, f"'{GOOD}", f'="{GOOD}"', GOOD + "\t", GOOD + "\u200b") == [GOOD] * 7
    assert ids(WITH_X, WITH_X.lower(), WITH_X[:-1] + "Ｘ", WITH_X[:-1] + "×") == [WITH_X] * 4


def test_identity_gives_birth_and_sex():
    assert read_identities([GOOD, WITH_X, ""]) == [
        Identity(GOOD, date(1990, 5, 1), "male"),
        Identity(WITH_X, date(1990, 5, 1), "female"),
        None,
    ]


def test_identity_number_cell_of_18_digits_is_refused_for_lost_digits():
    assert ids(float(GOOD), "5.13321E+17", 5.13321e17) == ["intake.id_number_cell"] * 3


def test_identity_of_15_digits_is_read_as_text_and_as_number():
    old = "513321900501015"
    full = "51332119900501015"
    expected = Identity(full + check_digit(full), date(1990, 5, 1), "male", short=True)
    assert read_identities([old, float(old)]) == [expected, expected]


def test_identity_refusals_say_which():
    wrong = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")
    first = "51332119900230001"
    assert ids(wrong, GOOD[:-1], "513321****05010117", first + check_digit(first), "护照E1234567", "513321901301015") == [
        "intake.id_check_digit", "intake.id_length", "intake.id_masked", "intake.id_birth", "intake.id_length", "intake.id_birth",
    ]  # fmt: skip


def test_identity_ending_in_three_zeros_is_told_to_have_lost_digits():
    found = read_identities([GOOD[:15] + "000"])[0]
    assert isinstance(found, NotRead)
    assert found.why == f"身份证号“{GOOD[:15]}000”校验位不对；末三位是 000，很可能是以数字格式保存过，后三位已丢失"


@given(st.integers(0, 499), st.booleans(), st.dates(date(1930, 1, 1), date(2008, 1, 1)), st.integers(0, 17), st.integers(1, 9))
def test_identity_with_any_one_digit_changed_is_refused(number, male, birth, at, by):
    good = id_number(number, birth=birth, male=male)
    assert ids(good) == [good]
    old = good[at]
    new = "0123456789X"[("0123456789X".index(old) + by) % (11 if at == 17 else 10)] if at == 17 else str((int(old) + by) % 10)
    assert isinstance(read_identities([good[:at] + new + good[at + 1 :]])[0], NotRead)

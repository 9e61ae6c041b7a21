"""Codes as arithmetic; the four pairs that padding would make one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.base.refusals import Refusal
from jiceng.places import tree
from jiceng.places.tree import Level

COMMUNITY = 513324100001
COLLIDING = [(4419, 441900), (4420, 442000), (4604, 460400), (350527, 350527000, 350527000000)]

codes = st.one_of(
    st.integers(11, 82),
    st.integers(1101, 8299),
    st.integers(110101, 829999),
    st.integers(110101001, 829999999),
    st.integers(110101001001, 829999999999),
)


def test_level_is_told_by_width():
    assert [tree.level_of(code) for code in (0, 51, 5133, 513324, 513324100, COMMUNITY)] == list(Level)


@pytest.mark.parametrize("code", [-51, 5, 513, 51332, 5133241, 51332410, 5133241000, 51332410000, 5133241000011])
def test_number_of_another_width_is_no_code(code):
    with pytest.raises(Refusal) as refused:
        tree.level_of(code)
    assert refused.value.id == "place.code"


def test_ancestors_go_from_wide_to_narrow_without_nation_and_self():
    assert tree.ancestors(COMMUNITY) == (51, 5133, 513324, 513324100)
    assert tree.ancestors(51) == ()
    assert tree.ancestors(tree.NATION) == ()


def test_parent_of_each_level():
    assert [tree.parent_of(c) for c in (0, 51, 5133, 513324, 513324100, COMMUNITY)] == [0, 0, 51, 5133, 513324, 513324100]


def test_contains_itself_and_what_is_under_it_only():
    inside = (0, 51, 5133, 513324, 513324100, COMMUNITY)
    for outer_at, outer in enumerate(inside):
        assert [tree.contains(outer, inner) for inner in inside] == [at >= outer_at for at in range(len(inside))]
    assert not tree.contains(513325, COMMUNITY)
    assert not tree.contains(513324101, COMMUNITY)


def test_ranges_of_a_county():
    assert tree.ranges(513324) == ((513324, 513324), (513324000, 513324999), (513324000000, 513324999999))


def test_narrower_range_is_refused_for_a_wider_level():
    with pytest.raises(ValueError, match="county is not inside street"):
        tree.upto(513324100, Level.county)
    with pytest.raises(ValueError, match="has no street above it"):
        tree.up(513324, Level.street)


@pytest.mark.parametrize("same", COLLIDING)
def test_colliding_codes_stay_apart(same):
    assert len({tree.padded(code) for code in same}) == 1
    assert len({tree.subject_of(code) for code in same}) == len(same)
    assert [tree.code_of(tree.subject_of(code)) for code in same] == list(same)
    for wide, narrow in pairwise(same):
        assert tree.contains(wide, narrow)
        assert not tree.contains(narrow, wide)


@pytest.mark.parametrize("same", COLLIDING)
def test_padded_colliding_code_is_told_apart_by_level(same):
    for code in same:
        level = tree.level_of(code)
        assert tree.natural(tree.padded(code), level) == code
        assert tree.subject_of(tree.padded(code), level) == tree.subject_of(code)


def test_nation_has_a_subject():
    assert tree.code_of(tree.subject_of(tree.NATION)) == tree.NATION


def test_subject_of_something_else_is_no_place():
    with pytest.raises(ValueError, match="not the subject of a place"):
        tree.code_of(513324 << 40)


@given(codes)
def test_subject_keeps_the_code_and_fits_sixty_three_bits(code):
    subject = tree.subject_of(code, tree.level_of(code))
    assert tree.code_of(subject) == code
    assert (1 << 62) <= subject < (1 << 63)


@given(codes, codes)
def test_ranges_spans_and_subject_spans_agree_with_contains(outer, inner):
    inside = tree.contains(outer, inner)
    assert any(first <= inner <= last for first, last in tree.ranges(outer)) == inside
    first, last = tree.span(outer)
    if tree.level_of(inner) >= tree.level_of(outer):
        assert (first <= tree.padded(inner) <= last) == inside
    first, last = tree.subject_span(outer)
    assert (first <= tree.subject_of(inner) <= last) == inside


@given(codes)
def test_every_ancestor_contains_the_code(code):
    above = tree.ancestors(code)
    assert [tree.level_of(up) for up in above] == [level for level in Level if 0 < level < tree.level_of(code)]
    assert all(tree.contains(up, code) for up in above)


@pytest.mark.parametrize(("last", "is_one"), [(0, False), (1, True), (199, True), (200, False), (399, False), (400, False)])
def test_residents_committee_by_last_three_digits(last, is_one):
    assert tree.is_residents_committee(513324100000 + last) is is_one


def test_street_is_no_residents_committee():
    assert tree.is_residents_committee(513324001) is False

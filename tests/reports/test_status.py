"""The return on the demonstration: every breakdown adds up, levels agree, movements fit, and both ways of working it out agree."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.reports.behind import subjects_behind
from jiceng.reports.form import ALL, ASKED, Column, form
from jiceng.reports.returns import Period, Worked, worked_anew, worked_out
from jiceng.rules import words
from jiceng.runs.ask import ask_place
from jiceng.runs.finding import RosterFilter, find
from jiceng.runs.law import installed_law
from jiceng.runs.models import State
from jiceng.runs.standing import moment_for
from jiceng.runs.structure import born_last
from tests.reports.conftest import ON

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CITY, KANGDING, JIULONG = 5133, 513301, 513324
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
YEAR = Period(date(2026, 1, 1), ON)
PLACES = [(CITY, YEAR), (CITY, OCTOBER), (KANGDING, YEAR)]


def made(place: int = CITY, period: Period = YEAR) -> Worked:
    return worked_out("status", place, period=period, known_by=None, today=ON)


def counted(worked: Worked) -> list[tuple[int, Column]]:
    return [(at, column) for at, column in enumerate(worked.form.columns) if column.counted]


@pytest.mark.parametrize(("place", "period"), PLACES)
def test_every_breakdown_adds_up_to_those_in_service_on_every_line(demo, place, period):
    worked = made(place, period)
    at = {column.id: n for n, column in enumerate(worked.form.columns)}
    wholes = [group for group in worked.form.groups if group.whole]
    assert [group.id for group in wholes] == ["class", "post", "sex", "age", "education", "certificate", "party", "years"]
    for line, cells in zip(worked.lines, worked.cells, strict=True):
        for group in wholes:
            parts = sum(cells[at[column.id]] for column in worked.form.of(group.id))
            assert (line.key, group.id, parts) == (line.key, group.id, cells[at["in_service"]])
        causes = sum(cells[at[column.id]] for column in worked.form.of("cause"))
        assert (line.key, causes) == (line.key, cells[at["departures"]])


@pytest.mark.parametrize(("place", "period"), PLACES)
def test_totals_agree_at_every_level(demo, place, period):
    """What is counted at a place is counted at exactly one of the lines below it; only moves inside it are nobody's up there."""
    worked = made(place, period)
    inner = [line for line in worked.lines if line.own or not any(_under(other.code, line.code) for other in worked.lines if not other.own)]
    for at, column in counted(worked):
        if column.id in ("moved_in", "moved_out", "opening"):
            continue
        levels = {level: 0 for level in Level if level > tree.level_of(place)}
        for line, cells in zip(worked.lines, worked.cells, strict=True):
            if not line.own and line.code != place and tree.level_of(line.code) == tree.level_of(place) + 1:
                levels[Level(tree.level_of(place) + 1)] += cells[at]
        own = sum(cells[at] for line, cells in zip(worked.lines, worked.cells, strict=True) if line.own and line.code == place)
        whole = worked.cells[0][at]
        assert (column.id, levels[Level(tree.level_of(place) + 1)] + own) == (column.id, whole)
        lowest = sum(cells[at] for line, cells in zip(worked.lines, worked.cells, strict=True) if line in inner)
        assert (column.id, lowest) == (column.id, whole)


def _under(code: int, outer: int) -> bool:
    return code != outer and tree.contains(outer, code)


@pytest.mark.parametrize(("place", "period"), PLACES)
def test_opening_and_closing_are_those_of_the_days_themselves(demo, place, period):
    worked = made(place, period)
    at = {column.id: n for n, column in enumerate(worked.form.columns)}
    before = moment_for(on=period.since - timedelta(days=1), known_by=None, today=ON)
    after = moment_for(on=period.on, known_by=None, today=ON)
    filters = RosterFilter(state=State.in_service)
    for line, cells in zip(worked.lines, worked.cells, strict=True):
        opening = len(find(before, ranges=line.spans, filters=filters))
        closing = len(find(after, ranges=line.spans, filters=filters))
        told = (cells[at["opening"]], cells[at["in_service"]])
        assert (line.key, *told) == (line.key, opening, closing)
        flows = cells[at["arrivals"]] + cells[at["moved_in"]] - cells[at["departures"]] - cells[at["moved_out"]]
        assert flows == closing - opening


def test_a_year_has_arrivals_and_departures_with_causes(demo):
    worked = made()
    cells = dict(zip((column.id for column in worked.form.columns), worked.cells[0], strict=True))
    assert cells["arrivals"] > 20
    assert sum(1 for column in worked.form.of("cause") if cells[column.id]) >= 3


def test_each_cell_has_as_many_workers_behind_it_as_it_says(demo):
    worked = made()
    for line, cells in zip(worked.lines, worked.cells, strict=True):
        for at, column in counted(worked):
            assert (line.key, column.id, len(subjects_behind(worked, line, column))) == (line.key, column.id, cells[at])


def test_worked_anew_from_the_ledger_it_is_the_same(demo):
    for period in (YEAR, OCTOBER):
        kept = made(KANGDING, period)
        named = [(line.code, line.name) for line in kept.lines if not line.own]
        anew = worked_anew(kept.form, KANGDING, period=period, known_by=None, law=installed_law(), named=named)
        assert (anew.lines, anew.cells) == (kept.lines, kept.cells)
        assert np.array_equal(anew.behind.traits.subject, kept.behind.traits.subject)


def test_a_countys_own_return_is_its_part_of_the_prefectures(demo):
    whole, own = made(CITY), made(KANGDING)
    inside = {line.key: cells for line, cells in zip(whole.lines, whole.cells, strict=True) if tree.contains(KANGDING, line.code)}
    its = {line.key: cells for line, cells in zip(own.lines, own.cells, strict=True)}
    assert {key: cells for key, cells in its.items() if key in inside} == inside
    # Two levels down only places with somebody have a line: the county's own return names its empty sub-districts too.
    assert [key for key in its if key not in inside and any(cell for cell in its[key] if isinstance(cell, int))] == []


def test_what_rules_answer_is_what_the_place_page_answers(demo):
    worked = made()
    for line, cells in zip(worked.lines, worked.cells, strict=True):
        if line.own or (line.level > Level.county and not tree.contains(JIULONG, line.code)):
            continue
        steps = ask_place(line.code, on=ON, today=ON)
        for at, column in enumerate(worked.form.columns):
            if column.measure == ASKED:
                step = steps[column.of]
                assert (line.key, column.id, cells[at].kind, cells[at].value) == (line.key, column.id, int(step.kind), step.value)


def test_a_total_over_places_that_have_not_told_says_so_and_never_zero(demo):
    worked = made()
    cell = worked.cell(str(CITY), "quota_exact")
    assert (cell.kind, cell.value, cell.missing, len(cell.untold)) == (int(AnswerKind.missing), None, ("城镇常住人口",), 1)
    told = [worked.cell(str(line.code), "quota_exact") for line in worked.lines if line.level is Level.county]
    assert cell.partial == sum(one.value for one in told if one.value is not None)


def test_sub_district_of_a_place_without_workers_is_a_line_of_zeros(demo):
    worked = made(KANGDING)
    empty = [cells for line, cells in zip(worked.lines, worked.cells, strict=True) if not cells[0]]
    assert empty
    assert all(cell == 0 for cells in empty for cell, column in zip(cells, worked.form.columns, strict=True) if column.measure == ALL)


DAYS = st.dates(date(1930, 1, 1), date(2060, 12, 31))


@given(born=DAYS, on=DAYS)
@example(born=date(2000, 2, 29), on=date(2031, 2, 28))
@example(born=date(2000, 2, 29), on=date(2032, 2, 28))
@example(born=date(2000, 3, 31), on=date(2031, 2, 28))
def test_years_are_counted_as_the_rules_count_them(born, on):
    if on >= born:
        years = words.full_years(day_number(born), day_number(on))
        assert [born <= born_last(age, on) for age in (years - 1, years, years + 1)] == [True, True, False]


def test_the_form_spells_out_what_it_declares():
    told = form("status", installed_law())
    assert [group.id for group in told.groups] == [
        "staffing", "moves", "cause", "training", "class", "post", "sex", "age", "education", "certificate", "party", "years",
    ]  # fmt: skip
    assert len({column.id for column in told.columns}) == len(told.columns)
    terms = installed_law().terms
    for group, listed in (
        ("class", "WorkerClass"),
        ("education", "EducationLevel"),
        ("certificate", "CertificateKind"),
        ("party", "PoliticalStatus"),
    ):
        taken = sorted(code for column in told.of(group) for code in column.codes if code > 0)
        assert (group, taken) == (group, [item.number for item in terms.codes[listed].items])

"""People as columns say what the same people say one by one: who is in service, their facts, histories, every answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from jiceng.answers.population import run_over
from jiceng.answers.source import Told
from jiceng.answers.subject import Subject
from jiceng.demo import build
from jiceng.runs import bound as binder
from jiceng.runs import standing
from jiceng.runs.bound import Bound
from jiceng.runs.commit import Record, commit, undo
from jiceng.runs.kept_answers import Identity, calculated, serving_in
from jiceng.runs.law import installed_law
from jiceng.runs.people import people_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
CITY = 5133
DAYS = (date(2018, 2, 28), date(2021, 12, 31), date(2024, 5, 6), date(2026, 11, 24), date(2027, 6, 30))


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Built once for the module, in a transaction that is rolled back after it."""
    home = tmp_path_factory.mktemp("demo")
    (home / "data").mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        build.ready(home, now=NOW, report=lambda done, total: None)
        standing.ensure(NOW.date())
        yield
        transaction.set_rollback(True)


def _subjects(on: date, known_by: datetime) -> dict[int, Subject]:
    law = installed_law()
    return {one.id: one for some in serving_in(CITY, on=on, known_by=known_by, law=law) for one in some}


@pytest.mark.parametrize("on", DAYS)
def test_every_answer_from_columns_is_the_one_from_subjects(demo: None, on: date) -> None:
    law, known_by = installed_law(), NOW
    people = people_of(CITY, on=on, known_by=known_by, law=law)
    told = _subjects(on, known_by)
    assert sorted(told) == sorted(people.subjects.tolist())
    one_by_one = Told([told[subject] for subject in people.subjects.tolist()], "worker")
    assert one_by_one.places.tolist() == people.places.tolist()
    expected = run_over(law, one_by_one, on=on, compiled=True).answers
    found = run_over(law, people.source, on=on, compiled=True).answers
    assert list(found) == list(expected)
    assert [name for name in expected if found[name].tolist() != expected[name].tolist()] == []


def test_a_subject_made_from_columns_is_the_subject_itself(demo: None) -> None:
    on = date(2026, 11, 24)
    law = installed_law()
    people = people_of(CITY, on=on, known_by=NOW, law=law)
    told = _subjects(on, NOW)
    names = [name for name in law.answered(law.regime(CITY, on), "worker")]
    some = people.source.part(100, 140)
    expected = run_over(
        law, Told([told[subject] for subject in people.subjects[100:140].tolist()], "worker"), on=on, names=names, compiled=False
    )
    assert {name: one.tolist() for name, one in run_over(law, some, on=on, names=names, compiled=False).answers.items()} == {
        name: one.tolist() for name, one in expected.answers.items()
    }


def test_people_are_those_of_a_kept_run_in_its_order(demo: None) -> None:
    law, on = installed_law(), date(2026, 6, 30)
    rows = calculated(Identity("answers", CITY, on, NOW, law.hash, ("monthly_pay",)))
    people = people_of(CITY, on=on, known_by=NOW, law=law)
    assert people.subjects.tolist() == rows.subjects.tolist()
    assert people.places.tolist() == rows.places.tolist()
    assert (
        run_over(law, people.source, on=on, names=["monthly_pay"]).answers["monthly_pay"].tolist() == rows.answers["monthly_pay"].tolist()
    )


def _columns(told: Bound) -> dict[str, dict[str, list[int]]]:
    return {name: {one: column.tolist() for one, column in told.kind(name).columns().items()} for name in told.kinds}


def test_what_is_bound_follows_entries(demo: None) -> None:
    """New facts, a correction of the past, an undone entry, somebody new: as if all were read anew."""
    terms = installed_law().terms
    known, heads = binder._position(None)
    kept = binder._read(CITY, known, heads, terms, None)
    for kind in ("appointment", "departure", "complete", "community_start", "training", "grading"):
        kept.kind(kind)
    assert len(kept.subjects) > 1_000
    ours = [int(subject) for subject in kept.subjects[[3, 300, 600]]]
    books = [subject >> 40 for subject in ours]
    late = iter(NOW + timedelta(minutes=n) for n in range(60))
    clock = lambda: next(late)  # noqa: E731
    told = {"level": "county", "kind": "special"}
    commit(books[0], [Record(ours[0], "training", date(2026, 5, 6), None, told)], actor="t", basis="t", why="t", clock=clock)
    gone = {"cause": "resignation"}
    entry = commit(books[1], [Record(ours[1], "departure", date(2026, 9, 1), None, gone)], actor="t", basis="t", why="t", clock=clock)
    undo(entry.id, actor="t", why="t", clock=clock)
    commit(books[2], [Record(ours[2], "grading", date(2026, 1, 1), None, {"grade": 4})], actor="t", basis="t", why="t", clock=clock)
    known, heads = binder._position(None)
    later = kept.followed(known, heads, None)
    assert later is not None
    anew = binder._read(CITY, known, heads, terms, None)
    for kind in later.kinds:
        anew.kind(kind)
    assert later.subjects.tolist() == anew.subjects.tolist()
    assert _columns(later) == _columns(anew)
    assert _columns(later) != _columns(kept)

"""Facts bound for many: filed, mapped by the next process, following entries; nothing uncommitted is ever kept."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from jiceng.base.refusals import Refusal
from jiceng.places import load
from jiceng.runs import bound as binder
from jiceng.runs.bound import Bound, bound
from jiceng.runs.commit import erase
from jiceng.runs.law import installed_law
from tests.runs.world import CITY, COMMUNITY, PLAIN_COMMUNITY, Worker, at

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
KINDS = ("appointment", "training", "departure")


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(binder, "WORTH_A_FILE", 1)
    monkeypatch.setattr(binder, "_kept", type(binder._kept)())


@pytest.fixture
def workers() -> list[Worker]:
    load.load_snapshot(only=(CITY,))
    found = [Worker("甲", n=1), Worker("乙", n=3, community=PLAIN_COMMUNITY), Worker("丙", n=5)]
    for worker in found[:2]:
        worker.record("appointment", date(2020, 1, 1), place=worker.community, post="staff", **{"class": "full_time_staff"})
        worker.record("training", date(2023, 3, 1), level="county")
    return found


def _asked(place: int = CITY) -> Bound:
    told = bound(place, known_by=None, terms=installed_law().terms)
    for kind in KINDS:
        told.kind(kind)
    return told


def _columns(told: Bound) -> dict[str, Any]:
    return {kind: {name: one.tolist() for name, one in told.kind(kind).columns().items()} for kind in KINDS} | {
        "subjects": told.subjects.tolist()
    }


def _another_process() -> None:
    binder._kept.clear()


def test_who_ever_stood_there_is_bound(workers: list[Worker]) -> None:
    assert _asked().subjects.tolist() == sorted(worker.subject for worker in workers[:2])
    assert _asked(513324).subjects.tolist() == [workers[0].subject]


def test_another_process_maps_the_files(workers: list[Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    first = _columns(_asked())
    _another_process()
    monkeypatch.setattr(binder, "read", _never)
    told = _asked()
    assert _columns(told) == first
    assert isinstance(told.kind("training").since, np.memmap)


def _never(*given: Any, **named: Any) -> None:
    raise AssertionError("read from the ledger")


def test_entries_are_followed_here_and_in_files(workers: list[Worker]) -> None:
    before = _columns(_asked())
    workers[0].record("training", date(2025, 3, 1), level="county")
    workers[2].record("appointment", date(2021, 1, 1), place=COMMUNITY, post="staff", **{"class": "full_time_staff"})
    after = _columns(_asked())
    assert len(after["subjects"]) == len(before["subjects"]) + 1
    assert len(after["training"]["who"]) == len(before["training"]["who"]) + 1
    _another_process()
    assert _columns(_asked()) == after
    for path in (binder._root()).iterdir():
        assert len([one for one in path.iterdir() if one.is_dir()]) == 1
    _another_process()
    workers[1].record("training", date(2025, 4, 1), level="county")
    assert len(_columns(_asked())["training"]["who"]) == len(after["training"]["who"]) + 1


def test_as_known_then_stays_as_it_was(workers: list[Worker]) -> None:
    then = binder._position(None)[0]
    terms = installed_law().terms
    before = bound(CITY, known_by=then, terms=terms).kind("training").since.tolist()
    workers[0].record("training", date(2025, 3, 1), level="county", on=date(2026, 11, 25))
    assert bound(CITY, known_by=then, terms=terms).kind("training").since.tolist() == before
    assert len(_asked().kind("training").since) == len(before) + 1


def test_what_is_not_committed_is_kept_for_nobody(workers: list[Worker]) -> None:
    before = _columns(_asked())
    with transaction.atomic():
        workers[0].record("training", date(2025, 3, 1), level="county")
        assert len(_columns(_asked())["training"]["who"]) == len(before["training"]["who"]) + 1
        transaction.set_rollback(True)
    assert _columns(_asked()) == before


def test_whoever_is_erased_is_in_no_file(workers: list[Worker]) -> None:
    _asked()
    assert binder._root().is_dir()
    erase(workers[0].subject, actor="t", basis="t", why="t", clock=at(date(2026, 11, 25)))
    assert not binder._root().exists()
    assert len(binder._kept) == 0


def test_a_damaged_note_is_read_anew(workers: list[Worker]) -> None:
    before = _columns(_asked())
    for path in binder._root().glob("*/current.json"):
        path.write_text("{", encoding="utf-8")
    _another_process()
    assert _columns(_asked()) == before


def test_a_page_does_not_wait_beyond_its_time(workers: list[Worker]) -> None:
    told = bound(CITY, known_by=None, terms=installed_law().terms, seconds=0.0)
    time.sleep(0.01)
    with pytest.raises(Refusal) as refused:
        told.kind("assessment")
    assert refused.value.id == "runs.building"

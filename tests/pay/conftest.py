"""A sub-district whose people are paid: chiefs, staff, one in probation, with a folder that an invented office has confirmed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from jiceng.places.load import load_snapshot
from jiceng.runs import kept, law_sets
from jiceng.runs.adopting import adopt
from jiceng.runs.law import installed_law
from tests.pay.people import FOLDERS, Paid, a_sub_district
from tests.runs.world import CITY, COUNTY, at, book


@pytest.fixture
def ganzi(db: None) -> int:
    return load_snapshot(only=(CITY,))


@pytest.fixture
def adopted(ganzi: int) -> Iterator[None]:
    """The 示例 folders, confirmed by an invented office before anybody is paid."""
    book(COUNTY)
    for folder in FOLDERS:
        adopt(
            folder, office="示例办公室", place=COUNTY, since=date(2026, 1, 1), actor="测试员", basis="示例", why="测试",
            clock=at(date(2026, 1, 5)),
        )  # fmt: skip
    yield
    for name in (kept.FOLDER, law_sets.FOLDER):
        shutil.rmtree(Path(settings.DATA) / name, ignore_errors=True)
    law_sets._kept.cache_clear()


@pytest.fixture(autouse=True)
def _law_as_before(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "adopted" in request.fixturenames:
        from jiceng.runs import law

        law._installed = None


@pytest.fixture
def people(adopted: None) -> dict[str, Paid]:
    installed_law()
    return a_sub_district()

"""A book, workers in it, a clock that ticks a second at every look, and whole sites of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from jiceng.ledger.books import ensure_book, new_subjects
from jiceng.ledger.models import Book
from tests.ledger.parts import COUNTY, Ticking
from tests.ledger.sites import Site, Sites


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def book(db: None) -> Book:
    return ensure_book(COUNTY, "康定市")


@pytest.fixture
def worker(book: Book) -> int:
    return new_subjects(book, 1)[0]


@pytest.fixture
def by(clock: Callable[[], datetime]) -> dict[str, object]:
    """What every write needs besides its content."""
    return {"actor": "测试员", "why": "试", "clock": clock}


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = Sites(tmp_path_factory.mktemp("sites"))
    yield made
    made.drop()


@pytest.fixture
def site(sites: Sites, tmp_path: Path) -> Site:
    """A migrated site with a database and keys of its own, worked on by other processes."""
    return sites.fresh(tmp_path)

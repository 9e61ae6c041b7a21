"""甘孜州 with its real divisions, on whichever database the run uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jiceng.places.load import load_snapshot
from tests.ledger.sites import Site, Sites
from tests.runs.world import CITY


@pytest.fixture
def ganzi(db: None) -> int:
    return load_snapshot(only=(CITY,))


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = Sites(tmp_path_factory.mktemp("sites"))
    yield made
    made.drop()


@pytest.fixture
def site(sites: Sites, tmp_path: Path) -> Site:
    """A site of its own, for tests with several processes."""
    return sites.fresh(tmp_path)

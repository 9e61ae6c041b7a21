"""甘孜州 with its real divisions, on whichever database the run uses."""

from __future__ import annotations

import pytest

from jiceng.places.load import load_snapshot
from tests.runs.world import CITY


@pytest.fixture
def ganzi(db: None) -> int:
    return load_snapshot(only=(CITY,))

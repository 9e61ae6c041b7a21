"""A part of the real tree: 甘孜州 and the divisions whose codes collide when padded."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.places.load import load_snapshot

DAY = date(2024, 5, 1)


@pytest.fixture
def ganzi(db: None) -> int:
    """Number of divisions loaded: the prefecture, all under it, and its province."""
    return load_snapshot(only=(5133,))


@pytest.fixture
def colliding(db: None) -> int:
    return load_snapshot(only=(4419, 4604, 350527))

"""The command line in this process, on 康定市 with one worker of invented identity."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from jiceng.cli.main import app
from jiceng.ledger.books import ensure_book
from jiceng.places.load import load_snapshot
from jiceng.runs.commit import Record, commit, new_subjects

COUNTY, COMMUNITY = 513301, 513301001004
NAME, ID_NUMBER = "格桑示例", "513321199002020029"
HIRED = date(2021, 5, 1)


@dataclass
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def jiceng() -> Callable[..., Said]:
    """Runs a command; a refusal goes through as the exception it is."""

    def run(*arguments: object) -> Said:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
        return Said(result.exit_code, result.stdout)

    return run


@pytest.fixture
def county(db: None) -> int:
    """康定市 with its divisions and its book."""
    load_snapshot(only=(COUNTY,))
    ensure_book(COUNTY, "康定市账簿")
    return COUNTY


@pytest.fixture
def worker(county: int) -> int:
    """Hired on 2021-05-01, never trained, with a whole history."""
    book = ensure_book(county, "")
    subject = new_subjects(book, 1)[0]
    since = HIRED.isoformat()
    changes = [
        Record(subject, "person", date(1990, 2, 2), None, {}, {"name": NAME, "id_number": ID_NUMBER, "id_type": "居民身份证"}),
        Record(subject, "community_start", HIRED, None, {"date": since}),
        Record(
            subject,
            "appointment",
            HIRED,
            None,
            {"class": "full_time_staff", "post": "staff", "origin": "open_recruitment"},
            place=COMMUNITY,
        ),
        Record(subject, "complete", HIRED, None, {"kind": "training", "from": since}),
        Record(subject, "complete", HIRED, None, {"kind": "appointment", "from": since}),
    ]
    commit(book, changes, actor="示例", basis="示例花名册", why="测试", clock=lambda: datetime(2021, 5, 3, tzinfo=UTC))
    return subject

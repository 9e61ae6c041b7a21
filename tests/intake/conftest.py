"""甘孜州 with one book, a clock, and an import from bytes to the ledger in one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from jiceng.intake import uploads
from jiceng.intake.checking import check
from jiceng.intake.landing import Preview, preview
from jiceng.intake.models import Upload
from jiceng.intake.outcome import Checked
from jiceng.intake.reading import read_roster
from jiceng.ledger.books import ensure_book
from jiceng.places.load import load_snapshot
from jiceng.terms.registry import base_terms

SCOPE = 5133
AS_OF = date(2024, 5, 1)


class Ticking:
    """A clock that moves on by a second at every look."""

    def __init__(self) -> None:
        self.now = datetime(2024, 5, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def ganzi(db: None) -> int:
    load_snapshot(only=(5133,))
    return ensure_book(SCOPE, "甘孜藏族自治州").id


@pytest.fixture
def checked(ganzi: int) -> Callable[..., Checked]:
    """Bytes of a workbook → what the checks say."""

    def of(raw: bytes, *, scope: int = SCOPE, as_of: date = AS_OF, **more: object) -> Checked:
        return check(read_roster(raw).layouts, scope=scope, as_of=as_of, terms=base_terms(), **more)  # type: ignore[arg-type]

    return of


@pytest.fixture
def looked(checked: Callable[..., Checked]) -> Callable[..., Preview]:
    """Bytes of a workbook → what landing would do."""
    return lambda raw, **more: preview(checked(raw, **more), terms=base_terms())


@pytest.fixture
def imported(ganzi: int, clock: Ticking) -> Callable[..., Upload]:
    """Bytes of a workbook → the landed upload."""

    def of(raw: bytes, *, scope: int = SCOPE, as_of: date = AS_OF) -> Upload:
        upload = uploads.keep(raw, name="花名册.xlsx", account=None, place=scope, as_of=as_of, clock=clock)
        uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
        return upload

    return of

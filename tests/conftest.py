"""For every test: a ring of keys in the test's own home, and flushes that get past the ledger's guards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import TransactionTestCase

from jiceng.ledger.keys import ensure_ring
from jiceng.runs import law
from tests.ledger.lifted import lifted


@pytest.fixture(scope="session", autouse=True)
def _ring() -> None:
    ensure_ring()


@pytest.fixture(scope="session", autouse=True)
def _law_looked_at_once() -> None:
    """The look at the policy folders once a minute takes a statement, which would fall into any test that counts them."""
    law._LOOK_AGAIN_SECONDS = 36_000


@pytest.fixture(scope="session", autouse=True)
def _flushable_ledger() -> Iterator[None]:
    """A TransactionTestCase empties its tables afterwards, which the guards refuse: lift them just for that."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with lifted(connections["default"]):
            flush(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush

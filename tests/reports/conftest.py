"""The demonstration, built once a module in a transaction that is rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jiceng.cli.site import ZONE
from jiceng.demo import build

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)
ON = NOW.date()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    from django.db import transaction

    home = tmp_path_factory.mktemp("demo")
    (home / "data").mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        build.ready(home, now=NOW, report=lambda done, total: None)
        yield home
        transaction.set_rollback(True)

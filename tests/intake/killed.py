"""Run as a process of its own: prepare a home, import (and perhaps kill itself with -9 on the way), count what stands in the tables."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, date, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from jiceng.intake import landing, uploads  # noqa: E402
from jiceng.intake.models import Upload  # noqa: E402
from jiceng.ledger.books import ensure_book  # noqa: E402
from jiceng.ledger.keys import ensure_ring  # noqa: E402
from jiceng.ledger.verify import verify  # noqa: E402
from jiceng.places.load import load_snapshot  # noqa: E402
from jiceng.terms.registry import base_terms  # noqa: E402
from tests.intake.ugly import people, workbook  # noqa: E402

TABLES = ("ledger_entry", "ledger_fact", "ledger_ending", "ledger_key", "ledger_lookup", "runs_standing")


def clock() -> datetime:
    return datetime.now(UTC)


def prepare() -> None:
    call_command("migrate", verbosity=0)
    ensure_ring()
    load_snapshot(only=(5133,))
    ensure_book(5133, "甘孜藏族自治州")
    uploads.keep(workbook(people(120)), name="花名册.xlsx", account=None, place=5133, as_of=date(2024, 5, 1), clock=clock)


def land(*, kill_after: int) -> None:
    landing.CHUNK = 50

    def progress(done: int, total: int) -> None:
        if done >= kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    uploads.confirm(Upload.objects.get(), actor="测试员", clock=clock, terms=base_terms(), progress=progress)


def count() -> None:
    with connection.cursor() as cursor:
        numbers = []
        for table in TABLES:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            numbers.append(cursor.fetchone()[0])
    print(*numbers, Upload.objects.get().state, "clean" if verify().whole else "broken")


if __name__ == "__main__":
    {"prepare": prepare, "killed": lambda: land(kill_after=100), "whole": lambda: land(kill_after=10**9), "count": count}[sys.argv[1]]()

"""The certificate column: held, known to hold none, and nothing known are three."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.runs.models import NONE_HELD, TODAY, Standing
from tests.runs.world import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_none_held_is_told_from_nothing_known(ganzi):
    held, none, unknown = (Worker(f"示例{n}", n=n) for n in range(3))
    for worker in (held, none, unknown):
        worker.appoint(date(2018, 1, 1))
    held.record("certificate", date(2019, 1, 1), kind="social_worker")
    held.record("certificate", date(2020, 1, 1), kind="assistant")
    none.complete("certificate", on=date(2021, 1, 1))
    found = dict(Standing.objects.filter(moment_id=TODAY).values_list("subject", "certificate"))
    assert found == {held.subject: 2, none.subject: NONE_HELD, unknown.subject: None}


def test_whoever_comes_to_hold_one_after_all_holds_it(ganzi):
    worker = Worker("格桑示例", n=1)
    worker.appoint(date(2018, 1, 1))
    worker.complete("certificate", on=date(2021, 1, 1))
    worker.record("certificate", date(2022, 1, 1), kind="assistant")
    assert Standing.objects.get(moment_id=TODAY, subject=worker.subject).certificate == 1

"""Kept files discarded by command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jiceng.intake import uploads
from tests.cli.conftest import COUNTY

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_files_sent_up_long_ago_are_discarded_and_those_of_today_stay(jiceng, county):
    def sent(raw: bytes, on: datetime) -> uploads.Upload:
        return uploads.keep(raw, name="花名册.csv", account=None, place=COUNTY, as_of=date(2020, 1, 1), clock=lambda: on)

    sent("姓名,身份证号\n".encode(), datetime(2020, 1, 2, tzinfo=UTC))
    today = sent("姓名,岗位\n".encode(), datetime.now(UTC))
    assert jiceng("uploads", "--discard-older", 30, "--json").json == {"discarded": 1, "older_than": 30}
    assert (uploads.file_of(today).exists(), len(jiceng("uploads", "--json").json)) == (True, 2)

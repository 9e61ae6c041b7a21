"""A locked return survives backup and restore with the law it was made under, and can still be worked out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.sites import Sites

pytestmark = pytest.mark.database

OPEN = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from django.conf import settings
from jiceng.ledger.backup import backup, restore
from jiceng.reports import states
from jiceng.reports.frozen import again, broken_returns, thawed
from jiceng.reports.models import Return
from jiceng.reports.returns import Period
clock = lambda: datetime.now(UTC)
folder = Path(sys.argv[1])
"""
FILL = """
from jiceng.ledger.books import ensure_book
from jiceng.places.load import load_snapshot
from jiceng.runs.commit import Record, commit
from tests.runs.world import COUNTY, Worker
load_snapshot(only=(5133,))
worker = Worker("格桑示例", n=1)
worker.appoint(date(2018, 1, 1))
today, by = date(2026, 11, 24), states.By("测试员", date(2026, 11, 24))
row = states.submit("status", COUNTY, Period(date(2024, 6, 1), date(2024, 6, 30)), by=by, clock=clock, today=today)
states.lock(row, by=by, clock=clock)
gone = Record(worker.subject, "departure", date(2024, 6, 10), None, {"cause": "retirement"})
commit(worker.home, [gone], actor="测试员", basis="补录", why="迟到", clock=clock)
backup(folder, clock=clock)
"""
TELL = """
row = Return.objects.get()
kept = (Path(settings.DATA) / "law-sets" / row.law_hash).is_dir()
print(row.state, row.hash, kept, again(row).hash == row.hash, broken_returns(), thawed(row).cells[0][0], [s.act for s in row.steps.all()])
"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = Sites(tmp_path_factory.mktemp("sites"))
    yield made
    made.drop()


def test_restored_a_locked_return_is_the_same_and_worked_out_again_equal(sites, tmp_path: Path):
    opened = OPEN.replace("sys.argv[1]", repr(str(tmp_path)))
    site, other = sites.fresh(tmp_path / "a"), sites.fresh(tmp_path / "b")
    site.run(opened + FILL)
    before = site.run(opened + TELL)
    source = next(tmp_path.glob("*.jcb"))
    other.run(opened + f'restore(Path({str(source)!r}), keys=Path({str(source.with_suffix(".keys"))!r}), actor="甲", clock=clock)')
    assert other.run(opened + TELL) == before
    state, _, kept, equal, broken, serving, *_ = before.split(" ")
    assert (state, kept, equal, broken, serving) == ("locked", "True", "True", "[]", "1")

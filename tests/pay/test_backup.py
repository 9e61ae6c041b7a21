"""A locked sheet survives backup and restore with its law and its kept run, and can still be worked out again."""

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
from jiceng.ledger.backup import backup, restore
from jiceng.pay import states
from jiceng.pay.frozen import broken_sheets
from jiceng.pay.models import PaySheet
from jiceng.runs.kept import broken_runs
from tests.pay.people import FOLDERS, SEPTEMBER, STREET, a_sub_district, month_locked
clock = lambda: datetime.now(UTC)
folder = Path(sys.argv[1])
"""
FILL = """
from jiceng.places.load import load_snapshot
from jiceng.runs.adopting import adopt
from tests.runs.world import COUNTY, at, book
load_snapshot(only=(5133,))
book(COUNTY)
for one in FOLDERS:
    since = date(2026, 1, 1)
    adopt(one, office="示例办公室", place=COUNTY, since=since, actor="测试员", basis="示例", why="测试", clock=at(since))
people = a_sub_district()
month_locked(SEPTEMBER, date(2026, 10, 1))
people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
backup(folder, clock=clock)
"""
TELL = """
row = PaySheet.objects.get()
acts = [step.act for step in row.steps.all()]
print(row.state, row.hash, row.net, states.reproduced(row), broken_sheets(), broken_runs(), acts)
"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = Sites(tmp_path_factory.mktemp("sites"))
    yield made
    made.drop()


def test_restored_a_locked_sheet_is_the_same_and_worked_out_again_equal(sites, tmp_path: Path):
    opened = OPEN.replace("sys.argv[1]", repr(str(tmp_path)))
    site, other = sites.fresh(tmp_path / "a"), sites.fresh(tmp_path / "b")
    site.run(opened + FILL)
    before = site.run(opened + TELL)
    source = next(tmp_path.glob("*.jcb"))
    other.run(opened + f'restore(Path({str(source)!r}), keys=Path({str(source.with_suffix(".keys"))!r}), actor="甲", clock=clock)')
    assert other.run(opened + TELL) == before
    state, _, net, *rest = before.strip().split(" ", 3)
    assert (state, net, rest) == ("locked", "845025", ["True [] [] ['calculate', 'check', 'approve', 'lock']"])

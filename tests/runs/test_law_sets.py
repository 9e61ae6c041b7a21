"""Law sets kept by hash: a folder that changes afterwards changes nothing in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from jiceng.base.refusals import Refusal
from jiceng.ledger import backup
from jiceng.runs import law as installed
from jiceng.runs import law_sets
from jiceng.runs.law import installed_law, site_policies

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DEMO = Path(__file__).parents[2] / "policies" / "cn-5133-ganzi" / "2026-demo"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A site's own folder, over the shipped one of its id."""
    own = site_policies() / "cn-5133-ganzi" / "2026-demo"
    copytree(DEMO, own)
    _say(own, version=2, rounding="进一")
    installed_law(reload=True)
    yield own
    rmtree(site_policies())
    rmtree(law_sets._root(), ignore_errors=True)
    law_sets._kept.cache_clear()
    installed._installed = None


def _say(folder: Path, *, version: int, rounding: str) -> None:
    heading = (DEMO / "document.yaml").read_text(encoding="utf-8")
    lines = [line for line in heading.splitlines() if not line.startswith("version:")]
    (folder / "document.yaml").write_text("\n".join([*lines, f"version: {version}"]) + "\n", encoding="utf-8")
    values = (DEMO / "values.yaml").read_text(encoding="utf-8")
    (folder / "values.yaml").write_text(values.replace("2026-01-01: 进一", f"2026-01-01: {rounding}"), encoding="utf-8")
    (folder / "cases.yaml").unlink(missing_ok=True)


def _rounding(law) -> str:
    found = next(document for document in law.documents if document.id == "cn-5133-ganzi/2026-demo")
    return next(value.by_date[0].raw for value in found.values if value.name == "quota_rounding")


def test_a_kept_set_stays_what_it_was_when_the_folder_changes(folder):
    hash = law_sets.keep(installed_law())
    assert law_sets.keep(installed_law()) == hash
    _say(folder, version=3, rounding="舍去")
    now = installed_law(reload=True)
    assert now.hash != hash
    kept = law_sets.law_of(hash)
    assert (kept.hash, _rounding(kept), _rounding(now)) == (hash, "进一", "舍去")
    assert law_sets.law_of(now.hash) is now


def test_a_folder_changed_after_it_was_loaded_is_not_kept_under_the_old_hash(folder):
    law = installed_law()
    _say(folder, version=3, rounding="舍去")
    with pytest.raises(Refusal, match="还没有载入"):
        law_sets.keep(law)


def test_a_kept_set_that_somebody_changed_is_refused(folder):
    hash = law_sets.keep(installed_law())
    _say(folder, version=3, rounding="舍去")
    installed_law(reload=True)
    values = law_sets._root() / hash / "cn-5133-ganzi" / "2026-demo" / "values.yaml"
    values.write_text(values.read_text(encoding="utf-8").replace("进一", "舍去"), encoding="utf-8")
    law_sets._kept.cache_clear()
    with pytest.raises(Refusal, match="被改过"):
        law_sets.law_of(hash)
    with pytest.raises(Refusal, match="没有保存过"):
        law_sets.law_of("0" * 64)


def test_kept_sets_are_in_the_backup():
    assert law_sets.FOLDER in backup.FOLDERS

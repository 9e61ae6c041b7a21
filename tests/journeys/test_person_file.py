"""A person's file: a document goes with a training, the look says what it changes, the timeline shows both times, who may not see it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiceng.access.models import Reveal
from jiceng.ledger.verify import verify
from jiceng.runs import attaching
from jiceng.terms.registry import base_terms
from tests.journeys.conftest import fill
from tests.journeys.test_day_of_a_clerk import changes, colleague
from tests.runs.world import COUNTY

pytestmark = [pytest.mark.browser]
PDF = b"%PDF-1.4\n%%EOF\n" + b"x" * 4000


@pytest.fixture
def file(settings, tmp_path: Path) -> Path:
    """A certificate to be sent, on a site whose files lie apart."""
    settings.DATA = tmp_path / "data"
    path = tmp_path / "扫描件.pdf"
    path.write_bytes(PDF)
    return path


def test_a_training_with_its_certificate(file: Path, enter, tmp_path: Path):
    subject = colleague()
    page = enter(officer=COUNTY)
    page.goto(f"/workers/{subject}/record/training/")
    page.get_by_label("培训层级").select_option("county")
    page.get_by_label("培训类别").select_option("in_service")
    fill(page, since="2026-10-20", basis="培训结业名单", why="补记培训", papers_title="结业证书")
    page.get_by_label("依据材料（可不附）").set_input_files(file)
    page.get_by_role("button", name="下一步").click()

    assert changes(page)["培训到期日"] == ("2024-12-31", "2029-12-31")
    assert "结业证书 扫描件.pdf" in page.locator("section", has_text="依据材料").inner_text()
    page.get_by_role("button", name="返回修改").click()
    assert "结业证书 扫描件.pdf，已选好" in page.locator("fieldset.papers").inner_text()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认记入").click()
    assert "已登记培训" in page.locator(".note[role=status]").inner_text()

    page.get_by_role("link", name="时间线").click()
    item = page.locator("ol.time > li", has_text="2026-10-20").first
    assert "2026-10-20" in item.inner_text()
    assert "2026-11-24 10:00 由 示例办公室 officer（示例） 登记" in item.inner_text()
    with page.expect_download() as coming:
        item.get_by_role("link", name="结业证书").click()
    assert coming.value.suggested_filename == "扫描件.pdf"
    assert Path(coming.value.path()).read_bytes() == PDF
    assert Reveal.objects.filter(subject=subject).count() == 1

    page.get_by_role("link", name="按记入时间").click()
    newest = page.locator("ol.time > li").first.inner_text()
    assert ("理由：补记培训" in newest, "培训层级 县级骨干培训" in newest, "结业证书" in newest) == (True, True, True)
    assert verify().problems == []

    viewer = enter(viewer=COUNTY)
    viewer.goto(f"/workers/{subject}/documents/")
    assert "有 1 份附件" in viewer.locator("main").inner_text()
    assert "结业证书" not in viewer.content()
    fact = attaching.documents(subject, on=date(2026, 11, 24), terms=base_terms())[0].fact
    refused = viewer.goto(f"/workers/{subject}/documents/{fact}/")
    assert refused is not None
    assert (refused.status, Reveal.objects.filter(subject=subject).count()) == (403, 1)


def test_a_change_that_changes_nothing_says_so(file: Path, enter):
    subject = colleague()
    page = enter(officer=COUNTY)
    page.goto(f"/workers/{subject}/record/remark/")
    page.locator("[name=f_text]").fill("曾在外地工作")
    fill(page, since="2026-10-20", basis="本人说明", why="备注")
    page.get_by_role("button", name="下一步").click()
    assert "没有影响任何结论" in page.locator("section.impact").inner_text()

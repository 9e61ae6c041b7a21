"""Rounds and forms under axe-core, wide and on a phone: nothing serious or critical."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from jiceng.packets import filling, rounds
from jiceng.packets.receiving import receive
from jiceng.terms.registry import base_terms
from tests.journeys.test_accessible import PHONE, faults
from tests.journeys.test_j4_collection import ON, TOWNS, workers
from tests.packets.conftest import changed, put, row_of
from tests.runs.world import COUNTY

pytestmark = [pytest.mark.browser]
__all__ = ["workers"]


def clock() -> datetime:
    return datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_pages_of_rounds_and_forms(enter, workers, size):
    terms = base_terms()
    made = rounds.new_round(
        title="核对", place=COUNTY, places=list(TOWNS), columns=(), on=ON, due=date(2026, 11, 30), office="示例", account=None, clock=clock,
        today=date(2026, 11, 24), terms=terms,
    )  # fmt: skip
    sent = made.sent.get(place=TOWNS[0])
    content = rounds.workbook(sent, plain=False, clock=clock, terms=terms)[0]
    faulty = changed(content, lambda sheet: (put(sheet, "丁增", "民族", "火星族"), sheet.delete_rows(row_of(sheet, "扎西卓玛"))))
    receive(made, [("甲.xlsx", faulty)], scope=None, account=None, clock=clock, terms=terms)
    book, form = openpyxl.Workbook(), BytesIO()
    book.active.append(["姓名", "学历", "鞋码"])
    book.save(form)
    kept = filling.keep_form(form.getvalue(), name="表.xlsx", department="示例", place=COUNTY, on=ON, account=None, clock=clock)
    page = enter(officer=COUNTY)
    if size:
        page.set_viewport_size(size)
    base = f"/rounds/{made.pk}/"
    for address in ("/rounds/", "/rounds/new/", base, f"{base}places/{TOWNS[0]}/", f"{base}merge/?place={TOWNS[0]}", f"{base}remind/",
                    "/filling/", f"/filling/{kept.pk}/"):  # fmt: skip
        page.goto(address)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address

"""The pages of pay: one figure everywhere to the fen, acts by different people, files only from locked sheets, nothing to strangers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Denial, Export, Reveal
from jiceng.pay import frozen
from jiceng.pay.models import PaySheet
from jiceng.runs.commit import Record
from tests.cli.conftest import jiceng
from tests.pay.people import OCTOBER, SEPTEMBER, STREET, Paid, month_locked
from tests.runs.world import COUNTY, PLAIN_COUNTY

__all__ = ["jiceng"]
pytestmark = [pytest.mark.django_db, pytest.mark.database]
SEP, OCT = f"/pay/{STREET}/2026-09/", f"/pay/{STREET}/2026-10/"
ACCOUNT = "6222020000001234567"


@pytest.fixture(autouse=True)
def site(settings) -> Iterator[None]:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.SECOND_FACTOR = False
    with time_machine.travel(datetime(2026, 11, 3, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def enter() -> Callable[..., Client]:
    def go(name: str, **roles: int) -> Client:
        made = create_account(name, display_name=name, office="示例", password="Gaoshan-2024-liu", by=None, must_change=False)
        for role, place in roles.items():
            grant(made, role=role, place=place, since=date(2016, 1, 1), by=None)
        client = Client()
        client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return go


def cells_of(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(content)).worksheets[sheet].iter_rows()]


def text_of(content: bytes) -> str:
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return re.sub(r"\s", "", said)


def fen(value: Any) -> int:
    return int(Decimal(str(value)) * 100)


def test_a_month_by_three_people_to_the_same_fen_everywhere(people: dict[str, Paid], enter, jiceng):
    chief = people["chief"]
    sealed = {"bank_account": ACCOUNT, "bank_name": "=示例银行"}
    chief.write([Record(chief.subject, "pay_account", date(2026, 1, 1), None, {}, sealed=sealed)], on=date(2026, 2, 1))
    clerk, other, officer = enter("bianzhi", clerk=COUNTY), enter("fuhe", clerk=COUNTY), enter("shenpi", officer=COUNTY)
    assert "计算" in clerk.get(OCT).content.decode()
    clerk.post(f"{OCT}calculate/")
    assert (own := clerk.post(f"{OCT}act/check/")).status_code == 422
    assert own.context["refusal"].id == "pay.own"
    other.post(f"{OCT}act/check/")
    assert other.post(f"{OCT}act/approve/").status_code == 403
    for act in ("approve", "lock"):
        officer.post(f"{OCT}act/{act}/")
    kept = PaySheet.objects.get()
    sheet = frozen.thawed(kept)
    assert (kept.state, sheet.totals.gross) == ("locked", 435_000 + 330_000 + 290_000)

    page = clerk.get(OCT).content.decode()
    book = cells_of(clerk.get(f"{OCT}file/xlsx/").content)
    head = next(row for row in book if row[0] == "序号")
    net = head.index("实发工资")
    rows = {row[1]: fen(row[net]) for row in book if isinstance(row[0], int)}
    total = next(fen(row[net]) for row in book if row[1] == "合计")
    told = jiceng("pay", "show", "--place", str(STREET), "--month", "2026-10", "--json").json
    assert rows == {row["name"]: row["payable"] for row in told["rows"]} == {
        f"示例{name}": sheet.row(people[name].subject).net for name in people
    }  # fmt: skip
    assert (total, told["totals"]["net"], kept.net) == (sheet.totals.net,) * 3
    slips = text_of(officer.get(f"{OCT}slips.pdf").content)
    for name, figure in rows.items():
        said = f"{figure // 100:,}.{figure % 100:02d}"
        assert (said in page, f"实发合计：{said}元" in slips, name in slips) == (True, True, True)

    bank = officer.post(f"{OCT}books/bank/", {"reason": "十月代发"})
    lines = cells_of(bank.content)
    paid = {row[1]: (row[2], row[3], fen(row[4])) for row in lines if isinstance(row[0], int)}
    assert paid == {
        name: (ACCOUNT if "chief" in name else "未登记", "=示例银行" if "chief" in name else "未登记", rows[name]) for name in rows
    }
    assert next(fen(row[4]) for row in lines if str(row[1]).startswith("合计")) == total
    control = next(str(row[0]) for row in lines if str(row[0]).startswith("核对"))
    assert control.startswith(f"核对：3 笔，合计 {total // 100:,}.{total % 100:02d} 元（")
    assert control.endswith("账号后四位之和 4567")
    assert {(row.subject, row.fields, row.reason) for row in Reveal.objects.all()} == {
        (one.subject, "银行账号、开户银行", "十月代发") for one in people.values()
    }  # fmt: skip
    assert [row.what for row in Export.objects.order_by("id")] == [
        "示例：社区工作者工资表（2026年10月）",
        "工资条（2026年10月）",
        "银行代发表（2026年10月）",
    ]


def test_a_leave_told_after_the_lock_is_two_hundred_yuan_less_next_month_and_the_locked_page_stays(people: dict[str, Paid], enter):
    locked = month_locked(SEPTEMBER, date(2026, 10, 8))
    clerk = enter("bianzhi", clerk=COUNTY)
    before = plain(clerk.get(SEP).content.decode())
    entry = people["chief"].leave(date(2026, 9, 15), on=date(2026, 10, 20))
    clerk.post(f"{OCT}calculate/")
    page = clerk.get(OCT)
    payee = page.context["of"].shown.payee(people["chief"].subject)
    assert [(change.month, change.title, change.net) for change in payee.changes] == [(SEPTEMBER, "事假扣款", -20_000)]
    body = page.content.decode()
    assert ("−200.00" in body, f'href="/entries/{entry}/"' in body, "补扣" in body) == (True, True, True)
    assert plain(clerk.get(SEP).content.decode()) == before
    assert PaySheet.objects.get(pk=locked.pk).hash == locked.hash
    again = clerk.post(f"{SEP}act/again/", follow=True)
    assert "逐字节相同" in again.content.decode()
    compared = page.context["compared"].of
    assert sum(group.net for group in compared.groups) == compared.net == compared.after - compared.before == -20_000


def plain(body: str) -> str:
    return re.sub(r"csrfmiddlewaretoken\" value=\"\w+", "", body)


def test_a_missing_fact_is_named_and_leads_to_where_it_is_recorded(people: dict[str, Paid], enter):
    late = Paid("示例新来", n=9)
    late.appoint(date(2026, 9, 1), on=date(2026, 9, 2))
    clerk = enter("bianzhi", clerk=COUNTY)
    clerk.post(f"{OCT}calculate/")
    page = clerk.get(f"{OCT}?only=missing")
    body = page.content.decode()
    assert [(found.check.id, found.people, found.record) for found in page.context["checks"] if found.check.level == "refuse"] == [
        ("pay.missing", ((late.subject, "示例新来"),), "grading")
    ]  # fmt: skip
    assert f"/workers/{late.subject}/record/grading/" in body
    assert [line.of.subject for line in page.context["lines"]] == [late.subject]
    assert "缺：台账等级" in body
    card = clerk.get(f"{OCT}c/{late.subject}/month_basic/")
    assert (card.context["card"]["kind"], card.context["card"]["missing"]) == ("missing", [{"name": "recorded_grade", "title": "台账等级"}])
    clerk.post(f"{OCT}people/{late.subject}/out/", {"why": "另行结算"})
    assert "本月不列入：另行结算" in clerk.get(OCT).content.decode()
    clerk.post(f"{OCT}people/{late.subject}/in/")
    late.grade(1, date(2026, 9, 1), on=date(2026, 11, 2))
    clerk.post(f"{OCT}calculate/")
    assert [check for check in clerk.get(OCT).context["sheet"].checks if check.level == "refuse"] == []


def test_a_card_opens_every_figure_by_what_was_known_then(people: dict[str, Paid], enter):
    month_locked(OCTOBER, date(2026, 11, 1))
    people["staff"].grade(5, date(2026, 10, 1), on=date(2026, 11, 2))
    clerk, row = enter("bianzhi", clerk=COUNTY), frozen.thawed(PaySheet.objects.get()).row(people["staff"].subject)
    for line in frozen.thawed(PaySheet.objects.get()).form.lines:
        card = clerk.get(f"{OCT}c/{row.subject}/{line.rule}/").context["card"]
        cell = row.cells[[one.rule for one in row_form().lines].index(line.rule)]
        assert (card["value"], card["clause"]["short"] != "") == (cell, True)


def row_form() -> Any:
    return frozen.thawed(PaySheet.objects.get()).form


@pytest.mark.parametrize(
    "way",
    [
        "", "c/{subject}/month_basic/", "file/xlsx/", "file/pdf/", "slips.pdf", "POST calculate/", "POST act/lock/", "POST act/again/",
        "POST books/bank/", "POST people/{subject}/out/",
    ],
)  # fmt: skip
def test_strangers_get_nothing_and_are_on_record(people: dict[str, Paid], enter, way: str):
    month_locked(OCTOBER, date(2026, 11, 2))
    subject, before = people["chief"].subject, PaySheet.objects.values_list("hash", "state").get()
    for name, roles in {"linxian": {"officer": PLAIN_COUNTY}, "chayue": {"viewer": COUNTY}, "guanli": {"admin": COUNTY}}.items():
        client = enter(name, **roles)
        address = OCT + way.removeprefix("POST ").format(subject=subject)
        denials = Denial.objects.count()
        answer = client.post(address, {"why": "x", "reason": "试一试"}) if way.startswith("POST") else client.get(address)
        assert (name, answer.status_code, Denial.objects.count()) == (name, 403, denials + 1)
        assert [word for word in ("示例chief", "3,480.00", ACCOUNT) if word in answer.content.decode("utf-8", "replace")] == []
    assert PaySheet.objects.values_list("hash", "state").get() == before
    assert Reveal.objects.count() == 0


def test_a_clerk_without_the_permission_to_reveal_gets_no_bank_workbook(people: dict[str, Paid], enter):
    month_locked(OCTOBER, date(2026, 11, 2))
    clerk = enter("bianzhi", clerk=COUNTY)
    assert "银行代发表</button>" not in clerk.get(OCT).content.decode()
    assert clerk.post(f"{OCT}books/bank/", {"reason": "十月代发"}).status_code == 403
    officer = enter("shenpi", officer=COUNTY)
    assert officer.post(f"{OCT}books/bank/", {"reason": "啊"}).context["refusal"].id == "access.reason"
    assert (Reveal.objects.count(), officer.post(f"{OCT}books/tax/", {"reason": "十月代发"}).status_code) == (0, 404)


def test_nothing_leaves_before_the_lock(people: dict[str, Paid], enter):
    officer = enter("shenpi", officer=COUNTY)
    assert officer.get(f"{OCT}slips.pdf").context["refusal"].id == "pay.none"
    officer.post(f"{OCT}calculate/")
    assert officer.get(f"{OCT}slips.pdf").context["refusal"].id == "pay.not_locked"
    assert officer.post(f"{OCT}books/bank/", {"reason": "十月代发"}).context["refusal"].id == "pay.not_locked"
    assert officer.get(f"/pay/people/{people['chief'].subject}/2026-10/slip.pdf").context["refusal"].id == "pay.no_row"


def test_one_persons_months(people: dict[str, Paid], enter):
    month_locked(SEPTEMBER, date(2026, 10, 8))
    month_locked(OCTOBER, date(2026, 11, 2))
    clerk, subject = enter("bianzhi", clerk=COUNTY), people["chief"].subject
    page = clerk.get(f"/pay/people/{subject}/")
    assert [one.kept.month for one, _, _ in page.context["lines"]] == [OCTOBER, SEPTEMBER]
    slip = text_of(clerk.get(f"/pay/people/{subject}/2026-09/slip.pdf").content)
    assert ("示例chief" in slip, "示例staff" in slip) == (True, False)
    assert clerk.get("/pay/people/77/").context["refusal"].id == "access.concealed"


def test_statements_and_size_stay_within_the_budget(people: dict[str, Paid], enter):
    month_locked(SEPTEMBER, date(2026, 10, 8))
    month_locked(OCTOBER, date(2026, 11, 2))
    clerk = enter("bianzhi", clerk=COUNTY)
    measured = {}
    for address in ("/pay/", OCT, f"{OCT}c/{people['chief'].subject}/month_basic/", f"/pay/people/{people['chief'].subject}/"):
        clerk.get(address)
        with CaptureQueriesContext(connection) as ran:
            answer = clerk.get(address)
        # Two statements of every page are the session's and the account's.
        measured[address] = (answer.status_code, len(ran) <= 14, len(answer.content) < 60_000)
    assert measured == dict.fromkeys(measured, (200, True, True))

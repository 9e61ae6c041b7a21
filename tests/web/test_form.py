"""The 登记表 of a worker: what is held and nothing else, masked unless asked with a reason, as of the page's moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from jiceng.access.models import Denial, Reveal
from jiceng.ledger import reading
from jiceng.reports.registration_sections import SECTIONS
from jiceng.runs.commit import Record
from tests.runs.world import COMMUNITY, Worker, book, id_number
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def cells(content: bytes) -> list[list[str]]:
    """Every table row of the Word form, a merged cell once."""
    rows = []
    for table in docx.Document(BytesIO(content)).tables:
        for row in table.rows:
            seen: list[object] = []
            for cell in row.cells:
                if cell._tc not in seen:
                    seen.append(cell._tc)
            rows.append([docx.table._Cell(one, table).text for one in seen])
    return rows


def pairs(content: bytes) -> dict[str, str]:
    """The grid of single fields: label → what stands beside it."""
    return {row[at]: row[at + 1] for row in cells(content)[:9] for at in range(0, len(row), 2)}


def under(content: bytes, title: str) -> list[list[str]]:
    """The rows of a list, without its title and headings."""
    titles = [one.title for one in SECTIONS] + ["备注"]
    rows = cells(content)
    start = next(at for at, row in enumerate(rows) if row == [title]) + 2
    end = next(at for at, row in enumerate(rows) if at >= start and row[0] in titles)
    return rows[start:end]


def word(client, subject: int, query: str = "") -> bytes:
    answer = client.get(f"/workers/{subject}/form.docx{query}")
    assert answer.status_code == 200
    return answer.content


def test_form_prints_what_is_held_and_leaves_blank_what_is_not(signed_in, world: World):
    content = word(signed_in(clerk=COUNTY), world.head)
    held = pairs(content)
    assert held == {
        "姓名": "马志强", "性别": "女", "出生日期": "1985年6月1日", "民族": "", "政治面貌": "", "加入日期": "",
        "证件号码": "513324********0115", "手机号": "", "住址": "", "岗位": "社区党组织书记",
        "人员类别": "社区“两委”专职成员", "进入方式": "选举产生",
        "任现岗": "2018年3月1日", "从事社区工作": "", "用人单位": "", "经费来源": "", "合同类型": "", "签订日期": "", "到期日": "",
        "试用期止": "", "试用结果": "", "岗位等级": "",
    }  # fmt: skip
    assert [row[0] for row in under(content, "培训情况")] == ["2024-03-10", "2025-11-02"]
    assert [(row[0], row[1], row[3]) for row in under(content, "任职经历")] == [("2018-03-01", "至今", "社区党组织书记")]


def test_blank_is_unknown_and_none_is_known_none(signed_in, world: World):
    worker = Worker("次仁", n=21)
    worker.appoint(date(2022, 1, 1))
    worker.complete("certificate", on=date(2022, 1, 2))
    worker.complete("training", date(2022, 1, 1), on=date(2022, 1, 2))
    worker.complete("contract", on=date(2022, 1, 2))
    content = word(signed_in(clerk=COUNTY), worker.subject)
    assert under(content, "职业资格") == [["无"]]
    assert under(content, "培训情况") == [["自2022年1月1日起无"]]
    assert under(content, "表彰") == [[""]]
    assert pairs(content)["合同类型"] == "无"


def test_lists_that_paper_does_not_have_are_printed_only_when_held(signed_in, world: World):
    client, only_held = signed_in(clerk=COUNTY), {one.title for one in SECTIONS if not one.always}
    before = {row[0] for row in cells(word(client, world.head)) if len(row) == 1}
    assert before & only_held == set()
    Worker.record(_known(world.head), "vetting", date(2018, 2, 1), result="passed", by="示例县委组织部")
    after = word(client, world.head)
    assert {row[0] for row in cells(after) if len(row) == 1} & only_held == {"政治审查"}
    assert [(row[0], row[2]) for row in under(after, "政治审查")] == [("2018-02-01", "示例县委组织部")]


def _known(subject: int) -> Worker:
    """A worker written before, to record more about."""
    found = Worker.__new__(Worker)
    found.subject, found.home, found.community = subject, book(COUNTY), COMMUNITY
    return found


def test_form_speaks_of_the_day_and_knowledge_of_the_page(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    then = word(client, world.head, "?on=2024-12-31")
    assert [row[0] for row in under(then, "培训情况")] == ["2024-03-10"]
    unknown = word(client, world.head, "?on=2026-11-24&known=2025-11-01")
    assert [row[0] for row in under(unknown, "培训情况")] == ["2024-03-10"]
    foot = [p.text for p in docx.Document(BytesIO(unknown)).paragraphs if p.style.name == "落款行"][1:]
    last = next(one for one in reading.entries(world.head) if one.known_at < datetime(2025, 11, 1, tzinfo=UTC))
    assert foot == [
        "截至日：2026年11月24日　　知悉截至：2025年11月1日 23:59",
        f"数据来源：台账 {last}，封印 {bytes(last.seal).hex()[:16]}",
        "导出人：clerk　　导出时间：2026年11月24日 10:00",
    ]


def test_pdf_and_word_say_the_same(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    printed = client.get(f"/workers/{world.head}/form.pdf")
    assert printed["Content-Type"] == "application/pdf"
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages))
    wanted = {cell for row in cells(word(client, world.head)) for cell in row if cell}
    assert {cell for cell in wanted if re.sub(r"\s", "", cell) not in text} == set()


def test_sealed_fields_are_printed_for_a_reason_and_written_down(signed_in, world: World):
    worker = _known(world.head)
    worker.write(
        [Record(world.head, "contact", date(2018, 3, 1), None, {}, sealed={"phone": "13800001234", "address": "示例路 1 号"})],
        on=date(2018, 3, 1),
    )
    client = signed_in(officer=COUNTY)
    assert (pairs(word(client, world.head))["手机号"], pairs(word(client, world.head))["住址"]) == ("（密封，未调阅）", "（密封，未调阅）")
    assert Reveal.objects.count() == 0
    answer = client.post(f"/workers/{world.head}/form.docx", {"reason": "年度归档"})
    held = pairs(answer.content)
    assert (held["证件号码"], held["手机号"], held["住址"]) == (id_number(11, date(1985, 6, 1)), "13800001234", "示例路 1 号")
    assert answer["Cache-Control"] == "no-store"
    row = Reveal.objects.get()
    assert (row.subject, row.fields, row.reason) == (world.head, "id_number、phone、address", "打印登记表：年度归档")


@pytest.mark.parametrize("reason", ["", "　  ", "年度"])
def test_without_a_reason_nothing_is_opened(signed_in, world: World, reason: str):
    answer = signed_in(officer=COUNTY).post(f"/workers/{world.head}/form.pdf", {"reason": reason})
    assert (answer.status_code, Reveal.objects.count()) == (422, 0)
    assert "access.reason" in answer.content.decode()


def test_a_clerk_may_print_but_not_reveal(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    page = client.get(f"/workers/{world.head}/form/").content.decode()
    assert (f"/workers/{world.head}/form.docx" in page, "查看事由" in page) == (True, False)
    answer = client.post(f"/workers/{world.head}/form.docx", {"reason": "年度归档"})
    assert (answer.status_code, Reveal.objects.count(), Denial.objects.get().permission) == (403, 0, "reveal")
    assert "马志强" not in answer.content.decode()


@pytest.mark.parametrize(
    ("roles", "permission"), [({"viewer": COUNTY}, "see_names"), ({"clerk": PLAIN_COUNTY}, "see"), ({"admin": COUNTY}, "see_names")]
)
@pytest.mark.parametrize("address", ["form/", "form.docx", "form.pdf"])
def test_who_may_not_see_names_here_gets_no_form(signed_in, world: World, roles, permission: str, address: str):
    answer = signed_in(**roles).get(f"/workers/{world.head}/{address}")
    assert (answer.status_code, Denial.objects.get().permission) == (403, permission)
    assert "马志强" not in answer.content.decode()


def test_the_worker_page_leads_to_the_form_only_for_who_may_see_names(signed_in, world: World):
    link = f'href="/workers/{world.head}/form/"'
    assert link in signed_in(clerk=COUNTY).get(f"/workers/{world.head}/").content.decode()
    assert link not in signed_in(viewer=COUNTY).get(f"/workers/{world.head}/").content.decode()

"""The roster list as people use it: several answers a filter, chips, order, columns and views of one's own, export as seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from jiceng.access.models import Export, ListView
from jiceng.desks.workforce import exporting
from jiceng.places.tree import NATION
from jiceng.runs import kept_files
from jiceng.runs.commit import erase
from jiceng.runs.law import installed_law
from tests.runs.world import COMMUNITY, PLAIN_COMMUNITY, Worker, at, id_number
from tests.web.conftest import COUNTY, PLAIN_COUNTY, TODAY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def many(world: World) -> World:
    for n in range(40):
        worker = Worker(f"人员{n:02d}", n=100 + n, born=date(1970 + n, 3, 1 + n % 28))
        worker.appoint(date(2022, 1, 1 + n % 28), post="secretary" if n % 4 == 0 else "staff")
        if n % 3 == 0:
            worker.record("contract", date(2025, 1, 1), kind="street", ends=f"2026-12-{1 + n % 28:02d}")
        if n % 5 == 0:
            worker.record("education", date(2022, 1, 1), level=("college", "bachelor")[n % 2], mode="full_time")
    return world


def names(answer) -> list[str]:
    return [line.name for line in answer.context["lines"]]


def pages(client, query: str) -> list[list[str]]:
    """Every cell of every page, as text, row by row."""
    rows, key = [], ""
    while True:
        answer = client.get(f"/roster/?{query}" + (f"&after={key}" if key else ""))
        rows += [[line.name, *(cell.text for cell in line.cells)] for line in answer.context["lines"]]
        key = answer.context["after"]
        if not key:
            return rows


def workbook(content: bytes) -> tuple[list[str], list[str], list[list[str]]]:
    """The lines above, the headings, the rows: as a spreadsheet shows them."""
    sheet = load_workbook(BytesIO(content)).active
    shown = [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    heading = next(at for at, row in enumerate(shown) if row[0] == "姓名")
    return [row[0] for row in shown[:heading]], shown[heading], shown[heading + 1 :]


def _shown(cell: object) -> str:
    return "" if cell is None else cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def got(answer) -> bytes:
    return b"".join(answer.streaming_content)


# ---- filters ----


def test_several_answers_to_one_question_widen_and_questions_narrow(signed_in, many):
    client = signed_in(officer=COUNTY)

    def count(query: str) -> int:
        return client.get(f"/roster/?{query}").context["found"].count

    assert (count("post=2"), count("post=7"), count("post=2&post=7"), count("post=2&education=5")) == (11, 31, 42, 2)
    assert (count("education=-1"), count("education=5&education=6&education=-1")) == (34, 42)
    assert count("age=30&age=none") == sum(date(1970 + n, 3, 1 + n % 28) > date(1995, 11, 24) for n in range(40))
    every = [key for key, _ in client.get("/roster/").context["form"].fields["years"].choices]
    assert count("&".join(f"years={key}" for key in every)) == sum(count(f"years={key}") for key in every) == 42
    assert (count("grade=3"), count("sex=2"), count("state=all&political=-1")) == (0, 42, 42)


def test_a_due_list_may_reach_farther_or_less_far(signed_in, many):
    client = signed_in(officer=COUNTY)
    days = sorted(1 + n % 28 for n in range(0, 40, 3))
    for query, last in (("", date(2027, 1, 22)), ("&within=10", date(2026, 12, 3)), ("&until=2026-12-12", date(2026, 12, 12))):
        answer = client.get(f"/roster/?due=contract_soon{query}")
        assert answer.context["found"].count == sum(date(2026, 12, day) <= last for day in days)
        assert answer.context["chips"][0].text.startswith(f"合同到期：2026-11-24 至 {last.isoformat()}（")
    refused = client.get("/roster/?within=10")
    assert (refused.status_code, refused.context["refusal"].id) == (422, "page.filter")


def test_each_chip_says_a_filter_and_leads_to_the_list_without_it(signed_in, many):
    client = signed_in(officer=COUNTY)
    query = "place=513324&post=2&post=7&education=6&due=contract_soon&within=30&q=人员&grade=&sort=birth&after=1-2"
    chips = client.get(f"/roster/?{query}").context["chips"]
    assert [chip.text for chip in chips] == [
        "查找 姓名含“人员”的", "岗位：社区党组织书记", "岗位：社区专职工作人员", "最高学历：本科",
        "合同到期：2026-11-24 至 2026-12-23（30 天内）",
    ]  # fmt: skip
    left = [parse_qs(urlsplit(chip.without).query) for chip in chips]
    whole = {
        "place": ["513324"],
        "post": ["2", "7"],
        "education": ["6"],
        "due": ["contract_soon"],
        "within": ["30"],
        "q": ["人员"],
        "sort": ["birth"],
    }
    assert left == [
        {k: v for k, v in whole.items() if k != "q"}, {**whole, "post": ["7"]}, {**whole, "post": ["2"]},
        {k: v for k, v in whole.items() if k != "education"}, {k: v for k, v in whole.items() if k not in ("due", "within")},
    ]  # fmt: skip
    assert [client.get(f"/roster/{chip.without}").status_code for chip in chips] == [200] * 5


def test_the_day_changed_keeps_every_answer_of_a_filter(signed_in, many):
    page = signed_in(officer=COUNTY).get("/roster/?post=2&post=7").content.decode()
    bar = page.split('class="moment"')[1].split("</form>")[0]
    assert [bar.count(f'name="post" value="{value}"') for value in ("2", "7")] == [1, 1]


def test_filters_that_are_not_offered_are_refused(signed_in, many):
    client = signed_in(officer=COUNTY)
    for query in (
        "post=2&post=99",
        "age=7",
        "years=x",
        "grade=a-b",
        "due=contract_soon&within=-3",
        "sort=password",
        "cols=secret",
        "sort=grade",
    ):
        answer = client.get(f"/roster/?{query}")
        assert (query, answer.status_code) == (query, 422)


def test_places_below_are_counted_and_a_place_is_found_by_name(signed_in, many):
    client = signed_in(officer=5133)
    below = client.get("/roster/?post=7").context["below"]
    assert [(code, count) for code, _, count in below] == [(PLAIN_COUNTY, 1), (COUNTY, 31)]
    there = client.get("/roster/?to=呷尔镇&post=7&post=2")
    assert parse_qs(urlsplit(there["Location"]).query) == {"place": ["513324100"], "post": ["7", "2"]}
    several = client.get("/roster/?to=镇").context["found"]
    assert len(several) == 12
    assert client.get("/roster/?to=不存在的地方").context["found"] == []
    assert signed_in(clerk=PLAIN_COUNTY).get("/roster/?to=呷尔镇").context["found"] == []


def test_a_search_says_what_was_looked_into(signed_in, many):
    client = signed_in(officer=COUNTY)
    number = id_number(11, date(1985, 6, 1))
    told = [client.get("/roster/", {"q": text}).context["chips"][0].text for text in ("志强", "mzq", number)]
    assert told == ["查找 姓名含“志强”的", "查找 拼音以“mzq”开头的", f"查找 证件号码 {number[:6]}…{number[-4:]}"]


# ---- order, columns, views ----


def test_headings_sort_both_ways_and_say_so(signed_in, many):
    client = signed_in(officer=COUNTY)
    births = [row[1] for row in pages(client, "cols=birth&sort=-birth")]
    assert births == sorted(births, reverse=True)
    headings = client.get("/roster/?cols=birth,place&sort=-birth").context["headings"]
    assert [(one.column.key, one.sort, one.now) for one in headings] == [("birth", "birth", "descending"), ("place", "place", "")]
    due = [row[1] for row in pages(client, "cols=a:contract_due&sort=a:x".replace("a:x", "contract_due"))]
    told = [text for text in due if text.startswith("20")]
    assert (told, due[: len(told)], len(told)) == (sorted(told), told, 14)


def test_columns_are_kept_for_the_account_and_a_link_brings_its_own(signed_in, many):
    client = signed_in(officer=COUNTY)
    chosen = {
        "show": ["place", "a:training_due", "sex"],
        "at-sex": "1",
        "at-place": "3",
        "at-a:training_due": "2",
        "query": "post=2&q=人员&after=1-1",
    }
    answer = client.post("/roster/columns/", chosen)
    assert parse_qs(urlsplit(answer["Location"]).query) == {"post": ["2"]}
    keys = [one.column.key for one in client.get("/roster/").context["headings"]]
    assert keys == ["sex", "a:training_due", "place"]
    assert [one.column.key for one in client.get("/roster/?cols=birth").context["headings"]] == ["birth"]
    assert [one.column.key for one in signed_in(clerk=COUNTY).get("/roster/").context["headings"]][:2] == ["sex", "birth"]
    client.post("/roster/columns/", {"reset": "1"})
    assert len(client.get("/roster/").context["headings"]) == 9
    assert client.post("/roster/columns/", {"show": []}).status_code == 422


def test_columns_offered_are_those_of_the_law_that_may_apply_here(signed_in, many):
    def answers(**roles: int) -> set[str]:
        _, (_, columns) = signed_in(**roles).get("/roster/columns/").context["others"]
        return {column.key for column in columns}

    here, everywhere = answers(officer=COUNTY), answers(viewer=NATION)
    law = installed_law()
    found = [rule for document in law.touching([COUNTY]) for rule in document.rules if rule.of == "worker"]
    rules = {f"a:{rule.id}" for rule in found if not rule.total and not rule.asked}
    assert here == rules < everywhere
    assert "a:starting_pay" in everywhere - here


def test_an_answer_column_shows_the_value_or_the_kind_and_opens_the_card(signed_in, many):
    client = signed_in(officer=COUNTY)
    answer = client.get("/roster/?q=马志强&cols=a:training_due,a:contract_due")
    assert [cell.text for cell in answer.context["lines"][0].cells] == ["2026-12-31", "缺事实"]
    address = f"/workers/{many.head}/answers/contract_due/"
    assert f'href="{address}" hx-get="{address}"' in answer.content.decode()
    assert client.get(address).status_code == 200


def test_views_are_ones_own_and_keep_no_name(signed_in, many):
    client = signed_in(officer=COUNTY)
    saved = client.post(
        "/roster/views/", {"name": "到期名单", "query": "due=contract_soon&within=30&q=马志强&cols=birth,a:contract_due&sort=birth"}
    )
    wanted = {"due": ["contract_soon"], "within": ["30"], "sort": ["birth"], "cols": ["birth,a:contract_due"]}
    assert parse_qs(urlsplit(saved["Location"]).query) == wanted
    view = client.get("/roster/").context["views"][0]
    assert (view.name, parse_qs(urlsplit(view.address).query)) == ("到期名单", wanted)
    assert client.get(view.address).status_code == 200
    other = signed_in(clerk=COUNTY)
    assert other.get("/roster/").context["views"] == []
    other.post(f"/roster/views/{view.number}/delete/")
    assert ListView.objects.count() == 1
    client.post(f"/roster/views/{view.number}/delete/")
    assert ListView.objects.count() == 0
    assert client.post("/roster/views/", {"name": " "}).status_code == 422


# ---- export ----

LISTS = [
    "", "cols=age,id,place,a:training_due,a:contract_due,certificate,grade&sort=-birth", "post=7&education=5&education=-1",
    "due=contract_soon",
    "q=人员1&cols=birth,state", "state=all&place=513324100",
]  # fmt: skip


@pytest.mark.parametrize("query", LISTS)
@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_an_export_has_the_cells_of_every_page(signed_in, many, query, role):
    client = signed_in(**{role: 5133})
    seen = pages(client, query)
    answer = client.get(f"/roster/export/?{query}")
    if role == "viewer" and "q=" in query:
        assert (seen, answer.status_code) == ([], 422)
        return
    _, headings, rows = workbook(got(answer))
    page = client.get(f"/roster/?{query}").context
    assert headings == ["姓名", *(one.column.name for one in page["headings"])]
    assert rows == seen
    assert len(rows) == page["found"].count


def test_a_masked_name_is_masked_in_the_file_too(signed_in, many):
    content = got(signed_in(viewer=COUNTY).get("/roster/export/"))
    _, _, rows = workbook(content)
    assert {row[0] for row in rows} == {"马**", "罗**", "人**"}


def test_the_lines_above_tell_filters_day_knowledge_and_who(signed_in, many):
    client = signed_in(officer=COUNTY)
    above, _, rows = workbook(got(client.get("/roster/export/?post=7&on=2026-06-30&known=2026-10-01")))
    assert above[:4] == [
        "社区工作者名册", "条件：九龙县；岗位：社区专职工作人员", f"共 {len(rows)} 人",
        "截至日：2026年6月30日　　知悉截至：2026年10月1日 23:59",
    ]  # fmt: skip
    assert above[4].startswith("导出人：officer（示例）　　导出时间：2026年11月24日")


def test_an_export_is_on_record_without_the_name_searched_for(signed_in, many):
    client = signed_in(officer=COUNTY)
    got(client.get("/roster/export/?q=马志强&cols=birth&post=2"))
    row = Export.objects.get()
    assert (row.account.username, row.place, row.filters, row.columns, row.rows, row.on) == (
        "officer", COUNTY, "九龙县；查找；岗位：社区党组织书记", "姓名、出生日期", 1, TODAY,
    )  # fmt: skip
    admin = signed_in(admin=COUNTY)
    shown = admin.get("/reveals/").context["exported"]
    assert [one.pk for one in shown] == [row.pk]
    got(signed_in(clerk=PLAIN_COUNTY).get("/roster/export/"))
    assert (Export.objects.count(), len(admin.get("/reveals/").context["exported"])) == (2, 1)


def test_an_export_from_outside_ones_places_is_refused(signed_in, many):
    client = signed_in(officer=COUNTY)
    answers = [client.get(f"/roster/export/?place={PLAIN_COUNTY}"), client.post("/roster/export/", {"query": f"place={PLAIN_COUNTY}"})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert client.get("/roster/export/?q=没有这个人").context["refusal"].id == "export.empty"
    assert Export.objects.count() == 0


@pytest.fixture
def long(many, monkeypatch) -> World:
    monkeypatch.setattr(exporting, "AT_ONCE", 10)
    return many


def test_a_long_list_is_made_by_a_job_and_fetched_by_its_account_only(signed_in, long, settings):
    client = signed_in(officer=COUNTY)
    seen = pages(client, "post=7&sort=-birth")
    asked = client.get("/roster/export/?post=7&sort=-birth")
    assert (asked.status_code, asked.context["rows"], Export.objects.count()) == (200, 31, 0)
    there = client.post("/roster/export/", {"query": asked.context["query"]})["Location"]
    assert (client.get(there).context["told"]["state"], Export.objects.count()) == ("made", 1)
    _, _, rows = workbook(got(client.get(f"{there}file/")))
    assert rows == seen
    other = signed_in(clerk=COUNTY)
    assert [other.get(path).context["refusal"].id for path in (there, f"{there}file/")] == ["export.gone"] * 2
    assert client.get("/roster/exports/abc/").context["refusal"].id == "export.gone"


def test_a_kept_list_is_gone_after_a_day_and_at_once_when_somebody_is_erased(signed_in, long):
    client = signed_in(officer=COUNTY)

    def made() -> str:
        return client.post("/roster/export/", {"query": "post=7"})["Location"]

    there = made()
    made_at = kept_files.file_of(there.split("/")[-2]).stat().st_mtime
    kept_files.expire(datetime.fromtimestamp(made_at, UTC) + timedelta(hours=23))
    assert kept_files.told_of(there.split("/")[-2])["state"] == "made"
    kept_files.expire(datetime.fromtimestamp(made_at, UTC) + timedelta(hours=25))
    assert kept_files.told_of(there.split("/")[-2]) is None
    there = made()
    erase(long.staff, actor="测试员", basis="本人申请", why="删除", clock=at(TODAY))
    assert client.get(there).context["refusal"].id == "export.gone"


def test_the_job_sees_what_its_account_may_see_when_it_runs(signed_in, long, settings, account):
    from jiceng.access.models import Grant

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = signed_in(officer=COUNTY)
    there = client.post("/roster/export/", {"query": "place=513324"})["Location"]
    Grant.objects.filter(account__username="officer").update(until=date(2026, 11, 1))
    exporting.make_later.func(token=there.split("/")[-2])
    told = kept_files.told_of(there.split("/")[-2])
    assert (told["state"], told["refusal"]["id"]) == ("refused", "access.denied")


# ---- budgets ----


@pytest.mark.parametrize(
    "query",
    ["", "post=2&post=7&education=6&due=contract_soon&within=90", "cols=sex,place,a:training_due,a:contract_due,a:term_due", "size=80"],
)
def test_ten_statements_and_sixty_kilobytes(signed_in, world, query, transactional_db):
    for n in range(90):
        Worker(f"人员{n:02d}", n=100 + n, community=(COMMUNITY, PLAIN_COMMUNITY)[n % 2]).appoint(date(2022, 1, 1))
    client = signed_in(officer=5133)
    client.get(f"/roster/?{query}")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/roster/?{query}")
    assert len(asked) <= 10, [one["sql"][:100] for one in asked]
    assert len(answer.content) <= 60 * 1024


def test_a_query_read_for_an_act_is_the_one_of_the_page(signed_in, many, rf):
    from jiceng.desks.workforce.roster import filters_of

    client = signed_in(officer=COUNTY)
    page = client.get("/roster/?post=2&post=7&due=contract_soon&within=30&q=人员")
    request = page.wsgi_request
    filters, seen = filters_of(request, QueryDict("post=2&post=7&due=contract_soon&within=30&q=人员"))
    assert (seen, filters.posts, filters.search, filters.answers[0].days) == ("see_names", (2, 7), "人员", 30)

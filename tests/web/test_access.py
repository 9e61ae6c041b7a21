"""No row outside one's places, by every way a page offers; refusals are on record."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.access.models import Denial, Reveal
from jiceng.ledger import reading
from tests.runs.world import COMMUNITY, id_number
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_places_and_workers_outside_are_refused_and_logged(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    entry = reading.entries(world.elsewhere)[0].id
    fact = reading.everything(world.elsewhere)[-1].fact.id
    ways = [
        f"/?place={PLAIN_COUNTY}", f"/roster/?place={PLAIN_COUNTY}", f"/roster/?place={PLAIN_COUNTY}&due=training_overdue",
        f"/workers/{world.elsewhere}/", f"/workers/{world.elsewhere}/facts/", f"/workers/{world.elsewhere}/history/",
        f"/workers/{world.elsewhere}/answers/training_due/", f"/workers/{world.elsewhere}/why/training_due/",
        f"/workers/{world.elsewhere}/record/training/", f"/workers/{world.elsewhere}/facts/{fact}/",
        f"/places/{PLAIN_COUNTY}/", f"/places/{PLAIN_COUNTY}/answers/quota/", f"/places/{PLAIN_COUNTY}/why/quota/",
        f"/places/{PLAIN_COUNTY}/record/population/", f"/entries/{entry}/", f"/entries/{entry}/undo/",
        f"/workers/new/?place={PLAIN_COUNTY}", f"/import/template/?place={PLAIN_COUNTY}", "/accounts/", "/reveals/",
    ]  # fmt: skip
    found = {way: client.get(way).status_code for way in ways}
    assert found == dict.fromkeys(ways, 403)
    assert Denial.objects.count() == len(ways)


def test_a_fact_of_another_worker_does_not_open_through_ones_own(signed_in, world: World):
    fact = reading.everything(world.elsewhere)[-1].fact.id
    answer = signed_in(officer=COUNTY).get(f"/workers/{world.head}/facts/{fact}/")
    assert (answer.status_code, answer.context["refusal"].id) == (422, "fact.unknown")


def test_search_finds_nobody_outside(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    assert [line.name for line in client.get("/roster/?q=何晓燕").context["lines"]] == []
    assert client.get("/places/?q=泸定").context["names"] == []


def test_entries_of_other_books_are_not_listed(signed_in, world: World):
    acts = signed_in(officer=COUNTY).get("/entries/").context["acts"]
    mine = {entry.id for subject in (world.head, world.staff) for entry in reading.entries(subject)}
    assert {act.id for act in acts} == mine


def test_an_account_without_a_grant_sees_nothing(signed_in, world: World):
    client = signed_in()
    assert [client.get(page).status_code for page in ("/", "/roster/", "/law/", "/places/", "/entries/")] == [403] * 5


def test_the_menu_offers_what_may_be_opened(signed_in, world: World):
    def offered(**roles: int) -> list[str]:
        return [entry.name for group in signed_in(**roles).get("/law/").context["menu"] for entry in group["entries"]]

    people, reports = ["工作台", "名册", "调动", "晋升通道", "地方与人口"], ["报表", "简报"]
    looked_at = ["保存的计算", "矛盾报告", "法规", "台账记载"]
    assert offered(viewer=COUNTY) == [*people, *reports, *looked_at]
    assert offered(officer=COUNTY) == [*people, "导入表格", "收表", "填表", *reports, "工资表", "起草", "试算", *looked_at]
    assert offered(admin=COUNTY) == [*people, *reports, *looked_at, "账号与授权", "接口令牌", "查看记录"]


def test_a_viewer_sees_masked_names_and_no_acts(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    assert [line.name for line in client.get("/roster/").context["lines"]] == ["马**", "罗***"[:3]]
    text = client.get(f"/workers/{world.head}/facts/").content.decode()
    assert "马志强" not in text
    assert "更正" not in text.split("<main")[1].split("</main>")[0]
    assert [client.get(page).status_code for page in (f"/workers/{world.head}/record/training/", "/import/", "/workers/new/")] == [403] * 3


def test_a_masked_name_cannot_be_found_out_by_searching_for_parts_of_it(signed_in, world: World):
    searches = ("马", "志", "马志强", "mzq", "ma", id_number(11, date(1985, 6, 1)))

    def found(client) -> list[int]:
        return [len(client.get("/roster/", {"q": text}).context["lines"]) for text in searches]

    assert found(signed_in(officer=COUNTY)) == [1, 1, 1, 1, 1, 1]
    viewer = signed_in(viewer=COUNTY)
    assert found(viewer) == [0, 0, 0, 0, 0, 1]
    assert viewer.get("/roster/").context["form"].fields["q"].label == "完整证件号码"


def test_the_id_number_is_masked_until_a_reason_is_given_and_logged(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    page = client.get(f"/workers/{world.head}/")
    assert "51332419850601011" not in page.content.decode()
    assert client.post(f"/workers/{world.head}/reveal/", {"reason": ""}).status_code == 422
    shown = client.post(f"/workers/{world.head}/reveal/", {"reason": "核对任职公示名单"})
    assert shown.context["shown"]["姓名"] == "马志强"
    assert shown.context["shown"]["证件号码"][:17] == "51332419850601011"
    assert shown["Cache-Control"] == "no-store"
    assert [(row.subject, row.place, row.reason) for row in Reveal.objects.all()] == [(world.head, COMMUNITY, "核对任职公示名单")]


def test_a_clerk_may_not_reveal(signed_in, world: World):
    assert signed_in(clerk=COUNTY).post(f"/workers/{world.head}/reveal/", {"reason": "核对任职公示名单"}).status_code == 403
    assert Reveal.objects.count() == 0

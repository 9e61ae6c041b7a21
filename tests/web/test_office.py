"""Law pages, adoption, entries, accounts, the log of views."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest
from django.test import Client

from jiceng.access.models import Account, Grant
from jiceng.ledger import reading
from jiceng.ledger.models import Entry
from jiceng.places import reading as places
from jiceng.runs.law import installed_law, site_policies
from tests.web.conftest import COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
OPINION = "cn/2024-community-workers"


@pytest.fixture
def law_again():
    yield
    installed_law(reload=True)


def test_every_document_is_listed_from_the_nation_down(signed_in, world: World):
    rows = signed_in(viewer=COUNTY).get("/law/").context["rows"]
    national = ["cn/2012-certificate-conditions", "cn/2020-proof-list", OPINION]
    assert [document.id for document, *_ in rows[:3]] == national
    assert len(rows) == len(installed_law().documents)


def test_a_document_of_a_place_not_loaded_is_not_taken_for_national(signed_in, world: World):
    rows = signed_in(viewer=COUNTY).get("/law/").context["rows"]
    where = {document.id: place for document, place, *_ in rows}
    assert (where[OPINION], where["cn-2105-benxi/2022-pay"]) == ("全国", "区划 2105（本机没有装入）")
    assert where["cn-9937-unplaced-shandong-city/2022-pay"] == "地方未指明（代用区划 9937）"


def test_sentences_add_up_and_every_case_comes_out(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    page = client.get(f"/law/{OPINION}/")
    assert (page.context["sentences"], sum(n for _, n in page.context["counts"])) == (76, 76)
    assert sum(len(sentences) for _, sentences in page.context["clauses"]) == 76
    cases = client.get(f"/law/{OPINION}/?tab=cases").context
    assert (cases["right"], cases["total"] > 20) == (cases["total"], True)


@pytest.mark.parametrize("tab", ["clauses", "rules", "values", "cases", "notices"])
def test_tabs_of_every_document_open(signed_in, world: World, tab):
    client = signed_in(viewer=COUNTY)
    found = {document.id: client.get(f"/law/{document.id}/?tab={tab}").status_code for document in installed_law().documents}
    assert set(found.values()) == {200}


def test_a_document_or_tab_that_is_not_there(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    assert [client.get(page).status_code for page in ("/law/cn/none/", f"/law/{OPINION}/?tab=x", "/nothing/")] == [422, 404, 404]


def test_a_rule_opens_with_its_source_in_the_panel(signed_in, world: World):
    answer = signed_in(viewer=COUNTY).get(f"/law/rule/training_due/?place={COUNTY}", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert (answer.status_code, "def training_due(" in text, "<html" in text) == (200, True, False)


def test_adopting_a_document_is_an_entry_and_changes_its_trust(signed_in, world: World, law_again):
    client = signed_in(officer=COUNTY)
    assert client.get(f"/law/{OPINION}/").context["document"].trust == "reprint"
    form = {"office": "示例办公室", "basis": "纸质文件 8 页", "why": "逐条对照"}
    assert client.post(f"/law/adopt/{OPINION}/", form).status_code == 302
    found = client.get(f"/law/{OPINION}/").context["document"]
    assert (found.trust, found.adopted_by) == ("adopted", "示例办公室")
    assert Entry.objects.order_by("-known").first().act == "adopt"


def test_a_viewer_may_not_adopt(signed_in, world: World):
    assert signed_in(viewer=COUNTY).get(f"/law/adopt/{OPINION}/").status_code == 403


def test_an_entry_tells_what_it_wrote_and_its_seal(signed_in, world: World):
    entry = reading.entries(world.head)[0]
    act = signed_in(officer=COUNTY).get(f"/entries/{entry.id}/").context["act"]
    assert (act.actor, act.basis, act.seal, [fact.kind_name for fact in act.wrote]) == (
        "测试员",
        "测试",
        bytes(entry.seal).hex(),
        ["履历完整"],
    )


def test_entries_page_on_by_time(signed_in, world: World, monkeypatch):
    monkeypatch.setattr("jiceng.desks.office.entries.PAGE_SIZE", 4)
    client = signed_in(officer=5133)
    first = client.get("/entries/")
    second = client.get(f"/entries/?before={first.context['before']}")
    seen = [act.id for page in (first, second) for act in page.context["acts"]]
    assert (len(seen), len(set(seen))) == (8, 8)


def test_an_account_is_made_granted_taken_back_and_disabled(signed_in, world: World):
    admin = signed_in(admin=COUNTY)
    form = {
        "username": "li.na",
        "display_name": "李娜（示例）",
        "office": "九龙县委社会工作部",
        "role": "clerk",
        "place": "513324",
        "since": "2026-11-24",
        "until": "",
    }
    made = admin.post("/accounts/new/", form)
    password = made.context["password"]
    account = Account.objects.get(username="li.na")
    assert re.fullmatch(r"[A-Za-z0-9]{16}", password)
    assert (account.check_password(password), account.must_change_password) == (True, True)
    client = Client()
    assert client.post("/account/login/", {"login": "li.na", "password": password}).status_code == 302
    assert client.get("/roster/")["Location"] == "/account/password/"
    own = {"oldpassword": password, "password1": "Gaoshan-2026-long", "password2": "Gaoshan-2026-long"}
    changed = client.post("/account/password/", own, follow=True)
    assert (changed.redirect_chain, [str(said) for said in changed.context["messages"]]) == (
        [("/", 302)], ["口令已修改，下次登录用新口令。"],
    )  # fmt: skip
    grant = Grant.objects.get(account=account)
    assert admin.post(f"/accounts/{account.pk}/", {"act": "revoke", "grant": str(grant.pk)}).status_code == 302
    assert [one for one in admin.get(f"/accounts/{account.pk}/").context["grants"]] == []
    admin.post(f"/accounts/{account.pk}/", {"act": "disable"})
    account.refresh_from_db()
    assert account.is_active is False


def test_an_account_outside_ones_places_cannot_be_made(signed_in, world: World):
    form = {
        "username": "wang",
        "display_name": "王（示例）",
        "office": "示例",
        "role": "officer",
        "place": "51",
        "since": "2026-11-24",
        "until": "",
    }
    answer = signed_in(admin=COUNTY).post("/accounts/new/", form)
    assert Account.objects.filter(username="wang").exists() is False
    assert answer.status_code in (403, 422)


def test_views_and_refusals_are_listed_for_who_may_audit(signed_in, world: World):
    officer = signed_in(officer=COUNTY)
    officer.post(f"/workers/{world.head}/reveal/", {"reason": "核对任职公示名单"})
    officer.get("/accounts/")
    officer.get("/places/513322/")
    page = signed_in(admin=COUNTY).get("/reveals/").context
    assert [(row.subject, row.reason) for row in page["shown"]] == [(world.head, "核对任职公示名单")]
    assert [(row.permission, row.place) for row in page["denied"]] == [("see", 513322), ("accounts", 0)]


def test_a_place_of_a_grant_is_written_by_name(signed_in, world: World, account):
    admin = signed_in(admin=5133)
    someone = account("tashi")
    form = {"act": "grant", "role": "clerk", "since": "2026-11-24", "until": ""}
    page = f"/accounts/{someone.pk}/"
    assert admin.post(page, {**form, "place": "九龙县"}).status_code == 302
    assert [grant.place for grant in Grant.objects.filter(account=someone)] == [COUNTY]
    again = admin.post(page, {**form, "place": "九龙"})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["__all__"])
    unknown = [admin.post(page, {**form, "place": place}) for place in ("999999", "没有这个县")]
    assert [(one.status_code, list(one.context["form"].errors)) for one in unknown] == [(422, ["place"])] * 2


def test_a_name_that_several_places_bear_becomes_a_choice(signed_in, world: World, account):
    admin = signed_in(admin=5133)
    someone = account("tashi")
    form = {"act": "grant", "role": "clerk", "since": "2026-11-24", "until": ""}
    wanted = [str(one.code) for one in places.search("呷尔", scope=5133, on=date(2026, 11, 24))]
    assert len(wanted) > 1
    answer = admin.post(f"/accounts/{someone.pk}/", {**form, "place": "呷尔"})
    options = dict(answer.context["form"].fields["place"].widget.choices)
    assert (answer.status_code, sorted(options)[1:]) == (422, sorted(wanted))
    assert admin.post(f"/accounts/{someone.pk}/", {**form, "place": wanted[0]}).status_code == 302
    assert [str(grant.place) for grant in Grant.objects.filter(account=someone)] == wanted[:1]


def test_a_folder_that_does_not_load_is_told_on_the_law_page(signed_in, world: World, monkeypatch):
    installed_law(reload=True)
    broken = site_policies() / "cn-9" / "2026-broken"
    broken.mkdir(parents=True)
    (broken / "document.yaml").write_text(": : [", encoding="utf-8")
    try:
        monkeypatch.setattr("jiceng.runs.law._LOOK_AGAIN_SECONDS", -1)
        told = signed_in(viewer=COUNTY).get("/law/")
    finally:
        shutil.rmtree(broken.parent)
        installed_law(reload=True)
    assert [problem.path for problem in told.context["refused"].problems if not problem.notice] == ["cn-9/2026-broken/document.yaml"]
    assert told.content.decode().count("仍在用原来的法规") == 1

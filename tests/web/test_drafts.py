"""Drafts on their pages: seen by place, saved by one at a time, packed, put in force and taken back."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from django.test import Client

from jiceng.law.drafting import folders
from jiceng.ledger.models import Entry
from jiceng.runs import drafts
from jiceng.runs.commit import Record, commit
from jiceng.runs.law import installed_law
from tests.runs.world import at, book
from tests.web.drafting import Desk, begun, wrong_in

pytestmark = [pytest.mark.database, pytest.mark.django_db]
COUNTY, OTHER = 513324, 513322


@pytest.fixture
def here(settings, tmp_path, world):
    settings.DATA = tmp_path
    yield tmp_path
    for folder in list((tmp_path / "policies").glob("*/*")) if (tmp_path / "policies").is_dir() else ():
        folders.shutil.rmtree(folder)
    installed_law(reload=True)


@pytest.fixture
def desk(here, signed_in) -> Desk:
    made = begun(signed_in(officer=COUNTY))
    made.clause(0, "一", "工资", "岗位分三类。", "月工资按岗位和等级查表。")
    made.rule("post_class", "0:0")
    made.rule("pay_table", "0:1")
    return made


TABLE = "岗位\t1级\t2级\n正职\t3000\t3200\n一般\t2600\t2,700"


def _other(account, name: str, **roles: int) -> Client:
    client = Client()
    client.force_login(account(name, **roles), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_officers_of_two_places_do_not_see_each_others_drafts(desk, account):
    stranger = _other(account, "stranger", officer=OTHER)
    assert desk.id not in stranger.get("/policy/drafts/").content.decode()
    nothing = stranger.get("/policy/drafts/cn-513399/2027-pay/")
    for part in ("", "text/", "file/", "rules/", "compare/", "versions/", "put/"):
        answer = stranger.get(desk.address(part))
        assert (answer.status_code, "示例·薪酬" in answer.content.decode()) == (nothing.status_code, False)
    said = {"title": "x", "short": "x", "name": "n", "place": str(COUNTY), "in_force": "2027-01-01", "trust": "unverified", "version": "1"}
    assert stranger.post("/policy/drafts/new/", said).status_code == 422
    assert _other(account, "viewer", viewer=COUNTY).get("/policy/drafts/").status_code == 403
    assert _other(account, "city", officer=5133).get(desk.address()).status_code == 200


def test_a_wrong_cell_is_shown_in_its_cell_and_nothing_is_saved(desk):
    before = folders.contents(drafts.drafts_root() / desk.id)
    page = desk.post(
        "values/post_grade_pay/",
        refused=True,
        title="x",
        kind="value",
        shape="table",
        since="2027-01-01",
        content=TABLE.replace("一般", "一股"),
    )
    assert "不在“岗位类别”里，是否是：一般" in page
    assert folders.contents(drafts.drafts_root() / desk.id) == before
    desk.value("post_grade_pay", TABLE)
    assert "post_grade_pay" in folders.contents(drafts.drafts_root() / desk.id)["values.yaml"]


def test_the_second_of_two_who_save_at_once_is_told_who_was_first(desk, account):
    seen = desk.seen("values/post_grade_pay/")
    desk.value("post_grade_pay", TABLE)
    late = {"seen": seen, "title": "x", "kind": "value", "shape": "table", "since": "2027-01-01", "content": TABLE.replace("3000", "9000")}
    answer = desk.client.post(desk.address("values/post_grade_pay/"), late)
    assert answer.status_code == 422
    assert "officer 在" in " ".join(wrong_in(answer.content.decode()))
    assert "9000" in answer.content.decode()
    assert "9000" not in folders.contents(drafts.drafts_root() / desk.id)["values.yaml"]


def test_every_state_is_kept_and_comes_back(desk):
    folder = drafts.drafts_root() / desk.id
    before = folders.contents(folder)
    number = folders.versions(folder)[0].number
    desk.value("post_grade_pay", TABLE)
    desk.post("versions/", number=str(number))
    assert folders.contents(folder) == before
    assert [one.what for one in folders.versions(folder)][:2] == [f"取回第 {number} 版", "改数值“岗位等级工资表”"]


def test_text_that_is_being_typed_is_checked_and_not_saved(desk):
    before = folders.contents(drafts.drafts_root() / desk.id)
    answer = desk.client.post(desk.address("strip/"), {"file": "rules.py", "text": "import os\n"})
    assert "处要改" in answer.content.decode()
    assert folders.contents(drafts.drafts_root() / desk.id) == before


def test_put_in_force_is_on_record_and_taken_back_the_same_way(desk, world):
    assert "还不能施行" in desk.text("put/") or "施行并记入台账" in desk.text("put/")
    desk.value("post_grade_pay", TABLE)
    desk.post("heading/", title="示例：办法", short="示例·薪酬", place=str(COUNTY), in_force="2026-01-01", trust="unverified", version="1")
    graded = Record(world.head, "grading", date(2026, 1, 1), None, {"grade": 1})
    commit(book(COUNTY).id, [graded], actor="测试员", basis="测试", why="测试", clock=at(date(2026, 11, 1)))
    page = desk.text("compare/")
    assert re.search(r"3,400\.00 元.{0,400}?<strong>3,000\.00 元</strong>", page, re.S)
    desk.post("put/", basis="示例文〔2026〕1号", why="试行")
    entry = Entry.objects.get(act="put_in_force")
    assert (entry.actor, entry.why, drafts.standing_of(desk.id).intact) == ("officer", "试行", True)
    assert "示例·薪酬·一" in desk.client.get(f"/workers/{world.head}/").content.decode()
    answer = desk.client.post(desk.address("back/"), {"why": "附表有误"})
    assert (answer.status_code, drafts.standing_of(desk.id).entry, (drafts.site_policies() / desk.id).exists()) == (302, 0, False)
    assert Entry.objects.get(act="undo").why == "附表有误"
    assert "示例·薪酬·一" not in desk.client.get(f"/workers/{world.head}/").content.decode()


def test_an_earlier_folder_comes_back_when_the_one_after_it_is_taken_back(desk):
    desk.value("post_grade_pay", TABLE)
    desk.post("put/", basis="示例文", why="一版")
    first = drafts.standing_of(desk.id).hash
    said = {"title": "示例：办法", "short": "示例·薪酬", "place": str(COUNTY), "in_force": "2027-01-01", "trust": "unverified"}
    desk.post("heading/", **said, version="2")
    desk.post("put/", basis="示例文", why="二版")
    assert drafts.installed_version(desk.id) == 2
    desk.client.post(desk.address("back/"), {"why": "不用了"})
    assert (drafts.standing_of(desk.id).hash, drafts.standing_of(desk.id).intact, drafts.installed_version(desk.id)) == (first, True, 1)


def test_one_file_out_and_in_and_a_changed_byte_refused(desk):
    content = desk.client.get(desk.address("file/")).content
    folder = drafts.drafts_root() / desk.id
    kept = folders.contents(folder)
    seen = desk.seen("drop/")
    assert desk.client.post(desk.address("drop/"), {"seen": seen}).status_code == 302

    def send(body: bytes, **more: str):
        return desk.client.post("/policy/drafts/take-in/", {"file": io.BytesIO(body), **more})

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            new.writestr(name, raw.replace("岗位".encode(), "岗立".encode()) if name == "clauses.yaml" else raw)
    assert "clauses.yaml 与清单里的不同" in " ".join(wrong_in(send(out.getvalue()).content.decode()))
    assert not folder.exists()
    assert send(content).status_code == 302
    assert folders.contents(folder) == kept
    desk.value("post_grade_pay", TABLE)
    assert "内容不同" in " ".join(wrong_in(send(content).content.decode()))
    assert send(content, replace="on").status_code == 302
    assert folders.contents(folder) == kept

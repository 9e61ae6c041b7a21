"""The pages of a move between two counties: where to, the form, both sides, the act; who may, what is refused, what a list says."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Denial
from jiceng.ledger.models import Entry
from jiceng.places.load import load_snapshot
from jiceng.runs import attaching
from jiceng.runs.commit import Record, commit
from jiceng.terms.registry import base_terms
from tests.runs.world import Worker, at, book
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.django_db]

A, B, AWAY = 513201100002, 513401001003, 513301001001
GIVEN = {
    "to": str(B), "day": "2026-07-01", "post": "staff", "cls": "full_time_staff", "from_by": "马尔康示例办公室", "from_on": "2026-06-01",
    "to_by": "西昌示例办公室", "to_on": "2026-06-10", "approved_by": "四川示例办公室", "approved_on": "2026-06-20",
    "basis": "示例批复〔2026〕1号", "why": "跨州调动",
}  # fmt: skip


@pytest.fixture
def worker(db, site, today, settings, tmp_path) -> Worker:
    settings.DATA = tmp_path
    load_snapshot(only=(5132, 5133, 5134))
    book(513401)
    who = Worker("王小河", n=21, community=A)
    who.appoint(date(2018, 3, 1), on=date(2018, 3, 2))
    who.record("grading", date(2024, 7, 1), on=date(2024, 7, 2), grade=6)
    for year in range(2018, 2026):
        who.record("assessment", date(year, 12, 31), on=date(year + 1, 1, 5), year=year, result="fail" if year == 2024 else "pass")
    for kind in ("assessment", "appointment"):
        who.complete(kind, on=date(2026, 1, 6))
    return who


@pytest.fixture
def sign_in(worker):
    """sign_in(officer=51): a client of an account of its own."""

    def enter(**roles: int) -> Client:
        name = "-".join(f"{role}{place}" for role, place in roles.items())
        made = create_account(name, display_name=name, office="示例办公室", password=PASSWORD, by=None, must_change=False)
        for role, place in roles.items():
            grant(made, role=role, place=place, since=date(2016, 1, 1), by=None)
        client = Client()
        client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def address(who) -> str:
    return f"/workers/{who.subject}/transfer/"


def looked(client, who, **changes):
    return client.post(f"{address(who)}?to=513401", {**GIVEN, "papers": paper(), **changes})


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("批复.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def confirmed(client, who, look):
    return client.post(f"{address(who)}?to=513401", {
        **GIVEN, "heads": look.context["heads"], "held": [token for _, token in look.context["held"]], "confirmed": "yes",
    })  # fmt: skip


def test_from_the_province_down_to_the_county(sign_in, worker):
    client = sign_in(officer=51)
    assert [code for code, _ in client.get(f"{address(worker)}?to=0").context["choice"].below] == [5132, 5133, 5134]
    assert client.get(f"{address(worker)}?to=5134").templates[0].name == "workforce/transfer_where.html"
    assert client.get(f"{address(worker)}?to=513401").templates[0].name == "workforce/transfer_form.html"


def test_the_look_shows_both_sides_and_writes_nothing(sign_in, worker):
    client, before = sign_in(officer=51), Entry.objects.count()
    found = looked(client, worker)
    assert (found.status_code, Entry.objects.count()) == (200, before)
    text = {row.title: (row.before and row.before["text"], row.after and row.after["text"]) for row in found.context["rows"]}
    assert text["工资标准"] == ("4,100.00 元", "3,950.00 元")
    assert text["保留工资"] == ("0.00 元", "150.00 元")
    assert text["工作年限"] == ("7 年", "7 年")
    marks = {row.title: (row.before["clause"]["mark"], row.after["clause"]["mark"]) for row in found.context["rows"]}
    assert marks["工资标准"] == ("〔示例·阿坝州·2〕", "〔示例·凉山州·2〕")
    assert found.context["mapped"][1] == ["〔示例·凉山州·5〕", "〔示例·四川互认·1〕"]


def test_confirming_makes_one_act_and_the_lists_show_it(sign_in, worker):
    client = sign_in(officer=51)
    done = confirmed(client, worker, looked(client, worker))
    assert (done.status_code, done["Location"]) == (302, address(worker))
    assert Entry.objects.filter(act="move").count() == 2
    made = client.get("/transfers/").context["made"]
    assert [(one.name, one.left, one.entered, one.done.differing) for one in made] == [
        ("王小河", "四川省阿坝藏族羌族自治州马尔康市马尔康镇马江社区居委会", "四川省凉山彝族自治州西昌市北城街道大通门社区居民委员会", ())
    ]
    late = Record(worker.subject, "assessment", date(2025, 12, 31), None, {"year": 2025, "result": "fail"})
    commit(worker.home, [late], actor="测试员", basis="测试", why="更正", clock=at(date(2026, 11, 24)))
    made = client.get(address(worker)).context["made"]
    assert [(d.title, d.recorded, d.now) for one in made for d in one.done.differing] == [("年限起算日", "2019-03-01", "2020-03-01")]


def test_undoing_through_the_page_undoes_both(sign_in, worker):
    client = sign_in(officer=51)
    confirmed(client, worker, looked(client, worker))
    first = Entry.objects.filter(act="move").order_by("known").first()
    assert client.get(f"/batches/{first.batch}/")["Location"] == address(worker)
    assert client.post(f"/entries/{first.id}/undo/", {"why": "批复作废"}).status_code == 302
    assert Entry.objects.filter(act="undo").count() == 2
    assert client.get(address(worker)).context["made"] == []


def test_a_pair_the_map_does_not_name_goes_back_to_the_form(sign_in, worker):
    worker.record("grading", date(2026, 5, 1), on=date(2026, 5, 2), grade=4)
    client = sign_in(officer=51)
    found = looked(client, worker)
    assert (found.status_code, found.templates[0].name) == (422, "workforce/transfer_form.html")
    assert found.context["form"].non_field_errors() == [
        "调入后的等级没有定。无法回答：“等级对应表”这一格未载明。请由认定等级的单位决定，填写认定的等级、单位和层级；不能照抄原等级。"
    ]
    decided = looked(client, worker, decided_grade="6", decided_by="四川示例办公室", decided_level="province")
    assert (decided.status_code, decided.context["seen"].grade) == (200, 6)
    half = looked(client, worker, decided_grade="6")
    assert half.context["form"].errors["decided_grade"] == ["认定等级的，等级、单位、层级三项都要填"]


def test_the_papers_are_not_left_out(sign_in, worker):
    found = sign_in(officer=51).post(f"{address(worker)}?to=513401", GIVEN)
    assert (found.status_code, found.context["form"].errors) == (422, {"papers": ["请选择文件"]})


def test_the_papers_stand_in_the_entry_of_the_new_place(sign_in, worker):
    client = sign_in(officer=51)
    confirmed(client, worker, looked(client, worker))
    found = attaching.documents(worker.subject, on=date(2026, 11, 24), terms=base_terms())
    assert [(one.title, Entry.objects.get(id=one.entry).act) for one in found] == [("批复", "move")]


def test_confirming_without_having_looked_is_refused(sign_in, worker):
    client, before = sign_in(officer=51), Entry.objects.count()
    found = client.post(f"{address(worker)}?to=513401", {**GIVEN, "papers": paper(), "confirmed": "yes", "heads": "made-up"})
    assert (found.status_code, Entry.objects.count()) == (422, before)
    assert "还没有看过会改变什么" in found.content.decode()


@pytest.mark.parametrize("roles", [{"officer": 5132}, {"clerk": 51}, {"officer": 5132, "clerk": 5134}])
def test_only_who_answers_for_both_ends_may(sign_in, worker, roles):
    client, before = sign_in(**roles), Denial.objects.count()
    assert looked(client, worker).status_code == 403
    assert (Denial.objects.count(), Entry.objects.filter(act="move").count()) == (before + 1, 0)


def test_who_answers_for_one_end_only_does_not_undo(sign_in, worker):
    client = sign_in(officer=51)
    confirmed(client, worker, looked(client, worker))
    first = Entry.objects.filter(act="move").order_by("known").first()
    assert sign_in(officer=5132).post(f"/entries/{first.id}/undo/", {"why": "不同意"}).status_code == 403
    assert Entry.objects.filter(act="undo").count() == 0


def test_a_community_of_another_county_is_not_taken(sign_in, worker):
    client, before = sign_in(officer=51), Entry.objects.count()
    found = looked(client, worker, to=str(AWAY))
    assert (found.status_code, list(found.context["form"].errors), Entry.objects.count()) == (422, ["to"], before)

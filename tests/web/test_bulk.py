"""Acts for many: chosen on the roster, looked at, recorded as one batch, taken back; what is not allowed is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.access.models import Denial
from jiceng.desks.workforce.jobs import progress_file, write_progress
from jiceng.desks.workforce.models import BulkAct
from jiceng.ledger import reading
from jiceng.ledger.models import Entry
from tests.runs.world import PLAIN_COMMUNITY, Worker
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TRAINING = {"f_level": "county", "f_kind": "in_service", "since": "2026-10-20", "basis": "培训结业名单", "why": "补记培训"}


def chosen(client, kind: str, *subjects: int, **more: str) -> int:
    answer = client.post("/bulk/", {"kind": kind, "who": "ticked", "one": [str(one) for one in subjects], **more})
    assert (answer.status_code, answer.get("Location", "")[:6]) == (302, "/bulk/"), answer.content.decode()[-3000:]
    return int(answer["Location"].split("/")[2])


def looked(client, act: int, fields: dict[str, str]):
    answer = client.post(f"/bulk/{act}/", fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return client.get(f"/bulk/{act}/")


def states(answer) -> dict[str, str]:
    return {person["name"]: one["state"] for person, one in answer.context["persons"]}


def trained(subject: int) -> list[date]:
    return [row.since for row in reading.history([subject], on=date(2026, 11, 24), kinds=["training"])]


def test_a_training_for_many_is_looked_at_recorded_and_undone(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.head, world.staff)
    page = looked(client, act, TRAINING)
    assert states(page) == {"马志强": "do", "罗布泽仁": "do"}
    lists = {key: (now, then) for key, _, _, _, now, then in page.context["result"]["lists"]}
    assert lists["training_overdue"] == (1, 0)
    said = {title: changes for title, _, changes, _ in page.context["result"]["summed"]}
    assert said["培训已逾期"] == [["是", "否", 1]]
    assert Entry.objects.filter(basis="培训结业名单").count() == 0
    client.post(f"/bulk/{act}/confirm/")
    kept = BulkAct.objects.get(pk=act)
    assert (kept.state, trained(world.staff), trained(world.head)[-1]) == ("landed", [date(2026, 10, 20)], date(2026, 10, 20))
    entry = Entry.objects.get(batch=kept.batch)
    assert (entry.act, entry.actor, entry.why) == ("record", "officer", "补记培训")
    # A second click finds it done and records nothing.
    assert client.post(f"/bulk/{act}/confirm/").status_code == 302
    assert Entry.objects.filter(batch=kept.batch).count() == 1
    assert client.get(f"/batches/{kept.batch}/")["Location"] == f"/bulk/{act}/"
    assert f'href="/batches/{kept.batch}/"' in client.get(f"/entries/{entry.id}/").content.decode()
    # Whoever may only look sees it with names masked and without the way to undo it.
    seen = signed_in(viewer=COUNTY).get(f"/bulk/{act}/")
    assert (seen.status_code, seen.context["may_undo"]) == (200, False)
    client.post(f"/bulk/{act}/undo/", {"why": "名单有误"})
    assert (trained(world.staff), trained(world.head)[-1]) == ([], date(2025, 11, 2))
    assert client.get(f"/bulk/{act}/").context["whole"] is True


def test_two_counties_become_one_batch_of_two_entries(signed_in, world: World):
    client = signed_in(officer=5133)
    act = chosen(client, "training", world.staff, world.elsewhere)
    looked(client, act, TRAINING)
    client.post(f"/bulk/{act}/confirm/")
    batch = BulkAct.objects.get(pk=act).batch
    assert (Entry.objects.filter(batch=batch).count(), trained(world.elsewhere)) == (2, [date(2026, 10, 20)])
    client.post(f"/bulk/{act}/undo/", {"why": "名单有误"})
    assert (trained(world.staff), trained(world.elsewhere)) == ([], [])


def test_who_is_refused_is_told_why_and_the_rest_is_recorded(signed_in, world: World):
    left = Worker("丹增", n=31)
    left.appoint(date(2020, 1, 1))
    left.record("departure", date(2025, 5, 1), cause="resignation")
    again = Worker("曲珍", n=32)
    again.appoint(date(2020, 1, 1))
    again.record("training", date(2026, 10, 20), level="county", kind="in_service")
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.staff, left.subject, again.subject)
    page = looked(client, act, TRAINING)
    assert states(page) == {"罗布泽仁": "do", "丹增": "refused", "曲珍": "same"}
    refused = {one["subject"]: one["id"] for _, one in page.context["persons"] if one["state"] == "refused"}
    assert refused == {left.subject: "bulk.not_serving"}
    client.post(f"/bulk/{act}/confirm/")
    assert (trained(world.staff), trained(left.subject), trained(again.subject)) == ([date(2026, 10, 20)], [], [date(2026, 10, 20)])


def test_results_differ_from_worker_to_worker(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "assessment", world.head, world.staff)
    fields = {"f_year": "2025", "f_result": "pass", "since": "2026-01-20", "basis": "考核通报", "why": "年度考核"}
    page = looked(client, act, {**fields, f"p{world.head}-result": "excellent"})
    assert {one["after"] for _, one in page.context["persons"]} == {
        "年度 2025，考核结果 优秀（2026-01-20）", "年度 2025，考核结果 合格（2026-01-20）"
    }  # fmt: skip
    client.post(f"/bulk/{act}/confirm/")
    results = {row.subject: row.data["result"] for row in reading.history([world.head, world.staff], on=date.max, kinds=["assessment"])}
    assert results == {world.head: "excellent", world.staff: "pass"}


def test_a_contract_is_extended_and_keeps_what_each_has(signed_in, world: World):
    from jiceng.runs.commit import Record, commit
    from tests.runs.world import at, book

    data = {"kind": "street", "employer": "呷尔镇人民政府", "signed": "2024-01-01", "ends": "2026-12-31"}
    commit(book(), [Record(world.staff, "contract", date(2024, 1, 1), None, data)], actor="测试员", basis="合同", why="登记",
           clock=at(date(2024, 1, 1)))  # fmt: skip
    client = signed_in(officer=COUNTY)
    act = chosen(client, "contract", world.staff, world.head)
    page = looked(client, act, {"f_ends": "2028-12-31", "since": "2026-11-24", "basis": "续签名单", "why": "续签"})
    assert states(page) == {"罗布泽仁": "do", "马志强": "refused"}
    assert {one["id"] for _, one in page.context["persons"] if one["state"] == "refused"} == {"ledger.required"}
    client.post(f"/bulk/{act}/confirm/")
    now = reading.as_of([world.staff], on=date(2026, 11, 24), kinds=["contract"])[0].data
    assert now == {"kind": "street", "employer": "呷尔镇人民政府", "signed": "2024-01-01", "ends": "2028-12-31"}


def test_a_move_inside_the_county_ends_the_old_appointment_that_day(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "appointment", world.staff)
    page = looked(client, act, {"place": "513324100002", "f_post": "grid", "since": "2026-11-24", "basis": "调整通知", "why": "岗位调整"})
    assert states(page) == {"罗布泽仁": "do"}, page.context["persons"]
    client.post(f"/bulk/{act}/confirm/")
    told = [(row.place, row.since, row.data["post"]) for row in reading.as_of([world.staff], on=date(2026, 11, 24), kinds=["appointment"])]
    assert told == [(513324100002, date(2026, 11, 24), "grid")]
    before = [(row.place, row.data["post"]) for row in reading.as_of([world.staff], on=date(2026, 11, 23), kinds=["appointment"])]
    assert before == [(513324100001, "staff")]


def test_a_departure_for_many_shows_the_places_figures(signed_in, world: World):
    client = signed_in(officer=PLAIN_COUNTY)
    act = chosen(client, "departure", world.elsewhere)
    page = looked(client, act, {"f_cause": "term_end", "since": "2026-11-24", "basis": "换届公告", "why": "换届"})
    figures = {code: {title: (before, after) for title, _, before, after in told} for code, _, told in page.context["result"]["places"]}
    assert figures[PLAIN_COUNTY]["在册社区工作者"] == ("1 人", "0 人")
    assert figures[PLAIN_COUNTY]["缺额（未取整）"] == ("139.4 人", "140.4 人")


def test_workers_of_elsewhere_and_of_nowhere_are_refused_and_logged(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    for outside in (world.elsewhere, 999_999_999):
        answer = client.post("/bulk/", {"kind": "training", "who": "ticked", "one": [str(world.staff), str(outside)]})
        assert (answer.status_code, "何晓燕" in answer.content.decode()) == (403, False)
    assert (Denial.objects.filter(permission="record").count(), BulkAct.objects.count()) == (2, 0)


def test_all_that_match_are_those_where_the_account_may_record(signed_in, world: World):
    client = signed_in(viewer=5133, clerk=COUNTY)
    answer = client.post("/bulk/", {"kind": "training", "who": "all", "query": "place=5133"})
    act = BulkAct.objects.get(pk=int(answer["Location"].split("/")[2]))
    assert set(act.subjects) == {world.head, world.staff}
    overdue = client.post("/bulk/", {"kind": "training", "who": "all", "query": "due=training_overdue"})
    assert BulkAct.objects.get(pk=int(overdue["Location"].split("/")[2])).subjects == [world.staff]
    for query, status in (("place=513322", 302), ("place=51", 403), ("post=99", 422)):
        assert client.post("/bulk/", {"kind": "training", "who": "all", "query": query}).status_code in (status, 422)


def test_nobody_and_nothing_are_refused(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    tries = [{"kind": "training", "who": "ticked"}, {"kind": "person", "who": "ticked", "one": [str(world.staff)]}, {"kind": ""}]
    answers = [client.post("/bulk/", given) for given in tries]
    assert [(one.status_code, one.context["refusal"].id) for one in answers] == [
        (422, "bulk.nobody"),
        (422, "bulk.kind"),
        (422, "bulk.kind"),
    ]


def test_an_entry_after_the_look_is_told_and_looked_at_again(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.head, world.staff)
    looked(client, act, TRAINING)
    one = Worker.__new__(Worker)
    one.subject, one.home = world.staff, Worker("某人", n=44).home
    one.record("training", date(2026, 10, 20), level="county", kind="in_service", on=date(2026, 11, 24))
    client.post(f"/bulk/{act}/confirm/")
    page = client.get(f"/bulk/{act}/")
    assert (page.context["act"].state, page.context["result"]["moved"]["id"]) == ("looked", "bulk.moved")
    assert states(page) == {"马志强": "do", "罗布泽仁": "same"}
    client.post(f"/bulk/{act}/confirm/")
    assert (BulkAct.objects.get(pk=act).state, trained(world.staff)) == ("landed", [date(2026, 10, 20)])


def test_another_entry_does_not_stand_in_the_way(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.staff)
    looked(client, act, TRAINING)
    Worker("某人", n=44).appoint(date(2026, 1, 1))
    client.post(f"/bulk/{act}/confirm/")
    assert BulkAct.objects.get(pk=act).state == "landed"


def test_acts_of_others_do_not_open(account, signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.staff)
    other = signed_in(clerk=PLAIN_COUNTY)
    assert other.get(f"/bulk/{act}/").context["refusal"].id == "access.concealed"
    looked(client, act, TRAINING)
    client.post(f"/bulk/{act}/confirm/")
    assert [other.get(f"/bulk/{act}/{tail}").status_code for tail in ("", "progress/")] == [403, 403]
    assert other.post(f"/bulk/{act}/undo/", {"why": "试试"}).status_code == 403
    assert trained(world.staff) == [date(2026, 10, 20)]


def test_the_roster_offers_ticks_to_those_who_may_record(signed_in, world: World):
    ticks = re.compile(r'name="one" value="(\d+)"')
    assert set(ticks.findall(signed_in(clerk=COUNTY).get("/roster/").content.decode())) == {str(world.head), str(world.staff)}
    viewer = signed_in(viewer=COUNTY)
    assert (ticks.findall(viewer.get("/roster/").content.decode()), viewer.post("/bulk/", {}).status_code) == ([], 403)
    past = signed_in(officer=COUNTY).get("/roster/?on=2025-01-01").content.decode()
    assert ticks.findall(past) == []


def test_what_was_broken_off_is_looked_at_again(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.staff)
    looked(client, act, TRAINING)
    BulkAct.objects.filter(pk=act).update(state="landing")
    write_progress(f"bulk-{act}", 1, 2)
    assert client.get(f"/bulk/{act}/").context["stalled"] is False
    client.post(f"/bulk/{act}/")
    assert BulkAct.objects.get(pk=act).state == "landing"
    progress_file(f"bulk-{act}").unlink()
    assert client.get(f"/bulk/{act}/").context["stalled"] is True
    client.post(f"/bulk/{act}/")
    assert (BulkAct.objects.get(pk=act).state, trained(world.staff)) == ("looked", [])


def test_own_acts_are_listed_and_those_of_others_are_not(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", world.staff)
    assert [(one.pk, name, number) for one, name, number in client.get("/bulk/").context["acts"]] == [(act, "培训", 1)]
    assert signed_in(clerk=COUNTY).get("/bulk/").context["acts"] == []


def test_a_look_stays_within_the_budget(signed_in, world: World):
    many = [Worker(f"扎西{chr(0x4E00 + n)}", n=200 + n) for n in range(70)]
    for one in many:
        one.appoint(date(2021, 5, 1))
    client = signed_in(officer=COUNTY)
    act = chosen(client, "training", *(one.subject for one in many))
    looked(client, act, TRAINING)
    client.get(f"/bulk/{act}/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/bulk/{act}/")
    assert (len(asked) <= 10, len(answer.content) <= 60 * 1024, len(answer.context["persons"])) == (True, True, 50)


def test_the_place_of_a_move_must_be_ones_own(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    act = chosen(client, "appointment", world.staff)
    fields = {"place": str(PLAIN_COMMUNITY), "since": "2026-11-24", "basis": "通知", "why": "调整"}
    answer = client.post(f"/bulk/{act}/", fields)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["place"])

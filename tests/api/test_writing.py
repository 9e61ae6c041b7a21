"""Writing through a token: the same door, the same checks, once for each key."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.access.models import Denial, TokenRequest
from jiceng.ledger import reading
from jiceng.ledger.models import Entry, Fact
from tests.api.conftest import COUNTY, PLAIN_COUNTY, TODAY, World
from tests.runs.world import COMMUNITY, PLAIN_COMMUNITY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TRAINING = {
    "kind": "training", "since": "2026-10-12", "fields": {"level": "county", "kind": "in_service", "hours": 24},
    "basis": "县委组织部培训结业名单", "why": "培训系统推送",
}  # fmt: skip
POPULATION = {
    "kind": "population", "since": "2025-01-01", "fields": {"urban_residents": 256000, "source": "统计公报", "year": 2024},
    "basis": "2024年统计公报", "why": "统计系统推送",
}  # fmt: skip


def test_a_fact_recorded_is_read_back_and_changes_the_answer(asker, world: World):
    api = asker(clerk=COUNTY)
    path = f"/workers/{world.staff}/answers/training_overdue"
    assert api.get(path).json()["answer"]["text"] == "是"
    answer = api.post(f"/workers/{world.staff}/facts", TRAINING)
    made = answer.json()
    entry = Entry.objects.get(pk=made["entry"])
    assert (answer.status_code, made["repeated"], made["seal"]) == (201, False, bytes(entry.seal).hex())
    assert (entry.actor, entry.act, entry.basis) == (f"sys-clerk-{COUNTY}（令牌：人事系统）", "record", "县委组织部培训结业名单")
    assert api.get(path).json()["answer"]["text"] == "否"
    (fact,) = [one for one in api.get(f"/workers/{world.staff}").json()["facts"] if one["kind"] == "training"]
    assert {name: value["value"] for name, value in fact["fields"].items()} == TRAINING["fields"]


def test_a_key_is_used_once(asker, world: World):
    api = asker(clerk=COUNTY)
    before = Entry.objects.count()
    first = api.post(f"/workers/{world.staff}/facts", TRAINING, key="push-2026-10-12").json()
    again = api.post(f"/workers/{world.staff}/facts", TRAINING, key="push-2026-10-12")
    assert (again.status_code, again.json()) == (201, {**first, "repeated": True})
    other = api.post(f"/workers/{world.staff}/facts", {**TRAINING, "since": "2026-10-13"}, key="push-2026-10-12")
    elsewhere = api.post(f"/workers/{world.head}/facts", TRAINING, key="push-2026-10-12")
    assert [(one.status_code, one.json()["id"]) for one in (other, elsewhere)] == [(409, "api.key_reused")] * 2
    assert (Entry.objects.count(), TokenRequest.objects.count()) == (before + 1, 1)


def test_a_refused_request_leaves_no_key_and_may_be_sent_again(asker, world: World):
    api = asker(clerk=COUNTY)
    wrong = {**TRAINING, "fields": {**TRAINING["fields"], "level": "moon"}}
    refused = api.post(f"/workers/{world.staff}/facts", wrong, key="push-00000001")
    assert (refused.status_code, refused.json()["id"], TokenRequest.objects.count()) == (422, "ledger.code", 0)
    assert api.post(f"/workers/{world.staff}/facts", TRAINING, key="push-00000001").status_code == 201


def test_keys_of_two_tokens_are_apart(asker, world: World):
    before = Entry.objects.count()
    for role in ("clerk", "officer"):
        asker(**{role: COUNTY}).post(f"/workers/{world.staff}/facts", TRAINING, key="same-key-00")
    assert Entry.objects.count() == before + 2


@pytest.mark.parametrize("key", ["", "short", "with space 123", "x" * 81])
def test_writing_without_a_usable_key_is_refused(asker, world: World, key: str):
    api = asker(clerk=COUNTY)
    headers = {"Authorization": f"Bearer {api.secret}"} | ({"Idempotency-Key": key} if key else {})
    answer = api.client.post(f"/api/v1/workers/{world.staff}/facts", TRAINING, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["id"], answer.json()["where"][:3]) == (422, "api.invalid", "请求头")


def test_corrected_and_said_to_have_never_held(asker, world: World):
    api = asker(officer=COUNTY)
    (first, second) = [told.fact for told in reading.everything(world.head) if told.fact.kind == "training"]
    body = {"since": "2024-03-12", "fields": {"level": "county", "kind": "in_service"}, "basis": "结业证", "why": "日期记错"}
    corrected = api.post(f"/workers/{world.head}/facts/{first.id}/correct", body, key="correct-0001")
    never = api.post(f"/workers/{world.head}/facts/{second.id}/never", {"basis": "培训中心函", "why": "不是本人"}, key="never-000001")
    assert [corrected.status_code, never.status_code] == [201, 201]
    held = [row.since for row in reading.as_of([world.head], on=TODAY, kinds=("training",))]
    assert held == [date(2024, 3, 12)]
    gone = api.post(f"/workers/{world.head}/facts/{first.id}/correct", body, key="correct-0002")
    assert (gone.status_code, gone.json()["id"]) == (404, "fact.unknown")


def test_a_places_figure_and_its_undoing(asker, world: World):
    api = asker(officer=COUNTY)
    made = api.post(f"/places/{COUNTY}/facts", POPULATION).json()
    quota = f"/places/{COUNTY}/answers/quota_exact"
    assert api.get(quota).json()["answer"]["text"] == "460.8 人"
    undone = api.post(f"/entries/{made['entry']}/undo", {"why": "重复推送"}, key="undo-0000001")
    assert undone.status_code == 201
    assert (api.get(quota).json()["answer"]["kind"], api.get(f"/entries/{made['entry']}").json()["entry"]["undone"]) == (
        "missing", undone.json()["entry"],
    )  # fmt: skip


def test_a_move_needs_both_places(asker, world: World):
    body = {
        "kind": "appointment", "since": "2026-11-01", "fields": {"post": "staff", "class": "full_time_staff"},
        "place": PLAIN_COMMUNITY, "basis": "调令", "why": "调动",
    }  # fmt: skip
    api = asker(officer=COUNTY)
    assert api.post(f"/workers/{world.staff}/facts", body).status_code == 404
    assert [row.place for row in reading.as_of([world.staff], on=TODAY, kinds=("appointment",))] == [COMMUNITY]


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("viewer", "/workers/{staff}/facts", TRAINING), ("viewer", "/places/513324/facts", POPULATION),
        ("admin", "/workers/{staff}/facts", TRAINING), ("clerk", "/entries/{entry}/undo", {"why": "不该有"}),
        ("clerk", "/workers/{staff}/facts/{fact}/never", {"basis": "无", "why": "无"}),
    ],
)  # fmt: skip
def test_what_the_role_does_not_hold_is_refused_and_logged(asker, world: World, role, path, body):
    told = reading.everything(world.staff)[-1].fact
    facts = Fact.objects.count()
    answer = asker(**{role: COUNTY}).post(path.format(staff=world.staff, entry=told.entry, fact=told.id), body)
    assert (answer.status_code, answer.json()["id"], Fact.objects.count(), Denial.objects.count()) == (403, "access.denied", facts, 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/workers/{elsewhere}/facts", TRAINING), (f"/places/{PLAIN_COUNTY}/facts", POPULATION),
        ("/entries/{entry}/undo", {"why": "不该有"}),
        ("/workers/{elsewhere}/facts/{fact}/never", {"basis": "无", "why": "无"}),
    ],
)  # fmt: skip
def test_nothing_is_written_about_other_places(asker, world: World, path, body):
    told = reading.everything(world.elsewhere)[-1].fact
    facts = Fact.objects.count()
    answer = asker(officer=COUNTY).post(path.format(elsewhere=world.elsewhere, entry=told.entry, fact=told.id), body)
    assert (answer.status_code, answer.json()["id"], Fact.objects.count()) == (404, "access.concealed", facts)


@pytest.mark.parametrize("kind", ["person", "contact"])
def test_sealed_facts_are_not_written_from_here(asker, world: World, kind):
    body = {"kind": kind, "since": "2024-01-01", "fields": {}, "basis": "无", "why": "无"}
    answer = asker(officer=COUNTY).post(f"/workers/{world.staff}/facts", body)
    assert (answer.status_code, answer.json()["id"]) == (422, "api.sealed")


def test_a_token_of_a_place_below_writes_there_only(asker, world: World):
    api = asker(clerk=COMMUNITY)
    assert api.post(f"/workers/{world.staff}/facts", TRAINING, key="push-00000001").status_code == 201
    assert api.post(f"/places/{COUNTY}/facts", POPULATION, key="push-00000002").status_code == 404

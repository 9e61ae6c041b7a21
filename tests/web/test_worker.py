"""The worker page: answers with their marks, cards, reasons; recording, correcting, undoing."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.ledger import reading
from jiceng.ledger.identity import identity_of, open_sealed
from jiceng.ledger.models import Entry
from jiceng.places import reading as places
from jiceng.places.tree import Level
from tests.runs.world import TODAY, id_number
from tests.web.conftest import COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def answers(client, subject: int, query: str = "") -> dict[str, str]:
    groups = client.get(f"/workers/{subject}/{query}").context["groups"]
    return {card["name"]: card["text"] for group in groups for card in group.cards}


def fact_of(subject: int, kind: str, since: date) -> int:
    return next(
        told.fact.id for told in reading.everything(subject) if told.fact.kind == kind and told.fact.since == since and not told.ended_by
    )


def test_every_applicable_rule_is_answered_under_its_clause(signed_in, world: World):
    found = answers(signed_in(officer=COUNTY), world.head)
    wanted = {"main_post": "社区党组织书记", "last_trained": "2025-11-02", "training_due": "2026-12-31", "training_overdue": "否"}
    assert {name: found[name] for name in wanted} == wanted


def test_a_worker_never_trained_is_due_from_hire(signed_in, world: World):
    found = answers(signed_in(officer=COUNTY), world.staff)
    assert (found["training_from"], found["training_due"], found["training_overdue"]) == ("2021-05-01", "2024-12-31", "是")


def test_a_card_opens_in_the_panel_and_as_a_page(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    address = f"/workers/{world.head}/answers/training_due/"
    panel, whole = client.get(address, headers={"HX-Request": "true"}), client.get(address)
    assert panel.content.decode().startswith("<div data-panel>") or panel.content.decode().lstrip().startswith("<div data-panel>")
    assert "<html" not in panel.content.decode()
    assert "<h1>培训到期日</h1>" in whole.content.decode()
    assert panel.context["card"] == whole.context["card"]


def test_a_card_names_clause_facts_and_who_recorded_them(signed_in, world: World):
    card = signed_in(officer=COUNTY).get(f"/workers/{world.head}/answers/last_trained/").context["card"]
    records = card["inputs"][0]["records"]
    assert card["clause"]["mark"] == "〔意见·8〕"
    assert [(one["since"], one["recorded"]["actor"], one["recorded"]["basis"]) for one in records] == [
        ("2024-03-10", "测试员", "测试"),
        ("2025-11-02", "测试员", "测试"),
    ]


def test_reasons_come_in_the_order_they_are_needed_with_their_arithmetic(signed_in, world: World):
    reasons = signed_in(officer=COUNTY).get(f"/workers/{world.head}/why/training_due/").context["reasons"]
    last = reasons[-1]
    assert last.card["name"] == "training_due"
    assert all(use < reason.number for reason in reasons for use in reason.uses)
    assert [reason.number for reason in reasons] == list(range(1, len(reasons) + 1))
    assert last.formula is not None
    assert last.formula.figures == "2025-11-02 加 1 年 所在年的最后一天、2024-04-10 中最晚的"


def test_a_rule_that_is_not_there_is_refused(signed_in, world: World):
    answer = signed_in(officer=COUNTY).get(f"/workers/{world.head}/why/no_such_rule/")
    assert (answer.status_code, answer.context["refusal"].id) == (422, "law.no_name")


def test_a_worker_that_is_not_there_is_refused(signed_in, world: World):
    answer = signed_in(officer=COUNTY).get("/workers/123456/")
    assert (answer.status_code, answer.context["refusal"].id) == (403, "access.concealed")


def training(day: str, **more: str) -> dict[str, str]:
    return {"f_level": "county", "f_kind": "in_service", "since": day, "basis": "培训结业名单", "why": "补记", **more}


def test_recording_shows_what_will_change_and_then_writes_one_entry(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    address = f"/workers/{world.staff}/record/training/"
    before = Entry.objects.count()
    looked = client.post(address, training("2026-10-20"))
    changed = {one.rule: (one.before, one.after) for one in looked.context["impact"].on(TODAY).workers[0].differences}
    assert changed["training_overdue"] == ("是", "否")
    assert looked.context["asked"].becomes == "培训层级 县级骨干培训，培训类别 在职培训（2026-10-20）"
    assert changed["last_trained"] == ("不适用", "2026-10-20")
    assert Entry.objects.count() == before
    done = client.post(address, training("2026-10-20", confirmed="yes"))
    assert (done.status_code, done["Location"], Entry.objects.count()) == (302, f"/workers/{world.staff}/facts/", before + 1)
    assert answers(client, world.staff)["training_overdue"] == "否"
    entry = Entry.objects.order_by("-known").first()
    assert (entry.actor, entry.act, entry.basis, entry.why) == ("officer", "record", "培训结业名单", "补记")


def test_going_back_from_the_look_keeps_what_was_typed(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    before = Entry.objects.count()
    back = client.post(f"/workers/{world.staff}/record/training/", training("2026-10-20", back="yes"))
    form = back.context["form"]
    assert (back.status_code, form["since"].value(), form["basis"].value(), Entry.objects.count()) == (
        200, "2026-10-20", "培训结业名单", before,
    )  # fmt: skip


def test_a_form_that_lacks_something_is_shown_again_with_the_reason(signed_in, world: World):
    answer = signed_in(officer=COUNTY).post(f"/workers/{world.staff}/record/training/", training("2026.2.30", basis=""))
    assert answer.status_code == 422
    assert answer.context["form"].errors.as_data().keys() == {"since", "basis"}
    assert answer.context["form"].errors["since"] == ["“2026.2.30”不是能用的日期，请写成 2024-05-01"]


def test_correcting_a_fact_and_undoing_the_correction(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    fact = fact_of(world.head, "training", date(2025, 11, 2))
    address = f"/workers/{world.head}/facts/{fact}/"
    assert client.get(address).context["form"]["since"].value() == "2025-11-02"
    client.post(address, training("2025-12-02", confirmed="yes"))
    assert answers(client, world.head)["last_trained"] == "2025-12-02"
    entry = Entry.objects.order_by("-known").first()
    assert entry.act == "correct"
    undone = client.post(f"/entries/{entry.id}/undo/", {"why": "改错了"})
    assert undone.status_code == 302
    assert answers(client, world.head)["last_trained"] == "2025-11-02"
    again = client.post(f"/entries/{entry.id}/undo/", {"why": "再撤一次"})
    assert (again.status_code, again.context["refusal"].id) == (422, "ledger.undone")


def test_a_fact_that_never_was_is_no_longer_believed(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    fact = fact_of(world.head, "training", date(2025, 11, 2))
    never = {"how": "never", "basis": "核对培训名单", "why": "同名同姓，记错了人"}
    looked = client.post(f"/workers/{world.head}/facts/{fact}/", never)
    assert looked.context["asked"].becomes == "从未如此（不再采信）"
    client.post(f"/workers/{world.head}/facts/{fact}/", {**never, "confirmed": "yes"})
    assert answers(client, world.head)["last_trained"] == "2024-03-10"
    gone = client.get(f"/workers/{world.head}/facts/{fact}/")
    assert (gone.status_code, gone.context["refusal"].id) == (422, "fact.unknown")


def test_history_tells_every_entry_newest_first(signed_in, world: World):
    shown = signed_in(officer=COUNTY).get(f"/workers/{world.head}/history/?view=known").context["pages"]
    assert [one.act.wrote[0].kind_name for one in shown] == ["履历完整", "培训", "培训", "任职", "身份"]


def test_a_clerk_may_record_but_not_correct_or_undo(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    fact = fact_of(world.head, "training", date(2025, 11, 2))
    entry = Entry.objects.order_by("-known").first()
    codes = [
        client.get(page).status_code
        for page in (f"/workers/{world.head}/record/training/", f"/workers/{world.head}/facts/{fact}/", f"/entries/{entry.id}/undo/")
    ]
    assert codes == [200, 403, 403]


def test_entering_a_person_makes_a_roster_row(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    form = {
        "name": "扎西卓玛", "id_number": "513324199001010014", "community": "513324100001", "post": "staff", "cls": "full_time_staff",
        "origin": "open_recruitment", "since": "2026-11-01", "basis": "聘用公告", "why": "新进人员登记", "phone": "",
    }  # fmt: skip
    wrong = client.post("/workers/new/?place=513324100", form)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["id_number"])
    done = client.post("/workers/new/?place=513324100", {**form, "id_number": id_number(77, date(1990, 1, 1))})
    assert done.status_code == 302
    assert [line.name for line in client.get("/roster/?q=zxzm").context["lines"]] == ["扎西卓玛"]
    twice = client.post("/workers/new/?place=513324100", {**form, "id_number": id_number(77, date(1990, 1, 1))})
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["__all__"])


def sealed(subject: int) -> dict[str, object]:
    return identity_of([subject])[subject]


def test_an_identity_is_corrected_and_what_is_left_blank_stays(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    address = f"/workers/{world.head}/facts/{fact_of(world.head, 'person', date(1985, 6, 1))}/"
    was = sealed(world.head)
    form = {"f_name": "马志刚", "f_id_number": "", "basis": "居民身份证", "why": "录入时写错"}
    looked = client.post(address, form)
    assert looked.context["asked"].becomes == "姓名 马志刚；其余不变"
    assert str(was["id_number"]) not in looked.content.decode()
    done = client.post(address, {**form, "confirmed": "yes"})
    assert done.status_code == 302
    assert sealed(world.head) == {**was, "name": "马志刚"}
    assert [line.name for line in client.get("/roster/?q=mzg").context["lines"]] == ["马志刚"]


def test_birth_date_and_sex_follow_a_corrected_id_number(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    address = f"/workers/{world.head}/facts/{fact_of(world.head, 'person', date(1985, 6, 1))}/"
    right = id_number(92, date(1971, 4, 5))
    before = Entry.objects.count()
    client.post(address, {"f_id_number": right, "basis": "居民身份证", "why": "号码录错", "confirmed": "yes"})
    assert (sealed(world.head)["id_number"], Entry.objects.count()) == (right, before + 1)
    believed = {fact.kind: fact.data for fact in reading.history([world.head], on=date.max, kinds=("birth", "sex"))}
    assert believed == {"birth": {"date": "1971-04-05"}, "sex": {"sex": "male" if int(right[16]) % 2 else "female"}}


def test_a_wrong_or_taken_id_number_is_told_beside_the_form(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    address = f"/workers/{world.head}/facts/{fact_of(world.head, 'person', date(1985, 6, 1))}/"
    act = {"basis": "居民身份证", "why": "号码录错"}
    wrong = client.post(address, {"f_id_number": "513324199001010014", **act})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["f_id_number"])
    taken = client.post(address, {"f_id_number": str(sealed(world.staff)["id_number"]), **act})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["__all__"])
    nothing = client.post(address, act)
    assert (nothing.status_code, nothing.context["form"].non_field_errors()) == (422, ["没有填写要改的内容"])


def test_a_telephone_number_is_recorded_and_corrected_masked(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    form = {"f_phone": "13900001234", "since": "2026-11-01", "basis": "本人申报", "why": "补记", "confirmed": "yes"}
    assert client.post(f"/workers/{world.head}/record/contact/", form).status_code == 302
    address = f"/workers/{world.head}/facts/{fact_of(world.head, 'contact', date(2026, 11, 1))}/"
    looked = client.post(address, {"f_address": "示例路 1 号", "basis": "本人申报", "why": "补记"})
    assert looked.context["asked"].becomes == "住址 示例路 1 号；其余不变"
    client.post(address, {"f_address": "示例路 1 号", "basis": "本人申报", "why": "补记", "confirmed": "yes"})
    fact = reading.history([world.head], on=date.max, kinds=("contact",))[0]
    assert open_sealed([fact])[fact.id] == {"phone": "13900001234", "address": "示例路 1 号"}


def test_an_erasure_mark_cannot_be_typed_in(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    found = [client.get(f"/workers/{world.head}/record/{kind}/").context["refusal"].id for kind in ("erasure", "person", "population")]
    assert found == ["fact.kind"] * 3


def test_every_community_of_the_county_is_offered_towns_first(signed_in, world: World):
    groups = signed_in(clerk=COUNTY).get("/workers/new/").context["form"].fields["community"].choices[1:]
    assert groups[0][0] == "呷尔镇"
    villages = [name.endswith(" · 村") for name, _ in groups]
    assert villages == sorted(villages)
    offered = {int(code) for _, options in groups for code, _ in options}
    assert offered == {place.code for place in places.within(COUNTY, on=TODAY, level=Level.community)}

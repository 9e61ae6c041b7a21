"""What the API reads: the same answers, rows and masks as the pages, at any moment."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.access.models import Denial
from jiceng.answers.card import as_dict
from jiceng.ledger import reading
from jiceng.places import tree
from jiceng.runs.ask import ask_place, ask_worker
from jiceng.runs.columns import NO_CODE
from jiceng.runs.law import installed_law
from jiceng.runs.models import NONE_HELD
from tests.api.conftest import COUNTY, PLAIN_COUNTY, TODAY, World
from tests.runs.world import COMMUNITY, id_number, population
from tests.web.conftest import signed_in

__all__ = ["signed_in"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_the_card_is_the_one_that_page_and_command_line_print(asker, world: World):
    population(COUNTY, 256_000, on=date(2025, 1, 1))
    api, terms = asker(officer=COUNTY), installed_law().terms
    steps = ask_worker(world.head, on=TODAY)
    told = api.get(f"/workers/{world.head}/answers/training_due").json()
    assert (told["on"], told["known_by"], told["answer"]) == ("2026-11-24", None, as_dict(steps["training_due"], terms))
    place = ask_place(COUNTY, on=TODAY, today=TODAY, rule="quota_exact")["quota_exact"]
    answer = api.get(f"/places/{COUNTY}/answers/quota_exact").json()["answer"]
    assert (answer, answer["value"], answer["type"], answer["text"]) == (as_dict(place, terms), 460_800_000, "Ratio", "460.8 人")


def test_all_answers_in_short_agree_with_each_card(asker, world: World):
    api = asker(officer=COUNTY)
    briefs = api.get(f"/workers/{world.head}/answers").json()["answers"]
    assert briefs.keys() == ask_worker(world.head, on=TODAY).keys()
    for name in ("training_due", "career_conditions"):
        card = api.get(f"/workers/{world.head}/answers/{name}").json()["answer"]
        assert briefs[name] == {part: card[part] for part in briefs[name]}


def test_on_and_known_by_are_honoured(asker, world: World):
    api = asker(officer=COUNTY)

    def due(**when: str) -> tuple[str, str]:
        told = api.get(f"/workers/{world.head}/answers/training_due", **when).json()["answer"]
        return told["kind"], told["text"]

    assert due(on="2024-06-01") == ("value", "2025-03-10")
    # Known by then: nobody had vouched for the history being whole.
    assert due(on="2025-11-24", known_by="2025-11-20") == ("unchecked", "需核实")
    assert due(on="2025-11-24") == ("value", "2026-11-02")
    assert api.get("/workers", on="2019-01-01").json()["count"] == 1
    assert api.get("/workers", on="2019-01-01", known_by="2017-01-01").json()["count"] == 0


def test_roster_filters_pages_and_masks(asker, signed_in, world: World):
    officer, viewer = asker(officer=COUNTY), asker(viewer=COUNTY)

    def names(api, **query) -> list[str]:
        return [row["name"] for row in api.get("/workers", **query).json()["workers"]]

    assert names(officer) == [line.name for line in signed_in(officer=COUNTY).get("/roster/").context["lines"]] == ["马志强", "罗布泽仁"]
    found = [names(officer, **one) for one in ({"post": "secretary"}, {"q": "罗布"}, {"q": "lbzr"})]
    assert found == [["马志强"], ["罗布泽仁"], ["罗布泽仁"]]
    assert names(officer, place=COMMUNITY, due="training_overdue") == ["罗布泽仁"]
    assert (names(viewer), names(viewer, q="罗布"), names(viewer, q="m"), names(viewer, q=id_number(11, date(1985, 6, 1)))) == (
        ["马**", "罗**"], [], [], ["马**"],
    )  # fmt: skip
    first = officer.get("/workers", size=1).json()
    second = officer.get("/workers", size=1, after=first["after"]).json()
    back = officer.get("/workers", size=1, before=second["before"]).json()
    assert [page["workers"][0]["subject"] for page in (first, second, back)] == [world.head, world.staff, world.head]
    assert (first["count"], second["after"], first["before"]) == (2, None, None)


def test_every_filter_of_the_roster_page_finds_the_same_people(asker, signed_in, world: World):
    api, page = asker(officer=COUNTY), signed_in(officer=COUNTY)
    codes = installed_law().terms.codes
    numbers = {name: {item.id: item.number for item in codes[name].items} for name in ("Post", "Sex")}
    pairs = [
        ("post=secretary,staff", f"post={numbers['Post']['secretary']}&post={numbers['Post']['staff']}"),
        ("sex=male", f"sex={numbers['Sex']['male']}"), ("political=unrecorded", f"political={NO_CODE}"),
        ("certificate=none", f"certificate={NONE_HELD}"), ("certificate=unrecorded", f"certificate={NO_CODE}"), ("age=50", "age=50"),
        ("age=30,unrecorded", "age=30&age=none"), ("service_years=missing", "years=missing"), ("grade=3-7", "grade=3-7"),
        ("due=training_overdue,career", "due=training_overdue&due=career"),
        ("due=training_soon&within=3000", "due=training_soon&within=3000"),
        ("due=training_soon&until=2026-12-31", "due=training_soon&until=2026-12-31"), ("sort=-birth", "sort=-birth"),
        ("sort=training_due&answers=training_due", "sort=training_due&cols=a:training_due"),
        ("state=left", "state=2"), ("state=all", "state=all"),
    ]  # fmt: skip
    said = {asked: api.get(f"/workers?{asked}").json() for asked, _ in pairs}
    assert {asked: answer["why"] for asked, answer in said.items() if "why" in answer} == {}
    told = {asked: [row["subject"] for row in answer["workers"]] for asked, answer in said.items()}
    assert told == {asked: [line.subject for line in page.get(f"/roster/?{address}").context["lines"]] for asked, address in pairs}
    assert (told["post=secretary,staff"], told["certificate=unrecorded"], told["state=left"]) == (
        [world.head, world.staff], [world.head, world.staff], [],
    )  # fmt: skip


def test_a_sorted_roster_is_turned_page_by_page_with_answers(asker, world: World):
    api = asker(officer=COUNTY)
    asked = {"sort": "-training_due", "answers": "training_due,training_overdue", "size": 1}
    first = api.get("/workers", **asked).json()
    second = api.get("/workers", **asked, after=first["after"]).json()
    back = api.get("/workers", **asked, before=second["before"]).json()
    assert (first["workers"], second["after"]) == (back["workers"], None)
    assert [page["workers"][0]["subject"] for page in (first, second)] == [world.head, world.staff]
    brief = api.get(f"/workers/{world.head}/answers").json()["answers"]
    assert first["workers"][0]["answers"] == {
        rule: {part: brief[rule][part] for part in ("kind", "value", "text")} for rule in ("training_due", "training_overdue")
    }


def test_a_worker_with_facts_and_without_what_is_sealed(asker, world: World):
    told = asker(officer=COUNTY).get(f"/workers/{world.head}").json()
    assert told["worker"]["post"] == {"id": "secretary", "text": "社区党组织书记"}
    assert told["worker"]["id_masked"] == "513324********0111"[:14] + told["worker"]["id_masked"][14:]
    facts = {fact["kind"]: fact for fact in told["facts"]}
    assert (facts["person"]["fields"], facts["person"]["sealed"]) == ({}, ["name", "id_number", "id_type"])
    assert facts["appointment"]["fields"]["post"] == {
        "title": "岗位", "type": "Post", "value": "secretary", "text": "社区党组织书记",
    }  # fmt: skip
    assert (facts["appointment"]["place"], facts["appointment"]["since"], facts["appointment"]["until"]) == (COMMUNITY, "2018-03-01", None)
    assert id_number(11, date(1985, 6, 1)) not in json.dumps(told)


def test_overview_is_the_workbench(asker, signed_in, world: World):
    told = asker(officer=COUNTY).get(f"/places/{COUNTY}/overview").json()
    page = signed_in(officer=COUNTY).get("/").context
    assert told["in_service"] == page["seen"].in_service == 2
    assert {name: brief["text"] for name, brief in told["answers"].items()} == {name: card["text"] for name, card in page["cards"].items()}
    assert [(one["title"], one["number"]) for one in told["counts"] if one["due"] == "training_overdue"] == [("培训已逾期", 1)]


def test_places_and_their_tree(asker, world: World):
    api = asker(officer=COUNTY)
    assert [(one["code"], one["level"]) for one in api.get("/places").json()["places"]] == [(COUNTY, "county")]
    one = api.get(f"/places/{COMMUNITY}").json()["place"]
    assert ([up["code"] for up in one["above"]], one["until"]) == (list(tree.ancestors(COMMUNITY)), None)
    assert [place["code"] for place in api.get("/places", q="呷尔").json()["places"]][:1] == [513324100]
    assert api.get("/places", q="泸定").json()["places"] == []
    assert api.get(f"/places/{COMMUNITY}/below").json()["places"] == []


def test_law_as_loaded(asker, world: World):
    api, law = asker(viewer=COUNTY), installed_law()
    told = api.get("/law/documents").json()
    assert (told["law"], [one["document"] for one in told["documents"]]) == (law.hash, [one.id for one in law.documents])
    one = api.get("/law/documents/cn/2024-community-workers").json()
    assert (one["document"]["sentences"], len(one["clauses"])) == (sum(one["document"]["coverage"].values()), 17)
    here = api.get("/law/definitions/training_reading", place=COUNTY).json()
    there = law.regime(COUNTY, TODAY).definitions["training_reading"]
    assert (here["clause"]["document"], here["clause"]["example"]) == (there.document.id, True)
    assert [up["document"] for up in here["replaced"]] == [up.document.id for up in there.replaced] == [
        "cn-5133-ganzi/2026-demo", "cn/2024-community-workers",
    ]  # fmt: skip


def test_entries_of_the_tokens_books_only(asker, world: World):
    told = asker(officer=COUNTY).get("/entries").json()["entries"]
    assert {row["book"] for row in told} == {2}
    one = asker(clerk=COUNTY).get(f"/entries/{told[0]['entry']}").json()
    assert (one["entry"]["seal"], len(one["wrote"])) == (told[0]["seal"], told[0]["wrote"])


def test_what_lies_outside_is_as_what_is_not_there(asker, world: World):
    api = asker(officer=COUNTY)
    api.get("/token")
    entry = reading.entries(world.elsewhere)[0].id
    pairs = [
        (f"/workers/{world.elsewhere}", "/workers/3298534999999"),
        (f"/workers/{world.elsewhere}?on=2024-01-01", "/workers/3298534999999?on=2024-01-01"),
        (f"/workers/{world.elsewhere}/answers/training_due", "/workers/3298534999999/answers/training_due"),
        (f"/entries/{entry}", f"/entries/{entry + 9999}"), (f"/places/{PLAIN_COUNTY}", "/places/513399"),
        (f"/places/{PLAIN_COUNTY}/overview", "/places/7"),
    ]  # fmt: skip
    for there, not_there in pairs:
        said = []
        for path in (there, not_there):
            with CaptureQueriesContext(connection) as ran:
                answer = api.get(path)
            said.append((answer.status_code, answer.content, len(ran)))
        assert said[0] == said[1], (there, said)
        assert said[0][0] == 404
    assert Denial.objects.filter(what__endswith="（令牌“人事系统”）").count() == 2 * len(pairs)

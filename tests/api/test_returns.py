"""Returns through a token: the figures of the page, the same acts for the same roles, once for each key."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from jiceng.access.models import Denial
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.places import tree
from jiceng.reports import states
from jiceng.reports.models import Return
from jiceng.reports.returns import Period, worked_out
from jiceng.runs import attaching
from jiceng.runs.commit import Correct, commit
from tests.api.conftest import COUNTY, PLAIN_COUNTY, TODAY, World
from tests.runs.world import COMMUNITY, at, population

pytestmark = [pytest.mark.database, pytest.mark.django_db]
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
BODY = {"place": COUNTY, "since": "2026-10-01", "until": "2026-10-31"}
CITY = 5133
NOW = at(TODAY)


def leave(subject: int, *, on: date) -> None:
    """The appointment ends: nobody said why."""
    (held,) = reading.as_of([subject], on=TODAY, kinds=("appointment",))
    change = Correct(held.id, held.since, on, held.data, place=held.place)
    commit(book_of(COMMUNITY).id, [change], actor="试", act="correct", basis="试", why="试", clock=NOW)


def by_column(figures: dict, row: int = 0) -> dict[str, dict]:
    return dict(zip((one["id"] for one in figures["columns"]), figures["rows"][row]["cells"], strict=True))


def test_a_preview_has_the_cells_of_the_page_and_keeps_nothing(asker, world: World):
    population(COUNTY, 256_000, on=date(2025, 1, 1))
    told = asker(viewer=COUNTY).get("/returns/preview", place=COUNTY, since="2026-10-01", on="2026-10-31", deep=3).json()
    worked = worked_out("status", COUNTY, period=OCTOBER, known_by=None, today=TODAY)
    rows = [(row["key"], [cell["value"] for cell in row["cells"]]) for row in told["figures"]["rows"]]
    assert rows == [
        (line.key, [cell if isinstance(cell, int) else cell.value for cell in cells])
        for line, cells in zip(worked.lines, worked.cells, strict=True)
    ]
    asked = {one["rule"]: by_column(told["figures"])[one["id"]] for one in told["figures"]["columns"] if not one["counted"]}
    quota = asked["quota_exact"]
    assert (quota["kind"], quota["value"], quota["text"]) == ("value", 460_800_000, "460.8")
    assert (told["there"], Return.objects.count()) == (None, 0)


def test_what_has_no_answer_has_no_number(asker, world: World):
    told = asker(viewer=COUNTY).get("/returns/preview", place=COUNTY, since="2026-10-01", on="2026-10-31").json()
    (quota,) = [one["id"] for one in told["figures"]["columns"] if one["rule"] == "quota_exact"]
    cell = by_column(told["figures"])[quota]
    assert (cell["kind"], cell["value"], cell["missing"]) == ("missing", None, ["城镇常住人口"])


def test_from_sending_up_to_a_correction(asker, world: World):
    clerk, officer, city = asker(clerk=COUNTY), asker(officer=COUNTY), asker(officer=CITY)
    draft = clerk.post("/returns", {**BODY, "draft": True}, key="draft-000001").json()["of"]
    sent = clerk.post("/returns", BODY, key="submit-00001").json()
    number = sent["of"]["number"]
    assert (draft["state"], draft["number"], sent["of"]["state"], sent["repeated"]) == ("draft", number, "submitted", False)
    assert clerk.post("/returns", BODY, key="submit-00001").json() == {**sent, "repeated": True}
    own = officer.post(f"/returns/{number}/lock", {}, key="lock-0000001")
    assert (own.status_code, own.json()["id"]) == (403, "reports.own")
    back = city.post(f"/returns/{number}/send_back", {"why": "人口没有填"}, key="back-0000001")
    assert (back.status_code, back.json()["of"]["state"]) == (201, "returned")
    too_soon = city.post(f"/returns/{number}/lock", {}, key="lock-0000002")
    assert (too_soon.status_code, too_soon.json()["id"]) == (409, "reports.state")
    clerk.post("/returns", BODY, key="submit-00002")
    assert city.post(f"/returns/{number}/lock", {}, key="lock-0000002").json()["of"]["state"] == "locked"
    same = clerk.post(f"/returns/{number}/correct", {"why": "补报"}, key="correct-0001")
    assert (same.status_code, same.json()["id"]) == (422, "reports.same")
    population(COUNTY, 256_000, on=date(2025, 1, 1))
    fresh = clerk.post(f"/returns/{number}/correct", {"why": "补报人口"}, key="correct-0001").json()["of"]
    assert (fresh["version"], fresh["corrects"], fresh["state"]) == (2, number, "submitted")
    assert clerk.get(f"/returns/{number}").json()["corrected_by"] == fresh["number"]
    seen = clerk.get(f"/returns/{fresh['number']}/changes").json()
    assert (seen["against"], seen["people"], seen["count"]) == (1, 0, len(seen["changes"]))
    titles = {one["column"]: (one["before"]["kind"], one["after"]["kind"]) for one in seen["changes"] if one["key"] == str(COUNTY)}
    assert set(titles.values()) == {("missing", "value")}
    steps = clerk.get(f"/returns/{number}").json()["steps"]
    assert [(one["act"], one["actor"].partition("（")[0]) for one in steps] == [
        ("draft", "sys-clerk-513324"), ("submit", "sys-clerk-513324"), ("send_back", "sys-officer-5133"),
        ("submit", "sys-clerk-513324"), ("lock", "sys-officer-5133"),
    ]  # fmt: skip


def test_who_came_and_went_is_named_only_to_whom_names_are_shown(asker, world: World):
    apis = {role: asker(**{role: COUNTY}) for role in ("clerk", "viewer")}
    sent = apis["clerk"].post("/returns", BODY).json()["of"]["number"]
    leave(world.staff, on=date(2026, 10, 20))
    told = {role: api.get(f"/returns/{sent}/changes").json() for role, api in apis.items()}
    (clerk, viewer) = (
        next(one for one in told[role]["changes"] if (one["key"], one["column"]) == (str(COUNTY), "in_service")) for role in told
    )
    assert (clerk["gone"], clerk["hidden"]) == ([{"subject": world.staff, "name": "罗布泽仁"}], 0)
    assert (viewer["gone"], viewer["hidden"], viewer["before"]["value"], viewer["after"]["value"]) == ([], 1, 2, 1)
    assert told["clerk"]["against"] is None


def test_listed_by_place_period_and_state(asker, world: World):
    clerk = asker(clerk=COUNTY)
    september = {**BODY, "since": "2026-09-01", "until": "2026-09-30", "draft": True}
    first, second = (clerk.post("/returns", body, key=f"key-0000000{n}").json()["of"]["number"] for n, body in enumerate((BODY, september)))
    by = states.By("县外", TODAY)
    states.draft("status", PLAIN_COUNTY, OCTOBER, by=by, clock=NOW)

    def numbers(**asked) -> list[int]:
        return [one["number"] for one in clerk.get("/returns", **asked).json()["returns"]]

    assert numbers() == numbers(place=COUNTY) == [second, first]
    assert (numbers(state="draft"), numbers(since="2026-10-01"), numbers(until="2026-09-30")) == ([second], [first], [second])
    assert (numbers(place=COMMUNITY), numbers(size=1)) == ([], [second])
    assert numbers(before=clerk.get("/returns", size=1).json()["before"]) == [first]
    assert clerk.get("/returns", place=PLAIN_COUNTY).status_code == 404


def test_a_workbook_of_the_return(asker, world: World):
    api = asker(clerk=COUNTY)
    sent = api.post("/returns", BODY).json()["of"]
    answer = api.get(f"/returns/{sent['number']}/workbook")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert answer["Content-Disposition"] == 'attachment; filename="return-513324-20261001-20261031-1.xlsx"'
    assert f"摘要：{sent['hash']}" in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}


@pytest.mark.parametrize("act", ["lock", "send_back", "correct"])
def test_a_viewer_does_nothing(asker, world: World, act: str):
    row = states.submit("status", COUNTY, OCTOBER, by=states.By("主管", TODAY), clock=NOW, today=TODAY)
    api, steps = asker(viewer=COUNTY), row.steps.count()
    refused = api.post(f"/returns/{row.pk}/{act}", {"why": "不该有"})
    sent = api.post("/returns", BODY, key="submit-00001")
    assert [(one.status_code, one.json()["id"]) for one in (refused, sent)] == [(403, "access.denied")] * 2
    assert (row.steps.count(), Denial.objects.count()) == (steps, 2)


@pytest.mark.parametrize(
    ("body", "id"),
    [
        ({**BODY, "since": "2026-11-01"}, "reports.period"), ({**BODY, "until": "2027-01-31"}, "reports.period"),
        ({**BODY, "since": "2026-02-30"}, "api.day"), ({**BODY, "form": "status"}, "api.invalid"),
    ],
)  # fmt: skip
def test_periods_that_are_none(asker, world: World, body, id):
    answer = asker(clerk=COUNTY).post("/returns", body)
    assert (answer.status_code, answer.json()["id"], Return.objects.count()) == (422, id, 0)


def test_movements_by_way_and_cause_with_names_as_the_token_may_see_them(asker, world: World):
    leave(world.staff, on=date(2026, 10, 20))
    asked = {"since": "2026-10-01", "on": "2026-10-31"}
    told = asker(clerk=COUNTY).get(f"/places/{COUNTY}/movements", **asked).json()
    assert ({way: told[way] for way in ("arrivals", "departures", "moved_in", "moved_out")}, told["by_cause"], told["after"]) == (
        {"arrivals": 0, "departures": 1, "moved_in": 0, "moved_out": 0}, {"": 1}, None,
    )  # fmt: skip
    (move,) = told["moves"]
    assert (move["subject"], move["name"], move["day"], move["way"], move["cause_name"]) == (
        world.staff, "罗布泽仁", "2026-10-20", "departures", "没有登记原因",
    )  # fmt: skip
    viewer = asker(viewer=COUNTY)
    assert [one["name"] for one in viewer.get(f"/places/{COUNTY}/movements", **asked).json()["moves"]] == ["罗**"]
    assert viewer.get(f"/places/{COUNTY}/movements", since="2026-11-01", on="2026-10-31").json()["id"] == "reports.period"


def test_movements_page_by_page(asker, world: World):
    api = asker(clerk=COUNTY)
    whole = api.get(f"/places/{COUNTY}/movements", since="2016-01-01").json()
    first = api.get(f"/places/{COUNTY}/movements", since="2016-01-01", size=1).json()
    second = api.get(f"/places/{COUNTY}/movements", since="2016-01-01", size=1, after=first["after"]).json()
    assert (whole["count"], first["moves"] + second["moves"], second["after"]) == (2, whole["moves"], None)


def test_the_trend_ends_with_the_workbench(asker, world: World):
    population(COUNTY, 256_000, on=date(2025, 1, 1))
    api = asker(viewer=COUNTY)
    months = api.get(f"/places/{COUNTY}/trend", on="2026-10-31").json()["months"]
    here = api.get(f"/places/{COUNTY}/overview", on="2026-10-31").json()
    assert (len(months), months[-1]["on"], months[-1]["in_service"]) == (24, "2026-10-31", here["in_service"])
    assert {name: one["text"] for name, one in months[-1]["answers"].items()} == {
        name: here["answers"][name]["text"] for name in months[-1]["answers"]
    }


PDF = b"%PDF-1.4\n%%EOF\n"


def test_attached_documents_are_told_without_their_content(asker, world: World):
    for subject in (world.staff, tree.subject_of(COUNTY)):
        paper = attaching.hold(subject, title="结业证", file_name="证.pdf", content=PDF)
        said = {"actor": "试", "basis": "本人提交", "why": "存档", "clock": NOW}
        attaching.commit(book_of(COUNTY).id, [], [paper], since=date(2026, 11, 1), **said)
    clerk, viewer = asker(clerk=COUNTY), asker(viewer=COUNTY)
    for path in (f"/workers/{world.staff}/documents", f"/places/{COUNTY}/documents"):
        told = clerk.get(path).json()
        (one,) = told["documents"]
        assert (told["count"], told["shown"], one["title"], one["media"], one["size"]) == (1, True, "结业证", "pdf", len(PDF))
        hidden = viewer.get(path).json()
        assert (hidden["count"], hidden["shown"], hidden["documents"]) == (1, False, [])
